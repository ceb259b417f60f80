"""A new workbook, read back by two libraries that did not write it: what staff see, and what they may type."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook

from functions.ladder import ladder_issues
from functions.money import UnknownCurrency
from workbook.file_book import FileBook
from workbook.labels import WORDS, words
from workbook.letters.fields import FIELDS
from workbook.port import Columns
from workbook.refusals import TextTooLong
from workbook.results.ledger import read_ledger
from workbook.schema import TABLES, aging_table
from workbook.table import Column, Kind, Owner, Words
from workbook.template.default_letters import default_letters
from workbook.template.default_rows import DEFAULT_TERMS, default_ladder
from workbook.template.new_workbook import build_workbook, new_workbook
from workbook.template.styles import column_width
from workbook.template.table_sheet import add_table_sheet

STAMP = dt.datetime(2024, 10, 31, 12, 30, tzinfo=dt.UTC)
LANGUAGES = pytest.mark.parametrize("language", ["en", "zh-CN"])


def built(language: str = "en", currency: str = "USD", **rows: Columns) -> openpyxl.Workbook:
    """Written and loaded again, so that only what the file holds counts."""
    saved = io.BytesIO()
    build_workbook(language=language, currency=currency, rows=rows).save(saved)
    return openpyxl.load_workbook(saved)


def sheet_of(workbook: openpyxl.Workbook, table: str) -> Worksheet:
    return next(sheet for sheet in workbook.worksheets if table in sheet.tables)


def tab_colour(sheet: Worksheet) -> str:
    colour: Any = sheet.sheet_properties.tabColor
    return str(colour.rgb)


def rule_of(sheet: Worksheet, cell: str) -> Any:
    return next(rule for rule in sheet.data_validations.dataValidation if cell in rule.sqref and rule.type == "list")


@LANGUAGES
def test_it_shows_what_everybody_needs_in_the_order_of_work_and_hides_the_logs(language: str) -> None:
    workbook = built(language)
    home = "首页" if language == "zh-CN" else "Home"
    shown = [each for each in TABLES.values() if each.is_shown_at_first]
    logs = [each for each in TABLES.values() if each.is_log]
    assert workbook.sheetnames == [home, *(each.label.in_language(language) for each in (*shown, *logs))]
    assert workbook.active is workbook[home]
    for each in (*shown, *logs):
        sheet = sheet_of(workbook, each.name)
        assert sheet.title == each.label.in_language(language)
        assert sheet.sheet_state == ("hidden" if each.is_log else "visible")
        assert sheet.freeze_panes in ("B2", "C2")
    colours = {tab_colour(sheet_of(workbook, each.name)): each.owner for each in shown}
    assert sorted(colours.values()) == [Owner.ADDIN, Owner.USER]


@LANGUAGES
def test_every_table_is_an_excel_table_under_its_headers_with_at_least_one_row(language: str) -> None:
    workbook = built(language)
    for sheet in workbook.worksheets[1:]:
        (excel,) = sheet.tables.values()
        declared = TABLES[excel.displayName]
        headers = [column.label.in_language(language) for column in declared.columns]
        first, *rows = sheet[excel.ref]
        assert [cell.value for cell in first] == [column.name for column in excel.tableColumns] == headers
        assert len(rows) >= 1
        assert excel.autoFilter.ref == excel.ref
        assert sheet.print_title_rows == "$1:$1"
        width = sum(column_width(column, language) for column in declared.columns)
        pages = int(sheet.page_setup.fitToWidth)
        assert (sheet.page_setup.orientation, (pages - 1) * 280 < width <= pages * 280) == ("landscape", True)
        assert (sheet.print_title_cols is None) == (pages == 1)


@LANGUAGES
def test_home_leads_to_every_sheet(language: str) -> None:
    workbook = built(language, Contracts={"contract_id": ["K1"]})
    home = workbook.worksheets[0]
    targets = [cell.hyperlink.location for row in home.iter_rows() for cell in row if cell.hyperlink]
    assert set(targets) == {f"'{sheet.title}'!A1" for sheet in workbook.worksheets[1:]}
    said = [cell.value for row in home.iter_rows() for cell in row if isinstance(cell.value, str)]
    assert any("duebook close" in text for text in said)
    assert all(bool(re.search("[\u4e00-\u9fff]", text)) == (language == "zh-CN") for text in said)


@LANGUAGES
def test_lists_and_messages_reach_far_below_the_last_row(language: str) -> None:
    workbook = built(language)
    for declared in (each for each in TABLES.values() if each.is_shown_at_first and each.owner is Owner.USER):
        sheet = sheet_of(workbook, declared.name)
        for place, column in enumerate(declared.columns, start=1):
            cell = f"{openpyxl.utils.get_column_letter(place)}100000"
            (rule,) = [each for each in sheet.data_validations.dataValidation if cell in each.sqref]
            assert rule.promptTitle == column.label.in_language(language)
            assert column.help.in_language(language) in rule.prompt
            assert len(rule.prompt) <= 255
            codes = ("yes", "no") if column.kind is Kind.YES_NO else column.choices
            if codes:
                assert rule.formula1 == '"' + ",".join(words(code, language) for code in codes) + '"'
            else:
                assert rule.type in (None, "none")


@LANGUAGES
def test_a_new_workbook_has_nothing_to_complain_of(language: str, tmp_path: Path) -> None:
    path = tmp_path / "new.xlsx"
    new_workbook(path, language=language, currency="JPY")
    book = FileBook(path)
    assert book.language == language
    source = read_ledger(book, as_of=19_000)
    assert source.issues == ()
    assert source.policy.base_currency == "JPY"
    assert source.policy.payment_terms == DEFAULT_TERMS
    assert source.policy.reminder_levels == default_ladder("JPY")


def test_calamine_reads_the_defaults_in_the_words_of_the_language(tmp_path: Path) -> None:
    path = tmp_path / "new.xlsx"
    new_workbook(path, language="zh-CN", currency="CNY")
    calamine = CalamineWorkbook.from_path(path)
    terms = calamine.get_sheet_by_name("付款条件").to_python()
    assert terms[0][:5] == ["条件编号", "条件说明", "起算方式", "月数", "天数"]
    assert ["EOM30", "月结 30 天", "月末", "", 30.0] in [row[:5] for row in terms]
    ladder = calamine.get_sheet_by_name("催款级别").to_python()
    assert [row[2] for row in ladder[1:]] == [-7, -3, -1, 1, 7, 15, 30, 60, 90]
    assert [row[3] for row in ladder[1:5]] == ["电子邮件", "电子邮件", "短信", "电子邮件"]
    settings = {row[0]: row[1] for row in calamine.get_sheet_by_name("设置").to_python()}
    assert (settings["base_currency"], settings["language"], settings["orders_in_exposure"]) == ("CNY", "zh-CN", "是")


def test_settings_have_a_list_each_in_their_own_row() -> None:
    sheet = sheet_of(built(), "Settings")
    row_of = {row[0].value: row[0].row for row in sheet.iter_rows(min_row=2)}
    assert rule_of(sheet, f"B{row_of['allocation_policy']}").formula1 == '"Oldest due first,Explicit allocations only"'
    assert rule_of(sheet, f"B{row_of['orders_in_exposure']}").formula1 == '"Yes,No"'
    assert rule_of(sheet, f"B{row_of['language']}").formula1 == '"en,zh-CN"'


def test_a_text_stays_a_text_whatever_it_looks_like(tmp_path: Path) -> None:
    path = tmp_path / "new.xlsx"
    names = ["=1+1", "+86 10", "#N/A", "00123", '=HYPERLINK("http://x")']
    rows = {"customer_id": ["1", "2", "3", "4", "5"], "name": names}
    new_workbook(path, language="en", currency="USD", rows={"Customers": rows})
    cells = sheet_of(openpyxl.load_workbook(path), "Customers")["B"][1:]
    assert [(cell.value, cell.data_type) for cell in cells] == [(name, "s") for name in names]
    assert [row[1] for row in CalamineWorkbook.from_path(path).get_sheet_by_name("Customers").to_python()[1:]] == names


def test_rows_are_shown_by_kind_and_bring_the_sheets_that_they_need() -> None:
    workbook = built(
        Contracts={"contract_id": ["K1"], "late_rate": [0.1825]},
        Invoices={
            "invoice_id": ["00123", "INV2"], "kind": ["credit_note", None], "amount": [-12.5, 7],
            "is_disputed": [True, None], "invoice_date": [dt.date(2024, 1, 31), None],
        },
        Orders={"order_id": []},
    )  # fmt: skip
    assert workbook.sheetnames[1:4] == ["Customers", "Contracts", "Invoices"]  # no orders, no sheet
    sheet = sheet_of(workbook, "Invoices")
    assert sheet.tables["Invoices"].ref == "A1:AA3"
    first = {header.value: cell for header, cell in zip(sheet[1], sheet[2], strict=True)}
    values = [first[name].value for name in ("Invoice ID", "Kind", "Amount", "Disputed")]
    assert values == ["00123", "Credit note", -12.5, "Yes"]
    assert first["Invoice date"].value == dt.datetime(2024, 1, 31)
    assert first["Invoice date"].number_format == "yyyy-mm-dd"
    assert first["Amount"].number_format.startswith("#,##0.00")
    assert first["Invoice ID"].number_format == "@"
    assert sheet.column_dimensions["A"].number_format == "@"  # for the rows to come
    rate = sheet_of(workbook, "Contracts")["H2"]
    assert (rate.value, rate.number_format) == (0.1825, "0.00%")
    in_yen = sheet_of(built(currency="JPY", Invoices={"amount": [5]}), "Invoices")
    assert in_yen["M2"].number_format == "#,##0_);[Red]-#,##0_)"


def test_buckets_follow_the_settings_that_the_rows_bring() -> None:
    edges = {"key": ["bucket_edges", "company_name"], "value": ["0;7", "鹤汀 Ltd"]}
    workbook = built(Settings=edges)
    headers = [cell.value for cell in sheet_of(workbook, "Aging")[1]]
    assert headers == [column.label.en for column in aging_table(("not_due", "d1_7", "over_7")).columns]
    settings = sheet_of(workbook, "Settings")
    values = {row[0].value: row[1].value for row in settings.iter_rows(min_row=2)}
    assert (values["bucket_edges"], values["base_currency"], values["watch_percent"]) == ("0;7", "USD", 80)
    assert workbook.worksheets[0]["B3"].value == "鹤汀 Ltd"


def test_a_sheet_that_comes_later_takes_its_place_and_gets_its_link() -> None:
    workbook = built()
    theirs = workbook.create_sheet("My notes", 3)
    add_table_sheet(workbook, TABLES["WriteOffs"], "en", "USD")
    assert workbook.sheetnames[4:8] == ["Receipts", "Allocations", "Write-offs", "Activities"]
    assert workbook.sheetnames[3] == theirs.title
    home = workbook["Home"]
    link: Any = home.cell(home.max_row, 3).hyperlink
    assert link.location == "'Write-offs'!A1"
    assert tab_colour(workbook["Write-offs"]) == tab_colour(workbook["Receipts"])
    add_table_sheet(workbook, TABLES["Orders"], "en", "USD")
    assert workbook.sheetnames[1:4] == ["Customers", "Orders", "Invoices"]


def test_a_list_too_long_for_its_rule_stands_on_a_hidden_sheet() -> None:
    codes = tuple(WORDS)
    kind = Column("kind", Words("Kind", "类型"), Kind.CHOICE, choices=codes, help=Words("Any.", "任意。"))
    other = Column("other", Words("Other", "其他"), Kind.CHOICE, choices=codes[::-1], help=Words("Any.", "任意。"))
    base = TABLES["Holidays"]
    table = type(base)("Holidays", base.label, Owner.USER, (kind, other, Column("again", *_like(kind))), ("kind",))
    workbook = built()
    sheet = add_table_sheet(workbook, table, "en", "USD")
    assert rule_of(sheet, "A9").formula1 == rule_of(sheet, "C9").formula1 == f"Lists!$A$1:$A${len(codes)}"
    assert rule_of(sheet, "B9").formula1 == f"Lists!$B$1:$B${len(codes)}"
    assert workbook["Lists"].sheet_state == "hidden"
    assert [cell.value for cell in workbook["Lists"]["A"]] == [words(code, "en") for code in codes]


def _like(column: Column) -> tuple[Words, Kind, bool, Words, tuple[str, ...]]:
    return Words("Again", "再次"), column.kind, False, column.help, column.choices


def test_the_same_stamp_gives_the_same_bytes(tmp_path: Path) -> None:
    one, two, later = (tmp_path / name for name in ("one.xlsx", "two.xlsx", "later.xlsx"))
    for path, stamp in ((one, STAMP), (two, STAMP), (later, STAMP + dt.timedelta(days=1))):
        new_workbook(path, language="en", currency="USD", stamp=stamp)
    assert one.read_bytes() == two.read_bytes()
    parts = [{name: zipfile.ZipFile(path).read(name) for name in zipfile.ZipFile(path).namelist()} for path in (one, later)]
    assert [name for name in parts[0] if parts[0][name] != parts[1][name]] == ["docProps/core.xml"]
    properties = openpyxl.load_workbook(one).properties
    assert properties.created == properties.modified == STAMP.replace(tzinfo=None)


def test_what_cannot_be_kept_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    path = tmp_path / "new.xlsx"
    with pytest.raises(UnknownCurrency):
        new_workbook(path, language="en", currency="XXQ")
    with pytest.raises(TextTooLong, match="Customers!B2 has 32768 characters"):
        new_workbook(path, language="en", currency="USD", rows={"Customers": {"name": ["x" * 32768]}})
    with pytest.raises(ValueError, match="table Customers has no column nmae"):
        new_workbook(path, language="en", currency="USD", rows={"Customers": {"nmae": ["x"]}})
    assert not path.exists()


def test_the_default_ladder_climbs_and_its_letters_are_all_there() -> None:
    ladder = default_ladder("CNY")
    assert ladder_issues(ladder) == []
    assert [level.days for level in ladder] == [-7, -3, -1, 1, 7, 15, 30, 60, 90]
    assert all(5 <= level.min_interval_days <= 14 for level in ladder if not level.is_notice)
    letters = {(each.letter, each.language, each.channel): each for each in default_letters()}
    for level in ladder:
        channels = ("email", "sms", "letter") if level.channel in ("email", "sms", "letter") else (level.channel,)
        assert {(level.letter, language, channel) for language in ("en", "zh-CN") for channel in channels} <= set(letters)
    fields = {field for each in letters.values() for field in re.findall(r"\{(.*?)\}", each.subject + each.body)}
    assert fields <= set(FIELDS)
    assert {"name", "invoices", "how_to_pay"} <= fields
