"""A table's cells → typed columns, and what is wrong with them."""
