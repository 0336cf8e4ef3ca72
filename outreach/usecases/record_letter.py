"""Staff record a letter that went out before this tool was used, with its list, so that later ones can cite it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice

from sqlmodel import Session, or_, select

from outreach.config.house import House
from outreach.domain.addressing import Addressed
from outreach.domain.call_files import LetterFile, check_slug, is_written_in
from outreach.domain.correspondence import LetterKind
from outreach.domain.deadlines import WallClock
from outreach.domain.editions import CopyKind
from outreach.domain.errors import InvalidInput, Refusal
from outreach.domain.file_values import one_line
from outreach.domain.listings import Listing
from outreach.domain.lists.signature_columns import SignatureHeader
from outreach.domain.lists.signature_reports import ImportReport
from outreach.domain.officials import WAYS_OUT, Way
from outreach.domain.signatures import SignatureKind, Visibility
from outreach.domain.states import CALL_MOVES, AddresseeState, CallState, move
from outreach.domain.zones import local_time
from outreach.rendering.letters.filling import check_letter
from outreach.store.editions import FOR_ADDRESSEE, copy_went_out
from outreach.store.events import record
from outreach.store.past_holders import addressed_then
from outreach.store.tables import Addressee, Call, Delivery, Edition, Letter, Post
from outreach.usecases.create_call import add_letter_texts
from outreach.usecases.import_contacts import Progress, TableRow
from outreach.usecases.import_signatures import import_signatures
from outreach.usecases.sign_off import sign_off

KINDS = (LetterKind.OPEN, LetterKind.PRIVATE)
REFUSALS_SHOWN = 20
END_OF_DAY = time(23, 59)
"""Nobody noted the hour: whatever was signed on the day of the letter was signed in time."""


@dataclass(frozen=True, slots=True)
class SignedBy:
    """The list below the letter: the rows of a file. ``visibility`` and ``kind`` are as for any import."""

    rows: Iterable[TableRow]
    header: SignatureHeader
    file_name: str
    visibility: Visibility = Visibility.PUBLIC
    kind: SignatureKind | None = None


@dataclass(frozen=True, slots=True)
class WrittenTo:
    """A post that got the letter, how, and whom it named there, for a day on which nobody is on record."""

    post: Post
    way: Way
    name: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Recorded:
    """The letter's call and edition, what became of each row of the list, and the posts where nobody is named."""

    call: Call
    edition: Edition
    signatures: ImportReport
    unnamed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Day:
    """The day of the letter, by the clocks of its zone."""

    date: date
    clock: WallClock
    left: datetime
    """When it left for its officials, by the workspace's clocks, as every delivery is dated."""

    @property
    def moment(self) -> datetime:
        return self.clock.instant()


def record_letter(
    session: Session,
    letters: Mapping[str, LetterFile],
    *,
    slug: str,
    dated: date,
    zone: str,
    organisers: Sequence[str],
    names: SignedBy,
    officials: Sequence[WrittenTo] = (),
    kind: LetterKind = LetterKind.OPEN,
    published: bool = True,
    now: datetime,
    by: str,
    house: House,
    progress: Progress | None = None,
) -> Recorded:
    """The letter and its call, over since that day, with edition 1 of its list; nobody is written to.

    The first language is the call's own. ``officials`` got it that day. One that is not ``published``
    stays in confidence, which only a private letter can. Raises Refusal when there is a letter of that name, or the
    register knows another holder; InvalidInput when a text, the day, or any row of the list is wrong: what is cited
    later as the count of this letter must be all of it.
    """
    noon = WallClock(datetime.combine(dated, time(12)), house.time_zone).instant()
    day = _Day(dated, WallClock(datetime.combine(dated, END_OF_DAY), zone), noon)
    if dated >= local_time(now, zone).date():
        raise InvalidInput(
            f"{dated} is not over; what is not yet signed is a call: 'outreach calls create' makes it."
        )
    _can_be(session, slug, kind, officials, published=published)
    _is_well_written(letters)
    call = _letter_and_call(session, letters, slug, day, kind, organisers, now=now, house=house)
    signatures = _signed(session, call, names, day, now=now, by=by, house=house, progress=progress)
    said = f"recorded on {local_time(now, zone).date()}"
    edition = sign_off(session, call, now=day.moment, by=by, house=house, reason=said).edition
    unnamed = [
        one.post.slug
        for one in officials
        if not _delivered(session, call, edition, one, day, letters, now=now, by=by).name
    ]
    if published:
        _publish(session, call, edition, day, now=now, by=by)
    record(
        session,
        at=now,
        by=by,
        verb="record_letter",
        subject="letter",
        subject_id=call.letter_id,
        dated=dated.isoformat(),
        published=published,
        posts=[one.post.id for one in officials],
    )
    session.flush()
    return Recorded(call, edition, signatures, tuple(unnamed))


def _can_be(
    session: Session, slug: str, kind: LetterKind, officials: Sequence[WrittenTo], *, published: bool
) -> None:
    check_slug(slug)
    taken = select(Letter.id).outerjoin(Call, Call.letter_id == Letter.id)  # type: ignore[arg-type]
    if session.exec(taken.where(or_(Letter.slug == slug, Call.slug == slug))).first() is not None:
        raise Refusal(f"There is a letter {slug!r} already; --slug gives this one another name.")
    if kind not in KINDS:
        raise InvalidInput(f"A letter from before is recorded as {' or '.join(KINDS)}, not as {kind.value}.")
    if not published and kind is not LetterKind.PRIVATE:
        raise InvalidInput("Only a private letter can stay in confidence.")
    if not published and not officials:
        raise Refusal("Say which officials got the private letter (--official POST), or that it is --published.")
    if any(one.way not in WAYS_OUT for one in officials):
        raise InvalidInput(f"No letter goes to an official by that way; there are: {', '.join(WAYS_OUT)}.")
    slugs = [one.post.slug for one in officials]
    if twice := sorted({one for one in slugs if slugs.count(one) > 1}):
        raise InvalidInput(f"Named twice: {', '.join(twice)}. Each office got the letter once.")


def _is_well_written(letters: Mapping[str, LetterFile]) -> None:
    problems = [f"{language}: {one}" for language, text in letters.items() for one in check_letter(text.body)]
    problems += [
        f"{one!r} is not known; name a language by its ISO 639 code." for one in letters if not is_written_in(one)
    ]
    if problems:
        raise InvalidInput(*problems)


def _letter_and_call(
    session: Session,
    letters: Mapping[str, LetterFile],
    slug: str,
    day: _Day,
    kind: LetterKind,
    organisers: Sequence[str],
    *,
    now: datetime,
    house: House,
) -> Call:
    """A call that is over, without any mail: nothing was planned here, and nothing will be."""
    letter = Letter(slug=slug, kind=kind, created_at=now)
    session.add(letter)
    session.flush()
    add_letter_texts(session, letter, 1, dict(letters))
    language = next(iter(letters))
    call = Call(
        slug=slug,
        title=letters[language].title,
        letter_id=letter.id or 0,
        state=CallState.CLOSED,
        default_language=language,
        organisers=[one_line("organiser", one) for one in organisers] or [house.settings.workspace.name],
        deadline=str(day.clock),
        deadline_at=day.moment,
        thank_you=False,
        listing=Listing().table(),
        created_at=now,
        launched_at=day.moment,
        closed_at=day.moment,
    )
    session.add(call)
    session.flush()
    return call


def _signed(
    session: Session,
    call: Call,
    names: SignedBy,
    day: _Day,
    *,
    now: datetime,
    by: str,
    house: House,
    progress: Progress | None,
) -> ImportReport:
    """What became of each row. InvalidInput if any was refused: half a list would be cited as the whole."""
    done = import_signatures(
        session,
        call,
        names.rows,
        names.header,
        file_name=names.file_name,
        visibility=names.visibility,
        kind=names.kind,
        at=day.moment,
        now=now,
        house=house,
        by=by,
        progress=progress,
    )
    if done.refused:
        shown = list(islice(done.refused_lines(), REFUSALS_SHOWN))
        raise InvalidInput(
            *shown, f"Nothing was recorded: {done.refused} of {done.rows} rows cannot be read. Mend the list."
        )
    return done


def _delivered(
    session: Session,
    call: Call,
    edition: Edition,
    to: WrittenTo,
    day: _Day,
    letters: Mapping[str, LetterFile],
    *,
    now: datetime,
    by: str,
) -> Addressed:
    """The official as the letter of that day said it; nothing is due from an office after so long."""
    language = next((one for one in to.post.languages if one in letters), call.default_language)
    official = addressed_then(session, to.post, language, day.date, name=to.name, title=to.title)
    addressee = Addressee(
        letter_id=call.letter_id,
        post_id=to.post.id or 0,
        state=AddresseeState.DELIVERED,
        language=language,
        frozen=official.table(),
        edition_id=edition.id,
        added_by=by,
        added_at=now,
        released_at=day.left,
        sent_at=day.left,
        delivered_at=day.left,
    )
    session.add(addressee)
    session.flush()
    session.add(
        Delivery(addressee_id=addressee.id or 0, edition_id=edition.id, way=to.way, by=by, at=now, on=day.date)
    )
    detail = f"{to.post.slug}, {FOR_ADDRESSEE}"
    copy_went_out(session, edition, CopyKind.DELIVERY, detail=detail, by=by, now=day.left)
    return official


def _publish(session: Session, call: Call, edition: Edition, day: _Day, *, now: datetime, by: str) -> None:
    """It was out since that day; its page here shows it from now on."""
    call.state = move(call.state, CallState.RELEASED, CALL_MOVES)
    call.release, call.release_at, call.released_at = str(day.clock), day.moment, day.moment
    session.add(call)
    copy_went_out(session, edition, CopyKind.PAGE, detail=f"/letters/{call.slug}", by=by, now=now)
