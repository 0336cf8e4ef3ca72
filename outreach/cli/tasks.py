"""``outreach tasks``: long work that people asked for in the console."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from outreach.cli.door import Answer, Desk, reads
from outreach.cli.files import write_file
from outreach.cli.lists import REFUSALS_SHOWN, Replace
from outreach.cli.options import Limit
from outreach.cli.pages import chapter
from outreach.cli.text import sentences, table, when
from outreach.domain.errors import Refusal
from outreach.domain.tasks import TaskState
from outreach.queries.tasks import TaskLine, all_tasks, find_task
from outreach.store.documents import content_of

app = chapter("Long work that people asked for in the console: how far it is.")


@reads(app, "list")
def list_tasks(desk: Desk, limit: Limit = 50) -> Answer:
    """What the worker was asked to do, the newest first."""
    zone = desk.house.time_zone
    found = all_tasks(desk.session, limit=limit)
    rows = [
        (one.id, one.verb.value, one.call or "-", one.state.value, when(one.asked_at, zone), _how_far(one))
        for one in found
    ]
    text = table(("NO.", "WHAT", "CALL", "STATE", "ASKED", "HOW FAR"), rows, empty="Nobody has asked for anything.")
    return Answer([_data(one) for one in found], text)


@reads(app, "show")
def show(
    desk: Desk,
    number: Annotated[int, typer.Argument(metavar="NUMBER", min=1, help="The task's number.")],
    output: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the file that came of it here.")
    ] = None,
    replace: Replace = False,
) -> Answer:
    """One task: how far it is, what came of it, and why not."""
    task = find_task(desk.session, number)
    if task is None:
        raise Refusal(f"There is no task {number}; 'outreach tasks list' shows them.")
    if output is not None:
        if task.file is None:
            raise Refusal(f"No file came of task {number}, or it is not kept any more.")
        write_file(output, content_of(desk.session, task.file.document_id), replace=replace)
    zone = desk.house.time_zone
    facts = (
        ("What", task.verb.value + (" (dry run)" if task.dry_run else "")),
        ("Call", task.call),
        ("From", task.source),
        ("Asked", f"{when(task.asked_at, zone)} by {task.asked_by}"),
        ("State", f"{task.state.value} {_how_far(task)}".strip()),
        ("Ended", when(task.ended_at, zone) if task.ended_at else ""),
        ("File", f"{task.file.name} ({task.file.size:,} bytes)" if task.file else ""),
    )
    lines = [f"{name + ':':<8} {value}" for name, value in facts if value]
    lines += [sentences(one) for one in task.sentences]
    lines += [sentences(one, before="  ", then="    ") for one in task.refused[:REFUSALS_SHOWN]]
    if len(task.refused) > REFUSALS_SHOWN:
        lines.append("  ... --json lists more of them.")
    return Answer(_data(task), "\n".join(lines))


def _how_far(task: TaskLine) -> str:
    if task.position:
        return f"no. {task.position} in the queue"
    if task.state is not TaskState.RUNNING:
        return ""
    step = task.step
    return f"{step.stage}: {step.done:,}" + (f" of {step.total:,}" if step.total else "") if step.stage else "begun"


def _data(task: TaskLine) -> dict[str, Any]:
    return {**asdict(task), "over": task.is_over}
