"""Amounts whose sign or size cannot be meant."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from functions.frames import NO_MINOR
from workbook.reading.cell_parsing import Flaw
from workbook.table import Sign


def sign_flaws(sign: Sign, minors: NDArray[np.int64]) -> list[Flaw]:
    """``amount_not_positive`` where the sign cannot be meant; ``zero_amount`` for a document of nothing."""
    if sign is Sign.ABOVE_ZERO:
        wrong, code = minors <= 0, "amount_not_positive"
    elif sign is Sign.NOT_BELOW_ZERO:
        wrong, code = minors < 0, "amount_not_positive"
    elif sign is Sign.NOT_ZERO:
        wrong, code = minors == 0, "zero_amount"
    else:
        return []
    return [(int(row), code) for row in np.flatnonzero(wrong & (minors != NO_MINOR))]
