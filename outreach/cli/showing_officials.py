"""``outreach officials``, the commands that only show: the register, one post, and all of it as a table."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Annotated

import typer

from outreach.cli.door import Answer, Desk, reads
from outreach.cli.lists import Replace, TableFile, write_table
from outreach.cli.options import Limit
from outreach.cli.pages import chapter
from outreach.cli.text import sentences, table
from outreach.queries.officials import FactLine, HolderLine, PostCard, PostLine, list_officials, post_card
from outreach.store.addressees import day_of
from outreach.store.officials import find_post

app = chapter("Whom letters are addressed to: posts, who holds them, and facts about States.")

PostName = Annotated[str, typer.Argument(metavar="POST", help="The post's short name.")]
States = Annotated[
    list[str] | None,
    typer.Option("--state", metavar="STATE", help="Of this State, by code or name; may be repeated."),
]
Institutions = Annotated[
    list[str] | None,
    typer.Option("--institution", metavar="WORDS", help="With these words in its institution; may be repeated."),
]


@reads(app, "list")
def list_posts(
    desk: Desk,
    state: States = None,
    institution: Institutions = None,
    wrong: Annotated[bool, typer.Option("--wrong", help="Only those to which no letter can go.")] = False,
    closed: Annotated[bool, typer.Option("--closed", help="Those that exist no more as well.")] = False,
    limit: Limit = 1000,
) -> Answer:
    """The posts, who holds each today, and what is wrong with it."""
    found = list_officials(
        desk.session,
        states=state or (),
        institutions=institution or (),
        wrong=wrong,
        closed=closed,
        day=day_of(desk.now, desk.house),
        limit=limit,
    )
    rows = [
        (
            one.slug,
            one.holder or "-",
            " ".join(one.languages),
            " ".join(one.ways),
            "closed" if one.closed else "; ".join(one.wrong),
        )
        for one in found.posts
    ]
    empty = "No post is like that." if state or institution or wrong else "There is no post yet."
    lines = [table(("POST", "HOLDER", "IN", "BY", "WRONG"), rows, empty=empty, gives_way=1)]
    if more := found.found - len(found.posts):
        lines.append(f"... and {more:,} more; --limit shows them.")
    return Answer(asdict(found), "\n".join(lines))


@reads(app, "show")
def show(desk: Desk, post: PostName) -> Answer:
    """One post: who holds it, and what is known.

    How it is reached and addressed, who held it and when, and the facts about its State and institution.
    """
    card = post_card(desk.session, find_post(desk.session, post), day=day_of(desk.now, desk.house))
    return Answer(asdict(card), "\n".join(_card(card)))


@reads(app, "export")
def export(
    desk: Desk,
    file: TableFile,
    facts: Annotated[
        bool, typer.Option("--facts", help="The facts about States and institutions instead.")
    ] = False,
    replace: Replace = False,
) -> Answer:
    """Write all of it to a table that can be imported again.

    The posts and everybody who held them; with --facts, what is known of States and institutions. Closed posts are
    left out. It holds personal data: keep it safe.
    """
    from outreach.queries.export_officials import fact_rows, official_rows

    header, rows = fact_rows(desk.session) if facts else official_rows(desk.session)
    count = write_table(file, header, rows, replace=replace)
    return Answer({"file": str(file), "rows": count}, f"{count:,} rows written to {file}.")


def _card(card: PostCard) -> Iterator[str]:
    post = card.line
    yield from (
        sentences(value, before=f"{name + ':':<14} ", then=" " * 15)
        for name, value in _facts_of_post(card, post)
        if value
    )
    yield "\nAddressed as"
    yield from (f"  {line}" for line in card.lines)
    yield "\nHolders"
    if not any(one.now for one in card.holders):
        yield "  nobody today: the post is vacant"
    for one in card.holders:
        yield from _holder(one)
    if card.facts:
        yield ""
        yield table(("FACT", "OF", "SINCE", "", "VALUE"), [_fact(one) for one in card.facts])
    yield sentences(f"Letters and answers:  outreach correspondence thread {post.slug}", before="\n")


def _facts_of_post(card: PostCard, post: PostLine) -> Iterator[tuple[str, str]]:
    yield "Post", post.slug + (" (closed)" if post.closed else "")
    yield "Office", post.office
    yield "Institution", post.institution
    yield "State", f"{card.state_name} ({post.state})" if post.state else ""
    yield "Languages", ", ".join(post.languages)
    yield "Ways", ", ".join(post.ways)
    yield "Mail", card.address
    yield "Copies to", ", ".join(card.copies_to)
    yield "Fax", card.fax
    yield "Form", card.form
    yield "Note", card.note
    yield "Source", card.source
    yield "Wrong", "; ".join(post.wrong)


def _holder(one: HolderLine) -> Iterator[str]:
    yield f"  {span(one)}  {one.name}{'  (today)' if one.now else ''}"
    for what, words in (("title", one.title), ("address", one.form_of_address), ("salutation", one.salutation)):
        if words:
            yield sentences(in_words(words), before=f"      {what + ':':<12}", then=" " * 18)


def span(one: HolderLine) -> str:
    """From when to when somebody holds a post, as wide as two days are."""
    since, until = one.since.isoformat() if one.since else "", one.until.isoformat() if one.until else ""
    return f"{since or '...':<10} - {until or '...':<10}"


def in_words(words: Mapping[str, str]) -> str:
    """What is said in each language, on one line."""
    return " | ".join(f"{language}: {text}" for language, text in words.items())


def _fact(one: FactLine) -> tuple[str, str, str, str, str]:
    return one.name, one.about, one.since.isoformat(), "*" if one.now else "", one.value
