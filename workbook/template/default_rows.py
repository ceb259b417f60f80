"""What a new workbook holds before anyone types: common payment terms, a ladder of reminders, letters, settings."""

from __future__ import annotations

from collections.abc import Mapping

from functions.ledger import PaymentTerms, ReminderLevel
from functions.money import exponent
from workbook import labels
from workbook.port import Cell, Columns
from workbook.setting_values import SettingKind
from workbook.settings import SETTINGS, find_setting
from workbook.table import Words
from workbook.template.default_letters import default_letters

_TERMS: tuple[tuple[PaymentTerms, Words], ...] = (
    (PaymentTerms("NET0"), Words("Due at once", "见票即付")),
    *(
        (PaymentTerms(f"NET{days}", days=days), Words(f"Net {days} days", f"{days} 天内付款"))
        for days in (7, 10, 14, 15, 30, 45, 60, 90)
    ),
    (PaymentTerms("EOM", basis="end_of_month"), Words("End of month", "当月月末")),
    (PaymentTerms("EOM30", basis="end_of_month", days=30), Words("End of month + 30 days", "月结 30 天")),
    (
        PaymentTerms("2/10NET30", days=30, discount_ppm=20_000, discount_days=10),
        Words("2 % within 10 days, net 30", "10 天内付款享 2% 折扣，30 天全额"),
    ),
    (
        PaymentTerms("INST3", instalments=((300_000, 30), (500_000, 60), (200_000, 90))),
        Words("30 % in 30 days, 50 % in 60, 20 % in 90", "30 天 30%、60 天 50%、90 天 20%"),
    ),
)

DEFAULT_TERMS: tuple[PaymentTerms, ...] = tuple(terms for terms, _ in _TERMS)

_LADDER = (
    # days from due, channel, letter, least days since the last dunning message, least amount
    (-7, "email", "upcoming", 0, 0),
    (-3, "email", "upcoming", 0, 0),
    (-1, "sms", "due_tomorrow", 0, 0),
    (1, "email", "first", 5, 10),
    (7, "phone", "call", 5, 10),
    (15, "letter", "second", 7, 50),
    (30, "visit", "visit", 10, 100),
    (60, "letter", "final", 14, 100),
    (90, "lawyer", "lawyer", 14, 100),
)


def default_ladder(currency: str) -> tuple[ReminderLevel, ...]:
    """The ladder of RULES §8, its smallest amounts in the base currency. Raises UnknownCurrency."""
    # Where money has no small change its unit is small too (JPY, KRW): a hundred of them, then, for one.
    unit = 10 ** (exponent(currency) or 2)
    return tuple(
        ReminderLevel(
            level=number,
            days=days,
            channel=channel,
            letter=letter,
            min_interval_days=interval,
            min_amount_minor=least * unit,
        )
        for number, (days, channel, letter, interval, least) in enumerate(_LADDER, start=1)
    )


def default_rows(*, language: str, currency: str) -> Mapping[str, Columns]:
    """Table → columns of codes and plain values, of the tables that a new workbook fills. Raises UnknownCurrency."""
    return {
        "Settings": settings_rows({"base_currency": currency, "language": language}, language=language),
        "PaymentTerms": _terms_rows(language),
        "ReminderLevels": _ladder_rows(currency),
        "Letters": _letter_rows(language),
    }


def settings_rows(values: Mapping[str, Cell], *, language: str) -> Columns:
    """Every setting with its value (its default, where ``values`` has none), and what it does. Other names follow."""
    given = {(setting.key if (setting := find_setting(name)) else name): cell for name, cell in values.items()}
    keys = [*SETTINGS, *(name for name in given if name not in SETTINGS)]
    return {
        "key": keys,
        "value": [_value(key, given, language) for key in keys],
        "meaning": [_meaning(key, language) for key in keys],
    }


def _value(key: str, given: Mapping[str, Cell], language: str) -> Cell:
    setting = SETTINGS.get(key)
    if setting is None:
        return given[key]
    cell = given.get(key, setting.default or None)
    if setting.kind in (SettingKind.COUNT, SettingKind.AMOUNT) and isinstance(cell, str) and cell.isdecimal():
        return int(cell)
    if isinstance(cell, bool):
        return labels.yes_no(cell, language)
    return setting.shown(cell, language) if isinstance(cell, str) else cell


def _meaning(key: str, language: str) -> Cell:
    setting = SETTINGS.get(key)
    if setting is None:
        return None
    joint = "：" if language == "zh-CN" else ": "
    return f"{setting.label.in_language(language)}{joint}{setting.help.in_language(language)}"


def _terms_rows(language: str) -> Columns:
    terms = DEFAULT_TERMS
    return {
        "terms_id": [each.terms_id for each in terms],
        "description": [words.in_language(language) for _, words in _TERMS],
        "basis": [each.basis for each in terms],
        "months": [each.months or None for each in terms],
        "days": [None if each.instalments else each.days for each in terms],
        "day_of_month": [each.day_of_month or None for each in terms],
        "discount_percent": [each.discount_ppm / 10_000 or None for each in terms],
        "discount_days": [each.discount_days or None for each in terms],
        "instalments": [";".join(f"{ppm / 10_000:g}@{days}" for ppm, days in each.instalments) or None for each in terms],
    }


def _ladder_rows(currency: str) -> Columns:
    levels = default_ladder(currency)
    scale = 10 ** exponent(currency)
    return {
        "level": [each.level for each in levels],
        "basis": [each.basis for each in levels],
        "days_from_due": [each.days for each in levels],
        "channel": [each.channel for each in levels],
        "letter": [each.letter for each in levels],
        "min_interval_days": [each.min_interval_days or None for each in levels],
        "min_amount": [each.min_amount_minor / scale or None for each in levels],
    }


def _letter_rows(language: str) -> Columns:
    letters = sorted(default_letters(), key=lambda each: each.language != language)  # the book's own language first
    return {
        "letter": [each.letter for each in letters],
        "language": [each.language for each in letters],
        "channel": [each.channel for each in letters],
        "subject": [each.subject or None for each in letters],
        "body": [each.body for each in letters],
    }
