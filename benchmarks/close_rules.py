"""Cash application with detail, aging and headroom on a large ledger, beside a hand-written pandas script.

    python -m benchmarks.close_rules [--invoices 1000000] [--receipts 700000] [--runs 3]

The script below is what an analyst would write for this one ledger: typed due dates, one policy, no issues, no credit
notes. Both results are compared to the cent before anything is timed; the figure is the ratio of the medians.
"""

from __future__ import annotations

import argparse

import numpy as np
import pandas as pd

from benchmarks.timing import compared
from functions.aging import aging_by_customer
from functions.credit import credit_by_customer
from functions.frames import NO_DAY
from functions.ledger import SHAPES, Ledger, Policy
from functions.position import ledger_position

AS_OF = 20_000
EDGES = (0, 30, 60, 90, 120)
POLICY = Policy(base_currency="CNY", bucket_edges=EDGES)


def generated(invoices: int, receipts: int, customers: int, seed: int = 7) -> dict[str, pd.DataFrame]:
    """A ledger of random customers, amounts and days; two currencies; limits near what is owed."""
    draw = np.random.default_rng(seed)
    ids = np.array([f"C{number:06d}" for number in range(customers)])
    currencies = np.array(["CNY", "USD"])
    invoice_day = draw.integers(AS_OF - 400, AS_OF - 1, invoices)
    owed = draw.integers(100, 1_000_000, invoices)
    tables = {
        "customers": pd.DataFrame({
            "customer_id": ids,
            "currency": "CNY",
            "credit_limit_minor": draw.integers(0, 100_000_000, customers),
        }),
        "invoices": pd.DataFrame({
            "invoice_id": [f"INV-{number:08d}" for number in draw.permutation(invoices)],
            "customer_id": ids[draw.integers(0, customers, invoices)],
            "kind": "invoice",
            "invoice_day": invoice_day,
            "due_day": invoice_day + draw.choice([14, 30, 60], invoices),
            "currency": currencies[(draw.random(invoices) < 0.2).astype(int)],
            "amount_minor": owed,
        }),
        "receipts": pd.DataFrame({
            "receipt_id": [f"R-{number:08d}" for number in draw.permutation(receipts)],
            "customer_id": ids[draw.integers(0, customers, receipts)],
            "kind": "receipt",
            "receipt_day": draw.integers(AS_OF - 390, AS_OF, receipts),
            "currency": currencies[(draw.random(receipts) < 0.2).astype(int)],
            "amount_minor": draw.integers(100, 1_300_000, receipts),
        }),
        "exchange_rates": pd.DataFrame({
            "currency": ["USD"], "rate_day": [AS_OF - 30], "rate_digits": [725], "rate_scale": [2],
        }),
    }  # fmt: skip
    return {name: _shaped(name, frame) for name, frame in tables.items()}


def _shaped(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    columns: dict[str, object] = {}
    for column, kind in SHAPES[name].items():
        if column in frame:
            columns[column] = frame[column].to_numpy() if frame[column].dtype != object else frame[column].astype("str")
        elif str(kind) == "Int64":
            columns[column] = np.full(len(frame), NO_DAY if column.endswith("_day") else 0, np.int64)
        elif str(kind) == "Boolean":
            columns[column] = np.zeros(len(frame), bool)
        else:
            columns[column] = pd.Series([""], dtype="str").repeat(len(frame)).reset_index(drop=True)
    return pd.DataFrame(columns)


def by_duebook(tables: dict[str, pd.DataFrame]) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """(applications, aging, headroom) by the rules."""
    ledger = Ledger.of(tables)
    position = ledger_position(ledger, policy=POLICY, as_of=AS_OF)
    aging = aging_by_customer(position, policy=POLICY)
    credit, _ = credit_by_customer(ledger, position, policy=POLICY)
    return tuple(frame.collect().to_native() for frame in (position.applications, aging, credit))  # type: ignore[return-value]


def by_hand(tables: dict[str, pd.DataFrame]) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """The same three results in plain vectorised pandas."""
    invoices, receipts, customers = tables["invoices"], tables["receipts"], tables["customers"]
    keys = ["customer_id", "currency"]
    owed = invoices[invoices["invoice_day"] <= AS_OF].sort_values([*keys, "due_day", "invoice_day", "invoice_id"])
    paid = receipts[receipts["receipt_day"] <= AS_OF].sort_values([*keys, "receipt_day", "receipt_id"])
    owed, paid = owed.reset_index(drop=True), paid.reset_index(drop=True)
    owed["end"] = owed.groupby(keys)["amount_minor"].cumsum()
    paid["end"] = paid.groupby(keys)["amount_minor"].cumsum()
    owed["place"], paid["place"] = owed.index.to_numpy(), paid.index.to_numpy()
    owed_ends = owed[[*keys, "end"]].assign(item=owed["place"], pay=-1)
    ends = pd.concat([owed_ends, paid[[*keys, "end"]].assign(item=-1, pay=paid["place"])])
    ends = ends.sort_values([*keys, "end"], kind="stable").reset_index(drop=True)
    grouped = ends.groupby(keys)
    ends["item"] = ends["item"].where(ends["item"] >= 0)
    ends["pay"] = ends["pay"].where(ends["pay"] >= 0)
    ends["item"], ends["pay"] = grouped["item"].bfill(), grouped["pay"].bfill()
    ends["minor"] = ends["end"] - grouped["end"].shift(fill_value=0)
    pairs = ends[(ends["minor"] > 0) & ends["item"].notna() & ends["pay"].notna()]
    item, pay = pairs["item"].astype("int64").to_numpy(), pairs["pay"].astype("int64").to_numpy()
    applications = pd.DataFrame(
        {
            "receipt_id": paid["receipt_id"].to_numpy()[pay],
            "item_id": owed["invoice_id"].to_numpy()[item],
            "amount_minor": pairs["minor"].to_numpy(),
            "paid_day": np.maximum(paid["receipt_day"].to_numpy()[pay], owed["invoice_day"].to_numpy()[item]),
        }
    )
    owed["open"] = owed["amount_minor"] - np.bincount(item, pairs["minor"], len(owed)).astype("int64")
    paid["left"] = paid["amount_minor"] - np.bincount(pay, pairs["minor"], len(paid)).astype("int64")
    still = owed[owed["open"] > 0].copy()
    still["bucket"] = np.searchsorted(EDGES, AS_OF - still["due_day"].to_numpy(), side="left")
    aging = still.pivot_table(index=keys, columns="bucket", values="open", aggfunc="sum", fill_value=0)
    aging = aging.reindex(columns=range(len(EDGES) + 1), fill_value=0)
    left = paid[paid["left"] > 0]
    aging = aging.join(left.groupby(keys)["left"].sum().rename("unapplied"), how="outer").fillna(0).astype("int64")
    rate = {"CNY": 100, "USD": 725}
    base = (still["open"] * still["currency"].map(rate) * 2 + 100) // 200
    left_base = (left["left"] * left["currency"].map(rate) * 2 + 100) // 200
    exposure = base.groupby(still["customer_id"]).sum().sub(left_base.groupby(left["customer_id"]).sum(), fill_value=0)
    headroom = customers.set_index("customer_id")["credit_limit_minor"].sub(exposure, fill_value=0).astype("int64")
    return applications, aging.reset_index(), headroom.rename("headroom_minor").reset_index()


def assert_equal(ours: tuple[pd.DataFrame, ...], theirs: tuple[pd.DataFrame, ...]) -> None:
    """Every application, every bucket, every headroom, to the cent."""
    columns = ["receipt_id", "item_id", "amount_minor", "paid_day"]
    pd.testing.assert_frame_equal(_sorted(ours[0][columns]), _sorted(theirs[0]), check_dtype=False)
    buckets = [name for name in ours[1] if name in ("not_due_minor", "over_120_minor") or name.startswith("d")]
    mine = ours[1][["customer_id", "currency", *buckets, "unapplied_minor"]]
    mine = mine.assign(unapplied_minor=-mine["unapplied_minor"])
    other = theirs[1].set_axis(mine.columns, axis=1)
    pd.testing.assert_frame_equal(_sorted(mine), _sorted(other), check_dtype=False)
    headroom = ours[2][["customer_id", "headroom_minor"]]
    pd.testing.assert_frame_equal(_sorted(headroom), _sorted(theirs[2]), check_dtype=False)


def _sorted(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.sort_values(list(frame.columns)).reset_index(drop=True)


def main() -> None:
    """Compare, then time both in turn and print the medians and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--invoices", type=int, default=1_000_000)
    parser.add_argument("--receipts", type=int, default=700_000)
    parser.add_argument("--customers", type=int, default=50_000)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    tables = generated(options.invoices, options.receipts, options.customers)
    assert_equal(by_duebook(tables), by_hand(tables))
    figure = compared(lambda: by_hand(tables), lambda: by_duebook(tables), runs=options.runs)
    print(f"duebook against hand-written pandas: {figure}")


if __name__ == "__main__":
    main()
