"""Writes docs/data-dictionary.md from the declared tables and settings.

    python -m docs.make_data_dictionary

A test demands that the committed page is what this writes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from workbook.labels import words_of
from workbook.schema import TABLES
from workbook.settings import SETTINGS, Setting
from workbook.table import Column, CurrencyOf, Kind, Owner, Sign, Table, Words

PAGE = Path(__file__).with_name("data-dictionary.md")

_INTRODUCTION = """\
# Data dictionary 数据字典

Written by `python -m docs.make_data_dictionary` from the tables as the program declares them: change those, not this page.
What the rules make of each column is told in [rules.md](rules.md).

A table is found by its name (Table Design > Table Name), whatever its sheet is called; a column by its key or by its
header in either language, wherever it stands. Columns of your own may stand among ours. A sheet that a workbook does not
have yet comes with the first import into its table, or with `duebook sheet BOOK TABLE`. The buckets of OpenItems and Aging
are those of the default `bucket_edges`.
"""

_KINDS = {
    Kind.TEXT: Words("any text", "任意文本"),
    Kind.ID: Words("text that names one thing: 007 and 7 are two", "编号文本，007 与 7 不同"),
    Kind.DATE: Words("a date cell, or text that begins with the year", "日期单元格，或以年份开头的文本"),
    Kind.MONEY: Words("an amount with no more decimals than its currency has", "金额，小数位不超过币种精度"),
    Kind.RATE: Words("a decimal of nine digits at most; 25% is 0.25", "最多九位有效数字的小数，25% 即 0.25"),
    Kind.INTEGER: Words("a whole number", "整数"),
    Kind.YES_NO: Words("Yes or No; blank is No", "是或否，留空为否"),
    Kind.CHOICE: Words("one of the codes given, or its word in either language", "所列代码之一，或其中英文名称"),
}

_CURRENCIES = {
    CurrencyOf.ROW: "the row's currency",
    CurrencyOf.CUSTOMER: "the customer's currency",
    CurrencyOf.INVOICE: "the invoice's currency",
    CurrencyOf.RECEIPT: "the receipt's currency",
    CurrencyOf.BASE: "the base currency",
}

_SIGNS = {
    Sign.ANY: "money",
    Sign.ABOVE_ZERO: "money above zero",
    Sign.NOT_BELOW_ZERO: "money not below zero",
    Sign.NOT_ZERO: "money not zero",
}


def data_dictionary() -> str:
    """The page in Markdown: the kinds of cells, then every table with its columns, then the settings beside their table."""
    parts = [_INTRODUCTION, *_kinds()]
    for table in TABLES.values():
        parts.extend(_section(table))
        if table.name == "Settings":
            parts.extend(_settings(SETTINGS.values()))
    return "\n".join(parts)


def _kinds() -> Iterator[str]:
    yield _grid(("kind", "holds", "填写"), ((_code(kind.value), words.en, words.zh) for kind, words in _KINDS.items()))


def _section(table: Table) -> Iterator[str]:
    yield f"## {table.name} {table.label.zh}\n"
    yield f"{table.help.en} {table.help.zh}\n"
    yield f"{_keeper(table)} A row is known by {_codes(table.key)}{_without_id(table)}.\n"
    header = ("column", "English", "中文", "kind", "required", "help")
    yield _grid(header, (_row(column) for column in table.columns))


def _keeper(table: Table) -> str:
    if table.is_log:
        kept = "A log of ours on a hidden sheet, linked from Home."
    elif table.owner is Owner.ADDIN:
        kept = "Ours: written anew by the runs that report it; columns of your own stay."
    else:
        kept = "Kept by staff: runs add rows and change single cells, and rewrite nothing."
    return f"{kept} Must be in every workbook." if table.is_core else kept


def _without_id(table: Table) -> str:
    return f"; without one, by {_codes(table.key_without_id)}" if table.key_without_id else ""


def _row(column: Column) -> Sequence[str]:
    required = "yes" if column.is_required else ""
    return _code(column.key), column.label.en, column.label.zh, _kind(column), required, _help(column)


def _kind(column: Column) -> str:
    if column.kind is not Kind.MONEY:
        return column.kind.value
    return f"{_SIGNS[column.sign]}, in {_CURRENCIES[column.currency_of]}"


def _help(column: Column) -> str:
    return "<br>".join(filter(None, (column.help.en, column.help.zh, _choices(column.choices))))


def _choices(codes: Iterable[str]) -> str:
    return ", ".join(f"{_code(code)} {words_of(code).en} {words_of(code).zh}" for code in codes)


def _settings(settings: Iterable[Setting]) -> Iterator[str]:
    header = ("setting", "English", "中文", "kind", "default", "help")
    yield _grid(
        header,
        (
            (
                _code(setting.key),
                setting.label.en,
                setting.label.zh,
                setting.kind.value,
                _code(setting.default) if setting.default else "",
                "<br>".join(filter(None, (setting.help.en, setting.help.zh, _choices(setting.choices)))),
            )
            for setting in settings
        ),
    )


def _grid(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |\n" for line in lines)


def _code(text: str) -> str:
    return f"`{text}`"


def _codes(keys: Iterable[str]) -> str:
    return ", ".join(map(_code, keys))


if __name__ == "__main__":
    PAGE.write_text(data_dictionary(), encoding="utf-8", newline="\n")
