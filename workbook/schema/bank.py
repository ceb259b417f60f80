"""What the bank says: the lines of its statements, which of them are no customer's, and what each line seems to pay."""

from __future__ import annotations

from workbook.schema.columns import addin_table, column, currency, customer_name, notes, user_table
from workbook.table import Kind, Sign, Words

CONFIDENCES = ("certain", "high", "medium", "low")
"""How sure a match is: ``certain`` may be posted on its own where the setting says so; blank: nothing was found."""

MATCH_REASONS = (
    "recorded_line", "recorded_reference", "recorded_amount",
    "named_exact", "named_discount", "named_less_credit", "named_short", "named_part",
    "named_over", "named_some", "group_exact",
    "same_amount", "same_amount_discount", "same_amount_short", "several_invoices", "less_credit",
    "several_lines", "name_only", "unmatched",
)  # fmt: skip
"""Why a line is taken to pay what it pays."""

BANK_STATEMENT = user_table(
    "BankStatement", Words("Bank statement", "银行明细"),
    Words("The lines of the bank statements, as the bank wrote them.", "银行对账单的逐笔明细，按银行原文。"),
    column(
        "line_id", Kind.ID, "Line ID", "明细编号",
        "The bank's own number of the line, one a row.", "银行的明细编号，每行唯一。",
        is_required=True,
        synonyms=("Transaction ID", "Entry Reference", "Line No.", "Statement Line", "交易流水号", "流水号", "对账单行号"),
    ),
    column(
        "account", Kind.ID, "Account", "银行账号",
        "The bank account.", "银行账户。",
        is_required=True, synonyms=("Bank Account", "Account Number", "IBAN", "账号", "账户"),
    ),
    column(
        "statement_id", Kind.ID, "Statement ID", "对账单编号",
        "The statement that the line stands on.", "所属对账单的编号。",
        synonyms=("Statement No.", "Statement Number", "对账单号"),
    ),
    column(
        "booked_on", Kind.DATE, "Booked on", "入账日期",
        "The day the bank booked it.", "银行记账的日期。",
        is_required=True,
        synonyms=("Booking Date", "Date", "Posting Date", "Transaction Date", "交易日期", "记账日期", "交易时间", "日期"),
    ),
    currency(),
    column(
        "amount", Kind.MONEY, "Amount", "金额",
        "What came in; negative: what went out.", "到账金额；负数为支出。",
        is_required=True, sign=Sign.NOT_ZERO,
        synonyms=("Transaction Amount", "Net Amount", "交易金额", "发生额"),
    ),
    column(
        "balance", Kind.MONEY, "Balance after", "账户余额",
        "The balance of the account after this line, as the bank's export tells it.", "该笔之后的账户余额，按银行导出文件。",
        synonyms=(
            "Running Balance", "Account Balance", "Ledger Balance", "Book Balance", "Saldo", "Kontostand",
            "Solde", "余额", "本次余额", "交易后余额", "联机余额", "当前余额",
        ),
    ),
    column(
        "counterparty", Kind.TEXT, "Counterparty", "对方户名",
        "Who paid, or was paid, as the bank names them.", "对方户名，按银行原文。",
        synonyms=("Payer", "Remitter", "Name", "Counterparty Name", "对方名称", "付款人", "付款方", "付款人名称"),
    ),
    column(
        "reference", Kind.TEXT, "Bank reference", "银行参考号",
        "The bank's reference of the payment.", "银行的交易参考号。",
        synonyms=("Reference Number", "Ref No.", "参考号", "凭证号"),
    ),
    column(
        "remittance", Kind.TEXT, "Remittance text", "付款附言",
        "What the payer wrote, such as invoice numbers.", "付款人附言，如发票号。",
        synonyms=("Remittance Information", "Payment Details", "Description", "Memo", "Details", "附言", "用途", "摘要"),
    ),
    column(
        "is_not_customer", Kind.YES_NO, "Not a customer's", "非客户款项",
        "Yes: a fee, a salary, a transfer of our own. It is not matched.",
        "填“是”：手续费、工资、本单位内部划转等，不参与匹配。",
    ),
    key=("line_id",),
)  # fmt: skip

BANK_RULES = user_table(
    "BankRules", Words("Bank rules", "银行规则"),
    Words(
        "Which bank lines are no customer's, and which are a certain customer's, by words in their text.",
        "按明细文字判断：哪些不是客户款项，哪些属于某客户。",
    ),
    column(
        "pattern", Kind.TEXT, "Text to look for", "查找文字",
        "Words of the counterparty or the remittance text, case and width aside; * stands for anything. The longest fits.",
        "对方户名或附言中的文字，不分大小写与全半角；* 代表任意文字。以最长者为准。",
        is_required=True, synonyms=("Keyword", "关键字"),
    ),
    column(
        "is_not_customer", Kind.YES_NO, "Not a customer's", "非客户款项",
        "Yes: such lines are not matched.", "填“是”：此类明细不参与匹配。",
    ),
    column(
        "customer_id", Kind.ID, "Customer ID", "客户编号",
        "Whose such lines are: for payers with another name than the customer.",
        "此类明细所属客户：用于付款户名与客户名不同的情形。",
        synonyms=("Customer", "客户"),
    ),
    notes(),
    key=("pattern",),
)  # fmt: skip

MATCHES = addin_table(
    "Matches", Words("Matches", "收款匹配"),
    Words(
        "What each bank line seems to pay: tick what is right, and run match --post.",
        "各笔银行明细的匹配建议：确认无误的打勾，再运行 match --post。",
    ),
    column("line_id", Kind.ID, "Line ID", "明细编号"),
    column(
        "option", Kind.INTEGER, "Option", "方案",
        "1 is the best; several where it is not clear which one is meant. Tick one of them.",
        "1 为最佳；无法确定时列出多个方案，请只勾选其中一个。",
    ),
    column("booked_on", Kind.DATE, "Booked on", "入账日期"),
    column("counterparty", Kind.TEXT, "Counterparty", "对方户名"),
    column("remittance", Kind.TEXT, "Remittance text", "付款附言"),
    column("currency", Kind.ID, "Currency", "币种"),
    column("line_amount", Kind.MONEY, "Line amount", "明细金额"),
    column("customer_id", Kind.ID, "Customer ID", "客户编号"),
    customer_name(),
    column("invoice_id", Kind.ID, "Invoice ID", "发票编号"),
    column(
        "credit_note_id", Kind.ID, "Credit note ID", "贷项通知编号",
        "The credit note that the payer deducted: this row's amount is the note's.",
        "付款方抵扣的贷项通知：本行金额来自该通知。",
    ),
    column(
        "amount", Kind.MONEY, "Amount", "匹配金额",
        "What of the line, or of the credit note, goes to the invoice.", "该明细（或贷项通知）中用于该发票的金额。",
    ),
    column(
        "discount", Kind.MONEY, "Discount", "现金折扣",
        "Early-payment discount that it earned.", "享受的现金折扣。",
    ),
    column(
        "difference", Kind.MONEY, "Left open", "剩余未清",
        "What stays open of the invoice afterwards.", "匹配后该发票仍未清的金额。",
    ),
    column("confidence", Kind.CHOICE, "Confidence", "可信度", choices=CONFIDENCES),
    column("match_reason", Kind.CHOICE, "Found by", "匹配依据", choices=MATCH_REASONS),
    column("explanation", Kind.TEXT, "Explanation", "说明"),
    column("is_accepted", Kind.YES_NO, "Accept", "接受", "Type Yes to post it.", "填“是”即可登记。"),
    column("receipt_id", Kind.ID, "Receipt ID", "收款编号", "The receipt that the line is.", "该明细对应的收款。"),
    key=("line_id", "option", "customer_id", "invoice_id", "credit_note_id"),
)  # fmt: skip
