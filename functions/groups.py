"""Groups of customers that share the limit of their head (RULES §7)."""

from __future__ import annotations

import narwhals as nw

from functions.findings import findings, first_fault
from functions.frames import Frame, has_minor, left_join, materialise, text


def effective_groups(customers: Frame) -> tuple[Frame, Frame]:
    """Who belongs to which group: a frame (customer_id, group_id, head_id, is_member) and the findings.

    ``group_id`` in the table of customers names the head. In the result it is the head's id, for the head as well, and
    blank for who is alone; ``head_id`` is whose limit counts, one's own when alone. Groups do not nest: whoever is named
    as a head is one, and whom it names itself is ignored (``nested_group``); so is a name that is no customer's
    (``unknown_group``). A member's own limit is ignored, too (``member_limit_ignored``). All are warnings.
    """
    asks = (nw.col("group_id") != "") & (nw.col("group_id") != nw.col("customer_id"))
    groups = customers.select("row", "customer_id", "group_id", "credit_limit_minor").with_columns(asks=asks)
    known = customers.select(group_id="customer_id", is_known=nw.lit(True))
    groups = left_join(groups, known, "group_id", {"is_known": False})
    groups = left_join(groups, _named_by(groups, "asks", flag="is_named"), "customer_id", {"is_named": False})
    groups = groups.with_columns(is_member=nw.col("asks") & nw.col("is_known") & ~nw.col("is_named"))
    groups = left_join(groups, _named_by(groups, "is_member", flag="is_head"), "customer_id", {"is_head": False})
    groups = materialise(groups)
    own, named, nobody = nw.col("customer_id"), nw.col("group_id"), text("")
    result = groups.select(
        "customer_id",
        "is_member",
        group_id=nw.when(nw.col("is_member")).then(named).otherwise(nw.when(nw.col("is_head")).then(own).otherwise(nobody)),
        head_id=nw.when(nw.col("is_member")).then(named).otherwise(own),
    )
    faults = {
        "unknown_group": nw.col("asks") & ~nw.col("is_known"),
        "nested_group": nw.col("asks") & nw.col("is_named"),
        "member_limit_ignored": nw.col("is_member") & has_minor("credit_limit_minor"),
    }
    fields = {"unknown_group": "group_id", "nested_group": "group_id", "member_limit_ignored": "credit_limit"}
    judged = groups.with_columns(code=first_fault(faults))
    return result, findings(judged, table="customers", key="customer_id", fields=fields)


def _named_by(groups: Frame, condition: str, *, flag: str) -> Frame:
    """The customers that a row for which the condition holds names as its head, each once, with the flag set."""
    named = groups.filter(nw.col(condition)).select(customer_id="group_id").unique(["customer_id"])
    return named.with_columns(nw.lit(True).alias(flag))
