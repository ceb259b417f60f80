"""The sheet on which staff fill in one document to be posted: a form, one row a field."""

from __future__ import annotations

from workbook.schema.columns import column, user_table
from workbook.table import Kind, Words

ENTRY = user_table(
    "Entry", Words("Entry", "录入"),
    Words(
        "One new document to post: what it is, then a value beside each field that it needs. Posting empties the values.",
        "录入一张新单据：先选类型，再在所需各栏旁填写。登记后内容自动清空。",
    ),
    column(
        "field", Kind.ID, "Field", "栏目",
        "What the value beside it is. Any column of the document's table may be added in a row of its own below.",
        "右侧内容的含义。可在下方另起一行填写该单据所在表的任意其他列名。",
        is_required=True,
    ),
    column(
        "entry", Kind.TEXT, "Your entry", "填写内容",
        "The value, as it would be typed on the document's own sheet. Blank: none, or what follows from the others.",
        "与在单据所在表中的填法相同。留空为无，或由其他栏推算。",
    ),
    column(
        "meaning", Kind.TEXT, "What it is", "说明",
        "For reading only: no task looks at it.", "仅供阅读，不参与登记。",
    ),
    key=("field",),
)  # fmt: skip
