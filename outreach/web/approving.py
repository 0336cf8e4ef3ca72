"""The page of a round's personal link: the draft, what has changed in it, and an organisation's answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from fastapi import Response
from markupsafe import Markup
from sqlmodel import Session

from outreach.domain.correspondence import DraftAnswer
from outreach.domain.entries import printed_line
from outreach.domain.names import clean_text
from outreach.domain.rounds import COMMENT_LIMIT, NEEDS_COMMENT
from outreach.domain.signatures import Visibility
from outreach.domain.states import CallState
from outreach.queries.drafts import company_of, draft_of, text_before
from outreach.rendering.letters.differences import Piece, differences
from outreach.rendering.letters.tree import letter_tokens
from outreach.rendering.markdown import html_of
from outreach.rendering.moments import say_moment
from outreach.store.editions import is_signed_off
from outreach.store.membership import entry_of_member, members_asked_by, newest_answer, signature_of_member
from outreach.store.tables import Letter, Organisation, RoundMember
from outreach.usecases.answer_draft import DraftChanged, RoundOver, answer_draft
from outreach.usecases.change_signature import LIVE
from outreach.web.desk import Desk
from outreach.web.facts import facts_for
from outreach.web.own_entry import own_path
from outreach.web.showing import notice, show
from outreach.web.subjects import Subject, can_be_signed, is_late
from outreach.web.unsignable import not_open
from outreach.web.words import Words


@dataclass(frozen=True, slots=True)
class Said:
    """What was posted for one organisation, and what of it cannot be taken, in words."""

    organisation_id: int = 0
    answer: str = ""
    comment: str = ""
    answer_fault: str = ""
    comment_fault: str = ""
    news: str = ""

    @property
    def faulty(self) -> bool:
        """Whether something must be filled in otherwise."""
        return bool(self.answer_fault or self.comment_fault)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnAnswer:
    """One organisation's part of the page: as what it would sign, what it has said, and its form."""

    number: int
    organisation: str
    line: str
    shown: str
    answer: str
    comment: str
    so_far: str
    said: str
    said_comment: str
    outdated: bool
    own: str
    fault: Said = field(default_factory=Said)


UNSAID = Said()
_DIGITS = 10
"""No letter has versions with so many digits."""


def draft_page(session: Session, subject: Subject, desk: Desk) -> Response:
    """The draft for whom the link was made; changes nothing."""
    return _refused(session, subject, desk, code=200) or _page(session, subject, desk, UNSAID)


def draft_answered(session: Session, subject: Subject, desk: Desk, posted: Mapping[str, str]) -> Response:
    """Keep the answer of one organisation, and show the page again with what has become of it."""
    refused = _refused(session, subject, desk, code=409)
    if refused is not None:
        return refused
    member = _meant(session, subject, posted)
    if member is None:
        return _page(session, subject, desk, Said(news=subject.words.round.not_yours), code=409)
    said = _read(posted, member, subject.words)
    if said.faulty:
        return _page(session, subject, desk, said, code=422)
    done = answer_draft(
        session,
        subject.call,
        member,
        DraftAnswer(said.answer),
        said.comment,
        contact=subject.contact,
        version=_version(posted.get("version", "")),
        now=desk.outreach.clock.now(),
        by=f"contact {subject.contact.id}",
        house=desk.house,
    )
    words = subject.words.round
    if isinstance(done, RoundOver):
        return _page(session, subject, desk, Said(news=words.over), code=409)
    if isinstance(done, DraftChanged):
        return _page(session, subject, desk, Said(news=words.changed_meanwhile), code=409)
    if not done.repeated:
        desk.on_change()
    return _page(session, subject, desk, Said(news=words.kept_late if done.late else words.kept))


def _refused(session: Session, subject: Subject, desk: Desk, *, code: int) -> Response | None:
    call, words = subject.call, subject.words
    if not can_be_signed(call) and call.state is not CallState.RELEASED:
        return not_open(call, call.state, words, desk, code=code)
    if not members_asked_by(session, call, subject.contact.id or 0):
        text = words.round.not_asked
        return notice(words, desk.house, words.over_title, text, code=code, rehearsal=call.rehearsal)
    return None


def _meant(session: Session, subject: Subject, posted: Mapping[str, str]) -> RoundMember | None:
    """The organisation that answers, of those that the link was made for; None if it does not say which of them.

    A form that was open while an organisation was given another contact answers for nobody else in its place.
    """
    members = members_asked_by(session, subject.call, subject.contact.id or 0)
    if "organisation" in posted:
        members = [one for one in members if str(one.organisation_id) == posted["organisation"]]
    return members[0] if len(members) == 1 else None


def _version(posted: str) -> int:
    """The draft that was looked at; 0, which none is, for what our form does not post."""
    return int(posted) if posted.isdecimal() and len(posted) < _DIGITS else 0


def _read(posted: Mapping[str, str], member: RoundMember, words: Words) -> Said:
    answer = posted.get("answer", "")
    comment = clean_text(posted.get("comment", ""), COMMENT_LIMIT + 1)
    known = answer in {one.value for one in DraftAnswer}
    fault = ""
    if known and DraftAnswer(answer) in NEEDS_COMMENT and not comment:
        fault = words.round.write_comment
    elif len(comment) > COMMENT_LIMIT:
        fault = words.round.too_long
    return Said(member.organisation_id, answer, comment, "" if known else words.round.choose, fault)


def _page(session: Session, subject: Subject, desk: Desk, said: Said, *, code: int = 200) -> Response:
    call, words, now = subject.call, subject.words, desk.outreach.clock.now()
    members = members_asked_by(session, call, subject.contact.id or 0)
    draft = draft_of(session, call, subject.letter, desk.house)
    over = not can_be_signed(call) or is_signed_off(session, call)
    return show(
        "approve",
        words,
        desk.house,
        code=code,
        rehearsal=call.rehearsal,
        facts=facts_for(subject, now, zone=subject.contact.time_zone),
        draft=draft,
        body=Markup(html_of(letter_tokens(draft.body))),  # noqa: S704  raw HTML is off in our Markdown
        changes=_changes(session, subject, members, draft.body, desk),
        company=company_of(session, call),
        answers=[_own(session, subject, member, desk, said) for member in members],
        version=call.letter_version,
        news=said.news,
        faulty=said.faulty,
        over=over,
        late=not over and is_late(call, now),
        choices=_choices(words),
    )


def _choices(words: Words) -> list[tuple[str, str]]:
    texts = words.round
    return [
        (DraftAnswer.APPROVES.value, texts.approves),
        (DraftAnswer.APPROVES_WITH_COMMENT.value, texts.approves_with_comment),
        (DraftAnswer.ASKS_FOR_CHANGE.value, texts.asks_for_change),
        (DraftAnswer.DECLINES.value, texts.declines),
    ]


def _changes(
    session: Session, subject: Subject, members: list[RoundMember], body: str, desk: Desk
) -> list[tuple[Piece, ...]]:
    """What has changed since the draft that these organisations answered last; since the first for the silent."""
    answers = [newest_answer(session, member) for member in members]
    version = min(one.letter_version if one else 1 for one in answers)
    before = text_before(session, subject.call, subject.letter, version)
    if before is None or version >= subject.call.letter_version:
        return []
    then = draft_of(session, subject.call, before, desk.house)
    heads = (f"{before.title}\n\n{before.addressee}", f"{subject.letter.title}\n\n{subject.letter.addressee}")
    return [*differences(*heads), *differences(then.body, body)]


def _own(session: Session, subject: Subject, member: RoundMember, desk: Desk, said: Said) -> OwnAnswer:
    words, last = subject.words, newest_answer(session, member)
    signature, entry = signature_of_member(session, member), entry_of_member(session, member)
    substance = session.get_one(Letter, subject.call.letter_id).substance
    mine = said if said.organisation_id == member.organisation_id else UNSAID
    zone = subject.contact.time_zone or desk.house.time_zone
    return OwnAnswer(
        number=member.organisation_id,
        organisation=session.get_one(Organisation, member.organisation_id).name,
        line=printed_line(entry),
        shown={
            Visibility.PUBLIC: words.own.shown_public,
            Visibility.ADDRESSEE: words.own.shown_addressee,
            Visibility.COUNTED: words.own.shown_counted,
        }[entry.visibility],
        answer=mine.answer,
        comment=mine.comment,
        so_far=words.round.so_far.format(moment=say_moment(last.at, zone, words.language)) if last else "",
        said=dict(_choices(words))[last.answer.value] if last else "",
        said_comment=last.comment if last else "",
        outdated=last is not None and last.letter_version < substance,
        own=own_path(signature, desk) if signature is not None and signature.state in LIVE else "",
        fault=mine,
    )
