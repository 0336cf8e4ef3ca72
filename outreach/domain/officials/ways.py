"""The ways by which a letter reaches an official, and an answer comes back."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

from outreach.domain.errors import InvalidInput
from outreach.domain.places import folded


class Way(StrEnum):
    """By which way a letter goes to an official, or comes from one."""

    MAIL = "mail"
    POST = "post"
    FAX = "fax"
    FORM = "form"
    """A form on the office's own web page."""
    HAND = "hand"
    MEETING = "meeting"
    TELEPHONE = "telephone"


WAYS_OUT = (Way.MAIL, Way.POST, Way.FAX, Way.FORM, Way.HAND)
"""The ways by which a letter can be delivered."""

ON_PAPER = (Way.POST, Way.FAX, Way.HAND)
"""The ways for which a letter is printed."""

_WRITTEN: Final = {
    Way.MAIL: "mail, email, e-mail, by mail, by email, courriel, mél, par courriel, correo electrónico, correo-e, "
    "por correo electrónico, بريد إلكتروني, البريد الإلكتروني",
    Way.POST: "post, by post, letter, postal mail, poste, par la poste, courrier, courrier postal, correo postal, "
    "por correo postal, بريد, بالبريد",
    Way.FAX: "fax, by fax, telefax, télécopie, par télécopie, por fax, فاكس",
    Way.FORM: "form, web form, online form, contact form, formulaire, formulaire en ligne, formulario, "
    "formulario en línea, نموذج",
    Way.HAND: "hand, by hand, in person, courier, messenger, par porteur, en main propre, remise en main propre, "
    "en mano, por mano, باليد",
}
_WAYS: Final = {folded(word): way for way, words in _WRITTEN.items() for word in words.split(",")}

_NEEDS: Final = {
    Way.MAIL: ("address", "mail address (email)"),
    Way.POST: ("postal_address", "postal address (postal_address)"),
    Way.FAX: ("fax", "number (fax)"),
    Way.FORM: ("form", "web address (form)"),
}
"""What of a post a way out needs, and how that is said."""


def way_out(word: str) -> Way:
    """The way out that a word names, as people write it. Raises InvalidInput for any other."""
    if way := _WAYS.get(folded(word)):
        return way
    raise InvalidInput(f"is no way by which a letter goes out: write {', '.join(WAYS_OUT)}")


def must_lead_out(way: Way) -> None:
    """Raises InvalidInput for a way by which letters come, and none is delivered."""
    if way not in WAYS_OUT:
        raise InvalidInput(f"No letter is delivered by {way.value}; there are: {', '.join(WAYS_OUT)}.")


def lacking(way: Way, post: Mapping[str, Any]) -> str:
    """What the way needs and is not known for the post; "" if nothing."""
    column, needed = _NEEDS.get(way, ("", ""))
    return "" if not column or post[column] else needed


def ways_without_detail(post: Mapping[str, Any]) -> dict[Way, str]:
    """Why a letter cannot go by a way that the post names: the way's detail is not known."""
    return {
        way: f"names {way.value} as a way, but no {needed} is known for the post"
        for way in _NEEDS
        if way in post["ways"] and (needed := lacking(way, post))
    }


def ways_of_details(post: Mapping[str, Any]) -> list[str]:
    """The ways for which the post has what they need, of a post that names none."""
    return [way.value for way, (column, _) in _NEEDS.items() if post[column]]
