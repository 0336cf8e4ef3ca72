"""A coordinator makes a call from its files; from then on the call owns its letter and its texts."""

import hashlib
from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session, select

from outreach.config.house import House
from outreach.domain.addresses import address_digest
from outreach.domain.call_files import CallFile, LetterFile, is_written_in
from outreach.domain.errors import InvalidInput, Refusal
from outreach.domain.kinds import KINDS, OWN_KINDS, MessageKind
from outreach.rendering.grammar import check
from outreach.rendering.letters.filling import check_letter
from outreach.store.earlier_letters import find_earlier
from outreach.store.events import record
from outreach.store.tables import Call, CallExclusion, CallText, Letter, LetterText


def create_call(session: Session, file: CallFile, *, now: datetime, by: str, house: House) -> Call:
    """The new call, a draft. Raises Refusal when there is one of that name, InvalidInput when a text is wrong."""
    known = session.exec(select(Call).where(Call.slug == file.slug)).first()
    if known is not None and known.rehearsal:
        _set_aside(session, known, now=now, by=by)
    elif known is not None:
        raise Refusal(f"There is a call {file.slug!r} already; 'outreach calls edit' changes it.")
    check_texts(file)
    letter = Letter(slug=file.slug, created_at=now)
    describe_letter(session, letter, file)
    session.add(letter)
    session.flush()
    add_letter_texts(session, letter, 1, file.letters)
    call = Call(
        slug=file.slug,
        title=file.title,
        letter_id=letter.id or 0,
        default_language=file.default_language,
        deadline=str(file.deadline),
        deadline_at=file.deadline.instant(),
        created_at=now,
    )
    take_over(call, file)
    session.add(call)
    session.flush()
    session.add_all(
        _call_text(call, kind, language, source, now) for (kind, language), source in file.texts.items()
    )
    session.flush()
    exclude(session, call, file.excluded, house)
    record(session, at=now, by=by, verb="create_call", subject="call", subject_id=call.id, texts=len(file.texts))
    return call


def _set_aside(session: Session, rehearsal: Call, *, now: datetime, by: str) -> None:
    """A rehearsal gives its name to the call that is meant, and keeps its own pages and rows under another."""
    letter = session.get_one(Letter, rehearsal.letter_id)
    rehearsal.slug = letter.slug = f"{rehearsal.slug}-rehearsal-{rehearsal.id}"
    session.add_all([rehearsal, letter])
    session.flush()
    record(session, at=now, by=by, verb="set_rehearsal_aside", subject="call", subject_id=rehearsal.id)


def take_over(call: Call, file: CallFile) -> None:
    """Set on the call what its file says, except for its name, its letter and its texts."""
    call.title = file.title
    call.default_language = file.default_language
    call.organisers = list(file.organisers)
    call.background = [dict(item) for item in file.background]
    call.deadline = str(file.deadline)
    call.deadline_at = file.deadline.instant()
    call.release = str(file.release) if file.release else ""
    call.release_at = file.release.instant() if file.release else None
    call.reminders = [str(offset) for offset in file.reminders]
    call.last_call = str(file.last_call) if file.last_call else ""
    call.thank_you = file.thank_you
    call.audience = file.audience.table()
    call.listing = file.listing.table()


def describe_letter(session: Session, letter: Letter, file: CallFile) -> None:
    """Set on the letter what the file says of it besides its text. Refusal if it cannot follow that letter."""
    letter.kind = file.kind
    letter.press_contacts = list(file.press_contacts)
    letter.follows_id = find_earlier(session, file.follows, file.slug).id if file.follows else None
    for slug in file.audience.first_signed:
        find_earlier(session, slug, file.slug)


def check_texts(file: CallFile) -> None:
    """Raises InvalidInput with every problem of every template, and with every template that is missing."""
    problems = [
        f"templates/email/{kind.value}.{language}.md, {problem}"
        for (kind, language), source in sorted(file.texts.items())
        for problem in check(source, kind)
    ]
    problems += _links_missing(file)
    problems += [
        f"{file.letter}.{language}.md, below its front matter, {problem}"
        for language, letter in sorted(file.letters.items())
        for problem in check_letter(letter.body)
    ]
    problems += [
        f"templates/email/{kind.value}.{language}.md: {language!r} is not known; name it with an ISO 639 code."
        for kind, language in sorted(file.texts)
        if not is_written_in(language)
    ]
    problems += [
        f"templates/email/{kind.value}.{file.default_language}.md is missing: every kind needs a text in the "
        f"call's default language."
        for kind in OWN_KINDS
        if (kind, file.default_language) not in file.texts
    ]
    if problems:
        raise InvalidInput(*problems)


def _links_missing(file: CallFile) -> list[str]:
    """Whoever may sign a letter needs a link for it in every mail that asks for a signature."""
    return [
        f"templates/email/{kind.value}.{language}.md: {{{{ links.{signer.value} }}}} is missing; the letter may be "
        f"signed by an {signer.value} ([signatories] who)."
        for (kind, language), source in sorted(file.texts.items())
        for signer in file.listing.who
        if KINDS[kind].asks and f"links.{signer.value}" not in source
    ]


def add_letter_texts(session: Session, letter: Letter, version: int, texts: dict[str, LetterFile]) -> None:
    """Add one version of a letter in all its languages."""
    for language, text in texts.items():
        whole = "\n".join([text.title, text.addressee, *text.asks, text.body])
        session.add(
            LetterText(
                letter_id=letter.id or 0,
                version=version,
                language=language,
                title=text.title,
                addressee=text.addressee,
                asks=list(text.asks),
                body=text.body,
                digest=hashlib.sha256(whole.encode()).hexdigest(),
            )
        )


def add_call_text(
    session: Session, call: Call, kind: MessageKind, language: str, source: str, *, now: datetime
) -> CallText:
    """Add a template to the call, current from now on."""
    text = _call_text(call, kind, language, source, now)
    session.add(text)
    session.flush()
    return text


def _call_text(call: Call, kind: MessageKind, language: str, source: str, now: datetime) -> CallText:
    digest = hashlib.sha256(source.encode()).hexdigest()
    return CallText(
        call_id=call.id or 0, kind=kind, language=language, source=source, digest=digest, created_at=now
    )


def exclude(session: Session, call: Call, keys: Iterable[str], house: House) -> None:
    """Leave these addresses out of the call."""
    digests = {address_digest(key, house.salt) for key in keys}
    known = set(session.exec(select(CallExclusion.address_digest).where(CallExclusion.call_id == call.id)))
    session.add_all(
        CallExclusion(call_id=call.id or 0, address_digest=digest) for digest in sorted(digests - known)
    )
