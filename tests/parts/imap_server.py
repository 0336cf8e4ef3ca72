"""An IMAP server that does exactly what a script says, so that every fault can be met in a test.

    with ImapServer(on={"FETCH": Cut(b"* 1 FETCH (UID 1 BODY[] {900}\\r\\nFrom")}) as server:
        server.folder("INBOX").add(b"Subject: one\\r\\n\\r\\n")
        ...                                                   # 127.0.0.1, server.port

Without a script it behaves. ``on`` maps a verb (GREETING, CAPABILITY, STARTTLS, LOGIN, AUTHENTICATE, SELECT, NOOP,
SEARCH, FETCH, COPY, MOVE, STORE, EXPUNGE, CREATE, IDLE, DONE, LOGOUT) to what happens instead: a text, in which
{tag} stands for the command's tag and lines are parted by a line feed; bytes as they are; Drop, Reset, Hang, Drip,
Cut and Flood as in answers.py; or a function of the line heard that returns one of these, or None for the usual
answer. InTurn works too. After a text that begins with "* BYE" the server closes, as servers do.
Every line heard stands in ``server.heard``.
"""

import base64
import contextlib
import re
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from tests.parts.answers import Answer, Cut, Drip, Flood, Hang, Reset

OFFERS = ("IMAP4rev1", "AUTH=PLAIN", "AUTH=XOAUTH2", "IDLE", "MOVE", "UIDPLUS")
Handler = Callable[[Any], Answer | None]


class EndedError(Exception):
    """The connection is over."""


@dataclass
class Folder:
    """Mails by UID, with their flags."""

    validity: int | None = 1
    mails: dict[int, bytes] = field(default_factory=dict)
    flags: dict[int, set[str]] = field(default_factory=dict)
    next_uid: int = 1
    read_only: bool = False

    def add(self, content: bytes) -> int:
        uid, self.next_uid = self.next_uid, self.next_uid + 1
        self.mails[uid], self.flags[uid] = content, set()
        return uid

    def anew(self, *contents: bytes) -> None:
        """As if deleted and made again: the same UIDs, other mails, another UIDVALIDITY."""
        self.validity, self.next_uid = (self.validity or 0) + 1, 1
        self.mails, self.flags = {}, {}
        for content in contents:
            self.add(content)

    def named(self, uids: str) -> list[int]:
        """Those of a sequence set that exist; "*" is the last, whatever stands on the other side."""
        last = max(self.mails, default=0)
        found = set()
        for part in uids.split(","):
            low, _, high = part.partition(":")
            ends = [last if each == "*" else int(each) for each in (low, high or low)]
            found |= {uid for uid in self.mails if min(ends) <= uid <= max(ends)}
        return sorted(found)


class ImapServer:
    """See the module. ``logins`` are user and password; for XOAUTH2 the password is the token.

    ``told_when_idle`` is written in one breath with the permission to idle.
    """

    def __init__(
        self,
        on: Mapping[str, Answer | Handler] | None = None,
        *,
        offers: tuple[str, ...] = OFFERS,
        tls: ssl.SSLContext | None = None,
        implicit_tls: bool = False,
        logins: Mapping[str, str] | None = None,
        told_when_idle: bytes = b"",
    ) -> None:
        self.on, self.offers, self.tls, self.implicit_tls = dict(on or {}), offers, tls, implicit_tls
        self.logins = dict(logins or {"user": "secret"})
        self.told_when_idle = told_when_idle
        self.folders = {"INBOX": Folder()}
        self.heard: list[str] = []
        self.over = threading.Event()
        self._sockets: list[socket.socket] = []
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> Self:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        self._start(self._listen)
        return self

    def __exit__(self, *problem: object) -> None:
        self.over.set()
        for each in (self._listening, *self._sockets):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()
        for thread in self._threads:
            thread.join(10)

    def folder(self, name: str) -> Folder:
        return self.folders.setdefault(name, Folder())

    def verbs(self) -> list[str]:
        """The verbs heard, without tag and UID."""
        return [verb_of(line) for line in self.heard]

    def _listen(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                self._sockets.append(client)
                self._start(self._meet, client)

    def _meet(self, client: socket.socket) -> None:
        # A client that leaves, or trusts us not, is no fault of the server's.
        with contextlib.suppress(OSError, EndedError):
            if self.tls and self.implicit_tls:
                client = self._encrypted(client)
            Connection(self, client).converse()
        with contextlib.suppress(OSError):
            client.shutdown(socket.SHUT_RDWR)
        client.close()

    def _encrypted(self, client: socket.socket) -> socket.socket:
        assert self.tls
        encrypted = self.tls.wrap_socket(client, server_side=True)
        self._sockets.append(encrypted)
        return encrypted

    def _start(self, work: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()


class Connection:
    """One client, from the greeting to the end."""

    def __init__(self, server: ImapServer, client: socket.socket) -> None:
        self._server, self._client, self._file = server, client, client.makefile("rb")
        self._encrypted = server.implicit_tls
        self._folder = Folder()
        self._tag = "*"

    def converse(self) -> None:
        try:
            self._answer("GREETING", "", "* OK scripted")
            while line := self._hear():
                self._tag, _, rest = line.partition(" ")
                verb, argument = verb_of(line), rest.removeprefix("UID ").partition(" ")[2]
                usual = getattr(self, f"_{verb.lower()}", None)
                if usual is None:
                    self._write("{tag} BAD what?")
                elif not self._scripted(verb, line):
                    usual(argument)
                if verb == "LOGOUT":
                    return
        finally:
            self._file.close()
            self._client.close()

    # The verbs.

    def _capability(self, _argument: str) -> None:
        offers = [*self._server.offers]
        if self._server.tls and not self._encrypted:
            offers.append("STARTTLS")
        self._write(f"* CAPABILITY {' '.join(offers)}\n{{tag}} OK done")

    def _starttls(self, _argument: str) -> None:
        self._write("{tag} OK go ahead")
        self._file.close()
        self._client = self._server._encrypted(self._client)
        self._file = self._client.makefile("rb")
        self._encrypted = True

    def _login(self, argument: str) -> None:
        user, password = (word.strip('"') for word in argument.split(" ", 1))
        self._welcome(user, password)

    def _authenticate(self, argument: str) -> None:
        self._write("+ ")
        text = base64.b64decode(self._hear()).decode()
        if argument.upper() == "PLAIN":
            _, user, secret = text.split("\0")
        else:
            fields = dict(part.split("=", 1) for part in text.split("\x01") if part)
            user, secret = fields["user"], fields["auth"].removeprefix("Bearer ")
            if self._server.logins.get(user) != secret:
                self._write("+ eyJzdGF0dXMiOiI0MDAifQ==")
                assert self._hear() == "", "the failure is to be acknowledged with an empty line"
        self._welcome(user, secret)

    def _welcome(self, user: str, secret: str) -> None:
        good = self._server.logins.get(user) == secret
        self._write("{tag} OK welcome" if good else "{tag} NO [AUTHENTICATIONFAILED] who are you?")

    def _select(self, argument: str) -> None:
        folder = self._server.folders.get(argument.strip('"'))
        if folder is None:
            self._write("{tag} NO [NONEXISTENT] no such folder")
            return
        self._folder = folder
        validity = f"\n* OK [UIDVALIDITY {folder.validity}] valid" if folder.validity else ""
        access = "READ-ONLY" if folder.read_only else "READ-WRITE"
        self._write(f"* {len(folder.mails)} EXISTS{validity}\n{{tag}} OK [{access}] selected")

    _examine = _select

    def _noop(self, _argument: str) -> None:
        self._write("{tag} OK done")

    def _search(self, argument: str) -> None:
        found = self._folder.named(argument.removeprefix("UID "))
        self._write(f"* SEARCH {' '.join(map(str, found))}\n{{tag}} OK done")

    def _fetch(self, argument: str) -> None:
        uids, _, items = argument.partition(" ")
        for uid in self._folder.named(uids):
            at = sorted(self._folder.mails).index(uid) + 1
            self._client.sendall(f"* {at} FETCH (UID {uid} ".encode() + self._item(uid, items) + b")\r\n")
        self._write("{tag} OK done")

    def _item(self, uid: int, items: str) -> bytes:
        content = self._folder.mails[uid]
        if "RFC822.SIZE" in items:
            return f"RFC822.SIZE {len(content)}".encode()
        part = re.search(r"<0\.(\d+)>", items)
        given = content[: int(part[1])] if part else content
        if "PEEK" not in items:
            self._folder.flags[uid].add(r"\Seen")
        return f"BODY[]{'<0>' if part else ''} {{{len(given)}}}\r\n".encode() + given

    def _copy(self, argument: str) -> None:
        uids, _, name = argument.partition(" ")
        target = self._server.folders.get(name.strip('"'))
        if target is None:
            self._write("{tag} NO [TRYCREATE] no such folder")
            return
        for uid in self._folder.named(uids):
            target.add(self._folder.mails[uid])
        self._write("{tag} OK done")

    def _move(self, argument: str) -> None:
        uids, _, name = argument.partition(" ")
        target = self._server.folders.get(name.strip('"'))
        if target is not None:
            for uid in self._folder.named(uids):
                target.add(self._folder.mails.pop(uid))
        self._write("{tag} NO [TRYCREATE] no such folder" if target is None else "{tag} OK done")

    def _store(self, argument: str) -> None:
        for uid in self._folder.named(argument.partition(" ")[0]):
            self._folder.flags[uid].add(r"\Deleted")
        self._write("{tag} OK done")

    def _expunge(self, argument: str) -> None:
        for uid in self._folder.named(argument or "1:*"):
            if r"\Deleted" in self._folder.flags[uid]:
                del self._folder.mails[uid]
        self._write("{tag} OK done")

    def _create(self, argument: str) -> None:
        self._server.folder(argument.strip('"'))
        self._write("{tag} OK done")

    def _subscribe(self, _argument: str) -> None:
        self._write("{tag} OK done")

    def _idle(self, _argument: str) -> None:
        tag = self._tag
        self._client.sendall(b"+ idling\r\n" + self._server.told_when_idle)
        assert self._hear() == "DONE"
        self._tag = tag
        if not self._scripted("DONE", "DONE"):
            self._write("{tag} OK done")

    def _logout(self, _argument: str) -> None:
        self._client.sendall(b"* BYE\r\n" + self._tag.encode() + b" OK bye\r\n")

    # Hearing and answering.

    def _hear(self) -> str:
        line = self._file.readline().decode("utf-8", "surrogateescape").rstrip("\r\n")
        if line:
            self._server.heard.append(line)
        return line

    def _scripted(self, verb: str, line: str) -> bool:
        scripted = self._server.on.get(verb)
        answer = scripted(line) if callable(scripted) else scripted
        if answer is None:
            return False
        self._act(answer)
        return True

    def _answer(self, verb: str, line: str, usual: str) -> None:
        if not self._scripted(verb, line):
            self._write(usual)

    def _write(self, text: str) -> None:
        self._client.sendall(
            text.replace("{tag}", self._tag).replace("\n", "\r\n").encode("utf-8", "replace") + b"\r\n"
        )
        if text.startswith("* BYE"):
            raise EndedError

    def _act(self, answer: Answer) -> None:
        if isinstance(answer, str):
            self._write(answer)
        elif isinstance(answer, bytes):
            self._client.sendall(answer.replace(b"{tag}", self._tag.encode()))
        else:
            self._end(answer)
            raise EndedError

    def _end(self, answer: Answer) -> None:
        match answer:
            case Drip(text, gap):
                for byte in text.encode() + b"\r\n":
                    self._client.sendall(bytes([byte]))
                    self._server.over.wait(gap)
            case Cut(data):
                self._client.sendall(data)
            case Flood(data):
                while True:
                    self._client.sendall(data * (65536 // len(data) + 1))
            case Hang():
                self._server.over.wait()
            case Reset():
                self._client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def verb_of(line: str) -> str:
    """The command in a line: FETCH for "A1 UID FETCH 1 (...)"."""
    words = line.upper().split(" ")
    if len(words) == 1:
        return words[0]
    return words[2] if words[1] == "UID" else words[1]
