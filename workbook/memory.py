"""Memory given back to the system as soon as it is free: a close of a large ledger needs a quarter less so.

The C library keeps what was freed for later, up to 32 MB a piece, and pandas' Arrow strings have a pool of their own that
does the same. A close frees much of what it read before it writes, in pieces that are not used again.
"""

from __future__ import annotations

import ctypes
import os

# Numbers of glibc's malloc.h.
_TRIM_THRESHOLD, _TOP_PAD, _MMAP_THRESHOLD = -1, -2, -3
_LARGE = 256 * 1024


def give_back_what_is_free() -> None:
    """Ask for it, before pandas is imported, where the C library is glibc; elsewhere nothing changes."""
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    if os.name != "posix":
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_MMAP_THRESHOLD, _LARGE)
        mallopt(_TRIM_THRESHOLD, _LARGE)
        mallopt(_TOP_PAD, _LARGE // 4)
