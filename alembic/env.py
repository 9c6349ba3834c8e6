"""Runs the migrations, each in one transaction, on SQLite and PostgreSQL."""

from alembic import context
from sqlalchemy import create_engine, make_url, pool, text
from sqlmodel import AutoString, SQLModel

from app.core.migrations import load_models
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


url = context.config.attributes["url"]
sqlite = make_url(url).get_backend_name() == "sqlite"
engine = create_engine(url, poolclass=pool.NullPool)

with engine.connect() as connection:
    if sqlite:
        # batch operations re-create tables: with keys on, ON DELETE CASCADE would take the children along
        connection.execute(text("PRAGMA foreign_keys=OFF"))
        connection.execute(text("PRAGMA journal_mode=WAL"))
        connection.commit()
    else:
        connection.execute(text("SET lock_timeout = '10s'"))
        connection.commit()
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=sqlite,
        render_item=render,
        include_name=include,
        compare_type=not sqlite,
        compare_server_default=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    if sqlite and (broken := connection.execute(text("PRAGMA foreign_key_check")).first()):
        raise RuntimeError(f"foreign keys broken by the migration: {tuple(broken)}")
