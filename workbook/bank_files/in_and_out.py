"""Exports that write what came in and what went out in two columns: one signed amount, as BankStatement has it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from workbook.importing.source import Source
from workbook.port import Cell
from workbook.reading.cell_parsing import folded, is_blank

CAME_IN = (
    "Credit", "Credits", "Credit Amount", "Paid In", "Money In", "Deposit", "Deposits", "Amount In", "Receipts",
    "Haben", "Gutschrift", "Crédit", "收入", "收入金额", "贷方", "贷方金额", "贷方发生额", "存入", "存入金额", "转入金额",
)  # fmt: skip
WENT_OUT = (
    "Debit", "Debits", "Debit Amount", "Paid Out", "Money Out", "Withdrawal", "Withdrawals", "Amount Out", "Payments",
    "Soll", "Lastschrift", "Débit", "支出", "支出金额", "借方", "借方金额", "借方发生额", "支取", "支取金额", "转出金额",
)  # fmt: skip
"""Headers as banks write them; the bank's credit is our money in (贷方 on its statement)."""

_NOTHING = re.compile(r"[-–—]*|[-+]?0*(?:[.,]0*)?")


def with_one_amount(source: Source, own_headers: Sequence[str]) -> Source:
    """The source with one column ``amount`` instead of the two; as it is where it has an amount, or not one of each.

    A cell of the second column is taken as money out whether it has a minus or not. A line with an amount in both keeps
    both, as text that no amount can be: its issue names it.
    """
    headers = [folded(each) for each in source.headers]
    if set(map(folded, own_headers)) & set(headers):
        return source
    ins, outs = ([at for at, each in enumerate(headers) if each in set(map(folded, of))] for of in (CAME_IN, WENT_OUT))
    if len(ins) != 1 or len(outs) != 1:
        return source
    columns = list(source.columns)
    columns[ins[0]] = [_signed(*pair) for pair in zip(columns[ins[0]], columns[outs[0]], strict=True)]
    columns[outs[0]] = [""] * len(source)
    names = ["amount" if at in ins else "" if at in outs else each for at, each in enumerate(source.headers)]
    # An error cell of either column is one of the amount.
    faults = {(row, ins[0] if place in outs else place): fault for (row, place), fault in source.faults.items()}
    return replace(source, headers=tuple(names), columns=tuple(columns), faults=faults)


def _signed(came_in: Cell, went_out: Cell) -> Cell:
    if _is_nothing(went_out):
        return came_in
    if not _is_nothing(came_in):
        return f"{came_in} / {went_out}"
    if isinstance(went_out, int | float) and not isinstance(went_out, bool):
        return -abs(went_out)
    text = str(went_out).strip()
    return text if text.startswith(("-", "−", "(", "－")) or text.endswith("-") else f"-{text}"


def _is_nothing(cell: Cell) -> bool:
    return is_blank(cell) or cell == 0 or (isinstance(cell, str) and _NOTHING.fullmatch(cell.strip()) is not None)
