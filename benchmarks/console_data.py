"""Builds a database as large as the console must stay quick with, in set-based SQL, on SQLite or PostgreSQL.

A million contacts of two hundred thousand organisations; one call that invited them all, with three mailings of a
million mails each, the last of them still going; a dozen small calls beside it; fifty thousand replies.
"""

import argparse
import time
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from outreach.store.database import Database, open_database

START = "2027-01-11 09:00:00"
LAUNCHED, DEADLINE = "2027-01-11 09:00:00", "2027-02-26 16:00:00"
SMALL_CALLS = 12
LARGE = 1


@dataclass(frozen=True, slots=True)
class Size:
    """How many rows; ``small`` is how many people each of the small calls invited."""

    contacts: int = 1_000_000
    replies: int = 50_000
    signatures: int = 20_000
    small: int = 1_500

    @property
    def organisations(self) -> int:
        """Five contacts in each."""
        return self.contacts // 5

    @property
    def signing_bodies(self) -> int:
        """Three signatures in five are organisations'."""
        return self.signatures * 3 // 5


class Builder:
    """Writes rows by the thousand; what SQLite and PostgreSQL spell differently is here."""

    def __init__(self, database: Database, size: Size) -> None:
        self.database, self.size = database, size
        self.is_sqlite = database.is_sqlite

    def moment(self, seconds: str, start: str = START) -> str:
        """So many seconds after the start."""
        if self.is_sqlite:
            return f"strftime('%Y-%m-%d %H:%M:%S.000000', '{start}', '+' || ({seconds}) || ' seconds')"
        return f"(timestamp '{start}' + ({seconds}) * interval '1 second') AT TIME ZONE 'UTC'"

    def hexadecimal(self, number: str) -> str:
        """64 digits that look like a digest and differ for each number below 2^32."""
        scattered = f"(CAST({number} AS bigint) * 2654435761) % 4294967296"
        digits = f"printf('%08x', {scattered})" if self.is_sqlite else f"lpad(to_hex({scattered}), 8, '0')"
        return f"{digits} || '{'0' * 56}'"

    def run(self, *statements: str) -> None:
        """In one transaction."""
        with self.database.changing() as session:
            for statement in statements:
                session.connection().exec_driver_sql(
                    statement.replace("%", "%%") if not self.is_sqlite else statement
                )

    def rows(
        self, table: str, columns: dict[str, str], *, count: int, source: str = "n", where: str = "true"
    ) -> None:
        """``count`` rows of a table, each column an SQL expression of the number ``i``, from 1."""
        names = ", ".join(f'"{name}"' for name in columns)
        values = ", ".join(columns.values())
        numbers = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) "
        if self.is_sqlite:
            self.run(f"INSERT INTO {table} ({names}) {numbers} SELECT {values} FROM {source} WHERE {where}")
        else:
            series = source.replace("n", f"generate_series(1, {count}) AS n(i)", 1) if source == "n" else source
            self.run(f"INSERT INTO {table} ({names}) SELECT {values} FROM {series} WHERE {where}")


BIG = ("organisation", "contact", "affiliation", "message")
COUNTED = (
    "INSERT INTO message_tally (call_id, mailing_id, kind, state, slot, messages) "
    "SELECT call_id, mailing_id, kind, state, 0, count(*) FROM message GROUP BY call_id, mailing_id, kind, state"
)


def build(database: Database, size: Size = Size()) -> None:
    """Fill a new database. Indexes and triggers of the large tables are put back at the end, which is quicker."""
    if database.is_sqlite:
        database.close()
        sa.event.listen(database.engine, "connect", _in_haste)
    builder = Builder(database, size)
    dropped = _without_indexes(builder)
    _people(builder)
    _calls(builder)
    _mails(builder)
    builder.run(*dropped, COUNTED)
    _answers(builder)
    if not builder.is_sqlite:
        for table in ("message_id_seq", "reply_id_seq", "signature_id_seq", "contact_id_seq", "call_id_seq"):
            builder.run(f"SELECT setval('{table}', 100000000)")
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE" if builder.is_sqlite else "VACUUM ANALYZE")


def _in_haste(connection: Any, _record: Any) -> None:
    for pragma in ("synchronous=OFF", "foreign_keys=OFF", "cache_size=-300000"):
        connection.execute(f"PRAGMA {pragma}")


def _without_indexes(builder: Builder) -> list[str]:
    """Take away what slows a large insert down; the statements that bring it back."""
    if builder.is_sqlite:
        found = (
            "SELECT name, type, sql FROM sqlite_master "
            "WHERE tbl_name = :table AND sql IS NOT NULL AND type <> 'table'"
        )
    else:
        found = (
            "SELECT indexname AS name, 'INDEX' AS type, indexdef AS sql FROM pg_indexes "
            "WHERE tablename = :table AND indexname LIKE 'ix_%'"
        )
    with builder.database.reading() as session:
        rows = [row for table in BIG for row in session.execute(sa.text(found), {"table": table})]
    again = [row.sql for row in rows]
    if not builder.is_sqlite:
        builder.run("ALTER TABLE message DISABLE TRIGGER USER")
        again.append("ALTER TABLE message ENABLE TRIGGER USER")
    builder.run(*(f"DROP {row.type} {row.name}" for row in rows))
    return again


def _people(builder: Builder) -> None:
    size, at = builder.size, f"'{START}'"
    builder.rows(
        "organisation",
        {
            "id": "i",
            "name": "'Harbour Lamp ' || i",
            "name_key": "'harbour lamp ' || i",
            "acronym": "''",
            "country": "CASE i % 4 WHEN 0 THEN 'KE' WHEN 1 THEN 'FR' WHEN 2 THEN 'ES' ELSE 'NG' END",
            "website": "''",
            "created_at": at,
        },
        count=size.organisations,
    )
    builder.rows(
        "contact",
        {
            "id": "i",
            "address": "'p' || i || '@lamp' || ((i + 4) / 5) || '.example'",
            "address_digest": builder.hexadecimal("i"),
            "domain": "'lamp' || ((i + 4) / 5) || '.example'",
            "name": "'Idris ' || i",
            "given_name": "'Idris'",
            "role": "'Coordinator'",
            "organisation_id": "(i + 4) / 5",
            "country": "CASE i % 4 WHEN 0 THEN 'KE' WHEN 1 THEN 'FR' WHEN 2 THEN 'ES' ELSE 'NG' END",
            "language": "CASE i % 3 WHEN 0 THEN 'fr' ELSE 'en' END",
            "time_zone": "'Europe/Brussels'",
            "source": "'directory'",
            "basis": "'member'",
            "custom": "'{}'",
            "created_at": at,
            "updated_at": at,
        },
        count=size.contacts,
    )
    builder.rows("affiliation", {"contact_id": "i", "organisation_id": "(i + 4) / 5"}, count=size.contacts)


def _calls(builder: Builder) -> None:
    calls = SMALL_CALLS + 1
    builder.rows(
        "letter",
        {
            "id": "i",
            "slug": "'letter-' || i",
            "version": "1",
            "substance": "1",
            "kind": "'open'",
            "press_contacts": "'[]'",
            "authorised_version": "0",
            "authorised_by": "''",
            "created_at": f"'{LAUNCHED}'",
        },
        count=calls,
    )
    fixed = {"round": "'public'", "rehearsal": "false", "default_language": "'en'", "organisers": "'[]'"}
    builder.rows(
        "call",
        {
            "id": "i",
            "slug": "CASE i WHEN 1 THEN 'large' ELSE 'call-' || i END",
            "title": "'A letter on safe passage, ' || i",
            "letter_id": "i",
            "letter_version": "1",
            "state": "'open'",
            **fixed,
            "background": "'[]'",
            "deadline": "'2027-02-26 17:00 Europe/Brussels'",
            "deadline_at": f"'{DEADLINE}'",
            "deadline_revision": "1",
            "release": "''",
            "reminders": "'[]'",
            "last_call": "''",
            "thank_you": "true",
            "audience": "'{}'",
            "listing": "'{}'",
            "created_at": f"'{LAUNCHED}'",
            "launched_at": f"'{LAUNCHED}'",
        },
        count=calls,
    )
    text = {"call_id": "i", "language": "'en'", "source": "'Dear'", "digest": "''", "current": "true"}
    builder.rows(
        "call_text", {"id": "i", "kind": "'invitation'", **text, "created_at": f"'{LAUNCHED}'"}, count=calls
    )
    # Mailings 1 to 3 are the large call's, the others one invitation for each small call.
    builder.rows(
        "mailing",
        {
            "id": "i",
            "call_id": "CASE WHEN i <= 3 THEN 1 ELSE i - 2 END",
            "kind": "CASE i WHEN 2 THEN 'reminder' WHEN 3 THEN 'last-call' ELSE 'invitation' END",
            "occurrence": "''",
            "deadline_revision": "1",
            "state": "'queued'",
            "earliest_at": builder.moment("CASE i WHEN 2 THEN 1209600 WHEN 3 THEN 3024000 ELSE 0 END"),
            "shared": "'{}'",
            "reason": "''",
            "created_at": f"'{LAUNCHED}'",
            "queued_at": builder.moment("CASE i WHEN 2 THEN 1209600 WHEN 3 THEN 3024000 ELSE 0 END"),
        },
        count=3 + SMALL_CALLS,
    )


def _mails(builder: Builder) -> None:
    size = builder.size
    for number, kind in ((1, "invitation"), (2, "reminder"), (3, "last-call")):
        going = "WHEN i % 5 = 0 THEN 'queued'" if number == 3 else ""
        state = f"CASE {going} WHEN i % 97 = 0 THEN 'failed' WHEN i % 1999 = 0 THEN 'unknown' ELSE 'sent' END"
        _mailing(builder, LARGE, number, kind, size.contacts, state, 14 * (number - 1))
    for small in range(SMALL_CALLS):
        state = "CASE WHEN i % 50 = 0 THEN 'held' ELSE 'sent' END"
        _mailing(builder, small + 2, small + 4, "invitation", size.small, state, 0)


def _mailing(builder: Builder, call: int, mailing: int, kind: str, count: int, state: str, days: int) -> None:
    address = "'p' || i || '@lamp' || ((i + 4) / 5) || '.example'"
    sent = builder.moment(f"{days * 86400} + i / 20")
    first = (mailing - 1) * builder.size.contacts
    builder.rows(
        "message",
        {
            "id": f"{first} + i",
            "kind": f"'{kind}'",
            "bulk": "true",
            "test": "false",
            "rehearsal": "false",
            "priority": "4",
            "call_id": str(call),
            "mailing_id": str(mailing),
            "contact_id": "i",
            "address": address,
            "address_digest": builder.hexadecimal("i"),
            "domain": "'lamp' || ((i + 4) / 5) || '.example'",
            "language": "'en'",
            "time_zone": "'Europe/Brussels'",
            "text_id": str(call),
            "values": '\'{"contact": {"name": "Idris Belhaj", "organisation": "Harbour Lamp"}}\'',
            "state": state,
            "reason": "''",
            "detail": "''",
            "due_at": sent,
            "attempts": "1",
            "copies": "1",
            "queued_at": f"'{LAUNCHED}'",
            "claimed_by": "''",
            "settled_at": sent,
            "sent_at": sent,
        },
        count=count,
    )


def _answers(builder: Builder) -> None:
    size = builder.size
    share = max(size.contacts // size.replies, 1)
    kind = (
        "CASE WHEN i % 20 < 10 THEN 'bounce' WHEN i % 20 < 14 THEN 'out-of-office' WHEN i % 20 < 16 THEN 'opt-out' "
        "WHEN i % 20 = 16 THEN 'declines' WHEN i % 20 = 17 THEN 'signs' WHEN i % 20 = 18 THEN 'question' "
        "ELSE 'other' END"
    )
    builder.rows(
        "reply",
        {
            "id": "i",
            "channel": "'mail'",
            "at": builder.moment("i * 60"),
            "kind": kind,
            "first_kind": kind,
            "rule": "''",
            "confidence": "1.0",
            "state": "CASE WHEN i % 20 >= 17 AND i % 3 = 0 THEN 'waiting' ELSE 'done' END",
            "matched_by": "'token'",
            "call_id": str(LARGE),
            "message_id": f"i * {share}",
            "contact_id": f"i * {share}",
            "organisation_id": f"(i * {share} + 4) / 5",
            "authenticated": "false",
            "sender_name": "''",
            "sender_address": "''",
            "sender_digest": "''",
            "subject": "'Re: A letter'",
            "mail_id": "''",
            "new_text": "'We have read your letter and shall discuss it with our board next week.'",
            "language": "'en'",
            "signer": "'{}'",
            "failure": "'{}'",
            "note": "''",
            "handled_by": "''",
        },
        count=size.replies,
    )
    builder.run(
        "INSERT INTO bounce (message_id, reply_id, call_id, contact_id, address_digest, at, status, reason, "
        "diagnostic) "
        "SELECT message_id, reply.id, reply.call_id, reply.contact_id, contact.address_digest, at, '5.1.1', "
        "CASE WHEN reply.id % 5 = 0 THEN 'mailbox-full' ELSE 'no-such-address' END, '' "
        "FROM reply JOIN contact ON contact.id = reply.contact_id WHERE reply.kind = 'bounce'",
        "INSERT INTO suppression (address_digest, scope, reason, evidence, at) "
        "SELECT address_digest, 0, 'hard-bounce', 'reply', at FROM bounce WHERE reason = 'no-such-address'",
        "INSERT INTO suppression (address_digest, scope, reason, evidence, at) "
        "SELECT address_digest, reply.id % 2, 'opt-out', 'reply', at "
        "FROM reply JOIN contact ON contact.id = reply.contact_id WHERE reply.kind = 'opt-out'",
    )
    _signatures(builder)


def _signatures(builder: Builder) -> None:
    size = builder.size
    every = max(size.contacts // size.signatures, 5)
    body = f"i <= {size.signing_bodies}"
    contact = f"(i * {every} - 3)"
    builder.rows(
        "signature",
        {
            "id": "i",
            "letter_id": str(LARGE),
            "letter_version": "1",
            "call_id": str(LARGE),
            "kind": f"CASE WHEN {body} THEN 'organisation' ELSE 'individual' END",
            "state": (
                "CASE WHEN i % 40 = 0 THEN 'pending' WHEN i % 41 = 0 THEN 'late' "
                "WHEN i % 43 = 0 THEN 'proposed' ELSE 'confirmed' END"
            ),
            "visibility": "CASE WHEN i % 20 = 0 THEN 'counted' ELSE 'public' END",
            "name": f"CASE WHEN {body} THEN 'Harbour Lamp ' || ({contact} + 4) / 5 ELSE 'Idris ' || i END",
            "acronym": "''",
            "country": "'KE'",
            "website": "''",
            "signer_name": "'Idris'",
            "signer_title": "''",
            "affiliation": "''",
            "signer_key": "'key ' || i",
            "organisation_id": f"CASE WHEN {body} THEN ({contact} + 4) / 5 END",
            "contact_id": contact,
            "mailbox_digest": builder.hexadecimal(contact),
            "origin": "'form'",
            "invited": "true",
            "evidence": "''",
            "revision": "1",
            "reason": "''",
            "checked_by": "''",
            "submitted_at": builder.moment("i * 180"),
            "confirmed_at": f"CASE WHEN i % 40 <> 0 THEN {builder.moment('i * 180 + 600')} END",
            "checked_at": f"CASE WHEN i % 10 <> 0 THEN {builder.moment('i * 180 + 900')} END",
        },
        count=size.signatures,
    )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("url", help="of a new, empty database: sqlite:///FILE or postgresql://...")
    options.add_argument("--contacts", type=int, default=Size().contacts)
    given = options.parse_args()
    began = time.perf_counter()
    database, whole = open_database(given.url), Size()
    share = given.contacts / whole.contacts
    replies, signatures = int(whole.replies * share), int(whole.signatures * share)
    build(database, Size(given.contacts, replies, signatures, min(whole.small, given.contacts)))
    database.close()
    print(f"{sa.make_url(given.url).get_backend_name()}: built in {time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main()
