"""A name server that knows what a test tells it.

    with NameServer({("lanterncoast.coop", "TXT"): ['"v=spf1 -all"']}) as server:
        server.resolver()                                     # asks it, and nobody else

A name that it was not told of does not exist; one that it knows for another type has no answer. ``silent`` names
get no answer at all, ``refused`` ones SERVFAIL.
"""

import contextlib
import socket
import threading
from collections.abc import Mapping, Sequence
from typing import Self

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset
from dns.asyncresolver import Resolver


class NameServer:
    """See the module. The texts are in the form of zone files (RFC 1035, 5)."""

    def __init__(
        self,
        zone: Mapping[tuple[str, str], Sequence[str]],
        *,
        silent: Sequence[str] = (),
        refused: Sequence[str] = (),
    ) -> None:
        self.zone, self.silent, self.refused = zone, silent, refused
        self.asked: list[tuple[str, str]] = []

    def __enter__(self) -> Self:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.settimeout(0.1)
        self.port = int(self._socket.getsockname()[1])
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *problem: object) -> None:
        self._over.set()
        self._thread.join(10)
        self._socket.close()

    def resolver(self) -> Resolver:
        resolver = Resolver(configure=False)
        resolver.nameservers, resolver.port = ["127.0.0.1"], self.port
        return resolver

    def _serve(self) -> None:
        while not self._over.is_set():
            with contextlib.suppress(TimeoutError):
                question, whom = self._socket.recvfrom(4096)
                answer = self._answer(dns.message.from_wire(question))
                if answer is not None:
                    self._socket.sendto(answer.to_wire(), whom)

    def _answer(self, query: dns.message.Message) -> dns.message.Message | None:
        (question,) = query.question
        name, kind = question.name.to_text(omit_final_dot=True), dns.rdatatype.to_text(question.rdtype)
        self.asked.append((name, kind))
        if name in self.silent:
            return None
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.RA
        if name in self.refused:
            answer.set_rcode(dns.rcode.SERVFAIL)
        elif (name, kind) in self.zone:
            answer.answer.append(dns.rrset.from_text_list(question.name, 60, "IN", kind, self.zone[name, kind]))
        elif name not in {known for known, _ in self.zone}:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        return answer
