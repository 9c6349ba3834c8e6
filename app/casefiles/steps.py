"""Steps of a case: it is held, moved from state to state, and what was done stands on its track."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, ScalarSelect, Select, Table, select, update
from sqlmodel import Session

from app.core.errors import Conflict, NotFound


def lock(db: Session, visible: Select[Any]) -> Row[Any]:
    """The only row that is `visible`, held until the commit: raced verbs run one after the other. Else `NotFound`."""
    row = db.connection().execute(visible.with_for_update()).one_or_none()
    if row is None:
        raise NotFound
    return row


def move(db: Session, of: Table, row: Row[Any], target: str, **changes: Any) -> None:
    """Bring a case from the state of `row` to `target`; `Conflict` when it is no longer there."""
    moved = update(of).where(of.c.id == row.id, of.c.state == row.state).values(state=target, **changes)
    if db.connection().execute(moved).rowcount != 1:
        raise Conflict(state=row.state)


def undone(track: Table) -> ColumnElement[bool]:
    """Whether a later step, whose `undoes_id` names it, undid a step of a track."""
    later = track.alias()
    return select(later.c.id).where(later.c.undoes_id == track.c.id).exists()


def last_step(conn: Connection, track: Table, which: ColumnElement[bool]) -> Row[Any] | None:
    """The last step of `which` that was not undone, and undid none."""
    held = select(track).where(which, track.c.undoes_id.is_(None), ~undone(track))
    return conn.execute(held.order_by(track.c.id.desc()).limit(1)).one_or_none()


def last_of(track: Table, column: ColumnElement[Any], which: ColumnElement[bool]) -> ScalarSelect[Any]:
    """A column of the last step of `which` that was not undone, and undid none: for lists."""
    held = select(column).where(which, track.c.undoes_id.is_(None), ~undone(track))
    return held.order_by(track.c.id.desc()).limit(1).scalar_subquery()


def label(rows: Iterable[dict[str, Any]], actions: Mapping[Any, str], states: Mapping[Any, str]) -> None:
    """Put Chinese names beside the codes of a track."""
    for row in rows:
        row["action_label"] = actions[row["action"]]
        row["from_state_label"] = states[row["from_state"]]
        row["to_state_label"] = states[row["to_state"]]
