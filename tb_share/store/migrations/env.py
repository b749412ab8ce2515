"""Runs the migrations on the connection that ``Database.migrate`` hands over."""

from alembic import context

from tb_share.store.tables import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA, render_as_batch=True)
context.run_migrations()
