"""What a coordinator writes to describe a call: one TOML table, the letter, and the mail templates."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from babel import localedata

from outreach.domain.audiences import Audience
from outreach.domain.correspondence import LetterKind
from outreach.domain.deadlines import WallClock, parse_wall_clock
from outreach.domain.errors import InvalidInput
from outreach.domain.file_values import flag_in, one_line, table_in, text_in, texts_in
from outreach.domain.kinds import MessageKind
from outreach.domain.listings import Listing
from outreach.domain.places import language_code
from outreach.domain.reminders import Offset, parse_offset

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_HTTPS = re.compile(r"https://[A-Za-z0-9.-]+\.[A-Za-z]{2,}(:\d+)?(/[^\s<>\"]*)?")
SLUG_LENGTH = 60
LINE_LIMIT = 500
"""Characters in a line at the head of a letter: its title, its addressee, what it asks."""
KNOWN = (
    "slug",
    "title",
    "letter",
    "kind",
    "follows",
    "press_contacts",
    "default_language",
    "languages",
    "organisers",
    "deadline",
    "release",
    "reminders",
    "last_call",
    "thank_you",
    "audience",
    "signatories",
    "background",
)


@dataclass(frozen=True, slots=True)
class LetterFile:
    """A letter in one language: what it is called, to whom it is addressed, what it asks, its Markdown."""

    title: str
    addressee: str
    asks: tuple[str, ...]
    body: str


@dataclass(frozen=True, slots=True)
class CallFile:
    """Everything that a call is made from. ``excluded`` are addresses that a file said were invited already.

    ``follows`` is the slug of the earlier letter on the same matter, or "".
    """

    slug: str
    title: str
    letter: str
    default_language: str
    languages: tuple[str, ...]
    organisers: tuple[str, ...]
    deadline: WallClock
    release: WallClock | None
    reminders: tuple[Offset, ...]
    last_call: Offset | None
    thank_you: bool
    audience: Audience
    background: tuple[dict[str, str], ...]
    listing: Listing = field(default_factory=Listing)
    letters: dict[str, LetterFile] = field(default_factory=dict)
    texts: dict[tuple[MessageKind, str], str] = field(default_factory=dict)
    excluded: tuple[str, ...] = ()
    kind: LetterKind = LetterKind.OPEN
    follows: str = ""
    press_contacts: tuple[str, ...] = ()


def read_call_table(table: Mapping[str, Any]) -> CallFile:
    """The call that a TOML table describes, without its letters and texts.

    Raises InvalidInput with a sentence naming the key and what is allowed.
    """
    for key in table:
        if key not in KNOWN:
            close = get_close_matches(key, KNOWN, n=1)
            hint = f"Did you mean {close[0]}?" if close else f"Allowed are: {', '.join(KNOWN)}."
            raise InvalidInput(f"{key} is not known in a call's file. {hint}")
    languages = _languages(table)
    default = text_in(table, "default_language") if "default_language" in table else languages[0]
    if default not in languages:
        raise InvalidInput(f"default_language is {default!r}, which is not one of languages {list(languages)}.")
    deadline, release = _times(table)
    return CallFile(
        slug=check_slug(text_in(table, "slug")),
        title=one_line("title", text_in(table, "title")),
        letter=text_in(table, "letter"),
        default_language=default,
        languages=languages,
        organisers=texts_in(table, "organisers", needed=True),
        deadline=deadline,
        release=release,
        reminders=_reminders(table),
        last_call=_offset("last_call", table["last_call"]) if table.get("last_call") else None,
        thank_you=flag_in(table, "thank_you", default=True),
        audience=Audience.read(table_in(table, "audience")),
        background=_backgrounds(table),
        listing=Listing.read(table_in(table, "signatories")),
        kind=_kind(table),
        follows=text_in(table, "follows") if table.get("follows") else "",
        press_contacts=texts_in(table, "press_contacts"),
    )


def _kind(table: Mapping[str, Any]) -> LetterKind:
    """The letter's kind; one that names an earlier letter is a follow-up unless the file says otherwise."""
    follows = bool(table.get("follows"))
    value = table.get("kind", (LetterKind.FOLLOW_UP if follows else LetterKind.OPEN).value)
    try:
        kind = LetterKind(value)
    except ValueError:
        raise InvalidInput(f"kind must be one of {', '.join(LetterKind)}, not {value!r}.") from None
    if kind is LetterKind.FOLLOW_UP and not follows:
        raise InvalidInput("kind is follow-up, but follows does not name the letter that it follows up.")
    return kind


def _languages(table: Mapping[str, Any]) -> tuple[str, ...]:
    languages = texts_in(table, "languages") or (text_in(table, "default_language"),)
    for language in languages:
        if not is_written_in(language):
            raise InvalidInput(f"languages: {language!r} is not known; write ISO 639 codes such as en, fr or ar.")
    return tuple(dict.fromkeys(languages))


def is_written_in(language: str) -> bool:
    """Whether dates and lists can be written in the language of that code (two or three small letters)."""
    return language_code(language) == language and localedata.exists(language)


def _reminders(table: Mapping[str, Any]) -> tuple[Offset, ...]:
    offsets = [_offset("reminders", text) for text in texts_in(table, "reminders")]
    for offset in offsets:
        if offsets.count(offset) > 1:
            raise InvalidInput(f"reminders: {offset} stands there twice.")
    return tuple(offsets)


def _times(table: Mapping[str, Any]) -> tuple[WallClock, WallClock | None]:
    deadline = _clock("deadline", text_in(table, "deadline"))
    release = _clock("release", text_in(table, "release")) if table.get("release") else None
    if release is not None and release.instant() < deadline.instant():
        raise InvalidInput(f"release ({release}) is before the deadline ({deadline}).")
    return deadline, release


def _clock(key: str, text: str) -> WallClock:
    try:
        return parse_wall_clock(text)
    except InvalidInput as refusal:
        raise InvalidInput(f"{key}: {refusal}") from refusal


def _offset(key: str, text: Any) -> Offset:
    if not isinstance(text, str):
        raise InvalidInput(f'{key} must be texts such as "7d" or "24h", not {text!r}.')
    try:
        return parse_offset(text)
    except InvalidInput as refusal:
        raise InvalidInput(f"{key}: {refusal}") from refusal


def check_slug(text: str) -> str:
    """The short name of a call and its letter. Raises InvalidInput when it cannot be one."""
    if not _SLUG.fullmatch(text) or len(text) > SLUG_LENGTH:
        raise InvalidInput(
            f"slug is {text!r}; it may have small letters, digits and single hyphens, {SLUG_LENGTH} at most."
        )
    return text


def _backgrounds(table: Mapping[str, Any]) -> tuple[dict[str, str], ...]:
    value = table.get("background", [])
    if not isinstance(value, list):
        raise InvalidInput(f"background must be [[background]] tables with a title and a url, not {value!r}.")
    return tuple(_background(item) for item in value)


def _background(item: Any) -> dict[str, str]:
    if not isinstance(item, Mapping) or set(item) != {"title", "url"}:
        raise InvalidInput(f"each [[background]] must have a title and a url, and nothing else: {item!r}.")
    url = str(item["url"]).strip()
    if not _HTTPS.fullmatch(url):
        raise InvalidInput(f"background url {url!r} is broken; it must begin with https:// and name a host.")
    title = one_line("background title", str(item["title"]))
    if not title:
        raise InvalidInput(f"background title is missing beside {url}.")
    return {"title": title, "url": url}


def read_letter(text: str) -> LetterFile:
    """A letter's file: front matter with title, addressee and any number of asks, then Markdown.

    Raises InvalidInput with the line that is wrong.
    """
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    if not lines or lines[0].strip() != "---" or "---" not in [line.strip() for line in lines[1:]]:
        raise InvalidInput("line 1: a letter begins with --- , title: and addressee: lines, and --- .")
    end = [line.strip() for line in lines].index("---", 1)
    values: dict[str, list[str]] = {"title": [], "addressee": [], "ask": []}
    for number, line in enumerate(lines[1:end], start=2):
        key, colon, value = line.partition(":")
        if not line.strip():
            continue
        if not colon or key.strip() not in values:
            raise InvalidInput(
                f"line {number}: {line!r} is not known; allowed are title:, addressee: and ask: lines."
            )
        values[key.strip()].append(one_line(f"line {number}, {key.strip()}", value, LINE_LIMIT))
    body = "\n".join(lines[end + 1 :]).strip() + "\n"
    for key in ("title", "addressee"):
        if len(values[key]) != 1 or not values[key][0]:
            raise InvalidInput(f"a letter has exactly one {key}: line.")
    if not body.strip():
        raise InvalidInput("the letter has no text below its front matter.")
    return LetterFile(values["title"][0], values["addressee"][0], tuple(values["ask"]), body)


def write_letter(letter: LetterFile) -> str:
    """The letter as a file; reading it gives the same letter."""
    asks = "".join(f"ask: {ask}\n" for ask in letter.asks)
    return f"---\ntitle: {letter.title}\naddressee: {letter.addressee}\n{asks}---\n\n{letter.body}"


def call_table(call: CallFile) -> dict[str, Any]:
    """The call as a TOML table; reading it gives the same call."""
    table: dict[str, Any] = {
        "slug": call.slug,
        "title": call.title,
        "letter": call.letter,
        "kind": call.kind.value,
        "follows": call.follows,
        "press_contacts": list(call.press_contacts),
        "default_language": call.default_language,
        "languages": list(call.languages),
        "organisers": list(call.organisers),
        "deadline": str(call.deadline),
        "release": str(call.release) if call.release else "",
        "reminders": [str(offset) for offset in call.reminders],
        "last_call": str(call.last_call) if call.last_call else "",
        "thank_you": call.thank_you,
        "audience": call.audience.table(),
        "signatories": call.listing.table(),
        "background": [dict(item) for item in call.background],
    }
    return table
