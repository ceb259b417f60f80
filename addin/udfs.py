"""The functions in cells: the catalogue of ``workbook/cell_functions``, published to Excel by xlwings.

xlwings looks for decorated functions in this module, so that each function of the catalogue stands here under its own name.
Ranges arrive as rows of cells, error cells as texts; what is wrong comes back as a text that begins with #DUE!. Where the
decorators do nothing, as on a Mac or Linux, the functions can be called all the same.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import xlwings as xw

from workbook.cell_functions import CATALOGUE, Argument, CellFunction, answer

_AS_ROWS = {"ndim": 2, "err_to_str": True}
"""How xlwings is to hand over every argument: a single cell as a row of one, an error cell by its name."""


def published(function: CellFunction) -> Callable[..., Any]:
    """The function as xlwings takes it: arguments by name, those at the end may be left out; help for it and for each.

    The help is in both languages: which one its readers know is not known where a function is registered.
    """

    def call(*given):  # type: ignore[no-untyped-def]  # xlwings would take hints as converters
        return answer(function, given)

    call.__name__ = call.__qualname__ = function.name
    call.__doc__ = f"{function.help.en}\n{function.help.zh}"
    call.__signature__ = inspect.Signature(list(map(_parameter, function.arguments)))  # type: ignore[attr-defined]
    made: Any = call
    for argument in function.arguments:
        made = xw.arg(argument.name, doc=f"{argument.help.en} {argument.help.zh}", **_AS_ROWS)(made)
    # Last: each of the others sets the category back to xlwings' own.
    return xw.func(category=function.category)(made)  # type: ignore[no-any-return]


def _parameter(argument: Argument) -> inspect.Parameter:
    default = None if argument.is_optional else inspect.Parameter.empty
    return inspect.Parameter(argument.name, inspect.Parameter.POSITIONAL_OR_KEYWORD, default=default)


globals().update({name: published(function) for name, function in CATALOGUE.items()})
