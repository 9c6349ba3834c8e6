"""Rulesets: write a version, try it on the real year, publish it. Scores are computed by the worker, bit by bit.

A version stays in force until all scores under the next one are there; then they change places in one transaction.
"""

from typing import Any
from uuid import uuid4

from sqlalchemy import func, select, update
from sqlmodel import Session

from app.audit.service import log as audit
from app.auth.actor import Actor
from app.core import clock, live, outbox
from app.core.db import reads
from app.core.errors import Conflict, FieldError, Invalid
from app.core.sql import advisory_lock, table
from app.duty import service as duty
from app.people.models import Seat
from app.points import queries, scores
from app.points.engine import explanations, yaml_text
from app.points.engine.ruleset import Ruleset
from app.points.engine.yaml_text import UnreadableRulesetError
from app.points.models import RulesetVersion, Score
from app.points.queries import LoadedRuleset
from app.points.ruleset_schemas import STATE_LABELS, RulesetFaultOut, RulesetIn, ValidationOut
from app.points.rulesets import pages
from app.points.schemas import RulesetDetail

_k, _r, _s = table(Score), table(RulesetVersion), table(Seat)


def check(text: str) -> ValidationOut:
    """What is wrong with a text, by rule and line; its rules in sentences when nothing is."""
    try:
        ruleset = yaml_text.read(text)
    except UnreadableRulesetError as error:
        faults = [RulesetFaultOut.model_validate(fault._asdict()) for fault in error.faults]
        return ValidationOut(faults=faults, formula=[])
    return ValidationOut(faults=[], formula=explanations.formula(ruleset))


def create(db: Session, actor: Actor, new: RulesetIn) -> RulesetDetail:
    """Keep a draft as the next version of its duty year; `Invalid` with every fault by rule and line."""
    ruleset = _read(new.text)
    conn, of = (
        db.connection(),
        (_r.c.organization_id == actor.organization_id, _r.c.duty_year == new.duty_year),
    )
    advisory_lock(conn, f"rulesets:{actor.organization_id}")
    latest = conn.scalar(select(func.max(_r.c.version)).where(*of))
    row = RulesetVersion(
        organization_id=actor.organization_id,
        duty_year=new.duty_year,
        version=(latest or 0) + 1,
        name=ruleset.name,
        text=new.text,
        rules=ruleset.model_dump(mode="json", exclude_defaults=True),
        reason=new.reason,
        created_by=actor.account_id,
        created_at=clock.now(),
    )
    db.add(row)
    db.flush()
    assert row.id is not None  # noqa: S101 - flushed
    audit(db, actor, "ruleset.drafted", ("ruleset", row.id), year=row.duty_year, version=row.version)
    return RulesetDetail.model_validate(pages.detail(conn, actor, row.id))


def _read(text: str) -> Ruleset:
    try:
        return yaml_text.read(text)
    except UnreadableRulesetError as error:
        errors = [
            FieldError(field=f"body.text.{f.line}", code="ruleset", detail=f"第 {f.line} 行：{f.detail}")
            for f in error.faults
        ]
        raise Invalid("积分办法有误，请按提示修改。", code="bad_ruleset", errors=errors) from None


def begin_trial(db: Session, actor: Actor, ruleset_id: int) -> None:
    """Have the scores of the whole year computed under a draft."""
    of = _fitting(db, actor, ruleset_id)
    _move(db, of, {"draft"}, {"scored_to": 0, "tried_at": None})
    _enqueue(db, of)
    audit(db, actor, "ruleset.tried", ("ruleset", of.id), year=of.duty_year, version=of.version)


def publish(db: Session, actor: Actor, ruleset_id: int, reason: str | None = None) -> None:
    """Put a draft in force once its scores are computed; `Conflict` while another one is being published."""
    conn = db.connection()
    of = _fitting(db, actor, ruleset_id)
    advisory_lock(conn, f"rulesets:{of.organization_id}")
    others = (*_of_year(of), _r.c.state == "publishing", _r.c.id != of.id)
    if conn.scalar(select(_r.c.id).where(*others)) is not None:
        raise Conflict("已有一版积分办法正在发布，请稍候。", code="publishing", state="publishing")
    again = {"published_by": actor.account_id, "scored_to": 0, "tried_at": None}
    # once more while it is being published: it begins again, should its job have been given up
    _move(db, of, {"draft", "publishing"}, {"state": "publishing"} | again)
    _enqueue(db, of)
    said = {"reason": reason} if reason else {}
    audit(db, actor, "ruleset.published", ("ruleset", of.id), year=of.duty_year, version=of.version, **said)


def _fitting(db: Session, actor: Actor, ruleset_id: int) -> LoadedRuleset:
    """A version; `Conflict` when it is for years that begin on another day than the organization's."""
    of = queries.ruleset(db.connection(), actor.organization_id, ruleset_id)
    if of.obstacle:
        raise Conflict(of.obstacle, code="other_year_start")
    return of


def _of_year(of: LoadedRuleset) -> tuple[Any, ...]:
    return _r.c.organization_id == of.organization_id, _r.c.duty_year == of.duty_year


def _move(db: Session, of: LoadedRuleset, states: set[str], values: dict[str, Any]) -> None:
    mine = (_r.c.id == of.id) & _r.c.state.in_(states)
    if db.connection().execute(update(_r).where(mine).values(**values)).rowcount == 0:
        state = db.connection().execute(select(_r.c.state).where(_r.c.id == of.id)).scalar_one()
        raise Conflict(f"这一版{STATE_LABELS[state]}，不能再试算或发布。", code="not_a_draft", state=state)


def _enqueue(db: Session, of: LoadedRuleset) -> None:
    key = uuid4().hex
    outbox.enqueue(db, "points.compute", key, organization_id=of.organization_id, ruleset_id=of.id)


@outbox.handles("points.compute", lane="batch")
def compute_some(db: Session, payload: dict[str, Any]) -> None:
    """Compute the next scores under a ruleset; after the last ones a ruleset that waits for it is published."""
    columns = (_r.c.state, _r.c.scored_to, _r.c.tried_at)
    with reads(db).connect() as conn:
        of = queries.ruleset(conn, payload["organization_id"], payload["ruleset_id"])
        scored_to = conn.scalar(select(_r.c.scored_to).where(_r.c.id == of.id)) or 0
        seat_ids = queries.stale(conn, of, scores.CHUNK, after=scored_to)
        rows = scores.computed(conn, of, seat_ids)
    conn = db.connection()
    # held: who publishes meanwhile would find its own job taken for done
    row = conn.execute(select(*columns).where(_r.c.id == of.id).with_for_update()).one()
    if row.tried_at is not None or (row.scored_to or 0) != scored_to:
        return  # another job does the same work
    scores.keep(db, rows)
    if len(seat_ids) == scores.CHUNK:
        conn.execute(update(_r).where(_r.c.id == of.id).values(scored_to=seat_ids[-1]))
        _enqueue(db, of)
        return
    conn.execute(update(_r).where(_r.c.id == of.id).values(tried_at=clock.now()))
    if row.state == "publishing":
        _change_places(db, of)


def _renew_cards(db: Session, of: LoadedRuleset) -> None:
    """Invalidate the figures of all who held a seat in the year: their cards say what the ruleset in force requires.

    Scores of any ruleset do not depend on which one is in force: those that are valid stay so.
    """
    conn, held = db.connection(), select(_s.c.id).where(queries.held(of))
    now = select(_s.c.figures_version).where(_s.c.id == _k.c.seat_id).scalar_subquery()
    valid = _k.c.seat_id.in_(held) & (_k.c.figures_version == now)
    conn.execute(update(_k).where(valid).values(figures_version=_k.c.figures_version + 1))
    duty.invalidate_figures(db, *conn.scalars(held))


def _change_places(db: Session, of: LoadedRuleset) -> None:
    conn = db.connection()
    conn.execute(update(_r).where(*_of_year(of), _r.c.state == "published").values(state="superseded"))
    now = {"state": "published", "published_at": clock.now()}
    conn.execute(update(_r).where(_r.c.id == of.id).values(**now))
    _renew_cards(db, of)
    live.emit(db, of.organization_id, "points", "points.published", year=of.duty_year)
