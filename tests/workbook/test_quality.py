"""Data quality: every fault put into the sample is found in its cell, a clean sample has none, and alike means alike."""

from __future__ import annotations

import datetime as dt
import random
import re
import string
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.dates import day_of
from tests.workbook.memory_book import MemoryBook
from tests.workbook.sample_tables import AS_OF
from workbook.issue import Issue
from workbook.port import Cell
from workbook.quality.alike_ids import alike
from workbook.quality.checks import CHECKS
from workbook.quality.contacts import has_impossible_email, has_impossible_phone, has_wrong_check_digit
from workbook.quality.documents import one_character_apart
from workbook.quality.looking import quality_issues
from workbook.quality.names import alike_pairs
from workbook.results.figures import work_out
from workbook.results.ledger import read_ledger
from workbook.sample import sample_ledger
from workbook.template.default_rows import default_rows

Rows = dict[str, list[Cell]]
Sheets = dict[str, Rows]


def sheets(seed: int = 1, language: str = "en") -> Sheets:
    """The sample's cells, to be spoilt; without the currency, which a book in memory has."""
    cells = {**default_rows(language=language, currency="CNY"), **sample_ledger(seed=seed, as_of=AS_OF)}
    settings = dict(zip(cells["Settings"]["key"], cells["Settings"]["value"], strict=True))
    settings.pop("base_currency")
    cells["Settings"] = {"key": list(settings), "value": list(settings.values())}
    return {name: {key: list(column) for key, column in columns.items()} for name, columns in cells.items()}


def found_in(cells: Sheets, **setting: Cell) -> list[Issue]:
    book = MemoryBook(tables=_with(cells, **setting))
    return list(quality_issues(read_ledger(book, as_of=day_of(AS_OF)), as_of=day_of(AS_OF)))


@pytest.mark.parametrize(("seed", "language"), [(1, "en"), (7, "zh-CN")])
def test_a_clean_sample_has_nothing_doubtful(seed: int, language: str) -> None:
    assert found_in(sheets(seed, language), weekend_entry_above=10_000_000) == []


@dataclass(frozen=True)
class Spoilt:
    """Where a fault was put, and whom its advice must name."""

    table: str
    row: int
    column: str
    names: str = ""


def _add(rows: Rows, at: int, **changes: Cell) -> int:
    for key, column in rows.items():
        column.append(changes.get(key, column[at]))
    return len(next(iter(rows.values()))) - 1


def _place(rows: Rows, draw: random.Random, is_fit: Callable[[dict[str, Cell]], bool]) -> int:
    count = len(next(iter(rows.values())))
    return draw.choice([at for at in range(count) if is_fit({key: column[at] for key, column in rows.items()})])


def one_tax_id(cells: Sheets, draw: random.Random) -> Spoilt:
    rows = cells["Customers"]
    at, other = draw.sample([at for at, tax_id in enumerate(rows["tax_id"]) if tax_id], 2)
    rows["tax_id"][at] = f" {str(rows['tax_id'][other]).lower()} "
    return Spoilt("Customers", at, "tax_id", str(rows["customer_id"][other]))


def a_name_typed_again(cells: Sheets, draw: random.Random) -> Spoilt:
    rows = cells["Customers"]
    at = _place(rows, draw, lambda row: not row["tax_id"])
    name = str(rows["name"][at])
    again = name.upper().replace("INC.", "LLC").replace(" ", "  ")
    return Spoilt("Customers", _add(rows, at, customer_id="C9999", name=again), "name", str(rows["customer_id"][at]))


def a_customer_id_with_zeros(cells: Sheets, draw: random.Random) -> Spoilt:
    rows = cells["Customers"]
    at = _place(rows, draw, lambda row: re.fullmatch(r"C\d+", str(row["customer_id"])) is not None)
    alias = str(rows["customer_id"][at]).replace("C", "c00")
    return Spoilt(
        "Customers", _add(rows, at, customer_id=alias, tax_id=None, name="Elsewhere"), "customer_id",
        str(rows["customer_id"][at]),
    )  # fmt: skip


def a_swapped_tax_id(cells: Sheets, draw: random.Random) -> Spoilt:
    rows = cells["Customers"]
    at = _place(rows, draw, lambda row: bool(row["tax_id"]) and str(row["tax_id"])[14] != str(row["tax_id"])[15])
    tax_id = str(rows["tax_id"][at])
    rows["tax_id"][at] = tax_id[:14] + tax_id[15] + tax_id[14] + tax_id[16:]
    return Spoilt("Customers", at, "tax_id")


def an_email_without_a_sign(cells: Sheets, draw: random.Random) -> Spoilt:
    rows = cells["Customers"]
    at = _place(rows, draw, lambda row: bool(row["email"]))
    rows["email"][at] = str(rows["email"][at]).replace("@", "")
    return Spoilt("Customers", at, "email")


def a_phone_with_digits_lost(cells: Sheets, draw: random.Random) -> Spoilt:
    rows = cells["Customers"]
    at = _place(rows, draw, lambda row: str(row["phone"]).startswith("+86"))
    rows["phone"][at] = draw.choice(["138", "+86 138 0013 8000 0000"])
    return Spoilt("Customers", at, "phone")


def a_customer_forgotten(cells: Sheets, draw: random.Random) -> Spoilt:
    rows = cells["Customers"]
    at = draw.randrange(len(rows["customer_id"]))
    rows["verified_on"][at] = draw.choice([None, AS_OF - dt.timedelta(366)])
    return Spoilt("Customers", at, "verified_on")


def _plain_invoice(row: dict[str, Cell]) -> bool:
    return row["kind"] == "invoice" and row["opening_settled"] is None and not isinstance(row["amount"], str)


def an_invoice_twice(cells: Sheets, draw: random.Random) -> Spoilt:
    rows = cells["Invoices"]
    at = _place(rows, draw, _plain_invoice)
    return Spoilt("Invoices", _add(rows, at, invoice_id="AGAIN"), "invoice_id", str(rows["invoice_id"][at]))


def a_number_mistyped(cells: Sheets, draw: random.Random) -> Spoilt:
    rows = cells["Invoices"]
    at = _place(rows, draw, lambda row: _plain_invoice(row) and row["invoice_date"] < AS_OF)  # type: ignore[operator]
    number = str(rows["invoice_id"][at])
    wrong = draw.choice([number.replace("INV", "IVN"), number.replace("INV", "IV"), number.replace("INV", "INU")])
    later = rows["invoice_date"][at] + dt.timedelta(1)  # type: ignore[operator]
    row = _add(rows, at, invoice_id=wrong, invoice_date=later, due_date=None, baseline_date=None)
    return Spoilt("Invoices", row, "invoice_id", number)


def a_number_left_out(cells: Sheets, draw: random.Random) -> Spoilt:
    rows = cells["Invoices"]
    ids = [str(each) for each in rows["invoice_id"]]
    named = {str(each) for column in ("related_invoice_id",) for each in rows[column]}
    fit = [each for each in ids if re.fullmatch(r"INV-\d+-0{2}[1-9]\d", each) and each not in named]
    lost = draw.choice([each for each in fit if f"{each[:-4]}{int(each[-4:]) + 1:04d}" in ids])
    gone = ids.index(lost)
    for column in rows.values():
        del column[gone]
    after = f"{lost[:-4]}{int(lost[-4:]) + 1:04d}"
    return Spoilt("Invoices", [str(each) for each in rows["invoice_id"]].index(after), "invoice_id", lost)


def a_due_date_too_early(cells: Sheets, draw: random.Random) -> Spoilt:
    rows = cells["Invoices"]
    at = _place(rows, draw, _plain_invoice)
    rows["due_date"][at] = rows["invoice_date"][at] - dt.timedelta(1)  # type: ignore[operator]
    return Spoilt("Invoices", at, "due_date")


def a_receipt_too_early(cells: Sheets, draw: random.Random) -> Spoilt:
    rows, receipts, invoices = cells["Allocations"], cells["Receipts"], cells["Invoices"]
    dates = dict(zip(map(str, invoices["invoice_id"]), invoices["invoice_date"], strict=True))
    paid = [str(each) for each in rows["receipt_id"]]
    single = [at for at, each in enumerate(paid) if paid.count(each) == 1 and each.startswith("RC")]
    at = draw.choice(single)
    place = [str(each) for each in receipts["receipt_id"]].index(paid[at])
    invoice = str(rows["invoice_id"][at])
    receipts["receipt_date"][place] = dates[invoice] - dt.timedelta(1)  # type: ignore[operator]
    receipts["is_held"][place] = None
    return Spoilt("Allocations", at, "receipt_id", invoice)


def a_sunday(cells: Sheets, draw: random.Random) -> Spoilt:
    rows = cells["Invoices"]
    at = _place(rows, draw, _plain_invoice)
    rows["entered_on"][at] = dt.date(2024, 5, 12)
    rows["amount"][at] = 10_000_000.01
    return Spoilt("Invoices", at, "entered_on")


def a_round_amount(cells: Sheets, draw: random.Random) -> Spoilt:
    rows = cells["Invoices"]
    customers = [each for each in rows["customer_id"] if rows["customer_id"].count(each) >= 24]
    customer = draw.choice(customers)
    at = _place(rows, draw, lambda row: _plain_invoice(row) and row["customer_id"] == customer)
    rows["amount"][at] = 9_000_000
    return Spoilt("Invoices", at, "amount")


FAULTS = {
    "same_tax_id": one_tax_id, "names_alike": a_name_typed_again, "ids_alike": a_customer_id_with_zeros,
    "tax_id_check_digit": a_swapped_tax_id, "impossible_email": an_email_without_a_sign,
    "impossible_phone": a_phone_with_digits_lost, "not_verified": a_customer_forgotten,
    "invoice_repeated": an_invoice_twice, "invoice_number_alike": a_number_mistyped, "number_gap": a_number_left_out,
    "due_before_invoice": a_due_date_too_early, "receipt_before_invoice": a_receipt_too_early, "day_off": a_sunday,
    "round_amount": a_round_amount,
}  # fmt: skip


def test_there_is_a_fault_for_every_check() -> None:
    assert set(FAULTS) == set(CHECKS)


@pytest.mark.parametrize("code", FAULTS)
def test_a_fault_put_into_the_sample_is_found_in_its_cell(code: str) -> None:
    cells = sheets()
    spoilt = FAULTS[code](cells, random.Random(code))
    found = [issue for issue in found_in(cells, weekend_entry_above=10_000_000) if issue.code == code]
    there = [each for each in found if (each.table, each.row, each.column) == (spoilt.table, spoilt.row, spoilt.column)]
    assert len(there) == 1
    assert re.fullmatch(rf"{spoilt.table}!\w*{spoilt.row + 2}", there[0].cell)
    assert spoilt.names in there[0].about.split(", ") if spoilt.names else there[0].about == ""
    # Whoever is named is found as well, and nobody else.
    assert {each.row for each in found if each is not there[0] and spoilt.names not in _ids(cells, each)} == set()


def _ids(cells: Sheets, issue: Issue) -> str:
    return str(next(iter(cells[issue.table].values()))[issue.row])


def test_what_is_found_does_not_depend_on_the_order_of_rows() -> None:
    cells = sheets()
    for code, fault in FAULTS.items():
        fault(cells, random.Random(code))
    shuffled = {name: dict(columns) for name, columns in cells.items()}
    for name in ("Customers", "Invoices", "Receipts", "Allocations"):
        rows = list(zip(*cells[name].values(), strict=True))
        random.Random(5).shuffle(rows)
        shuffled[name] = dict(zip(cells[name], map(list, zip(*rows, strict=True)), strict=True))

    def told(given: Sheets) -> list[tuple[str, ...]]:
        found = found_in(given, weekend_entry_above=10_000_000)
        return sorted((each.code, each.table, each.column, _row(given, each), each.about) for each in found)

    found = told(cells)
    assert {each[0] for each in found} >= set(CHECKS) - {"invoice_number_alike"}
    assert told(shuffled) == found


def _row(cells: Sheets, issue: Issue) -> str:
    return "|".join(str(column[issue.row]) for column in cells[issue.table].values())


def test_a_check_that_is_switched_off_finds_nothing_and_its_severity_is_that_of_settings() -> None:
    cells = sheets()
    an_invoice_twice(cells, random.Random(1))
    a_customer_forgotten(cells, random.Random(1))
    assert {each.code for each in found_in(cells)} == {"invoice_repeated", "not_verified"}
    assert {each.code for each in found_in(cells, severity__not_verified="off")} == {"invoice_repeated"}
    figures = work_out(MemoryBook(tables=_with(cells, severity__not_verified="错误")), as_of=AS_OF, doubts=True)
    severity_of = {issue.code: figures.source.settings.severity_of(issue.code) for issue in figures.issues}
    assert (severity_of["invoice_repeated"], severity_of["not_verified"]) == ("warning", "error")
    assert figures.has_errors()
    assert [(each.table, each.row) for each in figures.left_out if each.table != "Receipts"] == []


def test_a_close_is_told_of_data_quality_where_settings_ask_for_it() -> None:
    cells = sheets()
    an_invoice_twice(cells, random.Random(1))
    asked, unasked = (
        work_out(MemoryBook(tables=_with(cells, quality_in_close=each)), as_of=AS_OF) for each in ("yes", "no")
    )
    assert {issue.code for issue in asked.issues} - {issue.code for issue in unasked.issues} == {"invoice_repeated"}
    assert len(asked.issue_rows) == len(asked.issues)
    assert asked.aging.equals(unasked.aging)


def _with(cells: Sheets, **setting: Cell) -> Sheets:
    told = dict(cells)
    told["Settings"] = {
        "key": [*cells["Settings"]["key"], *(key.replace("__", ".") for key in setting)],
        "value": [*cells["Settings"]["value"], *setting.values()],
    }
    return told


# Single values


@pytest.mark.parametrize(
    ("tax_id", "is_wrong"),
    [
        ("91110000600037341L", False), ("9 1 110000 600037341L", False), ("91110000600037342L", True),
        ("91110000600037341M", True), ("９１１１００００６０００３７３４１Ｌ", False), ("110101198003071234", True),
        ("360426199101010071", False),  # an identity number
        ("BE 0403.019.261", False), ("BE403019262", True), ("DE136695976", False), ("DE136695978", True),
        ("NL4495445B01", False), ("ATU13585626", True), ("ATU13585627", False), ("12345", False), ("", False),
        ("110105000012345", False), ("US123456789", False), ("INTERNATIONAL", False), ("DE13669597", False),
    ],
)  # fmt: skip
def test_check_digits_of_what_looks_like_a_tax_id(tax_id: str, is_wrong: bool) -> None:
    assert has_wrong_check_digit(tax_id) is is_wrong


@pytest.mark.parametrize(
    ("cell", "is_wrong"),
    [
        ("ap@example.com", False), ("a@b.example；c@d.example", False), ("张三@公司.中国", False), ("ap.example.com", True),
        ("ap@@example.com", True), ("ap@localhost", True), ("a@b.example; c@d", True), ("", False),
    ],
)  # fmt: skip
def test_addresses_that_cannot_be(cell: str, is_wrong: bool) -> None:
    assert has_impossible_email(cell) is is_wrong


@pytest.mark.parametrize(
    ("cell", "region", "is_wrong"),
    [
        ("010-62345678", "CN", False), ("(010) 6234 5678 转 801", "CN", False), ("13800138000/010-62345678", "CN", False),
        ("１３８００１３８０００", "CN", False), ("138001380001234", "CN", True), ("138", "CN", True), ("none", "CN", True),
        ("138", "", False), ("+86 138", "", True), ("+49 30 901820", "CN", False), ("138", "Utopia", False),
    ],
)  # fmt: skip
def test_numbers_that_cannot_be(cell: str, region: str, is_wrong: bool) -> None:
    assert has_impossible_phone(cell, region) is is_wrong


# Alike


@pytest.mark.parametrize(
    ("one", "other", "is_alike"),
    [
        ("澄陵砺衡精密机械有限公司", "澄陵砺衡精密机械股份有限公司", True),
        ("澄陵砺衡精密机械有限公司", "澄陵（砺衡）精密机械有限责任公司", True),
        ("澄陵砺衡精密机械有限公司", "澄陵砺衡精密机有限公司", True),
        ("澄陵砺衡精密机械有限公司", "澄陵衡砺精密机械有限公司", True),
        ("澄陵砺衡精密机械有限公司", "澄陵砺野精密机械有限公司", False),
        ("华北物流第1分公司", "华北物流第2分公司", False),
        ("Tarnwick Instruments Inc.", "TARNWICK  INSTRUMENTS LLC", True),
        ("Tarnwick Instruments Inc.", "Instruments Tarnwick", True),
        ("Tarnwick Instruments", "Tarnwick Instrumnets", True),
        ("Tarnwick Instruments", "Tarnwik Instruments", True),
        ("Tarnwick Instruments", "Merrowby Instruments", False),
        ("Sun Shine Foods B.V.", "Sunshine Foods", True),
        ("Müller & Söhne GmbH", "Muller Sohne", True),
        ("Harbour 12 Trading", "Harbour 13 Trading", False),
        ("Ames Ltd", "Amos Ltd", False),
        ("澄陵砺衡 Chengling Liheng", "澄陵砺衡有限公司", True),
        ("澄陵砺衡精密机械 Chengling Liheng", "岚浦砺衡精密机械 Chengling Liheng", False),
    ],
)
def test_names_alike(one: str, other: str, is_alike: bool) -> None:
    assert (alike_pairs([one, other]) == {(0, 1)}) is is_alike
    assert (alike_pairs([other, one]) == {(0, 1)}) is is_alike


WORD = st.text(string.ascii_lowercase, min_size=7, max_size=9)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.lists(WORD, min_size=1, max_size=3).map(" ".join), max_size=30), st.data())
def test_a_name_typed_again_with_one_slip_is_always_found(names: list[str], data: st.DataObject) -> None:
    name = data.draw(st.lists(WORD, min_size=1, max_size=3).map(" ".join))
    at = data.draw(st.integers(0, len(name) - 2).filter(lambda at: " " not in name[at : at + 2]))
    slips = (
        name[:at] + "x" + name[at + 1 :],
        name[:at] + name[at + 1 :],
        name[:at] + "x" + name[at:],
        name[:at] + name[at + 1] + name[at] + name[at + 2 :],
        f"{name.title()} Co., Ltd.",
    )
    again = data.draw(st.sampled_from(slips))
    place = data.draw(st.integers(0, len(names)))
    with_it = [*names[:place], name, *names[place:], again]
    assert (place, len(names) + 1) in alike_pairs(with_it)


IDS = st.text("aA017-Ａ７", min_size=1, max_size=5)


@settings(deadline=None)
@given(st.sets(IDS, max_size=40))
def test_ids_are_alike_when_they_are_one_without_zeros_case_and_width(ids: set[str]) -> None:
    def slow(text: str) -> str:
        plain = text.replace("Ａ", "A").replace("７", "7").lower()
        out = ""
        for at, sign in enumerate(plain):
            is_zero_before_a_digit = sign == "0" and plain[at + 1 : at + 2].isdigit()
            if not (is_zero_before_a_digit and (not out or not out[-1].isdigit())):
                out += sign
        return out

    groups = alike(ids)
    for one in ids:
        same = {other for other in ids if slow(other) == slow(one)}
        assert [set(group) for group in groups if one in group] == ([same] if len(same) > 1 else [])


@settings(deadline=None)
@given(st.sets(st.text("ab1", max_size=5), max_size=25))
def test_numbers_one_character_apart_are_those_of_comparing_all_with_all(numbers: set[str]) -> None:
    def is_apart(one: str, other: str) -> bool:
        if len(one) == len(other):
            differing = [at for at in range(len(one)) if one[at] != other[at]]
            if len(differing) == 2 and differing[1] == differing[0] + 1:
                return one[differing[0]] == other[differing[1]] and one[differing[1]] == other[differing[0]]
            return len(differing) == 1
        shorter, longer = sorted((one, other), key=len)
        return any(longer[:at] + longer[at + 1 :] == shorter for at in range(len(longer)))

    expected = {(one, other) for one in numbers for other in numbers if one < other and is_apart(one, other)}
    assert one_character_apart(numbers) == expected
