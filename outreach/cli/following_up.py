"""``outreach letters``: the next letter on the same matter, and publishing what was in confidence."""

from pathlib import Path
from typing import Annotated

import typer

from outreach.cli.door import Answer, Desk, changes, only_shown, reads
from outreach.cli.letters import app
from outreach.cli.official_letters import LetterName
from outreach.cli.options import Yes
from outreach.cli.text import people
from outreach.domain.deadlines import parse_wall_clock
from outreach.domain.errors import Refusal
from outreach.queries.follow_ups import follow_up
from outreach.queries.official_letters import round_of
from outreach.store.addressees import find_letter
from outreach.usecases.release_call import release_call


@reads(app, "follow-up")
def begin_follow_up(
    desk: Desk,
    letter: LetterName,
    slug: Annotated[str, typer.Option(metavar="NAME", help="The short name of the new letter.")],
    output: Annotated[Path, typer.Option(metavar="FOLDER", help="Where its files are written.")],
    deadline: Annotated[
        str, typer.Option(metavar="TIME", help='Such as "2027-06-01 17:00 Europe/Brussels"; in six weeks if none.')
    ] = "",
) -> Answer:
    """Begin a letter that follows an earlier one.

    Its files cite its day and count from the record; who signed it is invited first, the others later.
    """
    from outreach.adapters.call_files import write_call

    earlier = find_letter(desk.session, letter)
    file = follow_up(
        desk.session,
        earlier,
        slug,
        deadline=parse_wall_clock(deadline) if deadline else None,
        now=desk.now,
        house=desk.house,
    )
    if (output / f"{file.slug}.toml").exists():
        raise Refusal(f"{output} holds a call of that name already; name another folder.")
    path = write_call(file, output)
    lines = [
        f"{path} and the letter beside it are written; {earlier.slug} is cited from the record.",
        "Write on where it says “write it here”, then:",
        f"  outreach calls create {path}",
    ]
    return Answer({"file": str(path), "follows": earlier.slug, "languages": list(file.languages)}, "\n".join(lines))


@changes(app, "publish")
def publish(desk: Desk, letter: LetterName, yes: Yes = False) -> Answer:
    """Publish a letter that was in confidence.

    Its page shows it with those who are named in public; all who signed are told.
    """
    found = find_letter(desk.session, letter)
    call = round_of(desk.session, found)
    told = release_call(desk.session, call, now=desk.now, by=desk.by, house=desk.house)
    address = f"{desk.house.settings.workspace.base_url}/letters/{call.slug}"
    data = {"letter": found.slug, "told": told, "url": address}
    if not yes and not desk.dry_run:
        would = (
            f"This would publish {found.slug} with its list at {address}, and tell {people(told)} who signed it."
        )
        return only_shown(data, would, f"outreach letters publish {found.slug}")
    return Answer({**data, "done": True}, f"Published: {address}; {people(told)} told.")
