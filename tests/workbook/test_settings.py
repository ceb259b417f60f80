"""Settings from the cells of their sheet: read in either language, with a default for what is blank or wrong."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from functions.dates import day_of
from functions.frames import NO_DAY
from functions.ledger import PaymentTerms, Policy, ReminderLevel
from workbook.port import Cell
from workbook.settings import SETTINGS, SettingIssue, find_setting, parse_settings


def test_no_settings_at_all_give_the_policy_that_the_rules_default_to() -> None:
    settings, issues = parse_settings({})
    assert issues == []
    assert settings.policy() == Policy()
    assert (settings.language, settings.company_name, settings.ledger_starts_on) == ("en", "", NO_DAY)


def test_a_blank_cell_means_the_default() -> None:
    blank: dict[str, Cell] = {key: [None, "", "  "][at % 3] for at, key in enumerate(SETTINGS)}
    assert parse_settings(blank) == parse_settings({})


@pytest.mark.parametrize(
    ("name", "cell", "field", "value"),
    [
        ("base_currency", " usd ", "base_currency", "USD"),
        ("language", "中文", "language", "zh-CN"),
        ("ledger_starts_on", dt.date(2024, 1, 1), "ledger_starts_day", day_of(dt.date(2024, 1, 1))),
        ("ledger_starts_on", "2024年1月1日", "ledger_starts_day", day_of(dt.date(2024, 1, 1))),
        ("bucket_edges", "0; 15；45", "bucket_edges", (0, 15, 45)),
        ("bucket_edges", 0.0, "bucket_edges", (0,)),
        ("Aging counted from", "Invoice date", "aging_basis", "invoice_date"),
        ("自动清账方式", "仅按指定清账", "allocation_policy", "explicit_only"),
        ("allocate_to_disputed", "是", "allocate_to_disputed", True),
        ("day_rolling", "顺延但不跨月", "day_rolling", "modified_next"),
        ("watch_percent", 85.0, "watch_percent", 85),
        ("promise_grace_days", "0", "promise_grace_days", 0),
        ("weekend_entry_above", "5000", "weekend_entry_above", 5000),
    ],
)
def test_a_value_is_read_as_staff_type_it(name: str, cell: Cell, field: str, value: object) -> None:
    settings, issues = parse_settings({name: cell})
    assert issues == []
    assert getattr(settings if hasattr(settings, field) else settings.policy(), field) == value


@pytest.mark.parametrize(
    ("key", "cell"),
    [
        ("base_currency", "XXQ"), ("base_currency", "XAU"), ("bucket_edges", "30;60"), ("bucket_edges", "0;60;60"),
        ("bucket_edges", "0;a"), ("watch_percent", -1), ("watch_percent", 80.5), ("aging_basis", "end_of_month"),
        ("orders_in_exposure", "perhaps"), ("severity.number_gap", "fatal"), ("weekend_entry_above", -1),
        ("ledger_starts_on", "05/01/2024"),
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_is_an_issue_and_the_default_holds(key: str, cell: Cell) -> None:
    settings, issues = parse_settings({key: cell})
    assert issues == [SettingIssue(key, "value", "bad_setting", str(cell))]
    assert settings == parse_settings({})[0]


def test_an_unknown_name_and_a_setting_named_twice_are_issues() -> None:
    cells: dict[str, Cell] = {
        "watch_precent": 90,
        "severity.no_due_date": "off",
        "max_promises": 3,
        "允许失信次数": 4,
        "Language": "en",
        "语言": "en",
    }
    settings, issues = parse_settings(cells)
    assert [(each.key, each.code) for each in issues] == [
        ("watch_precent", "unknown_setting"), ("severity.no_due_date", "unknown_setting"),
        ("max_promises", "duplicate_differs"), ("允许失信次数", "duplicate_differs"),
    ]  # fmt: skip
    assert settings == parse_settings({})[0]


def test_the_policy_carries_the_ledgers_own_terms_ladder_and_calendar() -> None:
    terms, levels = (PaymentTerms("NET30", days=30),), (ReminderLevel(1, 1, "email"),)
    policy = parse_settings({})[0].policy(payment_terms=terms, reminder_levels=levels, holidays=((19_000, False),))
    assert (policy.payment_terms, policy.reminder_levels, policy.holidays) == (terms, levels, ((19_000, False),))


def test_holidays_count_for_the_country_that_was_chosen() -> None:
    of_china, of_all = parse_settings({"holiday_country": "cn"})[0], parse_settings({})[0]
    assert [of_china.counts_holiday(country) for country in ("CN", "HK", "")] == [True, False, True]
    assert [of_all.counts_holiday(country) for country in ("CN", "HK", "")] == [True, True, True]


def test_every_setting_says_what_it_does_in_both_languages() -> None:
    for key, setting in SETTINGS.items():
        assert find_setting(setting.label.en) is find_setting(setting.label.zh) is find_setting(key) is setting
        assert setting.help.en.endswith("."), key
        assert re.search("[\u4e00-\u9fff].*。$", setting.help.zh), key
