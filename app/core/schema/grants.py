"""What the application's role may do on PostgreSQL, where another role owns the tables and migrates them.

`lvyi migrate` gives it these rights after each migration: rows of every table, but only reads and inserts where a table
is append-only. It owns nothing, so it can neither drop a trigger nor empty a log.
"""

from collections.abc import Collection

from sqlalchemy import Connection, NullPool, create_engine, inspect, make_url, text

from app.core.config import Settings


def apply(config: Settings, *, append_only: Collection[str], never_deleted: Collection[str]) -> str | None:
    """Give the application's role its rights, and make it when there is none; its name, None without a split."""
    app, owner = make_url(config.database_url), make_url(config.owner_url)
    if owner.get_backend_name() == "sqlite" or app.username in {None, owner.username}:
        return None
    engine = create_engine(owner, poolclass=NullPool)
    with engine.begin() as conn:
        role = conn.dialect.identifier_preparer.quote_identifier(str(app.username))
        if not conn.scalar(text("SELECT 1 FROM pg_roles WHERE rolname = :name"), {"name": app.username}):
            _create(conn, role, app.password)
        for statement in _rights(conn, role, append_only, never_deleted):
            conn.exec_driver_sql(statement)
    return app.username


def _create(conn: Connection, role: str, password: str | None) -> None:
    quoted = conn.scalar(text("SELECT quote_literal(:password)"), {"password": password or ""})
    conn.exec_driver_sql(f"CREATE ROLE {role} LOGIN PASSWORD {quoted}".replace("%", "%%"))


def _rights(
    conn: Connection, role: str, append_only: Collection[str], never_deleted: Collection[str]
) -> list[str]:
    everything = "SELECT, INSERT, UPDATE, DELETE"
    numbers = "USAGE, SELECT, UPDATE"
    rights = [
        f"GRANT USAGE ON SCHEMA public TO {role}",
        f"REVOKE CREATE ON SCHEMA public FROM {role}, PUBLIC",
        f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}",
        f"GRANT {everything} ON ALL TABLES IN SCHEMA public TO {role}",
        f"GRANT {numbers} ON ALL SEQUENCES IN SCHEMA public TO {role}",
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT {everything} ON TABLES TO {role}",
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT {numbers} ON SEQUENCES TO {role}",
    ]
    there = set(inspect(conn).get_table_names())
    rights += [f"REVOKE UPDATE, DELETE ON {name} FROM {role}" for name in append_only if name in there]
    rights += [f"REVOKE DELETE ON {name} FROM {role}" for name in never_deleted if name in there]
    rights.append(f"REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM {role}")
    return rights
