"""Staff bring in a list of signatures: each good row is added, every other one is named with what became of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlmodel import Session, col

from outreach.config.house import House
from outreach.domain.contact_rows import RowProblem, RowProblems
from outreach.domain.errors import Refusal
from outreach.domain.listings import Listing
from outreach.domain.lists.signature_columns import Field, SignatureHeader
from outreach.domain.lists.signature_reports import ImportReport, Tally
from outreach.domain.lists.signature_rows import Reading, SignatureRow, parse_signature
from outreach.domain.names import clean_line, looks_like_address, name_key
from outreach.domain.signatures import Origin, SignatureKind, Visibility, shows_more
from outreach.domain.states import SignatureState
from outreach.store.chunks import in_chunks
from outreach.store.events import record
from outreach.store.tables import Call, Signature
from outreach.usecases.add_signature import TAKES_MORE, Added, add_signature
from outreach.usecases.add_signatures import Given, add_signatures
from outreach.usecases.import_contacts import WHOLE_ROW, Progress, TableRow

FUTURE: Final = "is in the future; see whether day and month, or the time zone, are other than they were read"


@dataclass(frozen=True, slots=True)
class _Import:
    """What is the same for every row."""

    session: Session
    call: Call
    header: SignatureHeader
    reading: Reading
    who: tuple[SignatureKind, ...]
    file: str
    newest: int
    """The number of the newest signature before the first row."""
    at: datetime | None
    receipts: bool
    now: datetime
    house: House
    by: str


def import_signatures(
    session: Session,
    call: Call,
    rows: Iterable[TableRow],
    header: SignatureHeader,
    *,
    file_name: str,
    visibility: Visibility,
    kind: SignatureKind | None = None,
    at: datetime | None = None,
    receipts: bool = False,
    now: datetime,
    house: House,
    by: str,
    progress: Progress | None = None,
) -> ImportReport:
    """Add a confirmed signature for each good row, the file and the row as its evidence; what became of each.

    ``visibility`` is for a file that says none, ``at`` for rows that do not say when they were given. ``kind`` goes
    before what a row seems to be. Whoever has signed already is not added again, so that the same file brings
    nothing new a second time. Nobody is written to, unless ``receipts`` are asked for. Raises Refusal for a call
    that cannot be signed.
    """
    if call.state not in TAKES_MORE:
        raise Refusal(f"The call {call.slug} is {call.state.value}; nobody can sign it now.")
    session.flush()
    one = _Import(
        session=session,
        call=call,
        header=header,
        reading=Reading(visibility, house.time_zone, kind),
        who=Listing.read(call.listing).who,
        file="a file" if looks_like_address(file_name) else clean_line(file_name) or "a file",
        newest=session.execute(sa.select(sa.func.max(col(Signature.id)))).scalar() or 0,
        at=at,
        receipts=receipts,
        now=now,
        house=house,
        by=by,
    )
    tally = Tally(header.place)
    for chunk in in_chunks(rows):
        _take(one, [good for row in chunk if (good := _judged(one, row, tally))], tally)
        tally.rows += len(chunk)
        if progress is not None:
            progress("adding", tally.rows)
    done = tally.report(header.ignored)
    _log(one, done)
    return done


def _judged(one: _Import, row: TableRow, tally: Tally) -> SignatureRow | None:
    """The row, if it can be taken; what is wrong or odd is noted."""
    parsed = _read(one, row)
    if isinstance(parsed, RowProblems):
        tally.findings.refuse(parsed)
        return None
    if row.oddity:
        tally.findings.warn(RowProblem(row.number, WHOLE_ROW, "", row.oddity))
    for warning in parsed.warnings:
        tally.findings.warn(warning)
    return parsed


def _take(one: _Import, rows: Sequence[SignatureRow], tally: Tally) -> None:
    """Add them: at once those of whom nothing is known, the others one after the other."""
    taken: Sequence[Added | None] = [None] * len(rows)
    if not one.receipts:
        many = [Given(row.entry, row.address, _evidence(one, row), row.at or one.at or one.now) for row in rows]
        taken = add_signatures(
            one.session, one.call, many, origin=Origin.IMPORT, now=one.now, house=one.house, by=one.by
        )
    for row, added in zip(rows, taken, strict=True):
        if added is None:
            _take_alone(one, row, tally)
        elif added.known:
            _about_known(one, row, added.signature, tally)
        else:
            _tell_new(row, added.signature, tally)


def _take_alone(one: _Import, row: SignatureRow, tally: Tally) -> None:
    """Add one row, or note why not. A refusal halfway leaves nothing of the row behind."""
    try:
        with one.session.begin_nested():
            added = _added(one, row)
    except Refusal as refusal:
        tally.refuse(row.row, WHOLE_ROW, "", " ".join(refusal.reasons).rstrip("."))
        return
    _tell(one, row, added, tally)


def _read(one: _Import, row: TableRow) -> SignatureRow | RowProblems:
    if row.problem:
        shown = clean_line(" | ".join(row.cells)[:200], 80)
        return RowProblems(row.number, (RowProblem(row.number, WHOLE_ROW, shown, row.problem),))
    parsed = parse_signature(row.number, row.cells, one.header, one.reading)
    if isinstance(parsed, RowProblems):
        return parsed
    if parsed.at is not None and parsed.at > one.now:
        cell = row.cells[one.header.fields[Field.SUBMITTED]]
        return RowProblems(row.number, (RowProblem(row.number, Field.SUBMITTED, clean_line(cell, 80), FUTURE),))
    if parsed.entry.kind not in one.who:
        reason = f"the letter {one.call.slug} is not signed by any {parsed.entry.kind.value}"
        return RowProblems(row.number, (RowProblem(row.number, WHOLE_ROW, "", reason),))
    return parsed


def _added(one: _Import, row: SignatureRow) -> Added:
    return add_signature(
        one.session,
        one.call,
        row.entry,
        origin=Origin.IMPORT,
        evidence=_evidence(one, row),
        address=row.address,
        at=row.at or one.at,
        now=one.now,
        house=one.house,
        by=one.by,
        tell=one.receipts,
    )


def _evidence(one: _Import, row: SignatureRow) -> str:
    place = f"{one.file}, {one.header.place} {row.row}"
    return f"{place}: {row.evidence}" if row.evidence else place


def _tell(one: _Import, row: SignatureRow, added: Added, tally: Tally) -> None:
    """Note what became of a row that was not refused."""
    signature = added.signature
    if added.known:
        _about_known(one, row, signature, tally)
    elif signature.state is SignatureState.MERGED:
        first = one.session.get_one(Signature, signature.merged_into_id or 0)
        tally.know(row.row, f"the organisation has signed already, {_which(one, first)}; it is counted once.")
    elif row.address and (before := _replaced(one.session, signature)):
        tally.know(
            row.row,
            f"the organisation has signed already, {_which(one, before)}; this row comes from its own people "
            "and is the one that counts now.",
        )
    else:
        _tell_new(row, signature, tally)


def _tell_new(row: SignatureRow, signature: Signature, tally: Tally) -> None:
    if signature.state is SignatureState.LATE:
        tally.keep_late(row.row, "it was given after the end of signing, and is kept as late.")
    else:
        tally.add(signature.kind, signature.visibility)


def _about_known(one: _Import, row: SignatureRow, signature: Signature, tally: Tally) -> None:
    """The same signer again. One mailbox with another person's name is none that may be lost in silence."""
    which = _which(one, signature)
    if row.entry.kind is SignatureKind.INDIVIDUAL and name_key(row.entry.name) != name_key(signature.name):
        reason = (
            f"this mailbox has signed already in another name, {which}; a mailbox signs once in its own name. "
            "To take both, leave the address of this row out"
        )
        tally.refuse(row.row, Field.NAME, row.entry.name, reason)
        return
    wish = row.entry.visibility
    said = f"the same signer has signed already, {which}."
    if shows_more(signature.visibility, wish):
        said = f"{said} {_stricter_wish(one, signature, wish, tally)}"
    tally.know(row.row, said)


def _stricter_wish(one: _Import, signature: Signature, wish: Visibility, tally: Tally) -> str:
    """Of two rows of one file the wish by which fewer see the name holds; what stood before, staff change."""
    if (signature.id or 0) > one.newest:
        if signature.state is SignatureState.CONFIRMED:
            tally.show_less(signature.visibility, wish)
        signature.visibility = wish
        one.session.add(signature)
        return f"This row asks for {wish.value}, which holds for both."
    return (
        f"ATTENTION: this row asks for {wish.value}, but the signature is {signature.visibility.value}, and stays "
        f"so. If the row is the newer wish, change signature {signature.id}."
    )


def _which(one: _Import, signature: Signature) -> str:
    """How the person finds it: the earlier row of this file, or the number it has."""
    if (signature.id or 0) > one.newest and signature.evidence.startswith(f"{one.file}, "):
        return f"in {signature.evidence.removeprefix(f'{one.file}, ').partition(':')[0]}"
    state = "" if signature.state is SignatureState.CONFIRMED else f", {signature.state.value}"
    return f"as no. {signature.id}{state}"


def _replaced(session: Session, signature: Signature) -> Signature | None:
    """The signature of the same organisation that was just merged into this one."""
    statement = sa.select(Signature).where(
        col(Signature.organisation_id) == signature.organisation_id,
        col(Signature.letter_id) == signature.letter_id,
        col(Signature.merged_into_id) == signature.id,
    )
    return session.execute(statement).scalars().first() if signature.organisation_id else None


def _log(one: _Import, done: ImportReport) -> None:
    record(
        one.session,
        at=one.now,
        by=one.by,
        verb="import_signatures",
        subject="call",
        subject_id=one.call.id,
        file=one.file,
        rows=done.rows,
        added=done.added,
        late=done.late,
        known=done.known,
        refused=done.refused,
    )
