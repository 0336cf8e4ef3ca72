"""Invented letters with lists of signatories for the tests of this room."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from outreach.domain.addressing import Addressed
from outreach.domain.counts import Counts
from outreach.domain.signatures import SignatureKind
from outreach.rendering.publication import Group, GroupHeading, ListedName, Publication

DATA = Path(__file__).parents[2] / "data"
THE_271 = tuple((DATA / "signatories-2025.txt").read_text(encoding="utf-8").splitlines())

BODY = """\
Excellencies,

We ask you to *keep* your **promise** and read [the log](https://coast.example/log?a=1&b=2).

## What we ask

1. Rescue everyone.
2. Open safe ways.

> No one is safe alone.

Respectfully,
"""

ADDRESS = (
    "H.E. Ms Vera Sol",
    "Ambassador and Permanent Representative",
    "Permanent Mission of Chile to the United Nations",
    "58 Rue du Lac",
    "1202 Geneva",
    "SWITZERLAND",
)

WORLDWIDE = (
    "منظمة أطباء بلا حدود (مثال)",
    "האגודה לזכויות (דוגמה)",
    "Мемориал «Пример» — Центр",
    "የሰብአዊ መብት ማህበር",
    "မြန်မာ လူ့အခွင့်အရေး အဖွဲ့",
    "བོད་ཀྱི་འགྲོ་བ་མིའི་ཐོབ་ཐང་",
    "人权观察（示例）",
    "인권단체 예시",
    "मानवाधिकार संघ",
    "มูลนิธิสิทธิมนุษยชน",
    "សមាគមសិទ្ធិមនុស្ស",
    "Đoàn kết & Hy vọng",
)

HOSTILE = (
    '=HYPERLINK("http://evil","x")',
    "+1+1",
    "-2+3",
    "@SUM(1)",
    "＝1+1",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg/onload=alert(1)>',
    "{{constructor.constructor('alert(1)')()}}",
    "{{ contact.email }}",
    "${7*7} <%= 7*7 %> {{7*7}} #{7*7}",
    "*x* [y](https://z.example) _u_ `c`",
    '#panic("x") $x^2$ @ref <label> // no',
    "\\input{/etc/passwd} \\textbf{x}",
    '"; DROP TABLE contacts;--',
    "O'Brien & Søns «Ж» 人权 &amp; &lt;b&gt;",
    "3. Welt Laden",
    "- Dash House",
    "# Heading House",
    "> Quote House",
    "11.11.11",
    "a" * 200,
    'Comma, Quote" and; semicolon',
    "007",
    "~~gone~~ ![p](https://p.example/p.png) https://bare.example",
    "--- dashes -- and ... dots 'quoted'",
    "www.words.example :smile: H~2~O x^2^ $a$",
)  # fmt: skip


def group(
    names: Iterable[str],
    heading: GroupHeading = GroupHeading.NONE,
    kind: SignatureKind = SignatureKind.ORGANISATION,
    *,
    first: int = 1,
    country: str = "",
) -> Group:
    """Names of one kind, numbered from ``first`` on."""
    listed = tuple(ListedName(number, line, country, kind) for number, line in enumerate(names, first))
    return Group(heading, listed, country)


def publication(
    *names: str, groups: tuple[Group, ...] | None = None, unnamed: int = 0, **fields: Any
) -> Publication:
    """A letter signed by these organisations, or by these groups, unless the test says otherwise."""
    groups = (group(names),) if groups is None else groups
    kinds = [name.kind for one in groups for name in one.names]
    known: dict[str, Any] = {
        "slug": "safe-passage",
        "language": "en",
        "title": "Safe passage for people at sea",
        "addressee": "Member States of the United Nations",
        "body": BODY,
        "asks": ("Rescue everyone.", "Open safe ways."),
        "organisers": ("Lantern Coast Network", "Red Marea Abierta"),
        "dated": "2 March 2027",
        "edition": 1,
        "digest": "ab" * 32,
        "url": "https://sign.example/letters/safe-passage",
        "workspace": "Lantern Coast Network",
    }
    counts = Counts(
        organisations=kinds.count(SignatureKind.ORGANISATION),
        individuals=kinds.count(SignatureKind.INDIVIDUAL),
        unnamed_organisations=unnamed,
    )
    return Publication(**{**known, "counts": counts, "groups": groups, **fields})


def delivered(*names: str, lines: tuple[str, ...] = ADDRESS, **fields: Any) -> Publication:
    """The same letter as it is delivered to an official in Geneva, unless the test says otherwise."""
    official = Addressed(
        post="chl-gva", language="en", name="Vera Sol", salutation="Excellency,", state="CL", lines=lines
    )
    carried: dict[str, Any] = {
        "body": "We ask you to *keep* your **promise** at sea.\n\nRespectfully,\n",
        "addressed": official,
        "letterhead": (
            "Lantern Coast Network",
            "12 Quay Street, 1000 Brussels, Belgium",
            "letters@lanterncoast.example",
        ),
        "date_line": "2 March 2027",
        "references": ("Your letter of 20 June 2018, reference GVA/18/7", "Our letter of 17 May 2018"),
        "our_reference": "safe-passage/chl-gva",
        "copies": ("Ministry of Foreign Affairs, Santiago",),
    }
    return publication(*names, **carried | fields)
