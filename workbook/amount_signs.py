"""Amounts whose sign or size cannot be meant."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from functions.frames import NO_MINOR
from workbook.cell_parsing import Flaw

_ABOVE_ZERO = frozenset({
    ("Receipts", "amount"),
    ("Allocations", "amount"),
    ("WriteOffs", "amount"),
    ("RepaymentPlans", "amount"),
    ("Orders", "amount"),
})  # fmt: skip
"""What goes the other way is a row of another kind: a reversal, a refund, a recovery, a cancelled plan."""

_NOT_BELOW_ZERO = frozenset({("Allocations", "discount")})
_DOCUMENTS = frozenset({("Invoices", "amount")})


def sign_flaws(table: str, column: str, minors: NDArray[np.int64]) -> list[Flaw]:
    """``amount_not_positive`` where an amount must be above zero and is not; ``zero_amount`` for a document of nothing."""
    place = (table, column)
    if place in _ABOVE_ZERO:
        wrong, code = minors <= 0, "amount_not_positive"
    elif place in _NOT_BELOW_ZERO:
        wrong, code = minors < 0, "amount_not_positive"
    elif place in _DOCUMENTS:
        wrong, code = minors == 0, "zero_amount"
    else:
        return []
    return [(int(row), code) for row in np.flatnonzero(wrong & (minors != NO_MINOR))]
