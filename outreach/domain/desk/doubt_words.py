"""What people write who sign for nobody but themselves through the form for organisations, in seven languages."""

from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


NOBODY: Final = _words(
    "personal personally individual individually person self myself citizen citizens student students "
    "retired pensioner freelance freelancer unaffiliated unemployed independent resident voter taxpayer "
    "homemaker volunteer particulier particuliere personnel personnelle individuel individuelle individu "
    "citoyen citoyenne etudiant etudiante retraite retraitee independant independante benevole particular "
    "ciudadano ciudadana estudiante jubilado jubilada independiente voluntario voluntaria privat "
    "privatperson privatmann privatfrau personlich einzelperson burger burgerin studentin rentner "
    "rentnerin pessoal individuo cidadao cidada estudante aposentado aposentada شخصي شخصية فرد فردي مواطن "
    "مواطنة طالب طالبة متقاعد متقاعدة مستقل مستقلة نفسي лично личное личная гражданин гражданка студент "
    "студентка пенсионер пенсионерка физлицо частник"
)
"""Nouns that stand for one person without a body, spelt plainly."""

ROUND_NOBODY: Final = _words(
    "a an the as in on of my own behalf just only concerned private simple member capacity basis "
    "citizenship american canadian british indian je moi meme titre en tant que citoyennes prive privee "
    "personne titulo nombre propio persona fisica natural yo como als ich eigenem im namen eine ein "
    "pessoa em nome proprio eu بصفة بصفتي صفة انا عادي خاص لا я как сам сама простои частное лицо "
    "физическое"
)
"""What may stand around such a noun."""

NOTHING: Final = _words(
    "none na nil no null nothing nobody noone x xx xxx test me notapplicable moimeme noorganization "
    "noorganisation noaffiliation notaffiliated noneoftheabove sansorganisation aucun aucune neant moi "
    "sansobjet sans ninguno ninguna nada noaplica sinorganizacion keine keiner kein ich nichts entfallt "
    "nenhum nenhuma naoseaplica semorganizacao eu yo privateperson naturalperson personneprivee "
    "personnephysique personafisica personanatural pessoafisica لايوجد لاشيء لا بدون нет никакои никакая "
    "ничего отсутствует частноелицо физическоелицо я"
)
"""Names that are no names, spelt plainly and squeezed into one word."""

TITLES: Final = _words(
    "advocate adv attorney atty mr mrs ms miss mx dr drs prof professor sir dame lord lady sister sr "
    "brother br fr father rev revd reverend rabbi imam sheikh shaikh pastor bishop archbishop hon "
    "honourable honorable judge ambassador amb senator sen engr barrister monsieur madame mademoiselle "
    "mme mlle maitre docteur pere soeur frere sra srta senor senora don dona dra doctora doctor lic "
    "licenciada licenciado ing abg abogada abogado padre hermana herr frau fraulein pfarrer pfarrerin ra "
    "rain senhor senhora advogado advogada frei irma sig signor signora dott dottssa avv د السيد السيدة "
    "الدكتور الدكتورة دكتور المحامي المحامية الاستاذ الاستاذة الشيخ гн гжа др проф профессор доктор "
    "адвокат господин госпожа"
)
"""What stands before a person's name, spelt plainly, without its full stop."""

DEGREES: Final = _words("phd md jd esq esquire llb llm rn msw lcsw mph dphil mba msc")
"""What stands after a person's name and a comma."""

PARTICLES: Final = _words("al bin bint da das de del der di do dos du e el ibn la las le los van von y zu ul")
"""Words within a person's name that may be small."""

TOPICS: Final = _words(
    "asylum asile asilo droits derechos direitos for human internationalis migrants migrantes pour "
    "refugee refugees refugies refugiados rights survivors the voices womens"
)
"""Words that are in names of bodies, and in nobody's own name."""

COMPANY_FORMS: Final = _words("inc ltd llc llp pllc plc gmbh ggmbh asbl vzw onlus sarl ngo ong")
"""Legal forms that are nobody's surname, as "Sá" and "As" are."""
