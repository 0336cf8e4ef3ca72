"""Builds a database as large as the console must stay quick with, in set-based SQL, on SQLite or PostgreSQL.

A million contacts of two hundred thousand organisations; one call that invited them all, with three mailings of a
million mails each, the last of them still going; a dozen small calls beside it; fifty thousand replies. Some words
are everybody's, some those of few: ``RARE`` is the name of one contact in ten thousand.
"""

import sqlalchemy as sa

from large.builder import START, Builder, Size, counts_again, in_haste, without_indexes
from outreach.store.database import Database

LAUNCHED, DEADLINE = "2027-01-11 09:00:00", "2027-02-26 16:00:00"
SMALL_CALLS = 12
LARGE = 1
RARE = "Quillfeather"
EVERY_SO_MANY = 9973
GIVEN = ("Idris", "Amina", "Rosa", "Tomas", "Leila", "Jonas", "Mireille", "Kwame", "Ines", "Pavel", "Nadia", "Otto")
FAMILY = (
    "Belhaj",
    "Okafor",
    "Moreau",
    "Lindqvist",
    "Santos",
    "Haddad",
    "Novak",
    "Mwangi",
    "Keller",
    "Duarte",
    "Rossi",
)
PLACES = ("Harbour", "River", "Northern", "Lantern", "Open Door", "Coastal", "Cedar", "Hill", "Bridge", "Meadow")
BODIES = ("Lamp", "Refugee Council", "Network", "House", "Centre", "Alliance", "Watch", "Legal Aid", "Forum")
TEXTS = (
    "We have read your letter and shall discuss it with our board next week.",
    "Please count us in. The name of our organisation is as in your invitation.",
    "Who else signs, and where will the letter be published? We would need to know before we decide.",
    "Thank you, but we do not sign open letters this year.",
    "I am out of the office until Monday and will read your message when I am back.",
)
SUBJECTS = (
    "Re: A letter on safe passage",
    "Automatic reply",
    "Undelivered mail returned",
    "Question about the letter",
)


NUMBERED = (
    *("organisation", "contact", "letter", "call", "call_text", "mailing", "message", "attempt"),
    *("reply", "bounce", "suppression", "signature", "event"),
)


def organisation_name(builder: Builder, number: str) -> str:
    """How the organisation of that number is called."""
    first, second = builder.pick(PLACES, number), builder.pick(BODIES, f"({number}) / 10")
    return f"({first} || ' ' || {second} || ' ' || ({number}))"


def person_name(builder: Builder, number: str) -> str:
    """How the contact of that number is called."""
    rare = f"CASE WHEN ({number}) % {EVERY_SO_MANY} = 0 THEN '{RARE}'"
    return f"({builder.pick(GIVEN, number)} || ' ' || {rare} ELSE {builder.pick(FAMILY, f'({number}) / 12')} END)"


def build(database: Database, size: Size) -> None:
    """Fill a new database. Indexes and triggers of the large tables are put back at the end, which is quicker."""
    if database.is_sqlite:
        database.close()
        sa.event.listen(database.engine, "connect", in_haste)
    builder = Builder(database, size)
    dropped = without_indexes(builder)
    _people(builder)
    _calls(builder)
    _mails(builder)
    builder.run(*dropped)
    counts_again(builder)
    _answers(builder)
    _log(builder)
    if not builder.is_sqlite:
        for table in NUMBERED:
            builder.run(f"SELECT setval('{table}_id_seq', 100000000)")
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE" if builder.is_sqlite else "VACUUM ANALYZE")


def _people(builder: Builder) -> None:
    size, at = builder.size, f"'{START}'"
    builder.rows(
        "organisation",
        {
            "id": "i",
            "name": organisation_name(builder, "i"),
            "name_key": f"lower({organisation_name(builder, 'i')})",
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
            "name": person_name(builder, "i"),
            "given_name": builder.pick(GIVEN, "i"),
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
    for tag, every in (("network", 3), ("harbour", 20), ("few", 5000)):
        builder.rows("contact_tag", {"contact_id": f"i * {every}", "tag": f"'{tag}'"}, count=size.contacts // every)


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
    builder.run(
        "INSERT INTO attempt (message_id, at, state, reason, detail) SELECT id, settled_at, state, '', '250 ok' "
        f"FROM message WHERE id > {first} AND id <= {first + count} AND state IN ('sent', 'failed', 'unknown')"
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
            "sender_name": person_name(builder, f"i * {share}"),
            "sender_address": f"'p' || (i * {share}) || '@lamp' || ((i * {share} + 4) / 5) || '.example'",
            "sender_digest": builder.hexadecimal(f"i * {share}"),
            "subject": f"CASE WHEN i % {EVERY_SO_MANY} = 0 THEN 'A word from the ombudsperson' "
            f"ELSE {builder.pick(SUBJECTS, 'i')} END",
            "mail_id": "''",
            "new_text": builder.pick(TEXTS, "i"),
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
            "name": (
                f"CASE WHEN {body} THEN {organisation_name(builder, f'({contact} + 4) / 5')} "
                f"ELSE {person_name(builder, contact)} END"
            ),
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


def _log(builder: Builder) -> None:
    """Lines of the log; their digests are none, for only ``outreach log verify`` asks for them."""
    lines = builder.size.lines
    builder.rows(
        "event",
        {
            "id": "i",
            "at": builder.moment("i * 10"),
            "by": builder.pick(("rosa@coalition.example", "the scheduler", "tomas@coalition.example"), "i"),
            "verb": builder.pick(("accept_signature", "correct_reply", "queue_due_mailings", "finish_reply"), "i"),
            "subject": builder.pick(("signature", "reply", "call", "reply"), "i"),
            "subject_id": f"CASE WHEN i % 4 = 2 THEN {LARGE} ELSE 1 + i % {builder.size.signatures} END",
            "facts": "'{}'",
            "number": "i",
            "digest": "''",
            "details": "'[]'",
            "call_id": str(LARGE),
        },
        count=lines,
    )
    builder.run(f"INSERT INTO workspace_fact (name, value) VALUES ('log_head', '{lines} {'0' * 64}')")
