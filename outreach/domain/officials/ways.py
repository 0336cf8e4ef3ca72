"""The ways by which a letter reaches an official, and an answer comes back."""

from enum import StrEnum


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
