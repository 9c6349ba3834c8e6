"""Issued cards, the keys that sign them, and batches."""

import sqlalchemy as sa
from alembic import op

from app.core.sql import Id, Json, Utc

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "card_key",
        sa.Column("id", sa.String(43), nullable=False),
        sa.Column("public", Json, nullable=False),
        sa.Column("private", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", Utc(), nullable=False),
        sa.Column("retired_at", Utc(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "issued_card",
        sa.Column("id", Id, nullable=False),
        sa.Column("organization_id", Id, nullable=False),
        sa.Column("seat_id", Id, nullable=False),
        sa.Column("period", sa.String(10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(22), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("sharing", sa.String(10), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("signature", sa.String(300), nullable=False),
        sa.Column("key_id", sa.String(43), nullable=False),
        sa.Column("issued_by", Id, nullable=True),
        sa.Column("issued_at", Utc(), nullable=False),
        sa.Column("ended_at", Utc(), nullable=True),
        sa.Column("reason", sa.String(500), nullable=True),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"]),
        sa.ForeignKeyConstraint(["key_id"], ["card_key.id"]),
        sa.ForeignKeyConstraint(["issued_by"], ["account.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code"),
        sa.UniqueConstraint("seat_id", "period", "version"),
    )
    op.create_index("ix_issued_card_organization", "issued_card", ["organization_id", "id"])
    op.create_table(
        "card_batch",
        sa.Column("id", Id, nullable=False),
        sa.Column("organization_id", Id, nullable=False),
        sa.Column("period", sa.String(10), nullable=False),
        sa.Column("term_id", Id, nullable=True),
        sa.Column("begun_by", Id, nullable=True),
        sa.Column("begun_at", Utc(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("issued", sa.Integer(), nullable=False),
        sa.Column("at_seat", Id, nullable=False),
        sa.Column("finished_at", Utc(), nullable=True),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        sa.ForeignKeyConstraint(["term_id"], ["term.id"]),
        sa.ForeignKeyConstraint(["begun_by"], ["account.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_card_batch_organization", "card_batch", ["organization_id", "id"])


def downgrade() -> None:
    op.drop_index("ix_card_batch_organization", "card_batch")
    op.drop_table("card_batch")
    op.drop_index("ix_issued_card_organization", "issued_card")
    op.drop_table("issued_card")
    op.drop_table("card_key")
