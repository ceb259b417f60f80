"""What posting says, in two languages."""

from __future__ import annotations

from collections.abc import Mapping

from workbook.table import Words

POSTING_WORDS: Mapping[str, Words] = {
    # What was done.
    "posted": Words("Posted: {what} {id}, customer {customer}, {amount}", "已登记：{what} {id}，客户 {customer}，{amount}"),
    "posted_of": Words("Posted: {what} {id}, customer {customer}", "已登记：{what} {id}，客户 {customer}"),
    "customer_added": Words("Posted: customer {id} added", "已登记：新增客户 {id}"),
    "customer_changed": Words("Posted: customer {id} changed ({fields})", "已登记：客户 {id} 已更改（{fields}）"),
    "customer_same": Words("Customer {id} is like that already: nothing to change", "客户 {id} 与现有资料一致，无需更改"),
    "due": Words("due {day}", "到期日 {day}"),
    "due_by_terms": Words("due {day} ({contractual} by the terms)", "到期日 {day}（按条件为 {contractual}）"),
    "due_part": Words("{amount} {due}", "{amount} {due}"),
    "headroom": Words("Headroom left of customer {customer}: {amount}", "客户 {customer} 剩余可用额度：{amount}"),
    "headroom_of_group": Words(
        "Headroom left of the group of {head}: {amount}", "{head} 集团剩余可用额度：{amount}"
    ),
    "unlimited": Words("Customer {customer} has no credit limit", "客户 {customer} 未设信用额度"),
    "in_spite": Words("Posted in spite of this: {why}", "已确认仍予登记：{why}"),
    "entry_is_empty": Words("The Entry sheet is empty again", "“录入”表已清空"),
    # Why it asks.
    "over_limit": Words(
        "{id} takes customer {customer} over the credit limit: {missing} is missing.",
        "{id} 将使客户 {customer} 超出信用额度：尚缺 {missing}。",
    ),
    "group_over_limit": Words(
        "{id} takes the group of {head}, to which customer {customer} belongs, over its credit limit: {missing} is missing.",
        "{id} 将使客户 {customer} 所属的 {head} 集团超出信用额度：尚缺 {missing}。",
    ),
    "on_hold": Words("Customer {customer} is on hold.", "客户 {customer} 已冻结赊销。"),
    "limit_expired": Words("The credit limit of customer {customer} has expired.", "客户 {customer} 的信用额度已过期。"),
    "overdue_block": Words(
        "Customer {customer} is blocked: its oldest item is {days} days overdue.",
        "客户 {customer} 因逾期冻结：最长逾期 {days} 天。",
    ),
    "no_exchange_rate": Words(
        "There is no exchange rate for {currency}: what {id} adds to the exposure of customer {customer} is unknown.",
        "没有 {currency} 的汇率，无法得知 {id} 使客户 {customer} 的敞口增加多少。",
    ),
    "question": Words("{why} Post it all the same?", "{why}仍要登记吗？"),
    "say_yes": Words(
        "{why} Nothing was posted: add --yes to post it all the same.", "{why}尚未登记：如仍要登记，请加 --yes。"
    ),
    # Why it is refused.
    "wrong": Words("{what}: nothing was posted. {issues}", "{what}：未登记。{issues}"),
    "wrong_value": Words("{column} {value}: {text}", "{column} {value}：{text}"),
    "wrong_blank": Words("{column}: {text}", "{column}：{text}"),
    "already_there": Words(
        "{id} is in {table} already ({cell}). Give the new one another number, or change that row on its sheet.",
        "{table}中已有 {id}（{cell}）。请另取编号，或在该表中修改原有行。",
    ),
    "unknown_field": Words(
        "{field} is not a column of {table}. {near}", "{table}没有“{field}”一列。{near}"
    ),
    "did_you_mean": Words("Did you mean {near}?", "是否指 {near}？"),
    "fields_are": Words("Its columns are: {fields}.", "可用的列：{fields}。"),
    "field_twice": Words(
        "{first} and {second} are both {column}. Give it once.", "{first} 与 {second} 都是{column}，请只填一次。"
    ),
    "not_a_field": Words(
        "{text} is not of the form FIELD=VALUE, such as amount=100.00.", "{text} 不是“栏目=内容”的形式，例如 amount=100.00。"
    ),
    "parts_do_not_pair": Words(
        "Give {columns} as often as each other, one of each for every part ({counts}).",
        "{columns} 须成对填写，每期各一次（{counts}）。",
    ),
    "spoils_another": Words(
        "{id} was not posted, as rows that count today would no longer do so. {issues}",
        "{id} 未登记：现有行将因此失效。{issues}",
    ),
    "plan_is_not_what_is_open": Words(
        "{id} was not posted: its parts sum to {asked}, and {left} is open of {source}. Make them sum to what is open.",
        "{id} 未登记：各期合计 {asked}，而 {source} 未清金额为 {left}。请使各期合计等于未清金额。",
    ),
    "write_off_over_open": Words(
        "{id} was not posted: it writes off {asked}, and {left} is open of {source}. Write off no more than that.",
        "{id} 未登记：核销 {asked}，而 {source} 未清金额为 {left}。核销不得超过未清金额。",
    ),
    "refund_over_unapplied": Words(
        "{id} was not posted: it pays back {asked}, and {left} of {source} is unapplied. Pay back no more than that.",
        "{id} 未登记：退款 {asked}，而 {source} 未核销金额为 {left}。退款不得超过未核销金额。",
    ),
    "nothing_given": Words(
        "Say what to post, as FIELD=VALUE: {fields} at least.", "请按“栏目=内容”填写，至少包括：{fields}。"
    ),
    "entry_takes_no_fields": Words(
        "post entry posts what stands on the Entry sheet: leave {field} out, or name invoice, receipt, … instead of entry.",
        "post entry 登记的是“录入”表的内容：请去掉 {field}，或将 entry 改为 invoice、receipt 等。",
    ),
    "entry_of_another_kind": Words(
        "The Entry sheet holds: {found}. To post: {wanted}, change its first row.",
        "“录入”表填的是“{found}”。若要登记“{wanted}”，请更改其首行。",
    ),
    "entry_says_not_what": Words(
        "The Entry sheet does not say what to post ({cell}): pick one of {names} beside {field}.",
        "“录入”表未说明要登记什么（{cell}）：请在“{field}”旁选择：{names}。",
    ),
}  # fmt: skip


def said(code: str, language: str, **values: object) -> str:
    """The words of a code with their values. Raises KeyError for one that has none."""
    return POSTING_WORDS[code].in_language(language).format(**values)
