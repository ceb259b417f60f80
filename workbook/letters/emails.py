"""Reminders as e-mails: drafts that open unsent in a mail program, and the same message ready to be sent.

Text and HTML say the same; a workbook may be attached. What comes from cells never reaches a header as it is:
addresses are checked, names and subjects are on one line, and the library encodes them.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from html import escape

from workbook.letters.attachments import Attachment
from workbook.letters.item_table import labels, row_texts
from workbook.letters.messages import Message, on_one_line

_POLICY = SMTP.clone(cte_type="7bit")  # headers and bodies in ASCII: every server and every mail program takes them
_IN_BYTES = _POLICY.clone(max_line_length=900)
"""Headers are not folded, since that puts blanks into long names that need encoding. A line may have 998 characters."""

_LONGEST_HEADER = 150  # characters, which encoded take six times as much at most
_SHEET = ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")


def in_bytes(mail: EmailMessage) -> bytes:
    """The e-mail as it goes over the wire and into a file."""
    return mail.as_bytes(policy=_IN_BYTES)


def draft(message: Message, attachment: Attachment | None = None) -> bytes:
    """An .eml that Outlook and Thunderbird open as a message to be looked at, changed and sent."""
    mail = _mail(message, attachment)
    mail["X-Unsent"] = "1"
    return in_bytes(mail)


def email(message: Message, attachment: Attachment | None, *, sender: Address, sent_at: dt.datetime) -> EmailMessage:
    """The e-mail to hand over to a server. Its Message-ID is the same however often it is made."""
    mail = _mail(message, attachment)
    mail["From"] = sender
    mail["Date"] = sent_at
    mail["Message-ID"] = f"<{hashlib.sha256(message.message_id.encode()).hexdigest()[:32]}@{sender.domain}>"
    return mail


def _mail(message: Message, attachment: Attachment | None) -> EmailMessage:
    mail = EmailMessage(policy=_POLICY)
    name = on_one_line(message.fields["contact"])[:_LONGEST_HEADER]
    mail["To"] = [Address(name, *address.rsplit("@", 1)) for address in message.recipients]
    mail["Subject"] = message.subject[:_LONGEST_HEADER]
    mail.set_content(message.body + "\n", charset="utf-8", cte="base64")
    mail.add_alternative(_html(message), subtype="html", charset="utf-8", cte="base64")
    if attachment is not None:
        mail.add_attachment(attachment.content, maintype=_SHEET[0], subtype=_SHEET[1], filename=attachment.name)
    return mail


def _html(message: Message) -> str:
    parts = [_paragraphs(message.before)]
    if message.after:
        parts += [_table(message), _paragraphs(message.after)]
    return (
        f'<!DOCTYPE html><html lang="{message.language}"><head><meta charset="utf-8"></head>'
        "<body style=\"font-family:Calibri,'Microsoft YaHei',sans-serif;font-size:11pt\">"
        f"{''.join(parts)}</body></html>\n"
    )


def _paragraphs(text: str) -> str:
    blocks = [block.strip("\n") for block in text.split("\n\n")]
    return "".join(f"<p>{escape(block).replace(chr(10), '<br>')}</p>" for block in blocks if block)


def _table(message: Message) -> str:
    told = labels(message.language)
    names = [name for name in told if name != "total"]

    def row(tag: str, texts: list[str]) -> str:
        align = [' style="text-align:right"' if name in ("days", "amount") else "" for name in names]
        return f"<tr>{''.join(f'<{tag}{how}>{escape(text)}</{tag}>' for how, text in zip(align, texts, strict=True))}</tr>"

    rows = [row("th", [told[name] for name in names])]
    for line in message.lines:
        texts = row_texts(line, message.currency)
        rows.append(row("td", [texts[name] for name in names]))
    return f'<table border="1" cellpadding="4" style="border-collapse:collapse">{"".join(rows)}</table>'
