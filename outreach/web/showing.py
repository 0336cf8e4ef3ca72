"""Turns a page's template and its values into an answer; whatever a person typed is inert on it."""

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.lists import format_list
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from outreach.config.house import House
from outreach.rendering.content import direction
from outreach.rendering.moments import say_moment
from outreach.web.words import Words

HERE = Path(__file__).parent
STATIC = HERE / "static"


def show(
    page: str,
    words: Words,
    house: House,
    *,
    code: int = 200,
    rehearsal: bool = False,
    headers: dict[str, str] | None = None,
    **values: Any,
) -> HTMLResponse:
    """The page ``pages/{page}.html`` in the language of ``words``."""
    sender = house.settings.sender
    body = (
        _environment()
        .get_template(f"{page}.html")
        .render(
            words=words,
            dir=direction(words.language),
            workspace=house.settings.workspace.name,
            email=sender.reply_to or sender.address,
            rehearsal=rehearsal,
            **values,
        )
    )
    return HTMLResponse(body, code, headers)


def notice(
    words: Words, house: House, title: str, text: str, *, code: int = 200, rehearsal: bool = False, **values: Any
) -> HTMLResponse:
    """A page that only says something. ``text`` may hold ``{email}`` and the names in ``values``."""
    return show(
        "notice",
        words,
        house,
        code=code,
        rehearsal=rehearsal,
        title=title,
        text=text,
        values={"more": "", **values},
    )


def public_headers(*, rehearsal: bool) -> dict[str, str]:
    """Nobody keeps a page with names on it: whoever withdraws must be gone from it at once (RFC 9111, 5.2.2.5).

    Those of a rehearsal are not to be found.
    """
    headers = {"Cache-Control": "no-store", "Vary": "Accept-Language"}
    return {**headers, "X-Robots-Tag": "noindex"} if rehearsal else headers


def test_link(words: Words, house: House) -> HTMLResponse:
    """What the links of a test mail lead to: they are for nobody, and do nothing."""
    return notice(words, house, words.test_title, words.test)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters |= {
        "say": _say,
        "plain": _plain,
        "listed": _listed,
        "moment": _moment,
        "language_name": _language_name,
        "dir": direction,
    }
    environment.globals["style"] = (
        f"/static/style.css?{sha256((STATIC / 'style.css').read_bytes()).hexdigest()[:8]}"
    )
    return environment


@pass_context
def _say(context: Context, sentence: str, **values: Any) -> Markup:
    """A sentence with its values, each isolated, so that its direction does not turn the words around it."""
    if "email" not in values:
        address = escape(context["email"])
        values["email"] = Markup('<a href="mailto:{}" dir="ltr">{}</a>').format(address, address)
    isolated = {
        name: value if isinstance(value, Markup) else Markup("<bdi>{}</bdi>").format(value)
        for name, value in values.items()
    }
    return Markup(escape(sentence)).format(**isolated)  # noqa: S704  the sentence is escaped, format escapes the values


def _plain(sentence: str, **values: str) -> str:
    """A sentence with its values where no mark-up may stand (a page's title)."""
    return sentence.format(**values)


def _listed(names: list[str], language: str) -> Markup:
    """Names as a sentence lists them: A, B and C."""
    isolated = [str(Markup("<bdi>{}</bdi>").format(name)) for name in names]
    return Markup(format_list(isolated, locale=language))  # noqa: S704  each name was escaped


def _moment(instant: Any, zone: str, language: str) -> str:
    return say_moment(instant, zone, language)


def _language_name(tag: str) -> str:
    """What a language calls itself."""
    try:
        name = Locale.parse(tag.replace("-", "_")).display_name
    except (UnknownLocaleError, ValueError):
        name = None
    return (name or tag)[:1].upper() + (name or tag)[1:]
