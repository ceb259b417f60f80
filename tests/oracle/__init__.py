"""The rules of RULES §§1 to 11 once more, in plain Python, row by row, slow and obvious.

The engines in ``functions/`` must agree with it on every ledger. Each entry point takes the tables as lists of rows in the
shapes of ``functions.ledger.SHAPES``, the policy and the day.
"""

from tests.oracle.aging import aging
from tests.oracle.credit import credit
from tests.oracle.interest import interest
from tests.oracle.position import Position, position
from tests.oracle.reminders import Reminders, reminders
from tests.oracle.rows import Issue, Row, Tables
from tests.oracle.statements import not_told_amounts, told_balances, told_open

__all__ = [
    "Issue",
    "Position",
    "Reminders",
    "Row",
    "Tables",
    "aging",
    "credit",
    "interest",
    "not_told_amounts",
    "position",
    "reminders",
    "told_balances",
    "told_open",
]
