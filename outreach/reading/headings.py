"""What mail programs in our seven languages, and a few more, write above what they quote: the words only."""

import re
from typing import Final

from outreach.reading.sentences import folded

_SENDER: Final = (
    "from|de|von|от|отправитель|من|المرسل|da|van|fra|från|od|expediteur|remitente|remetente|absender|lähettäjä"
)
_DATE: Final = (
    "sent|date|sent on|envoyé|envoyé le|date d'envoi|enviado|enviado el|enviado em|enviada|enviada em|fecha|"
    "data|gesendet|gesendet am|datum|отправлено|дата|дата отправки|تاريخ الإرسال|تم الإرسال|أرسلت|أُرسلت|أرسل|"
    "التاريخ|تاريخ|تم إرساله|inviato|verzonden|skickat|sendt|wysłano|data e hora|fecha y hora|date et heure"
)
_RECIPIENT: Final = (
    "to|à|a|pour|para|an|кому|получатель|إلى|الى|aan|till|til|do|destinataire|destinatario|empfänger"
)
_SUBJECT: Final = (
    "subject|objet|sujet|asunto|assunto|betreff|тема|الموضوع|موضوع|oggetto|onderwerp|ämne|emne|temat|re"
)
_COPY: Final = (
    "cc|copie|copia|cópia|kopie|копия|نسخة|نسخة إلى|reply-to|répondre à|responder a|antwort an|antworten an|"
    "ответить|bcc|importance|importancia|priorité|wichtigkeit|attachments|anlagen|pièces jointes|message-id|"
    "mailing list|list-unsubscribe|cco|важность|الأهمية|return-path|mime-version|content-type|x-mailer|"
    "organization|sender"
)


def _words(text: str) -> frozenset[str]:
    return frozenset(folded(text).split("|"))


LABELS: Final[dict[str, frozenset[str]]] = {
    "from": _words(_SENDER),
    "date": _words(_DATE),
    "to": _words(_RECIPIENT),
    "subject": _words(_SUBJECT),
    "copy": _words(_COPY),
}
"""Names of header fields as they are shown above a quoted mail, by what they mean."""

ORIGINAL: Final = re.compile(
    folded(
        r"(?:original|origine|originale|initial|forwarded|fwd|weitergeleitete|ursprüngliche|ursprungliche|"
        r"transféré|transmis|réexpédié|reenviado|encaminhada|reencaminhada|mensaje original|"
        r"исходное|пересылаемое|пересланное|переадресованное|оригинальное|начало|"
        r"الأصلية|المعاد|معاد|أعيد|ممررة|مُعاد|محولة|inoltrato|doorgestuurd|oorspronkelijk\w*)"
    )
)
"""A word that makes a line between dashes the beginning of another mail."""

MAIL_WORD: Final = re.compile(
    folded(
        r"(?:message|mail|nachricht|mensaje|mensagem|correo|сообщени[еяй]|письм[оа]|رسالة|الرسالة|رسالة|messaggio|bericht)"
    )
)

BEGINNINGS: Final = tuple(
    folded(line)
    for line in (
        "begin forwarded message",
        "start of forwarded message",
        "début du message réexpédié",
        "début du message transféré",
        "anfang der weitergeleiteten nachricht",
        "anfang der weitergeleiteten e-mail",
        "inicio del mensaje reenviado",
        "inicio de mensaje reenviado",
        "início da mensagem reencaminhada",
        "início da mensagem encaminhada",
        "начало переадресованного сообщения",
        "начало пересылаемого сообщения",
        "بداية الرسالة المعاد توجيهها",
        "بداية الرسالة المُمرَّرة",
        "بدء رسالة محولة",
        "inizio messaggio inoltrato",
    )
)
"""Lines of Apple Mail above a forwarded mail; a colon follows."""

WROTE: Final = re.compile(
    folded(
        r"(?<!\w)(?:wrote|writes|écrit|ecrivait|a écrit|escribió|escribio|escribía|schrieb|schreibt|geschrieben|"
        r"escreveu|scritto|schreef|skrev|napisał|napisał\(a\)|пишет|писал|писала|писали|написали|пишете|писал\(а\)|написал|написала|"
        r"написал\(а\)|wrote on|said|كتب|كتبت|كتبَ|كتب/كتبت|تمت كتابة|تمّت كتابة|قام بكتابة|قام)(?!\w)"
    )
)
"""The verb of an attribution line."""

OPENERS: Final = re.compile(
    folded(
        r"^[^\w]{0,6}(?:on|le|am|el|em|no dia|il|op|den|w dniu|dnia|quoting|zitat von|zitat|citando|citando a|"
        r"citation de|quoth|at|в|во|от|on date|date|in reply to|in message|in a message|dans son|dans le|bei|"
        r"mon|tue|wed|thu|fri|sat|sun|monday|tuesday|wednesday|thursday|friday|saturday|sunday|"
        r"lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lun|mar|mer|jeu|ven|sam|dim|"
        r"lunes|martes|miércoles|jueves|viernes|sábado|domingo|mié|jue|vie|sáb|"
        r"montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|mo|di|mi|do|fr|sa|so|"
        r"segunda|terça|quarta|quinta|sexta|seg|ter|qua|qui|sex|"
        r"понедельник|вторник|среда|среду|четверг|пятница|пятницу|суббота|субботу|воскресенье|пн|вт|ср|чт|пт|сб|вс|"
        r"في|بتاريخ|يوم|\d{1,4})(?!\w)"
    )
)
"""How an attribution line begins, by a preposition or by the date itself."""

QUOTING: Final = re.compile(
    folded(r"^[^\w]{0,6}(?:quoting|zitat von|citando a?|citation de|citant|цитирую|نقلا عن)(?!\w)")
)
"""Attributions that carry no verb after the name (Horde, IMP)."""

LISTS: Final = re.compile(
    r"(?:mailing list|you received this message because|you are subscribed to|to unsubscribe|unsubscribe from this|"
    r"mailman/(?:listinfo|options)|/listinfo|groups\.io|list archives|liste de diffusion|pour vous desinscrire|"
    r"lista de correo|lista de distribuicao|verteilerliste|mailingliste|список рассылки|to post to this group|"
    r"googlegroups|sie erhalten diese nachricht, weil|has recibido este mensaje porque|vous recevez ce message car|"
    r"vous recevez ce message, car|voce recebeu esta mensagem porque|вы получили это сообщение, поскольку|"
    r"لقد تلقيت هذه الرساله)"
)
"""Words of the footer that a mailing list adds below a mail."""
