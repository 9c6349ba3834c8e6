"""Runs the migrations, each in one transaction, on SQLite and PostgreSQL."""

from alembic import context
from sqlalchemy import create_engine, event, make_url, pool
from sqlmodel import AutoString, SQLModel

from app.core.schema.migrations import load_models
from app.core.sql import Id, Json, Utc
from app.library.models import INDEX

load_models()


def include(name, type_, _parents):
    """Whether models speak of a table: those of an index of words differ between the databases."""
    return type_ != "table" or not INDEX.owns(name)


def render(kind, item, _context):
    """Our own types by their names, strings as plain strings."""
    if kind != "type":
        return False
    if isinstance(item, Utc):
        return "Utc()"
    if isinstance(item, AutoString):
        return f"sa.String({item.length})"
    return {repr(Id): "Id", repr(Json): "Json"}.get(repr(item), False)


def broken_keys(ctx, **_step):
    """Refuse, before it is committed, a migration that leaves foreign keys broken."""
    if sqlite and (broken := ctx.connection.exec_driver_sql("PRAGMA foreign_key_check").first()):
        raise RuntimeError(f"foreign keys broken by the migration: {tuple(broken)}")


def on_sqlite_connect(connection, _record):
    """Outside of transactions, where these have an effect."""
    # batch operations re-create tables: with keys on, ON DELETE CASCADE would take the children along
    connection.execute("PRAGMA foreign_keys=OFF")
    connection.execute("PRAGMA journal_mode=WAL")


url = context.config.attributes["url"]
sqlite = make_url(url).get_backend_name() == "sqlite"
if sqlite:
    # without the driver's own transactions, which do not hold DDL
    engine = create_engine(url, poolclass=pool.NullPool, connect_args={"isolation_level": None})
    event.listen(engine, "connect", on_sqlite_connect)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
else:
    # who waits for a lock holds up everybody behind; the caller tries again
    engine = create_engine(url, poolclass=pool.NullPool, connect_args={"options": "-c lock_timeout=300ms"})

with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=sqlite,
        render_item=render,
        include_name=include,
        compare_type=not sqlite,
        compare_server_default=True,
        transactional_ddl=True,
        transaction_per_migration=True,
        on_version_apply=broken_keys,
    )
    with context.begin_transaction():
        context.run_migrations()
