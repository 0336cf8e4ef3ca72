"""What automatic answers say in seven languages: that they are automatic, and that something has arrived.

Phrases are written as the language writes them and folded before they are compared (``sentences.folded``).
"""

import re
from typing import Final

from outreach.reading.sentences import folded_pattern

_JOINED: Final = "[وف]?"
"""Arabic writes "and" and "so" into the word that follows."""
Phrases = dict[str, re.Pattern[str]]


def by_language(**phrases: tuple[str, ...]) -> Phrases:
    """One pattern for each language, for whole words of folded text."""
    return {
        language: re.compile(
            r"(?<!\w)"
            + (_JOINED if language == "ar" else "")
            + "(?:"
            + "|".join(map(folded_pattern, said))
            + r")(?!\w)"
        )
        for language, said in phrases.items()
    }


SUBJECT_AUTOMATIC: Final = by_language(
    en=(
        r"auto(?:matic|mated)?[ -]?(?:reply|response|responder|answer|email|notification)\w{0,4}",
        r"autoreply",
        r"auto ?:",
    ),
    fr=(r"réponse automatique", r"message automatique", r"accusé (?:de )?réception automatique"),
    es=(r"respuesta automática", r"contestación automática", r"mensaje automático", r"autorrespuesta"),
    de=(r"automatische (?:antwort|rückantwort|nachricht|abwesenheit\w{0,20})", r"autoantwort", r"autom\. antwort"),
    pt=(r"resposta automática", r"mensagem automática", r"resposta autom\."),
    ar=(r"رد (?:تلقائي|آلي)", r"رد تلقائيا?", r"الرد (?:التلقائي|الآلي)", r"إجابة تلقائية"),
    ru=(r"автоматический ответ", r"автоответ\w{0,4}", r"автоматическое (?:сообщение|уведомление)"),
)
"""At the start of a subject (after a bracket or "Re:" of the program's own)."""

STATED: Final = by_language(
    en=(
        (
            r"(?:this|the following|it)(?: e-?mail| message| reply| notification)? (?:is|was|has been) (?:an? |"
            r"being )?"
            r"(?:\w{1,20} ){0,2}?(?:auto(?:matic|mated)?[ -]?(?:generated |computer )?(?:reply|response|responder|"
            r"message|"
            r"e-?mail|mail|notification|answer|acknowledge?ment|confirmation|system)|(?:automatically|auto|"
            r"computer)[ -]?"
            r"(?:generated|sent|created)|(?:generated|sent|created) (?:automatically|by (?:an? |our )?(?:auto|"
            r"system)))"
        ),
        r"^\W{0,9}(?:automatic|automated|auto)[ -]?(?:reply|response|message|answer|acknowledge?ment|e-?mail)",
        (
            r"(?<!recipient )(?<!recipient, )(?<!error )(?<!error, )(?:please do not|(?<!please )do not|don't) "
            r"(?:reply|respond) (?:directly )?to this (?:e-?mail|message|automat\w{1,8})"
        ),
        (
            r"(?:this (?:\w{1,20} )?|the )(?:mailbox|inbox|e-?mail address|"
            r"email account) is (?:not (?:being )?(?:monitored|"
            r"checked|read|attended)|no longer (?:monitored|checked|read)|unmonitored|unattended)"
        ),
        r"type your reply above this line",
        r"to release your message",
        r"a (?:new )?(?:support )?ticket has been (?:created|opened)",
        (
            r"(?:sent|generated|created|written) by (?:an? |our )?(?:robot|bot|computer|automatic system|"
            r"auto-?responder)"
        ),
    ),
    fr=(
        (
            r"(?:ceci est|il s'agit d'|c'est|(?:message|courriel) est) ?une? (?:message|courriel|e-?mail|mail|"
            r"réponse) (?:\w{1,12} )?automatique"
        ),
        (
            r"ce (?:message|courriel|e-?mail|mail)(?: \w{1,12}){0,3} (?:généré|envoyé|émis) (?:automatiquement|"
            r"par un automate)"
        ),
        r"^\W{0,9}(?:réponse|message|courriel) automatique",
        r"(?:merci|veuillez|prière|svp) (?:de )?ne pas (?:y )?répondre(?: directement)?(?= ?[.!,;]| ?$| à ce)",
        r"ne pas répondre à ce (?:message|courriel|mail)",
        r"(?:cette|la) (?:boîte|adresse) (?:\w{1,20} ){0,3}n'est pas (?:consultée|relevée|surveillée)",
    ),
    es=(
        (
            r"(?:este|esta|un|una|^\W{0,9}|es un|es una) ?(?:es un |es una )?(?:mensaje|correo|respuesta|"
            r"e-?mail)(?: ha sido)? "
            r"(?:generad[oa] |enviad[oa] )?(?:automátic[oa]|automáticamente|de forma automática)"
        ),
        r"est[ea](?: \w{1,20}){1,3} (?:se ha |ha sido |fue )?(?:generad|enviad)[oa] (?:automátic|de forma)\w{0,6}",
        r"(?:por favor,? )?no (?:responda|conteste|responder|contestar) (?:a )?este (?:mensaje|correo|e-?mail)",
        r"(?:este buzón|esta (?:cuenta|dirección)) no (?:se )?(?:atiende|revisa|es monitorizada|lee)",
    ),
    de=(
        (
            r"(?:dies|das|diese|dieses|hierbei)(?: [\w-]{1,20}){0,3} (?:automatisch|"
            r"maschinell)\w{0,2} (?:generiert|erstellt|"
            r"erzeugt|versendet|verschickt|antwort|nachricht|e-?mail|mail|eingangsbestätigung|"
            r"empfangsbestätigung)\w{0,2}"
        ),
        r"^\W{0,9}automatische (?:antwort|nachricht|abwesenheitsnotiz|eingangsbestätigung|empfangsbestätigung)",
        r"(?:bitte )?antworten sie (?:bitte )?nicht auf diese",
        r"nicht auf diese (?:e-?mail|nachricht|mail) (?:antworten|zu antworten)",
        r"(?:dieses|das) (?:postfach|mailkonto) wird nicht (?:gelesen|überwacht|betreut|abgerufen)",
    ),
    pt=(
        r"(?:esta|este|uma|um|é uma|é um|^\W{0,9}) ?(?:é uma |é um )?(?:mensagem|e-?mail|resposta) automátic[oa]",
        r"(?:mensagem|e-?mail) (?:\w{1,8} )?(?:gerad|enviad)[oa] automaticamente",
        r"(?:favor |por favor,? )?não (?:responda|responder) (?:a )?(?:este|esta) (?:e-?mail|mensagem)",
        r"(?:esta|a) (?:caixa|conta)(?: \w{1,12}){0,2} não é (?:monitorada|monitorizada|lida|verificada)",
    ),
    ar=(
        (
            r"(?:هذه|هذا|^\W{0,9}) ?(?:\w{1,12} ){0,2}(?:رسالة|رد|إشعار|بريد)(?: \w{1,12})? (?:آلية?|آلي|تلقائية?|"
            r"تلقائي)"
        ),
        r"(?:رسالة|رد|إشعار|بريد) (?:\w{1,12} ){0,2}(?:آليا|تلقائيا|آلية|تلقائية|آلي|تلقائي)",
        r"تم (?:إنشاء|إرسال)(?: هذه)?(?: الرسالة| الرد)? (?:آليا|تلقائيا)",
        r"(?:يرجى|الرجاء|نرجو|أرجو) عدم الرد (?:على|عليها)",
        r"لا ترد على هذه",
    ),
    ru=(
        (
            r"(?:это|данное|настоящее)(?: \w{1,20}){0,2} автоматическ\w{1,3} (?:ответ|сообщени\w|"
            r"уведомлени\w|письмо|рассылк\w)"
        ),
        (
            r"(?:письмо|сообщение|уведомление|ответ) (?:\w{1,12} )?(?:сформирован|создан|отправлен|"
            r"сгенерирован)\w{0,2} "
            r"автоматически"
        ),
        (
            r"(?:письмо|сообщение|ответ)(?: \w{1,12})? автоматически (?:сформирован|создан|отправлен|"
            r"сгенерирован)\w{0,3}"
        ),
        r"^\W{0,9}(?:автоответ\w{0,6}|автоматический ответ)",
        r"(?:просьба|пожалуйста,?|просим) не отвечать на (?:это|данное|него)",
        r"не отвечайте на (?:это|данное)",
        r"(?:создан|отправлен|сформирован|написан)\w{0,2} (?:роботом|автоматом|автоответчиком|системой)",
        r"отвечать на (?:него|это письмо|данное письмо) не (?:нужно|следует)",
    ),
)
"""A mail that says so itself. People do not write these of their own mail."""

RECEIVED: Final = by_language(
    en=(
        (
            r"(?:we |i )?(?:have |has |hereby )?(?:received|acknowledge receipt of) your (?:message|e-?mail|mail|"
            r"request|enquiry|inquiry|correspondence)"
        ),
        (
            r"your (?:message|e-?mail|mail|request|enquiry|correspondence) (?:has been|was) (?:received|registered|"
            r"forwarded|recorded)"
        ),
        (
            r"your (?:request|ticket|case)(?: \W?\w{1,20}\W?){0,2} (?:has been|was) (?:received|created|logged|"
            r"registered)"
        ),
        r"has been assigned (?:the )?(?:ticket|case|reference)",
        r"request received",
        r"message received",
        r"we (?:aim|try|endeavour) to (?:reply|respond|answer) within",
    ),
    fr=(
        r"(?:a|ont) bien été reçue?s?",
        r"nous avons bien reçu",
        r"accusons réception",
        r"accusé de réception",
        r"enregistrée? sous (?:la référence|le numéro)",
    ),
    es=(
        r"hemos recibido su",
        r"(?:su|tu) (?:mensaje|correo|solicitud) ha sido (?:recibid|registrad)[oa]",
        r"acuse de recibo",
        r"acusamos recibo",
    ),
    de=(
        r"(?:ist|sind) (?:bei uns )?eingegangen",
        r"haben (?:wir )?(?:ihre \w{1,20} )?erhalten",
        r"eingangsbestätigung",
        r"ticketnummer|vorgangsnummer",
        r"unter der (?:ticket|vorgangs)nummer",
    ),
    pt=(
        r"recebemos a? ?(?:sua|vossa)",
        r"(?:sua|vossa) (?:mensagem|solicitação) foi (?:recebida|registrada|registada)",
        r"acusamos (?:o )?recebimento|acusamos a receção",
        r"protocolo",
    ),
    ar=(r"تم (?:استلام|تسجيل|استقبال) (?:رسالتكم?|رسالتك|طلبكم?|طلبك)", r"(?:استلمنا|تلقينا) (?:رسالتكم?|رسالتك)"),
    ru=(
        (
            r"(?:обращение|письмо|сообщение|заявка|запрос)(?: \w{1,20}){0,2} (?:получен\w?|зарегистрирован\w?|"
            r"принят\w?)"
        ),
        r"зарегистрировано за",
    ),
)
"""That something has arrived: people in offices write this too, so it takes a machine's sign as well."""


def language_of(phrases: Phrases, text: str) -> str:
    """The first language in which one of the phrases stands in the folded text; empty if in none."""
    return next((language for language, said in phrases.items() if said.search(text)), "")
