"""A follow-up letter, begun from the record of the earlier one."""

from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from outreach.config.house import House
from outreach.domain.audiences import Audience
from outreach.domain.call_files import CallFile, LetterFile, check_slug
from outreach.domain.correspondence import LetterKind
from outreach.domain.deadlines import WallClock, parse_wall_clock
from outreach.domain.errors import Refusal
from outreach.domain.listings import Listing
from outreach.domain.reminders import parse_offset
from outreach.rendering.letters.follow_ups import follow_up_body
from outreach.store.earlier_letters import find_earlier
from outreach.store.tables import Call, Letter, LetterText

WEEKS = 6
"""How far ahead the deadline of the draft lies; the coordinator changes it."""


def follow_up(
    session: Session, earlier: Letter, slug: str, *, deadline: WallClock | None, now: datetime, house: House
) -> CallFile:
    """The files of a call for a letter that follows ``earlier``: same addressee, organisers and languages.

    Who signed the earlier one is invited first, the others three days later. Raises Refusal for a letter that was
    never signed, or only rehearsed; InvalidInput for a name that no letter can have.
    """
    find_earlier(session, earlier.slug, slug)
    call = session.exec(select(Call).where(Call.letter_id == earlier.id).order_by(col(Call.id))).first()
    if call is None or call.launched_at is None:
        raise Refusal(f"Nobody has signed {earlier.slug}; only a letter that went out is followed up.")
    texts = session.exec(
        select(LetterText)
        .where(LetterText.letter_id == earlier.id, LetterText.version == call.letter_version)
        .order_by(col(LetterText.language))
    ).all()
    audience = {**call.audience, "first_signed": [earlier.slug], "others_after": "3d"}
    audience.pop("already_invited", None)
    return CallFile(
        slug=check_slug(slug),
        title=call.title,
        letter="letter",
        default_language=call.default_language,
        languages=tuple(text.language for text in texts),
        organisers=tuple(call.organisers),
        deadline=deadline or _weeks_ahead(now, house),
        release=None,
        reminders=(parse_offset("7d"), parse_offset("2d")),
        last_call=parse_offset("1d"),
        thank_you=True,
        audience=Audience.read(audience),
        background=(),
        listing=Listing.read(call.listing),
        letters={
            text.language: LetterFile(text.title, text.addressee, tuple(text.asks), follow_up_body(text.language))
            for text in texts
        },
        kind=LetterKind.FOLLOW_UP,
        follows=earlier.slug,
        press_contacts=tuple(earlier.press_contacts),
    )


def _weeks_ahead(now: datetime, house: House) -> WallClock:
    day = (now + timedelta(weeks=WEEKS)).date()
    return parse_wall_clock(f"{day.isoformat()} 17:00 {house.time_zone}")
