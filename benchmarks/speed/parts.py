"""The measurements: on the spot, far away, encrypted, and on PostgreSQL. Each gives its series and its goals."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from speed.goals import Goal, rates, ratio, savings
from speed.ledgers import SqliteLedgers, postgres_ledgers
from speed.measuring import Contender, Series, Stage
from speed.senders import NODEMAILER, OURS, RIVALS, SMTP_SOURCE, SMTPLIB
from speed.sinks import far_away, own_sink, smtp_sink
from tests.parts.certificates import authority

WAY = 10
"""Milliseconds in each direction."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What a part has found. ``per_connection``: its rates are told for one connection, too."""

    title: str
    about: str
    series: Mapping[str, Series]
    goals: list[Goal]
    per_connection: bool = False


def plain(stage: Stage, ledgers: SqliteLedgers, connections: int) -> Measured:
    """Everybody, into smtp-sink, in the clear."""
    title = "Sending into smtp-sink"
    with smtp_sink() as port:
        ours = Contender(OURS.name, OURS, port, connections, ledgers=ledgers)
        rivals = [Contender(rival.name, rival, port, connections) for rival in RIVALS]
        series = stage.measured(title, [ours, *rivals])
    mine, rival = series[OURS.name], {each.name: series[each.name] for each in RIVALS}
    goals = [
        rates("messages/s, to smtp-source", 1, mine, rival[SMTP_SOURCE.name]),
        rates("messages/s, to nodemailer", 10, mine, rival[NODEMAILER.name]),
        rates("messages/s, to a smtplib loop", 40, mine, rival[SMTPLIB.name]),
        savings("CPU per message, nodemailer's to ours", 20, mine, rival[NODEMAILER.name]),
        savings("CPU per message, a smtplib loop's to ours", 35, mine, rival[SMTPLIB.name]),
    ]
    about = f"SQLite, {connections} connections; the loop and mailmerge use one."
    return Measured(title, about, series, goals)


def distant(stage: Stage, ledgers: SqliteLedgers, _connections: int) -> Measured:
    """One connection and four to a server that is far away."""
    title = f"A round trip of {2 * WAY} ms"
    contenders = []
    with smtp_sink() as near, far_away(near, WAY) as port:
        for lanes in (1, 4):
            contenders += [
                Contender(f"{OURS.name}, {lanes}", OURS, port, lanes, ledgers=ledgers),
                Contender(f"{SMTP_SOURCE.name}, {lanes}", SMTP_SOURCE, port, lanes),
                Contender(f"{NODEMAILER.name}, {lanes}", NODEMAILER, port, lanes),
            ]
        series = stage.measured(title, contenders)
    goals = []
    for lanes in (1, 4):
        others = [series[f"{rival.name}, {lanes}"].rate for rival in (SMTP_SOURCE, NODEMAILER)]
        best = max((rate for rate in others if rate > 0), default=float("nan"))
        what = f"a connection's messages/s at {2 * WAY} ms, {lanes} open"
        goals.append(Goal(what, 2, ratio(series[f"{OURS.name}, {lanes}"].rate, best)))
    about = f"A proxy before smtp-sink delays what passes by {WAY} ms each way. After each name: connections."
    return Measured(title, about, series, goals, per_connection=True)


def tls(stage: Stage, ledgers: SqliteLedgers, connections: int) -> Measured:
    """The same sink with TLS and without."""
    title, ca = "TLS", str(authority().ca_file)
    keys = stage.folder / "keys"
    keys.mkdir(exist_ok=True)
    chain, key = authority().write_server_files(keys)
    with own_sink() as clear, own_sink(chain=chain, key=key) as sealed:
        contenders = [
            Contender("outreach, plain", OURS, clear, connections, ledgers=ledgers),
            Contender("outreach, TLS", OURS, sealed, connections, ca=ca, ledgers=ledgers),
            Contender("nodemailer, plain", NODEMAILER, clear, connections),
            Contender("nodemailer, TLS", NODEMAILER, sealed, connections, ca=ca),
        ]
        series = stage.measured(title, contenders)
    goals = [rates("messages/s, with TLS to without", 0.7, series["outreach, TLS"], series["outreach, plain"])]
    about = f"Our own sink, from the first byte encrypted or not; {connections} connections."
    return Measured(title, about, series, goals)


def postgresql(stage: Stage, ledgers: SqliteLedgers, connections: int) -> Measured:
    """SQLite, and PostgreSQL on this machine with one worker and with two."""
    title = "PostgreSQL on the same machine"
    with smtp_sink() as port, postgres_ledgers(Path(stage.folder, "postgresql")) as served:
        one = Contender("PostgreSQL", OURS, port, connections, ledgers=served)
        two = Contender("PostgreSQL, two workers", OURS, port, connections, ledgers=served, workers=2)
        series = stage.measured(title, [Contender("SQLite", OURS, port, connections, ledgers=ledgers), one, two])
    goals = [
        rates("messages/s, PostgreSQL to SQLite", None, series["PostgreSQL"], series["SQLite"]),
        rates("the same, two workers", None, series["PostgreSQL, two workers"], series["SQLite"]),
    ]
    about = f"outreach alone, {connections} connections a worker; CPU and memory without the database server's."
    return Measured(title, about, series, goals)


PARTS: dict[str, Callable[[Stage, SqliteLedgers, int], Measured]] = {
    "plain": plain,
    "distant": distant,
    "tls": tls,
    "postgresql": postgresql,
}
