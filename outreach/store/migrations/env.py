"""Runs the migrations on the connection that ``store.schema`` passes in."""

from alembic import context
from sqlmodel import SQLModel

from outreach.store import tables  # noqa: F401  the tables register themselves

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
context.run_migrations()
