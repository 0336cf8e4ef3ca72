"""What a letter cites from the record: its official, the letter before it, and the answer that it answers."""

from collections.abc import Callable
from datetime import date

from sqlmodel import Session, col, select

from outreach.config.house import House
from outreach.domain.addressing import Addressed, CitedAnswer, EarlierLetter, Known
from outreach.domain.deadlines import parse_wall_clock
from outreach.domain.states import CallState
from outreach.domain.zones import local_time
from outreach.store.editions import counts_now, counts_of, newest_edition
from outreach.store.officials import addressed_on
from outreach.store.tables import Addressee, Answer, Call, Edition, Letter, LetterText, Post, ResponseLetter


def known_of(
    session: Session, letter: Letter, addressee: Addressee | None, language: str, day: date, *, house: House
) -> Known:
    """What the letter can say on that day; without an addressee the general text, which everybody reads and signs.

    Who has been written to is frozen and stays as he was then. The earlier letter is the one that an official
    answered, for a response, otherwise the one that this one follows; it has an address only once it is public.
    """
    official = _official(session, addressee, language, day) if addressee else None
    return citing(session, letter, house=house)(official, addressee, language)


Citing = Callable[[Addressed | None, Addressee | None, str], Known]
"""What a letter can say to an official, in a language."""


def citing(session: Session, letter: Letter, *, house: House) -> Citing:
    """What the letter can say to one official after another; what it cites to all of them is read once."""
    answer = answer_behind(session, letter)
    cited = _cited(answer) if answer else None

    def known(official: Addressed | None, addressee: Addressee | None, language: str) -> Known:
        return Known(official, _earlier(session, letter, answer, addressee, language, house), cited)

    return known


def answer_behind(session: Session, letter: Letter) -> Answer | None:
    """The official's answer to which the letter is the coalition's response; None for any other letter."""
    return session.exec(
        select(Answer)
        .join(ResponseLetter, col(ResponseLetter.answer_id) == col(Answer.id))
        .where(ResponseLetter.letter_id == letter.id)
    ).first()


def call_of(session: Session, letter: Letter) -> Call | None:
    """The call, or the approval round, that collects or collected the letter's signatures."""
    return session.exec(select(Call).where(Call.letter_id == letter.id).order_by(col(Call.id))).first()


def day_of_letter(
    session: Session, letter: Letter, addressee: Addressee | None = None, *, house: House
) -> date | None:
    """The day of a letter: when it left for that official, otherwise when it was published, as it says itself.

    What left is dated by the workspace's clocks, what was published by its call's. One that was published to nobody
    has the day on which it left for the first official. None while it is not out.
    """
    call = call_of(session, letter)
    if call is None:
        return None
    first = select(Addressee.released_at).where(
        Addressee.letter_id == letter.id, col(Addressee.released_at).is_not(None)
    )
    left = addressee.released_at if addressee else None
    if left is None and call.released_at is None:
        left = session.exec(first.order_by(col(Addressee.released_at))).first()
    if left is not None:
        return local_time(left, house.time_zone).date()
    zone = parse_wall_clock(call.release or call.deadline).zone
    return local_time(call.released_at, zone).date() if call.released_at else None


def _cited(answer: Answer) -> CitedAnswer:
    return CitedAnswer(answer.dated, answer.received_on, answer.sender, answer.subject, answer.reference)


def _official(session: Session, addressee: Addressee, language: str, day: date) -> Addressed:
    if addressee.frozen:
        return Addressed.read(addressee.frozen)
    return addressed_on(session, session.get_one(Post, addressee.post_id), language, day)


def _earlier(
    session: Session,
    letter: Letter,
    answer: Answer | None,
    addressee: Addressee | None,
    language: str,
    house: House,
) -> EarlierLetter | None:
    answered = session.get(Addressee, answer.addressee_id) if answer and answer.addressee_id else None
    number = answered.letter_id if answered else letter.follows_id
    earlier = session.get(Letter, number) if number else None
    call = call_of(session, earlier) if earlier else None
    if earlier is None or call is None:
        return None
    went = answered or _same_office(session, earlier, addressee)
    edition = session.get(Edition, went.edition_id) if went and went.edition_id else None
    edition = edition or newest_edition(session, earlier.id or 0)
    text = _text(session, earlier, edition, [language, call.default_language])
    counts = counts_of(session, edition) if edition else counts_now(session, call)
    public = call.state is CallState.RELEASED
    return EarlierLetter(
        title=text.title if text else call.title,
        addressee=text.addressee if text else "",
        dated=day_of_letter(session, earlier, went, house=house),
        count=counts.all,
        url=f"{house.settings.workspace.base_url}/letters/{call.slug}" if public else "",
    )


def _same_office(session: Session, earlier: Letter, addressee: Addressee | None) -> Addressee | None:
    """The earlier letter as it went to the office to which this one goes."""
    if addressee is None:
        return None
    return session.exec(
        select(Addressee).where(Addressee.letter_id == earlier.id, Addressee.post_id == addressee.post_id)
    ).first()


def _text(session: Session, letter: Letter, edition: Edition | None, languages: list[str]) -> LetterText | None:
    version = edition.letter_version if edition else letter.version
    texts = {
        text.language: text
        for text in session.exec(
            select(LetterText).where(LetterText.letter_id == letter.id, LetterText.version == version)
        )
    }
    return next((texts[language] for language in languages if language in texts), None)
