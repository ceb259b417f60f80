"""What of a statement the workbook does not have: banks let their customers download any span of days, and spans overlap.

BankBalances say what moved on an account. A day that stood in two of its rows would count twice.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Iterator
from dataclasses import replace
from itertools import groupby

from workbook.bank_files.statement import Statement


def new_parts(statement: Statement, known: Container[str], *, read_until: dt.date | None = None) -> Iterator[Statement]:
    """The statement, if it has a number and none of its lines is known; else a part for each run of lines that are new.

    No part goes over the end of a month, for which books are reconciled. Of a statement without anything new there is one
    row if it says that nothing moved since ``read_until``, the last day that the account's balances are known of.
    ``statement.lines`` are in the order in which they were booked; ``known``: the ids of lines.
    """
    if statement.statement_id and not any(line.line_id in known for line in statement.lines):
        yield statement
        return
    assert statement.opening_minor is not None
    balance = statement.opening_minor
    # Each part begins on the day of its first line, but the first; the last one reaches as far as the statement.
    for (is_known, _), run in groupby(
        statement.lines, key=lambda line: (line.line_id in known, (line.booked_on.year, line.booked_on.month))
    ):
        lines = tuple(run)
        opening, balance = balance, balance + sum(line.amount_minor for line in lines)
        if not is_known:
            last = statement.to_date if lines[-1] is statement.lines[-1] else lines[-1].booked_on
            yield replace(
                statement,
                statement_id=f"{last:%Y%m%d}/{lines[-1].line_id}",
                from_date=statement.from_date if lines[0] is statement.lines[0] else lines[0].booked_on,
                to_date=last,
                opening_minor=opening,
                closing_minor=balance,
                lines=lines,
            )
    if statement.lines[-1].line_id in known and read_until is not None and read_until < statement.to_date:
        yield replace(
            statement,
            statement_id=f"{statement.to_date:%Y%m%d}/{statement.lines[-1].line_id}",
            from_date=read_until + dt.timedelta(days=1),
            opening_minor=statement.closing_minor,
            lines=(),
        )
