"""Reads what tells one state of what goes to officials from another: who agrees to it has seen that one."""

import sqlalchemy as sa
from sqlmodel import Session, col

from outreach.store.editions import newest_edition
from outreach.store.tables import Addressee, Letter, LetterDocument


def what_goes(session: Session, letter: Letter) -> str:
    """Of which version of the words, which edition of the list, which files, and to which officials."""
    edition = newest_edition(session, letter.id or 0)
    files = sa.select(col(LetterDocument.document_id)).where(col(LetterDocument.letter_id) == letter.id)
    those = sa.select(sa.func.count(), sa.func.coalesce(sa.func.max(col(Addressee.id)), 0))
    count, newest = session.execute(those.where(col(Addressee.letter_id) == letter.id)).one()
    attached = "+".join(map(str, sorted(session.execute(files).scalars())))
    return f"{letter.version}.{edition.number if edition else 0}.{attached}.{count}.{newest}"
