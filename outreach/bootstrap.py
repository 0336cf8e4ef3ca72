"""The one place that builds adapters from the settings."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from outreach.adapters.clock import SystemClock
from outreach.adapters.files import FileTransport
from outreach.adapters.generation_file import GenerationFile
from outreach.adapters.house_texts import read_announcements, read_answers, read_house_texts
from outreach.adapters.smtp import SmtpAccount, SmtpTimeouts, SmtpTransport
from outreach.config.house import House
from outreach.config.loading import load_settings
from outreach.config.settings import Settings
from outreach.domain.addresses import parse_address
from outreach.domain.errors import InvalidInput
from outreach.ports.clock import Clock
from outreach.ports.folder_mark import FolderMark
from outreach.ports.mailbox import Mailbox
from outreach.ports.press import SerialPress
from outreach.ports.transport import MailTransport
from outreach.ports.witness import Witness
from outreach.store.database import Database, open_database, sqlite_url

if TYPE_CHECKING:
    from outreach.adapters.imap import ImapMailbox
    from outreach.adapters.oauth import TokenSource
    from outreach.adapters.probes.dns import SenderDomains
    from outreach.adapters.probes.together import Probes

IMAP_SECONDS = 60.0
"""How long the mailbox's server may take for each answer."""
REFRESH_TOKEN = "refresh_token"  # noqa: S105  a name


@dataclass(frozen=True, slots=True)
class Outreach:
    """A workspace, opened: its folder, its database, its clock, the way out for its mails, and the way in.

    ``probes`` builds what looks at all of that from outside; None: nobody looks. ``witnesses`` can say afterwards
    whether a mail was taken. ``folder_mark`` is by what a restored backup is seen; None: nobody looks.
    """

    folder: Path
    house: House
    database: Database
    transport: MailTransport
    clock: Clock
    mailbox: Mailbox | None = None
    probes: "Callable[[], Probes] | None" = None
    witnesses: tuple[Witness, ...] = ()
    folder_mark: FolderMark | None = None

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
    answers = read_answers(folder / "templates" / "answers")
    house = House(settings, database.salt, database.link_key, texts, posts, answers)
    clock = clock or SystemClock()
    tokens = build_tokens(settings, database, clock)
    transport = build_transport(settings, folder, tokens)
    probes = partial(build_probes, settings, folder, tokens)
    mailbox = build_mailbox(settings, folder, tokens)
    witnesses = build_witnesses(settings, folder, tokens)
    mark = GenerationFile(folder)
    return Outreach(folder, house, database, transport, clock, mailbox, probes, witnesses, mark)


def build_witnesses(settings: Settings, folder: Path, tokens: "TokenSource | None") -> tuple[Witness, ...]:
    """The relay's log and the provider's folder of what was sent, as far as the settings name any."""
    mail, found = settings.mail, list[Witness]()
    if mail.relay_log:
        from outreach.adapters.relay_log import RelayLog

        domain = parse_address(settings.sender.address).wire.rpartition("@")[2]
        found.append(RelayLog(folder / mail.relay_log, domain))
    if mail.sent_folder:
        from outreach.adapters.sent_folder import SentFolder

        found.append(SentFolder(_imap(settings, folder, tokens, folders=(mail.sent_folder,)), mail.sent_folder))
    return tuple(found)


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
    mailbox = settings.mailbox
    if mailbox.kind == "none":
        return None
    if mailbox.kind == "maildir":
        from outreach.adapters.maildir import MaildirMailbox

        return MaildirMailbox(folder / mailbox.path, tuple(mailbox.folders.split(", ")))
    return _imap(settings, folder, tokens)


def _imap(
    settings: Settings,
    folder: Path,
    tokens: "TokenSource | None",
    seconds: float = IMAP_SECONDS,
    folders: tuple[str, ...] = (),
) -> "ImapMailbox":
    from outreach.adapters.imap import ImapAccount, ImapMailbox  # heavy, and only the worker needs it

    mailbox = settings.mailbox
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
                folders=folders or tuple(mailbox.folders.split(", ")),
                ca_file=Path(folder, mailbox.ca_file) if mailbox.ca_file else None,
                timeout_seconds=seconds,
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
    return SmtpTransport(_smtp_account(settings, folder, tokens, settings.smtp.timeout_seconds))


def _smtp_account(settings: Settings, folder: Path, tokens: "TokenSource | None", seconds: float) -> SmtpAccount:
    smtp = settings.smtp
    with _settings_said():
        return SmtpAccount(
            host=smtp.host,
            port=smtp.port,
            security=smtp.security,
            username=smtp.username,
            password=smtp.password.get_secret_value(),
            auth="xoauth2" if smtp.log_in == "oauth" else "password",
            token=tokens.awaited if tokens else None,
            ca_file=Path(folder, smtp.ca_file) if smtp.ca_file else None,
            hello=smtp.hello_name,
            timeouts=SmtpTimeouts.around(seconds),
        )


def build_probes(settings: Settings, folder: Path, tokens: "TokenSource | None") -> "Probes":
    """What looks at the mail account, the mailbox, the sender's DNS and the disk, as far as the settings name any.

    A rehearsal has no mail account, and what DNS says of its sender matters to nobody.
    """
    from outreach.adapters.probes import dns, mailbox, smtp
    from outreach.adapters.probes.disk import free_bytes
    from outreach.adapters.probes.together import Probes

    real, kind = settings.mail.transport == "smtp", settings.mailbox.kind
    impatient = _imap(settings, folder, tokens, mailbox.SECONDS) if kind == "imap" else None
    box = impatient or build_mailbox(settings, folder, tokens)
    where = f"{settings.mailbox.host}:{settings.mailbox.port}" if kind == "imap" else settings.mailbox.path
    return Probes(
        free_bytes=partial(free_bytes, folder),
        smtp=partial(smtp.look_at_smtp, _smtp_account(settings, folder, tokens, smtp.SECONDS)) if real else None,
        mailbox=partial(mailbox.look_at_mailbox, box, where) if box else None,
        dns=(lambda: dns.look_at_dns(_sender(settings), dns.system_resolver())) if real else None,
    )


def _sender(settings: Settings) -> "SenderDomains":
    from outreach.adapters.probes.dns import SenderDomains

    sender = settings.sender
    own, answers, bounces = (
        parse_address(one or sender.address).domain
        for one in (sender.address, sender.reply_to, sender.return_address)
    )
    return SenderDomains(own, bounces, tuple(sorted({answers, bounces})), sender.dkim_selector)
