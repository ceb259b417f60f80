"""Writing a file whole or not at all: into a file beside it, to the disk, then in its place in one step."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from collections.abc import Callable
from pathlib import Path

from workbook.refusals import NotWritable

_WRITABLE_BY_ANYONE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH


def refuse_if_not_writable(target: Path) -> None:
    """Raise NotWritable where a save is bound to fail: a folder, a read-only file, no such folder or a read-only one."""
    folder = target.parent
    if not folder.is_dir():
        raise NotWritable(target, f"there is no folder {folder}")
    if target.is_dir():
        raise NotWritable(target, "it is a folder")
    if target.exists() and not (target.stat().st_mode & _WRITABLE_BY_ANYONE and os.access(target, os.W_OK)):
        raise NotWritable(target, "it is read-only")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise NotWritable(target, f"the folder {folder} is read-only")


def write_whole(target: Path, content: bytes, *, before_replacing: Callable[[], None] = lambda: None) -> None:
    """Put ``content`` in the place of ``target``, or leave what was there as it was.

    ``before_replacing`` is called when all is on the disk and nothing is replaced yet; what it raises stops the save. A link
    keeps pointing where it did, and a file keeps its permissions. Raises NotWritable.
    """
    target = Path(os.path.realpath(target))
    refuse_if_not_writable(target)
    temporary = target.with_name(f".duebook-{secrets.token_hex(8)}.tmp")
    try:
        try:
            _write_to_disk(temporary, content)
            if target.exists():
                temporary.chmod(stat.S_IMODE(target.stat().st_mode))
            before_replacing()
            os.replace(temporary, target)
        except BaseException:
            with contextlib.suppress(FileNotFoundError):
                temporary.unlink()
            raise
        _folder_to_disk(target.parent)
    except OSError as error:
        raise NotWritable(target, error.strerror or str(error)) from error


def _write_to_disk(path: Path, content: bytes) -> None:
    # "x" never follows a link that someone put there, and gives a new file the permissions that new files have.
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _folder_to_disk(folder: Path) -> None:
    if os.name == "nt":  # Windows does not open folders, and keeps its own journal
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        # The new name is in place by now; some network drives cannot say that it is on the disk.
        with contextlib.suppress(OSError):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)
