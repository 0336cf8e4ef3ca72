"""What the demo's people write back, as their mail programs would."""

from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from email.utils import format_datetime, make_msgid

from outreach.demo.cast import Part
from outreach.demo.world import Arrival

AWAY_FOR = timedelta(days=36)
WRITES = {
    Part.SIGNS_BY_REPLY: "Thank you for this. Yes, please add us to the signatories.",
    Part.DECLINES: "Thank you for asking, but we are sorry: we cannot sign this letter.",
    Part.OPTS_OUT_BY_REPLY: "Please remove me from your mailing list.",
    Part.ASKS: "Will the letter also be sent to the regional commission?",
}
"""What those write who answer the invitation by hand."""


def answer(part: Part, arrival: Arrival, now: datetime) -> tuple[str, bytes]:
    """The address that an answer goes to, and the answer itself."""
    asked, mail = _begun(arrival, now)
    if part is Part.AWAY:
        back = (arrival.at + AWAY_FOR).date()
        mail["Subject"] = f"Out of office: {asked['Subject']}"
        mail["Auto-Submitted"] = "auto-replied"
        mail.set_content(
            f"I am out of the office until {back.day} {back:%B %Y} and will not read my mail before then."
        )
        return mail["To"], mail.as_bytes()
    name = arrival.address.partition("@")[0].replace(".", " ").title()
    quoted = "\n".join(f"> {line}" for line in arrival.text().splitlines())
    mail["Subject"] = f"Re: {asked['Subject']}"
    mail.set_content(f"Dear Rosa,\n\n{WRITES[part]}\n\nBest wishes,\n{name}\n\nOn Monday, Rosa wrote:\n{quoted}\n")
    return mail["To"], mail.as_bytes()


def from_the_office(arrival: Arrival, words: str, now: datetime) -> tuple[str, bytes]:
    """The address that an office's answer goes to, and the answer itself."""
    asked, mail = _begun(arrival, now)
    mail["Subject"] = f"Re: {asked['Subject']}"
    mail.set_content(words)
    return mail["To"], mail.as_bytes()


def _begun(arrival: Arrival, now: datetime) -> tuple[Message, EmailMessage]:
    """The mail that is answered, and the answer without its words."""
    asked = message_from_bytes(arrival.content, policy=policy.default)
    mail = EmailMessage()
    mail["From"], mail["To"] = arrival.address, str(asked["Reply-To"])
    mail["Date"], mail["Message-ID"] = format_datetime(now), make_msgid(domain=arrival.address.partition("@")[2])
    mail["In-Reply-To"] = str(asked["Message-ID"])
    return asked, mail
