"""Why an import is refused as a whole: nothing has been written. A line that cannot be used is an issue instead."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from workbook.refusals import Refusal

_SHOWN = 40


class ImportRefused(Refusal):
    """The file, or the map, cannot be imported as asked."""


class NoSuchSource(ImportRefused):
    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path} cannot be read ({reason}). Check the name of the file to import.")


class UnknownEncoding(ImportRefused):
    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path.name}: its letters are neither UTF-8 nor GB 18030, and guessing would spoil names. "
            "Save it from Excel as 'CSV UTF-8' or as .xlsx, or name its encoding."
        )


class UnreadableInEncoding(ImportRefused):
    def __init__(self, path: Path, encoding: str) -> None:
        super().__init__(f"{path.name} is not text in {encoding}. Save it from Excel as 'CSV UTF-8'.")


class NotText(ImportRefused):
    def __init__(self, path: Path) -> None:
        super().__init__(f"{path.name} is neither text nor an Excel workbook. Save it as .xlsx, or as 'CSV UTF-8'.")


class BrokenQuotes(ImportRefused):
    def __init__(self, path: Path, line: int, reason: str) -> None:
        super().__init__(
            f"{path.name} line {line}: its quotes do not match ({reason}), so that what follows cannot be told apart. "
            'Correct that line (a quote within quotes is written twice: ""), or export the file as .xlsx.'
        )


class EmptySource(ImportRefused):
    def __init__(self, path: Path) -> None:
        super().__init__(f"{path.name} has no row of headers: there is nothing to import. Check that it is the right file.")


class NoSuchSheet(ImportRefused):
    def __init__(self, path: Path, sheet: str, sheets: Sequence[str]) -> None:
        super().__init__(f"{path.name} has no sheet {sheet}. Its sheets are: {', '.join(sheets)}.")


class SheetsOfTextFile(ImportRefused):
    def __init__(self, path: Path, sheet: str) -> None:
        super().__init__(f"{path.name} is a text file: it has no sheet {sheet}. Leave the sheet out.")


class UnreadableMap(ImportRefused):
    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"The map {path} cannot be read ({reason}). It is a TOML file; docs/importing.md shows one.")


class MapFault(ImportRefused):
    def __init__(self, name: str, what: str) -> None:
        super().__init__(f"{name}: {what}")


class UnknownHeader(ImportRefused):
    def __init__(self, source: str, header: str, table: str, headers: Sequence[str]) -> None:
        super().__init__(
            f"{source} has no column {header!r}, which the map names for table {table}. Its columns are: {_listed(headers)}."
        )


class HeadersMeetInOneColumn(ImportRefused):
    def __init__(self, source: str, first: str, second: str, table: str, column: str) -> None:
        super().__init__(
            f"{source}: {first} and {second} both read as {column} of table {table}. "
            "Rename one of them in the file, or say which one with a map (--map)."
        )


class HeaderTwice(ImportRefused):
    def __init__(self, source: str, header: str, places: Sequence[str]) -> None:
        super().__init__(
            f"{source} has more than one column {header!r} ({' and '.join(places)}). Rename all but the one meant."
        )


class NothingMatches(ImportRefused):
    def __init__(self, source: str, table: str, headers: Sequence[str], wanted: Sequence[str]) -> None:
        super().__init__(
            f"{source}: none of its headers is a column of table {table} (found: {_listed(headers)}). "
            f"Name them after our columns ({_listed(wanted)}), or say which is which with a map (--map)."
        )


class RequiredColumnsMissing(ImportRefused):
    def __init__(self, source: str, table: str, columns: Sequence[str], headers: Sequence[str]) -> None:
        super().__init__(
            f"{source} has no column for {', '.join(columns)}, without which no row of table {table} can be imported "
            f"(found: {_listed(headers)}). Add it, rename its header, or say which it is with a map (--map)."
        )


class NotImportable(ImportRefused):
    def __init__(self, table: str, importable: Sequence[str]) -> None:
        super().__init__(f"{table} is no table to import into. Those are: {', '.join(importable)}.")


class NoDestination(ImportRefused):
    def __init__(self, source: str) -> None:
        super().__init__(f"Say where the rows of {source} go: either --table NAME, or --map MAP.toml.")


class UnreadableConstant(ImportRefused):
    def __init__(self, table: str, column: str, value: object, what_to_do: str) -> None:
        super().__init__(f"The map's constant {column} = {value!r} for table {table} cannot be used. {what_to_do}")


def _listed(names: Sequence[str]) -> str:
    """The names, the last ones left out where there are too many to read."""
    shown = ", ".join(name for name in names[:_SHOWN] if name)
    return f"{shown}, …" if len(names) > _SHOWN else shown
