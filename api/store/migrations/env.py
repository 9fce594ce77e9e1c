"""Alembic runs here in the transaction of whoever asks: see `api.store.migrating`."""

from alembic import context

import api.store.draft_tables  # noqa: F401 (its tables are of the same metadata)
from api.store.tables import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
with context.begin_transaction():
    context.run_migrations()
