"""The two sandboxed Jinja2 environments, for plain text and for HTML, and how a value is shown in each."""

from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from types import SimpleNamespace
from typing import Any

from jinja2 import Environment, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import Namespace
from markupsafe import Markup, escape

from outreach.rendering import page
from outreach.rendering.content import direction, direction_of, isolate
from outreach.rendering.expressions import FILTERS
from outreach.rendering.markdown import markdown_to_html, markdown_to_text
from outreach.rendering.opaque import Piece, Role
from outreach.rendering.vocabulary import WordType, look_up

_DIFFERENT_LETTERS = 64


@cache
def plain() -> Environment:
    """The environment of the subject and the plain text: values stand there as they are."""
    return sandbox(
        escaping=False,
        shown_ltr=lambda value: isolate(str(value), rtl=False),
        shown_rtl=lambda value: isolate(str(value), rtl=True),
    )


@cache
def rich() -> Environment:
    """The environment of the HTML: every value is escaped, and isolated from the direction around it."""
    return sandbox(escaping=True, shown=_shown)


def _shown(value: Any) -> Markup:
    return Markup(f"<bdi>{escape(str(value))}</bdi>")  # noqa: S704  just escaped


class _Sandbox(ImmutableSandboxedEnvironment):
    """A sandbox that knows a group of words for harmless, which spares half the time of a rendering."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        if type(obj) is SimpleNamespace and attribute in obj.__dict__:
            return obj.__dict__[attribute]
        return super().getattr(obj, attribute)


def sandbox(*, escaping: bool, **shown: Callable[..., str]) -> Environment:
    """A sandbox with our filters and nothing else, and the filters by which values are shown."""
    environment = _Sandbox(undefined=StrictUndefined, autoescape=escaping)
    allowed = {name: environment.filters[name] for name in FILTERS}
    environment.filters = {**allowed, "default": _default, **shown}
    environment.globals = {"namespace": Namespace}
    return environment


def _default(value: Any, otherwise: str, _when_empty: bool = True) -> Any:  # noqa: FBT001, FBT002  as in Jinja2
    """The words to use when a value is empty (a value is never undefined here)."""
    return value or otherwise


def in_text(language: str) -> Callable[[Piece], str]:
    """How a piece is written in the plain text and the subject of a template in that language."""
    shown = f"shown_{direction(language)}"
    return lambda piece: _code(piece, shown)


def in_html(piece: Piece) -> str:
    """How a piece is written in the HTML."""
    return _code(piece, "shown")


def _code(piece: Piece, shown: str) -> str:
    if piece.role.is_statement:
        return f"{{% {piece.code} %}}"
    return f"{{{{ ({piece.code})|{shown} }}}}" if piece.role is Role.TEXT else f"{{{{ {piece.code} }}}}"


@lru_cache(_DIFFERENT_LETTERS)
def block_text(text: str) -> str:
    """A whole text, which is Markdown, as plain text without a line break at its end."""
    return markdown_to_text(text).rstrip("\n") if text else ""


@lru_cache(_DIFFERENT_LETTERS)
def block_html(text: str, language: str) -> Markup:
    """A whole text, which is Markdown, as HTML for a document in that language."""
    if not text:
        return Markup("")
    html = page.fragment(markdown_to_html(text), language, direction_of(text))
    return Markup(html)  # noqa: S704  Markdown has escaped it


def context_of(words: Mapping[str, Any], block: Callable[[str], str]) -> dict[str, Any]:
    """Names that hold nothing but these words.

    They are attributes of an empty object, so that a field called ``items`` or ``copy`` is the field and not a
    method.
    """
    root = SimpleNamespace()
    for name, value in words.items():
        *groups, last = name.split(".")
        place = root
        for group in groups:
            if not hasattr(place, group):
                setattr(place, group, SimpleNamespace())
            place = getattr(place, group)
        word = look_up(name)
        setattr(place, last, block(value) if word and word.type is WordType.BLOCK else value)
    return vars(root)
