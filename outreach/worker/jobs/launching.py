"""The launch of a call to more people than a page has time for."""

from sqlmodel import Session

from outreach.domain.errors import Refusal
from outreach.store.launch_requests import draft_digest
from outreach.usecases.consent_to_launch import consent_to_launch
from outreach.usecases.launch_call import launch_call
from outreach.worker.jobs.job import Ending, Finish, Job


def launch(job: Job) -> Finish:
    """Launch the ``draft`` that was looked at; where a second person must consent, as the one who does."""

    def finish(session: Session) -> Ending:
        call, house = job.call(session), job.app.house
        if job.text("draft") != draft_digest(session, call):
            raise Refusal(f"The draft of {call.slug} was changed after this was asked for; look at it once more.")
        verb = consent_to_launch if house.settings.workspace.second_person else launch_call
        done = verb(session, call, now=job.now, by=job.by, house=house)
        said = f"{call.slug} is launched: {done.invitations:,} invitations are queued."
        return Ending((said,), figures={"invitations": done.invitations}, steps=done.invitations)

    return finish
