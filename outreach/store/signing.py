"""What the verbs around a signature ask the database: who signed already, who speaks for whom, what was asked."""

from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from outreach.domain.addresses import SHARED_DOMAINS, same_house
from outreach.domain.floods import A_DAY, AN_HOUR, INVITED, STRANGER, Asked
from outreach.domain.names import name_key
from outreach.domain.signatures import SignatureKind
from outreach.domain.states import MessageState, SignatureState
from outreach.store.tables import Affiliation, Call, Contact, Letter, Message, Organisation, Signature
from outreach.store.wanted import ASKING_TO_CONFIRM

DISOWNED = "not mine, says the mailbox"
LEFT = (
    MessageState.SENT,
    MessageState.UNKNOWN,
    MessageState.SENDING,
    MessageState.QUEUED,
    MessageState.DEFERRED,
    MessageState.HELD,
)
"""What has gone to a mailbox, or will; what is held may, when somebody has looked."""


def signer_key(
    contact_id: int | None, kind: SignatureKind, name: str, organisation: Organisation | None = None
) -> str:
    """What makes two signatures one: a mailbox signs once in its own name, and once for each organisation.

    Without a mailbox, as in an imported list, it is the name.
    """
    if contact_id is None:
        return f"named {name_key(name)}"
    if kind is SignatureKind.INDIVIDUAL:
        return f"contact {contact_id}"
    body = f"organisation {organisation.id}" if organisation else f"named {name_key(name)}"
    return f"contact {contact_id} {body}"


def anew_key(known: Signature) -> str:
    """The signer's key of a signature that was given anew beside one that had been taken back or refused."""
    return f"anew {known.id}"


def find_given(session: Session, letter_id: int, kind: SignatureKind, key: str) -> Signature | None:
    """The signature of that signer under that letter, whatever its state; the newest if it was given anew."""
    given = session.exec(
        select(Signature).where(
            Signature.letter_id == letter_id, Signature.kind == kind, Signature.signer_key == key
        )
    ).first()
    anew = given and find_given(session, letter_id, kind, anew_key(given))
    return anew or given


def lock_signature(session: Session, signature: Signature) -> Call:
    """The signature's call; both are read again, and changed by nobody else until this transaction ends.

    The call first, as everywhere: whoever signs off, closes or takes back waits, or is waited for.
    """
    session.flush()
    call = session.get_one(Call, signature.call_id)
    session.refresh(call, with_for_update={"key_share": True})
    session.refresh(signature, with_for_update=True)
    return call


def agrees_to_it(session: Session, signature: Signature) -> bool:
    """Whether the signatory agreed to what the letter says now: typing errors aside, it has not changed since."""
    return signature.letter_version >= session.get_one(Letter, signature.letter_id).substance


def lock_organisation(session: Session, organisation_id: int) -> Organisation:
    """The organisation; its signatures are confirmed and merged one after the other."""
    return session.exec(
        select(Organisation).where(Organisation.id == organisation_id).with_for_update(key_share=True)
    ).one()


def others_of(session: Session, signature: Signature) -> list[Signature]:
    """The confirmed signatures that the same organisation has under the same letter beside this one."""
    if signature.organisation_id is None:
        return []
    return list(
        session.exec(
            select(Signature)
            .where(
                Signature.letter_id == signature.letter_id,
                Signature.organisation_id == signature.organisation_id,
                Signature.state == SignatureState.CONFIRMED,
                col(Signature.id) != signature.id,
            )
            .order_by(col(Signature.id))
        )
    )


def counted_as(session: Session, signature: Signature) -> Signature:
    """The signature that is counted for this one: the one it was merged with, or itself."""
    while signature.state is SignatureState.MERGED and signature.merged_into_id is not None:
        signature = session.get_one(Signature, signature.merged_into_id)
    return signature


def merged_into(session: Session, signature: Signature) -> set[int]:
    """The ids of all that were merged with this one, by however many steps."""
    found: set[int] = set()
    asked = {signature.id or 0}
    while asked:
        merged = sa.select(col(Signature.id)).where(
            col(Signature.state) == SignatureState.MERGED, col(Signature.merged_into_id).in_(asked)
        )
        asked = set(session.execute(merged).scalars()) - found
        found |= asked
    return found


def speaks_for(session: Session, contact_id: int | None, organisation_id: int | None) -> bool:
    """Whether our own records say that the contact belongs to the organisation.

    It is known for it, or writes from the domain of its website or of others who are.
    """
    contact = session.get(Contact, contact_id) if contact_id else None
    organisation = session.get(Organisation, organisation_id) if organisation_id else None
    if contact is None or organisation is None:
        return False
    if session.get(Affiliation, (contact.id, organisation.id)) is not None:
        return True
    host = organisation.website.partition("://")[2].partition("/")[0].removeprefix("www.")
    if same_house(contact.domain, host):
        return True
    colleagues = (
        sa.select(col(Contact.domain))
        .join(Affiliation, col(Affiliation.contact_id) == col(Contact.id))
        .where(col(Affiliation.organisation_id) == organisation.id, col(Contact.domain) == contact.domain)
    )
    return contact.domain not in SHARED_DOMAINS and session.execute(colleagues.limit(1)).first() is not None


def asked_so_far(session: Session, signature: Signature, now: datetime) -> Asked:
    """What the signature's mailbox has been asked since it last confirmed anything."""
    lately, ever, disowned = session.execute(_asked_of(), {"id": signature.id, "a_day_ago": now - A_DAY}).one()
    return Asked(int(lately), int(ever), bool(disowned))


# These are asked for each signature and at every ring, and writing them takes longer than running them: they are
# written once.


@cache
def _asked_of() -> sa.Select[Any]:
    asked = sa.select(_asked(sa.bindparam("a_day_ago")), _asked(), _disowned())
    return asked.where(col(Signature.id) == sa.bindparam("id"))


def may_be_asked(a_day_ago: datetime | sa.BindParameter[datetime]) -> sa.ColumnElement[bool]:
    """The limits of ``domain.floods.judge_asking`` as SQL over Signature, for looking at many at once."""
    invited = col(Signature.invited).is_(True)
    return sa.and_(
        _asked(a_day_ago) < sa.case((invited, INVITED.per_day), else_=STRANGER.per_day),
        _asked() < sa.case((invited, INVITED.ever), else_=STRANGER.ever),
        ~_disowned(),
    )


def _asked(since: datetime | sa.BindParameter[datetime] | None = None) -> Any:
    """How many mails have asked the mailbox of Signature since then, and since it last confirmed anything."""
    other, proving = aliased(Signature), aliased(Signature)
    proved_since = sa.exists().where(
        of_one_mailbox(proving),
        sa.or_(col(proving.confirmed_at) >= col(Message.queued_at), col(proving.late_at) >= col(Message.queued_at)),
    )
    counted = (
        sa.select(sa.func.count())
        .select_from(other)
        .join(Message, col(Message.signature_id) == other.id)
        .where(
            of_one_mailbox(other),
            col(Message.kind).in_(ASKING_TO_CONFIRM),
            col(Message.state).in_(LEFT),
            ~proved_since.correlate(Signature, Message),
        )
    )
    if since is not None:
        counted = counted.where(col(Message.queued_at) > since)
    return counted.correlate(Signature).scalar_subquery()


def _disowned() -> sa.Exists:
    """The mailbox of Signature said that another one under the same letter was not its own."""
    other = aliased(Signature)
    return (
        sa.exists()
        .where(
            of_one_mailbox(other),
            col(other.letter_id) == col(Signature.letter_id),
            col(other.id) != col(Signature.id),
            col(other.state) == SignatureState.REJECTED,
            col(other.reason) == DISOWNED,
        )
        .correlate(Signature)
    )


def of_one_mailbox(other: Any) -> sa.ColumnElement[bool]:
    """Whether another signature (an alias of Signature) came from the mailbox of Signature.

    One that was given before mailboxes were kept has only its contact.
    """
    return sa.or_(
        other.contact_id == col(Signature.contact_id),
        sa.and_(col(Signature.mailbox_digest) != "", other.mailbox_digest == col(Signature.mailbox_digest)),
    )


def strangers_asked(session: Session, now: datetime) -> int:
    """How many mails asked people whom nobody had invited in the last hour, those that are held among them."""
    statement = (
        sa.select(sa.func.count())
        .select_from(Message)
        .join(Signature, col(Signature.id) == col(Message.signature_id))
        .where(
            col(Message.kind).in_(ASKING_TO_CONFIRM),
            col(Message.queued_at) > now - AN_HOUR,
            col(Signature.invited).is_(False),
        )
    )
    return int(session.execute(statement).scalar_one())
