"""How servers say that a mail failed, is late, or was delivered, and where the original mail begins below."""

import re
from typing import Final


def _any(*phrases: str) -> re.Pattern[str]:
    return re.compile("|".join(phrases), re.MULTILINE)


FAILURE: Final = _any(
    r"undeliver|non-?deliver|delivery (has |to \S{1,80} )?fail|failure notice|delivery (failure|problem|error|"
    r"incomplete)",
    r"returned (mail|message|to sender)|returning (mail|message)|mail (delivery )?(system )?(error|failure|failed)",
    r"(could|can|was|were|did|has|have|is|will)( ?not|n't|not) (yet )?(been |be )?(able to )?(be )?(deliver|sent|"
    r"reach)",
    r"(unable|not able|failed|wasn't able|impossible) to (deliver|send|route|reach)|delivery status notification",
    r"(message|mail|e-mail|email)( \S{1,40}){0,4} (was |has been |is )?(rejected|blocked|refused|bounced|returned|"
    r"delayed)",
    r"could not send|delivery( is| has been)?( being)? delayed|address not found|fatal errors|delivery problems",
    r"unzustellbar|nicht (\S{1,20} )?(zugestellt|zustellbar|übermittelt|ausgeliefert)|zustellfehler|zustellproblem",
    r"zustellung( \S{1,80}){0,6} (fehlgeschlagen|gescheitert|nicht möglich|verzögert)|fehler bei der (zustell|"
    r"nachricht)",
    r"non (remis|délivr|distribu)|n'a (pas )?pu être|pas (été|pu être) (remis|délivr|distribu|livr)|"
    r"(échec|echec|erreur)( \S{1,20}){0,3} (remise|livraison|distribution|l'envoi|envoi)|impossible de (remettre|"
    r"livrer)",
    r"no se (ha |han )?(pudo|pudieron|puede|pueden|podido) (entregar|enviar)|no (fue )?entregad|no (ha podido|"
    r"pudo) ser",
    r"(error|fallo|falla)( \S{1,20}){0,3} (entrega|envío)|devuelto|imposible entregar|no entregable",
    r"não (pôde|pode|foi possível|foi|pôde ser)( ser)? (entreg|envi)|não entregue|(falha|"
    r"erro)( \S{1,20}){0,3} entrega|"
    r"devolvid|impossível entregar",
    r"недоставл|не (был\w? |было )?доставл|не (удалось|может быть|удается|удаётся)( \S{1,30}){0,3} достав|"
    r"(ошибка|сбой)( \S{1,20}){0,2} доставк|невозможно доставить|невозможность доставки|сообщение возвращ",
    r"تعذر( \S{1,20}){0,2} (تسليم|التسليم|إرسال|توصيل|تسليمها|إيصال)|لم (يتم|نتمكن من) (تسليم|توصيل|إيصال)|"
    r"فشل( في)? (تسليم|التسليم|إرسال|توصيل|إيصال)|غير قابلة? للتسليم",
    r"mancata consegna|impossibile (consegnare|recapitare)|non (è stato )?(consegna|recapita)|onbestelbaar|"
    r"niet (worden )?(bezorgd|afgeleverd)|niedostarcz|(nie|niemożliwe)( \S{1,20}){0,3} dostarcz",
    r"配信(でき|不能|失敗|エラー)|送信(でき|不能|エラー)|届けられ|配送(でき|不能)|退信|无法(投递|送达|发送)|投递失败|未送达|無法(傳遞|投遞)",
)
"""In lower case. People write this too: it only counts where a machine shows."""

REFUSAL: Final = _any(
    r"(message|mail|e-mail|email)( \S{1,80}){0,8} (was|has been|is)( automatically| been)? (rejected|"
    r"blocked|refused|"
    r"returned to)|(has|was|have|were) not( been)? delivered",
    r"(message|courriel|mail)( \S{1,80}){0,8} (n'a pas (été|pu être) (remis|délivré|distribué)|a été "
    r"(bloqué|rejeté|"
    r"refusé))",
    r"(mensaje|correo)( \S{1,80}){0,8} (no (ha sido|fue) entregado|(ha sido|fue) (bloquead|rechazad|devuelt))",
    r"(nachricht|mail)( \S{1,80}){0,8} (wurde|konnte)( \S{1,80}){0,4} (blockiert|abgelehnt|abgewiesen|"
    r"zurückgewiesen|nicht zugestellt)",
    r"(mensagem|e-mail)( \S{1,80}){0,8} (foi (bloquead|rejeitad|recusad|devolvid)|não foi entregue)",
    r"(письмо|сообщение)( \S{1,80}){0,8} (заблокировано|отклонено|отвергнуто|не доставлено)",
    r"تم (حظر|رفض|حجب)( \S{1,20}){0,2} (رسالت|بريد)|لم يتم (تسليم|توصيل) (رسالت|بريد)",
)
"""That a mail was refused, in words that nobody's absence holds: for machines that are not called as such."""

DELAY: Final = _any(
    r"^\s*warning:|delayed|has not yet been delivered|not yet (been )?delivered|warning message only",
    r"(still|continue to|keep|will) (be )?(try|trying|retry|retried)|(do|need) not (need to )?resend",
    r"could not (be )?(send|sent|deliver|delivered)( \S{1,20}){0,4} (for|in) (the )?(past|last) ",
    r"verzöger|wird weiterhin versucht|retardé|retard de|retrasad|retraso|atrasad|atraso|задерж|تأخ|遅延|延迟",
)
SUCCESS: Final = _any(
    r"success(ful|fully)( \S{1,20}){0,4} (deliver|relay|transmi)|(deliver|relay)ed successfully|^delivered:|"
    r"^relayed:",
    r"(has been|was|were) (successfully )?(delivered|relayed) to|delivery (confirmation|receipt)|return receipt",
    r"^zugestellt:|wurde (erfolgreich )?(zugestellt|übermittelt)|^remis\s?:|a été (bien )?remis|^entregado:|"
    r"^entregue:|"
    r"(fue|se ha|foi) entreg(ado|ue)|^доставлено:|(успешно )?доставлено|^تم التسليم|تم تسليم",
)
ORIGINAL: Final = re.compile(
    r"^[ \t>]{0,8}(?:(?:return-path|received|dkim-signature|arc-seal|x-envelope-from|delivered-to):[ \t]"
    r"|[-=_*+# ]{0,60}\s?(?:below this line is|this is a copy of|here is your returned|the header of the original|"
    r"(?:start of |the |your |possibly truncated )?(?:original|returned|unsent|rejected|undelivered) "
    r"(?:message|mail)|"
    r"(?:message|mail|original) header|message (?:text )?follows|a copy of (?:the|your)|headers? of (?:the|your)|"
    r"kopie (?:ihrer|der)|originalnachricht|ursprüngliche|message (?:d')?origin|mensaje original|mensagem original|"
    r"исходное|оригинал|الرسالة الأصلية)"
    r"[^\n]{0,80}$)",
    re.IGNORECASE | re.MULTILINE,
)
