"""What a table of the workbook is: columns with a kind, words in two languages, an owner and a key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """How the cells of a column are read, checked, shown and written."""

    TEXT = "text"
    ID = "id"
    DATE = "date"
    MONEY = "money"
    RATE = "rate"
    INTEGER = "integer"
    YES_NO = "yes_no"
    CHOICE = "choice"


class CurrencyOf(StrEnum):
    """Whose currency a money column is in: it decides how many decimals a cell may have."""

    ROW = "row"  # this row's currency, else the customer's, else the base currency
    CUSTOMER = "customer"
    INVOICE = "invoice"
    RECEIPT = "receipt"
    BASE = "base"


class Sign(StrEnum):
    """Which amounts a money column may hold: what goes the other way is a row of another kind, a reversal, a refund.

    A rate is ``NOT_BELOW_ZERO``; ``ANY`` is a ratio that we show.
    """

    ANY = "any"
    ABOVE_ZERO = "above_zero"
    NOT_BELOW_ZERO = "not_below_zero"
    NOT_ZERO = "not_zero"


class Owner(StrEnum):
    """Who writes a table: the add-in rewrites its own; a user's is only appended to, or updated in named columns."""

    USER = "user"
    ADDIN = "addin"


@dataclass(frozen=True)
class Words:
    """One text in the two languages of the users."""

    en: str
    zh: str

    def in_language(self, language: str) -> str:
        """The text in ``en`` or ``zh-CN``."""
        return self.zh if language.startswith("zh") else self.en


@dataclass(frozen=True)
class Column:
    """One column: its key (ASCII, snake_case), its header in both languages, and how its cells are read.

    ``choices`` are codes; their words stand in ``labels.py``. ``synonyms`` are headers of common ERP exports.
    """

    key: str
    label: Words
    kind: Kind
    is_required: bool = False
    help: Words = Words("", "")
    choices: tuple[str, ...] = ()
    currency_of: CurrencyOf = CurrencyOf.ROW
    sign: Sign = Sign.ANY
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """One table, declared once in ``schema.py``. ``name`` is also the name of its Excel table (ListObject).

    ``key`` are the columns that a row is known by; ``key_without_id`` those when the id cell is blank and may be filled
    in (empty: the id is required). ``is_core``: must be there. ``is_log``: a hidden sheet, linked from Home.
    """

    name: str
    label: Words
    owner: Owner
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    key_without_id: tuple[str, ...] = ()
    is_core: bool = False
    is_log: bool = False
    is_shown_at_first: bool = False
    help: Words = Words("", "")
    _by_key: Mapping[str, Column] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_key", {column.key: column for column in self.columns})

    def __getitem__(self, key: str) -> Column:
        return self._by_key[key]

    def __contains__(self, key: object) -> bool:
        return key in self._by_key

    @property
    def keys(self) -> tuple[str, ...]:
        """The column keys, in order."""
        return tuple(self._by_key)

    @property
    def required(self) -> tuple[str, ...]:
        """The keys of the columns that every row must fill."""
        return tuple(column.key for column in self.columns if column.is_required)
