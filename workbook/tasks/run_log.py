"""One line a run: what was asked, what was read, what came out, and whether it tied out. Customers by id only."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from importlib.metadata import version

from workbook.log_chain import append_lines
from workbook.port import Book, Cell
from workbook.results.figures import Figures
from workbook.results.summary import summary
from workbook.tasks.row_counts import counts_text


@dataclass(frozen=True)
class Run:
    """A task and its arguments; ``what``: those before the options."""

    task: str
    ran_at: dt.datetime
    as_of: dt.date | None = None
    known_on: dt.date | None = None
    by: str = ""
    what: str = ""

    def arguments(self) -> str:
        """As one would type them."""
        given = {"as-of": self.as_of, "known-on": self.known_on, "by": self.by}
        return " ".join(filter(None, [self.what, *(f"--{name} {value}" for name, value in given.items() if value)]))


def log_run(book: Book, run: Run, figures: Figures) -> None:
    """Append the run to RunLog."""
    told = summary(figures)
    failing = [f"{check.name} {check.currency} {check.difference_minor}" for check in figures.tie_out if not check.holds]
    append_run(
        book,
        run,
        rows_read=counts_text(figures.source.rows_read()),
        rows_left_out=counts_text(figures.source.left_out_rows()),
        totals=json.dumps(told["currencies"], separators=(",", ":")),
        tie_out="; ".join(failing) or "holds",
    )


def append_run(book: Book, run: Run, **told: Cell) -> None:
    """Append a run to RunLog, with what else there is to tell of it by column."""
    columns: dict[str, Cell] = {
        "run_id": f"{run.ran_at:%Y%m%d-%H%M%S-%f}-{run.task}",
        "ran_at": run.ran_at.isoformat(sep=" ", timespec="seconds"),
        "task": run.task,
        "arguments": run.arguments(),
        "as_of": run.as_of,
        "version": version("duebook"),
        "file_hashes": book.digest,
        **told,
    }
    append_lines(book, {key: [cell] for key, cell in columns.items()})
