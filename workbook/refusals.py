"""Why a task is refused: what is wrong, and what to do next.

A refusal is raised before anything is written; the command line prints it and ends with exit status 2. Each is a named
type whose wording lives in its constructor: one line, in the user's words, that ends with what to do.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

# Line breaks, what moves the cursor of a terminal, what turns the direction of writing: names in a workbook may hold them.
_NOT_OF_A_LINE = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]+")
_LONGEST_REASON = 300  # characters


class Refusal(Exception):
    """A task cannot be done as asked. Its text says why and what to do, on one line."""

    def __init__(self, text: str) -> None:
        super().__init__(_NOT_OF_A_LINE.sub(" ", text))


class NeedsConfirmation(Refusal):
    """A task that goes on once somebody says so: ``question`` is what to ask, and ``yes=True`` tells the task the answer."""

    def __init__(self, text: str, *, question: str) -> None:
        super().__init__(text)
        self.question = question


def on_one_line(reason: str) -> str:
    """What a library said, without its line breaks, and without end where it quotes what it found."""
    said = " ".join(reason.split())
    return said if len(said) <= _LONGEST_REASON else f"{said[:_LONGEST_REASON]}…"


class UnreadableWorkbook(Refusal):
    """The file cannot be opened as a workbook."""


class NoSuchFile(UnreadableWorkbook):
    def __init__(self, path: Path) -> None:
        super().__init__(f"{path}: there is no such file. Check the name, or make a workbook with: duebook new {path.name}")


class IsAFolder(UnreadableWorkbook):
    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is a folder, not a workbook. Name the .xlsx or .xlsm file in it.")


class NotReadable(UnreadableWorkbook):
    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path} cannot be read ({reason}). Check your permissions, and that the drive is there.")


class NotAWorkbook(UnreadableWorkbook):
    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is not an Excel workbook. Open it in Excel and save it as .xlsx or .xlsm.")


class OldWorkbook(UnreadableWorkbook):
    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is an Excel 97-2003 workbook (.xls). Open it in Excel and save it as .xlsx or .xlsm.")


class BinaryWorkbook(UnreadableWorkbook):
    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is a binary workbook (.xlsb). Open it in Excel and save it as .xlsx or .xlsm.")


class EncryptedWorkbook(UnreadableWorkbook):
    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is protected by a password. Open it in Excel, take the password off and save it.")


class DamagedWorkbook(UnreadableWorkbook):
    def __init__(self, path: Path, what: str) -> None:
        super().__init__(
            f"{path} is damaged ({on_one_line(what)}). Let Excel repair it (Open and Repair), or take the last good copy."
        )


class DuplicateParts(UnreadableWorkbook):
    def __init__(self, path: Path, part: str) -> None:
        super().__init__(
            f"{path} holds two parts named {part}: nobody can tell which one counts. Open it in Excel and save it anew."
        )


class DeclaresADocumentType(UnreadableWorkbook):
    def __init__(self, path: Path, part: str) -> None:
        super().__init__(
            f"{path}: part {part} declares a document type, which no workbook needs and attacks begin with. "
            "Ask where the file came from; Excel can save a clean copy."
        )


class TooLarge(UnreadableWorkbook):
    def __init__(self, path: Path, what: str, found: int, limit: int, variable: str) -> None:
        super().__init__(
            f"{path} is larger than it may be: {found:,} {what}, where {limit:,} is the limit. "
            f"If you know where the file comes from, raise the limit: set {variable} to {found} or more."
        )


class SheetTooLarge(UnreadableWorkbook):
    def __init__(self, book: str, sheet: str, cells: int, variable: str) -> None:
        super().__init__(
            f"{book}: sheet {sheet} reaches too far to be read: a cell far from the others holds something. "
            "Go to its last cell (Ctrl+End), delete the empty rows and columns on the way, and save; "
            f"or set {variable} to {cells} or more."
        )


class NotALimit(Refusal):
    def __init__(self, variable: str, given: str) -> None:
        super().__init__(f"{variable} is {on_one_line(given)!r}: give it a whole number above zero, or take it away.")


class TableFault(Refusal):
    """A table that a task needs is not as it must be."""


class MissingTable(TableFault):
    def __init__(self, book: str, table: str) -> None:
        super().__init__(
            f"{book} has no table named {table}. Add it with: duebook sheet {book} {table} "
            "(or give your own Excel table this name: Table Design > Table Name)."
        )


class DuplicateTable(TableFault):
    def __init__(self, book: str, table: str, sheets: Sequence[str]) -> None:
        super().__init__(
            f"{book} has {len(sheets)} tables named {table} (on {' and '.join(sheets)}). "
            "Rename all but one of them: Table Design > Table Name."
        )


class MissingColumn(TableFault):
    def __init__(self, table: str, columns: Sequence[str]) -> None:
        names = ", ".join(columns)
        super().__init__(f"Table {table} has no column {names}. Add the header, or give your own column this name.")


class DuplicateColumn(TableFault):
    def __init__(self, table: str, column: str, addresses: Sequence[str] = ()) -> None:
        where = f" ({' and '.join(addresses)})" if addresses else ""
        super().__init__(f"Table {table} has more than one column {column}{where}. Rename or delete all but one of them.")


class UserOwnedTable(TableFault):
    def __init__(self, table: str) -> None:
        super().__init__(f"Table {table} is kept by staff: it is added to, never rewritten. Use duebook import.")


class NoRoom(TableFault):
    def __init__(self, table: str, where: str, what: str) -> None:
        super().__init__(
            f"Table {table} cannot grow: {what} in the way at {where}. "
            "Make room below the table and to its right, and run again."
        )


class TextTooLong(TableFault):
    def __init__(self, where: str, length: int) -> None:
        super().__init__(f"The text for {where} has {length} characters; an Excel cell holds 32767. Shorten it.")


class CannotSave(Refusal):
    """The workbook cannot be saved where it was asked for; nothing was written."""


class OpenElsewhere(CannotSave):
    def __init__(self, path: Path, by: str, owner_file: Path) -> None:
        who = f" by {by}" if by else ""
        super().__init__(
            f"{path} is open{who}. Close it there, or write to another file with -o. "
            f"(If nobody has it open, delete {owner_file.name} beside it.)"
        )


class ChangedMeanwhile(CannotSave):
    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} was changed by someone else while this ran. Run again to work on what it holds now.")


class BeingWritten(CannotSave):
    def __init__(self, path: Path, holder: str) -> None:
        super().__init__(
            f"{path} is being written by {holder or 'another run'}. "
            "Wait until that has ended and run again, or write to another file with -o."
        )


class WouldLose(CannotSave):
    def __init__(self, path: Path, losses: str) -> None:
        super().__init__(
            f"{path} would lose {losses}, as openpyxl does not keep them. Leave --engine openpyxl out to keep all of it, "
            "or add --accept-loss."
        )


class NotWritable(CannotSave):
    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path} cannot be written ({reason}). Check the folder and your permissions, or use -o.")


class WrongSuffix(CannotSave):
    def __init__(self, path: Path, suffix: str) -> None:
        super().__init__(f"Excel would not open {path.name}, as it holds a {suffix} workbook. Name it {path.stem}{suffix}.")


class Signed(CannotSave):
    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} is digitally signed, and any change breaks the signature. "
            "Take the signature off in Excel (File > Info), or work on a copy that was never signed."
        )


class NotVerified(CannotSave):
    def __init__(self, path: Path, what: str) -> None:
        super().__init__(
            f"{path} was not saved: what was written does not read back as it was meant ({on_one_line(what)}). "
            "Nothing was changed. Please report it with the workbook, or try --engine openpyxl with -o."
        )


class NotEditable(CannotSave):
    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"{path} can be read but not edited here ({on_one_line(reason)}). Save it in Excel under a new name, use that."
        )
