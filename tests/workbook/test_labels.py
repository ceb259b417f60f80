"""Every code that a user may meet has words in both languages, and every issue says how grave it is and what to do."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from functions.aging import bucket_codes
from functions.credit import STATUSES
from functions.holds import REASONS
from functions.issues import SEVERITY
from workbook.issue_texts import ISSUE_TEXTS
from workbook.labels import WORDS, NoWords, bucket_words, shown, words, words_of, yes_no
from workbook.quality.checks import CHECKS
from workbook.reading.cell_parsing import choice_lookup, folded
from workbook.schema import TABLES
from workbook.schema.logs import APPLICATION_STEPS
from workbook.settings import SETTINGS

ROOT = Path(__file__).parents[2]
CHOICES = {
    **{
        f"{declared.name}.{column.key}": column.choices
        for declared in TABLES.values()
        for column in declared.columns
        if column.choices
    },
    **{setting.key: setting.codes for setting in SETTINGS.values() if setting.codes},
}


@pytest.mark.parametrize("codes", CHOICES.values(), ids=CHOICES)
def test_every_choice_has_words_that_mean_it_and_no_other(codes: tuple[str, ...]) -> None:
    lookup = choice_lookup(codes, WORDS)
    for code in codes:
        for language in ("en", "zh-CN"):
            word = words(code, language)
            assert word.strip()
            if code in WORDS:
                assert lookup[folded(word)] == code
    assert len({words_of(code).en for code in codes}) == len({words_of(code).zh for code in codes}) == len(codes)


def test_every_status_reason_and_step_of_the_rules_has_words() -> None:
    for code in (*STATUSES, *REASONS, *APPLICATION_STEPS, "error", "warning", "off"):
        assert re.search("[A-Za-z]", words(code, "en")), code
        assert re.search("[\u4e00-\u9fff]", words(code, "zh-CN")), code


def test_every_issue_has_a_severity_a_title_and_a_way_out_in_both_languages() -> None:
    assert set(ISSUE_TEXTS) == set(SEVERITY) | set(CHECKS)
    assert set(SEVERITY) & set(CHECKS) == set()
    assert set(SEVERITY.values()) == {"error", "warning"}
    for code, text in ISSUE_TEXTS.items():
        assert text.title.en, code
        assert re.search("[\u4e00-\u9fff]", text.title.zh), code
        assert text.what_to_do.en.endswith("."), code
        assert text.what_to_do.zh.endswith("。"), code


def sources() -> Iterator[tuple[str, ast.Module]]:
    """The modules that may raise an issue, without the two that list the codes."""
    for path in [*ROOT.glob("functions/*.py"), *ROOT.glob("workbook/**/*.py")]:
        if path.name not in ("issues.py", "issue_texts.py"):
            yield path.name, ast.parse(path.read_text(encoding="utf-8"))


def texts_in(nodes: Iterable[ast.AST | None]) -> Iterator[str]:
    return (node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str))


def codes_raised() -> Iterator[tuple[str, str]]:
    """(file, code) of every issue that a rule or the reading of cells raises by name."""
    for name, tree in sources():
        for call in ast.walk(tree):
            if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
                continue
            if call.func.id == "Unreadable":
                yield from ((name, code) for code in texts_in(call.args))
            elif call.func.id in ("findings", "first_fault"):
                given = (*call.args, *(keyword.value for keyword in call.keywords))
                yield from ((name, code) for each in given if isinstance(each, ast.Dict) for code in texts_in(each.keys))


def test_every_code_that_is_raised_is_listed_and_every_listed_code_is_raised() -> None:
    raised = list(codes_raised())
    assert {"not_a_date", "no_exchange_rate", "over_asked"} <= {code for _, code in raised}
    assert [(file, code) for file, code in raised if code not in SEVERITY] == []
    named = {text for _, tree in sources() for text in texts_in(ast.walk(tree))}
    assert set(SEVERITY) - named == set()


def test_buckets_are_named_from_their_edges_whatever_they_are() -> None:
    named = [(bucket_words(code).en, bucket_words(code).zh) for code in bucket_codes((0, 1, 30, 365))]
    assert named == [
        ("Not due", "未到期"), ("1 day", "1天"), ("2–30 days", "2–30天"), ("31–365 days", "31–365天"),
        ("Over 365 days", "365天以上"),
    ]  # fmt: skip
    with pytest.raises(NoWords, match="d31"):
        bucket_words("d31")


def test_a_cell_shows_words_for_codes_and_leaves_the_rest_alone() -> None:
    kind, disputed, amount = (TABLES["Invoices"][key] for key in ("kind", "is_disputed", "amount"))
    assert shown(kind, "credit_note", "zh-CN") == "贷项通知"
    assert shown(kind, "Gutschrift", "en") == "Gutschrift"
    assert [shown(disputed, flag, "en") for flag in (True, False, None)] == ["Yes", "No", None]
    assert [yes_no(flag, "zh-CN") for flag in (True, False)] == ["是", "否"]
    assert shown(amount, 12.5, "en") == 12.5
