"""Every setting of a workspace, frozen, with what it means and what is allowed.

The descriptions are what ``config.toml`` and docs/operator.md must say of each key; a test holds them to it.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from outreach.config.forms import (
    LOOPBACK,
    Addresses,
    AddressOrNothing,
    BaseUrl,
    DatabaseUrl,
    Dates,
    Days,
    Filled,
    Host,
    HostOrNothing,
    Hours,
    HttpsOrNothing,
    Language,
    Line,
    MailAddress,
    Names,
    Networks,
    TimeOfDay,
    Zone,
)

MINUTES_OF_A_WEEK = 7 * 24 * 60
MANY = 1_000_000_000


class Section(BaseModel):
    """A table of config.toml: strict, frozen, and unknown keys are refused."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, str_strip_whitespace=True, allow_inf_nan=False
    )


class Workspace(Section):
    """The coalition that this workspace belongs to."""

    name: Filled = Field("Our coalition", description="The coalition's name, as mails and pages show it.")
    postal_address: Line = Field(
        "", description="The postal address that every bulk mail must carry; a launch is refused without it."
    )
    language: Language = Field("en", description="The language for those of whom no language is known.")
    time_zone: Zone = Field("Europe/Brussels", description="The zone for those of whom no zone is known.")
    base_url: BaseUrl = Field(
        "http://127.0.0.1:8080",
        description="Where the public pages are reached; every link in a mail begins with it. "
        "https, except on this machine; no path.",
    )
    second_person: bool = Field(
        default=False,
        description="Whether a launch, or a letter to officials, needs the consent of a second person.",
    )


class DatabaseSettings(Section):
    """Where everything is kept."""

    url: DatabaseUrl = Field(
        "sqlite:///outreach.db",
        description="sqlite:///FILE (relative to this folder) or postgresql://USER@HOST/NAME.",
    )
    password: SecretStr = Field(SecretStr(""), description="The password of the PostgreSQL user.")


class Sender(Section):
    """Who the mails are from."""

    name: Filled = Field("Our coalition", description="The name in From.")
    address: MailAddress = Field(
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
    dkim_selector: Line = Field(
        "",
        description="The selector with which your relay signs (DKIM), so that its key can be looked up; "
        "empty: it is not.",
    )


class Mail(Section):
    """Whether mails really leave."""

    transport: Literal["files", "smtp"] = Field(
        "files", description="files writes .eml files and sends nothing; smtp sends for real."
    )
    folder: Filled = Field("outbox", description="Where the .eml files are written, relative to this folder.")
    when_unknown: Literal["hold", "again"] = Field(
        "hold",
        description="What to do with an invitation or reminder of which nobody knows whether the server took it: "
        "hold it for a person (hold), or submit it once again (again).",
    )
    relay_log: Line = Field(
        "",
        description="The log of the Postfix that takes the mails, if this machine may read it: what is in doubt is "
        "looked up there, and in FILE.1; empty: it is not read.",
    )
    sent_folder: Line = Field(
        "",
        description="The folder of the mailbox in which the provider keeps a copy of each mail that it took: what "
        "is in doubt is looked up there; empty: it is not read.",
    )

    @property
    def has_witness(self) -> bool:
        """Whether anybody can say what became of a mail in doubt."""
        return bool(self.relay_log or self.sent_folder)


class Smtp(Section):
    """The account through which mails leave."""

    host: Host = Field("127.0.0.1", description="The server's name, as its certificate says it.")
    port: int = Field(587, ge=1, le=65535, description="587 with starttls, 465 with tls.")
    security: Literal["starttls", "tls", "none"] = Field(
        "starttls", description="starttls or tls; none is allowed to this machine only (127.0.0.1)."
    )
    username: Line = Field("", description="The account's name; empty: no log-in.")
    log_in: Literal["password", "oauth"] = Field(
        "password", description="How to log in: with the password, or with a token of [oauth] (XOAUTH2)."
    )
    password: SecretStr = Field(SecretStr(""), description="The account's password.")
    ca_file: Line = Field("", description="A file of certificate authorities to trust instead of the system's.")
    hello_name: HostOrNothing = Field("", description="The name this machine gives itself in EHLO; empty: its own.")
    timeout_seconds: float = Field(
        60.0,
        gt=0,
        le=600,
        description="How long to wait for a server's reply; after the final dot, five times that.",
    )

    @model_validator(mode="after")
    def _encrypted(self) -> "Smtp":
        if self.security == "none" and self.host not in LOOPBACK:
            raise ValueError(
                f'security = "none" to {self.host} would show the mails to anyone; '
                'it is allowed to this machine only. Use "starttls" or "tls".'
            )
        return self


class MailboxSettings(Section):
    """The mailbox in which answers and bounces arrive."""

    kind: Literal["none", "imap", "maildir"] = Field(
        "none", description="imap reads a mail server, maildir a folder of this machine; none: nothing is read."
    )
    folders: Names = Field(
        "INBOX", description="The folders that are read, with commas between them; a spam folder is worth it."
    )
    processed_folder: Line = Field("", description="Where mail goes that has been taken in; empty: it stays.")
    host: Host = Field("127.0.0.1", description="The IMAP server's name, as its certificate says it.")
    port: int = Field(993, ge=1, le=65535, description="993 with tls, 143 with starttls.")
    security: Literal["tls", "starttls"] = Field("tls", description="tls or starttls; without one nothing is read.")
    username: Line = Field("", description="The mailbox's name at its server.")
    log_in: Literal["password", "oauth"] = Field(
        "password", description="How to log in: with the password, or with a token of [oauth] (XOAUTH2)."
    )
    password: SecretStr = Field(SecretStr(""), description="The mailbox's password.")
    ca_file: Line = Field("", description="A file of certificate authorities to trust instead of the system's.")
    path: Line = Field("", description="The Maildir's folder, relative to this one.")
    poll_seconds: float = Field(
        60.0, gt=0, le=3600, description="How often to look, where the server does not tell of new mail by itself."
    )
    largest_megabytes: int = Field(
        25, ge=1, le=200, description="Of a larger mail only the beginning is kept; a person must look at it."
    )
    authserv_id: Line = Field(
        "",
        description="The name by which your mail server signs its Authentication-Results; empty: none is believed.",
    )

    @model_validator(mode="after")
    def _complete(self) -> "MailboxSettings":
        if self.kind == "imap" and not self.username:
            raise ValueError('kind = "imap" needs the username of the mailbox.')
        if self.kind == "maildir" and not self.path:
            raise ValueError('kind = "maildir" needs the path of the Maildir.')
        if self.processed_folder and self.processed_folder in self.folders.split(", "):
            raise ValueError("processed_folder must not be one of the folders that are read.")
        return self


class OAuth(Section):
    """How a token is got for servers that want one instead of a password (Google, Microsoft)."""

    token_url: HttpsOrNothing = Field("", description="Where the provider gives tokens for the refresh token.")
    client_id: Line = Field("", description="The name under which this program is registered at the provider.")
    client_secret: SecretStr = Field(SecretStr(""), description="The secret that belongs to that name, if any.")
    refresh_token: SecretStr = Field(
        SecretStr(""), description="The first refresh token; newer ones are kept in the database."
    )
    scope: Line = Field("", description="What the token is for, where the provider wants it said.")


class Staff(Section):
    """Who hears of what has come back."""

    addresses: Addresses = Field("", description="Where the digest and urgent news go; empty: to nobody.")
    digest_at: TimeOfDay = Field(
        "08:00", description="When the digest goes, on the clocks of workspace.time_zone; empty: never."
    )


class Limits(Section):
    """How fast mails may leave: what the account and the receiving domains bear."""

    connections: int = Field(4, ge=1, le=64, description="How many SMTP connections are open at once.")
    per_minute: int = Field(120, ge=1, le=MANY, description="Mails in any minute.")
    per_hour: int = Field(2000, ge=1, le=MANY, description="Mails in any hour.")
    per_day: int = Field(10000, ge=1, le=MANY, description="Mails in any 24 hours.")
    domain_per_minute: int = Field(30, ge=1, le=MANY, description="Mails to one recipient domain in any minute.")
    confirmations_per_hour: int = Field(
        120,
        ge=1,
        le=MANY,
        description="Confirmations to people whom nobody invited, in any hour; those beyond it wait for you.",
    )


class Retries(Section):
    """What happens when a server says: not now."""

    first_wait_minutes: float = Field(
        5.0,
        gt=0,
        le=MINUTES_OF_A_WEEK,
        description="The wait before the second attempt; it doubles from attempt to attempt.",
    )
    longest_wait_minutes: float = Field(
        240.0, gt=0, le=MINUTES_OF_A_WEEK, description="The longest wait between two attempts."
    )
    attempts: int = Field(30, ge=1, le=100, description="After how many attempts a message has failed.")
    pause_minutes: float = Field(
        15.0,
        gt=0,
        le=MINUTES_OF_A_WEEK,
        description="How long the account rests after it was refused, before it is tried again.",
    )

    @model_validator(mode="after")
    def _in_order(self) -> "Retries":
        if self.longest_wait_minutes < self.first_wait_minutes:
            raise ValueError("longest_wait_minutes must not be shorter than first_wait_minutes.")
        return self


class Schedule(Section):
    """When mails may arrive."""

    quiet_hours: Hours = Field(
        "20:00-08:00",
        description='No reminder arrives in these hours of the recipient\'s day; "none": no quiet hours.',
    )
    working_days: Days = Field("mon-fri", description="The days on which reminders may arrive.")
    arrival_margin_minutes: int = Field(
        60,
        ge=1,
        le=MINUTES_OF_A_WEEK,
        description="A mail that asks for a signature leaves at least this long before the deadline.",
    )
    ring_seconds: float = Field(20.0, gt=0, le=3600, description="How often the scheduler asks what is due.")


class Correspondence(Section):
    """Letters to officials: how long their offices have, and what a mail may weigh."""

    acknowledged_within: int = Field(
        10, ge=1, le=260, description="Working days until an office should have said that a letter has arrived."
    )
    answered_within: int = Field(30, ge=1, le=520, description="Working days until an office should have answered.")
    days_off: Dates = Field("", description="Days on which no office works, besides weekends; empty: none.")
    largest_mail_megabytes: int = Field(
        10, ge=1, le=50, description="The most that one mail to an official may weigh, its attachments included."
    )
    fold_marks: bool = Field(
        default=False, description="Print fold marks on letters for the post, as for a window envelope (DIN 5008)."
    )


class Web(Section):
    """The public pages."""

    host: Host = Field("127.0.0.1", description="The address to listen on; a reverse proxy stands before it.")
    port: int = Field(8080, ge=1, le=65535, description="The port to listen on.")
    trusted_proxies: Networks = Field(
        "",
        description="The network addresses of your reverse proxies, separated by commas: only they may say, in "
        "X-Forwarded-For, for whom they ask.",
    )
    forms_per_minute: int = Field(
        30, ge=1, le=MANY, description="Public forms that one network address may fill in, in any minute."
    )


class Console(Section):
    """The staff console: how long somebody stays logged in, and what a log-in takes."""

    idle_hours: int = Field(
        12, ge=1, le=168, description="After how many hours without a page somebody is logged out."
    )
    log_in_days: int = Field(
        7, ge=1, le=90, description="After how many days everybody logs in anew, however busy they were."
    )
    second_factor: Literal["offered", "required"] = Field(
        "offered",
        description="Whether a code from a device is asked of those who have set one up (offered), or everybody "
        "must set one up (required).",
    )


class Settings(Section):
    """All settings of a workspace."""

    workspace: Workspace = Workspace()
    database: DatabaseSettings = DatabaseSettings()
    sender: Sender = Sender()
    mail: Mail = Mail()
    smtp: Smtp = Smtp()
    mailbox: MailboxSettings = MailboxSettings()
    oauth: OAuth = OAuth()
    staff: Staff = Staff()
    limits: Limits = Limits()
    retries: Retries = Retries()
    schedule: Schedule = Schedule()
    correspondence: Correspondence = Correspondence()
    web: Web = Web()
    console: Console = Console()

    @model_validator(mode="after")
    def _sent_folder_is_somewhere(self) -> "Settings":
        if self.mail.sent_folder and self.mailbox.kind != "imap":
            raise ValueError('mail.sent_folder is a folder of the mailbox, so [mailbox] needs kind = "imap".')
        return self
