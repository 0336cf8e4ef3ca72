"""Templates compiled once, and rendered for one person at a time into subject, plain text and HTML."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import jinja2
from markdown_it.token import Token

from outreach.domain.errors import InvalidInput, Problem, Refusal
from outreach.domain.kinds import MessageKind
from outreach.rendering import page
from outreach.rendering.arrange import arrange
from outreach.rendering.content import Content
from outreach.rendering.environment import in_html, in_text, plain, plain_context, rich, rich_context
from outreach.rendering.grammar import examine
from outreach.rendering.plaintext import tidy, unraw, write_text
from outreach.rendering.structure import Layout, write_html
from outreach.rendering.values import prepared, value_of

__all__ = ["Content", "EmptyWord", "Template", "TemplateError", "compile_template"]

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_SUBJECT = "subject_line"


class TemplateError(InvalidInput):
    """A template says what templates may not say, or does not say what it must; ``problems`` name the lines."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(*map(str, self.problems))


class EmptyWord(Refusal):
    """A word that the template puts out is empty for this person; ``name`` is the word."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"“{name}” is empty for this person, and the template does not say what to write instead.")


@dataclass(frozen=True, slots=True)
class Template:
    """A compiled template. ``required`` are the words that must not be empty for anyone."""

    kind: MessageKind
    language: str
    required: frozenset[str]
    used: frozenset[str]
    _subject: jinja2.Template
    _text: jinja2.Template
    _html: jinja2.Template

    def empty_words(self, values: Mapping[str, Any]) -> tuple[str, ...]:
        """The required words that are empty in these values, in alphabetical order."""
        return tuple(name for name in sorted(self.required) if not prepared(name, value_of(values, name)))

    def render(self, values: Mapping[str, Any]) -> Content:
        """The message for one person.

        ``values`` holds the groups of the vocabulary (``contact``, ``links`` ...) as mappings. Values are shown
        as they are and never read as a template or as Markdown, except blocks, which are Markdown. EmptyWord:
        a required word is empty. ValueError: a word of the template was not given, or a link is none.
        """
        if empty := self.empty_words(values):
            raise EmptyWord(empty[0])
        words = {name: prepared(name, value_of(values, name)) for name in self.used}
        context = plain_context(words)
        subject = self._subject.render(context).strip()
        if not subject:
            raise EmptyWord("subject")
        html = self._html.render({**rich_context(words, self.language), _SUBJECT: subject})
        return Content(subject=subject, text=tidy(self._text.render(context)), html=html)


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
        _subject=plain().from_string(examined.subject.put_back(examined.subject.text, written)),
        _text=plain().from_string(unraw(opaque.put_back(write_text(tokens), written))),
        _html=rich().from_string(_html_source(tokens, examined.layout, language)),
    )


def _html_source(tokens: list[Token], layout: Layout, language: str) -> str:
    title = f"{layout.opaque.nonce}title"
    document = page.document(write_html(tokens, layout.opaque), language, title)
    return layout.opaque.put_back(document, in_html).replace(title, f"{{{{ {_SUBJECT} }}}}")
