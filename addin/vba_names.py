"""What VBA and Excel refuse as a name or cut off as help, found before a workbook is built on it.

Reserved words: MS-VBAL 3.3.5.2. A function of a cell must not look like a cell (AR30) nor like one counted by row and column
(R1C1): Excel then takes it for that. The help of a function and of an argument is cut after 255 characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

LONGEST_HELP = 255
LONGEST_NAME = 255
LONGEST_MODULE_NAME = 31
LONGEST_LINE = 1023
MOST_CONTINUATIONS = 24

_RESERVED = frozenset(
    """
    abs addressof and any array as attribute boolean byref byte byval call case cbool cbyte ccur cdate cdbl cdec cdecl cint
    circle clng clnglng clngptr close const csng cstr currency cvar cverr date debug decimal declare defbool defbyte defcur
    defdate defdbl defdec defint deflng deflnglng deflngptr defobj defsng defstr defvar dim do doevents double each else
    elseif empty end endif enum eqv erase event exit false fix for friend function get global gosub goto if imp implements
    in input inputb int integer is lbound len lenb let like linput lock long longlong longptr loop lset me mod new next not
    nothing null on open option optional or paramarray preserve print private pset public put raiseevent redim rem resume
    return rset scale seek select set sgn shared single spc static step stop string sub tab then to true type typeof ubound
    unlock until variant wend while with withevents write xor
    """.split()  # noqa: SIM905  # a column of quoted words would hide what is there
)
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_CELL = re.compile(r"([A-Za-z]{1,3})([1-9][0-9]*)")
_ROW_AND_COLUMN = re.compile(r"R[0-9]*|C[0-9]*|R[0-9]*C[0-9]*", re.IGNORECASE)
_LAST_COLUMN, _LAST_ROW = 16_384, 1_048_576
_HEAD = re.compile(
    r"^(?:(?:Public|Private|Friend|Static) )*(Sub|Function) (\w+)\s*\(([^)]*)\)", re.MULTILINE | re.IGNORECASE
)
_MODULE_NAME = re.compile(r'^Attribute VB_Name = "([^"]*)"', re.MULTILINE)
_DESCRIPTION = re.compile(r'^Attribute (\w+)\.VB_Description = "(.*)"\r?$', re.MULTILINE)
_ARGUMENT = re.compile(r"(?:(?:Optional|ByRef|ByVal|ParamArray) )*(\w+)", re.IGNORECASE)


def faults_of_name(name: str, *, longest: int = LONGEST_NAME) -> Iterator[str]:
    """Why a name cannot stand in VBA."""
    if not _NAME.fullmatch(name):
        yield f"{name!r} is no name in VBA: a letter, then letters, digits and underscores, all ASCII"
    if name.casefold() in _RESERVED:
        yield f"{name!r} is a word of VBA itself"
    if len(name) > longest:
        yield f"{name!r} has {len(name)} characters; {longest} is the most"


def faults_of_cell_function(name: str) -> Iterator[str]:
    """Why a name cannot stand in a formula."""
    yield from faults_of_name(name)
    cell = _CELL.fullmatch(name)
    if cell is not None and _column(cell[1]) <= _LAST_COLUMN and int(cell[2]) <= _LAST_ROW:
        yield f"{name!r} looks like a cell"
    if _ROW_AND_COLUMN.fullmatch(name):
        yield f"{name!r} looks like a cell by row and column"


def faults_of_help(helps: Mapping[str, str]) -> Iterator[str]:
    """``helps``: what it is the help of → its text."""
    for what, text in helps.items():
        if len(text) > LONGEST_HELP:
            yield f"the help of {what} has {len(text)} characters; Excel cuts it after {LONGEST_HELP}"


def faults_of_module(text: str, *, is_for_cells: bool = False) -> Iterator[str]:
    """Why a module of VBA would not work: its name, the names of what it declares and of their arguments, help, lines.

    ``is_for_cells``: its functions are called from formulas.
    """
    name = _MODULE_NAME.search(text)
    if name is None:
        yield "a module without Attribute VB_Name"
    else:
        yield from faults_of_name(name[1], longest=LONGEST_MODULE_NAME)
    if not text.isascii():
        yield "a letter that is not ASCII, which reads differently on another machine"
    declared = [(kind.casefold(), each, arguments) for kind, each, arguments in _HEAD.findall(text)]
    names = [each.casefold() for _, each, _ in declared]
    for kind, each, arguments in declared:
        is_cell_function = is_for_cells and kind == "function"
        yield from faults_of_cell_function(each) if is_cell_function else faults_of_name(each)
        if names.count(each.casefold()) > 1:
            yield f"{each!r} is declared more than once"
        given = [found[1] for part in arguments.split(",") if (found := _ARGUMENT.match(part.strip()))]
        folded = [argument.casefold() for argument in given]
        for argument in given:
            yield from (f"argument of {each}: {fault}" for fault in faults_of_name(argument))
            if argument.casefold() == each.casefold() or folded.count(argument.casefold()) > 1:
                yield f"argument of {each}: {argument!r} is taken"
    yield from faults_of_help({name: help_.replace('""', '"') for name, help_ in _DESCRIPTION.findall(text)})
    yield from _faults_of_lines(text)


def _faults_of_lines(text: str) -> Iterator[str]:
    continued = 0
    for number, line in enumerate(text.splitlines(), start=1):
        continued = continued + 1 if line.endswith(" _") else 0
        if len(line) > LONGEST_LINE:
            yield f"line {number} has {len(line)} characters; {LONGEST_LINE} is the most"
        if continued > MOST_CONTINUATIONS:
            yield f"line {number}: more than {MOST_CONTINUATIONS} continued lines"


def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
