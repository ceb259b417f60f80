"""A new workbook, made from the declared tables."""
