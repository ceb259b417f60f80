"""What moved the accounts between two days: the movements of the later position that the earlier one had not."""

from __future__ import annotations

import narwhals as nw

from functions.frames import Frame, left_join, materialise, stack, sum_by

ACCOUNT = ["customer_id", "currency"]
EVENT = [*ACCOUNT, "day", "kind", "reference_id"]


def moved_between(before: Frame, after: Frame, *, from_day: int) -> Frame:
    """``EVENT``, event_day and amount_minor: what is in the later movements and not in the earlier ones, never zero.

    Both are movements as of a day, the earlier one that before ``from_day``. What the earlier ones had and the later ones do
    not, a bounced receipt undid (a discount taken, say): it stands on the day of the account's last reversal, as does what
    takes its place; event_day is its own. By account, the sum is the later balance less the earlier one.
    """
    undone = before.with_columns(amount_minor=-nw.col("amount_minor"))
    moved = sum_by(stack([after, undone], [*EVENT, "amount_minor"]), EVENT, amount_minor="amount_minor")
    moved = materialise(moved.filter(nw.col("amount_minor") != 0))
    reversals = moved.filter(nw.col("kind") == "reversal").group_by(*ACCOUNT).agg(reversal_day=nw.col("day").max())
    moved = left_join(moved, reversals, ACCOUNT, {"reversal_day": from_day})
    day = nw.when(nw.col("day") < from_day).then(nw.col("reversal_day")).otherwise(nw.col("day"))
    return moved.with_columns(day=day, event_day=nw.col("day")).drop("reversal_day")
