"""The pages say what the program does: nothing generated is stale, nothing asked for is unsaid, nothing points nowhere."""

from __future__ import annotations

import os
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from workbook.tasks import TASKS, Task

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
RULES = DOCS / "rules.md"
PAGES = (ROOT / "README.md", *sorted(DOCS.glob("*.md")))
ROOMS = ("functions", "workbook", "addin", "tests", "benchmarks")

_CODE_BLOCK = re.compile(r"^```(?s:.*?)^```$|(?<=\n\n)(?: {4}.*\n)+", re.MULTILINE)
_CODE_SPAN = re.compile(r"`[^`\n]*`")
_LINK = re.compile(r"\[[^\]]*\]\(<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\)")
_HEADING = re.compile(r"^#{1,6} (.+?)\s*$", re.MULTILINE)
_CITATION = re.compile(r"\bRULES §+\s?(\d+(?:(?:, | and | to |–|, §)\d+)*)")


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def prose_of(page: Path) -> str:
    """Without its code, in which brackets and hashes mean something else."""
    return _CODE_BLOCK.sub("", text_of(page))


def anchors_of(page: Path) -> set[str]:
    """The fragments that a Markdown page answers to: headings in lower case, with hyphens for spaces."""
    headings = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in _HEADING.findall(prose_of(page)))
    return {heading.replace(" ", "-") for heading in headings}


def links() -> list[tuple[Path, str]]:
    """Every link of a page to something in the repository."""
    found = [(page, link) for page in PAGES for link in _LINK.findall(_CODE_SPAN.sub("", prose_of(page)))]
    return [(page, link) for page, link in found if not re.match(r"[a-z][a-z+.-]*:", link)]


def leads_somewhere(page: Path, link: str) -> bool:
    path, _, fragment = link.partition("#")
    target = (page.parent / path).resolve() if path else page
    if not target.is_relative_to(ROOT) or not target.exists():
        return False
    return not fragment or (target.suffix == ".md" and fragment in anchors_of(target))


def test_the_data_dictionary_is_what_its_script_makes_of_the_tables() -> None:
    page: str = runpy.run_module("docs.make_data_dictionary")["data_dictionary"]()
    assert text_of(DOCS / "data-dictionary.md") == page, "run: python -m docs.make_data_dictionary"


def test_the_page_of_checks_is_what_its_script_makes_of_them() -> None:
    page: str = runpy.run_module("docs.make_checks")["checks_page"]()
    assert text_of(DOCS / "checks.md") == page, "run: python -m docs.make_checks"


def test_scripts_of_pages_run_from_a_checkout_that_is_not_installed() -> None:
    scripts = sorted(f"docs.{path.stem}" for path in DOCS.glob("make_*.py"))
    assert "docs.make_checks" in scripts
    told = {
        line for path in DOCS.glob("make_*.py") for line in re.findall(r"^ {4}python (.*)$", text_of(path), re.MULTILINE)
    }
    assert told == {f"-m {script}" for script in scripts}
    # Without what an installed copy or the test run would put on the path.
    libraries = [path for path in sys.path if path.endswith("site-packages")]
    call = f"import sys; sys.path += {libraries!r}; import {', '.join(scripts)}"
    subprocess.run([sys.executable, "-S", "-c", call], cwd=ROOT, check=True, env=dict(os.environ, PYTHONPATH=""))


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
def test_every_task_is_described(task: Task) -> None:
    command = re.compile(rf"\bduebook {re.escape(task.name)}(?![\w-])")
    assert any(command.search(text_of(page)) for page in PAGES), f"no page shows: duebook {task.name}"


def test_every_link_within_the_repository_leads_somewhere() -> None:
    assert ROOT / "README.md" in {page for page, _ in links()}, "links are found at all"
    broken = [f"{page.relative_to(ROOT)}: {link}" for page, link in links() if not leads_somewhere(page, link)]
    assert broken == []


@pytest.mark.parametrize("link", ["nowhere.md", "rules.md#no-such-heading", "../../outside.md", "#no-such-heading"])
def test_a_link_that_leads_nowhere_is_found(link: str) -> None:
    assert not leads_somewhere(RULES, link)


def test_every_section_of_the_rules_that_the_code_cites_is_there() -> None:
    headings = _HEADING.findall(prose_of(RULES))
    assert headings[0] == "Rules"
    sections = [heading.split(".")[0] for heading in headings if heading[0].isdigit()]
    assert sections == [str(number) for number in range(1, 13)]
    cited = {
        number
        for room in ROOMS
        for module in (ROOT / room).rglob("*.py")
        for citation in _CITATION.findall(text_of(module))
        for number in re.findall(r"\d+", citation)
    }
    assert {"2", "5", "11"} <= cited, "citations are found at all"
    assert cited <= set(sections)
