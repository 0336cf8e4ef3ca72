"""The one place that builds adapters from the settings."""

from dataclasses import dataclass
from pathlib import Path

from outreach.adapters.clock import SystemClock
from outreach.adapters.files import FileTransport
from outreach.adapters.house_texts import read_house_texts
from outreach.adapters.smtp import SmtpAccount, SmtpTimeouts, SmtpTransport
from outreach.config.house import House
from outreach.config.loading import load_settings
from outreach.config.settings import Settings
from outreach.ports.clock import Clock
from outreach.ports.mailbox import Mailbox
from outreach.ports.transport import MailTransport
from outreach.store.database import Database, open_database, sqlite_url


@dataclass(frozen=True, slots=True)
class Outreach:
    """A workspace, opened: its folder, its database, its clock, the way out for its mails, and the way in."""

    folder: Path
    house: House
    database: Database
    transport: MailTransport
    clock: Clock
    mailbox: Mailbox | None = None


def open_workspace(folder: Path, *, clock: Clock | None = None) -> Outreach:
    """Open the workspace in ``folder``. Raises Refusal or InvalidInput with what is wrong."""
    settings = load_settings(folder)
    database = open_database(
        sqlite_url(settings.database.url, folder), password=settings.database.password.get_secret_value()
    )
    texts = read_house_texts(folder / "templates" / "email")
    house = House(settings, database.salt, database.link_key, texts)
    return Outreach(folder, house, database, build_transport(settings, folder), clock or SystemClock())


def build_transport(settings: Settings, folder: Path) -> MailTransport:
    """Files or a server, as the settings say."""
    if settings.mail.transport == "files":
        return FileTransport(folder / settings.mail.folder)
    smtp = settings.smtp
    return SmtpTransport(
        SmtpAccount(
            host=smtp.host,
            port=smtp.port,
            security=smtp.security,
            username=smtp.username,
            password=smtp.password.get_secret_value(),
            ca_file=Path(folder, smtp.ca_file) if smtp.ca_file else None,
            hello=smtp.hello_name,
            timeouts=SmtpTimeouts.around(smtp.timeout_seconds),
        )
    )
