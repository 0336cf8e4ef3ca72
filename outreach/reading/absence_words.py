"""What absences say in seven languages: that somebody is or will be away, that nobody reads, or has left for good.

Phrases are written as the language writes them and folded before they are compared (``sentences.folded``), so only
classes in lower case may be used in them.
"""

from typing import Final

from outreach.reading.automatic_words import by_language

SUBJECT_AWAY: Final = by_language(
    en=(
        r"(?:i am |i'm )?out[ -]of[ -](?:the )?office",
        r"out of town",
        r"ooo",
        r"away from (?:my )?(?:mail|desk|office)",
        r"(?:on )?(?:annual |parental |maternity |paternity |sick |study )?leave",
        r"(?:on )?vacation",
        r"on holiday",
        r"absence",
        r"i am away",
        r"i'm away",
        r"away",
        r"office closed",
        r"is out of the office",
    ),
    fr=(
        r"absen(?:ce|te?)(?: du bureau| de bureau)?",
        r"message d'absence",
        r"hors (?:du )?bureau",
        r"en congés?",
        r"congés?(?: annuels?| maternité)?",
        r"en vacances",
        r"en mission",
        r"je suis absente?",
    ),
    es=(
        r"fuera de (?:la )?oficina",
        r"ausen(?:te|cia)(?: de (?:la oficina|mi correo))?",
        r"de vacaciones",
        r"vacaciones",
        r"fuera del despacho",
        r"estoy (?:ausente|fuera)",
        r"mensaje de ausencia",
    ),
    de=(
        r"abwesend",
        r"abwesenheit\w{0,20}",
        r"nicht im (?:büro|haus|dienst)",
        r"außer haus",
        r"im urlaub",
        r"urlaub",
        r"bin (?:im urlaub|nicht da|abwesend)",
        r"out of office",
        r"in elternzeit",
    ),
    pt=(
        r"fora do escritório",
        r"ausente",
        r"(?:aviso de )?ausência(?: do escritório)?",
        r"de férias",
        r"férias",
        r"em férias",
        r"licença(?: maternidade)?",
        r"estou ausente",
    ),
    ar=(r"خارج المكتب", r"إشعار غياب", r"في إجازة", r"إجازة", r"غياب", r"غائبة? عن المكتب", r"خارج مكتبي"),
    ru=(
        r"(?:я )?вне офиса",
        r"(?:я )?в отпуске",
        r"отпуск",
        r"отсутствую",
        r"отсутствие(?: на рабочем месте)?",
        r"в командировке",
        r"нет на месте",
        r"нет в офисе",
    ),
)

AWAY: Final = by_language(
    en=(
        (
            r"(?:i am|i'm|i'll be|i will be|we are|we're|we will be|we'll be|is|am|are|"
            r"be) (?:\w{1,20} ){0,2}(?:out of (?:the |my )?office|out of town|ooo|away|"
            r"on (?:\w{1,12} ){0,2}(?:leave|"
            r"vacation|holidays?|sabbatical|mission|duty travel|retreat)|travell?ing|absent|not in the office|"
            r"unavailable|out (?:until|through|from|till)|off (?:until|work|sick))"
        ),
        r"(?:office|secretariat)s? (?:is|are|will be|remains?) (?:\w{1,20} )?closed",
        r"closed (?:until|from|for|through|over)",
        (
            r"(?:limited|no|intermittent|sporadic|irregular) (?:or no )?access to (?:my |our )?(?:e-?mail|mail|"
            r"inbox|"
            r"messages)"
        ),
        r"(?:will|i'll|shall) (?:be back|return|resume|reply (?:when|on my|upon|after))",
        r"(?:back|returning) (?:in the office )?on",
        r"(?:on|upon|after) my return",
        r"when i (?:return|get back|am back|'m back)",
        r"out of (?:the )?office",
        r"maternity leave|parental leave|annual leave|on leave|sick leave|paternity leave",
        r"out of country",
    ),
    fr=(
        (
            r"(?:suis|serai|sommes|serons|est|sera) (?:\w{1,20} ){0,2}(?:absente?s?|en (?:congés?|vacances|mission|"
            r"déplacement|arrêt|formation|voyage)|hors (?:du|de mon) bureau|indisponible|de retour|joignable)"
        ),
        r"(?:bureaux?|secrétariat|service) (?:est|sont|sera|seront) (?:\w{1,20} )?fermés?",
        r"de retour (?:le|au bureau|à partir|lundi)",
        r"(?:à|dès|après) mon retour",
        r"pendant mon absence",
        r"en mon absence",
        r"absente? du (?:bureau|\d)",
        r"congé (?:de )?maternité",
        r"ne consulte(?:rai)? pas (?:mes|ma|cette)",
        r"accès (?:\w{1,20} )?limité",
        r"serai absente?",
    ),
    es=(
        (
            r"(?:estoy|estaré|estamos|estaremos|está|estará|me encuentro|me encontraré|"
            r"nos encontramos) (?:\w{1,20} ){0,2}(?:ausente|fuera|de (?:vacaciones|baja|permiso|viaje|licencia)|"
            r"en (?:viaje|misión|comisión)|de vuelta|de regreso)"
        ),
        r"(?:oficina|secretaría) (?:está|estará|permanecerá) cerrada",
        r"(?:vuelvo|volveré|regreso|regresaré|me reincorpor\w{1,4}) ",
        r"a mi (?:regreso|vuelta)",
        r"cuando (?:vuelva|regrese)",
        r"durante mi ausencia",
        r"no (?:voy a leer|leeré|podré leer|reviso)",
        r"acceso (?:muy )?limitado",
        r"de vacaciones",
        r"permiso de maternidad|baja (?:maternal|por maternidad)",
    ),
    de=(
        (
            r"(?:bin|sind|ist|werde|befinde mich|bleibt) (?:\w{1,20} ){0,4}?(?:nicht im (?:büro|haus|dienst)|"
            r"abwesend|"
            r"im urlaub|außer haus|auf (?:dienstreise|reisen)|in (?:elternzeit|mutterschutz)|nicht (?:erreichbar|"
            r"da)|"
            r"verreist|geschlossen)"
        ),
        r"(?:wieder|erst) (?:ab |am |zurück|erreichbar|im büro|für sie)",
        r"nach meiner rückkehr",
        r"während meiner abwesenheit",
        r"in meiner abwesenheit",
        r"nicht im (?:büro|haus)",
        r"(?:im|meines) urlaubs?",
        r"abwesend",
        r"elternzeit|mutterschutz",
        r"(?:nicht|nur \w{1,20}) (?:gelesen|weitergeleitet)",
        r"wieder erreichbar",
        r"bin ich wieder",
    ),
    pt=(
        (
            r"(?:estou|estarei|estamos|estaremos|está|estará|encontro-me|"
            r"encontrar-me-ei) (?:\w{1,20} ){0,3}?(?:ausente|fora|de férias|em férias|de licença|em (?:viagem|"
            r"missão)|"
            r"de volta|de regresso|indisponível)"
        ),
        r"escritório (?:está|estará|encontra-se) (?:fechado|encerrado)",
        r"(?:regresso|volto|retorno|regressarei|voltarei|retornarei) (?:a|em|no|ao|dia|às?|na)",
        r"(?:assim que|quando) (?:voltar|regressar|retornar)",
        r"no meu (?:regresso|retorno)",
        r"após o meu regresso",
        r"durante a minha ausência",
        r"acesso (?:muito )?limitado",
        r"licença[ -](?:de )?maternidade",
        r"de férias",
    ),
    ar=(
        r"خارج (?:المكتب|البلاد|مكتبي|الدوام)",
        r"(?:في|ب) ?(?:إجازة|اجازة|الإجازة|عطلة|مهمة)(?: \w{1,20}){0,2}",
        r"إجازتي",
        r"(?:أنا|سأكون|اكون|نحن) (?:\w{1,20} ){0,3}(?:غائبة?|متغيبة?|مسافرة?|خارج|في إجازة)",
        r"غائبة? عن",
        r"(?:بعد|عند|حين) (?:عودتي|العودة)",
        r"قبل عودتي",
        r"سأعود",
        r"أعود (?:إلى|يوم|في)",
        r"المكتب مغلق",
        r"مكتبنا مغلق",
        r"وصول محدود",
    ),
    ru=(
        (
            r"(?:я |буду |нахожусь |сейчас )+(?:\w{1,20} ){0,2}(?:в отпуске|в командировке|вне офиса|"
            r"отсутств\w{1,5}|"
            r"на больничном|в отъезде)"
        ),
        r"в (?:ежегодном |декретном )?отпуске",
        r"в командировке",
        r"отсутств(?:ую|ует|уем|овать)",
        r"вне офиса",
        r"нет (?:на месте|в офисе)",
        r"(?:вернусь|буду на месте|выйду на работу|выхожу)",
        r"после (?:моего )?возвращения",
        r"по возвращении",
        r"офис (?:\w{1,20} )?закрыт",
        r"ограничен\w{0,4} доступ",
    ),
)
"""Somebody is or will be away. What somebody was last week is not here."""

LEFT: Final = by_language(
    en=(
        r"(?:no longer|not anymore) (?:works?|working|employed|with|at|part of|a member|an? employee)",
        r"(?:has|have) left (?:the |our |us\b)?\w{1,30}",
        r"left (?:\w{1,20} ){1,4}(?:on|in|as of) \d",
        r"is no longer (?:in use|active|monitored)",
        r"has (?:retired|moved on|changed (?:jobs?|positions?))",
        r"left the (?:organi[sz]ation|company|office|team)",
    ),
    fr=(
        r"ne (?:travaille|fait|font|travaillent) plus",
        r"a quitté (?:\w{1,20} ){0,3}\w{1,30}",
        r"n'est plus (?:employée?|en poste|utilisée?|active?)",
        r"ai quitté",
        r"n'exerce plus",
        r"a pris sa retraite",
    ),
    es=(
        r"ya no (?:trabaja|forma parte|labora|pertenece|está (?:activ|en uso))",
        r"ha dejado (?:de trabajar|la organización)",
        r"dejó de trabajar",
    ),
    de=(
        r"(?:nicht mehr|nicht länger) (?:bei|für|im|in|am|tätig|beschäftigt|aktiv)",
        r"hat (?:\w{1,20} ){0,4}verlassen",
        r"ausgeschieden",
        r"im ruhestand",
    ),
    pt=(
        r"(?:já )?não (?:trabalha|faz parte|integra) mais",
        r"já não (?:trabalha|faz parte|integra|colabora)",
        r"deixou (?:a|o|de trabalhar|de fazer)",
    ),
    ar=(r"لم (?:يعد|تعد) (?:يعمل|تعمل|موظف)\w{0,3}", r"(?:غادر|غادرت|ترك|تركت) (?:العمل|المنظمة|المؤسسة)"),
    ru=(
        r"больше не (?:работает|является|используется)",
        r"уволил(?:ся|ась)",
        r"покинул\w? (?:компанию|организацию)",
    ),
)
"""Somebody is away for good: no absence with an end."""

UNREAD: Final = by_language(
    en=(
        r"thank(?:s| you) for (?:your|the) (?:e-?mail|message|mail|note)",
        r"(?:not|n't) (?:being |be )?(?:checked|checking|reading|monitor\w{1,4}|forwarded)",
        r"access to (?:my )?(?:e-?mail|mail)",
        (
            r"(?:reply|respond|answer|get back to you|read)(?: \w{1,20}){0,4} (?:when i|on my return|"
            r"upon my return|"
            r"after that|after i|once i)"
        ),
    ),
    fr=(
        r"merci (?:de|pour) votre (?:message|courriel|mail|e-?mail)",
        r"(?:ne|n')(?: \w{1,10})? ?(?:consulte|lis|lirai|consulterai|relève)",
        r"sera lue? à mon retour",
        r"(?:répondrai|répondra|lirai)(?: \w{1,20}){0,4} (?:à|dès) mon retour",
    ),
    es=(
        r"gracias por (?:su|tu) (?:mensaje|correo|e-?mail)",
        r"(?:no|sin) (?:leo|leer\w{0,2}|reviso|revisar\w{0,2}|acceso|consult\w{1,5})",
        r"(?:responder|contestar|leer)\w{0,2}(?: \w{1,20}){0,4} (?:a mi|cuando)",
    ),
    de=(
        r"(?:vielen )?dank für (?:ihre|deine|die) (?:e-?mail|mail|nachricht)",
        r"(?:nicht|werden) (?:gelesen|weitergeleitet|abgerufen)",
        r"nach meiner rückkehr",
    ),
    pt=(
        r"obrigad[oa] p(?:or|ela) (?:sua |tua |a sua )?(?:mensagem|e-?mail|contacto|contato)",
        r"(?:sem|não) (?:acesso|leio|lerei|consult\w{1,5})",
        r"(?:respond|le)\w{1,6}(?: \w{1,20}){0,4} (?:assim que|quando|no meu)",
    ),
    ar=(r"شكرا (?:على|ل) ?(?:رسالتكم?|رسالتك|بريدكم|تواصلكم)", r"(?:لن|لا) (?:أتمكن|أستطيع|أقرأ|أطلع)"),
    ru=(
        r"спасибо за (?:ваше |твое )?(?:письмо|сообщение|обращение)",
        r"(?:почту|письма|сообщения) не (?:читаю|проверяю|смотрю)",
        r"отвечу(?: \w{1,20}){0,3} (?:после|по возвращении|когда)",
    ),
)
"""What goes with an absence in a machine's answer: thanks for the mail as such, and that it is not being read."""
