"""Receipts: a mail program says that our mail was read or deleted (RFC 8098), or a filter that it was refused."""

import re
from typing import Final

from outreach.domain.bounces import DEAD, BounceReason, enhanced_codes, reason_of
from outreach.domain.replies import ReplyKind
from outreach.reading.machine_signs import from_a_machine
from outreach.reading.mail import ReceivedMail
from outreach.reading.parts import own_parts, own_text, quoted_ids, text_of
from outreach.reading.rules import Failure, Understood

LONGEST_NOTICE: Final = 90
"""Words of a text that may be a receipt without any sign of a machine."""
_ADDRESS: Final = re.compile(
    r"^(?:original|final)-recipient:[^\n@]{0,80}?([^\s<>;,:()\[\]\"]{1,100}@[^\s<>;,:()\[\]\"]{1,255})",
    re.IGNORECASE | re.MULTILINE,
)
_REJECTED: Final = re.compile(
    r"(?:was|is|been|message|mail) (?:automatically )?(?:rejected|refused)|automatically rejected|wurde abgelehnt|"
    r"a été (?:refusé|rejeté)|(?:fue|ha sido|foi) (?:rechazad|rejeitad)|отклонен|تم رفض",
    re.IGNORECASE,
)
_SUBJECT: Final = re.compile(
    r"\s*(?:read|not read|gelesen|ungelesen|lu|non lu|leído|no leído|lida|não lida|lido|lidas?|прочитано|прочтено|"
    r"не прочитано|تمت القراءة|مقروءة|قراءة|gelezen|letto|przeczytano|return receipt[^:]{0,20}|read receipt|"
    r"lesebestätigung|empfangsbestätigung[^:]{0,30}|accusé de lecture|confirmation de lecture|"
    r"confirmación de lectura|"
    r"acuse de recibo[^:]{0,20}|confirmação de leitura|recibo de leitura|уведомление о прочтении|إيصال القراءة|"
    r"disposition notification|deleted|gelöscht|supprimé|eliminado)\s{0,3}(?:\([^()]{0,20}\))?\s{0,3}(?:[:：]|\()",
    re.IGNORECASE,
)
_TEXT: Final = re.compile(
    r"was (?:read|displayed|deleted|opened|received by)\b|has been (?:read|displayed|deleted|opened)\b|"
    r"receipt for the (?:mail|message)|"
    r"(?:read|return) receipt|wurde (?:am |um |ungelesen |ohne )?[^\n]{0,80}(?:gelesen|gelöscht|angezeigt|"
    r"geöffnet)|"
    r"(?:lese|empfangs)bestätigung|a été (?:lu|affiché|supprimé|ouvert)|(?:accusé|confirmation) de (?:lecture|"
    r"réception)|"
    r"(?:fue|ha sido|se ha) (?:leíd|mostrad|eliminad|abiert)|(?:acuse|confirmación) de (?:recibo|lectura)|"
    r"foi (?:lid|exibid|eliminad|apagad|abert)|(?:recibo|confirmação) de leitura|(?:было |было\s)?(?:прочитано|"
    r"прочтено|"
    r"удалено|открыто)|уведомление о прочтении|(?:تمت|تم) (?:قراءة|حذف|عرض|فتح)|إيصال",
    re.IGNORECASE,
)
_OF_OURS: Final = re.compile(
    r"\byour (?:message|mail|e-?mail|document)|receipt|ihre (?:nachricht|e-?mail|mail)|bestätigung|"
    r"votre (?:message|courriel|mail|e-?mail)|accusé|confirmation|su (?:mensaje|correo)|acuse|confirmación|"
    r"(?:el mensaje|le message|die) [^\n]{0,80}(?:enviad|envoyé|gesendet)|a mensagem enviada|"
    r"(?:no|not|aucune|keine|nenhuma|rien ne) [^\n]{0,40}(?:guarant|garanti|garantie|garantit)|"
    r"sua mensagem|recibo|confirmação|ваш\w{0,2} (?:сообщени|письм)|уведомление|رسالتك|رسالتكم|إيصال",
    re.IGNORECASE,
)
"""A program's notice names our mail as what it is; a person says "it", or what the letter is about."""


def receipt(mail: ReceivedMail) -> Understood | None:
    """The receipt, with the id of the mail that was read; a bounce if a filter refused the mail in this form."""
    notices = [part for part in own_parts(mail.message) if "disposition-notification" in part.get_content_type()]
    text = own_text(mail.message)[:4_000]
    if (notices and from_a_machine(mail)) or _stated(mail):
        fields = "\n".join(text_of(part) for part in notices[:3])
        return _refused(mail, fields, text) or _receipt(mail, f"{fields}\n{text}", "read receipt", 1.0)
    if _SUBJECT.match(mail.subject) and _TEXT.search(text) and _OF_OURS.search(text) and _is_short(mail, text):
        return _receipt(mail, text, "read receipt text", 0.8)
    return None


def _stated(mail: ReceivedMail) -> bool:
    kind = str(mail.message.get("Content-Type", ""))[:1_000].lower()
    return "multipart/report" in kind and "disposition-notification" in kind


def _is_short(mail: ReceivedMail, text: str) -> bool:
    """Whether the text is a notice and no letter with a quote; a machine's sign makes up for length."""
    return from_a_machine(mail) or (len(text.split()) < LONGEST_NOTICE and "\n>" not in text)


def _receipt(mail: ReceivedMail, text: str, rule: str, confidence: float) -> Understood:
    return Understood(ReplyKind.RECEIPT, rule, confidence, quoted_ids=quoted_ids(mail.message, text))


def _refused(mail: ReceivedMail, fields: str, text: str) -> Understood | None:
    """A filter's refusal (RFC 5429, 2.1.2), which older Dovecots also use for a full mailbox.

    Whoever wrote the filter chose the words, so that nobody's address is dead by it.
    """
    said = f"{mail.subject}\n{mail.header('Auto-Submitted')}\n{text}"
    if "disposition" in fields.lower() and "displayed" in fields.lower():
        return None
    if not _REJECTED.search(said) and "(rejected)" not in said:
        return None
    reason = reason_of("", "failed", text)
    found = tuple(dict.fromkeys(address.lower() for address in _ADDRESS.findall(fields)))
    failure = Failure(
        recipients=found[:5],
        status=(*enhanced_codes(text), "")[0],
        reason=BounceReason.UNCLEAR if reason in DEAD else reason,
        diagnostic=" ".join(text.split())[:1_000],
    )
    ids = quoted_ids(mail.message, f"{fields}\n{text}")
    return Understood(ReplyKind.BOUNCE, "refused by a filter", 0.9, failures=(failure,), quoted_ids=ids)
