"""What a user can ask for: one registry for the command line, the ribbon and the docs.

Nothing heavy is imported here: a task names the function that does it, and it is imported when it runs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from importlib import import_module
from typing import Any

from workbook.table import Words


class Takes(StrEnum):
    """What an option's value is."""

    DATE = "date"
    TEXT = "text"
    INTEGER = "integer"
    CHOICE = "choice"
    FILE = "file"  # that exists
    TARGET = "target"  # a file to write
    FOLDER = "folder"
    FLAG = "flag"
    FLAG_OR_FILE = "flag_or_file"  # given alone, or with a file that exists


@dataclass(frozen=True)
class Option:
    """``name`` is the parameter of the task's function; on the command line ``--known-on``, or positional.

    ``spelling``: how it is written there, where Python keeps that word for itself (``from``).

    ``is_many``: as many values as there are; the last of the positional ones.
    """

    name: str
    takes: Takes
    help: Words
    is_required: bool = False
    is_positional: bool = False
    is_many: bool = False
    default: str | int | None = None
    choices: tuple[str, ...] = ()
    short: str = ""
    spelling: str = ""


class Area(StrEnum):
    """Where a button stands among the others, in this order."""

    LEDGER = "ledger"
    MONTH_END = "month_end"
    REMINDERS = "reminders"
    CASH = "cash"
    CREDIT = "credit"
    HELP = "help"


@dataclass(frozen=True)
class Button:
    """A task in a program with buttons. ``icon`` is one of Office's own pictures, by name.

    ``macro`` names the function behind it, which asks for what the command line takes as options. ``label`` and ``help`` are
    the task's where there are none.
    """

    macro: str
    area: Area
    icon: str
    label: Words | None = None
    help: Words | None = None


@dataclass(frozen=True)
class Task:
    """One thing to ask for. ``does`` names its function as "module:function".

    A task on a book takes an open Book and returns an Outcome; ``writes`` says that the book is saved afterwards.
    Others take their options only. A name of two words is a command within a command. ``buttons``: how Excel offers it, if
    it makes sense there.
    """

    name: str
    label: Words
    help: Words
    does: str
    options: tuple[Option, ...] = ()
    is_on_book: bool = True
    writes: bool = False
    buttons: tuple[Button, ...] = ()

    def function(self) -> Callable[..., Any]:
        """The function that does it, imported now."""
        module, _, name = self.does.partition(":")
        function: Callable[..., Any] = getattr(import_module(module), name)
        return function


_AS_OF = Option(
    "as_of", Takes.DATE, Words("the day of the figures, as 2024-10-31", "截止日期，例如 2024-10-31"), is_required=True
)
_KNOWN_ON = Option(
    "known_on",
    Takes.DATE,
    Words("keep only rows entered on or before this day", "只采用该日或之前录入的数据"),
)
_BY = Option("by", Takes.TEXT, Words("who runs it, for the run log", "操作人，记入运行日志"))
_APPROVED_BY = Option("approved_by", Takes.TEXT, Words("who approved it, as told", "审批人（据填报）"))
_REASON = Option("reason", Takes.TEXT, Words("why, for the run log", "原因，记入运行日志"))
_DATE_ORDER = Option(
    "date_order",
    Takes.CHOICE,
    Words("how dates like 03/04/2024 are meant", "形如 03/04/2024 的日期的顺序"),
    choices=("dmy", "mdy", "ymd"),
)
_DECIMAL = Option(
    "decimal",
    Takes.CHOICE,
    Words("which sign is the decimal one in texts like 1,234", "形如 1,234 的文本中哪个是小数点"),
    choices=("point", "comma"),
)
_LANGUAGE = Option(
    "language",
    Takes.CHOICE,
    Words("of the sheets and texts", "表格和文字的语言"),
    choices=("en", "zh-CN"),
)

GROUPS = {"addin": Words("Duebook inside Excel.", "在 Excel 中使用 Duebook。")}
"""The first words that several tasks have in common, and what they are about."""

TASKS: tuple[Task, ...] = (
    Task(
        "demo",
        Words("Demo", "演示"),
        Words("Make a sample workbook, close it, and say where to look.", "生成示例工作簿并结账，告知查看位置。"),
        does="workbook.tasks.demo:demo",
        options=(
            Option("folder", Takes.FOLDER, Words("where to put it", "存放位置"), is_positional=True),
            _LANGUAGE,
        ),
        is_on_book=False,
    ),
    Task(
        "new",
        Words("New workbook", "新建工作簿"),
        Words("Make a new workbook.", "新建工作簿。"),
        does="addin.new_book:new_book",
        options=(
            Option(
                "book",
                Takes.TARGET,
                Words("the file to make; .xlsm brings macros and a ribbon", "要生成的文件；.xlsm 带宏和功能区"),
                is_positional=True,
                is_required=True,
            ),
            _LANGUAGE,
            Option("currency", Takes.TEXT, Words("the base currency, as CNY", "本位币，例如 CNY"), default="CNY"),
            Option("sample", Takes.FLAG, Words("fill it with a made-up ledger", "填入虚构的示例数据")),
            Option("seed", Takes.INTEGER, Words("of the made-up ledger", "示例数据的随机种子"), default=1),
            Option("customers", Takes.INTEGER, Words("how many, with --sample", "示例客户数"), default=60),
            Option("invoices", Takes.INTEGER, Words("how many, with --sample", "示例发票数"), default=600),
            Option("as_of", Takes.DATE, Words("the month end of the made-up ledger", "示例数据的月末日期")),
            Option(
                "bank",
                Takes.FLAG,
                Words("with a bank statement to match, with --sample", "附带待匹配的银行明细（与 --sample 同用）"),
            ),
        ),
        is_on_book=False,
    ),
    Task(
        "sheet",
        Words("Add sheet", "添加工作表"),
        Words("Add a table of ours to the workbook, on a sheet of its own.", "在工作簿中添加一张本系统的表。"),
        does="workbook.tasks.adding_sheets:add_sheet",
        options=(
            Option(
                "table",
                Takes.TEXT,
                Words("its name, as Contracts", "表名，例如 Contracts"),
                is_positional=True,
                is_required=True,
            ),
        ),
        writes=True,
        buttons=(Button("add_sheet", Area.LEDGER, "TableInsert"),),
    ),
    Task(
        "import",
        Words("Import", "导入"),
        Words("Add and change rows from a CSV file or workbook.", "从 CSV 或工作簿导入数据。"),
        does="workbook.importing:import_file",
        options=(
            Option("source", Takes.FILE, Words("the file to import", "要导入的文件"), is_positional=True, is_required=True),
            Option("table", Takes.TEXT, Words("the table that its rows are of", "目标表名")),
            Option("map", Takes.FILE, Words("a .toml file that says which column is which", "列对应关系的 .toml 文件")),
            _DATE_ORDER,
            _DECIMAL,
            Option("encoding", Takes.TEXT, Words("of a CSV file, if it is not recognised", "CSV 文件的编码（无法识别时）")),
            Option("sheet", Takes.TEXT, Words("of a workbook, if not its first", "工作簿中的工作表（默认第一张）")),
            _BY,
            _REASON,
        ),
        writes=True,
        buttons=(Button("import_file", Area.LEDGER, "ImportExcel"),),
    ),
    Task(
        "post",
        Words("Post", "登记"),
        Words(
            "Add one new document, settlement, plan or contact, the customer's credit checked first; or change a customer.",
            "登记一张新单据、一笔清账、一份还款计划或一次联系，先检查客户信用额度；或更改客户资料。",
        ),
        does="workbook.tasks.posting:post",
        options=(
            Option(
                "what",
                Takes.CHOICE,
                Words("what to post; entry: what the Entry sheet holds", "登记类型；entry 为“录入”表中的内容"),
                choices=(
                    "invoice",
                    "credit-note",
                    "receipt",
                    "refund",
                    "reversal",
                    "allocation",
                    "write-off",
                    "plan",
                    "activity",
                    "order",
                    "contract",
                    "customer",
                    "entry",
                ),
                is_positional=True,
                is_required=True,
            ),
            Option(
                "fields",
                Takes.TEXT,
                Words(
                    "its columns as FIELD=VALUE, such as amount=100.00; of a plan, due_date= and amount= for each part",
                    "各列，形如 栏目=内容，例如 amount=100.00；还款计划每期各填一次 due_date= 和 amount=",
                ),
                is_positional=True,
                is_many=True,
            ),
            Option("yes", Takes.FLAG, Words("post it although the credit check says no", "信用检查未通过也照常登记")),
            Option("as_of", Takes.DATE, Words("the day of posting; today if left out", "登记日期，默认今天")),
            _DATE_ORDER,
            _DECIMAL,
            _BY,
            _APPROVED_BY,
            _REASON,
        ),
        writes=True,
        buttons=(
            Button(
                "post_invoice",
                Area.CREDIT,
                "FileNew",
                Words("Post invoice", "登记发票"),
                Words(
                    "Add the invoice that the Entry sheet holds, its customer's credit checked first.",
                    "登记“录入”表中的发票，先检查客户信用额度。",
                ),
            ),
            Button(
                "post_receipt",
                Area.CASH,
                "AccountingFormat",
                Words("Post receipt", "登记收款"),
                Words("Add the receipt that the Entry sheet holds.", "登记“录入”表中的收款。"),
            ),
            Button(
                "post_whatever",
                Area.LEDGER,
                "RecordsSaveRecord",
                Words("Post entry", "登记录入"),
                Words("Add what the Entry sheet holds, of whatever kind.", "登记“录入”表中的内容，不限类型。"),
            ),
        ),
    ),
    Task(
        "bill",
        Words("Bill", "开票"),
        Words(
            "Propose the invoices that contracts are due to be billed; post those that are left on the Billing sheet.",
            "按合同生成应开发票清单；复核后登记“待开发票”表中的各张。",
        ),
        does="workbook.tasks.billing:bill",
        options=(
            _AS_OF,
            Option("post", Takes.FLAG, Words("post what stands on the Billing sheet", "登记“待开发票”表中的发票")),
            Option("yes", Takes.FLAG, Words("post it although the credit check says no", "信用检查未通过也照常登记")),
            _BY,
            _APPROVED_BY,
            _REASON,
        ),
        writes=True,
        buttons=(
            Button("bill", Area.MONTH_END, "TableInsertRowsBelow"),
            Button(
                "post_bills",
                Area.MONTH_END,
                "ReviewAcceptChange",
                Words("Post bills", "登记开票"),
                Words("Post the invoices that are left on the Billing sheet.", "登记“待开发票”表中保留的发票。"),
            ),
        ),
    ),
    Task(
        "check",
        Words("Check", "检查"),
        Words("List what is wrong; write nothing.", "列出问题，不写入任何内容。"),
        does="workbook.tasks.checking:check",
        options=(Option("as_of", Takes.DATE, Words("the day of the figures; today if left out", "截止日期，默认今天")),),
        buttons=(Button("check", Area.LEDGER, "AcceptInvitation"),),
    ),
    Task(
        "close",
        Words("Month end", "月末结账"),
        Words(
            "Age the ledger, work out credit headroom and reminders, and tie it all out.",
            "计算账龄、可用额度和催款建议，并核对勾稽关系。",
        ),
        does="workbook.tasks.closing:close",
        options=(
            replace(_AS_OF, is_required=False),
            _KNOWN_ON,
            Option("lock", Takes.FLAG, Words("lock everything up to this day", "锁定该日及之前的数据")),
            Option(
                "as_locked",
                Takes.TEXT,
                Words(
                    "a locked period, as 2024-10: its figures as locked, into -o",
                    "已锁定期间（如 2024-10）：按锁定时数据输出到 -o",
                ),
            ),
            _BY,
        ),
        writes=True,
        buttons=(Button("close", Area.MONTH_END, "CalculateNow"),),
    ),
    Task(
        "reconcile",
        Words("Reconcile", "对账"),
        Words(
            "Compare with the control account, the bank and customers' confirmations, and look behind a difference.",
            "与总账、银行、客户函证核对，并查找差异来源。",
        ),
        does="workbook.tasks.reconciling:reconcile",
        options=(
            Option("period", Takes.TEXT, Words("as 2024-10, or its last day", "期间，例如 2024-10"), is_required=True),
            _BY,
        ),
        writes=True,
        buttons=(Button("reconcile", Area.MONTH_END, "TableSummarizeWithPivot"),),
    ),
    Task(
        "unlock",
        Words("Unlock", "解锁"),
        Words("Open a locked period again; the reason and who agreed are kept.", "解锁已锁定的期间，记录原因与审批人。"),
        does="workbook.tasks.unlocking:unlock",
        options=(
            Option("period", Takes.TEXT, Words("as 2024-10", "期间，例如 2024-10"), is_positional=True, is_required=True),
            replace(_REASON, is_required=True),
            replace(_APPROVED_BY, is_required=True),
            _BY,
        ),
        writes=True,
    ),
    Task(
        "bridge",
        Words("Bridge", "余额变动"),
        Words(
            "Explain how one balance became a later one: invoiced, paid, credited, written off.",
            "说明余额如何变动：开票、收款、贷项、核销等。",
        ),
        does="workbook.tasks.bridging:build_bridge",
        options=(
            Option("from_date", Takes.DATE, Words("the first day", "起始日期"), is_required=True, spelling="from"),
            Option("to_date", Takes.DATE, Words("the last day", "截止日期"), is_required=True, spelling="to"),
            _BY,
        ),
        writes=True,
        buttons=(Button("bridge", Area.MONTH_END, "ChartInsert"),),
    ),
    Task(
        "remind",
        Words("Remind", "催款"),
        Words("Propose reminders and write the mail-merge list.", "生成催款建议和邮件合并清单。"),
        does="workbook.tasks.reminding:remind",
        options=(
            _AS_OF,
            Option("out", Takes.FOLDER, Words("where lists and letters go", "清单和信函的存放位置")),
            Option(
                "letters",
                Takes.CHOICE,
                Words(
                    "with --out: Word letters each in a file or all in one, e-mail drafts, a list of text messages, all "
                    "of these; or the Word template to restyle",
                    "与 --out 同用：逐封或合并的 Word 信函、邮件草稿、短信清单、以上全部；或导出 Word 模板",
                ),
                choices=("docx", "one-docx", "eml", "sms", "all", "template"),
            ),
            Option("template", Takes.FILE, Words("your own Word template for letters", "自备的 Word 信函模板")),
            Option("send", Takes.FLAG, Words("send the e-mails; a dry run without --yes", "发送邮件；不加 --yes 仅试运行")),
            Option("yes", Takes.FLAG, Words("with --send: really send", "与 --send 同用：真正发送")),
            Option(
                "doubtful",
                Takes.CHOICE,
                Words(
                    "what became of e-mails whose answer never came, once you have looked",
                    "经核实，未收到服务器答复的邮件是否已发出",
                ),
                choices=("sent", "not-sent"),
            ),
            Option(
                "mark_sent",
                Takes.FLAG_OR_FILE,
                Words(
                    "log today's list as sent; with a list file, what is ticked in its column 'sent'",
                    "将今日清单记为已发送；后跟清单文件时，只记其“sent”列已勾选的",
                ),
            ),
            _BY,
        ),
        writes=True,
        buttons=(
            Button("remind", Area.REMINDERS, "EnvelopesAndLabelsDialog"),
            Button(
                "mark_sent",
                Area.REMINDERS,
                "ReviewAcceptChange",
                Words("Mark as sent", "标记为已发送"),
                Words("Log today's list of reminders as sent.", "将今日催款清单记为已发送。"),
            ),
            Button(
                "letters",
                Area.REMINDERS,
                "MailMergeMergeToDocument",
                Words("Letters", "催款信函"),
                Words(
                    "Write each reminder beside the workbook: Word letters, e-mail drafts, a list of text messages.",
                    "在工作簿旁生成各封催款：Word 信函、邮件草稿、短信清单。",
                ),
            ),
            Button(
                "send_mails",
                Area.REMINDERS,
                "MailMergeMergeToEMail",
                Words("Send e-mails", "发送催款邮件"),
                Words(
                    "Say which reminders would go out by e-mail, ask, and send them.",
                    "先列出将发送的催款邮件，确认后发送。",
                ),
            ),
        ),
    ),
    Task(
        "match",
        Words("Match", "匹配收款"),
        Words(
            "Match bank lines with receipts and open items; post what is accepted.",
            "将银行明细与收款和未清项匹配，并登记已接受的匹配。",
        ),
        does="workbook.tasks.matching:match",
        options=(
            _AS_OF,
            Option("post", Takes.FLAG, Words("post the accepted rows of Matches", "登记“收款匹配”中已接受的行")),
            _BY,
            _REASON,
        ),
        writes=True,
        buttons=(
            Button("match", Area.CASH, "FindDialog"),
            Button(
                "post_matches",
                Area.CASH,
                "AcceptInvitation",
                Words("Post matches", "登记匹配"),
                Words("Post the rows of Matches that are accepted.", "登记“收款匹配”中已接受的行。"),
            ),
        ),
    ),
    Task(
        "legal",
        Words("Hand over to lawyers", "移交法务"),
        Words(
            "Open a legal case of a customer and assemble what a lawyer needs; from then on its reminders hold.",
            "为客户登记法务案件并整理移交材料；此后暂停催款。",
        ),
        does="workbook.tasks.legal:legal",
        options=(
            Option("customer", Takes.TEXT, Words("its id", "客户编号"), is_positional=True, is_required=True),
            Option("out", Takes.FOLDER, Words("where its folder goes", "移交材料的存放位置"), is_required=True),
            Option("as_of", Takes.DATE, Words("the day of the hand-over; today if left out", "移交日期，默认今天")),
            Option("agent", Takes.TEXT, Words("the lawyer or agency, for LegalCases", "承办律师或机构，记入法务案件")),
            _BY,
        ),
        writes=True,
        buttons=(Button("legal", Area.REMINDERS, "FilePackageForCD"),),
    ),
    Task(
        "statements",
        Words("Statements", "对账单"),
        Words(
            "Make a statement of account, or a letter that confirms the balance, for every customer or for one.",
            "为全部或某一客户生成对账单，或往来款项询证函。",
        ),
        does="workbook.tasks.stating:make_statements",
        options=(
            Option(
                "from_date",
                Takes.DATE,
                Words("the first day; that of the last day's month if left out", "起始日期，默认为截止日所在月的首日"),
                spelling="from",
            ),
            Option("to_date", Takes.DATE, Words("the last day", "截止日期"), is_required=True, spelling="to"),
            Option("customer", Takes.TEXT, Words("only this customer, by its id", "仅此客户（客户编号）")),
            Option("out", Takes.FOLDER, Words("where the files go", "文件的存放位置"), is_required=True),
            Option(
                "form",
                Takes.CHOICE,
                Words("what kind of file", "文件格式"),
                choices=("xlsx", "docx"),
                default="xlsx",
                spelling="as",
            ),
            Option("pdf", Takes.FLAG, Words("a PDF of each beside it, by LibreOffice", "同时由 LibreOffice 生成 PDF")),
            Option("zipped", Takes.FLAG, Words("all files in one .zip", "打包为一个 .zip"), spelling="zip"),
            Option("confirmation", Takes.FLAG, Words("ask to confirm the balance instead", "改为生成询证函")),
            _BY,
        ),
        writes=True,
        buttons=(Button("statements", Area.REMINDERS, "MailMergeMergeToDocument"),),
    ),
    Task(
        "replies",
        Words("Replies", "读取回函"),
        Words(
            "Read statements and confirmations that customers filled in: balances to Confirmations, disputes to Invoices.",
            "读取客户填写的对账单和询证函：余额记入往来函证，争议记入发票。",
        ),
        does="workbook.tasks.replying:read_replies",
        options=(
            Option(
                "files",
                Takes.FILE,
                Words("the files that came back", "收到的回函文件"),
                is_positional=True,
                is_required=True,
                is_many=True,
            ),
            Option("as_of", Takes.DATE, Words("the day of the replies; today if left out", "回函日期，默认今天")),
            _BY,
        ),
        writes=True,
        buttons=(Button("replies", Area.REMINDERS, "ReviewTrackChanges"),),
    ),
    Task(
        "addin install",
        Words("Install into Excel", "安装到 Excel"),
        Words(
            "Let Excel find this Python: write xlwings' settings and install its add-in.",
            "让 Excel 找到此 Python：写入 xlwings 设置并安装其加载项。",
        ),
        does="addin.install:install",
        is_on_book=False,
    ),
    Task(
        "addin status",
        Words("Is all well?", "检查安装"),
        Words(
            "Say what Excel needs to run Duebook, what is missing and how to mend it.", "列出 Excel 所需、缺少及修复方法。"
        ),
        does="addin.doctor:status",
        options=(
            Option(
                "book",
                Takes.FILE,
                Words("a workbook whose folder is looked at too", "同时检查其所在文件夹的工作簿"),
                is_positional=True,
            ),
        ),
        is_on_book=False,
    ),
    Task(
        "addin uninstall",
        Words("Uninstall from Excel", "从 Excel 卸载"),
        Words("Put back what the installation changed.", "恢复安装时改动的内容。"),
        does="addin.install:uninstall",
        is_on_book=False,
    ),
)
