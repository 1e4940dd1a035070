"""Alembic's entry point: runs the migrations on the connection of `index.store.database`."""

from alembic import context

from index.store.schema import schema

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=schema,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
