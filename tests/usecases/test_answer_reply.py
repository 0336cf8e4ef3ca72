"""A member of staff answers by mail: in the thread, as a person, with nothing of a stranger's in the headers."""

import email
import email.policy
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import Any

import pytest
from sqlmodel import select

from outreach.domain.errors import InvalidInput, Refusal
from outreach.domain.kinds import MessageKind
from outreach.domain.replies import ReplyKind
from outreach.domain.states import MessageState, ReplyState
from outreach.rendering.composing import compose
from outreach.store.outbox import load_message
from outreach.store.tables import Event, Reply, SuppressionReason
from outreach.usecases.answer_reply import answer_reply
from tests import inbound, make
from tests.make import NOON
from tests.usecases.world import IDRIS, World

HOSTILE_IDS = [
    "<a@b>\nBcc: victim@elsewhere.coop",
    "<a@b>\n Bcc: victim@elsewhere.coop",
    "<a b@c>",
    "<a@b\x00c>",
    "<=?utf-8?q?a=0D=0ABcc:_victim@elsewhere.coop?=>",
    "<a@b@c>",
    "<<a@b>>",
    "<å@b>",
    f"<{'a' * 2000}@b>",
    "a@b",
    "<>",
    "",
]


def answers(world: World, reply: Reply, text: str = "It goes out on 2 March.", **more: str) -> str:
    return answer_reply(world.session, reply, text, now=NOON, house=world.house, by="Rosa", **more)


def mail_of(world: World) -> EmailMessage:
    """The answer as it would leave."""
    (message,) = world.queued(MessageKind.ANSWER)
    claimed = load_message(world.session, message.id or 0)
    assert claimed is not None
    raw = compose(claimed.record, world.house).envelope.content
    parsed = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def asks(world: World, **more: Any) -> Reply:
    return world.says("When does the letter go out?", subject="Re: Please sign", **more)


def html_of(world: World) -> str:
    body = mail_of(world).get_body(("html",))
    assert body is not None
    return str(body.get_content())


class Tags(HTMLParser):
    """Every tag of a page, with what it says of itself."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


def test_an_answer_goes_to_who_wrote_and_the_reply_is_done(world: World) -> None:
    reply = asks(world)
    assert answers(world, reply) == IDRIS
    (message,) = world.queued(MessageKind.ANSWER)
    assert (message.address, message.contact_id, message.call_id, message.bulk) == (
        IDRIS,
        world.idris.id,
        world.call.id,
        False,
    )
    assert (reply.state, reply.handled_by, reply.handled_at) == (ReplyState.DONE, "Rosa", NOON)


def test_it_stands_in_the_thread_and_a_person_wrote_it(world: World) -> None:
    reply = asks(world)
    answers(world, reply)
    mail = mail_of(world)
    assert (mail["In-Reply-To"], mail["References"]) == (reply.mail_id, reply.mail_id)
    assert mail["Subject"] == "Re: Please sign"
    assert {name.lower() for name in mail.keys()} & {  # noqa: SIM118  a mail is no dictionary
        "auto-submitted",
        "precedence",
        "list-id",
        "list-unsubscribe",
        "feedback-id",
    } == set()


def test_what_comes_back_to_the_answer_belongs_to_the_same_call(world: World) -> None:
    answers(world, asks(world))
    (message,) = world.queued(MessageKind.ANSWER)
    again = world.says("Thank you!", to=inbound.answer_to(message, world.house))
    assert (again.call_id, again.contact_id, again.message_id) == (world.call.id, world.idris.id, message.id)


@pytest.mark.parametrize("subject", ["Re: RE: re: Please sign", "Please sign", "RE:Please sign"])
def test_the_subject_is_answered_once(sqlite_world: World, subject: str) -> None:
    world = sqlite_world
    answers(world, world.says("When?", subject=subject))
    assert mail_of(world)["Subject"] == "Re: Please sign"


@pytest.mark.parametrize("subject", ["", "Re:", "   "])
def test_a_mail_without_a_subject_can_be_answered(sqlite_world: World, subject: str) -> None:
    world = sqlite_world
    answers(world, world.says("When?", subject=subject))
    assert mail_of(world)["Subject"] == "Re: …"


@pytest.mark.parametrize("hostile", HOSTILE_IDS)
def test_no_strangers_message_id_gets_into_a_header_unless_it_is_plainly_one(
    sqlite_world: World, hostile: str
) -> None:
    world = sqlite_world
    to = inbound.answer_to(world.invitation(), world.house)
    plain = inbound.written(IDRIS, "When does the letter go out?", to=to)
    head, _, body = plain.partition(b"\n\n")
    lines = [line for line in head.split(b"\n") if not line.startswith(b"Message-ID:")]
    raw = b"\n".join([*lines, b"Message-ID: " + hostile.encode()]) + b"\n\n" + body
    answers(world, inbound.arrived(world.session, world.house, raw))
    mail = mail_of(world)
    assert mail["Bcc"] is None
    assert mail["To"] == IDRIS
    assert (mail["In-Reply-To"] or "<a@b>") == "<a@b>"
    assert (mail["References"] or "<a@b>") == "<a@b>"


def test_a_strangers_subject_brings_no_header_of_its_own(world: World) -> None:
    to = inbound.answer_to(world.invitation(), world.house)
    plain = inbound.written(IDRIS, "When?", to=to, subject="HERE")
    for hostile in (b"=?utf-8?q?Hello=0D=0ABcc:_victim@elsewhere.coop?=", b"Hello\r\n\tBcc: victim@elsewhere.coop"):
        reply = inbound.arrived(world.session, world.house, plain.replace(b"HERE", hostile))
        answers(world, reply)
        mail = mail_of(world)
        assert mail["Bcc"] is None
        assert mail["Subject"] == "Re: Hello Bcc: victim@elsewhere.coop"
        world.session.delete(world.queued(MessageKind.ANSWER)[0])
        world.session.flush()


def test_another_subject_brings_no_header_of_its_own_either(world: World) -> None:
    answers(world, asks(world), subject="Our letter\r\nBcc: victim@elsewhere.coop")
    mail = mail_of(world)
    assert (mail["Bcc"], mail["Subject"]) == (None, "Re: Our letter Bcc: victim@elsewhere.coop")


def test_markup_in_an_answer_is_shown_and_not_obeyed(world: World) -> None:
    text = '<script>alert(1)</script> <img src="https://elsewhere.coop/x.png"> & <b onclick="x()">bold</b>'
    answers(world, asks(world), text)
    page = html_of(world)
    tags = Tags(page).seen
    assert not {"script", "img", "b"} & {tag for tag, _ in tags}
    assert not [name for _, attributes in tags for name in attributes if name.startswith("on")]
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    plain = mail_of(world).get_body(("plain",))
    assert plain is not None
    assert text in str(plain.get_content()).replace("\r\n", " ")


@pytest.mark.parametrize("target", ["javascript:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd"])
def test_no_link_of_an_answer_runs_anything(sqlite_world: World, target: str) -> None:
    world = sqlite_world
    answers(world, asks(world), f"See [here]({target}) and ![x]({target}).")
    assert not [
        name for _, attributes in Tags(html_of(world)).seen for name, value in attributes.items() if value == target
    ]


def test_braces_in_an_answer_are_no_template(world: World) -> None:
    answers(world, asks(world), "{{ sender.name }} {% if x %} {{ links.opt_out }}")
    plain = mail_of(world).get_body(("plain",))
    assert plain is not None
    assert "{{ sender.name }} {% if x %} {{ links.opt_out }}" in str(plain.get_content()).replace("\r\n", " ")


def test_paragraphs_of_an_answer_stay_apart(world: World) -> None:
    answers(world, asks(world), "Dear Idris,\n\nit goes out on 2 March.\n")
    plain = mail_of(world).get_body(("plain",))
    assert plain is not None
    assert str(plain.get_content()).startswith("Dear Idris,\r\n\r\nit goes out on 2 March.\r\n\r\n")


@pytest.mark.parametrize("kind", [ReplyKind.BOUNCE, ReplyKind.OUT_OF_OFFICE, ReplyKind.AUTOMATIC_ANSWER])
def test_no_machine_is_answered(world: World, kind: ReplyKind) -> None:
    reply = asks(world)
    world.corrects(reply, kind)
    with pytest.raises(Refusal, match=f"Reply {reply.id} is {kind.value}: a machine wrote it"):
        answers(world, reply)


def test_what_did_not_come_by_mail_has_no_address_to_answer_to(world: World) -> None:
    reply = world.logs(ReplyKind.QUESTION)
    with pytest.raises(Refusal, match="did not come by mail"):
        answers(world, reply)


def test_an_empty_answer_is_none(world: World) -> None:
    reply = asks(world)
    with pytest.raises(InvalidInput, match="The answer is empty"):
        answers(world, reply, " \n\x00 ")
    assert (reply.state, world.queued(MessageKind.ANSWER)) == (ReplyState.WAITING, [])


@pytest.mark.parametrize("sender", ["nobody", "a@b@c", '"x y"@elsewhere.coop', "x@[127.0.0.1]"])
def test_a_sender_without_an_address_that_takes_mail_cannot_be_answered(sqlite_world: World, sender: str) -> None:
    world = sqlite_world
    plain = asks_of(world, b"From: " + sender.encode())
    with pytest.raises(Refusal):
        answers(world, plain)
    assert plain.state is ReplyState.WAITING


def asks_of(world: World, line: bytes) -> Reply:
    to = inbound.answer_to(world.invitation(), world.house)
    plain = inbound.written(IDRIS, "When does the letter go out?", to=to)
    return inbound.arrived(world.session, world.house, plain.replace(b"From: " + IDRIS.encode(), line))


def test_who_opted_out_and_asks_something_is_answered(world: World) -> None:
    make.suppression(world.session, world.idris)
    answers(world, asks(world))
    assert [one.record.kind for one in make.claimed(world.session)] == [MessageKind.ANSWER]


@pytest.mark.parametrize("reason", [SuppressionReason.COMPLAINT, SuppressionReason.HARD_BOUNCE])
def test_an_answer_that_could_never_leave_is_refused(world: World, reason: SuppressionReason) -> None:
    make.suppression(world.session, world.idris, reason)
    reply = asks(world)
    with pytest.raises(Refusal, match=f"Nothing goes to {IDRIS}"):
        answers(world, reply)
    assert reply.state is ReplyState.WAITING


def test_a_second_answer_goes_as_well(world: World) -> None:
    reply = asks(world)
    answers(world, reply)
    answer_reply(world.session, reply, "One thing more.", now=NOON.replace(minute=5), house=world.house, by="Rosa")
    assert [one.state for one in world.queued(MessageKind.ANSWER)] == [MessageState.QUEUED] * 2


def test_it_goes_where_the_mail_wants_its_answer(world: World) -> None:
    reply = asks(world, Reply_To="Amal Said <amal@quay.coop>")
    assert answers(world, reply) == "amal@quay.coop"
    assert mail_of(world)["To"] == "amal@quay.coop"


@pytest.mark.parametrize("wanted", ["nobody", "a@b.coop, c@d.coop", "<>", ""])
def test_where_that_is_not_one_address_it_goes_to_the_sender(sqlite_world: World, wanted: str) -> None:
    to = inbound.answer_to(sqlite_world.invitation(), sqlite_world.house)
    raw = b"Reply-To: " + wanted.encode() + b"\n" + inbound.written(IDRIS, "When?", to=to)
    reply = inbound.arrived(sqlite_world.session, sqlite_world.house, raw)
    assert answers(sqlite_world, reply) == IDRIS
    assert mail_of(sqlite_world)["Bcc"] is None


def test_who_answered_is_in_the_log_and_not_what(world: World) -> None:
    reply = asks(world)
    answers(world, reply)
    event = world.session.exec(select(Event).where(Event.verb == "answer_reply")).one()
    assert (event.by, event.subject_id, event.facts) == ("Rosa", reply.id, {})
