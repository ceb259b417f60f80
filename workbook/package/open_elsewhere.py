"""Whether a workbook is open for writing somewhere else: the small files that Excel and LibreOffice keep beside it.

Excel's ``~$Book.xlsx`` is 165 bytes: the length of the user's name, the name in the machine's code page, and from byte 55 on
the length and the name again in UTF-16. LibreOffice's ``.~lock.Book.xlsx#`` is text: name, account, machine, time, profile.
"""

from __future__ import annotations

from pathlib import Path

from workbook.refusals import OpenElsewhere

_UTF16_NAME_AT = 55


def refuse_if_open(path: Path) -> None:
    """Raise OpenElsewhere, naming who has it open if their program tells, when an owner file stands beside ``path``."""
    for owner_file, owner in (
        (path.with_name(f"~${path.name}"), _excel_owner),
        (path.with_name(f".~lock.{path.name}#"), _libreoffice_owner),
    ):
        try:
            content = owner_file.read_bytes()
        except FileNotFoundError:
            continue
        except OSError:  # Excel keeps it open and unreadable on a network drive: open it is
            content = b""
        raise OpenElsewhere(path, owner(content), owner_file)


def _excel_owner(content: bytes) -> str:
    if len(content) > _UTF16_NAME_AT + 2:
        length = int.from_bytes(content[_UTF16_NAME_AT : _UTF16_NAME_AT + 2], "little")
        wide = content[_UTF16_NAME_AT + 2 : _UTF16_NAME_AT + 2 + 2 * length].decode("utf-16-le", errors="ignore")
        if _shown(wide):
            return _shown(wide)
    return _shown(content[1 : 1 + content[0]].decode("ascii", errors="ignore")) if content else ""


def _libreoffice_owner(content: bytes) -> str:
    name, _, rest = content.decode("utf-8", errors="ignore").partition(",")
    return _shown(name) or _shown(rest.partition(",")[0])


def _shown(name: str) -> str:
    return "".join(filter(str.isprintable, name)).strip()
