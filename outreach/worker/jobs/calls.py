"""What is done with a call of many mails: deadline moved, mailing corrected, signing ended, all given up."""

from sqlmodel import Session

from outreach.domain.deadlines import parse_wall_clock
from outreach.domain.kinds import MessageKind
from outreach.domain.tasks import AUTHORISED_BY
from outreach.usecases.cancel_call import cancel_call
from outreach.usecases.close_call import close_call
from outreach.usecases.extend_call import extend_call
from outreach.usecases.issue_erratum import issue_erratum
from outreach.worker.jobs.job import Ending, Finish, Job


def extend(job: Job) -> Finish:
    """Move the ``deadline``, and the ``release`` if one is given: wall-clock times with their zone."""
    deadline, release = parse_wall_clock(job.text("deadline")), job.text("release")

    def finish(session: Session) -> Ending:
        call = job.call(session)
        done = extend_call(
            session,
            call,
            deadline,
            release=parse_wall_clock(release) if release else None,
            now=job.now,
            by=job.by,
            house=job.app.house,
        )
        said = (
            f"The deadline of {call.slug} is {call.deadline} now. Told: {done.told:,}. "
            f"Invited anew: {done.invited:,}. Mails cancelled: {done.cancelled:,}."
        )
        in_time = (f"{done.in_time:,} signatures that had come late are in time now.",) if done.in_time else ()
        figures = {"told": done.told, "invited": done.invited, "cancelled": done.cancelled, "in_time": done.in_time}
        return Ending((said, *in_time), figures=figures, steps=done.told + done.invited + done.cancelled)

    return finish


def erratum(job: Job) -> Finish:
    """Tell those who got what it ``corrects`` of the mistake, in the words of ``text``; hold what waits of it."""

    def finish(session: Session) -> Ending:
        done = issue_erratum(
            session,
            job.call(session),
            job.text("text"),
            corrects=MessageKind(job.text("corrects")),
            now=job.now,
            by=job.by,
            house=job.app.house,
            authorised_by=job.text(AUTHORISED_BY),
        )
        said = (
            f"Told: {done.told:,}. Held: {done.held:,} mails; let them go from the outbox when their text is right."
        )
        return Ending((said,), figures={"told": done.told, "held": done.held}, steps=done.told + done.held)

    return finish


def close(job: Job) -> Finish:
    """End the signing of the call."""

    def finish(session: Session) -> Ending:
        call = job.call(session)
        cancelled = close_call(session, call, now=job.now, by=job.by)
        mails = f"{cancelled:,} mails that still asked for a signature were cancelled."
        said = f"Signing of {call.slug} has ended. {mails}"
        return Ending((said,), figures={"cancelled": cancelled}, steps=cancelled)

    return finish


def cancel(job: Job) -> Finish:
    """Give the call up."""

    def finish(session: Session) -> Ending:
        call = job.call(session)
        cancelled = cancel_call(session, call, now=job.now, by=job.by)
        said = f"{call.slug} is cancelled, and {cancelled:,} mails with it."
        return Ending((said,), figures={"cancelled": cancelled}, steps=cancelled)

    return finish
