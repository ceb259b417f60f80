"""How grave each issue is, of rules and of reading alike: the list of issue codes.

The checks of data quality, which change no figure and whose severity is a setting, are declared in the workbook.

An *error* means that a row is left out or a figure cannot be computed, a *warning* that everything was computed and one
thing deserves a look (RULES §12). Errors make a run end with exit status 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

ERROR = "error"
WARNING = "warning"

_READING_ERRORS = (
    "blank_required",
    "not_a_number",
    "ambiguous_number",
    "too_many_decimals",
    "amount_too_large",
    "amount_not_positive",
    "not_a_date",
    "ambiguous_date",
    "date_out_of_range",
    "not_a_choice",
    "not_yes_no",
    "not_an_integer",
    "not_a_rate",
    "not_an_id",
    "id_with_control_characters",
    "error_cell",
    "not_calculated",
    "unknown_currency",
    "duplicate_differs",  # nobody can say which of the rows is right, so all are left out
    "bad_instalments",  # the terms are left out, and so are the documents that name them
    "bad_setting",  # the default serves, which is not what was asked for: figures are not the ones wanted
)

_READING_WARNINGS = (
    "number_as_id",  # the number and the text are taken as one id
    "duplicate_identical",  # counted once
    "draft_row",  # begun and not finished: nothing to count yet, so the row is left out though nobody did anything wrong
    "zero_amount",  # a document of nothing changes no figure
    "unknown_setting",  # no rule asks for it
    "ladder_not_increasing",  # the ladder works as written, though a higher level would be due before a lower one
)

_RULE_ERRORS = (
    "negative_amount",
    "opening_settled_over_amount",
    "unknown_customer",
    "unknown_payment_terms",
    "no_due_date",
    "unknown_invoice",
    "unknown_receipt",
    "other_customer",
    "other_currency",
    "over_asked",
    "over_settled",
    "reversal_of_unknown",
    "reversal_not_whole",
    "reversed_twice",
    "plan_over_amount",  # the plan is ignored: its items keep their old due dates
    "no_exchange_rate",  # the amount is missing from every base-currency figure
    "contract_without_terms",  # its bill is not proposed: nobody could say when it falls due
    "no_billing_amount",  # its bill is not proposed
    "no_interest_rate",  # the invoice's late interest is blank
    "opening_differs",  # from the general ledger, and so does every balance since
)

_LETTER_ERRORS = (
    "letter_unknown_field",  # the messages that need this text have none
    "letter_brace",
)

_LETTER_WARNINGS = (
    "letter_without_text",  # the message is proposed, without words
    "letter_field_blank",  # the line that says nothing else is left out of the letter
    "sms_too_long",  # it is sent in as many parts as it takes
    "not_an_email",  # the message is proposed, and no e-mail can be made of it
)

_RULE_WARNINGS = (
    "unknown_group",  # the customer is taken to stand alone
    "nested_group",  # the customer stays the head of its own members
    "member_limit_ignored",  # the head's limit serves
    "discount_too_late",  # it was given: the rules count it, and staff should know
    "discount_over_terms",
    "unknown_order",  # the invoice counts, and uses no order up
    "contract_past_end",  # a bill after its last day is not proposed
    "billed_over_amount",  # a bill that would make it more is not proposed
    "milestones_not_whole",
    "self_approved",
    "unapproved_over",
    "limitation_near",  # the debt can be claimed in court for a short time only
    "limitation_passed",
    "no_maturity",  # the bill counts as not matured, which is the careful side
)

_LOCK_WARNINGS = (
    "changed_after_lock",  # the figures are worked out from what stands there now: not those that were locked
    "added_after_lock",
    "removed_after_lock",
    "locked_copy_missing",
    "locked_copy_differs",
    "known_on_differs",
    "known_before_lock",
    "log_line_changed",  # the run log is there to be read: no figure comes from it
    "log_line_missing",
    "log_line_added",
    "log_reordered",
    "log_cut_off",
    "lock_removed",
)

_REPORT_WARNINGS = (
    "bank_details_changed",  # where our customers pay: told once, by the close that sees it first
    "remark_of_a_gone_row",  # staff wrote beside a row of a report that is not in it any more
)

SEVERITY: Mapping[str, str] = MappingProxyType(
    dict.fromkeys(_READING_ERRORS + _RULE_ERRORS + _LETTER_ERRORS, ERROR)
    | dict.fromkeys(_READING_WARNINGS + _RULE_WARNINGS + _LOCK_WARNINGS + _LETTER_WARNINGS + _REPORT_WARNINGS, WARNING)
)
"""Code → ``error`` or ``warning``."""

_STILL_COUNTED = {
    "no_exchange_rate",
    "no_interest_rate",
    "opening_differs",
    "bad_setting",
    "contract_without_terms",
    "no_billing_amount",
    *_LETTER_ERRORS,
}

LEAVES_OUT: frozenset[str] = frozenset(
    {code for code, severity in SEVERITY.items() if severity == ERROR} - _STILL_COUNTED | {"draft_row"}
)
"""The codes of rows that no figure counts, or that are asked for and not applied."""
