"""Locked periods: what a lock keeps, what was changed behind it, and who may write into one."""
