"""The coalition's response to an official's answer, as the draft of a letter and of the round that approves it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from outreach.config.house import House
from outreach.domain.audiences import Audience
from outreach.domain.call_files import CallFile, LetterFile, check_slug
from outreach.domain.correspondence import LetterKind
from outreach.domain.deadlines import WallClock
from outreach.domain.errors import Refusal
from outreach.domain.kinds import MessageKind
from outreach.domain.listings import Listing
from outreach.domain.reminders import Offset
from outreach.domain.signatures import SignatureKind
from outreach.store.events import record
from outreach.store.rounds import call_of
from outreach.store.tables import Addressee, Answer, Call, Letter, Post, ResponseLetter
from outreach.usecases.address_letter import address_letter
from outreach.usecases.create_call import create_call
from outreach.usecases.open_round import Opened, open_round


@dataclass(frozen=True, slots=True)
class Responding:
    """The drafts: a letter with the round of its name, and whom that will ask."""

    call: Call
    round: Opened


def respond_to(
    session: Session,
    answer: Answer,
    *,
    slug: str,
    letters: Mapping[str, LetterFile],
    texts: Mapping[tuple[MessageKind, str], str],
    deadline: WallClock,
    reminders: Sequence[Offset] = (),
    last_call: Offset | None = None,
    only: Sequence[str | int] = (),
    without: Sequence[str] = (),
    now: datetime,
    by: str,
    house: House,
) -> Responding:
    """Draft the response: a letter to the answer's post, and a round that asks those who signed what it answers.

    ``letters`` is the text by language, the first one the round's own; ``texts`` are the round's mails. It is
    published only when somebody decides so. Raises Refusal when nobody knows which letter the answer answers, or
    when there is a letter of that name; InvalidInput for a text that cannot be.
    """
    earlier, before = _answered(session, answer)
    first = next(iter(letters))
    file = CallFile(
        slug=check_slug(slug),
        title=letters[first].title,
        letter="letter",
        default_language=first,
        languages=tuple(letters),
        organisers=tuple(before.organisers),
        deadline=deadline,
        release=None,
        reminders=tuple(reminders),
        last_call=last_call,
        thank_you=True,
        audience=Audience(),
        background=(),
        listing=Listing(who=(SignatureKind.ORGANISATION,)),
        letters=dict(letters),
        texts=dict(texts),
        kind=LetterKind.RESPONSE,
    )
    call = create_call(session, file, now=now, by=by, house=house)
    letter = session.get_one(Letter, call.letter_id)
    session.add(ResponseLetter(letter_id=call.letter_id, answer_id=answer.id or 0))
    address_letter(session, letter, [session.get_one(Post, answer.post_id)], now=now, by=by)
    record(session, at=now, by=by, verb="respond_to", subject="letter", subject_id=letter.id, answer=answer.id or 0)
    opened = open_round(session, call, earlier, only=only, without=without, now=now, by=by, house=house)
    return Responding(call, opened)


def _answered(session: Session, answer: Answer) -> tuple[Letter, Call]:
    """The letter that was answered, and how it was signed."""
    addressee = session.get(Addressee, answer.addressee_id) if answer.addressee_id else None
    letter = session.get(Letter, addressee.letter_id) if addressee else None
    call = call_of(session, letter) if letter else None
    if letter is None or call is None:
        raise Refusal(
            f"Nobody has said which letter answer {answer.id} answers; "
            f"'outreach correspondence correct {answer.id}' does."
        )
    return letter, call
