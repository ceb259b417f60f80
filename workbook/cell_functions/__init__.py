"""The functions that a cell may call, each declared once; ``addin/udfs.py`` publishes them to Excel."""

from collections.abc import Mapping
from types import MappingProxyType

from workbook.cell_functions.answering import answer
from workbook.cell_functions.declared import CATEGORY, MARK, Argument, CellFunction, Holds
from workbook.cell_functions.ledger_functions import LEDGER_FUNCTIONS
from workbook.cell_functions.scalar_functions import SCALARS

CATALOGUE: Mapping[str, CellFunction] = MappingProxyType({each.name: each for each in (*SCALARS, *LEDGER_FUNCTIONS)})
"""Name → function, in the order in which they are listed."""

__all__ = ["CATALOGUE", "CATEGORY", "MARK", "Argument", "CellFunction", "Holds", "answer"]
