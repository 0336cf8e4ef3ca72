"""Who signs by mail: name, title, organisation and country, as far as the mail says them plainly."""

import re
from typing import Final

from outreach.domain.names import clean_line
from outreach.domain.places import country_code
from outreach.reading.mail import ReceivedMail
from outreach.reading.passages import Passages, is_greeting
from outreach.reading.rules import Signer
from outreach.reading.sentences import folded

_READ: Final = 6_000
_LONGEST: Final = 120
_SHORT_COUNTRIES: Final = frozenset({"UK", "USA", "US", "UAE", "DRC", "RDC", "EUA", "U.K.", "U.S."})
_LONG_ENOUGH: Final = 4
_LONGEST_TITLE: Final = 7
"""Words; a longer piece that holds a title is a sentence."""

_TITLE: Final = re.compile(
    folded(
        r"(?<!\w)(?:director\w*|directrice|directeur|direktor\w*|diretor\w*|chair\w*|co-?chair|president\w*|"
        r"presidente|présidente?|präsident\w*|coordinat\w+|"
        r"coordonnat\w+|coordinador\w*|coordenador\w*|koordinat\w+|secretar\w+|secrétaire|sekretär\w*|manager|"
        r"officer|head of|leiter\w*|leitung|"
        r"geschäftsführ\w+|vorsitz\w*|vorstand|obmann|obfrau|advocacy|founder|fondat\w+|fundador\w*|responsable|"
        r"chargée? de|chefe|jef[ea]|gerente|"
        r"treasurer|trustee|representative|adviser|advisor|lawyer|nurse|teacher|professor\w*|advogad\w+|abogad\w+|"
        r"директор|председатель|координатор|"
        r"руководитель|секретарь|президент|المدير\w*|مدير\w*|رئيس\w*|منسق\w*|الأمين العام|أمين\w*|المنسق\w*|"
        r"executive|priest|pastor|rabbi|imam|bishop)(?!\w)"
    )
)
_BODY: Final = re.compile(
    folded(
        r"(?<!\w)(?:foundation|association|network|council|coalition|alliance|society|trust|union|cent(?:re|er)|"
        r"committee|institute|federation|forum|"
        r"initiative|international|project|action|rights|aid|relief|refuge|church|diocese|ngo|fund|group|campaign|"
        r"movement|collective|charity|services?|"
        r"neighbou?rs|welcome|harbou?rs?|light|partners?|watch|house|community|"
        r"fondation|réseau|conseil|collectif|fédération|comité|ligue|maison|centre|société|secours|union|"
        r"fundación|asociación|red|consejo|colectivo|federación|coordinadora|casa|centro|movimiento|comunidad|"
        r"pastoral|comité|"
        r"fundação|associação|rede|conselho|coletivo|federação|movimento|instituto|"
        r"stiftung|verein|netzwerk|bündnis|verband|gemeinschaft|hilfswerk|\w*hilfe|\w*rat|e\. ?v\.|ggmbh|gmbh|"
        r"diakonie|caritas|werk|bund|"
        r"фонд|ассоциация|союз|центр|общество|организация|движение|комитет|сеть|мооо|роо|нко|правозащитн\w+|"
        r"جمعية|منظمة|مؤسسة|مركز|شبكة|اتحاد|رابطة|هيئة|لجنة|تحالف|حركة|بيت)(?!\w)"
    )
)
_BEHALF: Final = re.compile(
    r"(?:on behalf of|in the name of|au nom d(?:e la |u |es |e l['’]|e |['’])|im namen (?:der |des |von |vom )?|"
    r"en nombre de(?: la| los)?|em nome d[aoe]s?|"
    r"от имени|باسم|نيابة عن)\s+(?P<body>[^.;:\n]{3,140})",
    re.IGNORECASE,
)
_LETTERS: Final = r"(?:[^.!?:;\n]|(?<=[ .][eE])\.|(?<=[eE]\. [Vv])\.|(?<=[eE]\.[Vv])\.)"
"""What a name in a sentence is made of: anything but the sentence's end, which the stops of "e. V." are not."""
_SIGNS: Final = re.compile(
    r"(?:^|[\n.!?:;,–-]\s{0,3})(?P<body>" + _LETTERS + r"{3,140}?),?\s+(?:(?:also |gladly |happily |now |"
    r"will )?(?:signs|endorses|joins|sign(?= (?:the|this|your|it)\b))|est signataire|signe|signera|s['’]associe|"
    r"firma|firmará|suscribe|se suma|se adhiere|assina|subscreve|unterzeichnet|unterschreibt|подписывает|"
    r"присоединяется|توقع|يوقع|تنضم)(?=[\s.,;!]|$)"
)
_ADDS: Final = re.compile(
    r"(?:(?:add|include|list|count|enter)|(?:ajout\w*|inscri\w*|inclu\w*)|(?:añad\w+|agreg\w+|sum\w+|pong\w+|"
    r"poned)|(?:acrescent\w+|adicion\w+)|(?:добав\w+|включ\w+|внес\w+)|"
    r"(?:إضافة|إدراج) (?:اسم|اسمنا)|mitzeichn\w*|zeichnen mit|signature|подпись|nome a usar|nom|nombre|name|"
    r"organi[sz]ation|namen?|unter)"
    r"(?P<between>[^:\n]{0,60}?:\s*|\s+(?!us\b|me\b|our\b|my\b|nous\b|notre\b))(?P<body>" + _LETTERS + r"{3,140})",
    re.IGNORECASE,
)
_ARTICLE: Final = re.compile(
    r"^(?:(?:that|que|dass|and|und|et|y|e|и|و|the|our|notre|nuestra|nuestro|nossa|nosso|unser|unsere|la|le|les|"
    r"die|der|das|el|los|"
    r"las|as|os|o|a|[Yy]es|[Oo]ui|[Ss]í|[Ss]im|[Jj]a|[Дд]а|[Aa]lso|[Hh]i|[Hh]ello)\s+){1,3}"
)
_NOBODY: Final = frozenset(
    "yes oui sí sim ja да نعم we i nous je wir ich nosotros nosotras nós мы я نحن it this it's us me".split()  # noqa: SIM905
)
_PIECES: Final = re.compile(r"\s*(?:[,،;؛|/·•()\[\]\n\t]|\s[-–—]\s)\s*")
_WORD: Final = re.compile(r"[^\W\d_]+")
_REGISTERED: Final = re.compile(r"\be\. ?V$")
_CONTACT: Final = re.compile(r"\d{3}|@|https?:|www\.|tel\b|phone|fax", re.IGNORECASE)


_FORM: Final = tuple(
    re.compile(folded(rf"^\s{{0,3}}(?:{words})\s?:\s?\w"), re.MULTILINE)
    for words in (
        (
            r"(?:name of (?:the |your )?)?organi[sz]ation|nom de l'(?:organisation|association)|association|"
            r"(?:nombre de la )?organización|(?:name der )?organisation|verein|(?:nome da )?organização|"
            r"(?:название )?организаци[яи]|(?:اسم )?(?:المنظمة|الجمعية|المؤسسة)"
        ),
        r"country|pays|país|land|страна|البلد|الدولة",
    )
)
"""The two fields of a sign-on form that no signature block has together."""


def is_form(said: str) -> bool:
    """Whether the text is a sign-on form, filled in: an organisation and a country, each after its name."""
    return all(field.search(folded(said[:_READ])) for field in _FORM)


def signer(mail: ReceivedMail, parts: Passages) -> Signer | None:
    """Who signs; parts that the mail does not say plainly are empty. None if it says nothing of the kind."""
    said = parts.said[:_READ]
    organisation, country = _from_sentences(said)
    block = [line for line in parts.signature if len(line) <= _LONGEST] or _last_lines(said)
    pieces = [piece for line in block for piece in _split(line)]
    organisation = organisation or next((piece for piece in pieces if _is_body(piece)), "")
    country = country or _only_country([*pieces, *_split(said[-400:])]) or _only_country(_split(said))
    title = next((piece for piece in pieces if _is_title(piece)), "")
    name = next((piece for piece in pieces if _is_name(piece)), "") or _sender_name(mail)
    found = Signer(clean_line(name), clean_line(title), clean_line(organisation), country)
    return None if found == Signer() else found


def _from_sentences(said: str) -> tuple[str, str]:
    """The organisation and country that a sentence names as signing."""
    for found in (*_BEHALF.finditer(said), *_ADDS.finditer(said), *_SIGNS.finditer(said)):
        pieces = _split(found.group("body"))
        countries = [piece for piece in pieces if _country(piece)]
        names = [piece for piece in pieces if piece not in countries and _is_proper(piece)]
        names = [piece for piece in names if piece.lower() not in _NOBODY]
        if names:
            after = _split(said[found.start("body") : found.end() + 60])
            country = _country(countries[0]) if countries else _only_country(after[1:4])
            return _with_acronym(names, found.group("body")), country
    return "", ""


def _with_acronym(names: list[str], body: str) -> str:
    """The first name, with the acronym in parentheses that follows it."""
    first = _ARTICLE.sub("", names[0]).strip()
    if _is_caseless(first) and (word := _BODY.search(folded(first))) and len(folded(first)) == len(first):
        first = first[word.start() :]
    if len(names) > 1 and names[1].isupper() and f"({names[1]})" in body:
        return f"{first} ({names[1]})"
    return first


def _split(text: str) -> list[str]:
    return [_unquoted(piece) for piece in _PIECES.split(text[:_READ]) if piece.strip(" .,;:*_\"'")][:200]


def _unquoted(piece: str) -> str:
    """The piece without punctuation around it; quotation marks within it stay whole."""
    bare = piece.strip(" .,;:*_\"'“”„")
    bare += "." if _REGISTERED.search(bare) else ""
    return bare.strip("«»") if bare.count("«") != bare.count("»") or bare.startswith("«") else bare


def _country(piece: str) -> str:
    """The code of a country that is all the piece says; of short codes only the usual, as "no" is no country."""
    bare = re.sub(r"^(?:in|en|au|aux|em|no|na|из|в)\s+(?=\S{4})", "", piece.strip(), flags=re.IGNORECASE)
    if len(bare) < _LONG_ENOUGH and bare not in _SHORT_COUNTRIES:
        return ""
    return (country_code(bare) or "") if len(bare) <= _LONGEST else ""


def _only_country(pieces: list[str]) -> str:
    """The one country among the pieces; "" if there is none, or more than one."""
    codes = {code for piece in pieces if (code := _country(piece))}
    return codes.pop() if len(codes) == 1 else ""


def _last_lines(said: str) -> list[str]:
    """Where no closing sets a signature apart, the short lines at the end."""
    lines = [line for line in said.split("\n") if line.strip()]
    tail: list[str] = []
    for line in reversed(lines[1:][-4:]):
        if len(line) > 70 or line.endswith(("?", "!")) or is_greeting(line):  # noqa: PLR2004
            break
        tail.insert(0, line)
    return tail


def _is_body(piece: str) -> bool:
    return (
        _is_proper(piece)
        and _BODY.search(folded(piece)) is not None
        and not _is_title(piece)
        and len(piece) <= _LONGEST
    )


def _is_title(piece: str) -> bool:
    if (
        len(piece.split()) > _LONGEST_TITLE
        or ". " in piece
        or _CONTACT.search(piece)
        or _VERB.search(folded(piece))
    ):
        return False
    return _TITLE.search(folded(piece)) is not None


def _is_name(piece: str) -> bool:
    """Two to five words, each with a capital (or without case at all), and neither a title nor an organisation."""
    words = piece.split()
    if not 2 <= len(words) <= 5 or _CONTACT.search(piece) or _country(piece):  # noqa: PLR2004
        return False
    if _TITLE.search(folded(piece)) or _BODY.search(folded(piece)) or piece.endswith((".", ":")):
        return False
    return all(word[0].isupper() or word.lower() in _PARTICLES or not word[0].islower() for word in words) and bool(
        _WORD.search(piece)
    )


_VERB: Final = re.compile(folded(r"(?<!\w)(?:signs|подписывает|signe|firma|assina|unterzeichnet|توقع|يوقع)(?!\w)"))
_PARTICLES: Final = frozenset(
    [
        "de",
        "da",
        "do",
        "dos",
        "das",
        "di",
        "du",
        "der",
        "den",
        "van",
        "von",
        "y",
        "e",
        "la",
        "le",
        "el",
        "al",
        "bin",
        "ibn",
        "ben",
        "del",
        "af",
        "av",
        "zu",
        "zur",
    ]
)


def _is_proper(piece: str) -> bool:
    """Whether an organisation's name could stand here: a capital, or in a script that has none, such a word."""
    if len(piece) > _LONGEST:
        return False
    if _is_caseless(piece):
        return _BODY.search(folded(piece)) is not None
    return any(letter.isupper() for letter in piece)


def _is_caseless(piece: str) -> bool:
    return all(letter.lower() == letter.upper() for letter in piece)


def _sender_name(mail: ReceivedMail) -> str:
    return mail.sender.name if _is_name(mail.sender.name) else ""
