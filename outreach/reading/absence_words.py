"""What absences say in seven languages: that somebody is or will be away, or has left for good.

Phrases are written as the language writes them and folded before they are compared (``sentences.folded``).
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
        r"de vacaciones|no (?:estoy|estaré|estamos) en (?:la|mi|el) (?:oficina|despacho)",
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
        r"out of (?:the )?office",
        r"maternity leave|parental leave|annual leave|on leave|sick leave|paternity leave",
        r"out of country|(?:office|we) (?:\w{1,12} )?reopens?|public holiday|gone fishing",
    ),
    fr=(
        (
            r"(?:suis|serai|sommes|serons|est|sera) (?:\w{1,20} ){0,2}(?:absente?s?|en (?:congés?|vacances|mission|"
            r"déplacement|arrêt|formation|voyage)|hors (?:du|de mon) bureau|indisponible|de retour|joignable)"
        ),
        r"(?:bureaux?|secrétariat|service) (?:est|sont|sera|seront) (?:\w{1,20} )?fermés?",
        r"pendant mon absence",
        r"en mon absence",
        r"absente? du (?:bureau|\d)",
        r"congé (?:de )?maternité",
        r"ne consulte(?:rai)? pas (?:mes|ma|cette)",
        r"accès (?:\w{1,20} )?limité",
        r"serai absente?|absente? (?:jusqu'au|du \d|de la|depuis|à partir)",
    ),
    es=(
        (
            r"(?:estoy|estaré|estamos|estaremos|está|estará|me encuentro|me encontraré|"
            r"nos encontramos) (?:\w{1,20} ){0,2}(?:ausente|fuera|de (?:vacaciones|baja|permiso|viaje|licencia)|"
            r"en (?:viaje|misión|comisión)|de vuelta|de regreso)"
        ),
        r"(?:oficina|secretaría) (?:está|estará|permanecerá) cerrada",
        r"durante mi ausencia|ausente (?:hasta|del \d|desde)",
        r"no (?:voy a leer|leeré|podré leer|reviso)",
        r"acceso (?:muy )?limitado",
        r"de vacaciones|no (?:estoy|estaré|estamos) en (?:la|mi|el) (?:oficina|despacho)",
        r"permiso de maternidad|baja (?:maternal|por maternidad)",
    ),
    de=(
        (
            r"(?:bin|sind|ist|werde|befinde mich|bleibt) (?:[\w.]{1,20} ){0,5}?(?:nicht im (?:büro|haus|dienst)|"
            r"abwesend|"
            r"im urlaub|außer haus|auf (?:dienstreise|reisen)|in (?:elternzeit|mutterschutz)|nicht (?:erreichbar|"
            r"da)|"
            r"verreist|geschlossen)"
        ),
        r"während meiner abwesenheit",
        r"in meiner abwesenheit",
        r"nicht im (?:büro|haus)",
        r"(?:im|meines) urlaubs?",
        r"abwesend",
        r"elternzeit|mutterschutz",
    ),
    pt=(
        (
            r"(?:estou|estarei|estamos|estaremos|está|estará|encontro-me|"
            r"encontrar-me-ei) (?:\w{1,20} ){0,3}?(?:ausente|fora|de férias|em férias|de licença|em (?:viagem|"
            r"missão)|"
            r"de volta|de regresso|indisponível)"
        ),
        r"escritório (?:está|estará|encontra-se) (?:fechado|encerrado)",
        r"durante a minha ausência|ausente (?:até|de \d|desde)",
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
        r"не (?:на работе|в офисе)|на больничном",
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
