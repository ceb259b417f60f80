"""What a package can hold that a user would miss, declared once: its words, and the signs by which it is found.

A sign is a text that the scan in ``features.py`` counts:

- ``part:KIND``: a part that a relationship of this kind leads to (the last word of the relationship's type);
- ``ROOT/NAME``: an element in a part with that root element; ``ROOT/NAME@ATTRIBUTE``: one whose attribute is set,
  ``ROOT/NAME@``: one that holds a text;
- ``ROOT/ext/NAME``: an element within an extension; ``ROOT/ext:NAME``: an extension that begins with that element;
- ``cells/WHAT``: a cell, or a row of cells; ``vml/TYPE``: an object of an old drawing;
- ``links/KIND``: a link that a part of this kind leads to.

Names are local names, so that strict files and files with any prefixes count alike. A new feature is one entry here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from workbook.table import Words


@dataclass(frozen=True)
class Feature:
    """``signs`` are counted and summed; ``along`` comes with them and is not counted apart.

    ``is_form``: the same can be said without it (a shared formula as single ones), so that fewer of it is no loss.
    """

    words: Words
    signs: tuple[str, ...]
    along: tuple[str, ...] = ()
    is_form: bool = False


def _feature(en: str, zh: str, *signs: str, along: tuple[str, ...] = (), is_form: bool = False) -> Feature:
    return Feature(Words(en, zh), signs, along, is_form)


FEATURES: Mapping[str, Feature] = {
    # In cells.
    "cell_values": _feature("cell values", "单元格的值", "cells/value"),
    "formulas": _feature("formulas", "公式", "cells/formula"),
    "formula_results": _feature("stored formula results", "已存储的公式结果", "cells/result"),
    "shared_formulas": _feature("shared formulas", "共享公式", "cells/shared", is_form=True),
    "array_formulas": _feature("array formulas", "数组公式", "cells/array"),
    "what_if_tables": _feature("what-if tables", "模拟运算表", "cells/dataTable"),
    "dynamic_arrays": _feature("dynamic-array marks", "动态数组标记", "cells/cm", along=("part:sheetMetadata",)),
    "rich_values": _feature(
        "cells with pictures or linked data types", "含图片或链接数据类型的单元格", "cells/vm",
        along=("part:rdRichValue", "part:rdRichValueStructure", "part:rdRichValueTypes", "part:richValueRel", "part:rdArray",
               "part:rdSupportingPropertyBag", "part:rdSupportingPropertyBagStructure", "part:richStyles"),
    ),
    "cell_checkboxes": _feature("cells shown as check boxes", "复选框单元格", "part:FeaturePropertyBag"),
    "rich_text": _feature("cells with mixed formats in their text", "含多种格式文字的单元格", "cells/rich"),
    "phonetic_text": _feature("cells with phonetic guides", "带拼音的单元格", "cells/phonetic"),
    # On sheets.
    "worksheets": _feature("worksheets", "工作表", "part:worksheet"),
    "chart_sheets": _feature("chart sheets", "图表工作表", "part:chartsheet"),
    "macro_sheets": _feature(
        "macro and dialog sheets", "宏表和对话框工作表", "part:xlMacrosheet", "part:xlIntlMacrosheet", "part:dialogsheet"
    ),
    "tables": _feature("tables", "表格", "part:table"),
    "merged_cells": _feature("merged cells", "合并单元格", "worksheet/mergeCell"),
    "hyperlinks": _feature("links", "超链接", "worksheet/hyperlink", along=("part:hyperlink",)),
    "data_validations": _feature(
        "data validations", "数据验证", "worksheet/dataValidation", "worksheet/ext/dataValidation",
        along=("worksheet/ext:dataValidations",),
    ),
    "conditional_formats": _feature("conditional formats", "条件格式", "worksheet/cfRule"),
    "extended_conditional_formats": _feature(
        "newer conditional formats (data bars, icons, other sheets)", "新版条件格式（数据条、图标、跨表）",
        "worksheet/ext/cfRule", along=("worksheet/ext:conditionalFormattings",),
    ),
    "sparklines": _feature("sparklines", "迷你图", "worksheet/ext/sparkline", along=("worksheet/ext:sparklineGroups",)),
    "filters": _feature("filters", "筛选", "worksheet/autoFilter", "table/autoFilter"),
    "filter_criteria": _feature(
        "filter criteria", "筛选条件", "worksheet/filterColumn", "table/filterColumn", "worksheet/sortCondition",
        "table/sortCondition",
    ),
    "outline_groups": _feature("grouped rows and columns", "行列分组", "cells/outline", "worksheet/col@outlineLevel"),
    "sheet_protection": _feature("sheet protections", "工作表保护", "worksheet/sheetProtection@sheet"),
    "protected_ranges": _feature(
        "ranges that users may edit", "允许编辑区域", "worksheet/protectedRange", "worksheet/ext/protectedRange",
        along=("worksheet/ext:protectedRanges",),
    ),
    "ignored_errors": _feature(
        "error checks switched off", "已忽略的错误检查", "worksheet/ignoredError", "worksheet/ext/ignoredError",
        along=("worksheet/ext:ignoredErrors",),
    ),
    "headers_and_footers": _feature(
        "headers and footers", "页眉页脚", *(
            f"{sheet}/{which}{place}@" for sheet in ("worksheet", "chartsheet")
            for which in ("odd", "even", "first") for place in ("Header", "Footer")
        ),
    ),
    "header_pictures": _feature(
        "pictures in headers and footers", "页眉页脚图片", "worksheet/legacyDrawingHF", "worksheet/drawingHF",
        "chartsheet/legacyDrawingHF",
    ),
    "backgrounds": _feature("sheet backgrounds", "工作表背景", "worksheet/picture", "chartsheet/picture"),
    "page_breaks": _feature("page breaks", "分页符", "worksheet/brk"),
    "custom_views": _feature(
        "custom views", "自定义视图", "worksheet/customSheetView", "workbook/customWorkbookView", "part:namedSheetView"
    ),
    "scenarios": _feature("scenarios", "方案", "worksheet/scenario"),
    "watches": _feature("watched cells", "监视的单元格", "worksheet/cellWatch"),
    "sheet_properties": _feature("properties of sheets", "工作表属性", "worksheet/customPr", along=("part:customProperty",)),
    "printer_settings": _feature("printer settings", "打印机设置", "part:printerSettings"),
    # Drawn above the cells.
    "shapes": _feature(
        "text boxes and shapes", "文本框和形状", "wsDr/sp", "wsDr/cxnSp", "wsDr/contentPart",
        along=("part:drawing",),
    ),
    "pictures": _feature("pictures", "图片", "wsDr/pic", along=("part:image", "part:media")),
    "picture_crops": _feature("cropped pictures", "已裁剪的图片", "wsDr/srcRect"),
    "drawing_links": _feature("links on shapes and pictures", "形状和图片的超链接", "links/drawing"),
    "charts": _feature("charts", "图表", "part:chart"),
    "newer_charts": _feature("newer charts (waterfall, treemap, …)", "新版图表（瀑布图、树状图等）", "part:chartEx"),
    "chart_styles": _feature("styles of charts", "图表样式", "part:chartStyle", along=("part:chartColorStyle",)),
    "chart_drawings": _feature("drawings in charts", "图表中的图形", "part:chartUserShapes"),
    "chart_themes": _feature("themes of charts", "图表主题", "part:themeOverride"),
    "chart_details": _feature(
        "details of charts (fills, labels, effects, …)", "图表细节（填充、标签、效果等）", *(
            f"chartSpace/{name}" for name in (
                "solidFill", "gradFill", "pattFill", "blipFill", "outerShdw", "innerShdw", "glow", "sp3d", "style", "layout",
                "txPr", "strRef", "dTable", "separator", "roundedCorners", "autoTitleDeleted", "trendline", "errBars",
                "dLbl", "dPt", "pivotSource", "protection",
            )
        ),
    ),
    "smart_art": _feature(
        "SmartArt graphics", "SmartArt 图形", "part:diagramData",
        along=("part:diagramLayout", "part:diagramQuickStyle", "part:diagramColors", "part:diagramDrawing"),
    ),
    "form_controls": _feature(
        "form controls", "表单控件", *(
            f"vml/{kind}" for kind in (
                "Button", "Checkbox", "Dialog", "Drop", "Edit", "GBox", "Label", "LineA", "List", "Radio", "RectA", "Scroll",
                "Spin",
            )
        ), along=("part:ctrlProp", "part:vmlDrawing"),
    ),
    "activex_controls": _feature("ActiveX controls", "ActiveX 控件", "part:control", along=("part:activeXControlBinary",)),
    "embedded_objects": _feature("embedded objects", "嵌入对象", "part:oleObject", "part:package"),
    "slicers": _feature("slicers", "切片器", "slicers/slicer", along=(
        "part:slicer", "part:slicerCache", "worksheet/ext:slicerList", "workbook/ext:slicerCaches",
    )),
    "timelines": _feature("timelines", "日程表", "timelines/timeline", along=(
        "part:timeline", "part:timelineCache", "worksheet/ext:timelineRefs", "workbook/ext:timelineCacheRefs",
        "workbook/ext:timelineCachePivotCaches",
    )),
    # Said about cells.
    "comments": _feature("comments", "批注", "comments/comment", along=("part:comments",)),
    "formatted_comments": _feature("formats in comments", "批注中的文字格式", "comments/rPr"),
    "comment_boxes": _feature("sizes of comment boxes", "批注框大小", "vml/Note resized"),
    "threaded_comments": _feature(
        "threaded comments", "线程批注", "ThreadedComments/threadedComment", along=("part:threadedComment",)
    ),
    "persons": _feature("names of commenters", "批注者信息", "personList/person", along=("part:person",)),
    # Of the workbook.
    "defined_names": _feature("defined names", "定义的名称", "workbook/definedName"),
    "named_functions": _feature(
        "descriptions of functions", "函数说明", "workbook/functionGroup", "workbook/ext/argumentDescription",
        along=("workbook/ext:definedNames",),
    ),
    "number_formats": _feature("number formats", "数字格式", "styleSheet/numFmt", is_form=True),
    "cell_styles": _feature("cell styles", "单元格样式", "styleSheet/cellStyle", is_form=True),
    "table_styles": _feature("table styles", "表格样式", "styleSheet/tableStyle", "styleSheet/ext/slicerStyle",
                             "styleSheet/ext/timelineStyle"),
    "pivot_tables": _feature("pivot tables", "数据透视表", "part:pivotTable"),
    "pivot_caches": _feature(
        "data of pivot tables", "数据透视表缓存", "part:pivotCacheDefinition", along=("part:pivotCacheRecords",)
    ),
    "external_links": _feature("links to other workbooks", "外部工作簿链接", "part:externalLink"),
    "external_values": _feature("stored values of other workbooks", "外部工作簿的已存储值", "externalLink/v"),
    "connections": _feature("data connections", "数据连接", "connections/connection", along=("part:connections",)),
    "query_tables": _feature("query tables", "查询表", "part:queryTable"),
    "macros": _feature("macro projects", "宏项目", "part:vbaProject", along=(
        "part:vbaProjectSignature", "part:vbaProjectSignatureAgile", "part:vbaProjectSignatureV3", "part:wordVbaData",
    )),
    "ribbon": _feature("ribbon extensions", "自定义功能区", "part:extensibility"),
    "custom_xml": _feature("parts of custom XML", "自定义 XML 部件", "part:customXml", along=("part:customXmlProps",)),
    "xml_maps": _feature("XML maps", "XML 映射", "MapInfo/Map", "singleXmlCells/singleXmlCell", along=(
        "part:xmlMaps", "part:tableSingleCells",
    )),
    "document_properties": _feature(
        "custom properties", "自定义文档属性", "Properties/property",
        along=("part:custom-properties", "part:customProperties"),
    ),
    "web_extensions": _feature(
        "web add-ins", "Web 加载项", "part:webextension", "part:webextensiontaskpanes",
        along=("worksheet/ext:webExtensions",),
    ),
    "change_history": _feature(
        "change histories", "修订记录", "part:revisionHeaders", along=("part:revisionLog", "part:usernames")
    ),
    "signatures": _feature("digital signatures", "数字签名", "part:origin", along=("part:signature", "part:certificate")),
    "preview_pictures": _feature("preview pictures", "预览图", "part:thumbnail"),
    # What the entries above do not name.
    "table_texts": _feature("alternative texts of tables", "表格替代文字", "table/ext:table"),
    "extensions": _feature("other newer details", "其他新版细节"),
    "other_parts": _feature("other parts", "其他部件"),
    "opaque_parts": _feature("parts that cannot be read", "无法读取的部件", "opaque"),
}  # fmt: skip

MADE_ANEW = frozenset(
    f"part:{kind}" for kind in (
        "officeDocument", "sharedStrings", "styles", "theme", "calcChain", "core-properties", "extended-properties",
        "extendedProperties", "volatileDependencies", "externalLinkPath", "xlExternalLinkPath",
    )
)  # fmt: skip
"""Parts that every workbook has, or that Excel makes again by itself."""

INVISIBLE_EXTENSIONS = frozenset({
    "workbook/ext:workbookPr", "workbook/ext:ArchID", "workbook/ext:calcFeatures", "workbook/ext:extCalcPr",
    "worksheet/ext:PLV", "worksheet/ext:id", "styleSheet/ext:slicerStyles", "styleSheet/ext:timelineStyles",
    "chartSpace/ext:uniqueId", "chartSpace/ext:showLeaderLines", "chartSpace/ext:dataDisplayOptions16",
    "wsDr/ext:creationId", "wsDr/ext:compatExt", "wsDr/ext:useLocalDpi", "wsDr/ext:hiddenFill", "wsDr/ext:hiddenLine",
    "wsDr/ext:hiddenEffects",
    "pivotTableDefinition/ext:pivotTableDefinition", "pivotCacheDefinition/ext:pivotCacheDefinition",
})  # fmt: skip
"""Extensions that Excel writes of itself: identities, defaults, and what the elements inside are counted for."""
