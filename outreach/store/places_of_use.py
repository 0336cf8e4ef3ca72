"""Where a database is used: which file on which machine, or which database of which server."""

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from sqlmodel import Session

from outreach.domain.generations import CARDS

ROOT: Final = Path("/")
_OID = sa.text("SELECT oid::text FROM pg_database WHERE datname = current_database()")
_MAY_ASK = sa.text("SELECT has_function_privilege(to_regprocedure('pg_control_system()'), 'execute')")
_SYSTEM = sa.text("SELECT system_identifier::text FROM pg_control_system()")


def place_of_use(session: Session) -> dict[str, str]:
    """What the place is known by; "" for what cannot be found out.

    On PostgreSQL it is the server's, from whichever machine it is reached. Of a file it is the inode, and not the
    device: many file systems get another number for that each time they are mounted.
    """
    engine = session.get_bind().engine
    if engine.dialect.name == "sqlite":
        with suppress(OSError):
            return {"file": str(Path(engine.url.database or "").stat().st_ino), **machine()}
        return machine()
    system = session.execute(_SYSTEM).scalar() if session.execute(_MAY_ASK).scalar() else ""
    return {"oid": str(session.execute(_OID).scalar() or ""), "system": str(system or "")}


def machine(root: Path = ROOT) -> dict[str, str]:
    """What tells this machine from others, as digests (machine-id(5) wants its own kept for oneself).

    A machine that was cloned byte by byte has its original's machine-id; what its cloud calls it, the number of its
    hardware or its network cards are others then. A host's name is no sign: a laptop's changes with the network, a
    container's each time it is made anew.
    """
    return {
        "machine": _digest(_said(root / "etc/machine-id")),
        "instance": _digest(_said(root / "var/lib/cloud/data/instance-id")),
        "hardware": _digest(_said(root / "sys/class/dmi/id/product_uuid")),
        CARDS: " ".join(sorted(map(_digest, _cards(root / "sys/class/net")))),
    }


def _cards(folder: Path) -> Iterator[str]:
    """The addresses of real network cards that were not given by software."""
    with suppress(OSError):
        for each in sorted(folder.iterdir()):
            if (each / "device").exists() and _said(each / "addr_assign_type") == "0":
                yield from filter(None, [_said(each / "address")])


def _said(path: Path) -> str:
    try:
        said = path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
    return "" if said == "uninitialized" else said


def _digest(value: str) -> str:
    return hashlib.sha256(f"outreach {value}".encode()).hexdigest()[:16] if value else ""
