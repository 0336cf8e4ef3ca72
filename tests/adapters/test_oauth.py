"""Access tokens from a token server: fresh enough, never asked for twice, and no secret in any sentence."""

from typing import Any

import pytest

from outreach.adapters.imap import ImapAccount, ImapMailbox
from outreach.adapters.oauth import NoToken, TokenAccount, TokenSource
from outreach.adapters.smtp import SmtpAccount, SmtpTransport
from outreach.domain.errors import Busy
from outreach.domain.outcomes import NoSession
from outreach.ports.mailbox import MailboxTrouble
from tests.make import TurnedClock
from tests.parts import run
from tests.parts.certificates import authority
from tests.parts.imap_server import ImapServer
from tests.parts.servers import serving
from tests.parts.token_server import TokenServer, token_server

GOOD = {"access_token": "first-access", "token_type": "Bearer", "expires_in": 3600}
NEXT = {"access_token": "second-access", "token_type": "Bearer", "expires_in": 3600}


def _source(server: TokenServer, clock: TurnedClock | None = None, kept: list[str] | None = None) -> TokenSource:
    account = TokenAccount(server.endpoint, "the-client", "the-secret", "https://mail.example/ offline_access")
    keep = (kept if kept is not None else list[str]()).append
    return TokenSource(account, "the-refresh-token", keep, clock or TurnedClock())


def _none(server: TokenServer) -> NoToken:
    with pytest.raises(NoToken) as caught:
        _source(server).token()
    return caught.value


def test_a_token_is_asked_for_with_the_refresh_token() -> None:
    with token_server(GOOD) as server:
        assert _source(server).token() == "first-access"
    assert server.asked == [
        {
            "grant_type": "refresh_token",
            "refresh_token": "the-refresh-token",
            "client_id": "the-client",
            "client_secret": "the-secret",
            "scope": "https://mail.example/ offline_access",
        }
    ]


def test_a_public_client_has_no_secret_to_tell() -> None:
    with token_server(GOOD) as server:
        TokenSource(
            TokenAccount(server.endpoint, "the-client"), "refresh", list[str]().append, TurnedClock()
        ).token()
    assert server.asked == [{"grant_type": "refresh_token", "refresh_token": "refresh", "client_id": "the-client"}]


def test_a_token_is_asked_for_once_and_anew_shortly_before_it_ends() -> None:
    clock = TurnedClock()
    with token_server(GOOD, NEXT) as server:
        source = _source(server, clock)
        assert [source.token(), source.token()] == ["first-access", "first-access"]
        clock.seconds = 3600 - 121
        assert source.token() == "first-access"
        clock.seconds = 3600 - 119
        assert source.token() == "second-access"
    assert len(server.asked) == 2


@pytest.mark.parametrize(
    "lifetime", [{}, {"expires_in": None}, {"expires_in": []}, {"expires_in": "3600"}, {"expires_in": 60}]
)
def test_a_token_is_used_though_its_lifetime_is_short_or_not_said(lifetime: dict[str, Any]) -> None:
    with token_server({"access_token": "first-access", "token_type": "Bearer", **lifetime}) as server:
        source = _source(server)
        assert [source.token(), source.token()] == ["first-access", "first-access"]


def test_a_refused_token_is_not_given_again() -> None:
    with token_server(GOOD, NEXT) as server:
        source = _source(server)
        source.refused(source.token())
        assert source.token() == "second-access"
        source.refused("first-access")  # said late, of one that is gone already
        assert source.token() == "second-access"


def test_a_refresh_token_put_in_the_place_of_ours_is_kept_and_used() -> None:
    kept: list[str] = []
    with token_server({**GOOD, "refresh_token": "rotated"}, NEXT) as server:
        source = _source(server, kept=kept)
        source.refused(source.token())
        source.token()
    assert kept == ["rotated"]
    assert [form["refresh_token"] for form in server.asked] == ["the-refresh-token", "rotated"]


def test_a_refresh_token_given_back_unchanged_is_not_kept_again() -> None:
    kept: list[str] = []
    with token_server({**GOOD, "refresh_token": "the-refresh-token"}) as server:
        _source(server, kept=kept).token()
    assert kept == []


@pytest.mark.parametrize(
    ("answer", "words", "needs_person"),
    [
        ((400, {"error": "invalid_grant", "error_description": "Token has been revoked."}), "Grant this", True),
        ((401, {"error": "invalid_client"}), "id and secret", True),
        ((400, {"error": "temporarily_unavailable"}), "temporarily_unavailable", False),
        ((500, "<html>"), "answered 500", False),
        ((429, "slow down"), "answered 429", False),
        ((302, ""), "answered", False),
        ((200, "<html>login</html>"), "no token", False),
        ((200, ["access_token"]), "no token", False),
        ((200, {"token_type": "Bearer"}), "without an access token", False),
        ((200, {"access_token": "a\r\nb", "token_type": "Bearer"}), "without an access token", False),
        ((200, {"access_token": "a", "expires_in": {"a": 1}}), "no token", False),
        ((400, {"error": "invalid_grant", "error_description": "the-refresh-token of the-secret"}), "***", True),
    ],
)
def test_why_there_is_no_token_is_said_without_secrets(answer: Any, words: str, needs_person: bool) -> None:  # noqa: FBT001
    with token_server(answer) as server:
        trouble = _none(server)
    assert words in trouble.reasons[0]
    assert trouble.needs_person is needs_person
    assert "the-refresh-token" not in str(trouble)
    assert "the-secret" not in str(trouble)


def test_a_token_server_that_is_down_is_trouble_that_passes() -> None:
    with token_server() as server:
        pass
    assert not _none(server).needs_person


def test_a_token_server_that_nobody_vouches_for_gets_no_secret() -> None:
    with token_server(GOOD, tls=authority().server()) as server:
        assert _none(server).needs_person
        assert server.asked == []


@pytest.mark.parametrize(
    "endpoint",
    ["http://login.example/token", "login.example", "https://", "http://localhost.example/", "ftp://::1/"],
)
def test_secrets_go_to_https_only_except_on_this_machine(endpoint: str) -> None:
    with pytest.raises(ValueError, match="https"):
        TokenAccount(endpoint, "the-client")


def test_imap_logs_in_with_a_token_and_with_a_fresh_one_when_it_is_stale() -> None:
    with token_server(GOOD, NEXT) as server, ImapServer(logins={"user": "second-access"}) as mail:
        source = _source(server)
        account = ImapAccount("localhost", mail.port, "none", "user", auth="xoauth2", tokens=source)
        with ImapMailbox(account).open() as session:
            assert session.numbers("INBOX") == []


def test_imap_says_why_there_was_no_token() -> None:
    with token_server((400, {"error": "invalid_grant"})) as server, ImapServer() as mail:
        account = ImapAccount("localhost", mail.port, "none", "user", auth="xoauth2", tokens=_source(server))
        with pytest.raises(MailboxTrouble, match="invalid_grant") as caught:
            ImapMailbox(account).open().__enter__()
    assert caught.value.needs_person


def test_smtp_logs_in_with_a_token_too() -> None:
    with token_server(GOOD) as server, serving(logins={"user": "first-access"}) as mail:
        account = SmtpAccount(
            "127.0.0.1",
            mail.port,
            "none",
            "user",
            auth="xoauth2",
            token=_source(server).awaited,
            hello="here.example",
        )

        async def opened() -> bool:
            session = await SmtpTransport(account).open()
            assert not isinstance(session, NoSession), session
            await session.close()
            return True

        assert run(opened())


def test_a_new_refresh_token_that_could_not_be_kept_is_kept_at_the_next_occasion() -> None:
    """The old one may be void: after a restart nobody would get in any more."""
    kept: list[str] = []
    failures = [Busy("The database is busy.")]

    def keep(token: str) -> None:
        if failures:
            raise failures.pop()
        kept.append(token)

    with token_server({**GOOD, "refresh_token": "the-next-refresh-token"}) as server:
        source = TokenSource(TokenAccount(server.endpoint, "the-client"), "the-refresh-token", keep, TurnedClock())
        with pytest.raises(Busy):
            source.token()
        assert source.token() == "first-access"
    source.token()
    assert kept == ["the-next-refresh-token"]
