"""The words of the console and of messages, in two languages."""

from __future__ import annotations

from collections.abc import Mapping

from workbook.table import Words

REPORT_WORDS: Mapping[str, Words] = {
    "as_of": Words("As of", "截至"),
    "unapplied": Words("Unapplied", "未核销收款"),
    "balance": Words("Balance", "余额"),
    "open_items": Words("Open items", "未清项笔数"),
    "over_the_limit": Words("Over the limit", "超出信用额度"),
    "reminders": Words("Reminders to send", "应发催款"),
    "held": Words("items held", "暂缓笔数"),
    "issues": Words("Issues", "问题"),
    "error": Words("errors", "错误"),
    "warning": Words("warnings", "警告"),
    "left_out_rows": Words("rows left out", "未计入行数"),
    "tie_out": Words("Tie-out", "勾稽"),
    "all_hold": Words("every check holds", "全部相符"),
    "does_not_hold": Words("DOES NOT HOLD", "不相符"),
    "balance_is_open_less_unapplied": Words("ledger balance = open items − unapplied", "账面余额 = 未清项 − 未核销收款"),
    "aging_is_balance": Words("aging total = ledger balance", "账龄合计 = 账面余额"),
    "receipts_are_used_or_unapplied": Words(
        "each receipt = applied + unapplied + refunded", "每笔收款 = 已清 + 未核销 + 已退"
    ),
    "invoices_are_open_or_settled": Words("each invoice = open + settled", "每张发票 = 未清 + 已结"),
    "nothing_is_over_settled": Words("nothing is settled twice", "无重复结清"),
    "reminded_and_held_is_open": Words("reminded + held = open items", "催款 + 暂缓 = 未清项"),
    "messages_are_their_lines": Words("each reminder = its lines", "每封催款 = 其明细"),
    "every_row_is_used_or_an_issue": Words("every row read is used or is an issue", "每行数据已采用或列为问题"),
    "statements_open_with_the_day_before": Words(
        "each statement's opening = the balance on the day before", "各对账单期初余额 = 前一日余额"
    ),
    "statements_are_their_lines": Words("opening + movements = closing", "期初 + 本期发生 = 期末"),
    "statements_are_open_less_unapplied": Words(
        "each statement's closing = open items − unapplied", "各对账单期末余额 = 未清项 − 未核销款"
    ),
    "statements_are_the_balance_and_what_is_not_told": Words(
        "closings = ledger balance + write-offs not told", "期末余额合计 = 账面余额 + 未告知客户的核销"
    ),
    "statements_are_their_buckets": Words("each aging strip = its closing", "各账龄合计 = 期末余额"),
    "statements_made": Words("Statements made", "已生成对账单"),
    "confirmations_made": Words("Confirmations made", "已生成询证函"),
    "statements_incomplete": Words(
        "Rows that could not be read are missing from the files of", "以下客户有数据行无法读取，文件中未含"
    ),
    "balances_stated": Words("Balances stated", "回函余额"),
    "disputes_opened": Words("disputes opened", "新增争议"),
    "nothing_filled_in": Words("nothing is filled in", "未填写任何内容"),
    "reply_to_nothing": Words(
        "no statement or confirmation of this was made, so it is not taken", "未发出过该对账单或询证函，未采用"
    ),
    "sees_another_balance": Words("sees a balance that differs by", "回函余额相差"),
    "not_their_invoice": Words(
        "is no invoice of this customer, so its dispute is not taken", "不是该客户的发票，争议未采用"
    ),
    "making": Words("Making", "正在生成"),
    "files_to_open": Words("Files to open", "可打开的文件"),
    "no_issues": Words("Nothing is wrong.", "未发现问题。"),
    "made": Words("Made", "已生成"),
    "marked_as_sent": Words("Marked as sent", "已记为发送"),
    "logged_before": Words("Lines that the log has already", "日志中已有的明细"),
    "case_opened": Words("Legal case opened", "已登记法务案件"),
    "texts_about_others": Words(
        "Left out of the hand-over, because they name other customers", "以下单元格提及其他客户，未列入移交材料"
    ),
    "case_was_open": Words("A legal case is open already", "法务案件已登记"),
    "taken_in": Words("E-mails sent by an earlier run, logged now", "前次已发出、现补记的邮件"),
    "would_send": Words("Dry run: e-mails that --yes would send", "试运行：加 --yes 将发送的邮件"),
    "sent_mails": Words("E-mails sent and logged", "已发送并记录的邮件"),
    "mail_refused": Words(
        "Refused by the mail server: correct the address, and run again", "被邮件服务器拒收，请更正地址后重试"
    ),
    "mail_left": Words("The connection broke before these; run again to go on", "连接中断，以下尚未发送，请再次运行"),
    "mail_in_doubt": Words(
        "Nobody knows whether these arrived: look in the mailbox or the server's log, and run again with --doubtful sent or "
        "--doubtful not-sent",
        "无法确定以下邮件是否送达，请查看邮箱或服务器日志，再以 --doubtful sent 或 --doubtful not-sent 运行",
    ),
    "added_sheet": Words("Added a sheet for", "已添加工作表"),
    "locked": Words("Locked, with a copy kept", "已锁定并留存副本"),
    "reconciled": Words("Reconciled", "已核对"),
    "ours": Words("ours", "账面"),
    "theirs": Words("theirs", "对方"),
    "difference": Words("difference", "差异"),
    "nothing_to_compare": Words(
        "Nothing to compare with: fill in ControlAccount, BankBalances or Confirmations.",
        "无可核对的数据：请填写总账应收、银行余额或往来函证。",
    ),
    "known_as_locked": Words("As known then, the figures are those that were locked", "按当时所知，各项数字与锁定时一致"),
    "known_on_differs": Words(
        "As known then, the figures are not those that were locked (see Issues; --as-locked gives them), period",
        "按当时所知的数字与锁定时不一致（见问题清单；可用 --as-locked 取得锁定数字），期间",
    ),
    "known_before_lock": Words(
        "Rows without a day of entry got that of a later lock and are left out here, period",
        "未填录入日期的行以锁定日为录入日，晚于所问日期而未计入，期间",
    ),
    "opening_holds": Words(
        "The opening items sum to the control account: {amount} on {day}", "期初未清项与总账应收一致：{day} {amount}"
    ),
    "opening_not_given": Words(
        "The opening items sum to {amount} on {day}; ControlAccount has no balance of that day to compare with",
        "期初未清项合计 {amount}（{day}）；“总账应收”中没有该日余额可供核对",
    ),
    "unlocked": Words("Unlocked", "已解锁"),
    "bridge": Words("Bridge", "余额变动"),
    "bridge_without_rate": Words("Missing in base currency, as a rate is missing", "因缺少汇率未计入本位币"),
    "total_in_base": Words("all in base currency", "全部折合本位币"),
    "opening": Words("Opening", "期初余额"),
    "invoiced": Words("Invoiced", "本期开票"),
    "receipts": Words("Receipts", "本期收款"),
    "credits": Words("Credits", "贷项"),
    "discounts": Words("Discounts", "现金折扣"),
    "write_offs": Words("Write-offs", "核销"),
    "recoveries": Words("Recoveries", "核销后收回"),
    "refunds": Words("Refunds", "退款"),
    "reversals": Words("Reversals", "退票冲销"),
    "back_dated": Words("Back-dated behind the lock", "锁定后补记"),
    "rate_difference": Words("Rate difference", "汇率差额"),
    "closing": Words("Closing", "期末余额"),
    "already_there": Words("is already there", "已存在"),
}

REMARKS: Mapping[str, Words] = {
    "filter_stays_on": Words(
        "a filter is on and stays on; the new rows below it are visible until it is applied again",
        "筛选保持启用；新增行在其下方可见，重新应用筛选后可能隐藏",
    ),
    "query_will_replace_rows": Words(
        "a query fills this table, and its next refresh replaces the rows that were added",
        "该表由查询填充，下次刷新将覆盖新增行",
    ),
    "formula_not_stretched": Words(
        "this formula names the rows of a table by address and leaves out the new ones; name the column, as Table[Column]",
        "该公式按地址引用表中的行，未包含新增行；请改用列名引用，例如 表[列]",
    ),
}
"""What is told of a workbook that was written, by the code of its Remark."""


def said(code: str, language: str) -> str:
    """The words of a code. Raises KeyError for one that has none."""
    return REPORT_WORDS[code].in_language(language)
