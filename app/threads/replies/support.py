"""Verbs of support: give it, take it back."""

from sqlalchemy import update
from sqlmodel import Session

from app.auth.actor import Actor
from app.core import clock, live
from app.core.errors import Conflict
from app.core.sql import insert_new, table
from app.duty import service as duty
from app.threads.models import Reply, Support, Thread
from app.threads.posting.pace import SUPPORTS
from app.threads.replies.queries import reply_head
from app.threads.schemas import SupportOut

_t, _r, _u = table(Thread), table(Reply), table(Support)


def set_reply_support(db: Session, actor: Actor, reply_id: int, *, on: bool) -> SupportOut:
    """Give or take back support for a reply; repeating changes nothing."""
    conn = db.connection()
    row = reply_head(conn, actor, reply_id)
    change = set_support(db, actor, ("reply", reply_id), row.seat_id, on=on)
    count = conn.execute(
        update(_r)
        .where(_r.c.id == reply_id)
        .values(support_count=_r.c.support_count + change, echo_count=_r.c.echo_count + change)
        .returning(_r.c.support_count)
    ).scalar_one()
    if change:
        conn.execute(update(_t).where(_t.c.id == row.thread_id).values(version=_t.c.version + 1))
        live.emit(
            db,
            actor.organization_id,
            f"thread:{row.thread_id}",
            "reply.supported",
            subject=("reply", reply_id),
        )
    return SupportOut(support_count=count, supported=on)


def set_support(
    db: Session, actor: Actor, target: tuple[str, int], to_seat_id: int | None, *, on: bool
) -> int:
    """Write or remove one support row; by how much the target's counter moves (1, 0 or -1)."""
    if to_seat_id == actor.own_seat:
        raise Conflict("不能赞同自己发表的内容。", code="own_content", state="own")
    key = {"target_type": target[0], "target_id": target[1], "seat_id": actor.own_seat}
    if on:
        SUPPORTS.spend(db.connection(), _u, actor.own_seat, clock.now())
        row = key | {
            "to_seat_id": to_seat_id,
            "organization_id": actor.organization_id,
            "created_at": clock.now(),
        }
        change = int(insert_new(db.connection(), _u, row, list(key)))
    else:
        same = [_u.c[name] == value for name, value in key.items()]
        change = -db.connection().execute(_u.delete().where(*same)).rowcount
    if change and to_seat_id:
        duty.invalidate_figures(db, to_seat_id)
    return change
