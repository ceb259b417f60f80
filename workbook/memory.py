"""Memory given back to the system as soon as it is free: a close of a large ledger needs a quarter less so.

The C library keeps what was freed for later, up to 32 MB a piece, and pandas' Arrow strings have a pool of their own that
does the same. A close frees much of what it read before it writes, in pieces that are not used again.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable

# Numbers of glibc's malloc.h.
_TRIM_THRESHOLD, _TOP_PAD, _MMAP_THRESHOLD = -1, -2, -3
# A large block goes back by itself. Of small ones some room is kept: to ask for it anew took a twentieth of a close.
_LARGE, _KEPT, _TAKEN_AT_ONCE = 256 << 10, 4 << 20, 1 << 20


def give_back_what_is_free() -> None:
    """Ask for it, before pandas is imported, where the C library is glibc; elsewhere nothing changes."""
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    mallopt = _of_the_c_library("mallopt")
    if mallopt is not None:
        mallopt(_MMAP_THRESHOLD, _LARGE)
        mallopt(_TRIM_THRESHOLD, _KEPT)
        mallopt(_TOP_PAD, _TAKEN_AT_ONCE)


def give_back_now() -> None:
    """Give back what lies free between pieces in use too, where the C library is glibc: after much was let go."""
    malloc_trim = _of_the_c_library("malloc_trim")
    if malloc_trim is not None:
        malloc_trim(0)


def _of_the_c_library(name: str) -> Callable[..., int] | None:
    return getattr(ctypes.CDLL(None), name, None) if os.name == "posix" else None
