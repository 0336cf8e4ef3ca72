"""The words that names of organisations are made of, in the languages that signatories most often write."""

from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ARTICLES: Final = _words("the le la les el los las der die das il lo gli os as het de l o a al")
"""With which a name may begin or not."""

LINKS: Final = _words(
    "and of for in on at to with by et de du des d pour en dans sur y e del para con por da do das dos em "
    "und fur im zu von der die the la le les el los las i a o an van voor w na для и в по на о за та і ve"
)
"""Words that join others; that they differ tells nothing."""

AND: Final = _words("and et und y e en och og и та і i ve dan")

PLACED: Final = _words("of in for de du des en da do del van von fur pour au aux a dans em na w в")
"""What may stand between a body's name and its branch's place."""

LEGAL_FORMS: Final = _words(
    "ab ac aisbl aps as asbl asd ast ay bv ccg cic cio coop corp corporation cv doo eg eingetragener ets "
    "ev gbr ggmbh gmbh inc incorporated iap iasbl ivzw kk ks ksoo ltd limited llc llp lp mtu mv ngo ngoc "
    "npc npo nv odv ong onlus ops org oy oyj pa pbo plc pllc pty pvt registered rf rs ry sa sac sarl sas "
    "sasu scio scs sl slu soo spa spolek spzoo srl srls stichting uab ug vereniging verein vof vsi vzw zs "
    "zspol zu ооо ано нко оо роо го бф"
)
"""Spelt plainly, without dots; at the end of a name."""

LEADING_FORMS: Final = _words(
    "asbl gemeinnutziger ngo ong stichting stowarzyszenie verein vereniging vzw ано го нко оо ооо роо"
)
"""The few legal forms that may stand before a name."""

GLOBAL: Final = _words(
    "international internationale internationalis internacional internazionale internacionais "
    "internationaal world worldwide global mondial mundial"
)
"""What a body says of itself that has branches in many countries."""

DISTINCT: Final = _words(
    "north south east west northern southern eastern western norte sur sul este oeste nord sud est ouest "
    "austrian australian slovak slovene slovakian slovenian zambian gambian iranian iraqi nigerian "
    "nigerien malian malawian indian indonesian mauritian mauritanian guinean guyanese irish turkish "
    "kurdish men women boys girls male female rural urban"
)
"""Words that are spelt nearly alike and never meant for each other."""

PLACES: Final = _words(
    "act asia africa americas bc europe europa eu lac la mena nb ns nsw nt nyc ontario qc qld quebec sa tas vic wa"
)
"""Places that are no countries, as names of branches have them."""

BRANCHES: Final = _words(
    "branch chapter chapitre capitulo delegacion delegation local national office regional seccion secao "
    "section sektion sezione"
)
"""What a branch is called."""

BODIES: Final = _words(
    "academy accion action activists advocates agency agence agencia aid alianca alianza "
    "alliance amis asociacion assembly associacao association associazione ausschuss bulletin bund bureau "
    "campaign campana center centre centro circle clinic coalicion coalition colectivo colegio collective "
    "college comision comite comissao commission committee communaute communities community comunidad "
    "concertation confederation conference congress connection connections connectors conseil consejo "
    "conselho consortium coordination council defenders development diplomat federacion federation "
    "fluchtlingsrat fondation fondazione fonds forum foundation front fund fundacion fundacao fundacja "
    "fundraising group groupe grupo guild house hub iniciativa initiative institute instituto institut "
    "institution international justice kollektiv lab lawyers league liga ligue ministries mission "
    "mouvement movement movimiento network netzwerk ngo observatory observatorio office organisation "
    "organizacao organizacion organization organizaciones partners partnership party pastoral platform "
    "plataforma plateforme program programa programme project projet proyecto railroad red refuge rat "
    "relief reseau resource rights school secretariat service services servicio sanctuary shelter "
    "sindicato society solidarity stiftung stichting stowarzyszenie support synagogue syndicat task table "
    "team trust union uniao universidad universite university verband verein villages volontaires "
    "volunteers watch werk workers youth zentrum ассоциация фонд центр организация союз движение комитет "
    "совет сеть общество группа جمعية منظمة مركز موسسة شبكة اتحاد لجنة رابطة مجلس ايتلاف هيية עמותה ארגון "
    "מרכז קרן"
)
"""Words, spelt plainly, that say that a name is that of a body and not of a person."""

SURNAMES: Final = _words("house church law link young justice trust rat red table circle front aid action rights")
"""Those among BODIES, and others, that are people's names as well."""
