"""The signatures of a letter as a table, however many there are."""

from typing import Any

import sqlalchemy as sa

from outreach.queries.export_signatures import export_rows
from outreach.store.database import Database
from tests import make


def test_an_export_reads_on_where_it_stopped_and_puts_nothing_in_order(sqlite: Database) -> None:
    house, plans = make.house(sqlite), []

    def explain(_connection: Any, cursor: Any, text: str, values: Any, _context: Any, _many: Any) -> None:
        if "FROM signature LEFT OUTER JOIN contact" in text.replace("\n", ""):
            plans.append([row[3] for row in cursor.execute(f"EXPLAIN QUERY PLAN {text}", values).fetchall()])

    with sqlite.changing() as session:
        call, other = make.call(session, house), make.call(session, house, slug="open-ports")
        for number in range(3):
            person = make.contact(session, house, f"{number}@harbour.example")
            make.signature(session, call, person, key=f"{number}")
        make.signature(session, other, person, key="other")
        sa.event.listen(sqlite.engine, "before_cursor_execute", explain)
        _, rows = export_rows(session, call, private=True)
        assert len(list(rows)) == 3
        sa.event.remove(sqlite.engine, "before_cursor_execute", explain)
    assert plans[0][0] == "SEARCH signature USING INTEGER PRIMARY KEY (rowid>?)"
    assert [line for plan in plans for line in plan if "TEMP B-TREE" in line] == []
