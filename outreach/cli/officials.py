"""``outreach officials``: the register of posts, who holds them, and what is known of States."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated, Any

import typer

from outreach.cli.door import Answer, Desk, changes
from outreach.cli.lists import REFUSALS_SHOWN, Columns, columns_of, progress
from outreach.cli.showing_officials import PostName, app
from outreach.cli.text import sentences
from outreach.domain.contact_rows import RowProblems
from outreach.domain.errors import InvalidInput
from outreach.domain.officials import WAYS_OUT
from outreach.domain.officials.cells import Cells, read_day
from outreach.domain.officials.columns import Columns as Places
from outreach.domain.officials.columns import FactField, Field, Spoken, official_field
from outreach.domain.officials.fact_rows import FactRow, fact_name, parse_fact
from outreach.domain.officials.posts import read_details, refuse
from outreach.domain.officials.reports import ImportedFacts, ImportedOfficials
from outreach.domain.officials.rows import holder_in
from outreach.domain.places import country_code
from outreach.store.addressees import day_of
from outreach.store.officials import find_institution, find_post
from outreach.usecases.change_holder import HolderChange, change_holder
from outreach.usecases.close_post import close_post
from outreach.usecases.edit_official import edit_official
from outreach.usecases.record_fact import record_fact
from outreach.usecases.remove_fact import remove_fact
from outreach.usecases.reopen_post import reopen_post

__all__ = ["app"]

TableToRead = Annotated[Path, typer.Argument(metavar="FILE", help="A table: CSV or XLSX.")]
Said = Annotated[list[str] | None, typer.Option(metavar="LANG=WORDS", help="In a language; may be repeated.")]
WAYS = ", ".join(WAYS_OUT)


def _text(what: str, metavar: str = "WORDS") -> Any:
    return typer.Option(metavar=metavar, help=what)


@changes(app, "import")
def import_table(desk: Desk, file: TableToRead, columns: Columns = None) -> Answer:
    """Take in posts and who holds them.

    Good rows go in, every other one is named with its reason. Somebody new in a post ends the term of whoever held
    it before.
    """
    from outreach.adapters.official_files import read_officials
    from outreach.usecases.import_officials import import_officials

    found = read_officials(file, columns_of(columns))
    with progress(found.expected_rows) as bar:
        done = import_officials(
            desk.session,
            found.rows,
            found.columns,
            now=desk.now,
            by=desk.by,
            house=desk.house,
            source_file=file.name,
            progress=bar,
        )
    return _imported(done, found.notices)


@changes(app, "facts")
def import_facts_table(desk: Desk, file: TableToRead, columns: Columns = None) -> Answer:
    """Take in facts about States and institutions.

    Each with the day since when it is so; a fact that is known otherwise is changed, and named.
    """
    from outreach.adapters.official_files import read_facts
    from outreach.usecases.import_facts import import_facts

    found = read_facts(file, columns_of(columns))
    with progress(found.expected_rows) as bar:
        done = import_facts(
            desk.session,
            found.rows,
            found.columns,
            now=desk.now,
            by=desk.by,
            house=desk.house,
            source_file=file.name,
            progress=bar,
        )
    return _imported(done, found.notices, [str(one) for one in done.changes])


def _imported(
    done: ImportedOfficials | ImportedFacts, notices: Sequence[str], changed: Sequence[str] = ()
) -> Answer:
    refused = list(done.refused_lines())
    lines = [sentences(one) for one in (*notices, *done.sentences())]
    lines += [
        sentences(one, before="  ", then="    ") for one in (*changed[:REFUSALS_SHOWN], *refused[:REFUSALS_SHOWN])
    ]
    if max(len(refused), len(changed)) > REFUSALS_SHOWN:
        lines.append("  ... --json lists more of them.")
    return Answer({**asdict(done), "notices": notices}, "\n".join(lines))


@changes(app, "holder")
def holder(
    desk: Desk,
    post: PostName,
    name: Annotated[str, typer.Option(metavar="NAME", help="Who holds the post.")],
    since: Annotated[str, typer.Option("--from", metavar="DAY", help="Since when, as 2026-03-01.")] = "",
    until: Annotated[str, typer.Option(metavar="DAY", help="Until when, as 2027-02-28.")] = "",
    stays: Annotated[bool, typer.Option("--stays", help="No end is known, whatever was noted.")] = False,
    title: Said = None,
    form_of_address: Said = None,
    salutation: Said = None,
) -> Answer:
    """Say who holds a post, since when.

    Somebody new, somebody who leaves, or words for who is known. Whoever held it before ends the day before.
    Letters that have gone keep the name that they bear.
    """
    given = {Field.NAME.value: name, Field.FROM.value: since, Field.UNTIL.value: until}
    for spoken, pairs in (
        (Spoken.TITLE, title),
        (Spoken.FORM_OF_ADDRESS, form_of_address),
        (Spoken.SALUTATION, salutation),
    ):
        given |= dict(_said(spoken, pair) for pair in pairs or ())
    cells, places = _cells(desk, given)
    said = holder_in(cells, places)
    refuse(cells, _OPTIONS)
    if said is None:
        raise InvalidInput("--name is empty: say who holds the post.")
    if stays and until:
        raise InvalidInput("Say one of --until and --stays.")
    kept = find_post(desk.session, post)
    done = change_holder(desk.session, kept, replace(said, stays=stays), now=desk.now, by=desk.by)
    data = {"post": post, "holder": done.holder.id, "added": done.added, "ended": [one.id for one in done.ended]}
    odd = [f"{one.field} {one.reason}." for one in cells.warnings]
    return Answer(data, "\n".join(map(sentences, [*_changed(post, done), *odd])))


def _changed(post: str, done: HolderChange) -> Iterator[str]:
    one = done.holder
    days = "".join((f" from {one.since}" if one.since else "", f" until {one.until}" if one.until else ""))
    what = f"holds {post}{days}"
    yield (
        f"{one.name} {what}." if done.added or done.changed else f"Nothing is other than before: {one.name} {what}."
    )
    for ended in done.ended:
        yield f"{ended.name} held it until {ended.until}."


def _said(spoken: Spoken, pair: str) -> tuple[str, str]:
    """The field and the words that LANG=WORDS names."""
    language, sign, words = pair.partition("=")
    field = official_field(f"{spoken.value}.{language.strip()}") if sign else ""
    if not field:
        option = f"--{spoken.value.replace('_', '-')}"
        raise InvalidInput(
            f'{option} "{pair}" is not understood: write LANGUAGE=WORDS, for example en="Excellency,".'
        )
    return field, words


def _cells(desk: Desk, given: Mapping[str, str]) -> tuple[Cells, Places]:
    places = Places({field: place for place, field in enumerate(given)})
    return Cells(0, tuple(given.values()), places.places, day_of(desk.now, desk.house)), places


_OPTIONS = {field.value: f"--{field.value.replace('_', '-')}" for field in Field}
"""What a field is called here."""


@changes(app, "edit")
def edit(
    desk: Desk,
    post: PostName,
    office: Annotated[str | None, _text("The office's name.")] = None,
    institution: Annotated[str | None, _text("Where the office is.")] = None,
    state: Annotated[str | None, _text("For which State it speaks: code or name.", "STATE")] = None,
    languages: Annotated[str | None, _text("To write to it in, the first choice first: es;en.")] = None,
    channels: Annotated[str | None, _text(f"Ways there, the first choice first: {WAYS}.", "WAYS")] = None,
    email: Annotated[str | None, _text("Its mail address.", "ADDRESS")] = None,
    postal_address: Annotated[str | None, _text('Lines, with " | " between them.', "LINES")] = None,
    fax: Annotated[str | None, _text("Its number.", "NUMBER")] = None,
    form: Annotated[str | None, _text("The form on its web page.", "URL")] = None,
    copies_to: Annotated[str | None, _text("Who gets a copy of each letter.", "ADDRESSES")] = None,
    source: Annotated[str | None, _text("Where you know this from.")] = None,
    note: Annotated[str | None, _text("For yourselves.")] = None,
) -> Answer:
    """Correct what is known of a post; "" empties a field."""
    values = (office, institution, state, languages, channels, email, postal_address, fax, form, copies_to)
    fields = [field for field in Field if field not in (Field.POST, Field.NAME, Field.FROM, Field.UNTIL)]
    given = {
        field.value: value
        for field, value in zip(fields, (*values, source, note), strict=True)
        if value is not None
    }
    if not given:
        raise InvalidInput(
            "Say what is to be corrected, for example --email; 'outreach officials edit -h' lists it."
        )
    cells, _ = _cells(desk, given)
    details = read_details(given, cells)
    refuse(cells, _OPTIONS)
    kept = find_post(desk.session, post)
    columns = edit_official(desk.session, kept, details, now=desk.now, by=desk.by, house=desk.house)
    told = f"{post}: {len(columns)} changed." if columns else f"{post} is as it was."
    return Answer({"post": post, "changed": columns}, told)


@changes(app, "close")
def close(desk: Desk, post: PostName) -> Answer:
    """Say that a post exists no more.

    No new letter is addressed to it; what was exchanged with it stays.
    """
    close_post(desk.session, find_post(desk.session, post), now=desk.now, by=desk.by)
    return Answer({"post": post, "closed": True}, f"{post} is closed: no new letter is addressed to it.")


@changes(app, "reopen")
def reopen(desk: Desk, post: PostName) -> Answer:
    """Open a closed post again."""
    reopen_post(desk.session, find_post(desk.session, post), now=desk.now, by=desk.by)
    return Answer({"post": post, "closed": False}, f"{post} is open.")


@changes(app, "fact")
def fact(
    desk: Desk,
    whom: Annotated[str, typer.Argument(metavar="STATE", help="A State by code or name, or an institution.")],
    name: Annotated[str, typer.Argument(metavar="FACT", help="Its name in letters: facts.NAME.")],
    value: Annotated[str, typer.Argument(metavar="[VALUE]", help="yes, no, or words.")] = "",
    on: Annotated[str, typer.Option("--date", metavar="DAY", help="Since when it is so, as 2026-03-01.")] = "",
    source: Annotated[str, _text("Where you know it from.")] = "",
    remove: Annotated[bool, typer.Option("--remove", help="It was a mistake: it is known no more.")] = False,
) -> Answer:
    """Note what is so of a State, and since when.

    Letters ask for it: has it ratified?
    """
    state, institution = _about(desk, whom)
    if remove:
        return _removed(desk, state, institution, name, on)
    given = {
        FactField.STATE.value: state,
        FactField.INSTITUTION.value: institution,
        FactField.FACT.value: name,
        FactField.VALUE.value: value,
        FactField.DATE.value: on,
        FactField.SOURCE.value: source,
    }
    places = {field: place for place, field in enumerate(given)}
    said = parse_fact(0, tuple(given.values()), Places(places), day_of(desk.now, desk.house))
    if isinstance(said, RowProblems):
        raise InvalidInput(*(f"{_FACT_WORDS.get(one.field, 'STATE')} {one.reason}." for one in said.problems))
    return _noted(desk, said)


_FACT_WORDS = {"state": "STATE", "fact": "FACT", "value": "VALUE", "date": "--date", "source": "--source"}


def _about(desk: Desk, whom: str) -> tuple[str, str]:
    """The code of the State that is meant, or the institution."""
    code = country_code(whom)
    return (code, "") if code else ("", find_institution(desk.session, whom))


def _noted(desk: Desk, said: FactRow) -> Answer:
    kept, before = record_fact(desk.session, said, now=desk.now, by=desk.by)
    whom = kept.state or kept.institution
    other = f" It was {before!r} before." if before and before != kept.value else ""
    text = f"{whom}: {kept.name} is {kept.value!r} since {kept.since}.{other}"
    data = {"fact": kept.id, "name": kept.name, "value": kept.value, "since": kept.since, "before": before}
    return Answer(data, sentences(text))


def _removed(desk: Desk, state: str, institution: str, name: str, on: str) -> Answer:
    since = read_day(on, today=day_of(desk.now, desk.house))
    gone = remove_fact(
        desk.session,
        state=state,
        institution=institution,
        name=fact_name(name),
        since=since,
        now=desk.now,
        by=desk.by,
    )
    text = f"{state or institution}: {name} since {since} ({gone.value!r}) is known no more."
    return Answer({"fact": gone.id, "removed": True}, sentences(text))
