"""The letter with its list as HTML: a document that stands alone, and the list as a fragment for a page."""

from collections.abc import Iterable, Iterator, Sequence
from importlib.resources import files
from typing import Final

from markupsafe import Markup, escape

from outreach.ports.press import Inline, InlineKind
from outreach.rendering.content import direction
from outreach.rendering.letters.languages import words_for
from outreach.rendering.letters.manuscript import edition_line, ending, heading_of, mark, notes
from outreach.rendering.letters.papers import above, paper_of
from outreach.rendering.letters.tree import letter_tokens
from outreach.rendering.letters.words import Words
from outreach.rendering.markdown import html_of
from outreach.rendering.publication import Group, Publication

_DOCUMENT: Final = Markup("""\
<!doctype html>
<html lang="{language}" dir="{direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
{robots}<title>{title}</title>
<style>
{style}</style>
</head>
<body>
<main>
<article>
<header>
{above}</header>
{body}{closing}</article>
<section aria-labelledby="signatories"{worded}>
<h2 id="signatories">{list_heading}</h2>
<p>{count}</p>
{notes}{names}</section>
{after}</main>
</body>
</html>
""")
_ROBOTS: Final = Markup('<meta name="robots" content="noindex">\n')


def to_html(publication: Publication) -> str:
    """A whole document with its style in it, which asks nothing of any other place."""
    words = words_for(publication.language)
    marked = mark(publication, words)
    worded = _lang(words, publication)
    paper = paper_of(publication)
    footer = Markup("<footer>\n{}</footer>\n").format(Markup("").join(_below(publication, words, worded)))
    return str(
        _DOCUMENT.format(
            language=publication.language,
            direction=direction(publication.language),
            robots=_ROBOTS if marked or paper else "",
            title=publication.title,
            style=Markup(_style()),  # noqa: S704  our own file
            above=Markup("").join(_above(publication, words, marked, worded)),
            body=_lines([paper.salutation] if paper else []) + Markup(html_of(letter_tokens(publication.body))),  # noqa: S704  raw HTML is off in our Markdown
            closing="" if paper else footer,
            after=_lines(paper.copies) + footer if paper else "",
            worded=worded,
            list_heading=words.signatories,
            count=words.count(publication.counts),
            notes=Markup("").join(
                Markup("<p><small>{}</small></p>\n").format(note) for note in notes(publication, words)
            ),
            names=list_html(publication.groups, publication.language, numbered=publication.numbered),
        )
    )


def list_html(groups: Iterable[Group], language: str, *, numbered: bool) -> Markup:
    """The groups of a list, each under its heading (level 3), every name isolated from the direction around it.

    Numbered lists begin with their first name's number, so that a part of a list keeps its numbers.
    """
    words = words_for(language)
    return Markup("").join(_group(group, words, language, numbered=numbered) for group in groups)


def _group(group: Group, words: Words, language: str, *, numbered: bool) -> Markup:
    heading = heading_of(group, words, language)
    above = Markup("<h3>{}</h3>\n").format(heading) if heading else Markup("")
    if not group.names:
        return above
    lines = Markup("").join(Markup("<li><bdi>{}</bdi></li>\n").format(name.line) for name in group.names)
    if not numbered:
        return above + Markup('<ul class="names">\n{}</ul>\n').format(lines)
    first = group.names[0].number
    start = Markup(' start="{}"').format(first) if first > 1 else Markup("")
    return above + Markup('<ol class="names"{}>\n{}</ol>\n').format(start, lines)


def _above(publication: Publication, words: Words, marked: str, worded: Markup) -> Iterator[Markup]:
    paper = paper_of(publication)
    if publication.workspace and not paper:
        yield Markup('<p class="small">{}</p>\n').format(publication.workspace)
    yield from map(_lines, above(paper))
    yield Markup("<h1>{}</h1>\n").format(publication.title)
    if marked:
        yield Markup('<p class="mark"{}>{}</p>\n').format(worded, marked)
    if paper:
        return
    yield Markup("<p{}>{}</p>\n").format(worded, words.to.format(addressee=publication.addressee))
    if publication.dated:
        yield Markup("<p>{}</p>\n").format(publication.dated)


def _lines(lines: Sequence[str]) -> Markup:
    """Lines of one paragraph, "" for none; each runs in its own direction."""
    bare = Markup("<br>\n").join(Markup("<bdi>{}</bdi>").format(line) for line in lines if line)
    return Markup('<p class="lines">{}</p>\n').format(bare) if bare else bare


def _below(publication: Publication, words: Words, worded: Markup) -> Iterator[Markup]:
    for line in ending(publication, words):
        yield Markup("<p{}>{}</p>\n").format(worded, Markup("").join(map(_linked, line)))
    yield Markup("<p{}>{}</p>\n").format(worded, edition_line(publication, words))


def _linked(piece: Inline) -> Markup:
    if piece.kind is InlineKind.LINK:
        return Markup('<a href="{0}">{0}</a>').format(piece.url)
    return escape(piece.text)


def _lang(words: Words, publication: Publication) -> Markup:
    """The attributes of what the program says, where that is not in the letter's language."""
    if words.language == publication.language.partition("-")[0].lower():
        return Markup("")
    return Markup(' lang="{}" dir="{}"').format(words.language, direction(words.language))


def _style() -> str:
    return files(__package__).joinpath("letter.css").read_text(encoding="utf-8")
