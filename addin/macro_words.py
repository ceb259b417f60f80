"""What macros ask and say, in the two languages of the users."""

from __future__ import annotations

from collections.abc import Mapping

from workbook.table import Words

MACRO_WORDS: Mapping[str, Words] = {
    "as_of": Words("As of which day? Write it as 2024-10-31.", "截止哪一天？格式如 2024-10-31。"),
    "from_day": Words("From which day? Write it as 2024-10-01.", "从哪一天开始？格式如 2024-10-01。"),
    "to_day": Words("To which day? Write it as 2024-10-31.", "到哪一天为止？格式如 2024-10-31。"),
    "which_period": Words("Which month? Write it as 2024-10.", "哪个月份？格式如 2024-10。"),
    "which_customer": Words("Which customer? Write the id.", "哪个客户？请输入客户编号。"),
    "written_to": Words("Written to", "已写入"),
    "which_reply": Words("Choose the reply of a customer", "选择客户的回函"),
    "reply_files": Words("Replies (*.xlsx;*.docx),*.xlsx;*.docx", "回函 (*.xlsx;*.docx),*.xlsx;*.docx"),
    "no_folder": Words("Save the workbook in a folder of this computer first.", "请先将工作簿保存到本机文件夹。"),
    "not_a_day": Words("is not a day. Write it as 2024-10-31.", "不是有效日期，格式如 2024-10-31。"),
    "which_table": Words("Which table are its rows of?", "导入到哪张表？"),
    "which_sheet": Words("Which table? These are not there yet:", "添加哪张表？尚未添加的有："),
    "which_file": Words("Choose the file to import", "选择要导入的文件"),
    "files": Words(
        "CSV files and workbooks (*.csv;*.txt;*.xlsx;*.xlsm),*.csv;*.txt;*.xlsx;*.xlsm",
        "CSV 与工作簿 (*.csv;*.txt;*.xlsx;*.xlsm),*.csv;*.txt;*.xlsx;*.xlsm",
    ),
    "really_sent": Words(
        "Log the reminders of this day as sent? Do so once they have gone out.",
        "将当日催款记为已发送？请在实际发出后再确认。",
    ),
    "really_send": Words(
        "Send these e-mails now? What is sent cannot be taken back.", "现在发送这些邮件？发出后无法撤回。"
    ),
    "more": Words("more lines, not shown here", "行未在此显示"),
    "no_lists": Words(
        "The mail-merge lists were not written: save the workbook in a folder of this computer first.",
        "未生成邮件合并清单：请先将工作簿保存到本机文件夹。",
    ),
    "all_there": Words("Every table is there already.", "所有表均已添加。"),
    "select_an_issue": Words("Select a row of Issues first.", "请先在“问题清单”中选中一行。"),
    "no_cell": Words("This issue names no cell.", "该问题没有对应的单元格。"),
    "not_shown": Words("is not there, or hidden: unhide its sheet first.", "不存在或已隐藏，请先取消隐藏其工作表。"),
    "nothing_to_undo": Words("There is no action of Duebook to undo.", "没有可撤销的 Duebook 操作。"),
    "changed_since": Words(
        "was changed since. Undo would take that back as well. Go on?", "在此之后有改动，撤销会一并还原。是否继续？"
    ),
    "takes_back_all": Words(
        "Undo puts back the whole workbook as it stood before: whatever was typed since is lost. Go on?",
        "撤销会把整个工作簿恢复到操作之前，此后输入的内容将丢失。是否继续？",
    ),
    "undone": Words("Undone", "已撤销"),
    "not_logged": Words("It could not be written to the run log.", "未能写入运行日志。"),
    "no_undo": Words(
        "It cannot be undone: the temporary folder cannot be written.", "无法写入临时文件夹，本次操作不可撤销。"
    ),
    "lost_filter": Words(
        "A filter by colour or icon was on and could not be put on again.", "按颜色或图标的筛选未能恢复，请重新设置。"
    ),
    "failed": Words("Excel did not go along, and the workbook is as it was", "Excel 未能完成操作，工作簿保持原样"),
    "writing": Words("writing", "写入"),
    "reading": Words("reading", "读取"),
}  # fmt: skip


def said(code: str, language: str) -> str:
    """The words of a code. Raises KeyError for one that has none."""
    return MACRO_WORDS[code].in_language(language)
