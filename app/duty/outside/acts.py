"""Acts done outside the platform, each kept once, whoever took part and whoever reports it."""

from typing import Any

from sqlalchemy import select, update
from sqlmodel import Session

from app.core.sql import insert_new, table
from app.duty import service
from app.duty.models import DutyRecord, OutsideAct

_a, _d = table(OutsideAct), table(DutyRecord)


def keep(db: Session, act: dict[str, Any]) -> int:
    """Keep an act, known by its `source_ref`, and return its id; a form that is said of it later holds from then on."""
    conn = db.connection()
    same = select(_a.c.id, _a.c.form).where(_a.c.source_ref == act["source_ref"])
    if (known := conn.execute(same).one_or_none()) is None:
        insert_new(conn, _a, act, ["source_ref"])
        known = conn.execute(same).one()
    if act["form"] and act["form"] != known.form:
        conn.execute(update(_a).where(_a.c.id == known.id).values(form=act["form"]))
        took_part = (_d.c.subject_type == "outside_act") & (_d.c.subject_id == known.id)
        service.invalidate_figures(
            db, *conn.scalars(select(_d.c.seat_id).where(took_part, _d.c.voided_at.is_(None)))
        )
    return int(known.id)
