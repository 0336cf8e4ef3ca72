"""Posts, who holds them, and what is known: factories for tests, where only what matters to a test is named."""

from datetime import date
from typing import Any

from sqlmodel import Session

from outreach.domain.addresses import digest_or_nothing
from outreach.domain.names import name_key
from outreach.domain.officials import Way
from outreach.store.tables import Fact, Holder, Post
from tests import make

SALT = b"salt"
GENEVA = "Permanent Mission of Chile to the United Nations Office at Geneva"


def post(session: Session, slug: str = "chile-geneva", *, salt: bytes = SALT, **more: Any) -> Post:
    """Chile's post in Geneva, reached by mail and on paper; vacant."""
    values: dict[str, Any] = {
        "office": "Permanent Representative",
        "institution": GENEVA,
        "state": "CL",
        "languages": ["es", "en"],
        "ways": [Way.MAIL.value, Way.POST.value],
        "address": "mission-chl@geneva.example",
        "postal_address": ["Rue des Tilleuls 12", "1202 Genève", "Switzerland"],
        **more,
    }
    kept = Post(
        slug=slug,
        institution_key=name_key(values["institution"]),
        address_digest=digest_or_nothing(values["address"], salt),
        created_at=make.NOON,
        updated_at=make.NOON,
        **values,
    )
    session.add(kept)
    session.flush()
    return kept


def holder(session: Session, post: Post, name: str = "Vera Fuentes", **more: Any) -> Holder:
    """Vera, an ambassador, addressed in English and Spanish."""
    values: dict[str, Any] = {
        "title": {"en": "Ambassador, Permanent Representative", "es": "Embajadora, Representante Permanente"},
        "form_of_address": {"en": f"Her Excellency Ms. {name}", "es": f"Excma. Sra. {name}"},
        "salutation": {"en": "Excellency,", "es": "Excelencia:"},
        **more,
    }
    kept = Holder(post_id=post.id or 0, name=name, created_at=make.NOON, updated_at=make.NOON, **values)
    session.add(kept)
    session.flush()
    return kept


def fact(
    session: Session,
    name: str,
    value: str,
    since: date,
    *,
    state: str = "CL",
    institution: str = "",
    source: str = "",
) -> Fact:
    """What is known of a State, or of an institution if one is named."""
    kept = Fact(
        state="" if institution else state,
        institution=institution,
        institution_key=name_key(institution),
        name=name,
        value=value,
        since=since,
        source=source,
        by="Rosa",
        at=make.NOON,
    )
    session.add(kept)
    session.flush()
    return kept
