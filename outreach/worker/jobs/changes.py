"""Changes of a call that is under way, to which a second person has consented."""

from dataclasses import replace
from typing import Any

from sqlmodel import Session

from outreach.domain.call_files import LetterFile
from outreach.domain.errors import Refusal
from outreach.domain.kinds import MessageKind
from outreach.domain.tasks import AUTHORISED_BY
from outreach.store.calls import export_call
from outreach.usecases.amend_letter import amend_letter
from outreach.usecases.edit_call import edit_call
from outreach.worker.jobs.job import Ending, Finish, Job

CHANGED_SINCE = "It was changed since this was proposed; look at it as it is now, and propose it anew."


def amend(job: Job) -> Finish:
    """Make the proposed ``letters`` the next version of the letter, if it is still in the ``version`` of then."""

    def finish(session: Session) -> Ending:
        call = job.call(session)
        if str(call.letter_version) != job.text("version"):
            raise Refusal(CHANGED_SINCE)
        letters = {language: _letter(text) for language, text in (job.task.given.get("letters") or {}).items()}
        done = amend_letter(
            session,
            call,
            replace(export_call(session, call), letters=letters),
            substance=job.text("substance"),
            now=job.now,
            by=job.by,
            house=job.app.house,
            authorised_by=job.text(AUTHORISED_BY),
        )
        said = f"This is version {done.version} of the letter of {call.slug} now. Asked again: {done.asked:,}."
        return Ending((said,), figures={"version": done.version, "asked": done.asked}, steps=done.asked)

    return finish


def _letter(text: dict[str, Any]) -> LetterFile:
    return LetterFile(text["title"], text["addressee"], tuple(text["asks"]), text["body"])


def edit_mail(job: Job) -> Finish:
    """Give a mail of the call its new ``text``, if it still says what it said ``before``."""

    def finish(session: Session) -> Ending:
        call = job.call(session)
        file, key = export_call(session, call), (MessageKind(job.text("kind")), job.text("language"))
        if file.texts.get(key) != job.text("before"):
            raise Refusal(CHANGED_SINCE)
        done = edit_call(
            session,
            call,
            replace(file, texts={**file.texts, key: job.text("text")}),
            now=job.now,
            by=job.by,
            house=job.app.house,
            authorised_by=job.text(AUTHORISED_BY),
        )
        said = f"The mail of {call.slug} has its new text; {done.messages:,} that wait go with it."
        return Ending((said,), figures={"texts": done.texts, "messages": done.messages}, steps=done.messages)

    return finish
