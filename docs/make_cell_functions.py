"""Writes docs/cell-functions.md from the catalogue of the functions that a cell may call.

    python -m docs.make_cell_functions

A test demands that the committed page is what this writes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from workbook.cell_functions import CATALOGUE, Argument, CellFunction, Holds

PAGE = Path(__file__).with_name("cell-functions.md")

_INTRODUCTION = """\
# Functions in cells 单元格函数

Written by `python -m docs.make_cell_functions` from the catalogue in `workbook/cell_functions/`: change that, not this page.
What the rules make of each figure is told in [rules.md](rules.md). The functions run in Excel for Windows; on a Mac there
are the macros.

- Nothing looks at the clock: the day to look from is an argument.
- An argument in brackets may be left out, and a blank cell is its default. An amount typed as text is read as in a table:
  `1,234.50` yes, `1,234` no, as it could mean two numbers. A date may be a date cell, its serial number, or text that begins
  with the year.
- A function of one value takes a range as well, and answers with a range of the same shape: one call for a column instead of
  one a cell.
- A table is a range with its header row, such as `Invoices[#All]`. Columns are found by header in either language, in any
  order; columns of your own may stand among ours.
- A table function spills the very table that `duebook close` writes, from the tables that it is given: give it all that your
  workbook keeps, `Settings[#All]` included, and the amounts are the same to the cent. The words are in the language of
  Settings, else of the headers. Dates spill as serial numbers: format their columns as dates.
- What cannot be answered is a text that begins with `#DUE!` and names the argument and the row of its range (the headers
  are row 1). Rows of a table that cannot be used are left out, as in a close, and a last row, which begins with `#DUE!`
  too, says how many and why. SUM passes over a text without a word: look for `#DUE!` before you trust a total.
- With Polars installed (`pip install duebook[scale]`) large tables take a fraction of the time.

参数写在方括号内者可省略，留空取默认值。表格参数须连同标题行选取，如 `Invoices[#All]`，中英文标题均可。
无法计算时返回以 `#DUE!` 开头的文本，注明参数与行号（标题行为第 1 行）；表中无法采用的行不计入，并在末行说明。
"""


def cell_functions_page() -> str:
    """The page in Markdown: what holds for all functions, then each with its arguments."""
    one, tables = ([each for each in CATALOGUE.values() if each.takes_tables is kind] for kind in (False, True))
    parts = [_INTRODUCTION, "## One value 单个结果\n", *_sections(one), "## Tables 表格结果\n", *_sections(tables)]
    return "\n".join(parts)


def _sections(functions: Iterable[CellFunction]) -> Iterator[str]:
    for function in functions:
        yield f"### {function.name}\n"
        yield f"{function.help.en} {function.help.zh}\n"
        yield f"    {_call(function)}\n"
        rows = [[f"`{each.name}`", _holds(each), each.help.en, each.help.zh] for each in function.arguments]
        yield _grid(("argument", "holds", "help", "说明"), rows)


def _call(function: CellFunction) -> str:
    shown = [f"[{each.name}]" if each.is_optional else each.name for each in function.arguments]
    lines, line = [], f"={function.name}("
    for place, name in enumerate(shown):
        word = name + (", " if place < len(shown) - 1 else ")")
        if len(line) + len(word) > 100:
            lines.append(line.rstrip())
            line = " " * 8
        line += word
    return "\n".join([*lines, line])


def _holds(argument: Argument) -> str:
    if argument.holds is Holds.TABLE:
        return f"[{argument.table}](data-dictionary.md)"
    return ", ".join(f"`{choice}`" for choice in argument.choices) or argument.holds.value


def _grid(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return "".join(f"| {' | '.join(line)} |\n" for line in (header, ["---"] * len(header), *rows))


if __name__ == "__main__":
    PAGE.write_text(cell_functions_page(), encoding="utf-8", newline="\n")
