"""Charts beside the tables of ours that are easier seen than read: which, and of what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from openpyxl.chart import BarChart, Reference
from openpyxl.chart.data_source import AxDataSource, MultiLevelStrRef
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from workbook.table import Table, Words

WIDTH_IN_CHARACTERS = 100
"""About how much of a printed page a chart takes across."""
_WIDTH, _HEIGHT = 22, 11  # centimetres


@dataclass(frozen=True)
class ChartOf:
    """Bars of shares in some columns of a table, a group of bars a row.

    ``labels``: the first and the last of the columns that name a row.
    """

    title: Words
    labels: tuple[str, str]
    values: tuple[str, ...]
    number_format: str


CHARTS: Mapping[str, ChartOf] = MappingProxyType({
    # A share, since the rows' currencies differ.
    "ReminderEffect": ChartOf(
        Words("Share paid within 30 days, a bar a row", "30 天内回款率（每行一柱）"),
        labels=("level", "channel"), values=("share_30",), number_format="0%",
    ),
})  # fmt: skip
"""By the name of the table."""


def add_chart(sheet: Worksheet, table: Table, language: str, last_row: int) -> None:
    """Add the table's chart to its sheet, right of its last column, if it has one.

    Its series reach over two rows at least: a range of one cell does not grow when rows are added.
    """
    declared = CHARTS.get(table.name)
    if declared is None:
        return
    last_row = max(last_row, 3)
    place = {key: at for at, key in enumerate(table.keys, start=1)}
    chart: Any = BarChart()
    chart.type = "col"
    chart.title = declared.title.in_language(language)
    chart.width, chart.height = _WIDTH, _HEIGHT
    for key in declared.values:
        chart.add_data(
            Reference(sheet, min_col=place[key], min_row=1, max_row=last_row), titles_from_data=True
        )  # fmt: skip
    first, last = (get_column_letter(place[key]) for key in declared.labels)
    quoted = sheet.title.replace("'", "''")
    labels = MultiLevelStrRef(f=f"'{quoted}'!${first}$2:${last}${last_row}")
    for series in chart.series:
        series.cat = AxDataSource(multiLvlStrRef=labels)
    if len(chart.series) == 1:
        chart.legend = None
    chart.y_axis.number_format = declared.number_format
    chart.y_axis.scaling.min, chart.y_axis.scaling.max = 0, 1
    chart.x_axis.delete = chart.y_axis.delete = False  # openpyxl hides them otherwise, for Excel
    sheet.add_chart(chart, f"{get_column_letter(len(table.columns) + 2)}2")
