"""What settles a document: receipts, their allocation, write-offs, and plans to pay later."""

from __future__ import annotations

from workbook.schema.columns import (
    METHODS,
    RECEIPT_KINDS,
    WRITE_OFF_REASONS,
    approved_by,
    column,
    currency,
    customer_id,
    entered,
    notes,
    user_table,
)
from workbook.table import Column, CurrencyOf, Kind, Sign, Words

_INVOICE_SYNONYMS = (
    "Invoice", "Invoice No", "Invoice No.", "Invoice Number", "Document Number", "Applied To", "Transaction Number",
    "发票号码",
    "发票号", "应收单号", "单据编号",
)  # fmt: skip


def _invoice_id(help_en: str, help_zh: str) -> Column:
    return column(
        "invoice_id", Kind.ID, "Invoice ID", "发票编号", help_en, help_zh, is_required=True, synonyms=_INVOICE_SYNONYMS
    )


RECEIPTS = user_table(
    "Receipts", Words("Receipts", "收款"),
    Words("Money that came in, bounced, or was paid back.", "收到的款项、退票与退款。"),
    column(
        "receipt_id", Kind.ID, "Receipt ID", "收款编号",
        "The receipt's number, one a row.", "收款单编号，每行唯一。",
        is_required=True,
        synonyms=(
            "Receipt", "Receipt No.", "Receipt Number", "Payment ID", "Payment Number", "Document Number", "Document No.",
            "Num", "收款单号", "单据编号", "单据号",
        ),
    ),
    customer_id(),
    column(
        "kind", Kind.CHOICE, "Kind", "收款类型",
        "Blank: a receipt. A reversal takes a bounced receipt back whole; a refund pays out what is unapplied.",
        "留空为收款。退票/冲销须全额冲回原收款；退款为退还未核销部分。",
        choices=RECEIPT_KINDS, synonyms=("Receipt Type", "Payment Type", "Document Type", "Type", "单据类型"),
    ),
    column(
        "related_id", Kind.ID, "Related receipt ID", "对应收款编号",
        "For a reversal or a refund: the receipt (or credit note) it takes back.",
        "冲销或退款所对应的收款（或贷项通知）编号。",
        synonyms=("Reversed Document", "Reversal Of", "Original Receipt", "原收款单号", "源单编号"),
    ),
    column(
        "receipt_date", Kind.DATE, "Receipt date", "收款日期",
        "The day the money arrived.", "款项到账日期。",
        is_required=True,
        synonyms=(
            "Date", "Payment Date", "Posting Date", "Document Date", "Value Date", "单据日期", "业务日期", "到账日期",
            "日期",
        ),
    ),
    currency(),
    column(
        "amount", Kind.MONEY, "Amount", "金额",
        "Always positive, for every kind.", "一律填正数。",
        is_required=True,
        sign=Sign.ABOVE_ZERO,
        synonyms=(
            "Receipt Amount", "Payment Amount", "Amount Received", "Total", "Amount in Doc. Curr.",
            "Amount in Document Currency",
            "收款金额", "实收金额", "原币金额",
        ),
    ),
    column(
        "method", Kind.CHOICE, "Method", "收款方式",
        "How it was paid. A commercial acceptance bill stays in exposure until it matures.",
        "收款方式。商业承兑汇票到期前仍计入敞口。",
        choices=METHODS, synonyms=("Payment Method", "Receipt Method", "Pmt Method", "结算方式", "付款方式"),
    ),
    column(
        "matures_on", Kind.DATE, "Matures on", "汇票到期日",
        "For acceptance bills: when the bill falls due.", "承兑汇票的到期日。",
        synonyms=("Maturity Date", "Bill Due Date", "Due On", "票据到期日", "到期日"),
    ),
    column(
        "is_held", Kind.YES_NO, "Held", "不自动清账",
        "Yes: a deposit, kept out of automatic application.", "填“是”表示预收款/保证金，不参与自动清账。",
        synonyms=("Deposit", "Advance Payment", "Is Deposit", "Down Payment", "是否预收", "预收"),
    ),
    column(
        "bank_reference", Kind.TEXT, "Bank reference", "银行流水号",
        "The bank's number of the payment.", "银行交易流水号。",
        synonyms=("Reference", "Reference Number", "Check Number", "Ref No.", "流水号", "交易流水号", "票据号"),
    ),
    column(
        "bank_line_id", Kind.ID, "Bank line ID", "银行明细编号",
        "The line of the bank statement it came from.", "来源银行对账单明细的编号。",
        synonyms=("Statement Line", "Bank Statement Line", "对账单行号"),
    ),
    column(
        "remittance", Kind.TEXT, "Remittance text", "付款附言",
        "What the payer wrote, such as invoice numbers.", "付款人附言，如发票号。",
        synonyms=("Remittance Advice", "Payment Details", "附言", "用途"),
    ),
    notes(),
    *entered(),
    approved_by("Who approved this refund.", "退款的审批人。"),
    key=("receipt_id",), is_core=True, is_shown_at_first=True,
)  # fmt: skip

ALLOCATIONS = user_table(
    "Allocations", Words("Allocations", "清账"),
    Words("Which receipt pays which invoice, where the customer said so.", "客户指定的收款与发票对应关系。"),
    column(
        "allocation_id", Kind.ID, "Allocation ID", "清账编号",
        "Leave it blank: the next run fills it in.", "可留空，下次运行自动编号。",
        synonyms=("Allocation", "Application ID", "Allocation No.", "核销单号", "清账单号"),
    ),
    column(
        "receipt_id", Kind.ID, "Receipt ID", "收款编号",
        "The receipt that pays; it may also be a credit note.", "用于清账的收款，也可为贷项通知。",
        is_required=True,
        synonyms=(
            "Receipt", "Receipt No.", "Receipt Number", "Payment ID", "Payment Number", "Clearing Document",
            "收款单号",
        ),
    ),
    _invoice_id("The invoice it pays.", "被清账的发票。"),
    column(
        "amount", Kind.MONEY, "Amount", "清账金额",
        "How much of the receipt goes to the invoice, without the discount.", "该收款用于该发票的金额，不含折扣。",
        sign=Sign.ABOVE_ZERO,
        is_required=True, currency_of=CurrencyOf.RECEIPT,
        synonyms=("Allocated Amount", "Amount Applied", "Applied Amount", "本次核销金额", "核销金额", "金额"),
    ),
    column(
        "discount", Kind.MONEY, "Discount taken", "现金折扣",
        "Early-payment discount granted with it; it settles the invoice too.", "随款给予的现金折扣，同样冲减发票。",
        sign=Sign.NOT_BELOW_ZERO,
        currency_of=CurrencyOf.RECEIPT, synonyms=("Discount Amount", "Cash Discount", "Earned Discount", "折扣金额"),
    ),
    column(
        "allocated_on", Kind.DATE, "Allocated on", "清账日期",
        "The day it was allocated. Blank: the receipt's date.", "清账日期。留空取收款日期。",
        synonyms=("Allocation Date", "Apply Date", "Clearing Date", "Applied Date", "核销日期"),
    ),
    *entered(),
    key=("allocation_id",), key_without_id=("receipt_id", "invoice_id", "allocated_on"), is_shown_at_first=True,
)  # fmt: skip

WRITE_OFFS = user_table(
    "WriteOffs", Words("Write-offs", "坏账核销"),
    Words("What is given up of an invoice, and why.", "放弃收回的发票金额及原因。"),
    column(
        "write_off_id", Kind.ID, "Write-off ID", "核销编号",
        "Leave it blank: the next run fills it in.", "可留空，下次运行自动编号。",
        synonyms=("Write-off No.", "Adjustment Number", "Adjustment ID", "核销单号"),
    ),
    _invoice_id("The invoice written off.", "被核销的发票。"),
    column(
        "amount", Kind.MONEY, "Amount", "核销金额",
        "How much of it is given up, in the invoice's currency.", "放弃的金额，与发票同币种。",
        sign=Sign.ABOVE_ZERO,
        is_required=True, currency_of=CurrencyOf.INVOICE,
        synonyms=("Write-off Amount", "Adjustment Amount", "坏账金额", "金额"),
    ),
    column(
        "written_off_on", Kind.DATE, "Written off on", "核销日期",
        "The day it is booked.", "入账日期。",
        is_required=True, synonyms=("Write-off Date", "Adjustment Date", "Date", "坏账日期", "日期"),
    ),
    column(
        "reason", Kind.CHOICE, "Reason", "核销原因",
        "Only bad debt enters the bad-debt rate.", "只有“坏账”计入坏账率。",
        is_required=True, choices=WRITE_OFF_REASONS,
        synonyms=(
            "Reason Code", "Write-off Reason", "Adjustment Type", "原因",
        ),
    ),
    column(
        "plan_id", Kind.ID, "Plan ID", "还款计划编号",
        "The repayment plan that the concession belongs to, if any.", "减免所属的还款计划（如有）。",
        synonyms=("Repayment Plan", "Plan No.", "计划编号"),
    ),
    *entered(),
    approved_by("Who approved the write-off.", "核销的审批人。"),
    key=("write_off_id",), key_without_id=("invoice_id", "written_off_on", "reason"),
)  # fmt: skip

REPAYMENT_PLANS = user_table(
    "RepaymentPlans", Words("Repayment plans", "还款计划"),
    Words(
        "New due dates agreed for part or all of an invoice: one row a part.",
        "就发票部分或全部金额约定的新到期日，每期一行。",
    ),
    column(
        "plan_id", Kind.ID, "Plan ID", "还款计划编号",
        "One id a plan; all its rows carry it.", "每个计划一个编号，各期相同。",
        is_required=True, synonyms=("Repayment Plan", "Plan No.", "Instalment Plan", "计划编号"),
    ),
    _invoice_id("The invoice that is rescheduled.", "重新约定还款的发票。"),
    column(
        "due_date", Kind.DATE, "Due date", "到期日",
        "When this part is due.", "该期的到期日。",
        is_required=True, synonyms=("Instalment Date", "Instalment Due Date", "还款日期", "应还日期"),
    ),
    column(
        "amount", Kind.MONEY, "Amount", "本期金额",
        "How much is due then, in the invoice's currency.", "该期应还金额，与发票同币种。",
        sign=Sign.ABOVE_ZERO,
        is_required=True, currency_of=CurrencyOf.INVOICE, synonyms=("Instalment Amount", "Part Amount", "还款金额", "金额"),
    ),
    column(
        "agreed_on", Kind.DATE, "Agreed on", "约定日期",
        "From this day the plan holds.", "计划自该日起生效。",
        is_required=True, synonyms=("Agreement Date", "Plan Date", "签订日期"),
    ),
    column(
        "cancelled_on", Kind.DATE, "Cancelled on", "取消日期",
        "From this day the old due dates are back.", "自该日起恢复原到期日。",
        synonyms=("Cancellation Date", "Plan Cancelled", "作废日期"),
    ),
    *entered(),
    approved_by("Who approved the plan.", "还款计划的审批人。"),
    key=("plan_id", "invoice_id", "due_date"),
)  # fmt: skip
