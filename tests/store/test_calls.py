"""Calls are found by name, and whoever changes one has it alone."""

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from outreach.domain.errors import Refusal
from outreach.store.calls import find_call
from outreach.store.database import Database
from tests import make


def test_a_name_that_is_nearly_right_is_answered_with_the_right_one(sqlite: Database) -> None:
    house = make.house(sqlite)
    with sqlite.changing() as session:
        make.call(session, house)
        with pytest.raises(Refusal, match="Did you mean safe-passage"):
            find_call(session, "safe-pasage")


def test_two_who_change_a_call_go_one_after_the_other(postgresql: Database) -> None:
    house = make.house(postgresql)
    with postgresql.changing() as session:
        make.call(session, house)
    look = sa.text("SELECT id FROM call WHERE slug = 'safe-passage' FOR NO KEY UPDATE NOWAIT")
    with postgresql.reading() as session, postgresql.engine.connect() as other:
        find_call(session, "safe-passage")
        assert other.execute(look).scalar(), "reading keeps nobody out"
    with postgresql.changing() as session, postgresql.engine.connect() as other:
        find_call(session, "safe-passage")
        with pytest.raises(OperationalError, match="could not obtain lock"):
            other.execute(look)
