"""What an answer about being named means; where an answer could mean two things, nobody is named by it."""

from enum import StrEnum
from functools import lru_cache
from typing import Final

from outreach.domain.lists import heading_words as words
from outreach.domain.lists.heading_words import plain_words
from outreach.domain.signatures import Visibility


class YesMeans(StrEnum):
    """What a plain yes says under a question."""

    SHOW = "show"
    HIDE = "hide"
    DO_NOT_SHOW = "do not show"
    """The question has a "not" in it; what a no would say is not certain enough to name somebody."""
    UNCLEAR = "unclear"


_OF_YES: Final = {
    YesMeans.SHOW: Visibility.PUBLIC,
    YesMeans.HIDE: Visibility.COUNTED,
    YesMeans.DO_NOT_SHOW: Visibility.COUNTED,
}
_OF_NO: Final = {YesMeans.SHOW: Visibility.COUNTED, YesMeans.HIDE: Visibility.PUBLIC}


@lru_cache(maxsize=64)
def yes_means(question: str) -> YesMeans:
    """What a plain yes says to a question, as far as its words tell."""
    text = words.YES_OR_NO.sub(" ", plain_words(question))
    hides, shows, negated = (bool(p.search(text)) for p in (words.ANONYMITY, words.PUBLICATION, words.NOT))
    match hides, shows, negated:
        case True, False, False:
            return YesMeans.HIDE
        case False, True, False:
            return YesMeans.SHOW
        case False, True, True:
            return YesMeans.DO_NOT_SHOW
        case _:
            return YesMeans.UNCLEAR


@lru_cache(maxsize=4096)
def read_visibility(answer: str, question: str) -> Visibility | None:
    """The visibility that an answer asks for, in one of seven languages; None if it could mean another.

    A no to publication is never public, and neither is a yes with conditions. "Private" is counted.
    """
    text, asked = plain_words(answer), yes_means(question)
    if text in {one.value for one in Visibility}:
        return Visibility(text)
    yes, no = words.YES.match(text), words.NO.match(text)
    rest = text[found.end() :] if (found := yes or no) else text
    shows, hides, negated, addressee = (
        bool(pattern.search(rest)) for pattern in (words.PUBLICATION, words.ANONYMITY, words.NOT, words.ADDRESSEE)
    )
    if words.BUT.search(rest) or (shows and hides) or (hides and negated):
        meant = None
    elif addressee:
        meant = _to_the_addressee(rest, alone=not (shows or hides or yes), negated=negated or bool(no))
    elif hides:
        contradicts = (yes and asked is YesMeans.SHOW) or (no and asked is YesMeans.HIDE)
        meant = None if contradicts else Visibility.COUNTED
    elif shows:
        meant = _about_showing(yes=bool(yes), no=bool(no), negated=negated, asked=asked)
    elif negated or words.ONLY.search(rest):
        meant = None
    else:
        meant = _OF_YES.get(asked) if yes else _OF_NO.get(asked) if no else None
    return meant


def _to_the_addressee(rest: str, *, alone: bool, negated: bool) -> Visibility | None:
    only = words.ONLY.search(rest) is not None
    return Visibility.ADDRESSEE if only or (alone and not negated) else None


def _about_showing(*, yes: bool, no: bool, negated: bool, asked: YesMeans) -> Visibility | None:
    """The answer speaks of publishing: "Yes, publish it", "Do not publish", "No public listing"."""
    hiding_asked = asked in (YesMeans.HIDE, YesMeans.DO_NOT_SHOW)
    if negated or no:
        contradicts = (yes and not hiding_asked) or (
            no and (negated or hiding_asked) and asked is not YesMeans.SHOW
        )
        return None if contradicts else Visibility.COUNTED
    return None if yes and hiding_asked else Visibility.PUBLIC
