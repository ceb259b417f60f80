"""Reminders by SMTP: settings from the environment, TLS unless switched off, no message twice."""

from __future__ import annotations

import contextlib
import datetime as dt
import re
import smtplib
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from email.headerregistry import Address

from functions.dates import day_of
from workbook.letters.addresses import NotAnAddress, addresses_in
from workbook.letters.attachments import Attachments
from workbook.letters.emails import email, in_bytes
from workbook.letters.journal import ACCEPTED, FAILED, SENDING, Journal, Row
from workbook.letters.messages import Message, on_one_line
from workbook.refusals import Refusal

_PORTS = {"starttls": 587, "tls": 465, "none": 25}
_SECONDS = 60  # to wait for a server
_LONGEST_ANSWER = 200  # characters


class SmtpNotSet(Refusal):
    def __init__(self, variable: str, what: str) -> None:
        super().__init__(f"Set {variable} to {what}; docs/reminders.md lists the variables. Nothing was sent.")


class NoServer(Refusal):
    def __init__(self, host: str, reason: str) -> None:
        super().__init__(
            f"The mail server {host} does not let us in ({reason}). "
            "Check the DUEBOOK_SMTP_ variables and the network. Nothing was sent."
        )


class WrongPassword(Refusal):
    def __init__(self, host: str, reason: str) -> None:
        super().__init__(
            f"The mail server {host} refuses the user or the password ({reason}). "
            "Correct DUEBOOK_SMTP_USER and DUEBOOK_SMTP_PASSWORD. Nothing was sent."
        )


class NoEncryption(Refusal):
    def __init__(self, host: str, port: int) -> None:
        super().__init__(
            f"The mail server {host} offers no STARTTLS on port {port}, and nothing is sent unencrypted. Try "
            "DUEBOOK_SMTP_SECURITY=tls, or ask whoever runs the server. Nothing was sent."
        )


class UntrustedServer(Refusal):
    def __init__(self, host: str, reason: str) -> None:
        super().__init__(
            f"The mail server {host} shows a certificate that is not trusted ({reason}). Give DUEBOOK_SMTP_HOST as the "
            "certificate names it; SSL_CERT_FILE names a file with your own authority. Nothing was sent."
        )


@dataclass(frozen=True)
class Server:
    """Where and as whom to send. ``security``: starttls, tls, or none."""

    host: str
    port: int
    security: str
    user: str
    password: str = field(repr=False)
    sender: Address

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Server:
        """From DUEBOOK_SMTP_HOST, _PORT, _SECURITY, _USER, _PASSWORD and _FROM. Raises SmtpNotSet."""
        keys = ("HOST", "PORT", "SECURITY", "USER", "PASSWORD", "FROM")
        given = {key: environment.get(f"DUEBOOK_SMTP_{key}", "") for key in keys}
        if not given["HOST"]:
            raise SmtpNotSet("DUEBOOK_SMTP_HOST", "the name of your mail server")
        security = given["SECURITY"] or "starttls"
        if security not in _PORTS:
            raise SmtpNotSet("DUEBOOK_SMTP_SECURITY", "starttls, tls or none")
        port = given["PORT"] or str(_PORTS[security])
        if not port.isdecimal():
            raise SmtpNotSet("DUEBOOK_SMTP_PORT", "a number, such as 587")
        try:
            (address,) = addresses_in(given["FROM"])
        except (NotAnAddress, ValueError):
            raise SmtpNotSet("DUEBOOK_SMTP_FROM", "the one address that reminders come from") from None
        user, _, domain = address.rpartition("@")
        return cls(given["HOST"], int(port), security, given["USER"], given["PASSWORD"], Address("", user, domain))


@dataclass
class Sent:
    """What became of the messages, by id. ``refused``: with what the server said.

    ``in_doubt``: handed over, and the answer never came; ``left``: not tried.
    """

    accepted: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    in_doubt: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Sending:
    """All that a message takes to go out."""

    server: Server
    journal: Journal
    attachments: Attachments
    as_of: dt.date
    sent_at: dt.datetime


def log_rows(message: Message, *, as_of: dt.date) -> list[Row]:
    """What ReminderLog is told of a message that went out: one row an item, at its own level."""
    return [
        {
            "message_id": message.message_id,
            "sent_day": day_of(as_of),
            "customer_id": message.customer_id,
            "item_id": line.item_id,
            "invoice_id": line.invoice_id,
            "due_day": day_of(line.due_date),
            "level": line.level,
            "channel": message.channel,
            "letter": message.letter,
            "collector": message.collector,
            "currency": message.currency,
            "amount_minor": line.amount_minor,
        }
        for line in message.lines
    ]


def send(messages: Sequence[Message], by: Sending) -> Sent:
    """Hand messages over one by one, each told to the journal before and after.

    Where the connection breaks, the message under way is in doubt, and one new connection goes on with the others; where it
    breaks too, they are left. Raises NoServer, WrongPassword, NoEncryption, UntrustedServer while nothing was sent.
    """
    sent = Sent()
    left = list(messages)
    connection = _let_in(by.server)
    may_reconnect = True
    while left:
        message = left[0]
        try:
            _hand_over(message, connection, by, sent)
            left.pop(0)
        except (OSError, smtplib.SMTPException):
            connection.close()
            if message.message_id in sent.in_doubt:
                left.pop(0)
            if not may_reconnect:
                break
            may_reconnect = False
            try:
                connection = _connected(by.server)
            except (OSError, smtplib.SMTPException):
                break
    sent.left = [message.message_id for message in left]
    with contextlib.suppress(OSError, smtplib.SMTPException):  # everything is told by now
        connection.quit()
    return sent


def _let_in(server: Server) -> smtplib.SMTP:
    """The first connection. Raises what says why there is none."""
    try:
        return _connected(server)
    except smtplib.SMTPAuthenticationError as error:
        raise WrongPassword(server.host, _answer(error.smtp_code, error.smtp_error)) from error
    except smtplib.SMTPNotSupportedError as error:
        if server.security == "starttls" and "STARTTLS" in str(error):
            raise NoEncryption(server.host, server.port) from error
        raise NoServer(server.host, on_one_line(str(error))) from error
    except ssl.SSLCertVerificationError as error:
        raise UntrustedServer(server.host, on_one_line(error.verify_message)) from error
    except smtplib.SMTPResponseException as error:
        raise NoServer(server.host, _answer(error.smtp_code, error.smtp_error)) from error
    except (OSError, smtplib.SMTPException) as error:
        raise NoServer(server.host, on_one_line(str(error))) from error


def _connected(server: Server) -> smtplib.SMTP:
    tls = ssl.create_default_context()
    if server.security == "tls":
        connection: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=_SECONDS, context=tls)
    else:
        connection = smtplib.SMTP(server.host, server.port, timeout=_SECONDS)
    try:
        if server.security == "starttls":
            connection.starttls(context=tls)  # refused, never skipped, where the server has none
        if server.user:
            connection.login(server.user, server.password)
        connection.ehlo_or_helo_if_needed()
    except BaseException:
        connection.close()
        raise
    return connection


def _hand_over(message: Message, connection: smtplib.SMTP, by: Sending, sent: Sent) -> None:
    """One message. What a server refuses is told and passed over; raises where the connection broke."""
    mail = email(message, by.attachments.of(message), sender=by.server.sender, sent_at=by.sent_at)
    content = in_bytes(mail)
    answers = {by.server.sender.addr_spec: connection.mail(by.server.sender.addr_spec)}
    answers |= {address: connection.rcpt(address) for address in message.recipients}
    refused = [f"{address}: {_answer(code, said)}" for address, (code, said) in answers.items() if code >= 400]
    if refused:
        connection.rset()
        sent.refused[message.message_id] = "; ".join(refused)
        return
    rows = log_rows(message, as_of=by.as_of)
    by.journal.tell(SENDING, message.message_id, rows)
    sent.in_doubt.append(message.message_id)
    code, said = connection.docmd("DATA")
    if code == 354:
        connection.send(re.sub(rb"(?m)^\.", b"..", content) + (b"" if content.endswith(b"\r\n") else b"\r\n") + b".\r\n")
        code, said = connection.getreply()
    is_accepted = code == 250
    by.journal.tell(ACCEPTED if is_accepted else FAILED, message.message_id, rows)
    sent.in_doubt.remove(message.message_id)
    if is_accepted:
        sent.accepted.append(message.message_id)
    else:
        sent.refused[message.message_id] = _answer(code, said)
        connection.rset()


def _answer(code: int, said: bytes | str) -> str:
    """What a server answered, on one line: 550 no such mailbox."""
    text = said.decode("utf-8", errors="replace") if isinstance(said, bytes) else said
    return on_one_line(f"{code} {text}")[:_LONGEST_ANSWER]
