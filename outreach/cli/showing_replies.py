"""``outreach replies``, the commands that only look: the list, one reply, its source."""

from typing import Annotated

import typer

from outreach.bootstrap import Outreach
from outreach.cli.door import Answer, Desk, in_workspace, reads
from outreach.cli.harmless import harmless
from outreach.cli.options import Limit
from outreach.cli.pages import chapter
from outreach.cli.text import WIDTH, cut, sentences, table, when
from outreach.domain.replies import SURE, ReplyKind
from outreach.domain.states import ReplyState
from outreach.queries import replies as reading
from outreach.store.calls import find_call

app = chapter("What came back: bounces, opt-outs, signatures by mail, questions, officials' answers.")
app.info.no_args_is_help = False

KINDS = ", ".join(ReplyKind)
EMPTY = "Nothing waits for a person. What was done by itself:  outreach replies list --done"
LAST = 10
LONGEST_GREETING = 3


@app.callback(invoke_without_command=True)
def overview(ctx: typer.Context) -> None:
    """What came back: bounces, opt-outs, signatures by mail, questions, officials' answers.

    Without a command: what waits, and what was done last.
    """
    if ctx.invoked_subcommand is None:
        in_workspace(ctx, _overview)


def _overview(opened: Outreach) -> None:
    zone = opened.house.time_zone
    with opened.database.reading() as session:
        waiting = reading.count_waiting(session)
        first = reading.lines(session, limit=LAST)
        last = reading.lines(session, state=ReplyState.DONE, limit=LAST)
    typer.echo(f"Waiting for a person: {waiting:,}\n\n{_table(first, zone, EMPTY)}")
    if waiting > LAST:
        typer.echo(f"... and {waiting - LAST:,} more:  outreach replies list")
    if last:
        typer.echo(f"\nDone, the newest first:\n\n{_table(last, zone, '')}")


def _table(rows: list[reading.ReplyLine], zone: str, empty: str) -> str:
    """Two lines for each: what it is, and below that who wrote what."""
    if not rows:
        return empty
    cells = [(row.id, when(row.at, zone), _kind(row), row.call or row.official or "-") for row in rows]
    head, rule, *lines = table(("NO.", "WHEN", "KIND", "CALL, OR OFFICIAL"), cells, gives_way=3).splitlines()
    pairs = (f"{line}\n{cut(f'     {_who(row)}', WIDTH)}" for line, row in zip(lines, rows, strict=True))
    return "\n".join([head, rule, *pairs])


@reads(app, "list")
def list_replies(
    desk: Desk,
    call: Annotated[str, typer.Option(metavar="CALL", help="Of this call only.")] = "",
    kind: Annotated[ReplyKind | None, typer.Option(metavar="KIND", help=f"Of this kind only: {KINDS}.")] = None,
    done: Annotated[
        bool, typer.Option("--done", help="What is done, the newest first, instead of what waits.")
    ] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="What waits and what is done, the newest first.")
    ] = False,
    limit: Limit = 50,
) -> Answer:
    """What waits for a person, or what was done."""
    state = None if everything else ReplyState.DONE if done else ReplyState.WAITING
    slug = find_call(desk.session, call).slug if call else ""
    rows = reading.lines(desk.session, call=slug, state=state, kind=kind, limit=limit)
    waiting = reading.count_waiting(desk.session)
    empty = EMPTY if state is ReplyState.WAITING else "There is no such reply."
    text = _table(rows, desk.house.time_zone, empty)
    if len(rows) == limit:
        text += f"\n... --limit shows more; {waiting:,} wait in all."
    return Answer({"waiting": waiting, "replies": reading.as_data(rows)}, text)


def _kind(row: reading.ReplyLine) -> str:
    return row.kind if row.confidence >= SURE else f"{row.kind}?"


def _who(row: reading.ReplyLine) -> str:
    """Who wrote, or whose mail came back, and the first words of what matters."""
    who = row.contact if row.kind == ReplyKind.BOUNCE and row.contact else row.sender or "-"
    said = row.note or _first_words(row.text)
    return f"{who}: {said}" if said else who


def _first_words(text: str) -> str:
    """What a text says, without its greeting."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    greeting = len(lines) > 1 and (lines[0].endswith((",", ":", "،")) or len(lines[0].split()) <= LONGEST_GREETING)
    return " ".join(lines[1:] if greeting else lines)[:200]


@reads(app, "show")
def show(
    desk: Desk,
    number: Annotated[int, typer.Argument(metavar="NUMBER", help="The reply's number, as the list shows it.")],
    raw: Annotated[bool, typer.Option("--raw", help="The mail's source, as it arrived.")] = False,
) -> Answer:
    """One reply: what it says, what it is taken for and why.

    And what was done because of it.
    """
    reply = reading.find_reply(desk.session, number)
    if raw:
        source = reading.source_of(desk.session, reply).decode("utf-8", "replace")
        return Answer({"source": source}, harmless(source))
    page = reading.reply_page(desk.session, reply)
    data = {
        **reading.as_data([page.line])[0],
        "subject": page.subject,
        "first_kind": page.first_kind,
        "until": page.until,
        "language": page.language,
        "authenticated": page.authenticated,
        "handled_by": page.handled_by,
        "failure": page.failure,
        "signer": page.signer,
        "guesses": [{"rank": g.rank, "call": g.call, "contact": g.contact, "why": g.why} for g in page.guesses],
        "effects": page.effects,
    }
    return Answer(data, page_text(page, desk.house.time_zone))


def page_text(page: reading.ReplyPage, zone: str) -> str:
    """The reply as a coordinator reads it."""
    line = page.line
    rows = [
        ("From", f"{line.sender or '-'}{' (authentic)' if page.authenticated else ''}"),
        ("When", f"{when(line.at, zone)} {zone}" + ("" if line.channel == "mail" else f", by {line.channel}")),
        ("Subject", page.subject),
        ("Call", line.call or ("" if line.official else "not placed yet")),
        ("Official", line.official),
        (
            "Contact",
            f"{line.contact}{f', {line.organisation}' if line.organisation else ''}" if line.contact else "",
        ),
        ("Known by", line.matched_by),
        ("Kind", f"{line.kind} ({line.rule}, {line.confidence:.0%} sure)"),
        ("At first", page.first_kind if page.first_kind != line.kind else ""),
        ("Until", str(page.until or "")),
        ("Why", _failure(page)),
        ("State", line.state + (f", seen to by {page.handled_by}" if page.handled_by else "")),
    ]
    parts = ["\n".join(sentences(f"{name:<9} {text}", then=" " * 10) for name, text in rows if text)]
    if line.note:
        parts.append(sentences(line.note))
    if page.effects:
        parts.append("\n".join(["Because of it:", *(f"- {one}" for one in page.effects)]))
    if line.text:
        parts.append("\n".join(f"  {harmless(one)}" for one in line.text.splitlines()))
    if page.guesses:
        parts.append(_guesses(page))
    return "\n\n".join(parts)


def _failure(page: reading.ReplyPage) -> str:
    if not page.failure:
        return ""
    said = f"{page.failure['reason']} {page.failure['status']}".strip()
    return f"{said}: {page.failure['diagnostic']}" if page.failure["diagnostic"] else said


def _guesses(page: reading.ReplyPage) -> str:
    rows = [(one.rank, one.call, one.contact or "-", one.why) for one in page.guesses]
    accept = f"To accept the first:  outreach replies place {page.line.id} --guess 1"
    return f"{table(('GUESS', 'CALL', 'CONTACT', 'WHY'), rows)}\n\n{accept}"
