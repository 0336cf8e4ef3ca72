"""The list of a call: signed off, released, and the letter with it written in a format."""

from sqlmodel import Session

from outreach.domain.editions import CopyKind
from outreach.domain.errors import InvalidInput
from outreach.domain.tasks import Step
from outreach.queries.publications import find_edition, publication
from outreach.store.documents import keep_document
from outreach.store.editions import FOR_ADDRESSEE, copy_went_out
from outreach.usecases import release_call
from outreach.usecases import sign_off as sign_off_verb
from outreach.usecases.render_letter import LetterFormat, written_as
from outreach.worker.jobs.job import Ending, Finish, Job

MEDIA_TYPES = {
    LetterFormat.HTML: "text/html",
    LetterFormat.PDF: "application/pdf",
    LetterFormat.BOOK: "application/pdf",
    LetterFormat.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    LetterFormat.ODT: "application/vnd.oasis.opendocument.text",
    LetterFormat.MD: "text/markdown",
    LetterFormat.TXT: "text/plain",
    LetterFormat.CSV: "text/csv",
    LetterFormat.JSON: "application/json",
}


def sign_off(job: Job) -> Finish:
    """Freeze the list of the call as the next edition."""

    def finish(session: Session) -> Ending:
        done = sign_off_verb.sign_off(
            session, job.call(session), now=job.now, by=job.by, house=job.app.house, reason=job.text("reason")
        )
        counts = done.counts
        said = (
            f"Edition {done.edition.number} is signed off: {counts.named:,} named, {counts.unnamed:,} more counted."
        )
        waiting = (
            (f"{done.waiting:,} signatures that nobody has decided about are not in it.",) if done.waiting else ()
        )
        figures = {"edition": done.edition.number, "named": counts.named, "unnamed": counts.unnamed}
        return Ending((said, *waiting), figures={**figures, "waiting": done.waiting}, steps=counts.all)

    return finish


def release(job: Job) -> Finish:
    """Release the closed call, and tell those who signed."""

    def finish(session: Session) -> Ending:
        call = job.call(session)
        told = release_call.release_call(session, call, now=job.now, by=job.by, house=job.app.house)
        return Ending((f"{call.slug} is released. Told of it: {told:,}.",), figures={"told": told}, steps=told)

    return finish


def render_letter(job: Job) -> Finish:
    """The letter with its list in one ``format``: printed first, then kept, and noted as a copy that went out."""
    form, number = _format(job.text("format") or LetterFormat.PDF.value), job.text("edition")
    for_addressee = job.says("for_addressee")
    job.tell(Step("letters", 0, 1))
    with job.app.database.reading() as session:
        call = job.call(session)
        slug = call.slug
        edition = find_edition(session, call, int(number) if number.isdecimal() else 0)
        shown = publication(
            session,
            call,
            house=job.app.house,
            language=job.text("language"),
            edition=edition,
            for_addressee=for_addressee,
        )
    content = written_as(shown, form, job.app.press)

    def finish(session: Session) -> Ending:
        ending = "pdf" if form is LetterFormat.BOOK else form.value
        name = f"{slug}{f'-edition-{edition.number}' if edition else '-draft'}.{ending}"
        document = keep_document(session, name, MEDIA_TYPES[form], content, now=job.now, by=job.by)
        if edition is not None:
            detail = f"{form.value}{f', {FOR_ADDRESSEE}' if for_addressee else ''}"
            copy_went_out(session, edition, CopyKind.FILE, detail=detail, by=job.by, now=job.now)
        private = ("It names people who must not be named in public: give it to the addressee only.",)
        said = f"{name} is ready: {shown.counts.named:,} named, {shown.counts.unnamed:,} more counted."
        return Ending((said, *(private if for_addressee else ())), result_id=document.id, steps=1)

    return finish


def _format(word: str) -> LetterFormat:
    if word not in {one.value for one in LetterFormat}:
        raise InvalidInput(f'"{word}" is no format: choose one of {", ".join(LetterFormat)}.')
    return LetterFormat(word)
