"""Verbs of citizens: hand in a matter, follow it, judge its result; limited by address and place. And their erasure."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update
from sqlmodel import Session

from app.auth import strangers
from app.auth.sessions import attempts
from app.casefiles import steps
from app.cases.rules import Judgement
from app.consultations.matters import service
from app.consultations.matters.entry.service import take_in
from app.consultations.matters.lifecycle import JUDGEMENTS, LIFECYCLE, MatterState
from app.consultations.matters.models import Matter
from app.consultations.matters.schemas import MatterReceipt
from app.consultations.matters.strangers import queries
from app.consultations.matters.strangers.schemas import (
    MatterJudgementIn,
    MatterStatus,
    PublicMatterIn,
)
from app.core import clock
from app.core.db import Database
from app.core.errors import NotFound
from app.core.organization_settings import any_of
from app.core.sql import table

_m = table(Matter)
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
#: How many matters a venue, and an organization, take without login.
BY_VENUE, BY_ORGANIZATION = ((_DAY, 200),), ((_DAY, 1_000),)


def hand_in(db: Session, address: str, new: PublicMatterIn) -> MatterReceipt:
    """Take a matter from a citizen; `TooMany` beyond the limits."""
    here = queries.place(db.connection(), new.venue_code, new.organization_id)
    venue_id = here._mapping.get("venue_id")  # noqa: SLF001
    said = "提交的议题较多，请稍后再试。"
    strangers.limit(db, "matter", attempts.of_address(address), strangers.BY_ADDRESS, said)
    if venue_id is not None:
        strangers.limit(db, "matter", f"venue:{venue_id}", BY_VENUE, said)
    strangers.limit(db, "matter", f"organization:{here.organization_id}", BY_ORGANIZATION, said)
    entered = take_in(db, here.organization_id, new, venue_id)
    return MatterReceipt(code=entered.code, received_at=entered.received_at)


def look_up(database: Database, address: str, code: str) -> dict[str, Any]:
    """What became of the matter with a code; asking is counted by itself: a wrong code is no free guess."""
    with database.transaction() as db:
        _charge(db, address)
    with database.read.connect() as conn:
        return queries.status(conn, _m.c.code_hash == strangers.digest(code))


def judge(database: Database, address: str, said: MatterJudgementIn) -> MatterStatus:
    """Judge the result of one's matter; a wrong code is counted as in `look_up`."""
    with database.transaction() as db:
        _charge(db, address)
    with database.transaction() as db:
        return judged(db, said)


def judged(db: Session, said: MatterJudgementIn) -> MatterStatus:
    """The matter of a code, once what is said of its result was kept."""
    held = select(_m, service.CONVENER).where(_m.c.code_hash == strangers.digest(said.code))
    try:
        row = steps.lock(db, held)
    except NotFound:
        raise NotFound("没有这个受理编号，请核对后再查。", code="unknown_receipt") from None
    judgement, this = Judgement(said.judgement), _m.c.id == row.id
    before = MatterStatus.model_validate(queries.status(db.connection(), this))
    if row.judgement == judgement and not before.may_judge:
        return before  # sent again, because the answer was lost
    action = next(action for action, of in JUDGEMENTS.items() if of is judgement)
    taken = LIFECYCLE.step(MatterState(row.state), action)
    taken.check_reason(None, said.words)
    service.take(db, row, taken, None, {"judgement": judgement}, reason=said.words)
    return MatterStatus.model_validate(queries.status(db.connection(), this))


def forget_contacts(db: Session, days: Mapping[int, int]) -> int:
    """Erase names and contacts of matters that ended longer ago than the `days` of the organization; how many."""
    old = {of: _m.c.ended_at < clock.now() - timedelta(days=kept) for of, kept in days.items()}
    over = any_of(_m.c.organization_id, old)
    left = _m.c.name.is_not(None) | _m.c.contact.is_not(None)
    return db.connection().execute(update(_m).where(over, left).values(name=None, contact=None)).rowcount


def _charge(db: Session, address: str) -> None:
    who = attempts.of_address(address)
    strangers.limit(db, "matter-state", who, strangers.BY_ASKER, "查询过于频繁，请稍后再试。")
