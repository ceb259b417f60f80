"""Cells → typed values, a whole column at a time: one function a kind (RULES §12).

Each returns ``Parsed``: the values, blanks as sentinels, and the flaws: which cells could not be read, and why. Reading is
lenient where only one meaning is possible; what may not be guessed is decided by ``date_order`` and ``decimal``.
"""

from workbook.reading.cell_parsing.amounts import NO_SCALE, Rates, integers, money, rates
from workbook.reading.cell_parsing.choices import choice_lookup, choices, yes_no
from workbook.reading.cell_parsing.column import Flaw, Parsed, Unreadable, folded, is_blank
from workbook.reading.cell_parsing.dates import DateOrder, dates
from workbook.reading.cell_parsing.numbers import DecimalMark, read_number
from workbook.reading.cell_parsing.texts import ids, texts

__all__ = [
    "NO_SCALE",
    "DateOrder",
    "DecimalMark",
    "Flaw",
    "Parsed",
    "Rates",
    "Unreadable",
    "choice_lookup",
    "choices",
    "dates",
    "folded",
    "ids",
    "integers",
    "is_blank",
    "money",
    "rates",
    "read_number",
    "texts",
    "yes_no",
]
