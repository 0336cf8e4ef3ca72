"""A letter and its officials: delivered to them, or printed for each in one archive."""

from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass

from sqlmodel import Session

from outreach.domain.errors import Busy, InvalidInput, Refusal
from outreach.domain.officials import WAYS_OUT, Way
from outreach.domain.officials.ways import must_lead_out
from outreach.domain.tasks import Step
from outreach.ports.press import Manuscript, PressTrouble, PrintFormat
from outreach.queries.official_letters import deliverable, for_official
from outreach.rendering.archives import pack_into
from outreach.rendering.letters.manuscript import manuscript
from outreach.store.addressees import day_of
from outreach.store.documents import LARGEST_RESULT, content_of, keep_document
from outreach.store.editions import newest_edition
from outreach.store.letters_to_officials import ToOfficial
from outreach.store.tables import Addressee, Edition, Letter
from outreach.usecases.authorise_letter import may_deliver
from outreach.usecases.deliver_letter import Delivered, HeldBack
from outreach.worker.delivering import DeliveryRun, deliver_all, letters_of, letters_to_go
from outreach.worker.jobs.job import Ending, Finish, Job

STAGE = "letters"
ZIP = "application/zip"
PRIVATE = "It names people who must not be named in public: give each letter to its addressee only."


def deliver_letter(job: Job) -> Finish:
    """Release the letter to those officials whose turn it is; what is released stays so, whatever happens then.

    Begun anew after the worker died, it goes on with those to whom the letter has not gone.
    """
    way = _way(job.text("way"))
    with job.app.database.reading() as session:
        letter = job.letter(session)
        what = deliverable(session, letter)
        may_deliver(letter, job.app.house, by=job.by, authorised_by=job.text("authorised_by"))
        to_go = letters_to_go(session, letter, job.texts("posts"), now=job.now, house=job.app.house)
        run = DeliveryRun(way, _form(job), job.text("authorised_by"), now=job.now, by=job.by, house=job.app.house)
        total = len(to_go.ready)
        job.tell(Step(STAGE, 0, total))
        seen_to = _Count(job, total)
        try:
            done = deliver_all(job.app.database, session, job.app.press, what, to_go.ready, run, tell=seen_to.tell)
        except Busy:
            raise
        except Refusal as refusal:
            raise Refusal(*refusal.reasons, *seen_to.sentences()) from refusal
        ending = _delivered(letter, done, to_go.held)
    return lambda _session: ending


@dataclass(slots=True)
class _Count:
    """How many letters have been seen to, when something comes in between."""

    job: Job
    total: int
    count: int = 0

    def tell(self, count: int) -> None:
        self.count = count
        self.job.tell(Step(STAGE, count, self.total))

    def sentences(self) -> tuple[str, ...]:
        if not self.count:
            return ()
        return (f"{self.count:,} letters had been seen to before, which stays so: ask again for the others.",)


def _way(word: str) -> Way | None:
    if not word:
        return None
    if word not in {one.value for one in Way}:
        raise InvalidInput(f'"{word}" is no way to an office: choose one of {", ".join(WAYS_OUT)}.')
    must_lead_out(Way(word))
    return Way(word)


def _form(job: Job) -> PrintFormat:
    return PrintFormat.BOOK if job.says("book") else PrintFormat.PDF


def _delivered(
    letter: Letter, done: list[tuple[ToOfficial, Delivered | HeldBack]], held: list[tuple[str, str]]
) -> Ending:
    out = [outcome for _, outcome in done if isinstance(outcome, Delivered)]
    back = [(one.post, outcome.reason) for one, outcome in done if isinstance(outcome, HeldBack)] + held
    mails = sum(outcome.way is Way.MAIL for outcome in out)
    released = "1 official" if len(out) == 1 else f"{len(out):,} officials"
    said = f"{letter.slug}: released to {released}, {mails:,} by mail and {len(out) - mails:,} on paper."
    figures = {"released": len(out), "mails": mails, "held": len(back)}
    return Ending((said,), tuple(f"{post}: {reason}" for post, reason in back), figures, steps=len(done))


def print_letters(job: Job) -> Finish:
    """The letter to each official as a PDF, all in one archive: as it was released, or as it would be today."""
    path = job.folder / "letters.zip"
    troubles: list[str] = []
    with job.app.database.reading() as session, path.open("wb") as written:
        letter = job.letter(session)
        to = letters_of(session, letter, job.texts("posts"), now=job.now, house=job.app.house)
        if not to:
            raise Refusal(f"{letter.slug} is addressed to none of these officials.")
        with closing(_printed(job, session, letter, to, troubles)) as files:
            pack_into(written, files)
    count = len(to) - len(troubles)
    if not count:
        raise Refusal(*troubles)

    def finish(session: Session) -> Ending:
        name = f"{letter.slug}-letters.zip"
        document = keep_document(
            session, name, ZIP, path.read_bytes(), now=job.now, by=job.by, largest=LARGEST_RESULT
        )
        said = f"{name} holds {count:,} {'letter' if count == 1 else 'letters'}."
        figures = {"letters": count, "held": len(troubles)}
        return Ending((said, PRIVATE), tuple(troubles), figures, result_id=document.id, steps=len(to))

    return finish


def _printed(
    job: Job, session: Session, letter: Letter, to: list[ToOfficial], troubles: list[str]
) -> Generator[tuple[str, bytes], None, None]:
    """Each official's letter with the name of its file; what cannot be printed is noted."""
    went = {one.post: session.get_one(Addressee, one.addressee_id) for one in to}
    new = [one for one in to if not (one.released and went[one.post].document_id)]
    edition = newest_edition(session, letter.id or 0)
    fresh = {one.post for one in new}
    pages = job.app.press.typeset_many((_manuscript(job, session, edition, went, one) for one in new), _form(job))
    for count, one in enumerate(to):
        job.tell(Step(STAGE, count, len(to)))
        content = next(pages) if one.post in fresh else content_of(session, went[one.post].document_id or 0)
        if isinstance(content, PressTrouble):
            troubles.append(f"{one.post}: {content}")
        else:
            yield f"{letter.slug}-{one.post}.pdf", content


def _manuscript(
    job: Job, session: Session, newest: Edition | None, went: dict[str, Addressee], one: ToOfficial
) -> Manuscript:
    addressee = went[one.post]
    edition = session.get(Edition, addressee.edition_id) if one.released and addressee.edition_id else newest
    day = day_of(addressee.released_at if one.released and addressee.released_at else job.now, job.app.house)
    return manuscript(for_official(session, job.call(session), edition, one, day=day, house=job.app.house))
