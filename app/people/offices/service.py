"""Verbs of offices; the security administrator's alone, because what an office may do is what its staff may do."""

from collections.abc import Collection

from sqlalchemy import select
from sqlmodel import Session

from app.auth.accounts.revocation import end_sessions
from app.auth.actor import Actor
from app.auth.areas import AREA_LABELS, OF_A_COMMITTEE, Area
from app.auth.models import AccountRole
from app.auth.watch import tell
from app.core import clock
from app.core.errors import Conflict, Forbidden, Invalid, NotFound
from app.core.sql import table
from app.people.models import Committee, Term
from app.people.models_offices import Office
from app.people.offices import queries
from app.people.offices.schemas import OfficeIn, OfficeOut, OfficePatch
from app.people.service import add, free_name

_o, _r = table(Office), table(AccountRole)


def create(
    db: Session, organization_id: int, name: str, areas: Collection[Area], committee_id: int | None = None
) -> Office:
    """A new office of an organization; `Conflict` for a name that is taken."""
    free_name(db, Office, name, organization_id=organization_id)
    _check(db, organization_id, areas, committee_id)
    return add(
        db,
        Office(organization_id=organization_id, name=name, areas=_in_order(areas), committee_id=committee_id),
    )


def open_office(db: Session, actor: Actor, new: OfficeIn) -> OfficeOut:
    """A new office of the actor's organization."""
    office = create(db, actor.organization_id, new.name, new.areas, new.committee_id)
    return _told(db, actor, "office.created", office)


def change(db: Session, actor: Actor, office_id: int, patch: OfficePatch) -> OfficeOut:
    """Change an office, close it or open it again; who works in it logs in again where its reach changes.

    `Conflict` where somebody still works in an office that is to be closed, `Forbidden` for one's own.
    """
    own = (_o.c.id == office_id) & (_o.c.organization_id == actor.organization_id)
    office = db.scalars(select(Office).where(own).with_for_update()).one_or_none()
    if office is None:
        raise NotFound
    staff = set(db.scalars(select(_r.c.account_id).where(_r.c.office_id == office_id)))
    if actor.account_id in staff:
        raise Forbidden("不能更改自己所在的科室，请由另一位安全管理员办理。", code="own_office")
    if patch.name is not None and patch.name != office.name:
        free_name(db, Office, patch.name, organization_id=office.organization_id)
        office.name = patch.name
    areas = office.areas if patch.areas is None else _in_order(patch.areas)
    named = "committee_id" in patch.model_fields_set
    committee_id = patch.committee_id if named else office.committee_id
    if (areas, committee_id) != (office.areas, office.committee_id):
        _check(db, office.organization_id, [Area(area) for area in areas], committee_id)
        office.areas, office.committee_id = areas, committee_id
        for account_id in sorted(staff):
            end_sessions(db, account_id, "role_changed", organization_id=office.organization_id)
    if patch.closed is not None and patch.closed != (office.closed_at is not None):
        if patch.closed:
            _require_empty(db, actor, office_id)
        office.closed_at = clock.now() if patch.closed else None
    return _told(db, actor, "office.changed", add(db, office))


def _check(db: Session, organization_id: int, areas: Collection[Area], committee_id: int | None) -> None:
    if committee_id is None:
        return
    c, t = table(Committee), table(Term)
    here = select(c.c.id).join(t, t.c.id == c.c.term_id)
    if db.scalar(here.where(c.c.id == committee_id, t.c.organization_id == organization_id)) is None:
        raise Invalid("专委会不存在。", code="unknown_group")
    if beyond := set(areas) - OF_A_COMMITTEE:
        labels = "、".join(AREA_LABELS[area] for area in Area if area in beyond)
        raise Invalid(
            f"专委会的科室只办理专委会工作，{labels}请交给不限专委会的科室。", code="beyond_committee"
        )


def _require_empty(db: Session, actor: Actor, office_id: int) -> None:
    staff = db.execute(queries.works_in([office_id], clock.local_day(clock.now(), actor.zone))).all()
    if staff:
        names = "、".join(clerk.name for clerk in staff[:3]) + ("等" if len(staff) > 3 else "")  # noqa: PLR2004
        raise Conflict(f"{names}还在这个科室，请先调到别的科室再撤销。", code="office_in_use", state="open")


def _in_order(areas: Collection[Area]) -> list[str]:
    return [area.value for area in Area if area in areas]


def _told(db: Session, actor: Actor, action: str, office: Office) -> OfficeOut:
    assert office.id is not None  # noqa: S101 - flushed
    tell(
        db,
        action,
        account_id=actor.account_id,
        organization_id=actor.organization_id,
        address=actor.address,
        subject=("office", office.id),
        areas=office.areas,
        committee=office.committee_id,
        closed=office.closed_at is not None,
    )
    return OfficeOut.model_validate(queries.office(db.connection(), actor, office.id))
