"""A workspace is opened with the adapters that its settings name, or refused in a sentence."""

from pathlib import Path

import pytest

from outreach.adapters.imap import ImapMailbox
from outreach.adapters.maildir import MaildirMailbox
from outreach.adapters.sample import make_workspace
from outreach.bootstrap import build_tokens, open_workspace
from outreach.config.loading import load_settings
from outreach.domain.errors import InvalidInput
from outreach.store.database import open_database
from tests.make import TurnedClock
from tests.parts.token_server import token_server

ROTATED = {"access_token": "first", "expires_in": 3600, "refresh_token": "rotated"}
NEXT = {"access_token": "second", "expires_in": 3600}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    make_workspace(tmp_path / "workspace")
    return tmp_path / "workspace"


def say(folder: Path, **secrets: str) -> None:
    """Settings as a secrets folder gives them."""
    for name, value in secrets.items():
        (folder / "secrets" / name).write_text(value, encoding="utf-8")


def test_a_new_workspace_reads_no_mailbox(folder: Path) -> None:
    assert open_workspace(folder).mailbox is None


def test_the_mailbox_is_the_one_that_the_settings_name(folder: Path) -> None:
    say(folder, mailbox__kind="maildir", mailbox__path="mail")
    assert isinstance(open_workspace(folder).mailbox, MaildirMailbox)
    say(folder, mailbox__kind="imap", mailbox__username="calls", mailbox__password="secret")
    assert isinstance(open_workspace(folder).mailbox, ImapMailbox)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"mailbox__kind": "imap"}, "needs the username"),
        ({"mailbox__kind": "maildir"}, "needs the path"),
        ({"mailbox__kind": "imap", "mailbox__username": "calls", "mailbox__security": "none"}, "tls"),
        ({"mailbox__processed_folder": "INBOX"}, "must not be one of the folders"),
        ({"mailbox__kind": "imap", "mailbox__username": "calls", "mailbox__log_in": "oauth"}, "token server"),
        ({"oauth__token_url": "http://tokens.example/"}, "https://"),
        ({"staff__addresses": "rosa"}, "has no @"),
        ({"staff__digest_at": "8 o'clock"}, "no time of day"),
        ({"mailbox__folders": "INBOX,,Junk"}, "names with commas"),
    ],
)
def test_a_mailbox_that_cannot_be_read_is_refused_with_what_is_missing(
    folder: Path, settings: dict[str, str], sentence: str
) -> None:
    say(folder, **settings)
    with pytest.raises(InvalidInput, match=sentence):
        open_workspace(folder)


def test_a_refresh_token_that_the_provider_replaced_is_kept_until_another_first_one_is_given(folder: Path) -> None:
    clock = TurnedClock()
    with token_server(ROTATED, NEXT, NEXT) as server:
        say(folder, smtp__log_in="oauth", smtp__username="calls", oauth__client_id="us")
        say(folder, oauth__token_url=server.endpoint, oauth__refresh_token="first one")
        for _ in range(2):  # the second time as after a restart
            database = open_database(f"sqlite:///{folder / 'outreach.db'}")
            tokens = build_tokens(load_settings(folder, {}), database, clock)
            assert tokens is not None
            tokens.token()
            database.close()
        say(folder, oauth__refresh_token="granted anew")
        database = open_database(f"sqlite:///{folder / 'outreach.db'}")
        tokens = build_tokens(load_settings(folder, {}), database, clock)
        assert tokens is not None
        tokens.token()
        database.close()
    assert [one["refresh_token"] for one in server.asked] == ["first one", "rotated", "granted anew"]
