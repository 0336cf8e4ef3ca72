"""What strangers forge and machines write signs nothing, unsigns nothing, and gets no answer by itself."""

import csv
from typing import Any

import pytest
from sqlmodel import select

from outreach.domain.kinds import KINDS
from outreach.domain.replies import ReplyKind
from outreach.domain.states import ReplyState, SignatureState
from outreach.domain.tokens import Purpose
from outreach.rendering.composing import message_id
from outreach.store.tables import Contact, SuppressionReason
from tests import inbound, make
from tests.usecases.world import ANA, IDRIS, World

STOPS = ["STOP", "stop", "désabonner", "Se désabonner", "abbestellen", "Отписаться", "отписаться.", "إلغاء"]
SAYS_STOP_OF_SOMETHING_ELSE = [
    "Please DON'T unsubscribe me.",
    "Do not remove me from the list, I want to stay.",
    "We must stop the deportations!\n\nWho else signs?",
    "Hello.\n\nOn Mon, 11 Jan 2027, calls@lanterncoast.coop wrote:\n> To get no more, answer STOP.\n> Unsubscribe",
]


def automatic_answers(world: World) -> list[str]:
    """Who has been written to without anybody asking for it; staff hear of things too."""
    mails = [one for one in make.messages(world.session) if KINDS[one.kind].automatic]
    return [one.address for one in mails if one.address in (IDRIS, ANA)]


@pytest.mark.parametrize("to_us", [True, False])
@pytest.mark.parametrize("text", ["I sign.", "Remove my signature.", "Unsubscribe me and remove our signature."])
def test_a_forged_sender_neither_signs_nor_unsigns(world: World, text: str, *, to_us: bool) -> None:
    """From is written by anybody; even who has a mail of ours in hand has it from whomever."""
    make.signature(world.session, world.call, world.ana)
    before = [(one.id, one.state, one.name) for one in world.signatures()]
    to = inbound.OURS if to_us else inbound.answer_to(world.invitation(world.ana), world.house)
    world.says(text, sender=ANA, to=to)
    after = [(one.id, one.state, one.name) for one in world.signatures()]
    assert after[: len(before)] == before
    assert {state for _, state, _ in after[len(before) :]} <= {SignatureState.PROPOSED}


def test_who_asks_for_no_more_mail_on_weak_proof_gets_none_and_stays_on_the_letter(world: World) -> None:
    make.signature(world.session, world.call, world.idris)
    world.says("Unsubscribe me.", to=inbound.OURS)
    assert world.suppressions() == [(world.idris.address_digest, SuppressionReason.OPT_OUT, 0)]
    assert [one.state for one in world.signatures()] == [SignatureState.CONFIRMED]


@pytest.mark.parametrize("word", STOPS)
def test_one_word_is_enough_in_every_language_and_is_acknowledged_once(world: World, word: str) -> None:
    for copy in range(3):
        reply = world.says(word, subject=f"Re: {copy}")
        assert (reply.kind, reply.state) == (ReplyKind.OPT_OUT, ReplyState.DONE)
    assert world.suppressions() == [(world.idris.address_digest, SuppressionReason.OPT_OUT, 0)]
    assert automatic_answers(world) == [IDRIS]


@pytest.mark.parametrize("text", SAYS_STOP_OF_SOMETHING_ELSE)
def test_the_same_word_in_what_is_quoted_or_denied_opts_nobody_out(world: World, text: str) -> None:
    reply = world.says(text)
    assert reply.kind is not ReplyKind.OPT_OUT
    assert world.suppressions() == []


def test_whatever_machines_write_has_no_effect_and_no_answer(sqlite_world: World) -> None:
    """Absences, receipts, calendars, challenges, tickets, lists, as real programs write them."""
    world = sqlite_world
    make.signature(world.session, world.call, world.ana)
    harmless = {ReplyKind.OUT_OF_OFFICE, ReplyKind.RECEIPT, ReplyKind.AUTOMATIC_ANSWER, ReplyKind.DELIVERY_NOTICE}
    with (inbound.MAILS / "machines" / "table.csv").open(encoding="utf-8", newline="") as table:
        samples = [row["sample"] for row in csv.DictReader(table) if ReplyKind(row["kind"]) in harmless]
    assert len(samples) > 30
    for sample in samples:
        raw = (inbound.MAILS / "machines" / f"{sample}.eml").read_bytes()
        reply = inbound.arrived(world.session, world.house, _as_if_to_us(world, raw))
        assert reply.kind not in {ReplyKind.OPT_OUT, ReplyKind.SIGNS, ReplyKind.DECLINES}, sample
    assert world.suppressions() == []
    assert [one.state for one in world.signatures()] == [SignatureState.CONFIRMED]
    assert automatic_answers(world) == []
    assert {one.address for one in world.session.exec(select(Contact))} == {IDRIS, ANA}


def _as_if_to_us(world: World, raw: bytes) -> bytes:
    """The sample as it would answer Idris's invitation."""
    invitation = world.invitation()
    for sample, ours in (
        (inbound.SAMPLE_MESSAGE_ID, message_id(invitation.id or 0, world.house)[1:-1]),
        (inbound.SAMPLE_REPLY, inbound.answer_to(invitation, world.house)),
        (inbound.SAMPLE_RETURN, inbound.tagged(invitation, Purpose.RETURN, world.house)),
    ):
        raw = raw.replace(sample.encode(), ours.encode())
    return raw


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated"},
        {"Precedence": "bulk"},
        {"Precedence": "auto_reply"},
        {"List_Id": "<news.elsewhere.coop>"},
        {"X_Auto_Response_Suppress": "All"},
        {"X_Autoreply": "yes"},
        {"sender": "MAILER-DAEMON@harbourlight.coop"},
        {"sender": "no-reply@harbourlight.coop"},
        {"sender": "<>"},
    ],
)
def test_a_program_that_says_stop_is_obeyed_perhaps_and_never_answered(
    sqlite_world: World, headers: dict[str, Any]
) -> None:
    sqlite_world.says("Unsubscribe", **headers)
    assert automatic_answers(sqlite_world) == []
    assert sqlite_world.signatures() == []


@pytest.mark.shows("F51")
def test_a_report_that_anybody_could_have_written_changes_nothing(world: World) -> None:
    """Nothing in it but a key signatory's address."""
    raw = inbound.failure_report(world.invitation(), world.house, to=inbound.OURS, returned=False)
    before = [one.model_dump() for one in make.messages(world.session)]
    reply = inbound.arrived(world.session, world.house, raw)
    assert (reply.kind, reply.state) == (ReplyKind.BOUNCE, ReplyState.DONE)
    assert world.suppressions() == []
    assert [one.model_dump() for one in make.messages(world.session)] == before
