"""Rows of acts done outside the platform into the ledger: what is new, what is corrected, each row once."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from typing import NamedTuple

from sqlalchemy import Connection, select
from sqlmodel import Session

from app.core import clock
from app.core.sql import advisory_lock, table
from app.duty import service
from app.duty.measures import ledger
from app.duty.measures.rules import Amounts
from app.duty.models import DutyRecord, OutsideAct
from app.duty.outside import acts as outside_acts
from app.duty.service import DutyAct
from app.people.models import Organization
from app.people.service import id_of

_r, _a = table(DutyRecord), table(OutsideAct)
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
    amounts: Amounts

    def act_ref(self, organization_id: int) -> str:
        """Names the act itself, which several members may have a part in."""
        return _hash("act", organization_id, self.kind, self.title, self.held_on, self.place)

    def ref(self) -> str:
        """Names this seat's part in the act."""
        return _hash("row", self.seat_id, self.kind, self.title, self.held_on, self.place)

    def said(self, form: str | None = None) -> "_Said":
        """What may be corrected by importing the row again; `form` is the one known of an act, where it says none."""
        return self.role, self.quantity, self.level, self.note, self.amounts, self.form or form


def _hash(*parts: object) -> str:
    return "import:" + sha256("|".join(map(str, parts)).encode()).hexdigest()[:40]


class ImportPlan(NamedTuple):
    """The rows that are new, and those that say something else than before."""

    new: list[Done]
    corrected: list[Done]
    voided: int
    unchanged: int

    def counts(self) -> Counter[str]:
        """How many rows of each, by their Chinese labels."""
        said = {"新增": len(self.new), "更正": len(self.corrected), "不变": self.unchanged}
        return Counter(said | {VOIDED: self.voided})


def plan_of(conn: Connection, place: Organization, done: Collection[Done]) -> ImportPlan:
    """What of some rows is new, and what says something else than before."""
    known = _known(conn, id_of(place), done)
    # a sheet without columns of measures says nothing against those that are known
    done = [replace(one, amounts=one.amounts or _amounts(known.get(one.ref()))) for one in done]
    new = [one for one in done if one.ref() not in known]
    corrected = [
        one for one in done if (before := known.get(one.ref())) is not None and before != one.said(before[-1])
    ]
    voided = sum(one.ref() in known and known[one.ref()] is None for one in done)
    return ImportPlan(new, corrected, voided, len(done) - len(new) - len(corrected) - voided)


def write_rows(db: Session, place: Organization, done: Collection[Done]) -> Counter[str]:
    """Write some rows, unless another import just did; how many of each."""
    conn, organization_id = db.connection(), id_of(place)
    advisory_lock(conn, f"duty import:{organization_id}")
    plan = plan_of(conn, place, done)
    ids: dict[str, int] = {}
    acts, measured = [], dict[str, Amounts]()
    rows = plan.new + plan.corrected
    for number, one in enumerate(rows, 1):
        ref = one.act_ref(organization_id)
        if ref not in ids or one.form:
            ids[ref] = _act(db, organization_id, one, ref)
        subject = ("outside_act", ids[ref])
        if number > len(plan.new):
            service.void(db, subject, "重新导入更正", None, kinds=[one.kind], seat_id=one.seat_id)
        noon = clock.noon(one.held_on, place.timezone)
        role, quantity, level, note, amounts, _ = one.said()
        acts.append(DutyAct(one.seat_id, one.kind, subject, noon, role, quantity, level, one.ref(), note))
        measured |= {one.ref(): amounts} if amounts else {}
    service.record_all(db, organization_id, acts, source="import")
    live = (_r.c.source_ref.in_(measured), _r.c.voided_at.is_(None), _r.c.organization_id == organization_id)
    ids_of = conn.execute(select(_r.c.id, _r.c.source_ref).where(*live)) if measured else ()
    ledger.write(conn, {row.id: measured[row.source_ref] for row in ids_of})
    return plan.counts()


def _amounts(before: "_Said | None") -> Amounts:
    return before[-2] if before else {}


_Said = tuple[str, int, str, str | None, Amounts, str | None]


def _known(conn: Connection, organization_id: int, done: Collection[Done]) -> dict[str, _Said | None]:
    """What rows that were imported before say; None for those that were voided, which stay so."""
    if not done:
        return {}
    r, a, days, seats = _r, _a, [one.held_on for one in done], {one.seat_id for one in done}
    said = (r.c.source_ref, r.c.voided_at, r.c.role, r.c.quantity, r.c.level, r.c.note, a.c.form)
    rows = conn.execute(
        select(r.c.id, *said)
        .outerjoin(a, (r.c.subject_type == "outside_act") & (a.c.id == r.c.subject_id))
        .where(
            r.c.organization_id == organization_id,
            r.c.seat_id.in_(seats),
            r.c.occurred_on.between(min(days), max(days)),
            r.c.source == "import",
        )
        .order_by(r.c.id)
    ).all()
    amounts = ledger.read(conn, [row.id for row in rows])
    return {
        row.source_ref: None
        if row.voided_at
        else (row.role, row.quantity, row.level, row.note, amounts.get(row.id, {}), row.form)
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
    return outside_acts.keep(db, row)
