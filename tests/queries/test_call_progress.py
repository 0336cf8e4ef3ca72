"""How far a call has come: the counts agree with each other, and with what one reckons by hand."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, col, select

from outreach.config.house import House
from outreach.domain.bounces import BounceReason
from outreach.domain.funnels import REPLIED, Standing
from outreach.domain.kinds import MessageKind
from outreach.domain.pacing import Pace
from outreach.domain.replies import MatchedBy, ReplyKind
from outreach.domain.signatures import SignatureKind
from outreach.domain.states import MessageState, SignatureState
from outreach.queries.call_progress import FEW, Funnels, funnel, sending
from outreach.queries.silent import silent
from outreach.store.database import Database
from outreach.store.tables import (
    Affiliation,
    Bounce,
    Call,
    CallText,
    Contact,
    Message,
    Reply,
    Signature,
    Suppression,
    SuppressionReason,
)
from outreach.store.wanted import GONE
from tests import make

PLACES = {
    MessageState.SENT: Standing.SILENT,
    MessageState.UNKNOWN: Standing.SILENT,
    MessageState.FAILED: Standing.NOT_SENT,
}
ENDING = (ReplyKind.DECLINES, ReplyKind.SIGNS, ReplyKind.SIGNS_IF_CHANGED)
SURE = (SignatureState.CONFIRMED, SignatureState.LATE, SignatureState.WITHDRAWN, SignatureState.MERGED)

one_of = st.sampled_from
person = st.integers(0, 5)
deed = st.one_of(
    st.tuples(st.just("signs"), person, one_of(SignatureKind), one_of(SignatureState), st.booleans()),
    st.tuples(st.just("replies"), person, one_of(ReplyKind), one_of(MatchedBy)),
    st.tuples(st.just("bounces"), person, one_of(BounceReason)),
    st.tuples(st.just("opts out"), person, one_of(SuppressionReason), st.booleans()),
)
invited = st.lists(st.tuples(person, one_of(MessageState), st.booleans()), max_size=8)


def _mail(
    session: Session, call: Call, mailing: int, contact: Contact, state: MessageState, **more: Any
) -> Message:
    text = session.exec(select(CallText).where(CallText.call_id == call.id)).first()
    assert text is not None
    mail = Message(
        kind=more.pop("kind", MessageKind.INVITATION),
        bulk=True,
        priority=4,
        call_id=call.id,
        mailing_id=mailing,
        contact_id=contact.id,
        address=contact.address,
        address_digest=contact.address_digest,
        domain=contact.domain,
        language="en",
        text_id=text.id or 0,
        state=state,
        due_at=make.NOON,
        queued_at=make.NOON,
        **more,
    )
    session.add(mail)
    session.flush()
    return mail


def _people(session: Session, house: House) -> list[Contact]:
    """Six people of three organisations, the last without one."""
    bodies = ("Harbour Lamp", "Harbour Lamp", "Coast Watch", "Coast Watch", "Dune Rescue", "")
    return [
        make.contact(session, house, f"p{number}@lamp.example", organisation=body, name=f"Person {number}")
        for number, body in enumerate(bodies)
    ]


def _play(session: Session, call: Call, people: list[Contact], mails: list[Any], deeds: list[Any]) -> None:
    waves = [
        make.mailing(session, call, MessageKind.INVITATION, occurrence).id or 0 for occurrence in ("", "again")
    ]
    seen: Counter[int] = Counter()
    for number, state, test in mails:
        wave = seen[number]
        if wave < len(waves) and not (wave and _last(session, call, people[number]) is not MessageState.FAILED):
            _mail(session, call, waves[wave], people[number], state, test=test)
            seen[number] += 1
    for number, (what, who, *how) in enumerate(deeds):
        _do(session, call, people[who], number, what, how)
    session.flush()


def _last(session: Session, call: Call, contact: Contact) -> MessageState | None:
    found = make.messages(session, Message.contact_id == contact.id, Message.call_id == call.id)
    return found[-1].state if found and not found[-1].test else None


def _do(session: Session, call: Call, contact: Contact, number: int, what: str, how: list[Any]) -> None:
    if what == "signs":
        kind, state, by_link = how
        make.signature(session, call, contact, kind=kind, state=state, key=f"key {number}", invited=by_link)
    elif what == "replies":
        kind, by = how
        session.add(
            Reply(
                at=make.NOON,
                kind=kind,
                first_kind=kind,
                matched_by=by,
                call_id=call.id,
                contact_id=contact.id,
                organisation_id=contact.organisation_id,
            )
        )
    elif what == "bounces":
        _bounce(session, call, contact, how[0])
    else:
        scope = (call.id or 0) if how[1] else 0
        known = select(Suppression).where(
            Suppression.address_digest == contact.address_digest,
            Suppression.scope == scope,
            Suppression.reason == how[0],
        )
        if session.exec(known).first() is None:
            make.suppression(session, contact, how[0], scope=scope)


def _bounce(session: Session, call: Call, contact: Contact, reason: BounceReason) -> None:
    mails = make.messages(session, Message.contact_id == contact.id)
    if mails and session.exec(select(Bounce).where(Bounce.message_id == mails[0].id)).first() is None:
        reply = Reply(at=make.NOON, kind=ReplyKind.BOUNCE, first_kind=ReplyKind.BOUNCE, call_id=call.id)
        session.add(reply)
        session.flush()
        session.add(
            Bounce(
                message_id=mails[0].id or 0,
                reply_id=reply.id or 0,
                call_id=call.id,
                contact_id=contact.id,
                address_digest=contact.address_digest,
                at=make.NOON,
                reason=reason,
            )
        )
        session.flush()


def _reckoned(session: Session, call: Call, people: list[Contact]) -> dict[str, Standing]:
    """Where each stands, by looking at everything, one person after the other."""
    found = {}
    for contact in people:
        mails = [
            mail
            for mail in make.messages(session, Message.contact_id == contact.id)
            if mail.kind is MessageKind.INVITATION and not mail.test and mail.state not in GONE
        ]
        if mails:
            places = [PLACES.get(mail.state, Standing.ON_ITS_WAY) for mail in mails]
            order = (Standing.SILENT, Standing.ON_ITS_WAY, Standing.NOT_SENT)
            found[contact.address] = _did(session, call, contact) or min(places, key=order.index)
    return found


def _did(session: Session, call: Call, contact: Contact) -> Standing | None:
    bodies = {
        one.organisation_id for one in session.exec(select(Affiliation).where(Affiliation.contact_id == contact.id))
    }
    answers = set()
    for one in session.exec(select(Signature).where(Signature.call_id == call.id)):
        own = one.contact_id == contact.id and one.state is not SignatureState.REJECTED
        vouched = one.state in SURE or (one.state is SignatureState.PENDING and one.invited)
        if own or (one.organisation_id in bodies and vouched):
            stands = one.state in (SignatureState.CONFIRMED, SignatureState.MERGED)
            answers.add(Standing.SIGNED if stands else Standing.ANSWERED)
    for said in session.exec(select(Reply).where(Reply.call_id == call.id)):
        for_body = said.organisation_id in bodies and said.matched_by not in (MatchedBy.SENDER, MatchedBy.NOTHING)
        if said.kind in ENDING and (said.contact_id == contact.id or for_body):
            answers.add(Standing.DECLINED if said.kind is ReplyKind.DECLINES else Standing.ANSWERED)
    for stop in session.exec(select(Suppression).where(Suppression.address_digest == contact.address_digest)):
        if stop.scope in (0, call.id) and stop.reason is not SuppressionReason.HARD_BOUNCE:
            answers.add(Standing.OPTED_OUT)
    for back in session.exec(select(Bounce).where(Bounce.contact_id == contact.id)):
        if back.reason is not BounceReason.DELAYED:
            answers.add(Standing.BOUNCED)
    return next((standing for standing in Standing if standing in answers), None)


def test_the_funnel_is_what_one_counts_person_by_person_and_its_parts_make_up_who_was_invited(
    database: Database,
) -> None:
    house = make.house(database)
    with database.changing() as session:
        _people(session, house)
        make.call(session, house)

    @settings(max_examples=60, suppress_health_check=list(HealthCheck))
    @given(mails=invited, deeds=st.lists(deed, max_size=8))
    def agrees(mails: list[Any], deeds: list[Any]) -> None:
        with database.changing(dry_run=True) as session:
            call = session.exec(select(Call)).one()
            people = list(session.exec(select(Contact).order_by(col(Contact.id))))
            _play(session, call, people, mails, deeds)
            reckoned = _reckoned(session, call, people)

            counted = funnel(session, call)

            assert dict(counted.standings) == dict(Counter(reckoned.values()))
            assert counted.invited == len(reckoned)
            assert counted.replied == sum(counted[one] for one in REPLIED)
            names = [line.address for line in silent(session, call, limit=10).lines]
            assert sorted(names) == sorted(one for one, there in reckoned.items() if there is Standing.SILENT)

    agrees()


def test_a_kept_funnel_is_counted_again_when_somebody_answers_or_a_mail_leaves(database: Database) -> None:
    house, kept = make.house(database), Funnels()
    with database.changing() as session:
        people = _people(session, house)
        call = make.call(session, house)
        mailing = make.mailing(session, call, MessageKind.INVITATION).id or 0
        mails = [_mail(session, call, mailing, one, MessageState.QUEUED) for one in people]
    with database.reading() as session:
        assert kept.of(session, call)[Standing.ON_ITS_WAY] == len(people)
        assert kept.of(session, call) is kept.of(session, call)
    with database.changing() as session:
        session.get_one(Message, mails[5].id).state = MessageState.SENT
    with database.reading() as session:
        assert kept.of(session, call)[Standing.SILENT] == 1
    with database.changing() as session:
        make.signature(session, call, people[5], kind=SignatureKind.INDIVIDUAL)
    with database.reading() as session:
        assert kept.of(session, call)[Standing.SIGNED] == 1


@pytest.mark.parametrize("paused", [False, True])
def test_progress_says_how_fast_mails_leave_and_when_the_last_will_have(
    database: Database, *, paused: bool
) -> None:
    house, pace = make.house(database), Pace(60, 3600, 86400, 60)
    with database.changing() as session:
        people = _people(session, house)
        call = make.call(session, house)
        mailing = make.mailing(session, call, MessageKind.INVITATION).id or 0
        for number, one in enumerate(people[:4]):
            at = make.NOON - timedelta(minutes=2) + timedelta(seconds=number)
            _mail(session, call, mailing, one, MessageState.SENT, settled_at=at)
        for one in people[4:]:
            _mail(session, call, mailing, one, MessageState.QUEUED)
        call.paused_at = make.NOON if paused else None

        found = sending(session, call, now=make.NOON, pace=pace)

    assert found.states == {MessageState.SENT: 4, MessageState.QUEUED: 2}
    assert (found.to_go, found.settled, found.a_minute) == (2, 4, 2.0)
    assert found.ends_at == (None if paused else make.NOON + timedelta(minutes=1))


def test_before_any_mail_has_left_the_settings_say_when_the_last_will_have(database: Database) -> None:
    house = make.house(database)
    with database.changing() as session:
        people = _people(session, house)
        call = make.call(session, house)
        mailing = make.mailing(session, call, MessageKind.INVITATION).id or 0
        for one in people:
            _mail(session, call, mailing, one, MessageState.QUEUED)
        found = sending(session, call, now=make.NOON, pace=Pace(1, 60, 600, 60))
    assert (found.a_minute, found.ends_at) == (None, make.NOON + timedelta(minutes=5))


def test_a_funnel_of_few_is_counted_at_once_and_one_of_many_only_where_nobody_waits(database: Database) -> None:
    house, kept = make.house(database), Funnels()
    with database.changing() as session:
        people = [make.contact(session, house, f"p{number}@lamp.example") for number in range(3)]
        call, _ = make.launched(session, house)
        make.submitted(session)
        assert kept.quickly(session, call) == funnel(session, call)
        make.counted(session, call, FEW)
        assert kept.quickly(session, call) is None
        assert Funnels().about(session, call)[Standing.SILENT] == FEW + 3
        counted = kept.of(session, call)
        assert kept.quickly(session, call) == kept.about(session, call) == counted
        make.signature(session, call, people[0])
        assert kept.quickly(session, call) is None
        assert kept.about(session, call) == counted
        assert kept.of(session, call)[Standing.SIGNED] == 1
