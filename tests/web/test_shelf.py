"""The files of released letters: each is made once, one at a time, and nobody waits who need not."""

import threading
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from outreach.ports.press import Manuscript, PrintFormat
from outreach.store.database import Database
from outreach.usecases.render_letter import LetterFormat
from outreach.web.app import build_app
from outreach.web.downloads import FORMATS
from outreach.web.shelf import MOST_AT_THE_PRESS, MOST_BYTES, Shelf
from tests.rendering.letters.samples import publication
from tests.web.visit import Visit, visit

LANGUAGES = ("en", "fr", "es", "ar")
DOWNLOADS = [form for _, form, _ in FORMATS.values()]


@dataclass
class SlowPress:
    """Sets nothing before it is told to go on; counts how many it sets, and how many at once."""

    go_on: threading.Event = field(default_factory=threading.Event)
    begun: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    made: int = 0
    at_once: int = 0
    most_at_once: int = 0
    weight: int = 100

    def typeset(self, manuscript: Manuscript, form: PrintFormat) -> bytes:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        self.begun.release()
        assert self.go_on.wait(20)
        self.made += 1
        self.at_once -= 1
        return f"{manuscript.title}{form}".encode().ljust(self.weight)


def going(weight: int = 100) -> SlowPress:
    press = SlowPress(weight=weight)
    press.go_on.set()
    return press


def test_all_formats_of_all_languages_are_made_once() -> None:
    press = going()
    shelf = Shelf(press)
    wanted = [(publication(language=language), form) for language in LANGUAGES for form in DOWNLOADS]
    first = [shelf.file(letter, form) for letter, form in wanted]
    assert press.made == len(LANGUAGES) * len([form for form in DOWNLOADS if form.value in set(PrintFormat)])
    made = press.made
    assert [shelf.file(letter, form) for letter, form in wanted] == first
    assert press.made == made


def test_the_shelf_is_bounded_by_bytes_and_what_was_asked_for_last_stays() -> None:
    press = going(weight=1000)
    shelf = Shelf(press, most_bytes=3500)
    letters = [publication(title=f"Letter {number}") for number in range(5)]
    for letter in letters:
        shelf.file(letter, LetterFormat.PDF)
    assert list(shelf.kept) == letters[2:]
    huge = Shelf(going(weight=5000), most_bytes=3500)
    assert huge.file(letters[0], LetterFormat.PDF) == huge.file(letters[0], LetterFormat.PDF)
    assert MOST_BYTES >= 28 * 1024 * 1024, "all files of a letter of ten thousand names"


def test_one_file_is_set_at_a_time_and_a_crowd_is_asked_to_come_back() -> None:
    press = SlowPress()
    shelf = Shelf(press)
    letters = [publication(title=f"Letter {number}") for number in range(12)]
    with ThreadPoolExecutor(len(letters)) as visitors:
        asked = [visitors.submit(shelf.file, letter, LetterFormat.PDF) for letter in letters]
        assert press.begun.acquire(timeout=20)
        turned_away = len(letters) - MOST_AT_THE_PRESS
        first = [one.result() for one in islice(as_completed(asked, timeout=20), turned_away)]
        press.go_on.set()
        files = [one.result(20) for one in asked]
    assert first == [None] * turned_away
    assert files.count(None) == turned_away
    assert (press.made, press.most_at_once) == (MOST_AT_THE_PRESS, 1)
    assert shelf.file(letters[files.index(None)], LetterFormat.PDF), "there is room again"


def test_two_who_want_the_same_file_have_it_made_once() -> None:
    press = SlowPress()
    shelf = Shelf(press)
    with ThreadPoolExecutor(3) as visitors:
        asked = [visitors.submit(shelf.file, publication(), LetterFormat.PDF) for _ in range(3)]
        assert press.begun.acquire(timeout=20)
        press.go_on.set()
        assert len({one.result(20) for one in asked}) == 1
    assert press.made == 1


def test_what_is_on_the_shelf_is_given_out_while_another_is_set() -> None:
    press = going()
    shelf = Shelf(press)
    ready = shelf.file(publication(), LetterFormat.PDF)
    press.go_on.clear()
    with ThreadPoolExecutor(1) as visitors:
        press.begun = threading.Semaphore(0)
        slow = visitors.submit(shelf.file, publication(title="Another"), LetterFormat.PDF)
        assert press.begun.acquire(timeout=20)
        assert shelf.file(publication(), LetterFormat.PDF) == ready
        assert not slow.done()
        press.go_on.set()


def test_a_press_that_fails_makes_room_for_the_next() -> None:
    class Broken(SlowPress):
        def typeset(self, manuscript: Manuscript, form: PrintFormat) -> bytes:
            raise ValueError(manuscript.title, form)

    shelf = Shelf(Broken())
    failures = 0
    for _ in range(MOST_AT_THE_PRESS * 2):
        try:
            shelf.file(publication(), LetterFormat.PDF)
        except ValueError:
            failures += 1
    assert failures == MOST_AT_THE_PRESS * 2


def test_whoever_is_one_too_many_is_told_when_to_come_back(sqlite: Database, tmp_path: Path) -> None:
    here = _released(visit(sqlite, tmp_path))
    web = build_app(here.app)
    shelf: Shelf = web.state.shelf
    for _ in range(MOST_AT_THE_PRESS):
        assert shelf.room.acquire(blocking=False)
    page = here.get_from(web, "/letters/safe-passage/letter.pdf")
    assert (page.status_code, page.headers["retry-after"]) == (503, "10")


def _released(here: Visit) -> Visit:
    here.post(here.signed()[1])
    here.release()
    return here
