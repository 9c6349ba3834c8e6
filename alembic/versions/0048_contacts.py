"""Contacts, and visits to them."""

import sqlalchemy as sa
from alembic import op

from app.core.sql import Id, Utc

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "contact",
        sa.Column("id", Id, nullable=False),
        sa.Column("organization_id", Id, nullable=False),
        sa.Column("seat_id", Id, nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("party_seat_id", Id, nullable=True),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("place", sa.String(120), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"]),
        sa.ForeignKeyConstraint(["party_seat_id"], ["seat.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_contact_seat", "contact", ["seat_id"])
    op.create_index("ix_contact_party", "contact", ["party_seat_id"])
    op.create_index("ix_contact_organization", "contact", ["organization_id", "id"])
    op.create_table(
        "visit",
        sa.Column("id", Id, nullable=False),
        sa.Column("organization_id", Id, nullable=False),
        sa.Column("seat_id", Id, nullable=False),
        sa.Column("contact_id", Id, nullable=True),
        sa.Column("whom", sa.String(120), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("visited_on", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Utc(), nullable=False),
        sa.Column("edited_at", Utc(), nullable=False),
        sa.Column("withdrawn_at", Utc(), nullable=True),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"]),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_visit_organization", "visit", ["organization_id", "visited_on", "id"])
    op.create_index("ix_visit_seat", "visit", ["seat_id", "visited_on", "id"])
    op.create_index("ix_visit_contact", "visit", ["contact_id", "visited_on"])


def downgrade() -> None:
    for name in ("visit", "contact"):
        op.drop_table(name)
