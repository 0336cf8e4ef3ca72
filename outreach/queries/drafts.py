"""The draft of a letter as its approval round reads it, and who is asked: for those who are asked only."""

from dataclasses import dataclass

from sqlmodel import Session, select

from outreach.config.house import House
from outreach.domain.signatures import Visibility
from outreach.rendering.letters.filling import fill_letter, says_salutation
from outreach.rendering.letters.references import references_of
from outreach.store.addressees import addressees_of, day_of
from outreach.store.editions import counts_now, list_now
from outreach.store.membership import entry_of_member, members_of
from outreach.store.rounds import known_of
from outreach.store.tables import Call, Letter, LetterText


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as it would go out. ``body`` is Markdown, ``lines`` the official's address, () for many."""

    text: LetterText
    body: str
    salutation: str
    references: tuple[str, ...]
    lines: tuple[str, ...]


def draft_of(session: Session, call: Call, text: LetterText, house: House) -> Draft:
    """The draft in the text's language and version.

    A letter to one official reads as it will for that one; one to many as the general text, with all passages. Who
    holds the post is who will when the round ends.
    """
    letter = session.get_one(Letter, call.letter_id)
    officials = addressees_of(session, letter)
    only = officials[0][0] if len(officials) == 1 else None
    known = known_of(session, letter, only, text.language, day_of(call.deadline_at, house), house=house)
    official = known.official
    greets = official is not None and says_salutation(text.body, known)
    return Draft(
        text=text,
        body=fill_letter(text.body, counts_now(session, call), text.language, known),
        salutation=official.salutation if official and not greets else "",
        references=references_of(known, text.language),
        lines=official.lines if official else (),
    )


def text_before(session: Session, call: Call, text: LetterText, version: int) -> LetterText | None:
    """The letter in the same language as it was in an earlier version; None if it was not written in it."""
    return session.exec(
        select(LetterText).where(
            LetterText.letter_id == call.letter_id,
            LetterText.version == version,
            LetterText.language == text.language,
        )
    ).first()


@dataclass(frozen=True, slots=True)
class Company:
    """Whom the members of a round may know of: those whose names the earlier letter showed to everybody.

    ``asked`` are all such members, ``signed`` the lines of those that have approved; the numbers are of the others,
    whom nobody names.
    """

    asked: tuple[str, ...]
    asked_unnamed: int
    signed: tuple[str, ...]
    signed_unnamed: int


def company_of(session: Session, call: Call) -> Company:
    """Who is in the round, as far as its members knew one another before."""
    members = members_of(session, call)
    entries = [entry_of_member(session, member) for member, _ in members]
    asked = tuple(one.name for one in entries if one.visibility is Visibility.PUBLIC)
    signed = list_now(session, call)
    lines = tuple(one.line for one in signed if one.visibility is Visibility.PUBLIC)
    return Company(asked, len(entries) - len(asked), lines, len(signed) - len(lines))
