"""Importing: another program's CSV or .xlsx into the tables that staff keep, upserted by key.

The same file twice changes nothing; a blank cell never clears a value; a line that cannot be used is refused with its line
number, and the others are imported.
"""

from workbook.importing.mapping import ImportMap, TableMap, parse_map, read_map
from workbook.importing.result import ImportResult, TableResult
from workbook.importing.source import Source, read_source
from workbook.importing.task import import_file, import_source

__all__ = [
    "ImportMap",
    "ImportResult",
    "Source",
    "TableMap",
    "TableResult",
    "import_file",
    "import_source",
    "parse_map",
    "read_map",
    "read_source",
]
