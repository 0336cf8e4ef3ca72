import hashlib
import time
from email.header import Header

import pytest

from outreach.domain.replies import ReplyKind
from outreach.reading.machines import MACHINE_RULES
from outreach.reading.mail import read_mail
from outreach.reading.rules import Understood


def understand(raw: str | bytes) -> Understood | None:
    mail = read_mail(raw.encode() if isinstance(raw, str) else raw)
    return next((found for rule in MACHINE_RULES if (found := rule(mail)) is not None), None)


def mail(
    text: str = "Hello.", more: str = "", sender: str = "Ana <ana@office.example>", subject: str = "Re: Please sign"
) -> Understood | None:
    head = f"From: {sender}\nTo: calls@coast.example\nSubject: {Header(subject).encode()}\n{more}"
    return understand(f"{head}Content-Type: text/plain; charset=utf-8\n\n{text}\n")


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: auto-replied",
        "Auto-Submitted: auto-generated (vacation)",
        "X-Autoreply: yes",
        "X-Autorespond: Please sign",
        "Precedence: auto_reply",
        "Return-Path: <>",
        "X-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent",
    ],
)
def test_a_header_that_says_so_makes_an_automatic_answer(header: str) -> None:
    found = mail(more=f"{header}\n")
    assert found is not None
    assert found.kind is ReplyKind.AUTOMATIC_ANSWER


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: no",
        "X-Auto-Response-Suppress: All",
        "Precedence: bulk",
        "Precedence: list\nList-Id: <forum.lists.example>\nList-Unsubscribe: <mailto:forum-leave@lists.example>",
        "X-Mailer: Zendesk Mailer",
        "X-RT-Loop-Prevention: office.example",
    ],
)
def test_headers_that_peoples_mail_has_too_are_no_sign(header: str) -> None:
    assert mail("Yes, please add us.", more=f"{header}\n") is None


@pytest.mark.parametrize(
    "text",
    [
        "This is an automatic reply. We have received your message.",
        "Ce message est généré automatiquement, merci de ne pas y répondre.",
        "Este es un mensaje automático.",
        "Diese Nachricht wurde automatisch erstellt.",
        "Por favor, não responda a este e-mail.",
        "هذه رسالة آلية، يرجى عدم الرد عليها.",
        "Письмо сформировано автоматически, отвечать на него не нужно.",
    ],
)
def test_a_text_that_calls_itself_automatic_is_believed(text: str) -> None:
    found = mail(text)
    assert found is not None
    assert found.kind is ReplyKind.AUTOMATIC_ANSWER


@pytest.mark.parametrize(
    "text",
    [
        "I got your automatic reply. Who else is in?",
        "J'ai reçu votre réponse automatique.",
        "Recibí su respuesta automática.",
        "This e-mail was automatically scanned for viruses.",
        "If you are not the intended recipient please do not reply to this message.",
        "Merci de ne pas répondre à tous.",
        "Back at my desk. Count us in.",
        "We have received your letter and shall answer it.",
    ],
)
@pytest.mark.parametrize(
    "subject", ["Re: Please sign", "Automatic reply: Please sign", "RE: Undeliverable: Please sign"]
)
def test_a_person_who_writes_of_machines_is_none(text: str, subject: str) -> None:
    assert mail(text, subject=subject) is None


def test_a_person_who_has_left_and_says_so_is_no_machine() -> None:
    assert mail("I no longer work there. Write to Ben.") is None


def test_an_address_that_nobody_reads_is_a_machines_but_bruno_reply_is_not() -> None:
    assert mail(sender="Office <no-reply@office.example>") is not None
    assert mail(sender="Bruno Reply <bruno.reply@office.example>") is None
    assert mail(sender="Otto Reply <otto.reply@office.example>") is None
    assert mail(sender="Form <noreply@forms.example>", more="Reply-To: ana@office.example\n") is None


def test_a_calendars_reply_is_no_answer_but_an_invitation_by_a_person_is() -> None:
    text = "From: ana@office.example\nContent-Type: text/calendar; method={}\n\nBEGIN:VCALENDAR\nMETHOD:{}\n"
    found = understand(text.format("REPLY", "REPLY"))
    assert found is not None
    assert found.rule == "calendar reply"
    assert understand(text.format("REQUEST", "REQUEST")) is None


def test_our_own_mail_is_known_when_it_comes_back() -> None:
    identity = "<g4tzs6pkw2vhnq5rmyc3xbe7@coast.example>"
    boundary = "=_" + hashlib.sha256(identity.encode()).hexdigest()[:32]
    kind = f'multipart/alternative; boundary="{boundary}"'
    head = f"From: calls@coast.example\nMessage-ID: {identity}\nContent-Type: {kind}\n"
    found = understand(f"Auto-Submitted: auto-generated\n{head}\n")
    assert found is not None
    assert (found.rule, found.quoted_ids) == ("our own mail", (identity,))
    assert understand(f"{head}\n") is None, "a person wrote it through a program like this one"


def test_a_lists_notice_is_no_bounce_and_a_persons_mail_through_a_list_is_no_notice() -> None:
    list_headers = "Precedence: list\nX-BeenThere: forum@lists.example\nList-Id: <forum.lists.example>\n"
    found = mail(
        "Your mail is being held until the list moderator can review it.",
        more=list_headers,
        sender="forum-bounces@lists.example",
        subject="Your message to Forum awaits moderator approval",
    )
    assert found is not None
    assert found.rule == "list notice"
    assert mail("Yes from us. Who moderates this list?", more=list_headers) is None


def test_a_receipt_names_the_mail_that_was_read() -> None:
    text = (
        "From: Ana <ana@office.example>\nSubject: Read: Please sign\n"
        "Content-Type: multipart/report; report-type=disposition-notification; boundary=b\n\n"
        "--b\nContent-Type: text/plain\n\nYour message was read.\n"
        "--b\nContent-Type: message/disposition-notification\n\nFinal-Recipient: rfc822; ana@office.example\n"
        "Original-Message-ID: <ours@coast.example>\nDisposition: manual-action/MDN-sent-manually; displayed\n"
        "--b--\n"
    )
    found = understand(text)
    assert found is not None
    assert (found.kind, found.quoted_ids) == (ReplyKind.RECEIPT, ("<ours@coast.example>",))


@pytest.mark.parametrize(
    "subject", ["Gelesen: Bitte", "Lu : Signez", "Leído: Firme", "Прочитано: Просим", "تمت القراءة: نداء"]
)
def test_a_receipt_in_words_needs_the_words_in_its_text_too(subject: str) -> None:
    texts = "Ihre Nachricht wurde gelesen. Votre message a été lu. Su mensaje fue leído. прочитано تمت قراءة"
    found = mail(texts, subject=subject)
    assert found is not None
    assert found.kind is ReplyKind.RECEIPT
    assert mail("Ja, wir unterzeichnen.", subject=subject) is None


NASTY = {
    "a long line": b"\n" + b"a" * 1_000_000,
    "many addresses": b"\n" + b"<a@b.example>: 550 no\n" * 30_000,
    "many words": b"\n" + b"user mailbox is not able to deliver until the 1 2 from 8/3 to " * 20_000,
    "many tags": b"Content-Type: text/html\n\n" + b"<div>" * 100_000,
    "deep parts": b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(200)),
    "a large file": b"Content-Transfer-Encoding: base64\n\n" + b"QUJD" * 2_000_000,
    "charset lies": b"Content-Type: text/plain; charset*=x'y'%ff\n\n\xff\xfe\x00",
    "no body": b"",
}


@pytest.mark.parametrize("name", NASTY)
@pytest.mark.parametrize("sender", ["Return-Path: <>\nFrom: MAILER-DAEMON@x.example", "From: ana@x.example"])
def test_no_mail_takes_long_or_raises(name: str, sender: str) -> None:
    begin = time.perf_counter()
    understand(f"{sender}\nSubject: Undelivered, read, away\n".encode() + NASTY[name])
    assert time.perf_counter() - begin < 3
