"""What goes with an absence in seven languages: the return, and that nobody reads meanwhile.

Phrases are written as the language writes them and folded before they are compared (``sentences.folded``).
"""

from typing import Final

from outreach.reading.automatic_words import by_language

RETURNS: Final = by_language(
    en=(
        r"(?:will|i'll|shall) (?:be back|return|resume|reply (?:when|on my|upon|after))",
        r"(?:back|returning) (?:in the office )?on",
        r"(?:on|upon|after) my return",
        r"when i (?:return|get back|am back|'m back)",
    ),
    fr=(
        r"de retour (?:le|au bureau|à partir|lundi)",
        r"(?:à|dès|après) mon retour",
    ),
    es=(
        r"(?:vuelvo|volveré|regreso|regresaré|me reincorpor\w{1,4})",
        r"a mi (?:regreso|vuelta)",
        r"cuando (?:vuelva|regrese)",
    ),
    de=(
        r"(?:wieder|erst) (?:ab|am|zurück|erreichbar|im büro|für sie)",
        r"nach meiner rückkehr",
        r"wieder erreichbar",
        r"bin ich wieder",
        r"(?:nicht|nur \w{1,20}) (?:gelesen|weitergeleitet)",
    ),
    pt=(
        r"(?:regresso|volto|retorno|regressarei|voltarei|retornarei) (?:a|em|no|ao|dia|às?|na)",
        r"(?:assim que|quando) (?:voltar|regressar|retornar)",
        r"no meu (?:regresso|retorno)",
        r"após o meu regresso",
    ),
    ar=(
        r"(?:بعد|عند|حين) (?:عودتي|العودة)",
        r"قبل عودتي",
        r"سأعود",
        r"أعود (?:إلى|يوم|في)",
    ),
    ru=(
        r"(?:вернусь|буду на месте|выйду на работу|выхожу)",
        r"после (?:моего )?возвращения",
        r"по возвращении",
    ),
)
"""When somebody will be there again: a machine's mail says so of an absence, a person's of a meeting as well."""

UNREAD: Final = by_language(
    en=(
        r"thank(?:s| you) for (?:(?:your|the) (?:e-?mail|message|mail|note)|writing|getting in touch|reaching out)",
        r"(?:not|n't) (?:being |be )?(?:checked|checking|reading|monitor\w{1,4}|forwarded)",
        r"access to (?:my )?(?:e-?mail|mail)",
        (
            r"(?:won't|will not|not be able to) (?:be )?(?:see|read|seeing|reading) (?:your|this|my|any) "
            r"(?:e-?mails?|mails?|messages?)"
        ),
        (
            r"(?:reply|respond|answer|get back to you|read)(?: \w{1,20}){0,4} (?:when i|on my return|"
            r"upon my return|"
            r"after that|after i|once i)"
        ),
    ),
    fr=(
        r"accès (?:\w{1,12} )?(?:limité|réduit|restreint)",
        r"merci (?:de|pour) (?:votre|ton) (?:message|courriel|mail|e-?mail)|merci de m'avoir (?:écrit|contacté)",
        r"(?:ne|n')(?: \w{1,10})? ?(?:consulte|lis|lirai|consulterai|relève)",
        r"sera lue? à mon retour",
        r"(?:répondrai|répondra|lirai)(?: \w{1,20}){0,4} (?:à|dès) mon retour",
    ),
    es=(
        r"gracias por (?:(?:su|tu|vuestro) (?:mensaje|correo|e-?mail)|escribir(?:me|nos)?|contactar)",
        r"(?:no|sin) (?:leo|leer\w{0,2}|reviso|revisar\w{0,2}|acceso|consult\w{1,5}|conexión)|acceso limitado",
        (
            r"(?:respond|contest|le)\w{1,5}(?: \w{1,20}){0,4} (?:a (?:mi|la) (?:vuelta|regreso)|"
            r"cuando (?:vuelva|regrese))"
        ),
    ),
    de=(
        r"(?:eingeschränkt|begrenzt|beschränkt)\w{0,3} (?:zugriff|zugang)|nur eingeschränkt",
        r"danke? für (?:ihre|deine|eure|die) (?:e-?mail|mail|nachricht)",
        r"(?:lese|rufe) (?:\w{1,12} ){0,3}keine|keinen zugriff|zugriff auf (?:meine|mein)",
        r"(?:nicht|werden) (?:gelesen|weitergeleitet|abgerufen)",
        r"nach meiner rückkehr",
    ),
    pt=(
        (
            r"obrigad[oa] p(?:or|ela|elo) (?:a |o )?(?:sua |tua |vossa |seu |teu |vosso )?(?:mensagem|e-?mail|"
            r"contacto|contato)"
        ),
        r"obrigad[oa] por (?:escrever|contactar|contatar|entrar)|acesso (?:muito )?limitado",
        r"(?:sem|não) (?:acesso|leio|lerei|consult\w{1,5})",
        r"(?:respond|le)\w{1,6}(?: \w{1,20}){0,4} (?:assim que|quando|no meu)",
    ),
    ar=(
        r"وصول محدود|(?:وصولي|اطلاعي) (?:إلى البريد )?محدود",
        r"شكرا (?:على|ل) ?(?:رسالتكم?|رسالتك|بريدكم|تواصلكم)",
        r"(?:لن|لا) (?:أتمكن|أستطيع|أقرأ|أطلع)",
    ),
    ru=(
        r"ограничен\w{0,4} доступ|доступ к почте",
        r"(?:спасибо|благодарю)(?: вас)? за (?:ваше |твое )?(?:письмо|сообщение|обращение)|спасибо,? что написали",
        r"(?:почту|письма|сообщения) не (?:читаю|проверяю|смотрю)",
        r"отвечу(?: \w{1,20}){0,3} (?:после|по возвращении|когда)",
    ),
)
"""What goes with an absence in a machine's answer: thanks for the mail as such, and that it is not being read."""
