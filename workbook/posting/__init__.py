"""Posting: one new row for a table that staff keep, judged like a line of an import and like a row of the ledger."""
