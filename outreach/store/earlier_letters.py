"""Finds the earlier letters that a letter follows up, or whose signatories are asked first."""

from difflib import get_close_matches

from sqlmodel import Session, col, select

from outreach.domain.errors import Refusal
from outreach.store.tables import Call, Letter


def find_earlier(session: Session, slug: str, later: str = "") -> Letter:
    """The letter of that slug, for the letter ``later`` to follow.

    Raises Refusal naming near ones if there is none, for a letter that would follow itself, and for one that was
    only rehearsed: what was signed there does not count.
    """
    if slug == later:
        raise Refusal(f"{slug} cannot follow itself; name the earlier letter.")
    letter = session.exec(select(Letter).where(Letter.slug == slug)).first()
    if letter is None:
        slugs = session.exec(select(Letter.slug).where(Letter.slug != later).order_by(Letter.slug)).all()
        close = get_close_matches(slug, slugs, n=1)
        there = (
            f"There are: {', '.join(slugs[:20])}." if slugs else "There is none; 'letters record' brings one in."
        )
        raise Refusal(f"There is no letter {slug!r}. {f'Did you mean {close[0]}?' if close else there}")
    if session.exec(select(Call.id).where(Call.letter_id == letter.id, col(Call.rehearsal))).first() is not None:
        why = "what was signed there does not count, so no letter can follow it."
        raise Refusal(f"{slug} was only rehearsed: {why}")
    return letter
