"""Texts say what they are worth (measured by the worker where they are older); boards name the formula of their heat."""

import sqlalchemy as sa
from alembic import op

from app.core.sql import Id

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("reply", "update"):
        op.add_column(name, sa.Column("substance", sa.Integer(), nullable=True))
        op.add_column(name, sa.Column("fingerprint", Id, nullable=True))
        op.create_index(f"ix_{name}_fingerprint", name, ["fingerprint"])
    # boards are a cache: they are computed anew
    op.execute(sa.delete(sa.table("board")))
    op.add_column("board", sa.Column("formula", sa.Integer(), nullable=True))
    op.add_column("board_snapshot", sa.Column("formula", sa.Integer(), nullable=True))
    snapshots = sa.table("board_snapshot", sa.column("board", sa.String), sa.column("formula", sa.Integer))
    op.execute(sa.update(snapshots).where(snapshots.c.board == "heat").values(formula=1))


def downgrade() -> None:
    op.drop_column("board_snapshot", "formula")
    op.drop_column("board", "formula")
    for name in ("update", "reply"):
        op.drop_index(f"ix_{name}_fingerprint", name)
        op.drop_column(name, "fingerprint")
        op.drop_column(name, "substance")
