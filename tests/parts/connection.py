"""One client of a scripted server, from the greeting to the end (RFC 5321)."""

import asyncio
import base64
import socket
import struct
from typing import TYPE_CHECKING

from tests.parts.answers import (
    After,
    Answer,
    Cut,
    Dialogue,
    Drip,
    Flood,
    Hang,
    Heard,
    Mail,
    Reset,
    Taken,
    address_in,
    text_of,
)

if TYPE_CHECKING:
    from tests.parts.servers import ScriptedServer


class EndedError(Exception):
    """The script ended this connection."""


class Connection:
    """One client, from the greeting to the end."""

    def __init__(
        self, server: "ScriptedServer", number: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._server, self._reader, self._writer = server, reader, writer
        self._state = Dialogue(number, encrypted=server.implicit_tls)

    async def converse(self) -> None:
        await self._answer("GREETING", "220 scripted.example ESMTP")
        verbs = {
            "EHLO": self._ehlo,
            "STARTTLS": self._starttls,
            "AUTH": self._auth,
            "MAIL": self._mail,
            "RCPT": self._rcpt,
            "DATA": self._data,
        }
        while line := await self._hear():
            verb = line.split(" ", 1)[0].upper()
            self._note(verb, line)
            if verb in verbs:
                await verbs[verb]()
            elif verb == "RSET":
                self._reset()
                await self._answer(verb, "250 2.0.0 forgotten")
            elif verb == "QUIT":
                await self._answer(verb, "221 2.0.0 bye")
                return
            else:
                await self._answer(verb, "500 5.5.1 unknown command " + line)

    def end(self) -> None:
        self._writer.transport.abort()

    # The verbs.

    async def _ehlo(self) -> None:
        offers = list(self._server.offers)
        if self._server.tls and not self._state.encrypted:
            offers.append("STARTTLS")
        lines = ["scripted.example", *offers]
        last = len(lines) - 1
        usual = "\r\n".join(f"250{' ' if at == last else '-'}{each}" for at, each in enumerate(lines))
        await self._answer("EHLO", usual)

    async def _starttls(self) -> None:
        usual = "220 2.0.0 go ahead" if self._server.tls else "502 5.5.1 no TLS here"
        if (await self._answer("STARTTLS", usual)).startswith(b"220") and self._server.tls:
            await self._writer.start_tls(self._server.tls)
            self._reset()
            self._state.encrypted = True

    async def _auth(self) -> None:
        _, mechanism, *first = self._state.line.split(" ")
        if "AUTH" in self._server.on and await self._scripted("AUTH"):
            return
        user, secret = await self._credentials(mechanism.upper(), first)
        if self._server.logins.get(user) == secret:
            self._state.user = user
            await self._write(b"235 2.7.0 welcome\r\n")
        else:
            await self._write(b"535 5.7.8 who are you?\r\n")

    async def _credentials(self, mechanism: str, first: list[str]) -> tuple[str, str]:
        if mechanism == "LOGIN":
            user = _decoded(first[0]) if first else await self._challenge(b"334 VXNlcm5hbWU6\r\n")
            return user, await self._challenge(b"334 UGFzc3dvcmQ6\r\n")
        text = _decoded(first[0]) if first else await self._challenge(b"334 \r\n")
        if mechanism == "PLAIN":
            _, user, secret = text.split("\0")
            return user, secret
        fields = dict(part.split("=", 1) for part in text.split("\x01") if part)
        token = fields["auth"].removeprefix("Bearer ")
        if self._server.logins.get(fields["user"]) != token:
            await self._challenge(b"334 eyJzdGF0dXMiOiI0MDEifQ==\r\n")
        return fields["user"], token

    async def _challenge(self, question: bytes) -> str:
        await self._write(question)
        return _decoded(await self._hear())

    async def _mail(self) -> None:
        if self._state.sender is not None:
            await self._write(b"503 5.5.1 nested MAIL\r\n")
        elif (await self._answer("MAIL", "250 2.1.0 sender ok")).startswith(b"250"):
            self._state.sender = address_in(self._state.line)
            self._state.parameters = tuple(self._state.line.partition("> ")[2].split())

    async def _rcpt(self) -> None:
        if self._state.sender is None:
            await self._write(b"503 5.5.1 MAIL first\r\n")
        elif (await self._answer("RCPT", "250 2.1.5 recipient ok")).startswith(b"250"):
            self._state.recipients.append(address_in(self._state.line))

    async def _data(self) -> None:
        if not self._state.recipients:
            await self._write(b"554 5.5.1 no valid recipients\r\n")
        elif (await self._answer("DATA", "354 go ahead")).startswith(b"354"):
            content = await self._text()
            self._note("DOT", ".")
            await self._dot(content)
            self._reset()

    async def _text(self) -> bytes:
        stop = self._decide("BODY")
        lines, size = [], 0
        while (line := await self._reader.readuntil(b"\n")) != b".\r\n":
            size += len(line)
            if isinstance(stop, After) and size >= stop.count:
                self._note("BODY", f"{size} bytes")
                await self._act(stop.then)
                raise EndedError
            lines.append(line[1:] if line.startswith(b".") else line)
        return b"".join(lines)

    async def _dot(self, content: bytes) -> None:
        answer = self._decide("DOT") or "250 2.0.0 taken"
        accepts = isinstance(answer, Taken) or text_of(answer).startswith("2")
        if accepts:
            state = self._state
            self._server.accepted.append(
                Mail(state.sender or "", tuple(state.recipients), content, state.parameters, state.number)
            )
        await self._act(answer.then if isinstance(answer, Taken) else answer)

    # Hearing and answering.

    async def _hear(self) -> str:
        line = (await self._reader.readline()).decode("utf-8", "surrogateescape").rstrip("\r\n")
        self._state.line = line
        return line

    def _note(self, verb: str, line: str) -> None:
        self._server.note(Heard(self._state.number, verb, line, self._state.encrypted))

    def _reset(self) -> None:
        self._state.sender, self._state.parameters = None, ()
        self._state.recipients.clear()

    def _decide(self, verb: str) -> Answer | None:
        scripted = self._server.on.get(verb)
        return scripted(self._state) if callable(scripted) else scripted

    async def _scripted(self, verb: str) -> bool:
        answer = self._decide(verb)
        if answer is None:
            return False
        await self._act(answer)
        return True

    async def _answer(self, verb: str, usual: str) -> bytes:
        """Do what the script says, or the usual; the bytes that were written."""
        answer = self._decide(verb)
        return await self._act(usual if answer is None else answer)

    async def _act(self, answer: Answer) -> bytes:
        match answer:
            case str() | bytes():
                data = answer if isinstance(answer, bytes) else answer.encode() + b"\r\n"
                await self._write(data)
                if data.startswith(b"421"):
                    raise EndedError
                return data
            case Drip(text, gap):
                for byte in text.encode() + b"\r\n":
                    await self._write(bytes([byte]))
                    await asyncio.sleep(gap)
                return text.encode()
            case Cut(data):
                await self._write(data)
            case Flood(data):
                while True:
                    await self._write(data * (4096 // len(data) + 1))
            case Hang():
                await asyncio.Event().wait()
            case Reset():
                linger = struct.pack("ii", 1, 0)
                self._writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        raise EndedError

    async def _write(self, data: bytes) -> None:
        self._writer.write(data)
        await self._writer.drain()


def _decoded(text: str) -> str:
    return base64.b64decode(text).decode()
