"""Matching 10,000 bank lines against 100,000 open items, beside a plain hash join on the reference.

    python -m benchmarks.matching [LINES ITEMS]

Prints the processor time of each step, and how many times as long as the hash join all of them take together: reading the
numbers in the texts, finding the payers, and choosing what each line pays. The ledger itself is not part of it.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable
from typing import Any

import pandas as pd

from functions.frames import lazy
from functions.line_matching import BankLine, Item, match_lines
from functions.matching import recorded_lines
from workbook.matching.numbers import NumberIndex
from workbook.matching.payers import Payers
from workbook.results.run import to_pandas

_CUSTOMERS = 5_000
_RUNS = 3


def timed(what: Callable[[], Any]) -> tuple[float, Any]:
    """The least processor time of a few runs, and the result: a busy machine changes little of it."""
    best, result = float("inf"), None
    for _ in range(_RUNS):
        began = time.process_time()
        result = what()
        best = min(best, time.process_time() - began)
    return best, result


def main(line_count: int = 10_000, item_count: int = 100_000) -> None:
    """Print the figures."""
    rng = random.Random(7)
    places, trades = ("Arden", "Bolt", "Castle", "Dray"), ("Mills", "Paper", "Tools")
    names = [f"{rng.choice(places)} {rng.choice(trades)} {number} Ltd" for number in range(_CUSTOMERS)]
    items = [
        Item(
            f"INV-{2024_00 + n % 12 + 1}-{n:06d}",
            f"C{rng.randrange(_CUSTOMERS)}",
            "CNY",
            rng.randrange(10_000, 9_000_000),
            n,
        )
        for n in range(item_count)
    ]
    paid = rng.sample(items, line_count)
    texts = [each.invoice_id if rng.random() < 0.6 else f"pay {each.invoice_id.replace('-', ' ')}" for each in paid]
    texts = [text if rng.random() < 0.8 else "thanks" for text in texts]
    payers = [names[int(each.customer_id[1:])] for each in paid]
    payers = [name if rng.random() < 0.7 else name.replace("l", "", 1) for name in payers]

    lines = pd.DataFrame({
        "line_id": [f"L{n:06d}" for n in range(line_count)], "currency": "CNY", "booked_day": range(line_count),
        "amount_minor": [each.open_minor for each in paid], "reference": [each.invoice_id for each in paid],
    })  # fmt: skip
    open_items = pd.DataFrame(
        {"reference": [each.invoice_id for each in items], "open_minor": [e.open_minor for e in items]}
    )
    receipts = pd.DataFrame({
        "receipt_id": [f"R{n}" for n in range(line_count)], "currency": "CNY", "receipt_day": range(line_count),
        "amount_minor": [each.open_minor for each in items[:line_count]], "bank_line_id": "",
        "bank_reference": [f"B{n}" for n in range(line_count)],
    })  # fmt: skip

    join, _ = timed(lambda: lines.merge(open_items, on="reference", how="left"))
    recorded, _ = timed(lambda: to_pandas(recorded_lines(lazy(lines), lazy(receipts))))
    index, numbers = timed(lambda: NumberIndex((each.invoice_id, each.invoice_id, True) for each in items))
    reading, named = timed(lambda: [numbers.named_in(text) for text in texts])
    finding, found = timed(lambda: Payers((f"C{n}", name) for n, name in enumerate(names)).of(payers))
    bank_lines = [
        BankLine(f"L{n:06d}", n, "CNY", each.open_minor, named[n].invoice_ids, named[n].is_sure, found[payers[n]])
        for n, each in enumerate(paid)
    ]
    choosing, suggestions = timed(lambda: match_lines(bank_lines, items, group_of={}))
    right = sum(
        each.option == 1 and bool(each.parts) and each.parts[0].invoice_id == paid[int(each.line_id[1:])].invoice_id
        for each in suggestions
    )
    total = recorded + index + reading + finding + choosing
    print(f"{line_count:,} lines, {item_count:,} open items, {_CUSTOMERS:,} customers: {right / line_count:.1%} right")
    for what, seconds in (
        ("plain hash join on the reference", join), ("recorded already", recorded), ("index of the numbers", index),
        ("numbers in the texts", reading), ("payers", finding), ("what each line pays", choosing), ("all", total),
    ):  # fmt: skip
        print(f"  {what:<34}{seconds:>8.3f} s")
    print(f"  all ÷ hash join                   {total / join:>8.1f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
