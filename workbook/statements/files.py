"""Statements and confirmations as files, each of one customer and of nobody else."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from workbook.progress import step_by_step
from workbook.statements.accounts import Account, Addressee
from workbook.statements.blocks import Document
from workbook.statements.content import Period, Sender, confirmation, statement
from workbook.statements.file_names import file_name

KINDS = ("statement", "confirmation")


def name_of(kind: str, customer_id: str, period: Period, form: str) -> str:
    """The file's name: statement-C001-2024-05-31.xlsx."""
    return file_name(kind, customer_id, period.last.isoformat(), f".{form}")


def customer_files(
    accounts: Mapping[str, Sequence[Account]],
    who: Mapping[str, Addressee],
    sender: Sender,
    period: Period,
    *,
    kind: str,
    form: str,
    label: str,
) -> dict[str, bytes]:
    """File name → its content, one for each customer of ``accounts``."""
    tells, write = (confirmation if kind == "confirmation" else statement), _writer(form)
    files = {}
    for each in step_by_step(list(accounts), label):
        files[name_of(kind, each, period, form)] = write(tells(accounts[each], who[each], sender, period))
    return files


def _writer(form: str) -> Callable[[Document], bytes]:
    if form == "docx":
        from workbook.statements.as_letter import letter_bytes

        return letter_bytes
    from workbook.statements.as_workbook import workbook_bytes

    return workbook_bytes
