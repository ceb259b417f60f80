"""Writes docs/checks.md from the declared checks of data quality.

    python -m docs.make_checks

A test demands that the committed page is what this writes.
"""

from __future__ import annotations

from pathlib import Path

from workbook.quality.checks import CHECKS, Check
from workbook.settings import SETTINGS

PAGE = Path(__file__).with_name("checks.md")

_INTRODUCTION = """\
# Checks of data quality 数据质量检查

Written by `python -m docs.make_checks` from the checks as the program declares them: change those, not this page.

`duebook check BOOK` lists, after what no rule can use, what every rule can use and is probably wrong all the same: a
customer taken on twice, a number left out, an address to which nothing can be sent. Each has its cell, and names the
ids that it is about. Nothing found here changes a figure or leaves a row out, and `check` writes nothing.

- **Severity.** On the sheet Settings, `severity.` and the check's code holds `error`, `warning` or `off`. An error
  ends a run with exit status 1. A code that is no check is an `unknown_setting`; a word that is none of the three is
  a `bad_setting`, and the default holds.
- **Month end.** A close does not run these checks: its Issues are what its figures depend on. With `quality_in_close`
  set to yes it runs them too and writes what they find to Issues, where remarks can be kept beside them.
- **As of a day.** Documents after the day of the run are not looked at, customers are read as they were on it, and
  the order of rows changes nothing. Ids are compared over the whole table.

数据质量检查列出“各项规则均可使用、但很可能有误”的数据，不影响任何金额，也不剔除任何行。严重程度在“设置”表中以
`severity.` 加代码填写：`error` 错误、`warning` 警告、`off` 不检查。月末结账默认不运行；`quality_in_close` 设为“是”则
一并运行并写入问题清单。

## What each looks at

- *Names* are compared without case, width, punctuation and legal form, the Chinese and the Latin half each for
  itself. Another Chinese character is another company; one more, or two swapped, is a slip. Of Latin names all words
  but one must agree, and that one but for a letter (two from ten letters on). Customers that both have a tax ID are
  compared by it alone.
- *Check digits*: unified social credit codes (GB 32100) and VAT numbers of the EU. What does not look like one is not
  judged.
- *Telephone numbers* without + are taken for ones of `country` (else `holiday_country`); those of customers in
  another than the base currency, and all where neither is set, are judged only with +.
- *Verification*: older than `verify_after_days`, or never, once any customer has a day under Verified on.
- *Numbers of a series*: what stands before an ID's last digits. A step over more numbers than the series has starts
  another block; a series that lacks more than it has is not numbered one by one. Rows that are left out count as
  issued. One issue a series, beside the number after its first gap.
- *Numbers one character apart*: one customer, kind and amount, at most six days apart, as what recurs weekly is no
  mistake.
- *Days off*: by the document's date or by Entered on, above `weekend_entry_above` in base currency at the day's rate;
  not looked at while that is blank. Holidays and make-up working days are those of Holidays.
- *Round amounts*: whole thousands (hundred thousands where a currency has no decimals) of a customer with twenty
  documents and more in the currency, of which one in twenty at most is round, and at least twice the mean of its
  others.
- *Receipts before the invoice*: by an allocation, deposits (Held) aside.

## The list
"""


def checks_page() -> str:
    """The page in Markdown: how the checks work, then one row a check."""
    header = ("code", "default", "looks at", "English", "中文")
    lines = [header, ("---",) * len(header), *map(_row, CHECKS.values())]
    return f"{_INTRODUCTION}\n" + "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _row(check: Check) -> tuple[str, ...]:
    shown = [f"**{words[0]}** {words[1].replace('{about}', '[…]')}" for words in _words(check)]
    tables = ", ".join(check.tables) or "all"
    return f"`{check.code}`", f"`{SETTINGS[check.setting].default}`", tables, *shown


def _words(check: Check) -> tuple[tuple[str, str], tuple[str, str]]:
    return (check.title.en, check.what_to_do.en), (check.title.zh, check.what_to_do.zh)


if __name__ == "__main__":
    PAGE.write_text(checks_page(), encoding="utf-8", newline="\n")
