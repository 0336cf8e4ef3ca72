"""How fast mails leave, side by side in one run: outreach with its whole ledger, and a plain smtplib loop.

Both submit the same personalised text-and-HTML mails, one recipient each, to the same sink on this machine, one
after the other in every round. The loop remembers nothing: it is what a script of twenty lines would do.
"""

import argparse
import asyncio
import contextlib
import os
import smtplib
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

from jinja2 import Environment

from outreach.adapters.clock import SystemClock
from outreach.adapters.smtp import SmtpAccount, SmtpTransport
from outreach.bootstrap import Outreach
from outreach.config.house import House
from outreach.config.settings import Settings
from outreach.store.database import open_database
from outreach.worker.work import work
from tests import make

SINK = """
import asyncio, sys

async def serve(reader, writer):
    writer.write(b"220 sink\\r\\n")
    while line := await reader.readline():
        verb = line[:4].upper()
        if verb == b"EHLO":
            writer.write(b"250-sink\\r\\n250-8BITMIME\\r\\n250 SMTPUTF8\\r\\n")
        elif verb == b"DATA":
            writer.write(b"354 go on\\r\\n")
            while await reader.readline() not in (b".\\r\\n", b""):
                pass
            writer.write(b"250 2.0.0 taken\\r\\n")
        elif verb == b"QUIT":
            writer.write(b"221 bye\\r\\n")
            break
        else:
            writer.write(b"250 2.0.0 ok\\r\\n")
    writer.close()

async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0, limit=2**20)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()

asyncio.run(main())
"""


@contextlib.contextmanager
def sink() -> Iterator[int]:
    """The port of an SMTP server, in a process of its own, that takes everything and keeps nothing."""
    with subprocess.Popen([sys.executable, "-c", SINK], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.terminate()


def ours(port: int, count: int, connections: int) -> tuple[float, float]:
    """Seconds, and CPU seconds, for outreach to claim, render, submit and settle ``count`` invitations."""
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{folder}/outreach.db")
        limits = dict.fromkeys(("per_minute", "per_hour", "per_day", "domain_per_minute"), 10**6)
        plain = make.house(database, limits={**limits, "connections": connections})
        now = datetime.now(UTC)
        with database.changing() as session:
            for number in range(count):
                make.contact(session, plain, f"person{number}@town{number % 50}.example")
            make.launched(session, plain, now=now)
        app = Outreach(
            Path(folder),
            House(Settings.model_validate(plain.settings.model_dump()), database.salt, database.link_key),
            database,
            SmtpTransport(SmtpAccount("127.0.0.1", port, security="none", hello="localhost")),
            SystemClock(),
        )
        wall, cpu = time.perf_counter(), time.process_time()
        tally = asyncio.run(work(app, until_idle=True))
        spent = time.perf_counter() - wall, time.process_time() - cpu
        assert tally.states == {"sent": count}, tally
        database.close()
        return spent


def a_loop(port: int, count: int) -> tuple[float, float]:
    """Seconds, and CPU seconds, for smtplib, Jinja2 and EmailMessage, over one connection, with no ledger."""
    sources = make.call_file()
    letter = sources.letters["en"].body
    environment = Environment(autoescape=True)
    text = environment.from_string("Dear {{ name }},\n\n" + letter)
    html = environment.from_string("<p>Dear {{ name }},</p>" + "".join(f"<p>{p}</p>" for p in letter.split("\n\n")))
    wall, cpu = time.perf_counter(), time.process_time()
    with smtplib.SMTP("127.0.0.1", port) as connection:
        for number in range(count):
            mail = EmailMessage()
            mail["From"], mail["To"] = "calls@lanterncoast.example", f"person{number}@town{number % 50}.example"
            mail["Subject"] = "Safe passage for people at sea"
            mail.set_content(text.render(name=f"Person {number}"))
            mail.add_alternative(html.render(name=f"Person {number}"), subtype="html")
            connection.send_message(mail)
    return time.perf_counter() - wall, time.process_time() - cpu


def main() -> None:
    """Run the rounds and print a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mails", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=1 if os.environ.get("QUICK") else 5)
    parser.add_argument("--connections", type=int, default=8)
    given = parser.parse_args()
    import logging

    import structlog

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    rows: dict[str, list[tuple[float, float]]] = {
        f"outreach, {given.connections} connections": [],
        "smtplib loop": [],
    }
    with sink() as port:
        for _ in range(given.rounds):
            rows[f"outreach, {given.connections} connections"].append(ours(port, given.mails, given.connections))
            rows["smtplib loop"].append(a_loop(port, given.mails))
    print(f"{given.mails} mails, median of {given.rounds} rounds\n")
    print("| sender | mails per second | CPU seconds per thousand |\n|---|---:|---:|")
    for name, spent in rows.items():
        rate = given.mails / statistics.median(wall for wall, _ in spent)
        cpu = statistics.median(cpu for _, cpu in spent) * 1000 / given.mails
        print(f"| {name} | {rate:,.0f} | {cpu:.2f} |")


if __name__ == "__main__":
    main()
