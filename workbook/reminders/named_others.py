"""What staff typed about one customer and names another: such a text does not leave the house."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from workbook.reading.rows import ReadTable

_WORD = re.compile(r"[^\s,;:!?()\[\]{}<>\"'，；：！？（）、。“”]+")
_IDS = {"Customers": "customer_id", "Invoices": "invoice_id", "Receipts": "receipt_id", "Contracts": "contract_id",
        "Orders": "order_id"}  # fmt: skip
_OF_CUSTOMERS = ("email", "tax_id")
_SHORTEST_ID, _SHORTEST_NAME = 3, 3
"""Of what is looked for: "12" in a text is a number, not somebody's id."""


@dataclass(frozen=True)
class Others:
    """``words``: ids, addresses and tax ids that are other customers' alone. ``names``: of theirs. All case folded."""

    words: frozenset[str]
    names: tuple[str, ...]

    def among(self, texts: Iterable[str]) -> Others:
        """Those that occur at all: few, in the texts of one customer, so that each text is looked at once."""
        whole = "\n".join(texts).casefold()
        return Others(
            self.words & {word.rstrip(".") for word in _WORD.findall(whole)},
            tuple(name for name in self.names if name in whole),
        )

    def are_named_in(self, text: str) -> bool:
        """Whether a text holds one of the words, or one of the names within it."""
        folded = text.casefold()
        return any(name in folded for name in self.names) or any(
            word.rstrip(".") in self.words for word in _WORD.findall(folded)
        )


def others_than(customer: str, tables: Mapping[str, ReadTable]) -> Others:
    """Everybody but the customer, by their ids, their documents, their names, e-mail addresses and tax ids.

    What is the customer's own as well, such as an order's number that two of them use, names nobody.
    """
    own: set[str] = set()
    words: set[str] = set()
    for table, key in _IDS.items():
        read = tables.get(table)
        for row_id, whose in zip(read.columns[key], read.columns["customer_id"], strict=True) if read else ():
            folded = str(row_id).casefold()
            if whose == customer:
                own.add(folded)
            elif len(folded) >= _SHORTEST_ID and not folded.isdigit():
                words.add(folded)
    columns = tables["Customers"].columns
    names: list[str] = []
    own_name = ""
    for whose, name, *rest in zip(*(columns[key] for key in ("customer_id", "name", *_OF_CUSTOMERS)), strict=True):
        known = {str(each).casefold() for each in rest if each}
        if whose == customer:
            own_name, own = str(name).casefold(), own | known
        else:
            words |= known
            names.append(str(name).strip().casefold())
    kept = (name for name in names if len(name) >= _SHORTEST_NAME and name not in own_name)
    return Others(frozenset(words - own), tuple(sorted(set(kept))))
