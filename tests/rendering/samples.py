"""Invented texts and people for the tests of this room."""

import re
from typing import Any

from outreach.domain.kinds import MessageKind
from outreach.rendering.content import Content
from outreach.rendering.templates import compile_template

FOOTER = "\n\n---\n\n[Stop these mails]({{ links.opt_out }}) {{ sender.postal_address }}\n"
ASKING = (
    "\n\n[Sign for your organisation]({{ links.organisation }})\n\n[Sign for yourself]({{ links.individual }})"
    "\n\nBy {{ deadline.here }}."
)


def bare(body: str, subject: str = "Hello") -> str:
    """A template's file that holds this body and nothing else."""
    return f"---\nsubject: {subject}\n---\n{body}"


def invitation(body: str, subject: str = "Hello") -> str:
    """A valid invitation with this body before what every invitation must say."""
    return bare(body + ASKING + FOOTER, subject)


def values(**contact: Any) -> dict[str, Any]:
    """What is known about Idris, unless the test says otherwise."""
    person = {
        "name": "Idris Bello", "given_name": "Idris", "organisation": "Peace House", "role": "", "country": "NG",
        "email": "idris@house.example", "source": "the forum", "custom": {},
    }  # fmt: skip
    base = "https://sign.example"
    return {
        "contact": {**person, **contact},
        "call": {
            "title": "Reason at the border",
            "organisers": "Refugee Net and Amal",
            "background": [{"title": "The resolution", "url": "https://un.example/r?a=1&b=2"}],
        },
        "deadline": {"here": "Friday at 2 am", "call": "Thursday at 5 pm", "differs": True},
        "previous_deadline": {"call": "Monday at 5 pm"},
        "release": {"here": "Saturday", "call": "Saturday"},
        "letter": {
            "title": "Open the borders",
            "addressee": "the member States",
            "asks": ["Ratify", "Fund", "Report"],
            "text": "# To the States\n\nWe *call on* you.",
            "private": False,
        },
        "links": {
            "organisation": f"{base}/o/1", "individual": f"{base}/i/1", "opt_out": f"{base}/x/1",
            "letter": f"{base}/letters/1", "confirm": f"{base}/c/1", "signature": f"{base}/s/1",
            "kit": f"{base}/k/1",
        },
        "sender": {
            "name": "Rosa Lind", "organisation": "Refugee Net", "email": "rosa@net.example",
            "postal_address": "1 Harbour Street",
        },
        "signature": {
            "name": "Peace House", "line": "Peace House (PH)", "organisation": True, "public": True,
            "addressee": False, "counted": False, "withdrawn": False,
        },
        "change": {"before": "Peace Hous", "by_staff": False, "published": False, "text": ""},
        "question": {"text": "Is it *House* or *Hose*?"},
        "amendment": {"text": "The third point is *new*."},
        "signatories": dict.fromkeys(("all", "named", "organisations", "individuals", "more_than"), ""),
        "erratum": {"text": "The date was *wrong*."},
    }  # fmt: skip


def rendered(body: str, subject: str = "Hello", language: str = "en", **contact: Any) -> Content:
    """A receipt with this body: the kind of mail that must say nothing in particular."""
    template = compile_template(bare(body, subject), MessageKind.RECEIPT, language)
    return template.render(values(**contact))


def body_of(content: Content) -> str:
    """The HTML inside the page, without the styles."""
    inside = content.html.partition('<div class="page"')[2].partition(">")[2].rpartition("</div>")[0]
    return re.sub(r' (style|class)="[^"]*"', "", inside).strip()
