"""Statements in a bank's own formats: the same two lines from each, twice is once, and what is wrong is named."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.workbook.bank_samples import CAMT, FORMATS, MT940, OFX
from tests.workbook.memory_book import MemoryBook, rows_of
from workbook.bank_files.refusals import BadElement, DeclaresEntities, DoesNotAddUp, DoesNotFollow, LineChanged
from workbook.importing import import_file
from workbook.outcome import Outcome
from workbook.schema import TABLES

RAN_AT = dt.datetime(2024, 4, 1, 9)


@pytest.fixture
def book() -> MemoryBook:
    book = MemoryBook()
    for name in ("Customers", "Invoices", "Receipts", "Settings"):
        book.add_table(TABLES[name])
    return book


def brought_in(book: MemoryBook, folder: Path, name: str, text: str) -> Outcome:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return import_file(book, source=path, table="BankStatement", ran_at=RAN_AT)


@pytest.mark.parametrize("form", FORMATS)
def test_each_format_gives_the_same_lines_and_balances_and_twice_is_once(
    form: str, book: MemoryBook, tmp_path: Path
) -> None:
    name, text = FORMATS[form]
    assert brought_in(book, tmp_path, name, text).writes_book
    lines = rows_of(book, "BankStatement", "line_id", "account", "booked_on", "currency", "amount")
    assert lines == [
        ("998877/F1", "998877", dt.date(2024, 3, 5), "USD", 1250.75),
        ("998877/F2", "998877", dt.date(2024, 3, 6), "USD", -3.0),
    ]
    ((remittance, reference),) = rows_of(book, "BankStatement", "remittance", "reference")[:1]
    assert "INV-202401-0003" in str(remittance)
    assert reference == {"mt940": "INV-202401-0003", "camt": "E2E-7", "ofx": "F1"}[form]
    ((*days, opening, closing),) = rows_of(book, "BankBalances", "to_date", "opening", "closing")
    assert (opening, closing) == (3752.25, 5000)
    assert days[0] in (dt.date(2024, 3, 31), dt.date(2024, 3, 6))

    again = brought_in(book, tmp_path, name, text)
    assert not again.writes_book
    assert len(rows_of(book, "BankStatement", "line_id")) == 2
    assert len(rows_of(book, "BankBalances", "account")) == 1


@pytest.mark.parametrize(("form", "old", "new"), [("mt940", "D3,00", "D4,00"), ("camt", ">3.00<", ">4.00<")])
def test_a_statement_that_does_not_add_up_is_refused_with_the_difference(
    form: str, old: str, new: str, book: MemoryBook, tmp_path: Path
) -> None:
    name, text = FORMATS[form]
    with pytest.raises(DoesNotAddUp, match=r"opening USD 3752\.25 \+ lines 1246\.75 = 4999\.00.*a difference of 1\.00"):
        brought_in(book, tmp_path, name, text.replace(old, new))
    assert rows_of(book, "BankStatement", "line_id") == []


def test_a_statement_follows_the_one_that_ends_the_day_before(book: MemoryBook, tmp_path: Path) -> None:
    brought_in(book, tmp_path, "march.ofx", OFX)
    april = OFX.replace("DTSTART>20240301<DTEND>20240331", "DTSTART>20240401<DTEND>20240430")
    april = april.replace("20240305", "20240405").replace("20240306", "20240406").replace("<FITID>F", "<FITID>A")
    with pytest.raises(DoesNotFollow, match=r"opens with 3752\.25, but statement 20240301-20240331.*closes with 5000"):
        brought_in(book, tmp_path, "april.ofx", april)
    assert brought_in(book, tmp_path, "april.ofx", april.replace("5000.00", "6247.75")).writes_book


def test_downloads_that_overlap_count_no_day_twice(book: MemoryBook, tmp_path: Path) -> None:
    brought_in(book, tmp_path, "march.ofx", OFX)
    more = OFX.replace("<DTEND>20240331", "<DTEND>20240410").replace("5000.00<DTASOF>20240331", "5010.00<DTASOF>20240410")
    first = more[more.index("<STMTTRN>") : more.index("</STMTTRN>") + len("</STMTTRN>\n")]
    added = [
        first.replace("20240305", day).replace("1250.75", amount).replace("F1", number)
        for day, amount, number in (("20240329", "7.00", "F3"), ("20240402", "3.00", "F4"))
    ]
    more = more.replace("</BANKTRANLIST>", "".join(added) + "</BANKTRANLIST>")
    brought_in(book, tmp_path, "april.ofx", more)
    told = rows_of(book, "BankBalances", "statement_id", "from_date", "to_date", "opening", "closing")
    assert told == [
        ("20240301-20240331", dt.date(2024, 3, 1), dt.date(2024, 3, 31), 3752.25, 5000),
        ("20240329/998877/F3", dt.date(2024, 3, 29), dt.date(2024, 3, 29), 5000, 5007),
        ("20240410/998877/F4", dt.date(2024, 4, 2), dt.date(2024, 4, 10), 5007, 5010),
    ]
    assert not brought_in(book, tmp_path, "april.ofx", more).writes_book
    # Nothing moved since: the balance is known to hold until the later day.
    later = more.replace("20240410", "20240415")
    brought_in(book, tmp_path, "later.ofx", later)
    last = rows_of(book, "BankBalances", "from_date", "to_date", "opening", "closing")[-1]
    assert last == (dt.date(2024, 4, 11), dt.date(2024, 4, 15), 5010, 5010)
    assert not brought_in(book, tmp_path, "later.ofx", later).writes_book


def test_what_a_bank_booked_never_changes(book: MemoryBook, tmp_path: Path) -> None:
    brought_in(book, tmp_path, "first.sta", MT940)
    other = MT940.replace("D3,00", "D4,00").replace("5000,00", "4999,00").replace("00003/001", "00004/001")
    with pytest.raises(LineChanged, match="998877/F2"):
        brought_in(book, tmp_path, "second.sta", other)


MALFORMED = [
    pytest.param("a.xml", CAMT.replace("</Ntry>", "", 1), r"line \d+: not well-formed", id="camt: not closed"),
    pytest.param("a.xml", CAMT.replace(">3.00<", ">3,x<"), "line 13, element Amt: '3,x' is not an amount", id="camt: sum"),
    pytest.param("a.xml", CAMT.replace("CLBD", "XXXX"), "no balance CLBD", id="camt: no closing"),
    pytest.param("a.xml", CAMT.replace("-03-06", ".3.06"), "line 13, element Ntry: .* is not a date", id="camt: date"),
    pytest.param("a.sta", MT940.replace(":62F:C240331USD5000,00", ""), "line 1: .*closing balance", id="mt940: no closing"),
    pytest.param("a.sta", MT940.replace("C1250,75", "Zz"), r"line 5: ", id="mt940: line"),
    pytest.param("a.sta", MT940.replace("0305C1250,75", "0305C1250,755"), "line 5: .*more decimals", id="mt940: decimals"),
    pytest.param("a.ofx", OFX.replace("-3.00", "-3.x"), "line 27, element TRNAMT: not an amount", id="ofx: amount"),
    pytest.param("a.ofx", OFX.replace("20240306", "2024x"), "line 26, element DTPOSTED", id="ofx: date"),
    pytest.param("a.xml", CAMT.replace("<Othr><Id>998877</Id></Othr>", ""), "line 2, .*no account", id="camt: account"),
    pytest.param("a.xml", CAMT.replace(">DBIT<", ">DEBT<"), "line 13, element Ntry: CdtDbtInd is 'DEBT'", id="camt: side"),
    pytest.param("a.xml", CAMT.replace('USD">3.00', 'EUR">3.00'), "line 13, element Amt: .*EUR", id="camt: currency"),
    pytest.param("a.xml", CAMT.replace('Ccy="USD"', 'Ccy="USS"'), "element Amt: 'USS' is not a currency", id="camt: no ISO"),
    pytest.param("a.sta", MT940.replace(":25:998877", ":25:"), "line 1: .*no account", id="mt940: account"),
    pytest.param("a.sta", MT940.replace("240331USD", "249931USD"), r"line \d: ", id="mt940: date of a balance"),
    pytest.param("a.sta", MT940.replace("USD", "USS"), "line 1: 'USS' is not a currency", id="mt940: no ISO"),
    pytest.param("a.sta", MT940.replace("2403060306", "2413410341"), "line 7: ", id="mt940: date of a line"),
    pytest.param("a.ofx", OFX.replace("USD", "USS"), "element CURDEF: 'USS' is not a currency", id="ofx: no ISO"),
    pytest.param("a.ofx", OFX.replace("5000.00", "5,000.00.0"), "line 32, element BALAMT: not an amount", id="ofx: balance"),
    pytest.param("a.ofx", OFX.replace("<FITID>F2", "<FITID>"), "line 28, element FITID", id="ofx: no number of a line"),
    pytest.param("a.ofx", OFX[:700], "a.ofx, the file: ", id="ofx: cut off"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "says"), MALFORMED)
def test_a_malformed_file_is_refused_and_the_line_or_element_named(
    name: str, text: str, says: str, book: MemoryBook, tmp_path: Path
) -> None:
    with pytest.raises(BadElement, match=says):
        brought_in(book, tmp_path, name, text)
    assert rows_of(book, "BankStatement", "line_id") == []


@pytest.mark.parametrize("declaration", ['<!DOCTYPE Document [<!ENTITY a "b">]>', '<!DOCTYPE x SYSTEM "file:///etc/hosts">'])
def test_document_types_and_entities_are_refused(declaration: str, book: MemoryBook, tmp_path: Path) -> None:
    with pytest.raises(DeclaresEntities):
        brought_in(book, tmp_path, "a.xml", CAMT.replace("<Document", f"{declaration}<Document", 1))
    with pytest.raises(DeclaresEntities):
        brought_in(book, tmp_path, "a.ofx", OFX.replace("<OFX>", f"{declaration}<OFX>", 1))


def test_a_batch_is_one_line_a_payment_where_its_parts_sum_to_it(book: MemoryBook, tmp_path: Path) -> None:
    first = CAMT[CAMT.index("<TxDtls>") : CAMT.index("</TxDtls>") + len("</TxDtls>")]
    parts = [
        first.replace("<TxDtls>", f'<TxDtls><Amt Ccy="USD">{amount}</Amt>').replace("0003", number)
        for amount, number in (("1000.00", "0003"), ("250.75", "0004"))
    ]
    brought_in(book, tmp_path, "batch.xml", CAMT.replace(first, "".join(parts)))
    told = rows_of(book, "BankStatement", "amount", "remittance")
    assert told[:2] == [(1000, "INV-202401-0003"), (250.75, "INV-202401-0004")]


def test_a_csv_export_is_read_by_its_headers(book: MemoryBook, tmp_path: Path) -> None:
    text = "交易流水号,账号,交易日期,币种,金额,对方户名,附言\n"
    text += "77001,6200,2024-03-05,CNY,100.50,澄陵砺衡物流有限公司,货款INV-202401-0001\n"
    assert brought_in(book, tmp_path, "export.csv", text).writes_book
    assert rows_of(book, "BankStatement", "line_id", "amount", "counterparty") == [("77001", 100.5, "澄陵砺衡物流有限公司")]
