"""Notifications know who caused them and where, so that those about one place are one entry; kinds are switched off."""

import sqlalchemy as sa
from alembic import op

from app.core.sql import Id

revision = "0023"
down_revision = "0021"
branch_labels = None
depends_on = None

_REPLY = "FROM reply JOIN thread ON thread.id = reply.thread_id WHERE reply.id = notification.subject_id"


def upgrade() -> None:
    op.add_column("notification", sa.Column("by_id", Id, nullable=True))
    op.add_column("notification", sa.Column("place_type", sa.String(40), nullable=True))
    op.add_column("notification", sa.Column("place_id", Id, nullable=True))
    op.execute(
        f"UPDATE notification SET by_id = (SELECT reply.account_id {_REPLY}), "  # noqa: S608 - no foreign part
        f"place_type = (SELECT thread.subject_type {_REPLY}), place_id = (SELECT thread.subject_id {_REPLY}), "
        "title = CASE kind WHEN 'reply.received' THEN '{who}回复了您' ELSE '{who}提到了您' END "
        "WHERE subject_type = 'reply' AND kind IN ('reply.received', 'reply.mentioned')"
    )
    op.create_index(
        "ix_notification_place", "notification", ["account_id", "place_id", "place_type", "kind", "id"]
    )
    op.create_table(
        "notification_setting",
        sa.Column("account_id", Id, sa.ForeignKey("account.id"), nullable=False),
        sa.Column("organization_id", Id, sa.ForeignKey("organization.id"), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("in_app", sa.Boolean(), nullable=False),
        sa.Column("push", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "organization_id", "kind"),
    )


def downgrade() -> None:
    op.drop_table("notification_setting")
    op.drop_index("ix_notification_place", "notification")
    op.execute(
        "UPDATE notification SET title = replace(title, '{who}', "
        "coalesce((SELECT account.name FROM account WHERE account.id = notification.by_id), '有人'))"
    )
    op.drop_column("notification", "place_id")
    op.drop_column("notification", "place_type")
    op.drop_column("notification", "by_id")
