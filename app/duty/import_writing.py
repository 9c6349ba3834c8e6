"""Rows of acts done outside the platform into the ledger: what is new, what is corrected, each row once."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from typing import NamedTuple

from sqlalchemy import Connection, select
from sqlmodel import Session

from app.core import clock
from app.core.sql import hold, table
from app.duty import outside, service
from app.duty.models import DutyRecord, OutsideAct
from app.duty.service import Act
from app.people.models import Organization
from app.people.service import id_of

#: The label of rows that somebody has voided, which stay so.
VOIDED = "已作废而保持作废"


@dataclass(frozen=True)
class Done:
    """One row: what a seat did outside the platform."""

    seat_id: int
    kind: str
    form: str | None
    title: str
    held_on: date
    place: str
    quantity: int
    role: str
    level: str
    note: str | None
    said_kind: str

    def act_ref(self, organization_id: int) -> str:
        """Names the act itself, which several members may have a part in."""
        return _hash("act", organization_id, self.kind, self.title, self.held_on, self.place)

    def ref(self) -> str:
        """Names this seat's part in the act."""
        return _hash("row", self.seat_id, self.kind, self.title, self.held_on, self.place)

    def said(self, form: str | None = None) -> "_Said":
        """What may be corrected by importing the row again; `form` is the one known of an act, where it says none."""
        return self.role, self.quantity, self.level, self.note, self.form or form


def _hash(*parts: object) -> str:
    return "import:" + sha256("|".join(map(str, parts)).encode()).hexdigest()[:40]


class Plan(NamedTuple):
    """The rows that are new, and those that say something else than before."""

    new: list[Done]
    corrected: list[Done]
    voided: int
    unchanged: int

    def counts(self) -> Counter[str]:
        """How many rows of each, by their Chinese labels."""
        said = {"新增": len(self.new), "更正": len(self.corrected), "不变": self.unchanged}
        return Counter(said | {VOIDED: self.voided})


def plan_of(conn: Connection, place: Organization, done: Collection[Done]) -> Plan:
    """What of some rows is new, and what says something else than before."""
    known = _known(conn, id_of(place), done)
    new = [one for one in done if one.ref() not in known]
    corrected = [
        one for one in done if (before := known.get(one.ref())) is not None and before != one.said(before[-1])
    ]
    voided = sum(one.ref() in known and known[one.ref()] is None for one in done)
    return Plan(new, corrected, voided, len(done) - len(new) - len(corrected) - voided)


def write_rows(db: Session, place: Organization, done: Collection[Done]) -> Counter[str]:
    """Write some rows, unless another import just did; how many of each."""
    conn, organization_id = db.connection(), id_of(place)
    hold(conn, f"duty import:{organization_id}")
    plan = plan_of(conn, place, done)
    ids: dict[str, int] = {}
    acts = []
    rows = plan.new + plan.corrected
    for number, one in enumerate(rows, 1):
        ref = one.act_ref(organization_id)
        if ref not in ids or one.form:
            ids[ref] = _act(db, organization_id, one, ref)
        subject = ("outside_act", ids[ref])
        if number > len(plan.new):
            service.void(db, subject, "重新导入更正", None, kinds=[one.kind], seat_id=one.seat_id)
        noon = clock.day_starts(one.held_on, place.timezone) + timedelta(hours=12)
        role, quantity, level, note, _ = one.said()
        acts.append(Act(one.seat_id, one.kind, subject, noon, role, quantity, level, one.ref(), note))
    service.record_all(db, organization_id, acts, source="import")
    return plan.counts()


_Said = tuple[str, int, str, str | None, str | None]


def _known(conn: Connection, organization_id: int, done: Collection[Done]) -> dict[str, _Said | None]:
    """What rows that were imported before say; None for those that were voided, which stay so."""
    if not done:
        return {}
    r, a, days, seats = (
        table(DutyRecord),
        table(OutsideAct),
        [one.held_on for one in done],
        {one.seat_id for one in done},
    )
    rows = conn.execute(
        select(r.c.source_ref, r.c.voided_at, r.c.role, r.c.quantity, r.c.level, r.c.note, a.c.form)
        .outerjoin(a, (r.c.subject_type == "outside_act") & (a.c.id == r.c.subject_id))
        .where(
            r.c.organization_id == organization_id,
            r.c.seat_id.in_(seats),
            r.c.occurred_on.between(min(days), max(days)),
            r.c.source == "import",
        )
        .order_by(r.c.id)
    )
    return {
        row.source_ref: None if row.voided_at else (row.role, row.quantity, row.level, row.note, row.form)
        for row in rows
    }


def _act(db: Session, organization_id: int, one: Done, ref: str) -> int:
    row = {
        "organization_id": organization_id,
        "kind": one.kind,
        "form": one.form,
        "title": one.title,
        "held_on": one.held_on,
        "place": one.place,
        "source_ref": ref,
    }
    return outside.keep(db, row)
