"""Verbs of the text of an output: write and edit it, with who is named in it, to whom it goes and what is attached."""

from typing import Any

from sqlalchemy import Row, Table, delete, insert, select, update
from sqlmodel import Session

from app.audit.service import log as audit
from app.auth.actor import Actor
from app.casefiles import steps
from app.core import clock, live
from app.core.errors import Conflict, Invalid, Stale
from app.core.sql import table
from app.files.queries import attached
from app.files.service import attach, detach
from app.outputs import queries
from app.outputs.lifecycle import LIFECYCLE, OPEN, OutputState
from app.outputs.models import Output, OutputAuthor, OutputUnit, OutputVersion
from app.outputs.schemas import OutputIn, OutputOut
from app.people.bodies.models import Body
from app.people.bodies.service import referring
from app.people.models import Seat, Unit

_o, _w, _g, _v = table(Output), table(OutputAuthor), table(OutputUnit), table(OutputVersion)
_COLUMNS = {"kind", "title", "body", "body_id", "addressees", "copies"}
referring.append(_o.c.body_id)


def lock(db: Session, actor: Actor, output_id: int, version: int) -> Row[Any]:
    """The output as the actor has seen it, held until the commit; `Stale` carries the present one."""
    row = steps.lock(db, select(_o).where(_o.c.id == output_id, queries.visible_to(actor)))
    if row.version != version:
        raise Stale(current=queries.read(db.connection(), actor, output_id))
    return row


def out(db: Session, actor: Actor, output_id: int) -> OutputOut:
    """The output as the actor sees it after a verb."""
    return OutputOut.model_validate(queries.read(db.connection(), actor, output_id))


def announce(db: Session, organization_id: int, output_id: int, state: str) -> None:
    """Tell open screens that an output changed."""
    subject = ("output", output_id)
    live.emit(db, organization_id, "outputs", "output.changed", subject=subject, id=output_id, state=state)


def write(db: Session, actor: Actor, new: OutputIn) -> OutputOut:
    """Begin a draft."""
    _check(db, actor, new)
    now = clock.now()
    row = {
        **new.model_dump(include=_COLUMNS),
        "organization_id": actor.organization_id,
        "created_by": actor.account_id,
        "created_at": now,
        "edited_at": now,
        "state": OutputState.DRAFT,
        "version": 1,
    }
    output_id = db.connection().execute(insert(_o).values(row).returning(_o.c.id)).scalar_one()
    _write_rest(db, actor, output_id, 1, new)
    audit(db, actor, "output.write", ("output", output_id), kind=new.kind)
    announce(db, actor.organization_id, output_id, OutputState.DRAFT)
    return out(db, actor, output_id)


def edit(db: Session, actor: Actor, output_id: int, version: int, new: OutputIn) -> OutputOut:
    """Save the whole output over `version`, while its text is open."""
    row = lock(db, actor, output_id, version)
    if row.state not in OPEN:
        name = LIFECYCLE.labels[OutputState(row.state)]
        raise Conflict(f"当前状态为“{name}”，不能修改，请先撤回。", code="not_editable", state=row.state)
    if row.issue_number is not None and new.kind != row.kind:
        raise Conflict("已经编了文号，不能改为另一类成果件。", code="numbered", state=row.state)
    _check(db, actor, new)
    values = new.model_dump(include=_COLUMNS) | {"version": version + 1, "edited_at": clock.now()}
    db.connection().execute(update(_o).where(_o.c.id == output_id).values(values))
    _write_rest(db, actor, output_id, version + 1, new)
    audit(db, actor, "output.edit", ("output", output_id))
    announce(db, actor.organization_id, output_id, row.state)
    return out(db, actor, output_id)


def _check(db: Session, actor: Actor, new: OutputIn) -> None:
    """`Invalid` unless all that is named is of the organization."""
    bodies = [new.body_id] if new.body_id else []
    for of, ids, detail, code in (
        (table(Seat), new.seat_ids, "没有这位委员。", "unknown_seat"),
        (table(Body), bodies, "没有这个参加单位。", "unknown_body"),
        (table(Unit), new.unit_ids, "没有这个单位。", "unknown_unit"),
    ):
        known = select(of.c.id).where(of.c.id.in_(ids), of.c.organization_id == actor.organization_id)
        if ids and set(db.connection().scalars(known)) != set(ids):
            raise Invalid(detail, code=code)


def _write_rest(db: Session, actor: Actor, output_id: int, version: int, new: OutputIn) -> None:
    """The saved version, and what stands in tables of its own: authors, units, files."""
    conn = db.connection()
    saved = {"version": version, "saved_by": actor.account_id, "saved_at": clock.now()}
    text = new.model_dump(include={"title", "body"})
    conn.execute(insert(_v).values(output_id=output_id, **saved, **text))
    authors = [{"seat_id": one, "position": place} for place, one in enumerate(dict.fromkeys(new.seat_ids))]
    _replace(db, _w, output_id, authors)
    _replace(db, _g, output_id, [{"unit_id": one} for one in dict.fromkeys(new.unit_ids)])
    subject = ("output", output_id)
    # a file that stays may have been uploaded by a colleague: only new ones must be the actor's own
    known = {file["key"] for file in attached(conn, "output", [output_id])[output_id]}
    attach(db, actor, [key for key in new.file_keys if key not in known], subject)
    detach(db, subject, keep=new.file_keys)


def _replace(db: Session, of: Table, output_id: int, rows: list[dict[str, int]]) -> None:
    conn = db.connection()
    conn.execute(delete(of).where(of.c.output_id == output_id))
    if rows:
        conn.execute(insert(of), [{"output_id": output_id, **row} for row in rows])
