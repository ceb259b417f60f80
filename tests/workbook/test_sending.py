"""E-mails handed to a real SMTP server on this machine that now and then drops the connection: never sent twice."""

from __future__ import annotations

import csv
import datetime as dt
import email
import email.policy
import json
import os
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.workbook.command import AS_OF, SMALL, duebook, small_workbook
from workbook.file_book import FileBook
from workbook.letters.attachments import Attachments
from workbook.letters.journal import Journal
from workbook.letters.messages import Message
from workbook.letters.sending import (
    NoEncryption,
    Sending,
    Sent,
    Server,
    SmtpNotSet,
    UntrustedServer,
    WrongPassword,
    send,
)


class Mailbox:
    """What the server took, by recipient; ``drops_…``: before which messages it goes away, or after taking which, unsaid."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.drops_before: set[str] = set()
        self.drops_after: set[str] = set()
        self.refuses: set[str] = set()
        self.bodies: list[bytes] = []

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.drops_before:
            self.drops_before.remove(address)
            server.transport.abort()
        if address in self.refuses:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.taken += envelope.rcpt_tos
        mail = email.message_from_bytes(envelope.content or b"", policy=email.policy.default)
        self.bodies.append(mail.get_body(("plain",)).get_payload(decode=True))  # type: ignore[union-attr,arg-type]
        if envelope.rcpt_tos[0] in self.drops_after:
            server.transport.abort()
        return "250 OK"


@contextmanager
def served(monkeypatch: pytest.MonkeyPatch, *, security: str = "none", **how: Any) -> Iterator[Mailbox]:
    """A mail server on this machine, and the settings to send by it."""
    box = Mailbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port, ready_timeout=30, **how)
    controller.start()
    settings = {"HOST": "127.0.0.1", "PORT": port, "SECURITY": security, "FROM": "ar@quay.example"}
    for key, value in settings.items():
        monkeypatch.setenv(f"DUEBOOK_SMTP_{key}", str(value))
    try:
        yield box
    finally:
        controller.stop()


@pytest.fixture
def mailbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    with served(monkeypatch) as box:
        yield box


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def certificate(authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A server's side of TLS, with a certificate of an authority that this process trusts."""
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


def knows(server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: Any) -> AuthResult:
    """One user, and one password."""
    return AuthResult(success=given == LoginPassword(b"clerk", b"right"), handled=False)


def mails(*recipients: str) -> list[Message]:
    return [
        Message(
            f"20240430-C{number}-USD-D", f"C{number}", "email", "en", "first", "USD", {"contact": "Ann"}, (), 100, 0,
            subject="Überfällig", body="Zwölf Kisten", recipients=(recipient,),
        )
        for number, recipient in enumerate(recipients, 1)
    ]  # fmt: skip


class NoAttachments(Attachments):
    def __init__(self) -> None:
        pass

    def of(self, message: Message) -> None:
        return None


def sends(folder: Path, *recipients: str, user: str = "", password: str = "") -> Sent:
    environment = {**os.environ, "DUEBOOK_SMTP_USER": user, "DUEBOOK_SMTP_PASSWORD": password}
    by = Sending(
        Server.of(environment), Journal(folder / "journal"), NoAttachments(), AS_OF, dt.datetime(2024, 4, 30, tzinfo=dt.UTC)
    )
    return send(mails(*recipients), by)


def test_a_server_that_wants_starttls_and_a_password_gets_both(
    certificate: ssl.SSLContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    how = {"tls_context": certificate, "require_starttls": True, "authenticator": knows, "auth_required": True}
    with served(monkeypatch, security="starttls", **how) as box:
        assert len(sends(tmp_path, "one@one.example", user="clerk", password="right").accepted) == 1
        assert box.taken == ["one@one.example"]
        with pytest.raises(
            WrongPassword, match=r"refuses the user or the password \(535 .*Correct DUEBOOK_SMTP_USER"
        ) as refused:
            sends(tmp_path, "two@two.example", user="clerk", password="guessed")
        assert "guessed" not in str(refused.value)
        assert box.taken == ["one@one.example"]


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")  # the server sees TLS only if it began it
def test_a_server_that_speaks_tls_from_the_first_byte_is_spoken_to_so(
    certificate: ssl.SSLContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    how = {"ssl_context": certificate, "authenticator": knows, "auth_required": True, "auth_require_tls": False}
    with served(monkeypatch, security="tls", **how) as box:
        sent = sends(tmp_path, "one@one.example", "two@two.example", user="clerk", password="right")
        assert (len(sent.accepted), box.taken) == (2, ["one@one.example", "two@two.example"])


def test_nothing_is_sent_in_the_clear_nor_to_a_server_that_nobody_vouches_for(
    certificate: ssl.SSLContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with served(monkeypatch, security="starttls") as box:
        with pytest.raises(NoEncryption, match="offers no STARTTLS on port"):
            sends(tmp_path, "one@one.example")
        assert box.taken == []
    monkeypatch.delenv("SSL_CERT_FILE")
    with served(monkeypatch, security="starttls", tls_context=certificate) as box:
        with pytest.raises(UntrustedServer, match=r"not trusted .*SSL_CERT_FILE"):
            sends(tmp_path, "one@one.example")
        assert box.taken == []


def test_a_recipient_that_is_refused_is_named_with_the_answer_and_the_rest_goes_on(mailbox: Mailbox, tmp_path: Path) -> None:
    mailbox.refuses = {"two@two.example"}
    sent = sends(tmp_path, "one@one.example", "two@two.example", "three@three.example")
    assert sent.refused == {"20240430-C2-USD-D": "two@two.example: 550 no such mailbox"}
    assert mailbox.taken == ["one@one.example", "three@three.example"]
    assert mailbox.bodies == ["Zwölf Kisten\r\n".encode()] * 2


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """Two customers who are reminded by e-mail."""
    return small_workbook(
        tmp_path / "book.xlsx", Customers={**SMALL["Customers"], "email": ["one@one.example", "two@two.example"]}
    )


def remind(book: Path, *options: object) -> tuple[int, str]:
    result = duebook("remind", book, "--as-of", AS_OF, *options)
    return result.exit_code, result.output


def logged(book: Path) -> list[str]:
    return cells(book, "ReminderLog", "Customer ID")


def cells(book: Path, name: str, header: str) -> list[str]:
    table = FileBook(book).read_table(name)
    assert table is not None
    return [str(cell) for cell in table.columns[table.headers.index(header)] if cell]


def test_a_dry_run_sends_nothing_and_a_second_run_sends_nothing_more(mailbox: Mailbox, book: Path) -> None:
    code, told = remind(book, "--send")
    assert (code, mailbox.taken) == (0, [])
    assert "20240430-C1-USD-D: one@one.example" in told
    code, told = remind(book, "--send", "--yes")
    assert code == 0, told
    assert mailbox.taken == ["one@one.example", "two@two.example"]
    assert logged(book) == ["C1", "C2"]
    assert cells(book, "Reminders", "Sent") == ["Yes", "Yes"]
    code, told = remind(book, "--send", "--yes")
    assert (code, len(mailbox.taken)) == (0, 2), told


def test_a_connection_that_drops_before_a_message_is_handed_over_goes_on(mailbox: Mailbox, book: Path) -> None:
    mailbox.drops_before = {"two@two.example"}
    code, told = remind(book, "--send", "--yes")
    assert code == 0, told
    assert mailbox.taken == ["one@one.example", "two@two.example"]


def test_sheet_and_list_say_which_messages_went_out_and_which_did_not(mailbox: Mailbox, book: Path, tmp_path: Path) -> None:
    mailbox.refuses = {"one@one.example"}
    code, told = remind(book, "--send", "--yes", "--out", tmp_path / "out")
    assert (code, mailbox.taken) == (1, ["two@two.example"])
    assert "correct the address" in told
    assert "20240430-C1-USD-D: one@one.example: 550 no such mailbox" in told
    assert cells(book, "Reminders", "Sent") == ["No", "Yes"]
    with (tmp_path / "out" / f"reminders-{AS_OF}.csv").open(encoding="utf-8-sig") as listed:
        assert [(row["customer_id"], row["sent"]) for row in csv.DictReader(listed)] == [("C1", "False"), ("C2", "True")]
    assert remind(book, "--mark-sent")[0] == 0
    assert cells(book, "Reminders", "Sent") == ["Yes"]


def test_a_message_whose_answer_never_came_is_in_doubt_until_somebody_has_looked(mailbox: Mailbox, book: Path) -> None:
    mailbox.drops_after = {"one@one.example"}
    code, told = remind(book, "--send", "--yes")
    assert (code, "--doubtful" in told, "20240430-C1-USD-D" in told) == (1, True, True)
    assert (mailbox.taken, logged(book)) == (["one@one.example", "two@two.example"], ["C2"])
    code, told = remind(book, "--send", "--yes")
    assert (code, len(mailbox.taken)) == (1, 2)  # not again
    code, told = remind(book, "--doubtful", "sent")
    assert code == 0, told
    assert sorted(logged(book)) == ["C1", "C2"]
    assert remind(book, "--send", "--yes")[0] == 0
    assert len(mailbox.taken) == 2


def test_what_was_accepted_before_a_crash_is_logged_by_the_next_run_and_not_sent_again(mailbox: Mailbox, book: Path) -> None:
    before = book.read_bytes()
    assert remind(book, "--send", "--yes")[0] == 0
    book.write_bytes(before)  # as if the run had been killed before the workbook was saved
    code, told = remind(book, "--send", "--yes")
    assert (code, "E-mails sent by an earlier run, logged now: 2" in told) == (0, True), told
    assert (len(mailbox.taken), logged(book)) == (2, ["C1", "C2"])


def test_what_went_out_while_the_workbook_was_open_elsewhere_is_judged_by_check_and_taken_in_by_a_close(
    mailbox: Mailbox, book: Path, tmp_path: Path
) -> None:
    before = book.read_bytes()
    assert remind(book, "--send", "--yes", "-o", tmp_path / "elsewhere.xlsx")[0] == 0
    journal = book.with_name(f"{book.name}.sent.jsonl")
    with journal.open("ab") as cut_off:
        cut_off.write('{"event": "sending", "message_id": "鹤'.encode()[:-1])  # a crash, within a character
    summary = tmp_path / "summary.json"
    duebook("check", book, "--as-of", AS_OF, "--json", summary)
    assert json.loads(summary.read_text())["reminders"]["messages"] == 0
    assert book.read_bytes() == before
    closed = duebook("close", book, "--as-of", AS_OF)
    assert "E-mails sent by an earlier run, logged now: 2" in closed.output
    assert (logged(book), cells(book, "Reminders", "Message ID")) == (["C1", "C2"], [])
    again = duebook("close", book, "--as-of", AS_OF)
    assert "logged now" not in again.output
    assert logged(book) == ["C1", "C2"]


def test_a_message_that_did_not_arrive_is_sent_again_when_somebody_says_so(mailbox: Mailbox, book: Path) -> None:
    mailbox.drops_after = {"one@one.example"}
    remind(book, "--send", "--yes")
    mailbox.drops_after = set()
    assert remind(book, "--send", "--yes", "--doubtful", "not-sent")[0] == 0
    assert mailbox.taken.count("one@one.example") == 2
    assert sorted(logged(book)) == ["C1", "C2"]


def test_settings_that_are_missing_are_named_and_the_password_is_not_shown() -> None:
    with pytest.raises(SmtpNotSet, match="DUEBOOK_SMTP_HOST"):
        Server.of({})
    with pytest.raises(SmtpNotSet, match="DUEBOOK_SMTP_FROM"):
        Server.of({"DUEBOOK_SMTP_HOST": "mail.example"})
    server = Server.of({"DUEBOOK_SMTP_HOST": "m", "DUEBOOK_SMTP_FROM": "a@b.example", "DUEBOOK_SMTP_PASSWORD": "secret"})
    assert (server.port, server.security, "secret" in repr(server)) == (587, "starttls", False)
