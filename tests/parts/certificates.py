"""Certificates for test servers: one authority, and servers whose certificates are right, expired or another's."""

import atexit
import datetime as dt
import functools
import shutil
import ssl
import tempfile
from pathlib import Path

import trustme


class Authority:
    """A certificate authority of our own; ``ca_file`` is what a client must trust."""

    def __init__(self) -> None:
        self._ca = trustme.CA()
        folder = tempfile.mkdtemp(prefix="outreach-ca-")
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        self.ca_file = Path(folder) / "ca.pem"
        self._ca.cert_pem.write_to_path(self.ca_file)

    def server(self, *names: str, expired: bool = False) -> ssl.SSLContext:
        """The server side of TLS for ``names`` (localhost and 127.0.0.1 if none are given)."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._issue(names, expired=expired).configure_cert(context)
        return context

    def write_server_files(self, folder: Path) -> tuple[Path, Path]:
        """A certificate chain for localhost and its key as files: (chain, key)."""
        issued = self._issue((), expired=False)
        chain, key = folder / "chain.pem", folder / "key.pem"
        chain.write_bytes(b"".join(blob.bytes() for blob in issued.cert_chain_pems))
        key.write_bytes(issued.private_key_pem.bytes())
        return chain, key

    def _issue(self, names: tuple[str, ...], *, expired: bool) -> trustme.LeafCert:
        now = dt.datetime.now(dt.UTC)
        ends = now + dt.timedelta(days=-1 if expired else 7)
        whom = names or ("localhost", "127.0.0.1")
        return self._ca.issue_cert(*whom, not_before=now - dt.timedelta(days=9), not_after=ends)


@functools.cache
def authority() -> Authority:
    """The one authority of this test run."""
    return Authority()
