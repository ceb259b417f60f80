"""A new workbook: Home, the sheets that everybody needs, defaults to begin with."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from functions.aging import bucket_codes
from workbook.package.atomic_save import write_whole
from workbook.port import Cell, Columns
from workbook.schema import table as table_named
from workbook.schema import tables_with_buckets
from workbook.settings import SETTINGS, Settings, parse_settings
from workbook.table import Table
from workbook.template.additions import Additions, add_sheets_and_names, with_parts
from workbook.template.default_rows import default_rows, settings_rows
from workbook.template.drop_downs import pick_from
from workbook.template.home import add_home
from workbook.template.table_sheet import add_table_sheet

_CREATOR = "Duebook"
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")


def new_workbook(
    target: Path,
    *,
    language: str,
    currency: str,
    rows: Mapping[str, Columns] | None = None,
    stamp: dt.datetime | None = None,
    additions: Additions | None = None,
) -> None:
    """Write a new workbook, whole or not at all; a file of that name is replaced.

    ``language``: en or zh-CN. ``currency``: the base currency. ``rows``: table → column key → values, instead of blanks or
    defaults; a table that is not shown at first gets its sheet when it has rows. ``Settings`` in it (key, value) are put
    among the defaults. ``stamp``: the date that the file carries everywhere; the same arguments then give the same bytes.
    Without one, openpyxl puts the clock's. ``additions``: what it holds besides its sheets, as macros.
    Raises UnknownCurrency, UnknownTable, TextTooLong, NotWritable.
    """
    workbook = build_workbook(language=language, currency=currency, rows=rows or {})
    if additions is not None:
        add_sheets_and_names(workbook, additions)
    workbook.properties.creator = _CREATOR
    if stamp is not None:
        workbook.properties.created = _whole_second(stamp)
    package = _saved(workbook)
    if additions is not None:
        package = with_parts(package, additions, path=target)
    write_whole(target, _stamped(package, _whole_second(stamp)) if stamp else package)


def build_workbook(*, language: str, currency: str, rows: Mapping[str, Columns]) -> Workbook:
    """The workbook of ``new_workbook``, not yet written."""
    filled = {**default_rows(language=language, currency=currency), **rows}
    filled["Settings"] = _settings(rows, language=language, currency=currency)
    settings, _ = parse_settings(_by_key(filled["Settings"]))
    workbook = Workbook()
    del workbook[workbook.sheetnames[0]]
    for table in _tables(filled, settings):
        sheet = add_table_sheet(workbook, table, language, currency, filled.get(table.name))
        if table.name == "Settings":
            _offer_choices(workbook, sheet, filled["Settings"], language)
    add_home(workbook, language=language, company_name=settings.company_name, currency=settings.base_currency)
    workbook.active = 0
    return workbook


def _settings(rows: Mapping[str, Columns], *, language: str, currency: str) -> Columns:
    given = {"base_currency": currency, "language": language, **_by_key(rows.get("Settings", {}))}
    return settings_rows(given, language=language)


def _by_key(settings: Columns) -> dict[str, Cell]:
    return dict(zip(map(str, settings.get("key", ())), settings.get("value", ()), strict=True))


def _tables(rows: Mapping[str, Columns], settings: Settings) -> list[Table]:
    """Those shown at first, the logs, and those that have rows, in the order of work."""
    asked = {table_named(name).name for name, columns in rows.items() if any(map(len, columns.values()))}
    tables = tables_with_buckets(bucket_codes(settings.bucket_edges)).values()
    return [table for table in tables if table.is_shown_at_first or table.is_log or table.name in asked]


def _offer_choices(workbook: Workbook, sheet: Worksheet, settings: Columns, language: str) -> None:
    """A drop-down list beside each setting that has one: the value column holds a different kind in every row."""
    value = get_column_letter(list(table_named("Settings").keys).index("value") + 1)
    for row, key in enumerate(map(str, settings["key"]), start=2):
        setting = SETTINGS.get(key)
        if setting is not None and setting.codes:
            rule = pick_from(workbook, [setting.shown(code, language) for code in setting.codes], language)
            rule.add(f"{value}{row}")
            sheet.add_data_validation(rule)


def _saved(workbook: Workbook) -> bytes:
    saved = io.BytesIO()
    workbook.save(saved)
    return saved.getvalue()


def _whole_second(stamp: dt.datetime) -> dt.datetime:
    return (stamp.astimezone(dt.UTC) if stamp.tzinfo else stamp).replace(tzinfo=None, microsecond=0)


def _stamped(package: bytes, moment: dt.datetime) -> bytes:
    """The package with the moment in its properties and on each of its members, where openpyxl puts the clock's time."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as source, zipfile.ZipFile(packed, "w") as target:
        for name in source.namelist():
            part = source.read(name)
            if name == "docProps/core.xml":
                part = _MODIFIED.sub(rb"\g<1>" + f"{moment.isoformat()}Z".encode() + rb"\g<2>", part)
            member = zipfile.ZipInfo(name, date_time=moment.timetuple()[:6])
            member.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(member, part)
    return packed.getvalue()
