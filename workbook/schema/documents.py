"""What we invoiced: invoices, debit notes, interest notes and credit notes, in one table."""

from __future__ import annotations

from workbook.schema.columns import (
    DOCUMENT_KINDS,
    approved_by,
    column,
    currency,
    entered,
    notes,
    payment_terms,
    user_table,
)
from workbook.table import Kind, Sign, Words

INVOICES = user_table(
    "Invoices", Words("Invoices", "应收发票"),
    Words(
        "What customers owe: one row an invoice, debit note, interest note or credit note.",
        "应收款项：发票、借项通知、利息单与贷项通知，每行一张。",
    ),
    column(
        "invoice_id", Kind.ID, "Invoice ID", "发票编号",
        "The document's number, one a row. 00123 and 123 are two documents.",
        "单据编号，每行唯一；00123 与 123 是两张单据。",
        is_required=True,
        synonyms=(
            "Invoice", "Invoice No", "Invoice No.", "Invoice Number", "Document Number", "Document No.", "Billing Document",
            "Transaction Number", "Trx Number", "Num", "单据编号", "单据号", "发票号码", "发票号", "应收单号",
        ),
    ),
    column(
        "customer_id", Kind.ID, "Customer ID", "客户编号",
        "The customer's id as on the Customers sheet.", "与“客户”表中的客户编号一致。",
        is_required=True,
        synonyms=(
            "Customer", "Customer No", "Customer No.", "Customer Number", "Customer Code", "Cust ID", "Customer Account",
            "Account Number", "ContactName", "Debtor", "客户编码", "客户代码", "客户号", "客商编码", "往来单位编码",
            "购货单位编码",
        ),
    ),
    column(
        "kind", Kind.CHOICE, "Kind", "单据类型",
        "Blank: an invoice, or a credit note when the amount is negative.", "留空：金额为正按发票，为负按贷项通知。",
        choices=DOCUMENT_KINDS, synonyms=("Document Type", "Transaction Type", "Transaction Class", "Type", "单据类别"),
    ),
    column(
        "contract_id", Kind.ID, "Contract ID", "合同编号",
        "The contract it belongs to, if any; its payment terms serve when the invoice has none.",
        "所属合同（如有）；发票未填付款条件时取合同的。",
        synonyms=("Contract", "Contract No.", "Contract Number", "合同号", "合同编码"),
    ),
    column(
        "bill_on", Kind.DATE, "Bill of", "所属开票日",
        "Of a contract that Duebook bills: the day of the bill that this invoice is. Blank: the invoice date.",
        "由本系统开票的合同：该发票对应的开票日。留空取开票日期。",
        synonyms=("Bill Of Day",),
    ),
    column(
        "order_id", Kind.ID, "Order ID", "订单编号",
        "The order it bills: reduces that order's open amount.", "所开票的订单，冲减该订单的未开票金额。",
        synonyms=("Sales Order", "Sales Document", "Order Number", "Order No.", "订单号", "销售订单号"),
    ),
    column(
        "purchase_order", Kind.TEXT, "Purchase order", "客户采购单号",
        "The customer's own order number, quoted in reminders.", "客户的采购订单号，催款时引用。",
        synonyms=("PO Number", "P.O. Number", "Customer PO", "Your Reference", "客户订单号", "采购订单号"),
    ),
    column(
        "invoice_date", Kind.DATE, "Invoice date", "开票日期",
        "The document's date. It does not exist in reports before this day.", "单据日期；早于该日的报表不含此单。",
        is_required=True,
        synonyms=(
            "Date", "Document Date", "Billing Date", "Transaction Date", "Trx Date", "单据日期", "业务日期",
            "发票日期", "日期",
        ),
    ),
    column(
        "baseline_date", Kind.DATE, "Baseline date", "账期起算日",
        "Payment terms run from here (goods accepted, tax invoice received). Blank: the invoice date.",
        "账期起算日（如验收、收票日）。留空取开票日期。",
        synonyms=(
            "Baseline Payment Dte", "Baseline Date for Due Date Calculation", "Terms Start Date", "起算日期",
            "账期起始日",
        ),
    ),
    payment_terms(),
    column(
        "due_date", Kind.DATE, "Due date", "到期日",
        "Fill it in only where it is agreed outright. Blank: worked out from the payment terms.",
        "仅在明确约定到期日时填写。留空按付款条件推算。",
        synonyms=("Net Due Date", "Date Due", "Due", "Payment Due Date", "到期日期", "应收日期", "收款到期日"),
    ),
    currency(),
    column(
        "amount", Kind.MONEY, "Amount", "金额",
        "Tax included. A credit note may have either sign.", "含税金额。贷项通知正负均可。",
        is_required=True,
        sign=Sign.NOT_ZERO,
        synonyms=(
            "Invoice Amount", "Total", "Invoice Total", "Gross Amount", "Amount Due Original", "Original Amount",
            "Amount in Doc. Curr.", "Amount in Document Currency", "Amount in DC", "Amount (Foreign Currency)", "价税合计",
            "应收金额", "原币金额", "含税金额", "发票金额",
        ),
    ),
    column(
        "tax", Kind.MONEY, "Tax", "税额",
        "The tax within the amount, for information.", "金额中所含税额，仅供参考。",
        synonyms=("Tax Amount", "TaxTotal", "VAT", "VAT Amount", "Tax in Doc. Curr.", "增值税额"),
    ),
    column(
        "tax_invoice_number", Kind.TEXT, "Tax invoice number", "税票号码",
        "Number of the tax invoice (fapiao), if it differs.", "增值税发票号码（与发票编号不同时填写）。",
        synonyms=("Fapiao Number", "Tax Invoice No.", "增值税发票号", "金税发票号"),
    ),
    column(
        "tax_invoice_date", Kind.DATE, "Tax invoice date", "税票日期",
        "Date of the tax invoice.", "增值税发票的开具日期。",
        synonyms=("Fapiao Date", "增值税发票日期"),
    ),
    column(
        "related_invoice_id", Kind.ID, "Related invoice ID", "对应发票编号",
        "For a credit note: the invoice it reduces. Blank: unapplied credit.", "贷项通知所冲减的发票。留空则为未核销贷项。",
        synonyms=(
            "Invoice Reference", "Applied To", "Original Invoice", "Created From", "源单编号", "原发票号",
            "红冲发票号",
        ),
    ),
    column(
        "opening_settled", Kind.MONEY, "Settled before start", "期初已结金额",
        "What was already paid when this ledger began.", "启用本账之前已结清的金额。",
        synonyms=("Previously Paid", "期初已收", "期初已核销"),
    ),
    column(
        "charged_to", Kind.DATE, "Interest charged to", "计息截止日",
        "For an interest note: the last day it charges interest for.", "利息单所计利息的截止日期。",
        synonyms=("Interest To", "Interest Calculated To", "计息止日"),
    ),
    column(
        "is_disputed", Kind.YES_NO, "Disputed", "有争议",
        "Yes: the customer contests it. It is not reminded, and takes no automatic payment.",
        "填“是”表示客户有异议：不催款，也不自动清账。",
        synonyms=("In Dispute", "Dispute", "Disputed Item", "是否争议", "争议"),
    ),
    column(
        "disputed_on", Kind.DATE, "Disputed on", "争议日期",
        "When the dispute began. Blank: since the invoice date.", "争议开始日期。留空从开票日起算。",
        synonyms=("Dispute Date", "Dispute Opened", "争议开始日期"),
    ),
    column(
        "dispute_closed_on", Kind.DATE, "Dispute closed on", "争议解决日期",
        "When the dispute was settled.", "争议解决的日期。",
        synonyms=("Dispute Closed", "Dispute Resolved", "Resolution Date", "争议关闭日期"),
    ),
    column(
        "dispute_reason", Kind.TEXT, "Dispute reason", "争议原因",
        "What the customer says is wrong.", "客户提出异议的原因。",
        synonyms=("Reason Code", "Dispute Code", "争议说明"),
    ),
    notes(),
    *entered(),
    approved_by("Who approved this credit note.", "贷项通知的审批人。"),
    key=("invoice_id",), is_core=True, is_shown_at_first=True,
)  # fmt: skip
