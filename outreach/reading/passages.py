"""A person's text in its parts: what it says, the signature block, and what a program or a lawyer added."""

import re
from dataclasses import dataclass
from typing import Final

from outreach.reading.phrases import VOCABULARIES
from outreach.reading.sentences import folded, one_line, pattern

_LONGEST_CLOSING: Final = 70
_LONGEST_SIGNATURE_LINE: Final = 110
_MOST_LINES: Final = 2_000
_LONGEST_GREETING: Final = 60

_SENT_FROM: Final = re.compile(
    folded(
        r"^(?:sent (?:from|with|via|by) |get (?:outlook|bluemail)|envoyé (?:de|depuis|avec|à partir) |"
        r"télécharge[rz] outlook|"
        r"obtene[rz] outlook|enviado (?:desde|do|de|a partir|con|com|pelo|via|através) |baixe o outlook|"
        r"obter (?:o )?outlook|"
        r"von meine[mr] .{0,60}gesendet|gesendet (?:von|mit|über) |diese nachricht wurde (?:von|mit)|"
        r"outlook (?:für|for|pour|para)|"
        r"holen sie sich outlook|laden sie outlook|отправлено (?:с |из |через )|скачать outlook|أرسلت من|"
        r"تم الإرسال من|مرسل من|"
        r"أرسل من|الحصول على outlook|أُرسلت من|verzonden|inviato da|antes de imprimir|before printing|"
        r"please consider the environment|"
        r"virus-?free|virenfrei|this email has been (?:checked|scanned)|brought to you by)"
    )
)
_LEGAL: Final = re.compile(
    folded(
        r"(?:confidential|intended recipient|intended (?:solely|only) for|legally privileged|disclaimer|"
        r"confidentiel|destinataire prévu|"
        r"n'êtes pas le destinataire|vertraulich|nicht der (?:richtige|vorgesehene|beabsichtigte) (?:adressat|"
        r"empfänger)|confidencial|"
        r"aviso legal|no es (?:el|usted el) destinatario|não (?:é|for) o destinatário|aviso de confidencialidade|"
        r"конфиденциальн|"
        r"не являетесь (?:адресатом|получателем)|سرية|سري و|المرسل إليه المقصود|datenschutzhinweis|"
        r"registered charity|avis de confidentialité)"
    )
)
_GREETING: Final = re.compile(
    folded(
        r"^(?:dear|hi|hello|hey|good (?:morning|afternoon|evening|day)|greetings|to whom|bonjour|bonsoir|salut|"
        r"chère?s?|madame|monsieur|"
        r"mesdames|hola|buen[oa]s? (?:días|tardes|noches|día)|estimad[oa]s?|querid[oa]s?|apreciad[oa]s?|hallo|"
        r"guten (?:tag|morgen|abend)|"
        r"sehr geehrte[rs]?|liebe[rs]?|grüß gott|moin|servus|grüezi|olá|oi|bom dia|boa (?:tarde|noite)|car[oa]s?|"
        r"prezad[oa]s?|"
        r"exm[oa]|здравствуйте|добрый (?:день|вечер)|доброе утро|доброго|уважаем\w+|дорог\w+|коллеги|привет|"
        r"السلام عليكم|تحية|مرحبا|"
        r"أهلا|السيد|السيدة|الأخ|الأخت|العزيز|العزيزة|عزيزتي|عزيزي|حضرة|سعادة|صباح|مساء|ladies|team|rosa|all)(?!\w)"
    )
)
_DELIMITER: Final = re.compile(r"^(?:--|—|__+|==+|\*\*+|- -)\s*$")


@dataclass(frozen=True, slots=True)
class Passages:
    """``said`` is what the person says, greeting included; ``signature`` are the lines below, unfolded."""

    said: str
    signature: tuple[str, ...]

    @property
    def bare(self) -> str:
        """What is said in one folded line, without greeting, closing and punctuation around it."""
        lines = [line for line in self.said.split("\n") if line.strip()]
        if len(lines) > 1 and is_greeting(lines[0]):
            lines = lines[1:]
        return one_line(" ".join(lines[:20])[:1000]).strip(" .,;:!?*\"'-_()[]<>/؟،؛")


def passages(text: str) -> Passages:
    """The text in its parts; whatever is in doubt belongs to what is said."""
    lines = [line.strip() for line in text.split("\n", _MOST_LINES)[:_MOST_LINES]]
    lines = _without_legal(lines)
    end = _signature_start(lines)
    said = [line for line in lines[:end] if not _SENT_FROM.match(folded(line[:100]))]
    below = [line for line in lines[end:] if line and not _DELIMITER.match(line)]
    signature = [line for line in below if not _SENT_FROM.match(folded(line[:100])) and not is_closing(line)]
    return Passages("\n".join(said).strip(), tuple(signature[:30]))


def is_greeting(line: str) -> bool:
    """Whether the line is only a greeting."""
    plain = one_line(line[:200])
    return (
        len(plain) <= _LONGEST_GREETING and _GREETING.match(plain) is not None and not re.search(r"[.!?] \w", plain)
    )


def is_closing(line: str) -> bool:
    """Whether the line is only a closing ("Best regards,"), as it stands above a name."""
    plain = one_line(line[:200]).strip(" .,;:!-*،")
    return len(plain) <= _LONGEST_CLOSING and any(
        pattern(known.closings, whole_words=known.whole_words).fullmatch(plain) for known in VOCABULARIES
    )


def _without_legal(lines: list[str]) -> list[str]:
    """The lines down to a long one, or the first of several, that disclaims."""
    for index, line in enumerate(lines):
        if index > 0 and len(line) > _LONGEST_CLOSING and _LEGAL.search(folded(line[:400])):
            return lines[:index]
    return lines


def _signature_start(lines: list[str]) -> int:
    """The first line of the signature block: after "-- ", or a closing with only short lines below it."""
    for index, line in enumerate(lines):
        if index and (_DELIMITER.match(line) or is_closing(line)) and _is_block(lines[index + 1 :]):
            return index
    return len(lines)


def _is_block(lines: list[str]) -> bool:
    filled = [line for line in lines if line]
    short = all(len(line) <= _LONGEST_SIGNATURE_LINE for line in filled)
    return len(filled) <= 16 and short and not any(line.endswith("?") for line in filled)  # noqa: PLR2004
