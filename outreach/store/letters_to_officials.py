"""One letter as each of its officials gets it: in which language, what it says of them, what holds it back."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, select

from outreach.config.house import House
from outreach.domain.addressing import Addressed, Known
from outreach.domain.letter_blockers import LetterFacts, letter_blockers
from outreach.domain.states import AddresseeState
from outreach.rendering.letters.filling import missing_in
from outreach.store.addressees import addressees_of
from outreach.store.officials import AboutPost, about_posts, addressed_as
from outreach.store.rounds import Citing, citing
from outreach.store.tables import Addressee, Call, Edition, Letter, LetterText, Post


@dataclass(frozen=True, slots=True)
class ToOfficial:
    """A letter to one official.

    ``known`` is what it may say: of the record as it is, or as it was frozen once it was released to them.
    ``problems`` hold it back. ``holder_now`` is who holds the post now, if somebody else than it was released to.
    """

    addressee_id: int
    post: str
    state: AddresseeState
    text: LetterText
    known: Known
    problems: tuple[str, ...]
    released: bool
    holder_now: str = ""

    @property
    def official(self) -> Addressed:
        """Whom the letter is addressed to, as it says it."""
        if self.known.official is None:
            raise ValueError("a letter to an official knows the official")
        return self.known.official


def letters_to_officials(
    session: Session,
    letter: Letter,
    call: Call,
    edition: Edition | None,
    *,
    day: date,
    posts: Collection[str] = (),
    house: House,
    anew: bool = False,
) -> list[ToOfficial]:
    """The letter to each of its officials, or to those of ``posts``, in the order of the posts' names.

    ``anew``: what came back unread is addressed by the record of today, whatever was frozen.
    """
    version = edition.letter_version if edition else call.letter_version
    texts = {
        text.language: text
        for text in session.exec(
            select(LetterText).where(LetterText.letter_id == letter.id, LetterText.version == version)
        )
    }
    found = [(to, post) for to, post in addressees_of(session, letter) if not posts or post.slug in posts]
    about = about_posts(session, [post for _, post in found], day)
    cited = citing(session, letter, house=house)
    return [
        _to(
            addressee, post, about[post.id or 0], _in_a_language_of(post, texts, call), cited, day, texts, anew=anew
        )
        for addressee, post in found
    ]


def _to(
    addressee: Addressee,
    post: Post,
    about: AboutPost,
    text: LetterText,
    cited: Citing,
    day: date,
    texts: dict[str, LetterText],
    *,
    anew: bool,
) -> ToOfficial:
    now = addressed_as(post, about, text.language)
    if addressee.frozen and not anew:
        then = Addressed.read(addressee.frozen)
        text = texts.get(then.language, text)
        changed = now.name if (then.name, then.title) != (now.name, now.title) else ""
        known, problems = cited(then, addressee, text.language), ()
        return ToOfficial(
            addressee.id or 0, post.slug, addressee.state, text, known, problems, released=True, holder_now=changed
        )
    known = cited(now, addressee, text.language)
    facts = _facts(post, about, now, known, text, day)
    return ToOfficial(
        addressee.id or 0, post.slug, addressee.state, text, known, tuple(letter_blockers(facts)), released=False
    )


def _in_a_language_of(post: Post, texts: dict[str, LetterText], call: Call) -> LetterText:
    """The letter in the first of the post's languages in which it is written, otherwise in the call's own."""
    first = next((language for language in post.languages if language in texts), call.default_language)
    return texts[first]


def _facts(post: Post, about: AboutPost, now: Addressed, known: Known, text: LetterText, day: date) -> LetterFacts:
    others = [
        (holder.until, holder.id or 0, holder.name)
        for holder in about.holders
        if holder.id != now.holder_id and holder.until is not None and holder.until < day
    ]
    others.sort(reverse=True)
    return LetterFacts(
        now,
        post_closed=post.closed_at is not None,
        last_holder=others[0][2] if others else "",
        until=others[0][0] if others else None,
        former=tuple(name for _, _, name in others),
        missing=tuple(missing_in(text.body, known)) if now.holder_id else (),
    )
