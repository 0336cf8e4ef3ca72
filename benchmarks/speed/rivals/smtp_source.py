"""Postfix's own load generator, in C: a constant message, one verb at a time, connections kept open."""

import subprocess
import sys

from speed.stopwatch import Order, Stopwatch, timed

PROGRAM = "smtp-source"
order = Order.given()
size = order.read_texts()["size"]
session = ["-d", "-s", str(min(order.connections, order.count)), "-m", str(order.count)]
message = ["-l", size, "-M", "localhost", "-f", "calls@lanterncoast.coop", "-t", "person@town.example"]


def send(_watch: Stopwatch) -> None:
    done = subprocess.run([PROGRAM, *session, *message, f"127.0.0.1:{order.port}"], check=False)
    if done.returncode:
        sys.exit(done.returncode)


timed(send)
