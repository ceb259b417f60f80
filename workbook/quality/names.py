"""Customers that are probably one: the same tax id, or names that are alike.

A name is taken apart into its Chinese and its Latin half (``workbook.company_names``). Two names are alike when each half
that both have is alike and there is such a half. Chinese halves are alike when equal, or from six characters on when one
has one character more or two neighbours are swapped: another character is another company. Latin halves are alike when they
have the same words in any order, or the same letters in other words, or all words but one in common and that one, from six
letters on, differs by one letter (by two from ten on). Figures must agree: branch 2 is not branch 3. Customers with two tax
ids are one where those are equal, and only there.

Names are compared only where a key of theirs agrees, so that 50,000 of them take seconds.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence, Set
from itertools import chain, combinations
from typing import TypeVar

from rapidfuzz.distance import OSA

from workbook.company_names import Name, taken_apart_name
from workbook.quality.checks import Finding
from workbook.results.ledger import WorkbookLedger

_T = TypeVar("_T")

_LEAST_CHINESE = 6
_LEAST_LETTERS = 6
_TWO_EDITS_FROM = 10
_MOST_PAIRED = 60
_NEIGHBOURS = 12


def one_tax_id(source: WorkbookLedger, as_of: int) -> Iterator[Finding]:
    """Every customer whose tax id another one has too, spaces, hyphens and case aside."""
    groups: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for tax_id, customer, row in _customers(source, "tax_id"):
        groups[_plain(tax_id)].append((customer, row))
    groups.pop("", None)
    yield from _groups(groups.values(), "tax_id")


def names_alike(source: WorkbookLedger, as_of: int) -> Iterator[Finding]:
    """Every customer whose name is like another's."""
    columns = source.tables["Customers"].columns
    named = list(_customers(source, "name"))
    tax_ids = [_plain(str(each)) for each in columns["tax_id"]]
    others: dict[int, set[int]] = defaultdict(set)
    for one, other in alike_pairs([name for name, _, _ in named], is_known=list(map(bool, tax_ids))):
        others[one].add(other)
        others[other].add(one)
    for at, found in others.items():
        yield Finding("Customers", named[at][2], "name", tuple(sorted(named[each][1] for each in found)))


def alike_pairs(names: Sequence[str], *, is_known: Sequence[bool] = ()) -> set[tuple[int, int]]:
    """The pairs of places, lower first, of names that are alike. Blank names are like none.

    ``is_known``: of each name, whether its tax id is; two such customers are not paired by their names.
    """
    taken_apart = [taken_apart_name(name) for name in names]
    open_names = {at for at in range(len(names)) if not (is_known and is_known[at])}
    pairs = set()
    for one, other in _candidates(taken_apart, open_names):
        pair = (min(one, other), max(one, other))
        is_open = one in open_names or other in open_names
        if is_open and pair not in pairs and are_alike(taken_apart[one], taken_apart[other]):
            pairs.add(pair)
    return pairs


def are_alike(one: Name, other: Name) -> bool:
    """Whether two names are probably one company's."""
    if one.figures != other.figures:
        return False
    have_chinese, have_latin = one.chinese and other.chinese, one.words and other.words
    if not have_chinese and not have_latin:
        return False
    if have_chinese and not _chinese_alike(one.chinese, other.chinese):
        return False
    return not have_latin or _latin_alike(one.words, other.words)


def _chinese_alike(one: str, other: str) -> bool:
    if one == other:
        return True
    if min(len(one), len(other)) < _LEAST_CHINESE:
        return False
    if len(one) == len(other):  # a swap, and not another character
        return sorted(one) == sorted(other) and OSA.distance(one, other, score_cutoff=1) == 1
    return OSA.distance(one, other, score_cutoff=1) == 1


def _latin_alike(one: Sequence[str], other: Sequence[str]) -> bool:
    if sorted(one) == sorted(other) or "".join(one) == "".join(other):
        return True
    if len(one) != len(other):
        return False
    mine, theirs = _left_over(one, other), _left_over(other, one)
    if len(mine) != 1 or len(theirs) != 1:
        return False
    shorter = min(len(mine[0]), len(theirs[0]))
    if shorter < _LEAST_LETTERS:
        return False
    allowed = 2 if shorter >= _TWO_EDITS_FROM else 1
    return OSA.distance(mine[0], theirs[0], score_cutoff=allowed) <= allowed


def _left_over(words: Sequence[str], taken: Sequence[str]) -> list[str]:
    """The words that are not among the others, each of which takes one away."""
    rest = list(words)
    for each in taken:
        if each in rest:
            rest.remove(each)
    return rest


def _candidates(names: Sequence[Name], open_names: Set[int]) -> Iterator[tuple[int, int]]:
    """Pairs worth a look: names that share a key. Each name has a few keys, so that pairs stay in proportion to names."""
    chinese = _blocks(
        [(each.chinese, at) for at, each in enumerate(names) if each.chinese],
        lambda half: ((key, half) for key in _chinese_keys(half)),
        [open_names],
    )
    # Two that both have Chinese halves meet by those, if at all.
    bare = {at for at, each in enumerate(names) if not each.chinese}
    latin = _blocks([(each, at) for at, each in enumerate(names)], _latin_keys, [open_names, bare]) if bare else ()
    for members in chain(chinese, latin):
        if len(members) > 1:
            yield from _pairs(members)


def _blocks(
    names: Sequence[tuple[_T, int]],
    keys: Callable[[_T], Iterable[tuple[Hashable, str]]],
    needed: Sequence[Set[int]],
) -> Iterable[list[tuple[str, int]]]:
    """Names by key, with what is left to be compared: the keys that each of the needed sets has a name with.

    The names of those come first, so that of all the others only the keys that they meet by are kept.
    """
    wanted: set[Hashable] | None = None
    for some in needed:
        of_some = {key for name, at in names if at in some for key, _ in keys(name)}
        wanted = of_some if wanted is None else wanted & of_some
    by_key: dict[Hashable, list[tuple[str, int]]] = defaultdict(list)
    if wanted:
        for name, at in names:
            for key, rest in keys(name):
                if key in wanted:
                    by_key[key].append((rest, at))
    return by_key.values()


def _chinese_keys(chinese: str) -> Iterator[str]:
    """The half itself, and with one character less: there it meets those with one more, and those with two swapped."""
    if chinese:
        yield chinese
    if len(chinese) >= _LEAST_CHINESE:
        for at in range(len(chinese)):
            yield chinese[:at] + chinese[at + 1 :]


def _latin_keys(name: Name) -> Iterator[tuple[Hashable, str]]:
    """Each key, and the word that is left to be compared beside it."""
    words = tuple(sorted(name.words))
    if words:
        yield "".join(name.words), ""
        yield words, ""
        for at, word in enumerate(words):
            if len(word) >= _LEAST_LETTERS:
                yield (words[:at] + words[at + 1 :], name.figures), word


def _pairs(members: list[tuple[str, int]]) -> Iterator[tuple[int, int]]:
    """All pairs of a small block; of a large one, neighbours in order of what is left, read forwards and backwards."""
    if len(members) <= _MOST_PAIRED:
        yield from ((one, other) for (_, one), (_, other) in combinations(members, 2))
        return
    for ordered in (sorted(members), sorted((rest[::-1], at) for rest, at in members)):
        for at, (_, one) in enumerate(ordered):
            yield from ((one, other) for _, other in ordered[at + 1 : at + 1 + _NEIGHBOURS])


def _plain(tax_id: str) -> str:
    return re.sub(r"[\s.\-]", "", unicodedata.normalize("NFKC", tax_id)).upper()


def _customers(source: WorkbookLedger, column: str) -> Iterator[tuple[str, str, int]]:
    columns = source.tables["Customers"].columns
    for value, customer, row in zip(columns[column], columns["customer_id"], columns["row"], strict=True):
        yield str(value), str(customer), int(row)


def _groups(groups: Iterable[Sequence[tuple[str, int]]], column: str) -> Iterator[Finding]:
    for group in groups:
        if len(group) > 1:
            ids = sorted(customer for customer, _ in group)
            for customer, row in group:
                yield Finding("Customers", row, column, tuple(each for each in ids if each != customer))
