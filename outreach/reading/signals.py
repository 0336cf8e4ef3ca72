"""What the sentences of a text want, by the phrases of their languages; what it comes to is for the rules."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from outreach.reading.phrases.vocabulary import Vocabulary
from outreach.reading.sentences import bare, folded, pattern

_EDGES: Final = " .,;:!?*\"'-_()[]<>/؟،؛"
_ADDRESS: Final = re.compile(r"[\w.+-]{1,64}@[\w.-]{3,200}")
_LONGEST_ASK: Final = 300
_CLAUSES: Final = re.compile(
    folded(
        r"[,;:()،؛]|\s-\s|\b(?:but|however|mais|cependant|toutefois|pero|aunque|sino|aber|jedoch|sondern|mas|"
        r"porém|но|однако)\b|\b(?:و)?لكن"
    )
)
"""What a refusal in one part of a sentence does not reach across."""
_REQUESTS: Final = re.compile(
    folded(
        r"\b(?:can|could|would|will|please|kindly|mind|is it possible|ask you|auriez|serait|serían|"
        r"serían|possible|amables?|bondad|gentileza|gentillesse|"
        r"obligeance|sería|seria|agradec\w+|wäre|bitten|возможно|нельзя ли|pouvez|pourriez|peux|"
        r"pourrais|svp|s'il|merci|puede[ns]?|"
        r"podrían?|podrías|por favor|"
        r"können|könnten|könntet|kannst|bitte|würden|podem?|poderiam?|можете|могли|пожалуйста|можно)\b|ممكن|يمكن|"
        r"الرجاء|أرجو|لو سمحت|يرجى"
    )
)
"""A question with such a word asks for something to be done, not for something to be told."""


_MAY_WE: Final = re.compile(
    folded(
        r"\b(?:(?:may|can|could|should|shall|might) (?:i|we)|puis-je|pouvons-nous|peut-on|devons-nous|"
        r"podemos|puedo|"
        r"debo|debemos|(?:darf|kann|soll|sollte) ich|(?:dürfen|können|sollen) wir|posso|devo|devemos|могу|можем|"
        r"можно ли|стоит ли)\b|هل (?:يمكنني|يمكننا|أستطيع|نستطيع)"
    )
)
"""A question with such words is about what the writer may do."""
_EVEN_WHEN: Final = re.compile(
    folded(
        r"\b(?:even when|même (?:quand|lorsque)|incluso cuando|aun cuando|mesmo quando|даже когда)\b[^.;!?]{0,100}|"
        r"حتى عندما[^.;!?]{0,100}"
    )
)
"""What somebody cannot do at times is not refused now."""


class Signal(StrEnum):
    """What one sentence does."""

    OPT_OUT = "opt-out"
    KEEP = "keep"
    STAY = "stay"
    WITHDRAW = "withdraw"
    SIGN = "sign"
    WOULD = "would"
    VERB = "verb"
    DECLINE = "decline"
    POWERLESS = "powerless"
    CONDITION = "condition"
    CHANGE = "change"
    FORWARD = "forward"
    ADDRESS = "address"
    QUESTION = "question"
    ASK = "ask"
    RECEIPT = "receipt"
    ANSWER = "answer"


@dataclass(slots=True)
class Signals:
    """For each signal the numbers of the sentences that give it, in order."""

    found: dict[Signal, list[int]] = field(default_factory=dict)

    def add(self, signal: Signal, sentence: int) -> None:
        """Note that the sentence gives the signal; sentences come in order."""
        places = self.found.setdefault(signal, [])
        if not places or places[-1] != sentence:
            places.append(sentence)

    def __contains__(self, signal: object) -> bool:
        return signal in self.found

    def count(self, signal: Signal) -> int:
        """In how many sentences it is given."""
        return len(self.found.get(signal, ()))

    def last(self, signal: Signal) -> int:
        """The last sentence that gives it; -1 if none does."""
        return self.found.get(signal, [-1])[-1]

    def together(self, one: Signal, other: Signal) -> bool:
        """Whether a sentence gives both."""
        return not set(self.found.get(one, ())).isdisjoint(self.found.get(other, ()))

    def only_with(self, one: Signal, other: Signal) -> bool:
        """Whether every sentence that gives the one gives the other too."""
        return set(self.found.get(one, ())) <= set(self.found.get(other, ()))


def signals(sentences: tuple[str, ...], vocabularies: tuple[Vocabulary, ...]) -> Signals:
    """What each folded sentence wants, in any of the languages."""
    found = Signals()
    for number, sentence in enumerate(sentences):
        if _is_question(sentence):
            found.add(Signal.QUESTION, number)
        if _ADDRESS.search(sentence):
            found.add(Signal.ADDRESS, number)
        for known in vocabularies:
            for signal in _of_sentence(sentence, known):
                found.add(signal, number)
    return found


def _is_question(sentence: str) -> bool:
    return sentence.rstrip("\"') ")[-1:] in ("?", "؟")


def _of_sentence(sentence: str, known: Vocabulary) -> set[Signal]:
    def phrases(group: tuple[str, ...]) -> re.Pattern[str]:
        return pattern(group, whole_words=known.whole_words)

    found = {signal for signal, group in _PLAIN if phrases(group(known)).search(sentence)}
    found |= _of_conditions(phrases(known.met).sub(" ", sentence), phrases, known)
    if _is_question(sentence) and (_MAY_WE.search(sentence) or not _REQUESTS.search(sentence)):
        found.discard(Signal.FORWARD)
    if phrases(known.withdraws).search(sentence):
        return found | {Signal.WITHDRAW}
    kept = phrases(known.keep).sub(" ", sentence)
    if kept != sentence:
        found.add(Signal.KEEP)
    if _says_stop(sentence, known):
        found.add(Signal.OPT_OUT)
    if phrases(known.opt_out).search(kept) and (not _is_question(sentence) or _REQUESTS.search(sentence)):
        found.add(Signal.OPT_OUT)
    refused, said = _of_refusal(sentence, phrases, known)
    found |= said
    if len(sentence) <= _LONGEST_ASK and phrases(known.asks).search(sentence):
        found.add(Signal.ASK)
    if not phrases(known.later).search(sentence):
        found |= _of_agreement(refused, sentence, phrases, known)
    return found


_PLAIN: Final[tuple[tuple[Signal, Callable[[Vocabulary], tuple[str, ...]]], ...]] = (
    (Signal.VERB, lambda known: known.sign),
    (Signal.STAY, lambda known: known.stays),
    (Signal.FORWARD, lambda known: known.forwards),
    (Signal.RECEIPT, lambda known: known.receipts),
    (Signal.ANSWER, lambda known: known.answers),
)


def _of_refusal(
    sentence: str, phrases: Callable[[tuple[str, ...]], re.Pattern[str]], known: Vocabulary
) -> tuple[str, set[Signal]]:
    """The sentence without the clauses that refuse, and what it refuses: to sign, or only to decide oneself."""
    weighed = _EVEN_WHEN.sub(" ", phrases(known.neither).sub(" ", phrases(known.stays).sub(" ", sentence)))
    refused = phrases(known.declines).sub(" \u00a4 ", weighed)
    if refused == weighed:
        return weighed, set()
    kept = " , ".join(clause for clause in _CLAUSES.split(refused) if "\u00a4" not in clause)
    if phrases(known.declines).search(phrases(known.powerless).sub(" ", weighed)):
        return kept, {Signal.DECLINE}
    return kept, {Signal.DECLINE, Signal.POWERLESS}


def _of_conditions(
    rest: str, phrases: Callable[[tuple[str, ...]], re.Pattern[str]], known: Vocabulary
) -> set[Signal]:
    """What a sentence still asks for once what has been done is taken out of it."""
    groups = ((Signal.CONDITION, known.conditions), (Signal.CHANGE, known.changes))
    return {signal for signal, group in groups if phrases(group).search(rest)}


def _says_stop(sentence: str, known: Vocabulary) -> bool:
    stop = pattern(known.stop, whole_words=known.whole_words)
    return any(stop.fullmatch(said) for said in (sentence.strip(_EDGES), bare(sentence)))


def _of_agreement(
    rest: str, whole: str, phrases: Callable[[tuple[str, ...]], re.Pattern[str]], known: Vocabulary
) -> set[Signal]:
    """What is left of the sentence once its refusals are taken out may agree; a question only if it asks to add."""
    asked = _is_question(whole)
    found: set[Signal] = set()
    if phrases(known.requests).search(rest) or (not asked and phrases(known.signs).search(rest)):
        found.add(Signal.SIGN)
    if not asked and phrases(known.yes).fullmatch(whole.strip(_EDGES)):
        found.add(Signal.SIGN)
    if phrases(known.would).search(rest):
        found.add(Signal.WOULD)
    return found
