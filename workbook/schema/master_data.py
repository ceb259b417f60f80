"""Whom we sell to and what was agreed: customers, contracts, orders."""

from __future__ import annotations

from workbook.schema.columns import (
    BILLING_RULES,
    CHANNELS,
    CURRENCY_SYNONYMS,
    CUSTOMER_SYNONYMS,
    LANGUAGES,
    TERMS_SYNONYMS,
    addin_table,
    column,
    currency,
    customer_id,
    entered,
    notes,
    user_table,
)
from workbook.table import CurrencyOf, Kind, Sign, Words

CUSTOMERS = user_table(
    "Customers", Words("Customers", "客户"),
    Words("Who owes us money, how to reach them and how much they may owe.", "欠款客户、联系方式与信用额度。"),
    column(
        "customer_id", Kind.ID, "Customer ID", "客户编号",
        "One id a customer, never reused. 00123 and 123 are two customers.",
        "每个客户一个编号，不得重复使用；00123 与 123 是两个客户。",
        is_required=True, synonyms=CUSTOMER_SYNONYMS,
    ),
    column(
        "name", Kind.TEXT, "Name", "客户名称",
        "The name as on invoices.", "开票名称。",
        is_required=True,
        synonyms=(
            "Customer Name", "Company", "Company Name", "Name 1", "Full Name", "Account Name", "客商名称", "单位名称",
            "往来单位名称",
        ),
    ),
    column(
        "group_id", Kind.ID, "Group head ID", "集团主体编号",
        "The customer ID of the group's head, whose limit covers the whole group. Blank: the customer stands alone.",
        "集团主体的客户编号，其额度覆盖整个集团。留空表示独立客户。",
        synonyms=("Parent", "Parent ID", "Parent Customer", "Parent Account", "集团编码", "上级客户", "所属集团"),
    ),
    column(
        "tax_id", Kind.TEXT, "Tax ID", "纳税人识别号",
        "Tax or VAT registration number.", "纳税人识别号 / 统一社会信用代码。",
        synonyms=(
            "Tax Number", "Tax Reg. Number", "VAT Number", "VAT Registration No.", "税号", "统一社会信用代码",
            "纳税登记号",
        ),
    ),
    column(
        "collector", Kind.ID, "Collector", "催收员",
        "Who looks after this customer's debts.", "负责该客户催收的人员。",
        synonyms=("Sales Rep", "Account Manager", "Collection Specialist", "业务员", "专管业务员", "销售员"),
    ),
    column(
        "contact_name", Kind.TEXT, "Contact name", "联系人",
        "Whom a reminder is addressed to.", "催款函的收件人。",
        synonyms=("Contact", "Contact Person", "Attention", "主要联系人"),
    ),
    column(
        "email", Kind.TEXT, "Email", "电子邮箱",
        "Where e-mail reminders go.", "接收催款邮件的地址。",
        synonyms=("E-Mail Address", "Main Email", "邮箱", "电子邮件"),
    ),
    column(
        "phone", Kind.TEXT, "Phone", "电话",
        "For calls and text messages, with the country code.", "用于电话与短信，请含国家区号。",
        synonyms=("Telephone", "Telephone 1", "Phone Number", "Main Phone", "Mobile", "联系电话", "手机", "手机号"),
    ),
    column(
        "address", Kind.TEXT, "Address", "地址",
        "Where letters go and visits are made.", "寄信与上门拜访的地址。",
        synonyms=("Billing Address", "Bill To", "Street", "Street Address", "联系地址", "通讯地址", "详细地址"),
    ),
    column(
        "language", Kind.CHOICE, "Language", "语言",
        "The language of this customer's letters.", "催款函使用的语言。",
        choices=LANGUAGES, synonyms=("Language Key", "Communication Language", "语种"),
    ),
    column(
        "payment_terms", Kind.ID, "Payment terms", "付款条件",
        "An id from the PaymentTerms sheet, such as NET30: used where neither invoice nor contract has terms.",
        "“付款条件”表中的编号，如 NET30；发票与合同均无付款条件时采用。",
        synonyms=TERMS_SYNONYMS,
    ),
    column(
        "currency", Kind.ID, "Currency", "币种",
        "The customer's usual currency and that of the credit limit. Blank: the base currency.",
        "客户的常用币种，也是信用额度的币种。留空取本位币。",
        synonyms=CURRENCY_SYNONYMS,
    ),
    column(
        "credit_limit", Kind.MONEY, "Credit limit", "信用额度",
        "The most this customer may owe, in its currency. Blank: unlimited. 0: cash only.",
        "该客户最高可欠金额（客户币种）。留空为不限额；0 为只收现款。",
        currency_of=CurrencyOf.CUSTOMER,
        synonyms=("Limit", "Cred. Limit", "Credit Line", "Credit Limit Amount", "授信额度", "信用额", "赊销额度"),
    ),
    column(
        "limit_expires_on", Kind.DATE, "Limit expires on", "额度到期日",
        "Last day the limit is good for; afterwards it counts as 0. Blank: does not expire.",
        "额度有效的最后一天，过后按 0 计。留空为长期有效。",
        synonyms=("Limit Valid To", "Credit Limit Valid To", "Credit Review Date", "授信到期日", "信用有效期"),
    ),
    column(
        "guarantee", Kind.MONEY, "Guarantee", "担保金额",
        "Secured amount (guarantee, deposit, insurance) on top of the limit, in the customer's currency.",
        "在额度之外的担保金额（保函、保证金、信保），客户币种。",
        currency_of=CurrencyOf.CUSTOMER, synonyms=("Guarantee Amount", "Collateral", "Insured Amount", "保证金", "担保额"),
    ),
    column(
        "is_on_hold", Kind.YES_NO, "On hold", "冻结赊销",
        "Yes: no more sales on credit until staff lift it.", "填“是”则停止赊销，直至人工解除。",
        synonyms=("Credit Hold", "Blocked", "Customer On Hold", "信用冻结", "是否冻结"),
    ),
    column(
        "do_not_remind", Kind.YES_NO, "Do not remind", "免催款",
        "Yes: this customer gets no reminders.", "填“是”则不向该客户发送催款。",
        synonyms=("Dunning Block", "No Dunning", "Exclude From Dunning", "催款冻结", "不催款"),
    ),
    column(
        "channel", Kind.CHOICE, "Reminder channel", "催款渠道",
        "Replaces e-mail, text message or letter of a reminder level; never a phone call, a visit or the lawyer.",
        "替代催款级别中的邮件、短信或信函；不替代电话、上门与律师。",
        choices=CHANNELS, synonyms=("Preferred Channel", "Delivery Method", "Contact Method"),
    ),
    column(
        "is_legal", Kind.YES_NO, "In legal collection", "已移交法务",
        "Yes: lawyers or a court have the case, so no reminders go out.", "填“是”表示已交律师或法院处理，不再发催款。",
        synonyms=("Legal Dunning", "In Litigation", "是否诉讼", "诉讼中"),
    ),
    column(
        "specific_loss_rate", Kind.RATE, "Specific loss rate", "单独认定损失率",
        "Share of this customer's debt expected to be lost, such as 25% or 0.25. Blank: by age.",
        "对该客户单独认定的预计损失比例，如 25% 或 0.25。留空则按账龄计提。",
        sign=Sign.NOT_BELOW_ZERO, synonyms=("Individual Loss Rate", "个别认定比例", "单项计提比例"),
    ),
    column(
        "verified_on", Kind.DATE, "Verified on", "资料核实日期",
        "When name, address and bank details were last checked with the customer.", "最近一次与客户核对资料的日期。",
        synonyms=("Last Verified", "Master Data Verified", "核实日期"),
    ),
    notes(),
    key=("customer_id",), is_core=True, is_shown_at_first=True,
)  # fmt: skip

CONTRACTS = user_table(
    "Contracts", Words("Contracts", "合同"),
    Words("What was agreed with a customer, with its own payment terms.", "与客户签订的合同及其付款条件。"),
    column(
        "contract_id", Kind.ID, "Contract ID", "合同编号",
        "One id a contract; invoices name it.", "每份合同一个编号，供发票引用。",
        is_required=True,
        synonyms=(
            "Contract", "Contract No.", "Contract Number", "Agreement Number", "合同号", "合同编码",
        ),
    ),
    customer_id(),
    column(
        "signed_on", Kind.DATE, "Signed on", "签订日期",
        "When the contract was signed.", "合同签订日期。",
        is_required=True, synonyms=("Contract Date", "Signing Date", "Start Date", "签约日期", "合同日期"),
    ),
    column(
        "title", Kind.TEXT, "Title", "合同名称",
        "What the contract is about.", "合同的内容名称。",
        synonyms=("Contract Name", "Subject", "合同标题", "项目名称"),
    ),
    column(
        "amount", Kind.MONEY, "Contract amount", "合同金额",
        "The contract's total, tax included.", "合同含税总额。",
        synonyms=("Contract Value", "Total", "合同总额", "金额"),
    ),
    currency(),
    column(
        "payment_terms", Kind.ID, "Payment terms", "付款条件",
        "An id from the PaymentTerms sheet, for invoices of this contract that have none of their own.",
        "“付款条件”表中的编号；本合同发票未填付款条件时采用。",
        synonyms=TERMS_SYNONYMS,
    ),
    column(
        "late_rate", Kind.RATE, "Late interest rate", "逾期利率",
        "Interest a year on late payment, such as 18.25% or 0.1825. Blank: the general rate.",
        "逾期付款的年利率，如 18.25% 或 0.1825。留空取通用利率。",
        sign=Sign.NOT_BELOW_ZERO, synonyms=("Interest Rate", "Penalty Rate", "违约金利率", "滞纳金利率"),
    ),
    column(
        "billing_rule", Kind.CHOICE, "Billing rule", "开票规则",
        "How often it is billed; by milestones: as the Milestones sheet says. Blank: not by Duebook.",
        "开票频率；按里程碑则依“里程碑”表。留空表示不由本系统开票。",
        choices=BILLING_RULES, synonyms=("Billing Schedule", "Billing Type", "结算方式"),
    ),
    column(
        "billing_amount", Kind.MONEY, "Billing amount", "每期开票金额",
        "What each bill of the contract comes to; blank, one that is billed once comes to its amount.",
        "合同每期开票金额；一次性开票留空取合同金额。",
        synonyms=("Amount Per Bill", "Recurring Amount", "每期金额"),
    ),
    column(
        "next_bill_on", Kind.DATE, "Next bill on", "下次开票日",
        "The next day on which a bill is to be made; billing moves it on. Blank: none is.",
        "下一次应开票的日期，开票后自动后移。留空表示不再开票。",
        synonyms=("Next Billing Date", "Next Bill Date", "下期开票日期"),
    ),
    column(
        "ends_on", Kind.DATE, "Ends on", "合同到期日",
        "Last day of the contract.", "合同的最后一天。",
        synonyms=("End Date", "Expiry Date", "Valid To", "终止日期", "合同终止日"),
    ),
    key=("contract_id",),
)  # fmt: skip

MILESTONES = user_table(
    "Milestones", Words("Milestones", "里程碑"),
    Words(
        "When contracts that are billed by milestones are billed, and how much of them: one row a milestone.",
        "按里程碑开票的合同：何时开票、开多少，每个里程碑一行。",
    ),
    column(
        "contract_id", Kind.ID, "Contract ID", "合同编号",
        "The contract that is billed.", "所开票的合同。",
        is_required=True, synonyms=("Contract", "Contract No.", "Contract Number", "合同号", "合同编码"),
    ),
    column(
        "bill_on", Kind.DATE, "Bill on", "开票日",
        "The day of the bill.", "该里程碑的开票日期。",
        is_required=True, synonyms=("Billing Date", "Milestone Date", "Date", "里程碑日期", "日期"),
    ),
    column(
        "percent", Kind.RATE, "Percent", "百分比",
        "Of the contract's amount: 30 means 30 %, with four decimals at most. All of a contract's make 100.",
        "占合同金额的百分数：30 表示 30%，最多四位小数。同一合同合计为 100。",
        is_required=True, sign=Sign.NOT_BELOW_ZERO, synonyms=("%", "Share", "Milestone Percent", "比例"),
    ),
    notes(),
    key=("contract_id", "bill_on"),
)  # fmt: skip

BILLING = addin_table(
    "Billing", Words("Billing", "待开发票"),
    Words(
        "The invoices that are due to be issued, to be looked through: delete rows or change number, dates, amount, "
        "purchase order and notes before they are posted.",
        "应开发票清单，供复核：登记前可删行，或更改编号、日期、金额、采购单号与备注。",
    ),
    column("contract_id", Kind.ID, "Contract ID", "合同编号", is_required=True),
    column("bill_on", Kind.DATE, "Bill on", "开票日", is_required=True),
    column("customer_id", Kind.ID, "Customer ID", "客户编号", is_required=True),
    column("name", Kind.TEXT, "Name", "客户名称"),
    column("title", Kind.TEXT, "Title", "合同名称"),
    column("invoice_id", Kind.ID, "Invoice ID", "发票编号", "Change it if you like.", "可更改。"),
    column("invoice_date", Kind.DATE, "Invoice date", "开票日期", "Change it if you like.", "可更改。"),
    column(
        "due_date", Kind.DATE, "Due date", "到期日",
        "Only where it is agreed outright. Blank: by the terms.", "仅在明确约定时填写。留空按付款条件推算。",
    ),
    column("currency", Kind.ID, "Currency", "币种"),
    column("amount", Kind.MONEY, "Amount", "金额", "Change it if you like.", "可更改。"),
    column("purchase_order", Kind.TEXT, "Purchase order", "客户采购单号", "Fill it in if you like.", "可填写。"),
    column("notes", Kind.TEXT, "Notes", "备注", "They go into the invoice.", "将写入发票备注。"),
    column("proposed_on", Kind.DATE, "Proposed as of", "建议截止日"),
    key=("contract_id", "bill_on"),
)  # fmt: skip

ORDERS = user_table(
    "Orders", Words("Orders", "订单"),
    Words("Open orders count towards a customer's exposure until they are invoiced.", "未开票订单计入客户敞口。"),
    column(
        "order_id", Kind.ID, "Order ID", "订单编号",
        "One id an order; invoices name it.", "每张订单一个编号，供发票引用。",
        is_required=True,
        synonyms=(
            "Sales Order", "Order No.", "Order Number", "Sales Document", "订单号", "销售订单号", "单据编号",
        ),
    ),
    customer_id(),
    column(
        "order_date", Kind.DATE, "Order date", "订单日期",
        "From this day the order counts as exposure.", "自该日起计入敞口。",
        is_required=True, synonyms=("Document Date", "Date", "Sales Order Date", "下单日期", "单据日期"),
    ),
    currency(),
    column(
        "amount", Kind.MONEY, "Amount", "订单金额",
        "The order's total, tax included.", "订单含税总额。",
        sign=Sign.ABOVE_ZERO,
        is_required=True, synonyms=("Order Amount", "Order Total", "Net Value", "Total", "价税合计", "金额", "总金额"),
    ),
    column(
        "closed_on", Kind.DATE, "Closed on", "关闭日期",
        "When the order was finished or cancelled; from then on it is no exposure.", "订单完成或取消的日期，此后不计敞口。",
        synonyms=("Close Date", "Closed Date", "Completed On", "完成日期"),
    ),
    *entered(),
    key=("order_id",),
)  # fmt: skip
