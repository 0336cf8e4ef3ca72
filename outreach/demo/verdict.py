"""Holds the demo's story against what must come out of it: the ledger, and every promise that was broken."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from outreach.demo.answers import AWAY_FOR
from outreach.demo.cast import SIGNERS, Part
from outreach.demo.people import Act
from outreach.demo.stage import Stage
from outreach.domain.kinds import KINDS, MessageKind
from outreach.domain.replies import ReplyKind
from outreach.domain.signatures import Visibility
from outreach.domain.states import CallState, MessageState, SignatureState
from outreach.store.editions import counts_of, entries_of, is_unchanged, newest_edition
from outreach.store.entries import line_of
from outreach.store.tables import Affiliation, Call, Contact, Message, Reply, Signature

OPTING_OUT = ("one-click", "opt out of this call", Part.OPTS_OUT_BY_REPLY.value)
GO_ON = ("confirm", Part.AWAY.value, Part.ASKS.value)
"""After these a reminder may still come."""
UNDECIDED = (MessageState.QUEUED, MessageState.SENDING, MessageState.DEFERRED, MessageState.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The ledger as counts, and the promises that were broken (none, if the story came out right)."""

    state: str
    invited: int
    signatures: dict[str, int]
    messages: dict[str, dict[str, int]]
    reasons: dict[str, int]
    replies: dict[str, int]
    arrived: int
    opted_out: int
    broken: tuple[str, ...]

    def as_data(self) -> dict[str, Any]:
        """One object for --json."""
        return {**asdict(self), "broken": list(self.broken), "came_out_right": not self.broken}


def judge_story(stage: Stage) -> Verdict:
    """The story's ledger, and what it broke."""
    with stage.app.database.reading() as session:
        call = session.get_one(Call, stage.call.id)
        rows = session.execute(
            sa.select(col(Message.kind), col(Message.state), col(Message.reason), sa.func.count()).group_by(
                col(Message.kind), col(Message.state), col(Message.reason)
            )
        ).all()
        broken = [*_not_final(session), *_mails(stage, call), *_outcomes(stage, session), *_signed(stage, session)]
        broken += [*_colleagues(stage, session), *_replies(stage, session)]
        replies = Counter(row.kind.value for row in session.exec(select(Reply)))
        if call.state is not CallState.RELEASED:
            broken.append(f"the call is {call.state.value}, not released")
        states = Counter(row.state.value for row in session.exec(select(Signature)))
    messages: dict[str, dict[str, int]] = {}
    reasons: Counter[str] = Counter()
    for kind, state, reason, count in rows:
        of_kind = messages.setdefault(kind.value, {})
        of_kind[state.value] = of_kind.get(state.value, 0) + count
        reasons[f"{state.value}: {reason}"] += count
    return Verdict(
        state=call.state.value,
        invited=stage.launched.invitations,
        signatures=dict(states),
        messages=messages,
        reasons=dict(reasons),
        replies=dict(replies),
        arrived=len(stage.world.arrivals),
        opted_out=sum(act.verb in OPTING_OUT for act in stage.people.done),
        broken=tuple(broken),
    )


def _not_final(session: Session) -> list[str]:
    left = session.exec(select(Message).where(col(Message.state).in_(UNDECIDED))).all()
    return [f"message {message.id} to {message.address} is still {message.state.value}" for message in left]


def _mails(stage: Stage, call: Call) -> list[str]:
    """What nobody may ever get: two copies, a mail after opting out, a reminder after signing or the deadline."""
    broken = []
    copies = Counter((arrival.address, arrival.message_id) for arrival in stage.world.arrivals)
    broken += [f"{address} got {count} copies of {mail}" for (address, mail), count in copies.items() if count > 1]
    acted: dict[str, Act] = {}
    for act in stage.people.done:
        if act.verb not in GO_ON:
            acted.setdefault(act.address, act)
    for arrival in stage.world.arrivals:
        kind = MessageKind(arrival.kind) if arrival.kind else None
        last = acted.get(arrival.address)
        if kind is None or not KINDS[kind].asks:
            continue
        if arrival.at >= call.deadline_at:
            broken.append(f"{arrival.address} got a {kind.value} after the deadline")
        if last is not None and last.at < arrival.at:
            broken.append(f"{arrival.address} got a {kind.value} after: {last.verb}")
    return broken


def _outcomes(stage: Stage, session: Session) -> list[str]:
    """Every invitation ended as its server's behaviour demands."""
    expected = {
        Part.NO_SUCH_ADDRESS: (MessageState.FAILED, "person"),
        Part.BLOCKED: (MessageState.FAILED, "policy"),
        Part.NEVER_NOW: (MessageState.FAILED, "gave up"),
    }
    invitations = session.exec(select(Message).where(Message.kind == MessageKind.INVITATION))
    broken = []
    for message in invitations:
        want = expected.get(stage.world.people[message.address].part, (MessageState.SENT, "accepted"))
        if (message.state, message.reason) != want:
            broken.append(
                f"the invitation to {message.address} is {message.state.value} ({message.reason}), "
                f"not {want[0].value} ({want[1]})"
            )
    return broken


def _signed(stage: Stage, session: Session) -> list[str]:
    """Those who sign and confirm are the signatories, and they alone hear of the release."""
    signed = set(
        session.exec(
            select(Contact.address)
            .join(Signature, col(Signature.contact_id) == col(Contact.id))
            .where(col(Signature.confirmed_at).is_not(None))
        )
    )
    meant = {person.address for person in stage.world.people.values() if person.part in SIGNERS}
    broken = list(_listed(session, stage))
    told = {arrival.address for arrival in stage.world.arrivals if arrival.kind == MessageKind.RELEASED}
    if missing := {act.address for act in stage.people.done if act.verb == "confirm"} - signed:
        broken.append(f"confirmed, but not signed: {', '.join(sorted(missing))}")
    if strangers := signed - meant:
        broken.append(f"signed, but never meant to: {', '.join(sorted(strangers))}")
    if told != signed:
        broken.append(f"the release was told to {len(told)} people, but {len(signed)} signed")
    return broken


def _listed(session: Session, stage: Stage) -> Iterator[str]:
    """The newest edition names who signed in public and no one else, and its counts are its own."""
    edition = newest_edition(session, stage.call.letter_id)
    if edition is None:
        yield "nobody signed off the list"
        return
    confirmed = session.exec(select(Signature).where(Signature.state == SignatureState.CONFIRMED)).all()
    public = {line_of(one) for one in confirmed if one.visibility is Visibility.PUBLIC}
    named = {entry.line for entry in entries_of(session, edition) if entry.visibility is Visibility.PUBLIC}
    counts = counts_of(session, edition)
    if named != public:
        yield f"the list names {len(named)}, but {len(public)} signed in public"
    if counts.named != len(named) or counts.all != len(confirmed):
        yield f"edition {edition.number}: {counts.named} of {counts.all}, not {len(named)} of {len(confirmed)}"
    if not is_unchanged(session, edition, stage.app.house.salt):
        yield f"edition {edition.number} is not what was signed off"


def _replies(stage: Stage, session: Session) -> list[str]:
    """Every mail that came back was understood; a dead address gets nothing, who is away no reminder meanwhile."""
    expected = Counter(_KINDS[person.part] for person in stage.world.people.values() if person.part in _KINDS)
    counted = Counter(row.kind for row in session.exec(select(Reply)))
    broken = [
        f"{counted[kind]} replies were taken for {kind.value}, not {count}"
        for kind, count in expected.items()
        if counted[kind] != count
    ]
    for arrival in stage.world.arrivals:
        person = stage.world.people.get(arrival.address)
        asks = arrival.kind in (MessageKind.REMINDER, MessageKind.LAST_CALL)
        if asks and person is not None and person.part is Part.BOUNCES_LATER:
            broken.append(f"{arrival.address} got a {arrival.kind} after it had bounced")
        away = stage.launched_at + AWAY_FOR if person is not None and person.part is Part.AWAY else None
        if asks and away is not None and arrival.at < away:
            broken.append(f"{arrival.address} got a {arrival.kind} while out of office")
    return broken


_KINDS = {
    Part.BOUNCES_LATER: ReplyKind.BOUNCE,
    Part.SIGNS_BY_REPLY: ReplyKind.SIGNS,
    Part.DECLINES: ReplyKind.DECLINES,
    Part.OPTS_OUT_BY_REPLY: ReplyKind.OPT_OUT,
    Part.ASKS: ReplyKind.QUESTION,
    Part.AWAY: ReplyKind.OUT_OF_OFFICE,
}


def _colleagues(stage: Stage, session: Session) -> list[str]:
    """Once an organisation has signed, nobody who speaks for it is asked again."""
    signed = session.execute(
        sa.select(col(Contact.address), sa.func.min(col(Signature.submitted_at)))
        .join(Affiliation, col(Affiliation.contact_id) == col(Contact.id))
        .join(Signature, col(Signature.organisation_id) == col(Affiliation.organisation_id))
        .group_by(col(Contact.address))
    )
    since = {address: at for address, at in signed}  # noqa: C416  a row is no pair to dict()
    asking = [arrival for arrival in stage.world.arrivals if arrival.kind and KINDS[MessageKind(arrival.kind)].asks]
    return [
        f"{arrival.address} got a {arrival.kind} after the organisation had signed"
        for arrival in asking
        if arrival.address in since and arrival.at > since[arrival.address]
    ]
