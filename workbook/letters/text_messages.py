"""How long a text message is: in parts, as networks charge for it (3GPP TS 23.038, 23.040).

A text of the GSM alphabet takes 160 characters in one part and 153 in each of several, where characters of its extension
count twice. Any other text is sent as UCS-2: 70 and 67 code units.
"""

from __future__ import annotations

from collections.abc import Set

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")
_GSM = _BASIC | _EXTENDED

MOST_PARTS = 2
"""More than this deserves a look: a reminder is no letter, and each part is paid for."""


def parts_of(text: str) -> int:
    """How many parts a text is sent in; none for an empty one."""
    used = set(text)
    if used <= _GSM:
        return _parts(text, wide=used & _EXTENDED, alone=160, joined=153)
    return _parts(text, wide={character for character in used if ord(character) > 0xFFFF}, alone=70, joined=67)


def _parts(text: str, *, wide: Set[str], alone: int, joined: int) -> int:
    """``wide``: the characters that take two units."""
    if not wide:
        return min(len(text), 1) if len(text) <= alone else -(-len(text) // joined)
    widths = [2 if character in wide else 1 for character in text]
    if sum(widths) <= alone:
        return 1
    parts, room = 1, joined
    for width in widths:
        if width > room:  # a character of two units is never cut in half
            parts, room = parts + 1, joined
        room -= width
    return parts
