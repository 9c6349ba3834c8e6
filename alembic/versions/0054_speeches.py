"""Speeches at the plenary session: calls, speeches with their texts, and their track."""

import sqlalchemy as sa
from alembic import op

from app.core.sql import Id, Utc

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "speech_call",
        sa.Column("id", Id, nullable=False),
        sa.Column("organization_id", Id, nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("most_characters", sa.Integer(), nullable=False),
        sa.Column("created_by", Id, nullable=False),
        sa.Column("created_at", Utc(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        sa.ForeignKeyConstraint(["created_by"], ["account.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_speech_call_organization", "speech_call", ["organization_id", "state", "id"])
    op.create_table(
        "speech",
        sa.Column("id", Id, nullable=False),
        sa.Column("organization_id", Id, nullable=False),
        sa.Column("call_id", Id, nullable=False),
        sa.Column("account_id", Id, nullable=False),
        sa.Column("seat_id", Id, nullable=False),
        sa.Column("body_id", Id, nullable=True),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("wishes", sa.String(12), nullable=False),
        sa.Column("choice", sa.String(12), nullable=True),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.Column("delivered_on", sa.Date(), nullable=True),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", Utc(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        sa.ForeignKeyConstraint(["call_id"], ["speech_call.id"]),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"]),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_speech_call_place", "speech", ["call_id", "state", "place"])
    op.create_index("ix_speech_organization", "speech", ["organization_id", "state", "id"])
    op.create_index("ix_speech_account", "speech", ["account_id", "id"])
    op.create_index("ix_speech_body", "speech", ["body_id", "id"])
    op.create_table(
        "speech_version",
        sa.Column("id", Id, nullable=False),
        sa.Column("speech_id", Id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("saved_by", Id, nullable=False),
        sa.Column("saved_at", Utc(), nullable=False),
        sa.ForeignKeyConstraint(["speech_id"], ["speech.id"]),
        sa.ForeignKeyConstraint(["saved_by"], ["account.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("speech_id", "version"),
    )
    op.create_table(
        "speech_step",
        sa.Column("id", Id, nullable=False),
        sa.Column("speech_id", Id, nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("account_id", Id, nullable=False),
        sa.Column("action", sa.String(12), nullable=False),
        sa.Column("from_state", sa.String(12), nullable=False),
        sa.Column("to_state", sa.String(12), nullable=False),
        sa.Column("reason", sa.String(500), nullable=True),
        sa.ForeignKeyConstraint(["speech_id"], ["speech.id"]),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_speech_step_speech", "speech_step", ["speech_id", "id"])


def downgrade() -> None:
    for name in ("speech_step", "speech_version", "speech", "speech_call"):
        op.drop_table(name)
