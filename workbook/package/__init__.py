"""The package of an .xlsx file: its tables, its cells, and how it is changed and saved whole."""
