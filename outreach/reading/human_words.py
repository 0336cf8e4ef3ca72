"""What people write and machines do not: that they answer what we asked, write by hand, or know whom they write to.

Phrases are written as the language writes them and folded before they are compared (``sentences.folded``).
"""

import re
from typing import Final

from outreach.reading.sentences import folded, folded_pattern

ENGAGED: Final = re.compile(
    r"(?<!\w)(?:"
    + "|".join(
        map(
            folded_pattern,
            (
                r"(?:yes|yep)[,!.]",
                r"sign(?:ed|ing|ature|atory|atories)?(?: \w{1,12})? (?:us|me|on|up|the|your|it|this)",
                r"signs|signed|signing|signator(?:y|ies)",
                r"(?:add|count|include) (?:us|me|our)",
                r"(?:the|your) letter",
                r"happy to|glad to|we support|endorse",
                r"sorry for (?:the )?(?:late|delay|slow)",
                r"unsubscribe",
                r"just so you know|let me know|tell me|by the way|as discussed",
                (
                    r"(?:look at|discuss|consider|raise|check|decide on) (?:it|this)|(?:our|the) (?:board|members|"
                    r"director|executive)"
                ),
                r"your (?:campaign|call|petition|statement|appeal|invitation)",
                (
                    r"(?:notre|le|au) (?:bureau exécutif|conseil|ca)|en (?:parlerai|discuterons)|examiner\w{0,4}|"
                    r"votre appel"
                ),
                r"(?:unser|der|dem) vorstand|bespreche\w?|prüfe\w?|ihre[nm]? aufruf|sagen sie mir",
                (
                    r"(?:nuestra|la) (?:junta|directiva)|(?<!puedes )(?<!puede )(?<!pueden )consultar\w{0,3}|"
                    r"su (?:llamado|invitación|campaña)|dígame|avísame"
                ),
                r"(?:nossa|a) (?:direção|diretoria)|analisar\w{0,4}|vosso (?:apelo|convite)|diga-me|avise",
                (
                    r"правлени\w{1,3}|рассмотр\w{1,4}|обсуд\w{1,4}|ваш\w{0,2} (?:призыв|кампани)\w{0,2}|"
                    r"مجلس الإدارة|"
                    r"سنناقش\w{0,3}"
                ),
                r"oui[,!.]",
                r"(?:signe|signons|signer|signature|signataire)s?",
                r"(?:votre|la) lettre",
                r"désolée?s?",
                r"sí[,!.]",
                r"firm(?:a|ar|amos|o|e|en)",
                r"(?:su|la|vuestra) carta",
                r"ja[,!.]",
                r"unterzeichn\w{0,6}|unterschreib\w{0,4}",
                r"(?:ihr|der|den) (?:offene\w? )?brief",
                r"sim[,!.]",
                r"assin(?:a|ar|amos|o|em|atura)",
                r"(?:a|sua|vossa) carta",
                r"نعم",
                r"(?:نوقع|أوقع|توقيع|التوقيع)\w{0,4}",
                r"الرسالة المفتوحة",
                r"да[,!.]",
                r"подпис\w{0,8}",
                r"(?:ваше|открытое) (?:открытое )?письмо",
            ),
        )
    )
    + r")"
)
"""Words of somebody who answers what we asked; no machine says these."""


BY_HAND: Final = re.compile(
    r"(?<!\w)(?:"
    + "|".join(
        map(
            folded_pattern,
            (
                r"(?:not|no|isn't) (?:an? )?auto(?:mat\w*|-?(?:reply|response))",
                r"(?:pas|n'est) (?:une? )?(?:\w{1,12} )?automatique|no es una? (?:\w{1,12} )?automátic[oa]",
                (
                    r"keine automat\w*|não é uma? (?:\w{1,12} )?automátic[oa]|не автомат\w*|ليست? (?:رد|"
                    r"رسالة)\w{0,2} (?:آلي|تلقائي)\w?"
                ),
                (
                    r"(?:i|we|i've|we've) (?:was|were|have been|had been|been) (?:\w{1,20} ){0,2}(?:out|"
                    r"away|on|off|travell?ing)"
                ),
                (
                    r"(?:just|now|finally|i'm|i am|we're|we are) back(?! on| in)|^\W{0,3}back (?:at|"
                    r"from|now|today|in)|"
                    r"[.!?] back at|got back"
                ),
                (
                    r"(?:our|my) (?:chair|director|president|board|colleague|secretary|boss|manager|coordinator)"
                    r"\w{0,6} (?:is|are|will be)|(?:notre|ma|mon) \w{1,20} (?:est|sera) (?:en|absent)|"
                    r"(?:nuestr[oa]|mi) \w{1,20} "
                    r"(?:está|estará)|(?:unsere?|meine?) \w{1,20} ist|(?:nossa|nosso|minha|meu) \w{1,20} está"
                ),
                r"(?:j'étais|j'ai été|nous étions)|(?:de retour|rentrée?) (?:de|d'|aujourd'hui)",
                r"(?:estaba|estuve|estábamos|estuvimos|acabo de (?:volver|regresar))",
                (
                    r"(?:war|waren) (?:ich |wir )?(?:\w{1,20} ){0,4}(?:urlaub|abwesend|krank|weg|verreist|büro)|"
                    r"zurück aus"
                ),
                r"(?:estive|estava|estávamos|estivemos|acabo de (?:voltar|regressar))",
                (
                    r"(?:был|была|были) (?:\w{1,20} ){0,2}(?:в|вне|на)|только (?:что )?вернул\w{1,3}|"
                    r"كنت|كنا|عدت (?:من|للتو)"
                ),
            ),
        )
    )
    + r")(?!\w)"
)
"""Somebody says that no machine wrote, or was away and is not any more."""

_GENERIC: Final = frozenset(
    folded(
        "sir sirs madam all colleague colleagues friend friends customer sender user everyone everybody team there "
        "applicant correspondent member partner reader supporter valued "
        "madame monsieur mesdames messieurs tous toutes chers chères collègue collègues ami amis amie expéditeur "
        "expéditrice usager "
        "damen herr herren kollegin kolleginnen kollege kollegen freundin freundinnen freund freunde "
        "absender kunde "
        "kundin kunden zusammen "
        "señor señora señores señoras señor/a amigo amiga amigos amigas colega colegas compañera compañeras "
        "compañero compañeros remitente usuario usuaria cliente persona todas todos a "
        "senhor senhora senhores senhoras utilizador utilizadora amigos amigas "
        "коллега коллеги друзья друг отправитель клиент господа все пользователь спасибо ваше "
        "الزملاء الزميلات الأصدقاء السادة الجميع العميل المرسل السيد السيدة الكرام عليكم"
    ).split()
)
_GREETS: Final = re.compile(
    folded_pattern(
        r"^\W{0,6}(?:(?:hi|hello|hey|dear|my dear|good (?:morning|afternoon|evening)|liebe[rs]?|hallo|"
        r"guten (?:tag|morgen)|"
        r"moin|sehr geehrte[rs]?|bonjour|bonsoir|salut|chère?|hola|buen[oa]s? (?:días|tardes)|"
        r"estimad[oa]|querid[oa]|"
        r"olá|oi|bom dia|boa tarde|car[oa]|prezad[oa]|уважаем(?:ая|ый)|дорог(?:ая|ой)|привет|عزيزتي|"
        r"عزيزي|الأستاذة?|"
        r"السيدة?|الأخت|الأخ) |(?:здравствуйте|добрый день|доброе утро|привет|hi|hello|hola|olá|bonjour), )"
        r"(?:(?:mr|mrs|ms|mx|dr|prof|frau|herr|mme|mlle|m|sra|sr|d|dona|don|doña)\.? |madame |señora |senhora |"
        r"госпожа )?([^\W\d]{2,30})(?: [^\W\d]{2,30}){0,2} ?(?:[,!.:،]|-|$)"
    )
)


def greets_somebody(text: str) -> bool:
    """Whether a folded text of one line begins with a greeting by name, as few machines do."""
    found = _GREETS.match(text[:120])
    return found is not None and found.group(1) not in _GENERIC
