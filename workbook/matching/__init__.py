"""Matching: the lines of bank statements with receipts that are recorded, and with what is open."""
