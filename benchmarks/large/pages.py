"""Every page of the console, with the things that have most in them, searches, filters and pages far down."""

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col

from large.builder import Size
from large.life import DRAFT, FULLEST
from large.rows import RARE
from outreach.store.tables import Addressee, Document, Message, Reply

LARGE = "/console/calls/large"
TRIED, SIGNATURES_TRIED, RENDERED = 1, 2, 3
"""The tasks of benchmarks/large/life.py."""
MAKE = f"/console/calls/{DRAFT}/make"


@dataclass(frozen=True, slots=True)
class Asked:
    """One line of the table: the door's path, what is asked for, and the form where one is posted."""

    door: str
    path: str
    form: dict[str, str] | None = None
    what: str = ""

    @property
    def name(self) -> str:
        """As the table shows it."""
        form = " ".join(f"{name}={value}" for name, value in (self.form or {}).items())
        return f"{'POST ' if self.form is not None else ''}{self.path}{f' {form}' if form else ''}".replace(
            "|", "/"
        )


def _plain(*paths: str) -> Iterator[Asked]:
    for path in paths:
        yield Asked(path, path)


def _many(door: str, base: str, *queries: str) -> Iterator[Asked]:
    for query in queries:
        yield Asked(door, f"{base}?{query}" if query else base)


def _found(door: str, *forms: dict[str, str]) -> Iterator[Asked]:
    for form in forms:
        yield Asked(door, door, form)


def asked(session: Session, size: Size) -> Iterator[Asked]:
    """All that is asked for."""
    people, replies, signatures = size.contacts, size.replies, size.signatures
    with_mail, document = _things(session)
    yield from _plain(
        *("/console/log-in", "/console/me", "/console/users", "/console", "/console/health", "/console/calls/new"),
        *("/console/tasks", "/console/tasks/live", "/console/replies/log", "/console/contacts/import"),
        *("/console/contacts/export", "/console/contacts/new", "/console/officials/overdue"),
        *("/console/code", "/console/device"),
    )
    yield Asked("/console/welcome/{token}", "/console/welcome/no-such-token")
    yield Asked("/console/users/{number}", "/console/users/1")
    yield from _many(
        "/console/log", "/console/log", "", "by=the+scheduler", "verb=correct_reply", f"before={size.lines // 2}"
    )
    yield from _many("/console/calls", "/console/calls", "", "q=passage", "state=open", "before=8")
    yield from _call(people, signatures)
    yield from _making()
    one = "/console/tasks/{number}"
    yield from (Asked(one + rest, f"/console/tasks/{RENDERED}{rest}") for rest in ("", "/live", "/file"))
    reply = "/console/replies/{number:int}"
    yield from (
        Asked(reply + rest, f"/console/replies/{with_mail}{rest}") for rest in ("", "/official", "/mail", "/source")
    )
    yield Asked(reply, f"/console/replies/{replies - 1}?state=all", what="in the middle of everything")
    yield Asked(f"{reply}/files/{{file:int}}", f"/console/replies/{with_mail}/files/0")
    yield from _many(
        *("/console/replies", "/console/replies", "", "state=all", "state=all&kind=bounce", "kind=question"),
        *(
            "call=large",
            f"after={replies // 2}",
            f"state=all&after={replies // 2}",
            f"state=all&call=large&after={replies // 2}",
        ),
    )
    every = {"state": "all"}
    yield from _found(
        "/console/replies/find",
        *({"search": word, **every} for word in ("letter", "ombudsperson", RARE, "idris harbour", "no-such-word")),
        *({"search": word} for word in ("letter", RARE, "p20@lamp4.example", "12345")),
    )
    yield Asked("/console/signatures/{number:int}", f"/console/signatures/{signatures // 2}")
    file = "/console/contacts/import/{number:int}"
    here = f"/console/contacts/import/{document}"
    yield Asked(file, here)
    yield Asked(file + "/tasks/{task:int}", f"{here}/tasks/{TRIED}")
    yield Asked(file + "/tasks/{task:int}/refused", f"{here}/tasks/{TRIED}/refused")
    yield from _people(people)
    yield from _mails(session, size)
    yield from _of_officials(session)


def _of_officials(session: Session) -> Iterator[Asked]:
    """The letter of the large call to two hundred offices, and the thread with one of them."""
    addressee = session.execute(sa.select(sa.func.min(col(Addressee.id)))).scalar_one()
    one, here = "/console/calls/{slug}/officials", f"{LARGE}/officials"
    yield from _plain("/console/letters", "/console/correspondence")
    rest = ("", "/choose", "/choose/counted", "/check", "/deliver", "/note", "/attachments", "/after")
    yield from (Asked(one + each, here + each) for each in rest)
    yield from (Asked(f"{one}/{{number}}{each}", f"{here}/{addressee}{each}") for each in ("", "/framed", "/file"))
    yield Asked(f"{one}/attachments/{{number}}/file", f"{here}/attachments/1/file")
    yield from _many(
        "/console/officials", "/console/officials", "", "after=state-77-geneva", "search=chile", "search=77"
    )
    yield from (Asked("/console/officials/{number}" + each, f"/console/officials/1{each}") for each in ("", "/log"))
    yield Asked("/console/officials/{number}/files/{file}", "/console/officials/1/files/1")
    file, of = "/console/officials/import/{what}", "/console/officials/import/officials"
    yield Asked(file, of)
    yield Asked(file + "/{number}", f"{of}/1")
    yield Asked(file + "/{number}/tasks/{task}", f"{of}/1/tasks/1")
    thread = "/console/correspondence/{number}"
    yield from (Asked(thread + each, f"/console/correspondence/{addressee}{each}") for each in ("", "/enquire"))
    answer = "/console/correspondence/answers/{number}"
    yield from (
        Asked(answer + each, f"/console/correspondence/answers/1{each}") for each in ("", "/mail", "/respond")
    )
    yield Asked("/console/calls/{slug}/round", f"{LARGE}/round")
    yield Asked("/console/calls/{slug}/round/{number}", f"{LARGE}/round/1")


def _things(session: Session) -> tuple[int, int]:
    with_mail = session.execute(sa.select(col(Reply.id)).where(col(Reply.inbound_id).is_not(None))).scalar_one()
    document = session.execute(sa.select(sa.func.min(col(Document.id)))).scalar_one()
    return int(with_mail), int(document)


def _call(people: int, signatures: int) -> Iterator[Asked]:
    one = "/console/calls/{slug}"
    yield from (Asked(one + rest, LARGE + rest) for rest in ("", "/live", "/funnel", "/editions", "/follow-up"))
    yield Asked(one, "/console/calls/call-2")
    yield from _many(
        f"{one}/silent",
        f"{LARGE}/silent",
        "",
        "q=harbour",
        "q=harbour+lamp+77",
        f"after={people // 10}-{people // 2}",
    )
    yield from _many(f"{one}/log", f"{LARGE}/log", "", "verb=finish_reply", "before=1000")
    yield from _many(
        *(f"{one}/signatures", f"{LARGE}/signatures", "", "show=doubtful", "show=pairs", "show=confirmed"),
        *(f"show=confirmed&after={signatures // 2}", "show=late", "show=gone"),
    )
    find = f"{LARGE}/signatures/find"
    yield from (Asked(f"{one}/signatures/find", find, {"search": word}) for word in ("harbour", RARE, "no-such"))
    rest = ("list", "export", "add", "import", "import/{number:int}")
    yield from (
        Asked(
            f"{one}/signatures/{each}", f"{LARGE}/signatures/{each.replace('{number:int}', str(SIGNATURES_TRIED))}"
        )
        for each in rest
    )


def _making() -> Iterator[Asked]:
    one = "/console/calls/{slug}/make"
    rest = (
        "audience",
        "audience/counted",
        "check",
        "check/counted",
        "letter",
        "mails",
        "schedule",
        "schedule/zones",
        "name",
    )
    yield from (Asked(f"{one}/{each}", f"{MAKE}/{each}") for each in rest)
    yield from _many(
        f"{one}/mails",
        f"{MAKE}/mails",
        f"kind=invitation&language=en&contact={FULLEST}",
        "kind=reminder&language=en",
    )
    yield from _many(f"{one}/mails/framed", f"{MAKE}/mails/framed", "kind=invitation&language=en")


def _people(people: int) -> Iterator[Asked]:
    one = "/console/contacts/{number:int}"
    yield from (Asked(one + rest, f"/console/contacts/{FULLEST}{rest}") for rest in ("", "/edit"))
    yield from _many(
        *(
            "/console/contacts",
            "/console/contacts",
            "",
            f"before={people // 2}",
            "tag=network",
            "tag=few",
            "country=KE",
        ),
        *("country=FR&language=fr", "writable=no", "writable=no&tag=network", "writable=yes", "basis=member"),
        *(f"tag=network&country=KE&before={people // 2}", "basis=none&tag=few"),
    )
    rare = {"search": RARE}
    yield from _found(
        "/console/contacts/find",
        *(
            {"search": word}
            for word in ("idris", RARE, "no-such-word", "id", f"p{people // 2}", "idris belhaj harbour")
        ),
        *(
            {"search": "idris", "writable": "no"},
            {"search": "lamp", "writable": "no"},
            {**rare, "writable": "no"},
            {"search": "idris", "tag": "network", "country": "KE"},
            {"search": "idris", "tag": "few"},
            {**rare, "language": "fr"},
            {"search": "idris", "before": str(people // 2)},
        ),
    )
    yield from _many(
        *(
            "/console/organisations",
            "/console/organisations",
            "",
            "search=harbour",
            "search=lamp+77",
            "search=egal+ai",
        ),
        *("search=no-such", "country=KE", "country=KE&search=watch+1", "after=lantern"),
    )
    yield Asked("/console/organisations/{number:int}", f"/console/organisations/{(FULLEST + 4) // 5}")
    yield from _many(
        "/console/suppressions", "/console/suppressions", "", "reason=opt-out", "reason=erasure", "before=5000"
    )
    yield from _found(
        "/console/suppressions/find", {"address": f"p{FULLEST}@lamp10.example"}, {"address": "a@b.example"}
    )


def _mails(session: Session, size: Size) -> Iterator[Asked]:
    newest = session.execute(sa.select(sa.func.max(col(Message.id)))).scalar_one()
    one = "/console/outbox/{number:int}"
    yield from (Asked(one + rest, f"/console/outbox/{newest}{rest}") for rest in ("", "/mail"))
    yield from _many(
        *("/console/outbox", "/console/outbox", "", "state=unknown", "state=failed&call=large", "state=held"),
        *("call=large", "call=large&kind=reminder", "kind=invitation", "test=yes", "call=call-2"),
        *(
            f"before={size.contacts}",
            f"state=failed&before={size.contacts}",
            "call=large&state=sent&kind=invitation",
        ),
    )
    yield from _found(
        "/console/outbox/find",
        {"address": f"p{FULLEST}@lamp10.example"},
        {"address": "a@b.example", "state": "failed"},
    )


def missing(doors: set[tuple[str, str]], lines: list[Asked]) -> list[str]:
    """Doors to look through that nobody asked at."""
    there = {line.door.replace(":int", "") for line in lines}
    return sorted(path for method, path in doors if method == "GET" and path.replace(":int", "") not in there)
