"""What the page says on which an organisation answers a draft, in each language."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundWords:
    """The page of an approval round."""

    title: str
    made_for: str
    made_for_several: str
    answer_by: str
    ended: str
    late: str
    over: str
    not_asked: str

    # the draft
    changed_title: str
    changed_note: str
    new: str
    gone: str
    draft: str
    signed_by: str
    nobody_yet: str
    unnamed: str
    asked: str

    # the answer
    answer_of: str
    signs_as: str
    approves: str
    approves_with_comment: str
    asks_for_change: str
    declines: str
    comment: str
    comment_hint: str
    button: str
    choose: str
    write_comment: str
    too_long: str
    so_far: str
    outdated: str
    kept: str
    kept_late: str
    changed_meanwhile: str
    not_yours: str
    own_page: str


ENGLISH = RoundWords(
    title="Your answer to this draft",
    made_for="This page is made for {organisation}. Whoever has its link can answer in its name.",
    made_for_several="This page is made for several organisations; each answers for itself.",
    answer_by="Please answer by",
    ended="Answers were asked for by",
    late="The time for answers is over. An approval is kept as late, and the organisers decide about it.",
    over="Answers are no longer taken here. If something should still change, write to {email}.",
    not_asked="This link is no longer used: somebody else is asked for the organisation. Write to {email}.",
    changed_title="What has changed",
    changed_note="New words are underlined, words that are gone are struck through. All else is as it was.",
    new="new:",
    gone="gone:",
    draft="The draft",
    signed_by="Signed so far by",
    nobody_yet="Nobody has approved it yet.",
    unnamed="Not named here: {number}",
    asked="Who is asked",
    answer_of="The answer of {organisation}",
    signs_as="If it approves, it signs as:",
    approves="Approves: it signs this letter",
    approves_with_comment="Approves with a comment: it signs, and adds something for the organisers",
    asks_for_change="Asks for a change: it does not sign this text",
    declines="Declines: it does not sign this letter",
    comment="Comment",
    comment_hint="Needed for a comment or a change. Only the organisers read it.",
    button="Give this answer",
    choose="Please choose one of the answers.",
    write_comment="Please say what should be changed, or what you would like to add.",
    too_long="This is too long for a comment. Please shorten it.",
    so_far="The answer so far, given on {moment}:",
    outdated="It was about an earlier draft, and does not count for this one. Please answer again.",
    kept="Thank you. The answer is kept. Until the list is closed you can change it here.",
    kept_late="Thank you. The approval came after the time for answers; the organisers decide about it.",
    changed_meanwhile="The draft has changed while you were reading. Nothing was kept; please look at it again.",
    not_yours="Nothing was kept: this link does not speak for that organisation. Please look at the page again.",
    own_page="Look at the signature, correct it or take it back",
)

FRENCH = RoundWords(
    title="Votre réponse à ce projet",
    made_for="Cette page est destinée à {organisation}. Quiconque a son lien peut répondre en son nom.",
    made_for_several="Cette page est destinée à plusieurs organisations ; chacune répond pour elle-même.",
    answer_by="Merci de répondre avant",
    ended="Les réponses étaient attendues avant",
    late="Le délai de réponse est passé. Un accord est gardé comme tardif, et les organisateurs en décident.",
    over="Les réponses ne sont plus prises ici. Si quelque chose doit encore changer, écrivez à {email}.",
    not_asked="Ce lien ne sert plus : une autre personne est consultée pour l’organisation. Écrivez à {email}.",
    changed_title="Ce qui a changé",
    changed_note="Les mots nouveaux sont soulignés, les mots supprimés sont barrés. Le reste est inchangé.",
    new="nouveau :",
    gone="supprimé :",
    draft="Le projet de lettre",
    signed_by="Signé jusqu’ici par",
    nobody_yet="Personne ne l’a encore approuvé.",
    unnamed="Sans être nommées ici : {number}",
    asked="Qui est consulté",
    answer_of="La réponse de {organisation}",
    signs_as="Si elle approuve, elle signe ainsi :",
    approves="Approuve : elle signe cette lettre",
    approves_with_comment="Approuve avec un commentaire : elle signe, et ajoute un mot pour les organisateurs",
    asks_for_change="Demande une modification : elle ne signe pas ce texte",
    declines="Décline : elle ne signe pas cette lettre",
    comment="Commentaire",
    comment_hint="Nécessaire pour un commentaire ou une modification. Seuls les organisateurs le lisent.",
    button="Donner cette réponse",
    choose="Veuillez choisir l’une des réponses.",
    write_comment="Veuillez dire ce qu’il faudrait modifier, ou ce que vous souhaitez ajouter.",
    too_long="C’est trop long pour un commentaire. Veuillez l’abréger.",
    so_far="La réponse jusqu’ici, donnée le {moment} :",
    outdated="Elle portait sur un projet antérieur et ne vaut pas pour celui-ci. Veuillez répondre à nouveau.",
    kept="Merci. La réponse est enregistrée. Tant que la liste n’est pas close, vous pouvez la changer ici.",
    kept_late="Merci. L’accord est arrivé après le délai ; les organisateurs en décident.",
    changed_meanwhile="Le projet a changé pendant votre lecture. Rien n’a été gardé ; veuillez le relire.",
    not_yours="Rien n’a été gardé : ce lien ne parle pas pour cette organisation. Veuillez relire la page.",
    own_page="Voir la signature, la corriger ou la retirer",
)

SPANISH = RoundWords(
    title="Su respuesta a este borrador",
    made_for="Esta página es para {organisation}. Quien tenga su enlace puede responder en su nombre.",
    made_for_several="Esta página es para varias organizaciones; cada una responde por sí misma.",
    answer_by="Responda, por favor, antes de",
    ended="Se pidieron respuestas antes de",
    late="El plazo para responder ha terminado. Una aprobación se guarda como tardía y los organizadores deciden.",
    over="Aquí ya no se reciben respuestas. Si algo debe cambiar todavía, escriba a {email}.",
    not_asked="Este enlace ya no se usa: se consulta a otra persona de la organización. Escriba a {email}.",
    changed_title="Qué ha cambiado",
    changed_note="Las palabras nuevas están subrayadas y las suprimidas, tachadas. Lo demás sigue igual.",
    new="nuevo:",
    gone="suprimido:",
    draft="El borrador",
    signed_by="Firmado hasta ahora por",
    nobody_yet="Nadie lo ha aprobado todavía.",
    unnamed="Sin nombrar aquí: {number}",
    asked="A quién se consulta",
    answer_of="La respuesta de {organisation}",
    signs_as="Si aprueba, firma así:",
    approves="Aprueba: firma esta carta",
    approves_with_comment="Aprueba con un comentario: firma y añade algo para los organizadores",
    asks_for_change="Pide un cambio: no firma este texto",
    declines="Declina: no firma esta carta",
    comment="Comentario",
    comment_hint="Hace falta para un comentario o un cambio. Solo lo leen los organizadores.",
    button="Dar esta respuesta",
    choose="Elija, por favor, una de las respuestas.",
    write_comment="Diga, por favor, qué debería cambiar o qué desea añadir.",
    too_long="Es demasiado largo para un comentario. Por favor, abrévielo.",
    so_far="La respuesta hasta ahora, dada el {moment}:",
    outdated="Era sobre un borrador anterior y no vale para este. Por favor, responda de nuevo.",
    kept="Gracias. La respuesta queda registrada. Hasta que se cierre la lista puede cambiarla aquí.",
    kept_late="Gracias. La aprobación llegó fuera de plazo; los organizadores deciden sobre ella.",
    changed_meanwhile="El borrador cambió mientras lo leía. No se guardó nada; por favor, léalo de nuevo.",
    not_yours="No se guardó nada: este enlace no habla por esa organización. Por favor, vuelva a leer la página.",
    own_page="Ver la firma, corregirla o retirarla",
)

ARABIC = RoundWords(
    title="ردّكم على هذه المسودة",
    made_for="هذه الصفحة مخصصة لـ{organisation}. يستطيع كل من لديه رابطها أن يجيب باسمها.",
    made_for_several="هذه الصفحة مخصصة لعدة منظمات، وتجيب كل منها عن نفسها.",
    answer_by="يُرجى الرد قبل",
    ended="كان الرد مطلوبًا قبل",
    late="انتهى وقت الرد. تُحفظ الموافقة بوصفها متأخرة ويقرر المنظمون بشأنها.",
    over="لم تعد الردود تُقبل هنا. إذا كان ينبغي تغيير شيء بعد، فاكتبوا إلى {email}.",
    not_asked="لم يعد هذا الرابط مستخدمًا: يُسأل شخص آخر عن المنظمة. اكتبوا إلى {email}.",
    changed_title="ما الذي تغيّر",
    changed_note="الكلمات الجديدة تحتها خط، والكلمات المحذوفة مشطوبة. وكل ما عدا ذلك كما كان.",
    new="جديد:",
    gone="محذوف:",
    draft="المسودة",
    signed_by="وقّعها حتى الآن",
    nobody_yet="لم يوافق عليها أحد بعد.",
    unnamed="دون ذكر أسمائهم هنا: {number}",
    asked="من يُسأل",
    answer_of="رد {organisation}",
    signs_as="إذا وافقت فإنها توقّع هكذا:",
    approves="توافق: توقّع هذه الرسالة",
    approves_with_comment="توافق مع تعليق: توقّع وتضيف شيئًا للمنظمين",
    asks_for_change="تطلب تعديلًا: لا توقّع هذا النص",
    declines="تعتذر: لا توقّع هذه الرسالة",
    comment="تعليق",
    comment_hint="لازم عند التعليق أو طلب التعديل. لا يقرؤه إلا المنظمون.",
    button="إرسال هذا الرد",
    choose="يُرجى اختيار أحد الردود.",
    write_comment="يُرجى ذكر ما ينبغي تعديله أو ما تودّون إضافته.",
    too_long="هذا طويل جدًا لتعليق. يُرجى اختصاره.",
    so_far="الرد حتى الآن، بتاريخ {moment}:",
    outdated="كان عن مسودة سابقة ولا يسري على هذه. يُرجى الرد من جديد.",
    kept="شكرًا لكم. حُفظ الرد. يمكنكم تغييره هنا إلى أن تُغلق القائمة.",
    kept_late="شكرًا لكم. وصلت الموافقة بعد انتهاء الوقت، ويقرر المنظمون بشأنها.",
    changed_meanwhile="تغيّرت المسودة أثناء قراءتكم. لم يُحفظ شيء، يُرجى قراءتها من جديد.",
    not_yours="لم يُحفظ شيء: هذا الرابط لا يتحدث باسم تلك المنظمة. يُرجى قراءة الصفحة من جديد.",
    own_page="الاطلاع على التوقيع أو تصحيحه أو سحبه",
)
