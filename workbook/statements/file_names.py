"""The name of a customer's file: safe on Windows, and no other customer's, whoever else is there."""

from __future__ import annotations

import hashlib
import re
import unicodedata

_UNSAFE = re.compile(r'[<>:"/\\|?*\s~%\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]+')
_LONGEST = 60  # characters of an id
_HASHED = 10


def file_name(kind: str, customer_id: str, day: str, suffix: str) -> str:
    """statement-C001-2024-05-31.xlsx. ``kind`` goes before the id, so that no reserved name (CON, NUL) can come about.

    An id that cannot stand as it is, or that differs from another only in what Windows does not tell apart (capitals, forms
    of one letter), is followed by a part of its hash: the name depends on the id alone and is the same on every run.
    """
    kept = _UNSAFE.sub("_", customer_id)[:_LONGEST].strip(".")
    is_plain = kept == customer_id == customer_id.upper() == unicodedata.normalize("NFKC", customer_id)
    if not is_plain:
        digest = hashlib.sha256(customer_id.encode("utf-8", "surrogatepass")).hexdigest()[:_HASHED]
        kept = f"{kept}~{digest}"
    return f"{kind}-{kept}-{day}{suffix}"
