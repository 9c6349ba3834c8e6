"""Tell the secretariat when a supervising leader, or the last officer of a unit at work, has left.

The queue of proposals whose supervisor has left also holds those whose role simply came to its last day.
"""

from datetime import date

from sqlalchemy import func, select
from sqlmodel import Session

from app.auth import watch
from app.auth.models import Account, AccountRole
from app.auth.permissions import Role
from app.auth.queries import in_office
from app.auth.watch import Happening
from app.core import clock
from app.core.sql import table
from app.notifications.kinds import NoticeKind
from app.notifications.service import settle
from app.people.models import Unit
from app.proposals.assignments.lifecycle import AT_UNIT
from app.proposals.assignments.models import ProposalAssignment
from app.proposals.lifecycle import ENDS
from app.proposals.models import Proposal
from app.proposals.news import called
from app.proposals.steps import tell_staff

_p, _w, _u = table(Proposal), table(ProposalAssignment), table(Unit)
_a, _r = table(Account), table(AccountRole)
_LEAVES = {"role.revoked", "account.disabled"}
_COMES = {"role.granted", "account.enabled"}


def settled(db: Session, proposal_id: int) -> None:
    """Nobody is asked for a new supervisor any more."""
    settle(db, ("proposal", proposal_id), only=[NoticeKind.PROPOSAL_SUPERVISOR_LEFT])


def _on_happening(db: Session, happening: Happening) -> None:
    """Follow the roles of an account in the organization that was told."""
    if happening.action not in _LEAVES | _COMES or not happening.subject or happening.organization_id is None:
        return
    role = happening.detail.get("role")
    if role and "by_organization" in happening.detail:
        return  # a role somewhere else
    today = clock.local_day(clock.now())
    _, account_id = happening.subject
    if role in {None, Role.LEADER}:
        _follow_leader(db, happening.organization_id, account_id, today)
    if role in {None, Role.UNIT_OFFICER} and happening.action in _LEAVES:
        unit_ids = happening.detail.get("units") or _units_of(db, happening.organization_id, account_id)
        for unit_id in unit_ids:
            _follow_unit(db, happening.organization_id, unit_id, today)


def _follow_leader(db: Session, organization_id: int, account_id: int, today: date) -> None:
    """Ask for another supervisor of what a leader looked after, or no longer once that one is back."""
    leads = in_office(_a.c.id, organization_id, Role.LEADER, today)
    leader = db.execute(select(_a.c.name, leads.label("leads")).where(_a.c.id == account_id)).one()
    theirs = (_p.c.organization_id == organization_id) & (_p.c.supervisor_id == account_id)
    going_on = select(_p).where(theirs, _p.c.state.not_in(ENDS), _p.c.deleted_at.is_(None)).order_by(_p.c.id)
    for row in db.execute(going_on).all():
        settled(db, row.id)
        if not leader.leads:
            news = f"{leader.name}不再担任主席会议成员，请为重点提案{called(row.title)}另行确定督办领导"
            tell_staff(db, row, NoticeKind.PROPOSAL_SUPERVISOR_LEFT, news)


def _units_of(db: Session, organization_id: int, account_id: int) -> list[int]:
    held = (_r.c.account_id == account_id) & (_r.c.organization_id == organization_id)
    return list(db.scalars(select(_r.c.unit_id).where(held, _r.c.unit_id.is_not(None))))


def _follow_unit(db: Session, organization_id: int, unit_id: int, today: date) -> None:
    """Say that nobody of a unit can sign or reply any more while work waits for it."""
    officers = in_office(_a.c.id, organization_id, Role.UNIT_OFFICER, today, unit_id)
    if db.scalar(select(_a.c.id).where(officers).limit(1)) is not None:
        return
    waits = (_w.c.unit_id == unit_id) & _w.c.state.in_(AT_UNIT)
    row = db.execute(
        select(_p, func.count().over().label("in_all"), _u.c.name.label("unit_name"))
        .join(_w, _w.c.proposal_id == _p.c.id)
        .join(_u, _u.c.id == _w.c.unit_id)
        .where(waits, _p.c.organization_id == organization_id, _p.c.deleted_at.is_(None))
        .order_by(_p.c.id)
        .limit(1)
    ).first()
    if row is not None:
        news = f"{row.unit_name}已没有经办人员，手上还有 {row.in_all} 件提案，请与该单位联系确定人选"
        tell_staff(db, row, NoticeKind.PROPOSAL_UNIT_UNATTENDED, news)


watch.listeners.append(_on_happening)
