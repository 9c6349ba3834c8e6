"""Personal data: consents, requests, what the cleaning erased; issued cards are private until their owner shares them."""

import sqlalchemy as sa
from alembic import op

from app.core.sql import Id, Utc

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_card = sa.table("issued_card", sa.column("sharing", sa.String))


def upgrade() -> None:
    with op.batch_alter_table("account") as batch:
        batch.add_column(sa.Column("consent_version", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("account") as batch:
        batch.alter_column("consent_version", existing_type=sa.Integer(), server_default=None)
    op.create_table(
        "consent",
        sa.Column("id", Id, nullable=False),
        sa.Column("account_id", Id, nullable=False),
        sa.Column("organization_id", Id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("agreed_at", Utc(), nullable=False),
        sa.Column("address", sa.String(45), nullable=False),
        sa.Column("device", sa.String(200), nullable=False),
        sa.Column("withdrawn_at", Utc(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_consent_account", "consent", ["account_id", "id"])
    op.create_table(
        "personal_request",
        sa.Column("id", Id, nullable=False),
        sa.Column("organization_id", Id, nullable=False),
        sa.Column("account_id", Id, nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("field", sa.String(10), nullable=True),
        sa.Column("value", sa.String(120), nullable=True),
        sa.Column("remark", sa.String(500), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("created_at", Utc(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_personal_request_account", "personal_request", ["account_id", "id"])
    op.create_index("ix_personal_request_organization", "personal_request", ["organization_id", "id"])
    op.create_table(
        "personal_request_step",
        sa.Column("id", Id, nullable=False),
        sa.Column("request_id", Id, nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("account_id", Id, nullable=False),
        sa.Column("action", sa.String(10), nullable=False),
        sa.Column("to_state", sa.String(10), nullable=False),
        sa.Column("reason", sa.String(500), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.ForeignKeyConstraint(["request_id"], ["personal_request.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_personal_request_step_request", "personal_request_step", ["request_id"])
    op.create_table(
        "retention_run",
        sa.Column("id", Id, nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("erased", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    # whether "all" was chosen or only the default cannot be told: nobody is shown who did not choose it
    op.execute(sa.update(_card).where(_card.c.sharing == "all").values(sharing="seal"))


def downgrade() -> None:
    for name in ("retention_run", "personal_request_step", "personal_request", "consent"):
        op.drop_table(name)
    with op.batch_alter_table("account") as batch:
        batch.drop_column("consent_version")
