"""The words by which a form's questions are told apart: what the answers below each of them are about."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Final


@lru_cache(maxsize=4096)
def plain_words(text: str) -> str:
    """The words of a text, one space between them, without case, accents and punctuation."""
    bare = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    kept = (letter for letter in bare if unicodedata.category(letter)[0] != "M")
    return " ".join("".join(letter if letter.isalnum() else " " for letter in kept).split())


def _pattern(stems: Iterable[str]) -> re.Pattern[str]:
    written = (stem.strip() for line in stems for stem in line.split(","))
    parts = [re.escape(plain_words(stem)) + (r"\b" if stem.endswith(".") else "") for stem in written]
    return re.compile(rf"\b(?:{_ARABIC_PREFIX})?(?:{'|'.join(parts)})")


_ARABIC_PREFIX: Final = "وال|بال|لل|ال|و|ل|ب"

# Each is a list of beginnings of words; a point at the end says that the word ends there.
ANONYMITY: Final = _pattern(
    [
        "anonym, anoni, confiden, private., privately, privacy, hide., hidden, secret, withh",
        "prive., privee., cache, privad, ocult, oculta, vertraulich, geheim, privat., verborgen, verberg",
        "counted., count only, nur gezählt, sigilo, مجهول, سري, سرية, خاص, اخفاء, إخفاء, مخفي, تخفوا",
    ]
)
PUBLICATION: Final = _pattern(
    [
        "publi, visib, display, shown., show., listed., veröffentlich, öffentlich, sichtbar, visív",
        "affich, mostrar, mostrado, exib, نشر, علن, عام., ظهور, إظهار, تنشر",
    ]
)
ADDRESSEE: Final = _pattern(
    [
        "addressee, recipient, official, destinat, adressat, empfänger, مرسل إليه, مخاطب, المرسل اليه",
    ]
)
YES: Final = _pattern(
    [
        "yes., y., oui., sí., ja., sim., نعم., true., x., ok., vrai., verdadero., verdadeiro., wahr.",
        "agree., i agree",
        "we agree, d accord, j accepte, de acuerdo, acepto, einverstanden, concordo, أوافق., موافق.",
    ]
)
NO: Final = _pattern(
    [
        "no., n., non., nein., não., لا., false., faux., falso., falsch., disagree., i do not agree, i don t agree",
    ]
)
NOT: Final = _pattern(
    [
        "no., not., don t, dont., never., without., nobody., neither., ne., pas., n., aucun, jamais., sans.",
        "nunca., sin., nadie., nicht., kein, nie., ohne., niemand., não., sem., ninguém.",
        "لا., بدون., عدم., لن., غير.",
    ]
)

PERMISSION: Final = _pattern(
    [
        "may., can., shall., agree, consent, permi, allow, authori, autori, want., wish, like., ok.",
        "okay., willing",
        "pouvons, peut., peuvent, accept, souhait, voulez, d accord, podemos, puede, acept, dese, quier, quer.",
        "dürfen, darf, einverstanden, möchte, wollen, concord, aceit, هل., أوافق, نوافق, موافق, يمكن, تسمح",
    ]
)
MINE: Final = _pattern(["my., our., mon., notre., mi., nuestro, mein, unser, meu., nosso, اسمي."])
AS_PRINTED: Final = _pattern(["as., should., comme., tel., como., wie., debe, doit, soll, deve, كما."])

NAME: Final = _pattern(["name, nom., noms., nombre, nome., nomes., اسم, prénom, vorname, nachname, signator"])
GIVEN: Final = _pattern(
    ["first name, given, forename, prénom, vorname, nombre de pila, primer nombre, الاسم الأول"]
)
FAMILY: Final = _pattern(
    ["last name, family name, surname, nom de famille, apellido, sobrenome, nachname, اسم العائلة"]
)
PERSON: Final = _pattern(
    [
        "person, contact, signer., undersigned, representative, représentant., représentante., representante.",
        "pessoa, ansprechp, vertreter, vertretung, kontakt, شخص, ممثل, your name, your full name, votre nom",
    ]
)
ORGANISATION: Final = _pattern(
    [
        "organi, ong., ongs., ngo., ngos., cso., associa, asocia, institu, entid, verein., company.",
        "منظم, جمعي, مؤسس",
    ]
)
INDIVIDUAL: Final = _pattern(["individu, personal, personn, einzelperson, persönlich, pessoal, فرد, شخصي"])

EMAIL: Final = _pattern(
    [
        "email, e mail, mail., mails., mailadresse, courriel, correo, correio, adresse électronique",
        "بريد, إيميل, ايميل",
    ]
)
WEBSITE: Final = _pattern(
    [
        "website, web., webs, url., homepage, home page, internet, site., sitio, página web, موقع",
    ]
)
COUNTRY: Final = _pattern(["country, countries, pays., país., land., بلد, دولة"])
ACRONYM: Final = _pattern(["acronym, acrón, acrôn, sigl, abrevi, abrév, abbrev, abkürz, kürzel, اختصار"])
TITLE: Final = _pattern(
    [
        "title, titre, título, titel, position, role., rôle., rolle., job., function, fonction, funktion, função",
        "poste., puesto, cargo, منصب, وظيفة, صفة",
    ]
)
AFFILIATION: Final = _pattern(
    [
        "affil, afili, filia, zugehör, identification, identificación, identificação, identifikation",
        "انتماء, للتعريف",
    ]
)
SUBMITTED: Final = _pattern(
    [
        "timestamp, time stamp, horodat, zeitstempel, marca temporal, marca de tiempo, carimbo",
        "طابع زمني, طابع الوقت",
        "submitted., submitted at, submitted on, submission date, submission time, date submitted, date signed",
        "signed at, signed on, completion time, heure de fin, hora de finalización, hora de conclusão",
        "fertigstellungszeit, abschlusszeit, وقت الاكتمال",
    ]
)
EVIDENCE: Final = _pattern(
    ["evidence., preuve., prueba., evidencia., nachweis., beleg., prova., evidência., إثبات."]
)
OTHER_THINGS: Final = _pattern(
    [
        "phone, telep, teléf, téléph, telef, mobile, whatsapp, fax., city, ville., ciudad, cidade, stadt.",
        "street, postal, zip., logo, comment, describe, descri, member, how many, number, type of, tipo de.",
        "type d, art der, language, newsletter, updates, start time, last modified",
        "mission, هاتف, مدينة, نوع",
    ]
)

ONLY: Final = _pattern(
    ["only., just., seul, uniquement, solo., sólo., solamente, únicamente, nur., apenas., somente, só., فقط"]
)
BUT: Final = _pattern(
    [
        "but., except, unless, if., mais., sauf., pero., excepto, aber., außer, mas., exceto",
        "لكن., إلا., باستثناء",
    ]
)
YES_OR_NO: Final = re.compile(r"\b(?:yes|y|oui|si|ja|sim|نعم)(?: or| ou| o| oder| او)? (?:no|n|non|nein|nao|لا)\b")
