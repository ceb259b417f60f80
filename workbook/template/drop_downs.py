"""Drop-down lists and input messages: what a cell may hold, and the help that appears beside it."""

from __future__ import annotations

from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from workbook import labels
from workbook.addresses import LAST_ROW
from workbook.posting.entry_form import FORM, choices_shown
from workbook.schema.entry import ENTRY
from workbook.table import Column, Kind, Owner, Table, Words

LISTS_SHEET = "Lists"
"""A hidden sheet with the lists that are too long to stand in a cell's own rule."""

_LONGEST_RULE = 255  # what Excel takes, quotes left out
_LONGEST_TITLE = 32
_LONGEST_PROMPT = 255

_FIELD, _NOTHING_TO_OFFER = "A2", "D2"  # of the first row of a form: its field's name, and a cell beside the table

_PICK = Words("Pick one of the list.", "请从列表中选择。")
_REQUIRED = Words("Required. ", "必填。")


def add_validations(workbook: Workbook, sheet: Worksheet, table: Table, language: str) -> None:
    """A rule for each column that staff type in, down to the last row, so that rows to come have it too."""
    for place, column in enumerate(table.columns, start=1):
        if table.owner is Owner.USER or column.help.en:
            rule = _rule(workbook, column, language)
            if table.name == ENTRY.name and column.key == "entry":
                _offer_by_field(workbook, rule, language)
            rule.add(f"{get_column_letter(place)}2:{get_column_letter(place)}{LAST_ROW}")
            sheet.add_data_validation(rule)


def pick_from(workbook: Workbook, words: Sequence[str], language: str) -> DataValidation:
    """A drop-down list that refuses anything else."""
    rule = DataValidation(type="list", formula1=_source(workbook, words), allow_blank=True, showErrorMessage=True)
    rule.errorTitle, rule.error = "Duebook", _PICK.in_language(language)
    return rule


def _rule(workbook: Workbook, column: Column, language: str) -> DataValidation:
    words = _words(column, language)
    rule = pick_from(workbook, words, language) if words else DataValidation(allow_blank=True)
    required = _REQUIRED.in_language(language) if column.is_required else ""
    rule.showInputMessage = True
    rule.promptTitle = column.label.in_language(language)[:_LONGEST_TITLE]
    rule.prompt = (required + column.help.in_language(language))[:_LONGEST_PROMPT]
    return rule


def _offer_by_field(workbook: Workbook, rule: DataValidation, language: str) -> None:
    """A form holds another thing in each row: what it offers goes by the field's name beside it, wherever its row stands.

    It refuses nothing: a field without a list takes any value.
    """
    lists = [(row.label.in_language(language), choices_shown(row, language)) for row in FORM if row.choices]
    formula = _NOTHING_TO_OFFER
    for field, words in reversed(lists):
        # Excel takes 255 characters of a rule, and the rule stands in one column: no column of it need be fixed.
        listed = _listed(workbook, words).replace("!$", "!").replace(":$", ":")
        formula = f'IF({_FIELD}="{field}",{listed},{formula})'
    rule.type, rule.formula1, rule.showErrorMessage = "list", formula, False


def _words(column: Column, language: str) -> list[str]:
    if column.kind is Kind.YES_NO:
        return [labels.yes_no(True, language), labels.yes_no(False, language)]
    return [labels.words(code, language) for code in column.choices]


def _source(workbook: Workbook, words: Sequence[str]) -> str:
    """The list itself where Excel takes it, else a range of the Lists sheet that holds it."""
    joined = ",".join(words)
    if len(joined) <= _LONGEST_RULE and not any("," in word or '"' in word for word in words):
        return f'"{joined}"'
    return _listed(workbook, words)


def _listed(workbook: Workbook, words: Sequence[str]) -> str:
    """A range of the Lists sheet that holds the words."""
    sheet = _lists_sheet(workbook)
    place = next(
        (place for place in range(1, sheet.max_column + 1) if _column_words(sheet, place) in (list(words), [])),
        sheet.max_column + 1,
    )
    for row, word in enumerate(words, start=1):
        sheet.cell(row, place, word).data_type = "s"
    letter = get_column_letter(place)
    return f"{LISTS_SHEET}!${letter}$1:${letter}${len(words)}"


def _column_words(sheet: Worksheet, place: int) -> list[object]:
    cells = (sheet.cell(row, place).value for row in range(1, sheet.max_row + 1))
    return [value for value in cells if value is not None]


def _lists_sheet(workbook: Workbook) -> Worksheet:
    if LISTS_SHEET not in workbook.sheetnames:
        sheet = workbook.create_sheet(LISTS_SHEET)
        sheet.sheet_state = "hidden"
    return workbook[LISTS_SHEET]
