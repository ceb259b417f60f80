"""Billing: the invoices of contracts that are due to be issued, proposed on a sheet and posted from it."""
