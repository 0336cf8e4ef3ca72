"""F19: the network is cut under open connections: no answer comes, and no end either."""

import ctypes
import fcntl
import os
import socket
import struct
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.faults.harbour import CONNECTIONS, assert_whole, ended, harbour, needs
from tests.faults.sink import recording

CLONE_NEWNET = 0x40000000  # unshare(2), setns(2)
SET_FLAGS, UP = 0x8914, 1  # netdevice(7): SIOCSIFFLAGS, IFF_UP
PEOPLE = tuple(f"member{number}@{number % 9}.harbour.example" for number in range(40))


class Network:
    """A network of its own (network_namespaces(7)), with nothing in it but a loopback interface."""

    def __init__(self, stack: ExitStack) -> None:
        self._system = ctypes.CDLL(None, use_errno=True)
        self._outside = _present(stack)
        _succeeds(self._system.unshare(CLONE_NEWNET))
        self._inside = _present(stack)
        self._enter(self._outside)
        self.path = f"/proc/{os.getpid()}/fd/{self._inside}"

    @contextmanager
    def within(self) -> Iterator[None]:
        """A block whose sockets are in it, as are those of the threads that it starts."""
        self._enter(self._inside)
        try:
            yield
        finally:
            self._enter(self._outside)

    def set(self, *, up: bool) -> None:
        """Put the interface up, or cut it."""
        with self.within(), socket.socket() as any_socket:
            fcntl.ioctl(any_socket, SET_FLAGS, struct.pack("16sh14x", b"lo", UP if up else 0))

    def _enter(self, namespace: int) -> None:
        _succeeds(self._system.setns(namespace, CLONE_NEWNET))


def _present(stack: ExitStack) -> int:
    number = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
    stack.callback(os.close, number)
    return number


def _succeeds(answer: int) -> None:
    if answer:
        raise OSError(ctypes.get_errno(), "a network of its own cannot be had")


def test_f19_a_network_that_is_cut_frees_its_lanes_by_time_outs_and_blames_nobody(
    sqlite_url: str, tmp_path: Path, stack: ExitStack
) -> None:
    needs("root", "nsenter")
    network = Network(stack)
    network.set(up=True)
    with network.within():
        there = stack.enter_context(recording(tmp_path / "taken", longest=0.3))
    each = harbour(stack, tmp_path, sqlite_url, there, addresses=PEOPLE, smtp={"timeout_seconds": 1.0})
    process = each.start_under("nsenter", f"--net={network.path}")
    each.wait_until(lambda: there.taken >= 2 * CONNECTIONS, "mails to leave")
    network.set(up=False)
    each.wait_until(lambda: "sending" not in each.states(), "the lanes to be free")
    found = each.states()
    assert found["queued"] + found.get("deferred", 0) > 0
    assert found.get("unknown", 0) <= CONNECTIONS
    assert {one.attempts for one in each.rows() if one.state.value == "queued"} == {0}
    assert process.poll() is None, "it is alive"
    process.terminate()
    assert ended(process) == 0, each.log

    each.server = stack.enter_context(recording(tmp_path / "taken"))
    each.configure(smtp={"port": each.server.port, "timeout_seconds": 5.0})
    found = assert_whole(each)
    assert found["sent"] + found.get("unknown", 0) == len(PEOPLE)
