"""What reading a table depends on besides its cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from workbook.reading.cell_parsing import DateOrder, DecimalMark
from workbook.table import Words


@dataclass(frozen=True)
class ReadingContext:
    """The currencies known so far, the words of choices, and what may not be guessed.

    ``customer_currency`` and its like: id → currency, of the tables read before. ``words``: code → its words in both
    languages. ``synonyms``: further header → column key. ``date_order`` and ``decimal`` come from the options of an import
    only. ``is_1904``: the workbook counts dates from 1904; where the raw table says so, it need not be said here.
    """

    base_currency: str
    customer_currency: Mapping[str, str] = field(default_factory=dict)
    invoice_currency: Mapping[str, str] = field(default_factory=dict)
    receipt_currency: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Words] = field(default_factory=dict)
    synonyms: Mapping[str, str] = field(default_factory=dict)
    date_order: DateOrder | None = None
    decimal: DecimalMark | None = None
    is_1904: bool = False
