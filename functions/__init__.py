"""The rules of the ledger, on numbers and frames: no files, no Excel, no clock, no languages."""
