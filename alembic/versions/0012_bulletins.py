"""Annual bulletins: versions, what fixes their records, the seats that they measure, and their counts."""

import sqlalchemy as sa
from alembic import op

from app.core.sql import Id, Json, Utc

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bulletin",
        sa.Column("id", Id, nullable=False),
        sa.Column("organization_id", Id, nullable=False),
        sa.Column("duty_year", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("preface", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(200), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=False),
        sa.Column("before_on", sa.Date(), nullable=False),
        sa.Column("last_record_id", Id, nullable=False),
        sa.Column("ruleset_id", Id, nullable=True),
        sa.Column("counted_at", Utc(), nullable=True),
        sa.Column("fixed_at", Utc(), nullable=False),
        sa.Column("created_by", Id, nullable=True),
        sa.Column("published_by", Id, nullable=True),
        sa.Column("published_at", Utc(), nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["account.id"]),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        sa.ForeignKeyConstraint(["published_by"], ["account.id"]),
        sa.ForeignKeyConstraint(["ruleset_id"], ["ruleset.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("organization_id", "duty_year", "version"),
    )
    op.create_table(
        "bulletin_void",
        sa.Column("bulletin_id", Id, nullable=False),
        sa.Column("record_id", Id, nullable=False),
        sa.ForeignKeyConstraint(["bulletin_id"], ["bulletin.id"]),
        sa.ForeignKeyConstraint(["record_id"], ["duty_record.id"]),
        sa.PrimaryKeyConstraint("bulletin_id", "record_id"),
    )
    op.create_table(
        "bulletin_seat",
        sa.Column("bulletin_id", Id, nullable=False),
        sa.Column("duty_year", sa.Integer(), nullable=False),
        sa.Column("seat_id", Id, nullable=False),
        sa.Column("name", sa.String(50), nullable=False),
        sa.Column("post", sa.String(20), nullable=False),
        sa.Column("sector", sa.String(40), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=True),
        sa.Column("points", sa.Integer(), nullable=True),
        sa.Column("behind", sa.Boolean(), nullable=False),
        sa.Column("unmet", Json, nullable=True),
        sa.ForeignKeyConstraint(["bulletin_id"], ["bulletin.id"]),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"]),
        sa.PrimaryKeyConstraint("bulletin_id", "duty_year", "seat_id"),
    )
    op.create_table(
        "bulletin_committee",
        sa.Column("bulletin_id", Id, nullable=False),
        sa.Column("seat_id", Id, nullable=False),
        sa.Column("committee", sa.String(40), nullable=False),
        sa.ForeignKeyConstraint(["bulletin_id"], ["bulletin.id"]),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"]),
        sa.PrimaryKeyConstraint("bulletin_id", "seat_id", "committee"),
    )
    op.create_table(
        "bulletin_count",
        sa.Column("bulletin_id", Id, nullable=False),
        sa.Column("duty_year", sa.Integer(), nullable=False),
        sa.Column("dimension", sa.String(12), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("subjects", sa.Integer(), nullable=False),
        sa.Column("members", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["bulletin_id"], ["bulletin.id"]),
        sa.PrimaryKeyConstraint("bulletin_id", "duty_year", "dimension", "name", "kind"),
    )


def downgrade() -> None:
    for name in ("bulletin_count", "bulletin_committee", "bulletin_seat", "bulletin_void", "bulletin"):
        op.drop_table(name)
