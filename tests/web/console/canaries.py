"""Text that would run, load or break out if a page took it for more than text, in every column that holds text."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString

from outreach.store.database import Database

WRITTEN = """
account        reason
addressee      reference added_by reason frozen
alias          name
answer         sender subject reference summary by
attempt        detail reason
bounce         status diagnostic
call           title organisers background
call_text      source
contact        name given_name role source custom
contact_tag    tag
delivery       copy_to note by failure
distinction    by
document       name
edition        by reason organisers
edition_copy   detail by
edition_entry  line
event          by facts
event_detail   changes
fact           value source by
holder         name title form_of_address salutation
letter         authorised_by press_contacts
letter_text    title addressee body asks
mailing        reason
message        detail values
organisation   name acronym website
post           office institution postal_address fax note source
reply          sender_name sender_address subject new_text note handled_by signer failure
reply_guess    why
round_answer   comment by
signature      name acronym website signer_name signer_title affiliation evidence reason checked_by
sitting        agent
suppression    evidence
task           outcome
user_account   name
"""
"""What people, mails and files write, table by table."""
OURS = """
account        name
addressee      language
call           slug default_language deadline release last_call reminders audience listing
call_exclusion address_digest
call_text      language digest
contact        address address_digest domain country language time_zone basis
document       media_type sha256 by
edition        digest listing
edition_entry  country digest
alias          name_key
bounce         address_digest
event          verb subject digest details
event_detail   thing salt
fact           state institution_key institution name
inbound_mail   sha256
inbound_place  folder incarnation number
letter         slug
letter_text    language digest
mailbox_cursor folder incarnation number
mailing        occurrence shared
message        occurrence address address_digest domain language time_zone reason claimed_by
organisation   name_key country
post           slug institution_key state address address_digest form languages ways copies_to
reply          rule sender_digest mail_id language
reply_effect   address_digest reason
signature      country signer_key mailbox_digest
sitting        digest
suppression    address_digest
task           claimed_by given
user_account   address language zone password device
workspace_fact name value
"""
"""What only we write, or what is looked at before it is kept."""
SEVENTIMES = "50337"
"""What ``{{7191*7}}`` is: a page on which it stands took a text for a template."""


def canary(where: str, elsewhere: str) -> str:
    """A text that says where it got out; ``elsewhere`` is an address that nothing may ask for."""
    return (
        f"\"><script>canary('{where}')</script><img src={elsewhere}/{where} onerror=\"canary('{where}')\">"
        f"<svg/onload=canary('{where}')></textarea></title></script><p style='background:url({elsewhere}/css)'>"
        f"{{{{7191*7}}}}' onmouseover='canary()\u202e{where} [{where}](javascript:canary('{where}'))"
    )


def columns(text: str) -> dict[str, set[str]]:
    """A list from above, read."""
    return {table: set(names) for table, *names in map(str.split, text.strip().splitlines())}


def columns_of_text() -> dict[str, set[str]]:
    """Every column of every table in which text can stand, as it is or in JSON."""
    found = {
        table.name: {one.name for one in table.columns if isinstance(one.type, AutoString | sa.JSON)}
        for table in SQLModel.metadata.sorted_tables
    }
    return {table: names for table, names in found.items() if names}


def sow(database: Database, elsewhere: str) -> None:
    """Write it into every such column of the first rows, and of every tenth one of the others."""
    with database.changing() as session:
        for name, written in columns(WRITTEN).items():
            table = SQLModel.metadata.tables[name]
            keys = list(table.primary_key.columns)
            rows = session.execute(sa.select(table).order_by(*keys)).mappings().all()
            for row in [*rows[:10], *rows[10::10]]:
                values = {one: sown(row[one], f"{name}.{one}", elsewhere) for one in sorted(written)}
                session.execute(sa.update(table).where(*(key == row[key.name] for key in keys)).values(values))


def sown(value: Any, where: str, elsewhere: str) -> Any:
    """The value with the canary in each of its texts."""
    if isinstance(value, Mapping):
        return {key: one if key in WORDS else sown(one, f"{where}.{key}", elsewhere) for key, one in value.items()}
    if isinstance(value, list):
        return [sown(one, where, elsewhere) for one in value]
    if not isinstance(value, str):
        return value
    if where.endswith("website"):
        return f"javascript:canary('{where}')//https://ok.example"
    text = canary(where, elsewhere)
    if where in BEHIND:
        return f"{value}\n\n{text.replace('{', '').replace('}', '')}"
    return text + (".csv" if where == "document.name" else "")


WORDS = {"visibility", "kind", "url"}
"""Words of ours that stand in JSON beside what others wrote, and addresses, which are looked at twice."""
BEHIND = {"call_text.source", "letter_text.body"}
"""Texts that are templates or Markdown: they stay what they are."""
