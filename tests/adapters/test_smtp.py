"""Opening a session: TLS and log-in as promised, no secret told; and what goes over the wire."""

import asyncio
import socket
import ssl
from pathlib import Path
from typing import Any

import pytest
import uvloop

from outreach.adapters.smtp import SmtpAccount, SmtpTransport
from outreach.domain.outcomes import Accepted, NoSession, Outcome, Phase, Reply, Unsendable
from outreach.ports.transport import Envelope, MailTransport
from tests.adapters.mails import TEXT, envelope, not_opened, opened, submitted
from tests.parts import run
from tests.parts.certificates import authority
from tests.parts.servers import Answer, Drop, Flood, Hang, ScriptedServer, serving

TRUSTING: dict[str, Any] = {"host": "localhost", "ca_file": authority().ca_file}
LOGIN: dict[str, Any] = {"username": "user", "password": "secret"}


async def _refused(server: ScriptedServer, **changes: Any) -> tuple[NoSession, list[str]]:
    async with server:
        return await not_opened(server, **changes), server.verbs()


async def _taken(server: ScriptedServer, mail: Envelope | None = None, **changes: Any) -> Outcome:
    async with server:
        return (await submitted(server, mail, **changes))[0]


# TLS


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_user_and_password_and_mail_travel_inside_tls(security: str) -> None:
    server = ScriptedServer(tls=authority().server(), implicit_tls=security == "tls")
    assert isinstance(run(_taken(server, **TRUSTING, **LOGIN, security=security)), Accepted)
    assert all(heard.encrypted for heard in server.heard if heard.verb in {"AUTH", "MAIL", "RCPT", "DATA", "DOT"})
    assert "AUTH" in server.verbs()


@pytest.mark.shows("F21")
def test_without_starttls_there_is_no_login_and_no_mail() -> None:
    none, verbs = run(_refused(ScriptedServer(), **TRUSTING, **LOGIN, security="starttls"))
    assert (none.phase, none.security) == (Phase.STARTTLS, True)
    assert "does not offer STARTTLS" in none.detail
    assert not {"AUTH", "MAIL"} & set(verbs)


@pytest.mark.shows("F23")
@pytest.mark.parametrize("security", ["starttls", "tls"])
@pytest.mark.parametrize(
    ("context", "ca_file", "said"),
    [
        (authority().server(expired=True), authority().ca_file, "expired"),
        (authority().server("elsewhere.example"), authority().ca_file, "mismatch"),
        (authority().server(), None, "unable to get local issuer certificate"),
    ],
    ids=["expired", "another host's", "from an authority nobody trusts"],
)
def test_a_certificate_that_does_not_hold_is_refused(
    security: str, context: ssl.SSLContext, ca_file: Path | None, said: str
) -> None:
    server = ScriptedServer(tls=context, implicit_tls=security == "tls")
    changes = {"host": "localhost", "ca_file": ca_file, "security": security}
    none, verbs = run(_refused(server, **changes, **LOGIN))
    assert none.security
    assert said in none.detail
    assert not {"AUTH", "MAIL"} & set(verbs)


def test_tls_to_a_server_that_does_not_speak_it_is_refused() -> None:
    none, _ = run(_refused(ScriptedServer(), **TRUSTING, security="tls"))
    assert (none.phase, none.security) == (Phase.CONNECT, True)


@pytest.mark.parametrize("missing", [True, False], ids=["missing", "empty"])
def test_a_ca_file_without_certificates_is_named(tmp_path: Path, *, missing: bool) -> None:
    ca_file = tmp_path / "ca.pem"
    if not missing:
        ca_file.write_text("nothing")
    none, _ = run(_refused(ScriptedServer(), host="localhost", ca_file=ca_file, security="tls"))
    assert (none.phase, none.security) == (Phase.CONNECT, True)
    assert f"{ca_file} holds no certificates" in none.detail


@pytest.mark.shows("F22")
def test_replies_slipped_in_before_tls_began_are_not_believed() -> None:
    injected = b"220 2.0.0 go ahead\r\n250-evil.example\r\n250 AUTH PLAIN\r\n235 2.7.0 welcome\r\n"
    server = ScriptedServer({"STARTTLS": injected}, tls=authority().server(), logins={"user": "another"})
    none, _ = run(_refused(server, **TRUSTING, **LOGIN, security="starttls"))
    assert (none.phase, none.reply) == (Phase.AUTH, Reply(535, "5.7.8 who are you?", "5.7.8"))


@pytest.mark.parametrize("host", ["mail.example", "192.0.2.1", "localhost.example", "0.0.0.0"])  # noqa: S104  not listened on
def test_plain_text_is_for_this_machine_only(host: str) -> None:
    with pytest.raises(ValueError, match="must be encrypted"):
        SmtpAccount(host=host, security="none")


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "::1", "127.1.2.3"])
def test_plain_text_to_this_machine_is_allowed(host: str) -> None:
    assert SmtpAccount(host=host, security="none").host == host


# Log-in


@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN"])
def test_a_password_opens_the_session(mechanism: str) -> None:
    server = ScriptedServer(offers=(f"AUTH {mechanism}",), logins={"üser": "påss"})
    assert isinstance(run(_taken(server, username="üser", password="påss")), Accepted)


def test_a_token_opens_the_session() -> None:
    async def token() -> str:
        return "a-fresh-token"

    server = ScriptedServer(logins={"rosa@coalition.example": "a-fresh-token"})
    changes: dict[str, Any] = {"username": "rosa@coalition.example", "auth": "xoauth2", "token": token}
    assert isinstance(run(_taken(server, **changes)), Accepted)


@pytest.mark.shows("F24")
def test_an_expired_token_is_no_session() -> None:
    async def token() -> str:
        return "an-old-token"

    none, _ = run(_refused(ScriptedServer(), username="user", auth="xoauth2", token=token))
    assert (none.phase, none.reply) == (Phase.AUTH, Reply(535, "5.7.8 who are you?", "5.7.8"))


def test_a_token_that_cannot_be_had_is_no_session_and_not_quoted() -> None:
    async def token() -> str:
        raise RuntimeError("POST refresh_token=secret failed")

    none, _ = run(_refused(ScriptedServer(), username="user", auth="xoauth2", token=token))
    assert none.phase is Phase.AUTH
    assert "RuntimeError" in none.detail
    assert "secret" not in none.detail


@pytest.mark.shows("F24")
def test_a_wrong_password_is_tried_once() -> None:
    none, verbs = run(_refused(ScriptedServer(), username="user", password="wrong"))
    assert (none.phase, none.reply and none.reply.code) == (Phase.AUTH, 535)
    assert verbs.count("AUTH") == 1


def test_a_server_without_any_login_is_no_session() -> None:
    none, verbs = run(_refused(ScriptedServer(offers=("8BITMIME",)), **LOGIN))
    assert (none.phase, none.security) == (Phase.AUTH, False)
    assert "AUTH" not in verbs


@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN"])
def test_a_server_that_repeats_the_credentials_does_not_get_them_into_our_words(mechanism: str) -> None:
    def parrot(dialogue: Any) -> Answer:
        return f"500 what is secret, {dialogue.line}, c2VjcmV0 or AHVzZXIAc2VjcmV0?"

    none, _ = run(_refused(ScriptedServer({"AUTH": parrot}, offers=(f"AUTH {mechanism}",)), **LOGIN))
    assert none.reply is not None
    for secret in ("secret", "c2VjcmV0", "AHVzZXIAc2VjcmV0"):
        assert secret not in none.detail + none.reply.text


def test_an_account_does_not_show_its_secrets() -> None:
    assert "secret" not in repr(SmtpAccount(host="mail.example", **LOGIN))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"host": ""}, "host name is empty"),
        ({"host": "mail.example\r\nMAIL"}, "contains a space"),
        ({"host": "mail.example", "hello": "me\r\nMAIL"}, "name for EHLO"),
        ({"host": "mail.example", "hello": "büro"}, "name for EHLO"),
        ({"host": "mail.example", "auth": "xoauth2"}, "source of access tokens"),
    ],
)
def test_an_account_that_cannot_work_is_refused_in_a_sentence(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        SmtpAccount(**wrong)


# Nobody there


def test_nobody_listening_is_no_session() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, not listening: connections are refused
        account = SmtpAccount(host="127.0.0.1", port=taken.getsockname()[1], security="none", hello="here.example")
        none = run(SmtpTransport(account).open())
    assert isinstance(none, NoSession)
    assert (none.phase, none.reply, none.security) == (Phase.CONNECT, None, False)


@pytest.mark.parametrize("host", ["a" * 70 + ".example", "..."])
def test_a_host_name_that_leads_nowhere_is_no_session(host: str) -> None:
    none = run(SmtpTransport(SmtpAccount(host=host, hello="here.example")).open())
    assert isinstance(none, NoSession)
    assert (none.phase, none.security) == (Phase.CONNECT, False)


# What goes over the wire


@pytest.mark.parametrize(
    "text",
    [
        b".\r\n",
        b"..\r\n",
        b".a line\r\n..another\r\n...\r\n",
        b"ends without a line end",
        b"ends in a dot\r\n.",
        b"",
        b"x" * 998 + b"\r\n",
        "In Genève, für Menschenrechte, 人权\r\n".encode(),
        b"A long letter, line by line.\r\n" * 20_000,
    ],
    ids=["dot", "two dots", "dots", "no end", "dot at end", "empty", "long line", "8-bit", "large"],
)
def test_the_text_arrives_as_it_is(text: bytes) -> None:
    server = ScriptedServer()
    content = b"Subject: A letter\r\n\r\n" + text
    assert isinstance(run(_taken(server, envelope(content))), Accepted)
    ended = content if content.endswith(b"\r\n") else content + b"\r\n"
    assert server.accepted[0].content == ended


def test_a_dot_at_the_very_beginning_arrives() -> None:
    server = ScriptedServer()
    run(_taken(server, envelope(b".\r\n.\r\n")))
    assert server.accepted[0].content == b".\r\n.\r\n"


def test_size_and_8bit_and_smtputf8_are_declared_where_offered_and_needed() -> None:
    server = ScriptedServer()
    content = TEXT + "für\r\n".encode()
    run(_taken(server, envelope(content, recipient="józef@signers.example", needs_smtputf8=True)))
    assert server.accepted[0].parameters == (f"SIZE={len(content)}", "BODY=8BITMIME", "SMTPUTF8")
    assert server.accepted[0].recipients == ("józef@signers.example",)


def test_nothing_is_declared_to_a_server_that_offers_nothing() -> None:
    server = ScriptedServer(offers=())
    run(_taken(server))
    assert server.accepted[0].parameters == ()


def test_an_answer_to_nobody_has_an_empty_sender() -> None:
    server = ScriptedServer()
    run(_taken(server, envelope(sender="")))
    assert server.accepted[0].sender == ""


@pytest.mark.parametrize(
    ("mail", "said"),
    [
        (envelope(recipient="józef@signers.example", needs_smtputf8=True), "needs SMTPUTF8"),
        (envelope(recipient="józef@signers.example"), "needs SMTPUTF8"),
        (envelope(recipient="a@b.example>\r\nRCPT TO:<evil@z.example"), "no address may have"),
        (envelope(recipient="a@b.example> SIZE=1"), "no address may have"),
        (envelope(recipient="a\x00@b.example"), "no address may have"),
        (envelope(recipient="a\u202e@b.example"), "no address may have"),
        (envelope(recipient="a\ud800@b.example"), "no address may have"),
        (envelope(recipient="nobody"), "no @"),
        (envelope(recipient=""), "no @"),
        (envelope(sender="a@b.example\nDATA"), "no address may have"),
        (envelope(b"Subject: x\r\n\r\nfirst\n.\nMAIL FROM:<evil@z.example>\r\n"), "does not end in CR LF"),
        (envelope(b"Subject: x\r\n\r\nfirst\r.\r\n"), "does not end in CR LF"),
        (envelope(b"Subject: x\r\n\r\nfi\x00rst\r\n"), "NUL"),
        (envelope(TEXT + b"f\xfcr\r\n"), "8-bit"),
        (envelope(TEXT + b"x" * 2000), "at most 1000"),
    ],
)
def test_a_mail_that_cannot_be_submitted_never_reaches_the_server(mail: Envelope, said: str) -> None:
    async def refuse() -> tuple[Outcome, Outcome, list[str]]:
        async with ScriptedServer(offers=("SIZE 1000",)) as server:
            session = await opened(server)
            outcome = await session.submit(mail)
            heard, after = server.verbs(), await session.submit(envelope())
            await session.close()
            return outcome, after, heard

    outcome, after, heard = run(refuse())
    assert isinstance(outcome, Unsendable)
    assert said in outcome.detail
    assert heard == ["EHLO"]
    assert isinstance(after, Accepted), "the session is as good as before"


def test_one_session_carries_many_mails() -> None:
    async def many() -> tuple[list[Outcome], ScriptedServer]:
        async with ScriptedServer() as server:
            session = await opened(server)
            outcomes = [await session.submit(envelope(recipient=f"p{k}@signers.example")) for k in range(50)]
            await session.close()
            return outcomes, server

    outcomes, server = run(many())
    assert all(isinstance(outcome, Accepted) for outcome in outcomes)
    assert (server.connections, len(server.accepted), server.verbs()[-1]) == (1, 50, "QUIT")


@pytest.mark.parametrize("on", [{}, {"RCPT": Drop()}, {"DOT": Flood(b"x")}, {"MAIL": "421 4.3.2 Closing"}])
def test_the_faster_event_loop_gives_the_same_outcomes(on: dict[str, Answer]) -> None:
    async def through_tls() -> Outcome:
        return await _taken(ScriptedServer(on, tls=authority().server()), **TRUSTING, **LOGIN, security="starttls")

    assert type(uvloop.run(through_tls())) is type(run(through_tls()))


def test_a_server_in_another_thread_takes_mail_as_well() -> None:
    with serving() as server:
        outcome, _ = run(submitted(server))
    assert isinstance(outcome, Accepted)
    assert server.accepted[0].content == TEXT


def test_it_is_no_rehearsal() -> None:
    transport: MailTransport = SmtpTransport(SmtpAccount(host="mail.example"))
    assert transport.rehearsal is False


def test_opening_can_be_cancelled() -> None:
    async def cancel() -> None:
        async with ScriptedServer({"EHLO": Hang()}) as server:
            task = asyncio.create_task(opened(server))
            await asyncio.to_thread(server.wait_for, "EHLO")
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    run(cancel())
