"""Names of companies, taken apart for comparing: a Chinese and a Latin half, without their legal forms.

Customers of a Chinese ledger are often called in both scripts at once; banks write one of them, programs the other. Legal
forms, case, width, accents and punctuation tell no company from another. Figures do: branch 2 is not branch 3.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

LATIN_FORMS = frozenset(
    word
    for words in (
        # English, and what Asia makes of it
        "co company corp corporation inc incorporated limited ltd llc llp lp plc pte pty pvt private sdn bhd group holding",
        "holdings the and",
        # German, Dutch
        "gmbh mbh ag kg kgaa ohg ug ek gbr und bv nv vof",
        # French, Italian, Spanish, Portuguese
        "sa sas sasu sarl eurl snc sci et cie srl spa sl slu sau lda ltda",
        # Nordic
        "ab oy oyj as asa aps",
        # Central and eastern Europe, Turkey
        "sro zrt kft nyrt ooo oao pao zoo sti",
        # Japan, Indonesia, as they are written in Latin letters
        "kk pt tbk",
    )
    for word in words.split()
)
"""Words that say what a company is in law, and those that join them. Forms with points are written without: b.v., s.r.o."""

CHINESE_FORMS = re.compile(
    r"(?:股份有限|有限责任|有限責任|有限|责任|股份)?公司|[(（]?(?:有限|普通|特殊普通)?合伙[)）]?(?:企业)?|个体工商户|集团|集團"
    r"|株式会社|有限会社|合同会社"
)
"""The same in Chinese characters, simplified, traditional and Japanese."""

_HAN = r"[\u3400-\u9fff]"
_CHINESE = re.compile(rf"(?:(?<![a-z0-9])[0-9]+)?{_HAN}+(?:[0-9]+(?![a-z0-9]))?")
"""Characters with the figures that touch them: 第2分公司, but of 中国3M the characters only."""

_WORD = re.compile(r"[^\W_]+")
_FIGURES = re.compile(r"[0-9]+")
_DOTTED = re.compile(r"(?<=\b[a-z])\.(?=[a-z]\b)")  # b.v. and s.a. are words too
_APOSTROPHES = str.maketrans("", "", "'’")


@dataclass(frozen=True, slots=True)
class Name:
    """A company's name, ready to be compared: its Chinese characters, its Latin words, the figures in it."""

    chinese: str
    words: tuple[str, ...]
    figures: tuple[str, ...]


def taken_apart_name(name: str) -> Name:
    """The parts of a name that tell companies apart; a half of nothing but legal forms keeps them."""
    text = name.casefold() if name.isascii() else unicodedata.normalize("NFKC", name).casefold()
    chinese, latin = "", text
    if not text.isascii():
        chinese = "".join(_CHINESE.findall(text))
        latin = unicodedata.normalize("NFD", _CHINESE.sub(" ", text))
        latin = latin if latin.isascii() else "".join(each for each in latin if not unicodedata.combining(each))
    words = _WORD.findall(_DOTTED.sub("", latin).translate(_APOSTROPHES))
    return Name(
        chinese=(CHINESE_FORMS.sub("", chinese) or chinese) if chinese else "",
        words=tuple(word for word in words if word not in LATIN_FORMS) or tuple(words),
        figures=tuple(sorted(set(_FIGURES.findall(text)))),
    )
