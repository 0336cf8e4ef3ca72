"""What a mail says that is known to come from an official's office: that a letter arrived, or an answer to it."""

import re
from collections.abc import Collection
from dataclasses import replace
from typing import Final

from outreach.domain.replies import OFFICIALS, REPLIES, ReplyKind
from outreach.reading.absences import new_part
from outreach.reading.languages import likely
from outreach.reading.mail import ReceivedMail
from outreach.reading.passages import passages
from outreach.reading.rules import Understood
from outreach.reading.sentences import sentences
from outreach.reading.signals import Signal, signals
from outreach.reading.understanding import UNREADABLE

LONGEST_SEARCHED: Final = 20_000

_NUMBER: Final = r"(?:\s{0,3}(?:number|num(?:ber|éro|ero)?|no|nr|n[°ºo]|núm|code|رقم)\b\.?)?"
_NAMED: Final = re.compile(
    r"(?<![\w/])(?P<whose>(?:your |votre |vos |su |sua |ihr(?:e|es|em)? |v/|s/)(?=r[ée]?f|zeichen|مرجع))?(?:n/)?"
    r"(?:r[ée]f[ée]rences?|referencias?|refer[êe]ncias?|r[ée]f|file|case|ticket|docket|dossier|expediente|processo|"
    r"aktenzeichen|geschäftszeichen|az|(?:under|sous le|con el|bajo el|unter der) "
    r"(?:number|num[ée]ro|número|nummer)|"
    r"(?:ال)?مرجع(?:نا|كم)?|(?:ال|ب|بال)?رقم|(?:вх(?:одящий)?|исх(?:одящий)?|номер)|№)"
    rf"\b\.?{_NUMBER}[\s:#=№\[(\"«]{{0,4}}(?P<given>is |est |es )?"
    r"(?P<number>(?=\S{0,60}\d)[^\W_][\w/().:–-]{2,60})",
    re.IGNORECASE,
)
_OURS: Final = re.compile(r"مرجعكم")


def from_an_office(mail: ReceivedMail, understood: Understood) -> Understood:
    """The mail as an office's: what a person wrote there is an answer, or says that the letter has arrived.

    What a machine wrote stays what it is, unless it gives the letter a number. So does a wish for no more mail,
    which a person weighs, and what could not be read.
    """
    if understood.kind is ReplyKind.AUTOMATIC_ANSWER:
        if not reference_in(mail) or understood.rule == "our own mail":
            return understood
        said = new_part(mail)
        return replace(
            understood, kind=ReplyKind.ACKNOWLEDGEMENT, rule="office's receipt", confidence=0.7, new_text=said
        )
    kept = (ReplyKind.OPT_OUT, *OFFICIALS)
    if REPLIES[understood.kind].automatic or understood.kind in kept or understood.rule == UNREADABLE:
        return understood
    kind = ReplyKind.ACKNOWLEDGEMENT if _only_acknowledges(mail) else ReplyKind.ANSWER
    return replace(understood, kind=kind, rule=f"office's {kind.value}", confidence=0.7, signer=None)


def _only_acknowledges(mail: ReceivedMail) -> bool:
    said = passages(new_part(mail)).said
    found = signals(sentences(said), likely(said))
    return Signal.RECEIPT in found and found.count(Signal.ANSWER) < max(2, found.count(Signal.RECEIPT))


def reference_in(mail: ReceivedMail, ours: Collection[str] = ()) -> str:
    """The number under which the office has the letter, as it writes it; "" if it names none but ours."""
    known = {one.casefold() for one in ours}
    for text in (new_part(mail)[:LONGEST_SEARCHED], mail.subject[:1000]):
        for found in _NAMED.finditer(text):
            number = _trimmed(found["number"])
            # "Your reference:" is ours that they quote; "your reference number is" gives one.
            if (found["whose"] and not found["given"]) or _OURS.search(found.group()) or number.casefold() in known:
                continue
            return number
    return ""


def _trimmed(number: str) -> str:
    bare = number.rstrip(".,;:–-")
    return bare[:-1] if bare.endswith(")") and "(" not in bare else bare
