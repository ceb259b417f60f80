"""What openpyxl would lose is found by letting it save, and named in the user's words."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from openpyxl.comments import Comment

from tests.workbook.command import duebook
from tests.workbook.corpus_checks import NO_CORPUS, WORKBOOKS
from tests.workbook.laid_tables import Laid, workbook_of
from tests.workbook.test_features import office_workbook, with_part
from workbook.package.features import features
from workbook.package.openpyxl_losses import described, losses, losses_between, losses_of_resaving
from workbook.package.package_index import Package, package_of, read_package
from workbook.refusals import Refusal

OFFICE_LOSSES = {
    "formula_results": 4, "dynamic_arrays": 1, "rich_values": 1, "extended_conditional_formats": 1, "sparklines": 1,
    "protected_ranges": 1, "ignored_errors": 1, "header_pictures": 1, "backgrounds": 1, "shapes": 1, "pictures": 1,
    "drawing_links": 1, "form_controls": 2, "formatted_comments": 1, "comment_boxes": 1,
}  # fmt: skip


def package(raw: bytes) -> Package:
    return package_of(raw, Path("book.xlsx"))


@pytest.fixture(autouse=True)
def _without_pillow(monkeypatch: pytest.MonkeyPatch) -> None:
    # Whether it is installed where the tests run says nothing about where users run.
    monkeypatch.setattr("openpyxl.reader.drawings.PILImage", False)


def test_a_bit_of_everything_loses_what_openpyxl_does_not_model() -> None:
    assert losses_of_resaving(package(office_workbook())) == OFFICE_LOSSES


def test_pictures_are_kept_where_pillow_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("PIL")
    monkeypatch.undo()
    assert "pictures" not in losses_of_resaving(package(office_workbook()))


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_a_workbook_of_ours_loses_nothing(language: str, tmp_path: Path) -> None:
    book = tmp_path / "sample.xlsx"
    duebook("new", book, "--sample", "--customers", 25, "--invoices", 120, "--language", language)
    assert features(book.read_bytes())["tables"] > 20
    assert losses_of_resaving(read_package(book)) == {}


def test_a_workbook_that_openpyxl_made_loses_nothing() -> None:
    book = workbook_of(Laid("Things", ["id", "n"], [["a", 1], ["b", "=B2*2"]]))
    sheet = book["Things"]
    sheet["A2"].comment = Comment("note", "me")
    sheet.merge_cells("E1:F1")
    made = io.BytesIO()
    book.save(made)
    assert losses_of_resaving(package(made.getvalue())) == {}


def test_what_an_edit_takes_away_is_in_the_result_and_not_in_a_plain_saving() -> None:
    book = workbook_of(Laid("Things", ["id", "n"], [["a", 1], ["b", 2]]))
    before, after = io.BytesIO(), io.BytesIO()
    book.save(before)
    book["Things"]["B3"].value = None
    book.save(after)
    assert losses(package(before.getvalue()), after.getvalue()) == {"cell_values": 1}
    assert losses_of_resaving(package(before.getvalue())) == {}


def test_another_form_of_the_same_formulas_is_no_loss() -> None:
    shared = b'<c r="A1"><f t="shared" si="0" ref="A1:A2">B1</f></c><c r="A2"><f t="shared" si="0"/></c>'
    single = b'<c r="A1"><f>B1</f></c><c r="A2"><f>B2</f></c>'
    sheet = b"<worksheet><sheetData><row>%b</row></sheetData></worksheet>"
    before = with_part("worksheet", sheet % shared, on="xl/workbook.xml")
    after = with_part("worksheet", sheet % single, on="xl/workbook.xml")
    assert features(before)["shared_formulas"] == 2
    assert losses_between(before, after) == {}


def test_a_part_that_no_feature_names_is_lost_all_the_same() -> None:
    found = losses_of_resaving(package(with_part("somethingOfNextYear", b"<unheard/>")))
    assert found == {**OFFICE_LOSSES, "other_parts": 1}


def test_losses_are_described_in_the_words_of_the_user() -> None:
    lost = {"formula_results": 12, "shapes": 3}
    assert described(lost) == "12 stored formula results, 3 text boxes and shapes"
    assert described(lost, "zh-CN") == "已存储的公式结果 12 项、文本框和形状 3 项"


@pytest.mark.skipif(not WORKBOOKS, reason=NO_CORPUS)
def test_losses_of_workbooks_of_others_are_found_or_the_workbook_is_refused() -> None:
    found: dict[str, dict[str, int]] = {}
    for path in WORKBOOKS[::3]:
        try:
            read = read_package(path)
            found[path.name] = dict(losses_of_resaving(read))
        except Refusal:
            continue
        held = features(read.raw)
        assert all(0 < count <= held[code] for code, count in found[path.name].items()), path.name
        # Every stored result goes: openpyxl writes formulas without one.
        assert found[path.name].get("formula_results", 0) == held["formula_results"]
        assert found[path.name].get("shapes", 0) == held["shapes"]
        assert "worksheets" not in found[path.name]
        assert "cell_values" not in found[path.name]
    assert len(found) > len(WORKBOOKS[::3]) * 0.9
    assert len([lost for lost in found.values() if lost]) > len(found) / 4
