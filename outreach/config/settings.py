"""Every setting of a workspace, frozen, with what it means and what is allowed.

The descriptions are what ``config.toml`` and docs/operator.md must say of each key; a test holds them to it.
"""

from typing import Annotated, ClassVar, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, model_validator

from outreach.domain.addresses import parse_address
from outreach.domain.errors import InvalidInput
from outreach.domain.quiet_hours import parse_hours, parse_working_days

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def _valid_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("must be an IANA time zone such as Europe/Brussels or America/Los_Angeles")
    return name


def _valid_address(text: str) -> str:
    if text:
        try:
            parse_address(text)
        except InvalidInput as refusal:
            raise ValueError(str(refusal)) from refusal
    return text


def _valid_hours(text: str) -> str:
    try:
        parse_hours(text)
    except InvalidInput as refusal:
        raise ValueError(str(refusal)) from refusal
    return text


def _valid_days(text: str) -> str:
    try:
        parse_working_days(text)
    except InvalidInput as refusal:
        raise ValueError(str(refusal)) from refusal
    return text


ZoneName = Annotated[str, AfterValidator(_valid_zone)]
AddressOrNothing = Annotated[str, AfterValidator(_valid_address)]
Hours = Annotated[str, AfterValidator(_valid_hours)]
Days = Annotated[str, AfterValidator(_valid_days)]


class Section(BaseModel):
    """A table of config.toml: strict, frozen, and unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Workspace(Section):
    """The coalition that this workspace belongs to."""

    name: str = Field("Our coalition", description="The coalition's name, as mails and pages show it.")
    postal_address: str = Field(
        "", description="The postal address that every bulk mail must carry; a launch is refused without it."
    )
    language: str = Field(
        "en", pattern="^[a-z]{2,3}$", description="The language for those of whom no language is known."
    )
    time_zone: ZoneName = Field(
        "Europe/Brussels", description="The zone for those of whom no zone is known; an IANA name."
    )
    base_url: str = Field(
        "http://127.0.0.1:8080",
        pattern="^https?://[^/?#@ ]+$",
        description="Where the public pages are reached; every link in a mail begins with it. "
        "https, except on this machine; no path.",
    )
    second_person: bool = Field(
        default=False, description="Whether a launch needs the consent of a second person (--authorised-by)."
    )

    @model_validator(mode="after")
    def _https(self) -> "Workspace":
        host = self.base_url.removeprefix("http://").rsplit(":", 1)[0].strip("[]")
        if self.base_url.startswith("http://") and host not in LOOPBACK:
            raise ValueError("base_url must begin with https:// (http:// is for this machine only)")
        return self


class DatabaseSettings(Section):
    """Where everything is kept."""

    url: str = Field(
        "sqlite:///outreach.db",
        pattern=r"^(sqlite:///|postgresql(\+psycopg)?://).+$",
        description="sqlite:///FILE (relative to this folder) or postgresql://USER@HOST/NAME.",
    )
    password: SecretStr = Field(SecretStr(""), description="The password of the PostgreSQL user.")


class Sender(Section):
    """Who the mails are from."""

    name: str = Field("Our coalition", description="The name in From.")
    address: AddressOrNothing = Field(
        "calls@coalition.example",
        description="The address in From; your own domain, with SPF and DKIM set up.",
    )
    reply_to: AddressOrNothing = Field("", description="Where answers go; empty: to the address in From.")
    return_address: AddressOrNothing = Field(
        "", description="Where bounces go (MAIL FROM); empty: to the address in From."
    )
    plus_addressing: bool = Field(
        default=True,
        description="Whether the server delivers name+anything@domain to name@domain, so that answers and "
        "bounces can be told apart by their address.",
    )


class Mail(Section):
    """Whether mails really leave."""

    transport: Literal["files", "smtp"] = Field(
        "files", description="files writes .eml files and sends nothing; smtp sends for real."
    )
    folder: str = Field("outbox", description="Where the .eml files are written, relative to this folder.")
    when_unknown: Literal["hold", "again"] = Field(
        "hold",
        description="What to do with an invitation or reminder of which nobody knows whether the server took it: "
        "hold it for a person, or submit it once again.",
    )


class Smtp(Section):
    """The account through which mails leave."""

    host: str = Field("127.0.0.1", description="The server's name, as its certificate says it.")
    port: int = Field(587, ge=1, le=65535, description="587 with starttls, 465 with tls.")
    security: Literal["starttls", "tls", "none"] = Field(
        "starttls", description="starttls or tls; none is allowed to this machine only (127.0.0.1)."
    )
    username: str = Field("", description="The account's name; empty: no log-in.")
    password: SecretStr = Field(SecretStr(""), description="The account's password.")
    ca_file: str = Field("", description="A file of certificate authorities to trust instead of the system's.")
    hello_name: str = Field("", description="The name this machine gives itself in EHLO; empty: its own.")
    timeout_seconds: float = Field(
        60,
        gt=0,
        le=600,
        description="How long to wait for a server's reply; after the final dot, five times that.",
    )

    @model_validator(mode="after")
    def _encrypted(self) -> "Smtp":
        if self.security == "none" and self.host not in LOOPBACK:
            raise ValueError("security = none is allowed to this machine only; use starttls or tls")
        return self


class Limits(Section):
    """How fast mails may leave: what the account and the receiving domains bear."""

    connections: int = Field(4, ge=1, le=64, description="How many SMTP connections are open at once.")
    per_minute: int = Field(120, ge=1, description="Mails in any minute.")
    per_hour: int = Field(2000, ge=1, description="Mails in any hour.")
    per_day: int = Field(10000, ge=1, description="Mails in any 24 hours.")
    domain_per_minute: int = Field(30, ge=1, description="Mails to one recipient domain in any minute.")


class Retries(Section):
    """What happens when a server says: not now."""

    first_wait_minutes: float = Field(5, gt=0, description="The wait before the second attempt.")
    longest_wait_minutes: float = Field(240, gt=0, description="The longest wait between two attempts.")
    attempts: int = Field(30, ge=1, le=100, description="After how many attempts a message has failed.")
    pause_minutes: float = Field(
        15, gt=0, description="How long the account rests after it was refused, before it is tried again."
    )


class Schedule(Section):
    """When mails may arrive."""

    quiet_hours: Hours = Field(
        "20:00-08:00",
        description="No reminder arrives in these hours of the recipient's day; equal: no quiet hours.",
    )
    working_days: Days = Field("mon-fri", description="The days on which reminders may arrive.")
    arrival_margin_minutes: int = Field(
        60,
        ge=1,
        description="A mail that asks for a signature leaves at least this long before the deadline.",
    )
    ring_seconds: float = Field(20, gt=0, le=3600, description="How often the scheduler asks what is due.")


class Web(Section):
    """The public pages."""

    host: str = Field("127.0.0.1", description="The address to listen on; a reverse proxy stands before it.")
    port: int = Field(8080, ge=1, le=65535, description="The port to listen on.")


class Settings(Section):
    """All settings of a workspace."""

    secret_keys: ClassVar[frozenset[str]] = frozenset({"smtp.password", "database.password"})

    workspace: Workspace = Workspace()
    database: DatabaseSettings = DatabaseSettings()
    sender: Sender = Sender()
    mail: Mail = Mail()
    smtp: Smtp = Smtp()
    limits: Limits = Limits()
    retries: Retries = Retries()
    schedule: Schedule = Schedule()
    web: Web = Web()
