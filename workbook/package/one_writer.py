"""One writer at a time: a lock of the operating system on a small file beside the target, whose text names the holder.

The lock dies with its process, so a run that was killed blocks nobody: what it leaves of the file is taken over.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import getpass
import hashlib
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

from workbook.refusals import BeingWritten

_LONGEST_NAME = 200  # bytes: what is put around it must fit in the 255 of most file systems
_LONGEST_HOLDER = 300  # bytes
_FAR_BEHIND_THE_TEXT = 2**30

_held: set[tuple[str, int]] = set()
"""The files that are locked in this process, and by which of its threads."""


@contextlib.contextmanager
def one_writer(target: Path) -> Iterator[bool]:
    """Hold the lock of ``target``, of the file itself where it is a link; what this thread holds already it may take again.

    Yields whether it is held: a folder that cannot be written has no lock, nor have some file systems. What was read is then
    still compared with what is there just before it is replaced. Raises BeingWritten.
    """
    real = Path(os.path.realpath(target))
    holding = (os.path.normcase(real), threading.get_ident())
    if holding in _held:
        yield True
        return
    lock_file = beside(real, ".lock")
    descriptor = _taken(lock_file, target)
    if descriptor is None:
        yield False
        return
    _held.add(holding)
    try:
        yield True
    finally:
        _held.remove(holding)
        _give_back(descriptor, lock_file)


def beside(target: Path, ending: str) -> Path:
    """A file of ours that belongs to ``target``: hidden, in its folder, and recognised by its name."""
    name = os.fsencode(target.name)
    shown = target.name if len(name) <= _LONGEST_NAME else hashlib.sha256(name).hexdigest()
    return target.parent / f".duebook-{shown}{ending}"


def _taken(lock_file: Path, target: Path) -> int | None:
    """The locked file's descriptor, or None where nothing can be locked. Raises BeingWritten."""
    while (descriptor := _opened(lock_file)) is not None:
        with contextlib.ExitStack() as unless_taken:
            unless_taken.callback(os.close, descriptor)
            try:
                is_ours = _is_locked_by_us(descriptor)
            except OSError:  # a file system without locks
                with contextlib.suppress(OSError):
                    lock_file.unlink()
                return None
            if not is_ours:
                raise BeingWritten(target, _holder_in(descriptor))
            # Whoever held it may have removed it after we had opened it: such a lock keeps nobody out.
            if _is_at(lock_file, descriptor):
                _name_holder_in(descriptor)
                unless_taken.pop_all()
                return descriptor
    return None


def _opened(lock_file: Path) -> int | None:
    no_links = getattr(os, "O_NOFOLLOW", 0)  # a link put there by someone would have us write where it points
    try:
        try:
            return os.open(lock_file, os.O_RDWR | os.O_CREAT | no_links, 0o666)
        except PermissionError:  # another user's: to ask for the lock and read the holder it is enough to read
            return os.open(lock_file, os.O_RDONLY | no_links)
    except OSError:
        return None


def _is_at(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(path.lstat(), os.fstat(descriptor))
    except OSError:
        return False


def _holder_in(descriptor: int) -> str:
    os.lseek(descriptor, 0, os.SEEK_SET)
    text = os.read(descriptor, _LONGEST_HOLDER).decode(errors="ignore")
    return "".join(filter(str.isprintable, text)).strip()


def _name_holder_in(descriptor: int) -> None:
    with contextlib.suppress(OSError):  # on a full disk the lock holds without a name
        os.ftruncate(descriptor, 0)
        os.lseek(descriptor, 0, os.SEEK_SET)
        os.write(descriptor, f"{_this_run()}\n".encode()[:_LONGEST_HOLDER])


def _this_run() -> str:
    import socket

    try:
        user = getpass.getuser()
    except (OSError, KeyError, ImportError):  # an account without a name
        user = "somebody"
    since = dt.datetime.now().isoformat(" ", "seconds")
    return f"{user} on {socket.gethostname()} (process {os.getpid()}) since {since}"


if sys.platform == "win32":
    import msvcrt

    def _is_locked_by_us(descriptor: int) -> bool:
        # What is locked on Windows cannot be read either.
        os.lseek(descriptor, _FAR_BEHIND_THE_TEXT, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except PermissionError:
            return False
        return True

    def _give_back(descriptor: int, lock_file: Path) -> None:
        # An open file cannot be removed on Windows: closed first, and left to a run that has opened it by then.
        with contextlib.suppress(OSError):
            os.lseek(descriptor, _FAR_BEHIND_THE_TEXT, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)
        os.close(descriptor)
        with contextlib.suppress(OSError):
            lock_file.unlink()

else:
    import fcntl

    def _is_locked_by_us(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _give_back(descriptor: int, lock_file: Path) -> None:
        # Removed while it is locked: afterwards it could be another run's.
        with contextlib.suppress(OSError):
            lock_file.unlink()
        os.close(descriptor)
