"""Writing a file whole or not at all: into a file beside it, to the disk, then in its place in one step."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import stat
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from workbook.package.one_writer import beside, one_writer
from workbook.refusals import NotWritable

_WRITABLE_BY_ANYONE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH
_TOKEN_BYTES, _TEMPORARY = 8, ".tmp"
_STRETCH = 1 << 20
_WINDOWS_IN_USE = (5, 32)  # what Windows says of a file that someone has open: access denied, sharing violation


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


def holds(path: Path, content: bytes) -> bool:
    """Whether a file holds these very bytes, told without a second copy of them. Raises OSError."""
    with path.open("rb") as file:
        for start in range(0, len(content), _STRETCH):
            if file.read(_STRETCH) != content[start : start + _STRETCH]:
                return False
        return not file.read(1)


def write_whole(
    target: Path,
    content: bytes,
    *,
    verify: Callable[[Path], None] = lambda temporary: None,
    before_replacing: Callable[[], None] = lambda: None,
    leftovers: Sequence[Path] | None = None,
) -> None:
    """Put ``content`` in the place of ``target``, or leave what was there as it was.

    ``verify`` is called with the file beside it when all is on the disk, then ``before_replacing``; what they raise stops
    the save. A link keeps pointing where it did, and a file keeps its permissions. What a save that was killed has left
    beside it is taken away; ``leftovers`` are what might be that, where the folder was looked through already. Raises
    NotWritable, BeingWritten.
    """
    target = Path(os.path.realpath(target))
    refuse_if_not_writable(target)
    with one_writer(target) as is_alone:
        if is_alone:
            _sweep(target, _leftovers(target.parent) if leftovers is None else leftovers)
        temporary = beside(target, f".{secrets.token_hex(_TOKEN_BYTES)}{_TEMPORARY}")
        try:
            try:
                _write_to_disk(temporary, content, _permissions(target))
                verify(temporary)
                before_replacing()
                _replace(target, temporary)
            except BaseException:
                with contextlib.suppress(OSError):
                    temporary.unlink()
                raise
        except OSError as error:
            raise NotWritable(target, error.strerror or str(error)) from error
        _folder_to_disk(target.parent)


def write_all(files: Mapping[Path, bytes]) -> None:
    """Put each file in its place as ``write_whole`` does, one after the other, and make the folders that are not there.

    A folder is looked through once for what killed saves have left: once for each of thousands of files would take longer
    than writing all of them. Raises NotWritable, BeingWritten.
    """
    leftovers: dict[Path, Sequence[Path]] = {}
    for path, content in files.items():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise NotWritable(path, error.strerror or str(error)) from error
        folder = Path(os.path.realpath(path)).parent
        if folder not in leftovers:
            leftovers[folder] = _leftovers(folder)
        write_whole(path, content, leftovers=leftovers[folder])


def _leftovers(folder: Path) -> list[Path]:
    with contextlib.suppress(OSError):
        return [path for path in folder.iterdir() if path.suffix == _TEMPORARY]
    return []


def _sweep(target: Path, leftovers: Sequence[Path]) -> None:
    """Take away the files of earlier saves of ``target``: one that is still there when no one writes was killed."""
    ours = re.compile(re.escape(beside(target, ".").name) + rf"[0-9a-f]{{{2 * _TOKEN_BYTES}}}{re.escape(_TEMPORARY)}")
    for path in leftovers:
        if ours.fullmatch(path.name):
            with contextlib.suppress(OSError):
                path.unlink()


def _permissions(target: Path) -> int | None:
    return stat.S_IMODE(target.stat().st_mode) if target.exists() else None


def _write_to_disk(path: Path, content: bytes, permissions: int | None) -> None:
    def opener(name: str, flags: int) -> int:
        # From the first byte on, no one may read it who may not read the target.
        return os.open(name, flags, 0o666 if permissions is None else permissions)

    # "x" never follows a link that someone put there, and gives a new file the permissions that new files have.
    with open(path, "xb", opener=opener) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    if permissions is not None:
        path.chmod(permissions)


def _replace(target: Path, temporary: Path) -> None:
    try:
        os.replace(temporary, target)
    except PermissionError as error:
        if getattr(error, "winerror", None) in _WINDOWS_IN_USE:
            raise NotWritable(target, "another program, such as Excel, has it open") from error
        raise


def _folder_to_disk(folder: Path) -> None:
    if os.name == "nt":  # Windows does not open folders, and keeps its own journal
        return
    # The new name is in place by now; some network drives cannot say that it is on the disk.
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
