"""What posting says, in two languages."""

from __future__ import annotations

from collections.abc import Mapping

from workbook.table import Words

POSTING_WORDS: Mapping[str, Words] = {
    # What was done.
    "posted": Words("Posted: {what} {id}, customer {customer}, {amount}", "已登记：{what} {id}，客户 {customer}，{amount}"),
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
    "nothing_given": Words(
        "Say what to post, as FIELD=VALUE: {fields} at least.", "请按“栏目=内容”填写，至少包括：{fields}。"
    ),
    "entry_takes_no_fields": Words(
        "post entry posts what stands on the Entry sheet: leave {field} out, or name invoice or receipt instead of entry.",
        "post entry 登记的是“录入”表的内容：请去掉 {field}，或将 entry 改为 invoice、receipt。",
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
