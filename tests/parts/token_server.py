"""A token server on loopback (RFC 6749, 6) that gives the answers it is told to, one after the other."""

import json
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl

Answer = Mapping[str, object] | tuple[int, object]


@dataclass
class TokenServer:
    """``asked`` holds the form of each request; ``endpoint`` is where to ask."""

    answers: list[Answer]
    endpoint: str = ""
    asked: list[dict[str, str]] = field(default_factory=list)


@contextmanager
def token_server(*answers: Answer, tls: ssl.SSLContext | None = None) -> Iterator[TokenServer]:
    """Running as long as the block lasts. An answer is JSON, or a state and JSON, or a state and text."""
    told = TokenServer([*answers])

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told.asked.append(dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode())))
            answer = told.answers.pop(0)
            state, body = answer if isinstance(answer, tuple) else (200, answer)
            self.send_response(state)
            self.end_headers()
            self.wfile.write((body if isinstance(body, str) else json.dumps(body)).encode())

        def log_message(self, *_: object) -> None:
            """A test's output is not the place."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """A client that does not trust us just leaves."""

    server = Server(("127.0.0.1", 0), Handler)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    told.endpoint = f"http{'s' if tls else ''}://localhost:{server.server_port}/token"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()
