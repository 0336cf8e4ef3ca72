"""A letter's placeholders for its own signatories, checked, and filled in with numbers."""

import re
from types import SimpleNamespace
from typing import Final

from babel.numbers import format_decimal
from jinja2 import Environment, TemplateSyntaxError, nodes

from outreach.domain.counts import Counts
from outreach.domain.errors import Problem
from outreach.domain.rounding import more_than
from outreach.rendering.environment import plain
from outreach.rendering.expressions import path_of
from outreach.rendering.moments import locale_of
from outreach.rendering.templates import TemplateError

COUNT_WORDS: Final = ("organisations", "individuals", "named", "all", "more_than")
"""What may follow ``signatories.`` in a letter: the figures of Counts, and the round one below ``all``."""

UNKNOWN: Final = "…"
"""What stands in a letter while nothing is signed off."""

_STOCK = Environment(autoescape=True, keep_trailing_newline=True)
_ALLOWED: Final = tuple(f"signatories.{word}" for word in COUNT_WORDS)
_LINE_BEGINS_A_LIST = re.compile(r"^([ \t>]*\{\{[^{}\n]*\}\})(?=[.)](?:\s|$))", re.MULTILINE)


def check_letter(body: str) -> list[Problem]:
    """All that is wrong between the braces of a letter, by line; an empty list when it can be filled in.

    Only the counts of signatories may be put in. Single braces are text like any other.
    """
    try:
        tree = _STOCK.parse(body)
    except TemplateSyntaxError as error:
        return [Problem(error.lineno, f"this cannot be understood: {error.message}")]
    except (RecursionError, ValueError, OverflowError):
        return [Problem(0, "this is too deep or too large to be a letter.")]
    return [*_comments(body), *(problem for node in tree.body for problem in _problems(node))]


def _comments(body: str) -> list[Problem]:
    """What Jinja2 would drop without a word."""
    dropped = {"comment_begin", "raw_begin"}
    found = [line for line, kind, _ in _STOCK.lex(body) if kind in dropped]
    return [Problem(line, "comments and “raw” are not allowed in a letter.") for line in found]


def _problems(node: nodes.Node) -> list[Problem]:
    if not isinstance(node, nodes.Output):
        return [Problem(node.lineno, "“{% ... %}” is not allowed in a letter.")]
    shown = [child for child in node.nodes if not isinstance(child, nodes.TemplateData)]
    return [Problem(child.lineno, _sentence(child)) for child in shown if path_of(child) not in _ALLOWED]


def _sentence(node: nodes.Node) -> str:
    words = ", ".join(f"{{{{ {word} }}}}" for word in _ALLOWED)
    path = path_of(node)
    meant = f"“{path}” is not known in a letter" if path else "only a plain name may stand between the braces"
    return f"{meant}; there are {words}."


def fill_letter(body: str, counts: Counts | None, language: str) -> str:
    """The body with its figures, as the language writes numbers; ``…`` for each when the counts are None.

    ``more_than`` is a round figure below the count of all, or one less than it where there is none, so that
    "more than" before it is true. A figure that begins a line stays text where Markdown would see a list.
    Raises TemplateError with the problems of check_letter.
    """
    if "{{" not in body and "{%" not in body and "{#" not in body:
        return body
    if problems := check_letter(body):
        raise TemplateError(problems)
    source = _LINE_BEGINS_A_LIST.sub(r"\1\\", body)
    template = plain().overlay(keep_trailing_newline=True).from_string(source)
    return template.render(signatories=SimpleNamespace(**figures(counts, language)))


def figures(counts: Counts | None, language: str) -> dict[str, str]:
    """Each of COUNT_WORDS as it is written."""
    if counts is None:
        return dict.fromkeys(COUNT_WORDS, UNKNOWN)
    numbers = {
        "organisations": counts.organisations,
        "individuals": counts.individuals,
        "named": counts.named,
        "all": counts.all,
        "more_than": more_than(counts.all) or max(counts.all - 1, 0),
    }
    return {word: str(format_decimal(number, locale=locale_of(language))) for word, number in numbers.items()}
