"""Statements as banks send them (CAMT.053, MT940, OFX): recognised by what they hold, read, and proved to add up."""

from workbook.bank_files.reading import read_statements
from workbook.bank_files.statement import Statement, StatementLine

__all__ = ["Statement", "StatementLine", "read_statements"]
