"""Ends of seats have a kind and a paper; the employer belongs to the seat; names are written alike."""

import re

import sqlalchemy as sa
from alembic import op

from app.core.sql import Id

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003fffd"
_DOT = re.compile(f"(?<=[{_HAN}]) ?[.．•・‧∙⋅●] ?(?=[{_HAN}])")
_BLANK = re.compile(f"(?<=[{_HAN}])[ \u3000]+(?=[{_HAN}])")


def upgrade() -> None:
    op.add_column("seat", sa.Column("employer", sa.String(120), nullable=True))
    op.add_column("seat", sa.Column("end_kind", sa.String(12), nullable=True))
    op.add_column("seat", sa.Column("end_paper", sa.String(200), nullable=True))
    op.execute(
        "UPDATE seat SET employer = (SELECT person.employer FROM person WHERE person.id = seat.person_id)"
    )
    op.drop_column("person", "employer")
    op.add_column("person", sa.Column("portrait", sa.String(32), nullable=True))
    for name in ("person", "account"):
        _write_alike(sa.table(name, sa.column("id", Id), sa.column("name", sa.String)))


def _write_alike(of: sa.TableClause) -> None:
    """The dot of a transcribed name is `·`, and no blanks stand between Chinese characters."""
    conn = op.get_bind()
    for row in conn.execute(sa.select(of.c.id, of.c.name)).all():
        name = _BLANK.sub("", _DOT.sub("·", row.name))
        if name != row.name:
            conn.execute(sa.update(of).where(of.c.id == row.id).values(name=name))


def downgrade() -> None:
    op.drop_column("person", "portrait")
    op.add_column("person", sa.Column("employer", sa.String(120), nullable=True))
    op.execute(
        "UPDATE person SET employer = (SELECT seat.employer FROM seat WHERE seat.person_id = person.id "
        "ORDER BY seat.starts_on DESC LIMIT 1)"
    )
    for name in ("end_paper", "end_kind", "employer"):
        op.drop_column("seat", name)
