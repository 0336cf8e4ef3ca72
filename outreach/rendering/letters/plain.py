"""The letter with its list as Markdown and as plain text."""

from collections.abc import Iterable, Iterator

from outreach.ports.press import Inline, InlineKind
from outreach.rendering.letters.escaping import escape_markdown
from outreach.rendering.letters.languages import words_for
from outreach.rendering.letters.manuscript import edition_line, ending, heading_of, mark, notes
from outreach.rendering.letters.papers import above, paper_of
from outreach.rendering.letters.tree import letter_tokens
from outreach.rendering.letters.words import Words
from outreach.rendering.letters.wrapping import wrap
from outreach.rendering.markdown import text_of
from outreach.rendering.plaintext import RULE
from outreach.rendering.publication import Group, ListedName, Publication


def to_markdown(publication: Publication) -> str:
    """CommonMark in which the letter is the author's own and everything else is literal."""
    words = words_for(publication.language)
    marked = mark(publication, words)
    paper = paper_of(publication)
    title = f"# {escape_markdown(publication.title)}"
    closing = [
        "---",
        "\\\n".join(
            [*("".join(map(_linked, line)) for line in ending(publication, words)), _edition(publication, words)]
        ),
    ]
    signed = [
        f"## {escape_markdown(words.signatories)}",
        escape_markdown(words.count(publication.counts)),
        *(f"*{escape_markdown(note)}*" for note in notes(publication, words)),
        *_groups(publication, words),
    ]
    heading = (words.to.format(addressee=publication.addressee), publication.dated)
    blocks = [
        *map(_together, above(paper)),
        title,
        *([f"**{escape_markdown(marked)}**"] if marked else []),
        _together(heading) if paper is None else escape_markdown(paper.salutation),
        publication.body.strip("\n"),
        *(closing + signed if paper is None else [*signed, _together(paper.copies), *closing]),
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _together(lines: Iterable[str]) -> str:
    """Literal lines, one below the other."""
    return "\\\n".join(escape_markdown(line) for line in lines if line)


def _edition(publication: Publication, words: Words) -> str:
    return escape_markdown(edition_line(publication, words))


def _linked(piece: Inline) -> str:
    return f"<{piece.url}>" if piece.kind is InlineKind.LINK else escape_markdown(piece.text)


def _groups(publication: Publication, words: Words) -> Iterator[str]:
    for group in publication.groups:
        if heading := heading_of(group, words, publication.language):
            yield f"### {escape_markdown(heading)}"
        if group.names:
            yield "\n".join(f"{_bullet(name, publication)} {escape_markdown(name.line)}" for name in group.names)


def _bullet(name: ListedName, publication: Publication) -> str:
    return f"{name.number}." if publication.numbered else "-"


def to_text(publication: Publication) -> str:
    """Plain text of at most 76 columns, but for names: each stands on one line, byte for byte."""
    words = words_for(publication.language)
    paper = paper_of(publication)
    heading = [words.to.format(addressee=publication.addressee), publication.dated]
    body = text_of(letter_tokens(publication.body)).strip("\n")
    lines = ("".join(piece.text or piece.url for piece in line) for line in ending(publication, words))
    closing = [RULE, "\n".join([*lines, edition_line(publication, words)])]
    letter = [
        *("\n".join(block) for block in above(paper)),
        publication.title,
        mark(publication, words),
        *(heading if paper is None else [paper.salutation]),
        body,
        *(closing if paper is None else []),
        words.signatories,
        words.count(publication.counts),
        *notes(publication, words),
    ]
    listed = [block for group in publication.groups for block in _listed(group, publication, words)]
    below = [] if paper is None else ["\n".join(paper.copies), *closing]
    blocks = [*map(wrap, filter(None, letter)), *listed, *map(wrap, filter(None, below))]
    return "\n\n".join(blocks) + "\n"


def _listed(group: Group, publication: Publication, words: Words) -> Iterator[str]:
    if heading := heading_of(group, words, publication.language):
        yield heading
    if group.names:
        width = len(f"{group.names[-1].number}.") if publication.numbered else 1
        yield "\n".join(f"{_bullet(name, publication):>{width}} {name.line}" for name in group.names)
