"""Templates compiled once, and rendered for one person at a time into subject, plain text and HTML."""

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from markdown_it.token import Token

from outreach.domain.errors import InvalidInput, Problem
from outreach.domain.kinds import MessageKind
from outreach.rendering import page
from outreach.rendering.arrange import arrange
from outreach.rendering.compiled.quoting import unquoted
from outreach.rendering.compiled.stencil import SUBJECT, EmptyWord, Stencil, Trees, cut
from outreach.rendering.content import Content
from outreach.rendering.environment import in_html, in_text, plain, rich
from outreach.rendering.grammar import examine
from outreach.rendering.plaintext import unraw, write_text
from outreach.rendering.structure import Layout, write_html
from outreach.rendering.values import prepared, value_of

__all__ = ["Content", "EmptyWord", "Template", "TemplateError", "compile_template"]

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


class TemplateError(InvalidInput):
    """A template says what templates may not say, or does not say what it must; ``problems`` name the lines."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(*map(str, self.problems))


@dataclass(frozen=True, slots=True)
class Template:
    """A compiled template. ``required`` are the words that must not be empty for anyone."""

    kind: MessageKind
    language: str
    required: frozenset[str]
    used: frozenset[str]
    trees: Trees
    uncut: Stencil = field(init=False)
    """With no word decided."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "uncut", self.cut({}))

    def empty_words(self, values: Mapping[str, Any]) -> tuple[str, ...]:
        """The required words that are empty in these values, in alphabetical order."""
        return tuple(name for name in sorted(self.required) if not prepared(name, value_of(values, name)))

    def cut(self, values: Mapping[str, Any]) -> Stencil:
        """The stencil for mails that share these values; a word that is not fit is left for ``fill`` to refuse."""
        known = {}
        for name in self.used:
            with suppress(ValueError):
                value = prepared(name, _given(values, name))
                if value or name not in self.required:
                    known[name] = value
        return cut(self.trees, self.used, self.required, known, self.language)

    def render(self, values: Mapping[str, Any]) -> Content:
        """The message for one person.

        ``values`` holds the groups of the vocabulary (``contact``, ``links`` ...) as mappings. Values are shown
        as they are and never read as a template or as Markdown, except blocks, which are Markdown. EmptyWord:
        a required word is empty. ValueError: a word of the template was not given, or a link is none.
        """
        filled = self.uncut.fill(values)
        return Content(filled.subject, unquoted(filled.text), unquoted(filled.html))


def _given(values: Mapping[str, Any], name: str) -> Any:
    """As ``value_of``, but what is not known of a contact is not known yet. ValueError: it was not given."""
    if name.partition(".")[0] not in values:
        raise ValueError(name)
    return value_of(values, name)


def compile_template(source: str, kind: MessageKind, language: str) -> Template:
    """A template ready to render. TemplateError: with every problem, by line. ValueError: not a language tag."""
    if not _LANGUAGE.fullmatch(language):
        raise ValueError(f"“{language}” is not a language tag such as en, fr or pt-BR.")
    examined = examine(source, kind)
    if examined.problems or examined.subject is None or examined.layout is None:
        raise TemplateError(examined.problems)
    opaque = examined.layout.opaque
    tokens = arrange(examined.layout.tokens, opaque)
    written = in_text(language)
    return Template(
        kind=kind,
        language=language,
        required=examined.required,
        used=examined.used,
        trees=Trees(
            plain().parse(examined.subject.put_back(examined.subject.text, written)).body,
            plain().parse(unraw(opaque.put_back(write_text(tokens), written))).body,
            rich().parse(_html_source(tokens, examined.layout, language)).body,
        ),
    )


def _html_source(tokens: list[Token], layout: Layout, language: str) -> str:
    title = f"{layout.opaque.nonce}title"
    document = page.document(write_html(tokens, layout.opaque), language, title)
    return layout.opaque.put_back(document, in_html).replace(title, f"{{{{ {SUBJECT} }}}}")
