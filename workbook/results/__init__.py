"""A run, from the cells of a workbook to the rows of its reports."""
