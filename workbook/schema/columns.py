"""One way to write a column down, and the columns that many tables share."""

from __future__ import annotations

from workbook.table import Column, CurrencyOf, Kind, Owner, Sign, Table, Words

LANGUAGES = ("en", "zh-CN")
DOCUMENT_KINDS = ("invoice", "debit_note", "interest_note", "credit_note")
ITEM_KINDS = ("invoice", "debit_note", "interest_note")
RECEIPT_KINDS = ("receipt", "reversal", "refund")
METHODS = ("bank_transfer", "cash", "cheque", "card", "bank_bill", "commercial_bill", "netting")
CHANNELS = ("email", "sms", "phone", "visit", "letter", "lawyer")
OUTCOMES = ("reached", "no_answer", "promised", "disputed", "refused", "other")
BILLING_RULES = ("once", "monthly", "quarterly", "yearly", "milestones")
WRITE_OFF_REASONS = ("bad_debt", "small_difference", "bank_charge", "concession")

CUSTOMER_SYNONYMS = (
    "Customer", "Customer No", "Customer No.", "Customer Number", "Customer Code", "Cust ID", "Customer Account",
    "Account Number", "Debtor", "客户编码", "客户代码", "客户号", "客商编码", "往来单位编码", "购货单位编码",
)  # fmt: skip
CURRENCY_SYNONYMS = (
    "Curr.", "Ccy", "Currency Code", "Document Currency", "Invoice Currency Code", "Transaction Currency", "币别", "货币",
    "结算币别", "原币币种",
)  # fmt: skip
TERMS_SYNONYMS = ("Terms", "Terms of Payment", "Payment Term", "Payt Terms", "收款条件", "付款条款", "收付款协议")
NOTES_SYNONYMS = ("Memo", "Remarks", "Comment", "Comments", "Description", "Text", "摘要", "说明")


def column(
    key: str,
    kind: Kind,
    en: str,
    zh: str,
    help_en: str = "",
    help_zh: str = "",
    *,
    is_required: bool = False,
    choices: tuple[str, ...] = (),
    currency_of: CurrencyOf = CurrencyOf.ROW,
    sign: Sign = Sign.ANY,
    synonyms: tuple[str, ...] = (),
) -> Column:
    """A column by its key, its kind, its header and its help in both languages."""
    return Column(
        key=key,
        label=Words(en, zh),
        kind=kind,
        is_required=is_required,
        help=Words(help_en, help_zh),
        choices=choices,
        currency_of=currency_of,
        sign=sign,
        synonyms=synonyms,
    )


def user_table(
    name: str,
    label: Words,
    help: Words,
    *columns: Column,
    key: tuple[str, ...],
    key_without_id: tuple[str, ...] = (),
    is_core: bool = False,
    is_shown_at_first: bool = False,
) -> Table:
    """A table that staff keep."""
    return Table(
        name=name,
        label=label,
        owner=Owner.USER,
        columns=columns,
        key=key,
        key_without_id=key_without_id,
        is_core=is_core,
        is_shown_at_first=is_shown_at_first,
        help=help,
    )


def addin_table(
    name: str,
    label: Words,
    help: Words,
    *columns: Column,
    key: tuple[str, ...],
    is_log: bool = False,
    is_shown_at_first: bool = False,
) -> Table:
    """A table that every run writes anew, or, for a log, appends to."""
    return Table(
        name=name,
        label=label,
        owner=Owner.ADDIN,
        columns=columns,
        key=key,
        is_log=is_log,
        is_shown_at_first=is_shown_at_first,
        help=help,
    )


def customer_id(*, is_required: bool = True) -> Column:
    """The customer that a row belongs to."""
    return column(
        "customer_id", Kind.ID, "Customer ID", "客户编号",
        "The customer's id as on the Customers sheet.", "与“客户”表中的客户编号一致。",
        is_required=is_required, synonyms=CUSTOMER_SYNONYMS,
    )  # fmt: skip


def customer_name() -> Column:
    """The customer's name beside its id, in tables of ours."""
    return column("name", Kind.TEXT, "Name", "客户名称")


def currency(*, is_required: bool = False) -> Column:
    """The currency of the row's amounts."""
    return column(
        "currency", Kind.ID, "Currency", "币种",
        "Three letters of ISO 4217, such as CNY or USD. Blank: the customer's currency, else the base currency.",
        "ISO 4217 三位币种代码，如 CNY、USD。留空则取客户币种，再取本位币。",
        is_required=is_required, synonyms=CURRENCY_SYNONYMS,
    )  # fmt: skip


def payment_terms() -> Column:
    """The id of payment terms, and where a blank one is looked up."""
    return column(
        "payment_terms", Kind.ID, "Payment terms", "付款条件",
        "An id from the PaymentTerms sheet, such as NET30. Blank: the contract's terms, then the customer's.",
        "“付款条件”表中的编号，如 NET30。留空则先取合同、再取客户的付款条件。",
        synonyms=TERMS_SYNONYMS,
    )  # fmt: skip


def notes() -> Column:
    """Free text."""
    return column(
        "notes", Kind.TEXT, "Notes", "备注",
        "Anything worth remembering. Never read by a rule.", "任意备注，不参与任何计算。",
        synonyms=NOTES_SYNONYMS,
    )  # fmt: skip


def entered() -> tuple[Column, Column]:
    """Since when a row is known, and who typed it."""
    return (
        column(
            "entered_on", Kind.DATE, "Entered on", "录入日期",
            "The day this row was typed. Blank: always known. Serves 'as known on' reports.",
            "该行的录入日期。留空视为一直已知；用于“截至某日已知”的报表。",
            synonyms=("Entry Date", "Created On", "Date Created", "制单日期", "创建日期"),
        ),
        column(
            "entered_by", Kind.TEXT, "Entered by", "录入人",
            "Who typed this row.", "录入该行的人员。",
            synonyms=("Created By", "User Name", "制单人", "创建人"),
        ),
    )  # fmt: skip


def approved_by(help_en: str, help_zh: str) -> Column:
    """Who agreed to give money away."""
    return column(
        "approved_by", Kind.TEXT, "Approved by", "审批人", help_en, help_zh, synonyms=("Approver", "审核人", "批准人")
    )
