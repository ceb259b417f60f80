"""A workbook that is open in Excel: tables read and written in blocks, through xlwings. ``live_book.py`` is its door."""
