"""An open IMAP session: what lies in the folders, its bytes without a trace of us, and waiting for more."""

import ssl
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

from imap_tools.utils import encode_folder

from outreach.adapters.imap_trouble import PROBLEMS, Refused, Troubles, checked
from outreach.adapters.imap_wire import Fetched, ImapWire, ranges
from outreach.ports.mailbox import BEGINNING, Arrival, MailboxTrouble, Place

T = TypeVar("T")

AT_ONCE = 100
"""How many mails one command names."""
BUNDLE, BUNDLE_BYTES = 25, 1024 * 1024
"""How many mails, and how many bytes of them, are fetched with one command and lie in memory together."""
LOOK_SECONDS = 0.5
"""How often a wait looks whether it shall end."""
POLL_SECONDS = 60.0
"""The longest wait where the server does not tell of new mail: no IDLE, or more than one folder to watch."""
GOODBYE_SECONDS = 2.0


class ImapSession:
    """A MailboxSession. After a MailboxTrouble, open a new one."""

    def __init__(self, wire: ImapWire, folders: tuple[str, ...], idle_seconds: float, troubles: Troubles) -> None:
        self._wire, self._folders, self._idle_seconds, self._troubles = wire, folders, idle_seconds, troubles
        self._incarnations = dict[str, str]()
        self._selected = ""
        self._idles = True
        self._broken = False

    def folders(self) -> Sequence[tuple[str, str]]:
        """The folders with their UIDVALIDITY, asked of the server each time."""
        self._incarnations = {folder: self._select(folder) for folder in self._folders}
        return [*self._incarnations.items()]

    def numbers(self, folder: str, *, after: str = "") -> Sequence[str]:
        """The UIDs, ascending."""
        with self._asking(f"does not say what is in the folder {folder}"):
            self._enter(folder)
            self._wire.noop()  # some servers tell of new mail only then
            lowest = int(after) + 1 if after else 1
            return [str(uid) for uid in self._wire.search(lowest)]

    def fetch(self, folder: str, numbers: Sequence[str], *, largest: int) -> Iterator[Arrival]:
        """The mails in the order given, as BODY.PEEK[] has them, a few at a time in memory."""
        withheld = dict[int, Refused]()
        for some in _chunks([int(number) for number in numbers]):
            sizes = self._each(folder, some, "RFC822.SIZE", lambda each: each.size, withheld)
            for bundle in _bundles(sizes, largest):
                yield from self._arrivals(folder, bundle, largest, withheld)
        for uid, refusal in withheld.items():
            said = f"does not give out mail {uid} of the folder {folder}: {refusal}"
            raise self._over(f"{said}. Look at it with a mail program, and move it to another folder", lasting=True)

    def holding(self, folder: str, message_id: str) -> int:
        """The UID of a mail with that Message-ID in the folder; 0 for none."""
        with self._asking(f"does not search the folder {folder}"):
            self._enter(folder)
            self._wire.noop()
            return max(self._wire.with_header("Message-ID", message_id), default=0)

    def move(self, folder: str, numbers: Sequence[str], to: str) -> None:
        """UID MOVE, or what it stands for (RFC 6851); never an EXPUNGE of what others have marked."""
        advice = "Check the folder's name in the settings."
        for some in _chunks([int(number) for number in numbers]):
            with self._asking(f"does not move mails from {folder} to {to}", advice, lasting=True):
                self._enter(folder)
                self._move(ranges(some), to)

    def wait(self, seconds: float, stopped: Callable[[], bool]) -> None:
        """IDLE on the first folder, or a pause where that is not offered; looks twice a second at ``stopped``."""
        began = time.monotonic()
        with self._asking("does not say whether there is new mail"):
            if self._selected != self._folders[0]:
                self._enter(self._folders[0])
                self._wire.untagged_responses.clear()
            while (
                not stopped()
                and not self._news()
                and (left := began + self._longest(seconds) - time.monotonic()) > 0
            ):
                if self._can_idle():
                    self._idle(min(left, self._idle_seconds), stopped)
                else:
                    time.sleep(min(left, LOOK_SECONDS))

    def close(self) -> None:
        """Say goodbye if we still understand each other; never raises."""
        if not self._broken:
            with suppress(*PROBLEMS):
                self._wire.hurry(GOODBYE_SECONDS)
                self._wire.logout()
        self._wire.shutdown()

    @property
    def certificate(self) -> Mapping[str, Any] | None:
        """The server's, as ssl.getpeercert gives it; None without TLS."""
        line = self._wire.sock
        return line.getpeercert() if isinstance(line, ssl.SSLSocket) else None

    # Folders.

    def _select(self, folder: str) -> str:
        advice = "Check the folder's name in the settings."
        with self._asking(f"does not open the folder {folder}", advice, lasting=True):
            self._selected = ""
            incarnation = self._wire.select_folder(folder)
        if not incarnation:
            raise self._over(f"does not number the mails in the folder {folder} (UIDVALIDITY)", lasting=True)
        self._selected = folder
        return incarnation

    def _enter(self, folder: str) -> None:
        """Select the folder if another one is; its numbers must still mean what they meant."""
        if self._selected == folder:
            return
        incarnation = self._select(folder)
        if self._incarnations.setdefault(folder, incarnation) != incarnation:
            raise self._over(f"has made the folder {folder} anew; it will be read from its start", lasting=False)

    # Mails.

    def _each(
        self,
        folder: str,
        uids: Sequence[int],
        item: str,
        value: Callable[[Fetched], T | None],
        withheld: dict[int, Refused],
        expected: int = 0,
    ) -> dict[int, T]:
        """The item's value for each mail. What a common command left out is asked for one by one.

        So one mail that the server cannot give, or that vanishes, takes no other with it (RFC 2180, 4.1).
        """
        with self._asking(f"does not give out mails of the folder {folder}"):
            self._enter(folder)
            self._wire.expected = expected
            got, refusal = self._wire.fetch_each(uids, item, value)
            if refusal and not refusal.lasts(usually=True):
                raise refusal
        left = [uid for uid in uids if uid not in got]
        if len(uids) > 1:
            for uid in left:
                got |= self._each(folder, [uid], item, value, withheld, expected)
        elif left and refusal and refusal.code != "EXPUNGEISSUED":
            withheld[left[0]] = refusal
        return {uid: got[uid] for uid in uids if uid in got}

    def _arrivals(
        self, folder: str, bundle: Mapping[int, int], largest: int, withheld: dict[int, Refused]
    ) -> Iterator[Arrival]:
        """The mails of one bundle, given with their sizes."""
        beginning = min(largest, BEGINNING)
        whole = max(bundle.values()) <= largest
        item = "BODY.PEEK[]" if whole else f"BODY.PEEK[]<0.{beginning}>"
        expected = sum(bundle.values()) if whole else beginning
        bodies = self._each(folder, [*bundle], item, lambda each: each.body, withheld, expected)
        for uid, body in bodies.items():
            place = Place(folder, self._incarnations[folder], str(uid))
            size = len(body) if whole else bundle[uid]  # some servers only guess at RFC822.SIZE
            yield Arrival(place, body if len(body) <= largest else body[:beginning], size)

    def _move(self, uids: str, to: str) -> None:
        wire = self._wire
        if "MOVE" in wire.capabilities:
            self._into("MOVE", uids, to)
        elif "UIDPLUS" in wire.capabilities:
            self._into("COPY", uids, to)
            checked(wire.command("UID", "STORE", uids, "+FLAGS.SILENT", r"(\Deleted)"))
            checked(wire.command("UID", "EXPUNGE", uids))
        else:
            raise Refused("it can neither MOVE nor UIDPLUS; leave the mails where they are")

    def _into(self, verb: str, uids: str, to: str) -> None:
        """MOVE or COPY; if that is refused, once more after making the folder."""
        name = encode_folder(to)
        self._wire.untagged_responses.clear()
        try:
            checked(self._wire.command("UID", verb, uids, name))
        except Refused as refusal:
            if not refusal.lasts(usually=True):
                raise
        else:
            return
        made = self._wire.command("CREATE", name)
        self._wire.command("SUBSCRIBE", name)
        answer = self._wire.command("UID", verb, uids, name)
        if answer[0] != "OK":
            checked(made)  # says more about what is wrong with the name
            checked(answer)

    # Waiting.

    def _news(self) -> bool:
        """Whether the server has told of mails since they were last listed."""
        return "EXISTS" in self._wire.untagged_responses

    def _can_idle(self) -> bool:
        return self._idles and "IDLE" in self._wire.capabilities

    def _longest(self, seconds: float) -> float:
        return seconds if self._can_idle() and len(self._folders) == 1 else min(seconds, POLL_SECONDS)

    def _idle(self, seconds: float, stopped: Callable[[], bool]) -> None:
        """One IDLE (RFC 2177), ended by whatever the server says."""
        tag = self._wire.start_idle()
        if tag is None:
            self._idles = False
            return
        until = time.monotonic() + seconds
        while not self._news() and not stopped() and (left := until - time.monotonic()) > 0:
            if self._wire.ready(min(left, LOOK_SECONDS)):
                self._wire.take_response()
        self._wire.stop_idle(tag)

    # Trouble.

    @contextmanager
    def _asking(self, refused: str, advice: str = "", *, lasting: bool = False) -> Iterator[None]:
        try:
            with self._troubles.told(refused, advice, lasting=lasting):
                yield
        except MailboxTrouble:
            self._broken = True
            raise

    def _over(self, said: str, *, lasting: bool) -> MailboxTrouble:
        self._broken = True
        return self._troubles.trouble(said, lasting=lasting)


def _chunks(uids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(uids), AT_ONCE):
        yield uids[start : start + AT_ONCE]


def _bundles(sizes: Mapping[int, int], largest: int) -> Iterator[dict[int, int]]:
    """Mails that are fetched together; one that is too large is alone."""
    bundle = dict[int, int]()
    for uid, size in sizes.items():
        alone = size > largest or any(each > largest for each in bundle.values())
        if bundle and (alone or len(bundle) == BUNDLE or sum(bundle.values()) + size > BUNDLE_BYTES):
            yield bundle
            bundle = {}
        bundle[uid] = size
    if bundle:
        yield bundle
