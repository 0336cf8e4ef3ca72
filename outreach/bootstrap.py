"""The one place that builds adapters from the settings."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from outreach.adapters.clock import SystemClock
from outreach.adapters.files import FileTransport
from outreach.adapters.house_texts import read_announcements, read_house_texts
from outreach.adapters.smtp import SmtpAccount, SmtpTimeouts, SmtpTransport
from outreach.config.house import House
from outreach.config.loading import load_settings
from outreach.config.settings import Settings
from outreach.domain.errors import InvalidInput
from outreach.ports.clock import Clock
from outreach.ports.mailbox import Mailbox
from outreach.ports.press import SerialPress
from outreach.ports.transport import MailTransport
from outreach.store.database import Database, open_database, sqlite_url

if TYPE_CHECKING:
    from outreach.adapters.oauth import TokenSource

REFRESH_TOKEN = "refresh_token"  # noqa: S105  a name


@dataclass(frozen=True, slots=True)
class Outreach:
    """A workspace, opened: its folder, its database, its clock, the way out for its mails, and the way in."""

    folder: Path
    house: House
    database: Database
    transport: MailTransport
    clock: Clock
    mailbox: Mailbox | None = None

    @property
    def press(self) -> SerialPress:
        """What makes PDF, DOCX and ODT of letters."""
        from outreach.adapters.press.printing import PrintingPress  # heavy, and few commands print

        return PrintingPress()


def open_workspace(folder: Path, *, clock: Clock | None = None) -> Outreach:
    """Open the workspace in ``folder``. Raises Refusal or InvalidInput with what is wrong."""
    settings = load_settings(folder)
    database = open_database(
        sqlite_url(settings.database.url, folder), password=settings.database.password.get_secret_value()
    )
    texts = read_house_texts(folder / "templates" / "email")
    posts = read_announcements(folder / "templates" / "announcement")
    house = House(settings, database.salt, database.link_key, texts, posts)
    clock = clock or SystemClock()
    tokens = build_tokens(settings, database, clock)
    transport = build_transport(settings, folder, tokens)
    return Outreach(folder, house, database, transport, clock, build_mailbox(settings, folder, tokens))


def build_tokens(settings: Settings, database: Database, clock: Clock) -> "TokenSource | None":
    """Where access tokens come from; None if nothing logs in with one.

    A refresh token that the provider puts in the place of ours is kept in the database: the old one may be void.
    """
    if "oauth" not in (settings.smtp.log_in, settings.mailbox.log_in):
        return None
    from outreach.adapters.oauth import TokenAccount, TokenSource  # few need it

    oauth = settings.oauth
    first = oauth.refresh_token.get_secret_value()
    newest = database.kept_secret(REFRESH_TOKEN, instead_of=first)
    with _settings_said():
        account = TokenAccount(
            oauth.token_url, oauth.client_id, oauth.client_secret.get_secret_value(), oauth.scope
        )
    return TokenSource(
        account, newest, lambda token: database.keep_secret(REFRESH_TOKEN, token, instead_of=first), clock
    )


def build_mailbox(settings: Settings, folder: Path, tokens: "TokenSource | None") -> Mailbox | None:
    """An IMAP server or a Maildir, as the settings say; None if no mailbox is read."""
    if settings.mailbox.kind == "none":
        return None
    from outreach.adapters.imap import ImapAccount, ImapMailbox  # heavy, and only the worker needs it
    from outreach.adapters.maildir import MaildirMailbox

    mailbox = settings.mailbox
    folders = tuple(mailbox.folders.split(", "))
    if mailbox.kind == "maildir":
        return MaildirMailbox(folder / mailbox.path, folders)
    with _settings_said():
        return ImapMailbox(
            ImapAccount(
                host=mailbox.host,
                port=mailbox.port,
                security=mailbox.security,
                username=mailbox.username,
                password=mailbox.password.get_secret_value,
                auth="xoauth2" if mailbox.log_in == "oauth" else "password",
                tokens=tokens,
                folders=folders,
                ca_file=Path(folder, mailbox.ca_file) if mailbox.ca_file else None,
            )
        )


@contextmanager
def _settings_said() -> Iterator[None]:
    """What an adapter cannot be built of is the settings' fault."""
    try:
        yield
    except ValueError as error:
        raise InvalidInput(str(error)) from error


def build_transport(settings: Settings, folder: Path, tokens: "TokenSource | None" = None) -> MailTransport:
    """Files or a server, as the settings say."""
    if settings.mail.transport == "files":
        return FileTransport(folder / settings.mail.folder)
    smtp = settings.smtp
    with _settings_said():
        return SmtpTransport(
            SmtpAccount(
                host=smtp.host,
                port=smtp.port,
                security=smtp.security,
                username=smtp.username,
                password=smtp.password.get_secret_value(),
                auth="xoauth2" if smtp.log_in == "oauth" else "password",
                token=tokens.awaited if tokens else None,
                ca_file=Path(folder, smtp.ca_file) if smtp.ca_file else None,
                hello=smtp.hello_name,
                timeouts=SmtpTimeouts.around(smtp.timeout_seconds),
            )
        )
