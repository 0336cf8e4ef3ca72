"""A letter's placeholders and passages, checked, and filled in for one official or for everybody."""

from collections.abc import Iterable, Iterator, Sequence

from outreach.domain.addressing import Known
from outreach.domain.counts import Counts
from outreach.domain.errors import Problem
from outreach.rendering.content import direction
from outreach.rendering.letters.general import DIFFERS, general_text
from outreach.rendering.letters.knowledge import UNKNOWN, figures, values_of
from outreach.rendering.letters.passages import Choice, Part, Shown, read_passages
from outreach.rendering.letters.reckoning import Reckoning
from outreach.rendering.letters.vocabulary import COUNT_WORDS, LETTER_WORDS, fact_of
from outreach.rendering.letters.written import Written
from outreach.rendering.templates import TemplateError

__all__ = [
    "COUNT_WORDS",
    "LETTER_WORDS",
    "UNKNOWN",
    "check_letter",
    "figures",
    "fill_letter",
    "missing_in",
    "needs_official",
    "says_salutation",
]

_NOBODY = Known()


def check_letter(body: str) -> list[Problem]:
    """All that is wrong between the braces of a letter, by line; an empty list when it can be filled in.

    Words of LETTER_WORDS, filters and ``if`` may stand there. Single braces are text like any other.
    """
    return list(read_passages(body).problems)


def fill_letter(body: str, counts: Counts | None, language: str, known: Known | None = None) -> str:
    """The letter's Markdown for one official, or the general text when ``known`` has no official.

    Whatever is put in is shown as it is, never read as Markdown or as a template; figures and days are written as
    the language writes them, and ``…`` stands for what is not known (see missing_in). The general text shows every
    passage that depends on an official, with its condition before it, and a word in brackets for what differs.
    Raises TemplateError with the problems of check_letter.
    """
    passages = read_passages(body)
    if passages.problems:
        raise TemplateError(passages.problems)
    known = known or _NOBODY
    values = values_of(counts, language, known)
    if known.official is None:
        return general_text(passages.parts, values, language)
    written = Written(rtl=direction(language) == "rtl")
    _tell(passages.parts, Reckoning(values), written)
    return written.markdown()


def _tell(parts: Sequence[Part], reckoning: Reckoning, written: Written) -> None:
    for part in parts:
        match part:
            case str():
                written.author(part)
            case Shown(link=True):
                _link(reckoning.text(part.expression), written)
            case Shown():
                written.value(reckoning.text(part.expression) or UNKNOWN)
            case Choice():
                chosen = (one.inside for one in part.branches if reckoning.holds(one.test))
                _tell(next(chosen, part.otherwise), reckoning, written)


def _link(address: str, written: Written) -> None:
    if address:
        written.link(address)
    else:
        written.value(UNKNOWN)


def needs_official(body: str) -> bool:
    """Whether the letter says something else to each official."""
    return any(word.startswith(DIFFERS) for word in read_passages(body).words)


def says_salutation(body: str, known: Known) -> bool:
    """Whether this rendering greets the official itself, so that no salutation is printed above it."""
    return "official.salutation" in _reckoned(body, known).shown


def missing_in(body: str, known: Known) -> list[str]:
    """What this rendering needs and does not have, each once, in sentences for a coordinator.

    Only what is reached counts: the condition of a passage, and what stands in a passage that is in the letter. A
    word with a ``default`` is never missing. A letter that is no letter (check_letter) misses nothing.
    """
    reckoning = _reckoned(body, known)
    facts = (word for word in (*reckoning.asked, *reckoning.shown) if fact_of(word))
    sentences = [*_missing_facts(facts, known), *_missing_words(reckoning, known)]
    return list(dict.fromkeys(sentences))


def _reckoned(body: str, known: Known) -> Reckoning:
    """What a rendering in this official's language asks for and puts out."""
    official = known.official
    reckoning = Reckoning(values_of(None, official.language if official else "en", known))
    _tell(read_passages(body).parts, reckoning, Written())
    return reckoning


def _missing_facts(words: Iterable[str], known: Known) -> Iterator[str]:
    official = known.official
    if official is None:
        return
    whom = official.state_name or official.state or official.institution or official.post
    for word in words:
        name = fact_of(word)
        fact = official.facts.get(name)
        if fact is None or not fact.value:
            yield f"“{name}” is not recorded for {whom}; record it, with its date."
        elif word != f"facts.{name}" and not fact.holds:
            yield f"“{name}” is “{fact.value}” for {whom}, so there is no day for {{{{ {word} }}}}."


def _missing_words(reckoning: Reckoning, known: Known) -> Iterator[str]:
    for word in reckoning.shown:
        group = word.partition(".")[0]
        if fact_of(word) or group == "signatories" or reckoning.values.words.get(word):
            continue
        if group == "official" and known.official is not None:
            who = known.official.name or known.official.post
            language = known.official.language
            yield f"{_NAMES[word]} of {who} in the language of the letter ({language}) is not recorded."
        elif group == "earlier":
            yield _NO_EARLIER if known.earlier is None else f"The earlier letter has no {_NAMES[word]}."
        elif group == "answer":
            yield _NO_ANSWER if known.answer is None else f"The official's letter has no {_NAMES[word]}."


_NO_EARLIER = "The letter cites an earlier one, and none is recorded that it follows."
_NO_ANSWER = "The letter cites an official's letter, and none is recorded that it answers."
_NAMES = {
    "official.name": "The name",
    "official.title": "The title",
    "official.form_of_address": "The form of address",
    "official.salutation": "The salutation",
    "official.office": "The office",
    "official.institution": "The institution",
    "official.state": "The State",
    "earlier.title": "title",
    "earlier.addressee": "addressee",
    "earlier.date": "date; it has not been released",
    "earlier.count": "count",
    "earlier.link": "page to link to",
    "answer.date": "date",
    "answer.sender": "sender",
    "answer.reference": "reference number; log it, or leave the word out with an “if”",
    "answer.subject": "subject; log it, or leave the word out with an “if”",
}
