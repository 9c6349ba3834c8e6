"""The library with its index of words."""

import sqlalchemy as sa
from alembic import op

from app.core.sql import Id

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "library_document",
        sa.Column("id", Id, nullable=False),
        sa.Column("organization_id", Id, nullable=False),
        sa.Column("ref", sa.String(60), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.Column("source", sa.String(200), nullable=True),
        sa.Column("outcome", sa.String(500), nullable=True),
        sa.Column("subject_type", sa.String(40), nullable=True),
        sa.Column("subject_id", Id, nullable=True),
        sa.Column("indexed", sa.Boolean(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("organization_id", "ref"),
    )
    op.create_index("ix_library_document_dated", "library_document", ["organization_id", "dated_on", "id"])
    op.create_index("ix_library_document_subject", "library_document", ["subject_type", "subject_id"])
    waiting = sa.text("NOT indexed")
    op.create_index(
        "ix_library_document_waiting",
        "library_document",
        ["id"],
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
    # Tokens come cut and folded, so the ASCII tokenizer takes them as they are.
    if op.get_bind().dialect.name == "sqlite":
        op.execute("CREATE VIRTUAL TABLE library_index USING fts5(tokens, content='', tokenize='ascii')")
        op.execute(
            "CREATE TABLE library_index_terms (term TEXT PRIMARY KEY, documents INTEGER NOT NULL) WITHOUT ROWID"
        )
        return
    op.execute("CREATE TABLE library_index (rowid BIGINT PRIMARY KEY, tokens TSVECTOR NOT NULL)")
    # A search would read the list of pending entries once for each term.
    op.execute("CREATE INDEX ix_library_index ON library_index USING gin (tokens) WITH (fastupdate = off)")
    op.execute(
        'CREATE TABLE library_index_terms (term TEXT COLLATE "C" PRIMARY KEY, documents INTEGER NOT NULL)'
    )


def downgrade() -> None:
    op.drop_table("library_index_terms")
    op.drop_table("library_index")
    op.drop_table("library_document")
