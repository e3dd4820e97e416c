"""Alembic entry point: runs the migrations on the connection that ``store.store`` provides."""

from alembic import context

from geozones.store.store import REVISION_TABLE
from geozones.store.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    version_table=REVISION_TABLE,
    # Each revision in the one transaction of the caller, on SQLite too.
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
