"""One mail from what its row keeps: the same bytes again, the reader's own zone and language, her own links."""

import re
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from sqlmodel import Session, col, select

from outreach.config.house import House
from outreach.domain.correspondence import LetterKind
from outreach.domain.kinds import CALL_KINDS, KINDS, MessageKind
from outreach.domain.tokens import Purpose, read
from outreach.rendering.composing import (
    MailRecord,
    compose,
    links,
    message_id,
    return_address,
    template_of,
    unsubscribe_address,
    values_of,
)
from outreach.rendering.guard import guard
from outreach.rendering.mailings import mailing_of
from outreach.store.database import Database
from outreach.store.outbox import load_message
from outreach.store.tables import Contact, Message
from outreach.usecases.queue_message import queue_for_signature, queue_test
from tests import make
from tests.rendering.oracle import said_by_jinja

NOW = make.NOON


def record(session: Session, house: House, **changes: object) -> MailRecord:
    """An invitation as its row keeps it."""
    person = {"language": "en", "time_zone": "Europe/Brussels", **changes}
    make.contact(session, house, "idris@harbour.example", organisation="Harbour Lamp", **person)  # type: ignore[arg-type]
    make.launched(session, house)
    (claimed,) = make.claimed(session)
    return claimed.record


def header(mail: bytes, name: str) -> list[bytes]:
    head = mail.partition(b"\r\n\r\n")[0]
    return [line for line in head.split(b"\r\n") if line.lower().startswith(name.lower().encode() + b":")]


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
def test_the_same_row_gives_the_same_bytes(sqlite: Database, language: str) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        kept = record(session, house, language=language)
        again = load_message(session, kept.id)
    first = compose(kept, house).envelope
    assert compose(kept, house).envelope == first
    assert again is not None
    assert compose(again.record, house).envelope == first


def test_a_retry_is_the_same_mail_with_another_date(sqlite: Database) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        kept = record(session, house)
    first = compose(kept, house).envelope.content
    second = compose(replace(kept, date=kept.date + timedelta(minutes=5)), house).envelope.content
    assert re.sub(rb"^Date: [^\r]*", b"", first) == re.sub(rb"^Date: [^\r]*", b"", second)
    assert first != second


@pytest.mark.parametrize("kind", CALL_KINDS)
def test_bulk_mail_has_one_line_that_leads_out_and_answers_have_none(sqlite: Database, kind: MessageKind) -> None:
    """However long the address of the pages is; providers do not read a line that is folded or encoded."""
    pages = "https://" + "a-very-long-name-of-a-coalition." * 6 + "example"
    house = make.house(sqlite, workspace={"base_url": pages})
    with sqlite.changing() as session:
        person = make.contact(session, house, "idris@harbour.example")
        call = make.call(session, house)
        queue_test(session, call, kind, "rosa@lanterncoast.coop", as_contact=person.id or 0, now=NOW, house=house)
        (claimed,) = make.claimed(session)
    mail = compose(claimed.record, house).envelope.content
    out = header(mail, "List-Unsubscribe")
    if KINDS[kind].bulk:
        web, mail_to = links(claimed.record, house)["opt_out"], f"mailto:{unsubscribe_address(0, house)}"
        assert out == [f"List-Unsubscribe: <{web}>, <{mail_to}?subject=unsubscribe>".encode()]
        assert header(mail, "List-Unsubscribe-Post") == [b"List-Unsubscribe-Post: List-Unsubscribe=One-Click"]
        assert header(mail, "Auto-Submitted") == []
    else:
        assert out == header(mail, "List-Unsubscribe-Post") == header(mail, "Precedence") == []
        assert header(mail, "Auto-Submitted") == [b"Auto-Submitted: auto-generated"] * KINDS[kind].automatic


@pytest.mark.parametrize("kind", CALL_KINDS)
def test_every_link_of_a_test_mail_is_for_nobody(sqlite: Database, kind: MessageKind) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        person = make.contact(session, house, "idris@harbour.example", organisation="Harbour Lamp")
        call = make.call(session, house)
        queue_test(session, call, kind, "rosa@lanterncoast.coop", as_contact=person.id or 0, now=NOW, house=house)
        (claimed,) = make.claimed(session)
        (message,) = make.messages(session)
        assert (message.contact_id, message.signature_id, message.mailing_id) == (None, None, None)
        assert "rosa" not in (message.occurrence or "")
    found = links(claimed.record, house)
    for name, purpose in (
        ("organisation", Purpose.SIGN_ORGANISATION),
        ("individual", Purpose.SIGN_INDIVIDUAL),
        ("opt_out", Purpose.OPT_OUT),
    ):
        assert read(house.link_key, purpose, found[name].rpartition("/")[2], 2) == (call.id, 0)
    assert read(house.link_key, Purpose.CONFIRM, found["confirm"].rpartition("/")[2], 2) == (0, 1)
    composed = compose(claimed.record, house)
    assert composed.content.subject.startswith("[Test] ")
    assert composed.envelope.recipient == "rosa@lanterncoast.coop"
    real = links(replace(claimed.record, test=False, contact_id=person.id or 0), house)
    assert not any(real[name] in composed.content.text for name in ("organisation", "individual", "opt_out"))


def test_a_link_opens_the_door_for_this_person_and_this_call_only(sqlite: Database) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        kept = record(session, house)
    found = links(kept, house)
    token = found["organisation"].rpartition("/")[2]
    assert read(house.link_key, Purpose.SIGN_ORGANISATION, token, 2) == (kept.call_id, kept.contact_id)
    assert read(house.link_key, Purpose.SIGN_INDIVIDUAL, token, 2) is None
    assert read(house.link_key, Purpose.OPT_OUT, token, 2) is None
    text = compose(kept, house).content.text
    for name in ("organisation", "individual", "opt_out"):
        assert found[name] in text


@pytest.mark.parametrize(
    ("zone", "here"),
    [
        ("Europe/Brussels", "27 February 2027"),
        ("Asia/Manila", "27 February 2027"),
        ("America/Los_Angeles", "26 February 2027"),
        ("", "27 February 2027"),  # the workspace's zone
    ],
)
def test_the_deadline_is_told_in_the_readers_zone(sqlite: Database, zone: str, here: str) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        text = compose(record(session, house, time_zone=zone), house).content.text
    assert here in text
    assert ("26 February 2027" in text) is True  # the call's own clock, always


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Lantern Coast Network and Red Marea Abierta"),
        ("fr", "Lantern Coast Network et Red Marea Abierta"),
        ("es", "Lantern Coast Network y Red Marea Abierta"),
        ("ar", "وRed Marea Abierta"),
    ],
)
def test_the_organisers_are_listed_as_the_language_lists(sqlite: Database, language: str, said: str) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        text = compose(record(session, house, language=language), house).content.text
    assert said in re.sub("[\u2066-\u2069\u200e\u200f]", "", text).replace("\n", " ")


def test_somebody_whose_language_the_call_does_not_have_reads_the_calls(sqlite: Database) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        kept = record(session, house, language="sw")
    assert kept.language == "en"
    assert header(compose(kept, house).envelope.content, "Content-Language") == [b"Content-Language: en"]


def test_a_mail_is_to_one_address_and_names_it_only(sqlite: Database) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        envelope = compose(record(session, house, name="Evil <victim@gov.example>"), house).envelope
    assert envelope.recipient == "idris@harbour.example"
    assert header(envelope.content, "To") == [b"To: idris@harbour.example"]
    parsed = message_from_bytes(envelope.content, policy=policy.default)
    assert [str(value) for value in parsed.get_all("To", [])] == ["idris@harbour.example"]


def test_bounces_answers_and_the_mail_itself_name_the_message_and_not_the_person(sqlite: Database) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        kept = record(session, house)
    envelope = compose(kept, house).envelope
    bounce = re.fullmatch(r"calls\+b([a-z2-7]+)@lanterncoast\.coop", envelope.sender)
    assert bounce is not None
    assert read(house.link_key, Purpose.RETURN, bounce[1], 1) == (kept.id,)
    (reply,) = header(envelope.content, "Reply-To")
    answer = re.fullmatch(r"Reply-To: calls\+r([a-z2-7]+)@lanterncoast\.coop", reply.decode())
    assert answer is not None
    assert read(house.link_key, Purpose.REPLY, answer[1], 1) == (kept.id,)
    assert header(envelope.content, "Message-ID") == [f"Message-ID: {message_id(kept.id, house)}".encode()]


def test_a_server_without_plus_addresses_gets_plain_ones(sqlite: Database) -> None:
    sender = {"plus_addressing": False, "return_address": "bounces@lanterncoast.coop"}
    house = make.house(sqlite, sender=sender)
    with sqlite.changing() as session:
        envelope = compose(record(session, house), house).envelope
    assert (envelope.sender, return_address(1, house)) == ("bounces@lanterncoast.coop",) * 2
    assert header(envelope.content, "Reply-To") == [b"Reply-To: calls@lanterncoast.coop"]


def test_a_name_in_braces_stays_what_it_is(sqlite: Database) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        kept = record(session, house, given_name="{{ contact.email }}")
    assert "{{ contact.email }}" in compose(kept, house).content.text


def test_a_mail_keeps_what_was_true_when_it_was_queued(sqlite: Database) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        kept = record(session, house, given_name="Idris")
        person = session.exec(select(Contact)).one()
        person.given_name = "Somebody else"
        session.add(person)
        session.flush()
        again = load_message(session, kept.id)
    assert again is not None
    assert "Dear Idris" in compose(again.record, house).content.text


def test_a_confirmation_is_queued_once_and_names_nobody(sqlite: Database) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        person = make.contact(session, house, "idris@harbour.example", organisation="Harbour Lamp")
        call, _ = make.launched(session, house)
        given = make.signature(session, call, person)
        for _ in range(2):
            queue_for_signature(session, call, given, MessageKind.CONFIRMATION, now=NOW, house=house)
        (row,) = make.messages(session, col(Message.kind) == MessageKind.CONFIRMATION)
        loaded = load_message(session, row.id or 0)
        assert loaded is not None
        text = compose(loaded.record, house).content.text
    assert given.name not in text
    assert links(loaded.record, house)["confirm"] in text


def test_an_older_text_that_asks_for_the_name_still_goes_out_with_a_dash_in_its_place(sqlite: Database) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        person = make.contact(session, house, "idris@harbour.example", organisation="Harbour Lamp")
        file = make.call_file()
        older = dict(file.texts)
        kind = (MessageKind.CONFIRMATION, "en")
        older[kind] = older[kind].replace("Hello,", "It will read {{ signature.name }}, {{ signature.line }}.")
        call, _ = make.launched(session, house, texts=older)
        given = make.signature(session, call, person)
        queue_for_signature(session, call, given, MessageKind.CONFIRMATION, now=NOW, house=house)
        (row,) = make.messages(session, col(Message.kind) == MessageKind.CONFIRMATION)
        loaded = load_message(session, row.id or 0)
        assert loaded is not None
        text = compose(loaded.record, house).content.text
    assert "It will read —, —." in text


@pytest.mark.parametrize("kind", [LetterKind.PRIVATE, LetterKind.RESPONSE])
@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
def test_nobody_is_told_that_a_letter_in_confidence_is_published_or_to_pass_on_the_own_link(
    sqlite: Database, language: str, kind: LetterKind
) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        make.contact(session, house, "idris@harbour.example", organisation="Harbour Lamp", language=language)
        make.launched(session, house, kind=kind)
        (claimed,) = make.claimed(session)
    text = compose(claimed.record, house).content.text
    assert {"en": "in confidence", "fr": "confidentielle", "es": "confidencial", "ar": "سرّية"}[language] in text
    public = {"en": "public page", "fr": "page publique", "es": "página pública", "ar": "صفحتها العامة"}
    assert public[language] not in text
    assert {"en": "will be pub", "fr": "Elle sera publiée", "es": "y se publicará", "ar": "وستُنشر"}[
        language
    ] not in text


@pytest.mark.parametrize("kind", CALL_KINDS)
@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_kind_of_mail_says_what_jinja_says(sqlite: Database, kind: MessageKind, language: str) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        person = make.contact(session, house, "idris@harbour.example", language=language, given_name="Zoë = 'x'")
        call = make.call(session, house)
        queue_test(session, call, kind, "rosa@lanterncoast.coop", as_contact=person.id or 0, now=NOW, house=house)
        (claimed,) = make.claimed(session)
    kept = replace(claimed.record, test=False)
    template = template_of(kept.source, kept.kind, kept.language)
    assert compose(kept, house).content == said_by_jinja(template, values_of(kept, house))


def test_the_mails_of_a_mailing_share_a_stencil_and_nothing_of_one_reader_is_in_anothers(sqlite: Database) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        for name in ("Idris", "Zoë", "From " + "x" * 90):
            address = f"person{len(name)}@harbour.example"
            make.contact(session, house, address, given_name=name, organisation=f"House of {name}")
        make.launched(session, house)
        found = [one.record for one in make.claimed(session)]
    shared = [replace(one, shared=found[0].shared) for one in found]
    assert len({id(mailing_of(one, house)) for one in shared}) == 1
    together = [compose(one, house).envelope for one in shared]
    for one, envelope in zip(found, together, strict=True):
        template = template_of(one.source, one.kind, one.language)
        assert compose(one, house).content == said_by_jinja(template, values_of(one, house))
        assert compose(one, house).envelope == envelope
        guard(envelope.content)
        assert max(map(len, envelope.content.partition(b"\r\n\r\n")[2].split(b"\r\n"))) <= 76
        others = [
            token for other in found if other is not one for token in links(other, house, ["opt_out"]).values()
        ]
        assert not any(token.encode() in envelope.content for token in others)
