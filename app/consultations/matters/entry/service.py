"""Bring a matter: as a member, as the convener of the venue, or as the office for a company or a citizen."""

from typing import Any

from sqlalchemy import Connection, insert, select
from sqlmodel import Session

from app.audit.service import log as audit
from app.auth import strangers
from app.auth.actor import Actor
from app.auth.permissions import Permission
from app.consultations.matters import news, service
from app.consultations.matters.lifecycle import SOURCE_LABELS, MatterSource, MatterState
from app.consultations.matters.models import Matter
from app.consultations.matters.schemas import (
    CitizenMatterIn,
    EnteredMatter,
    EnteredMatterIn,
    MatterIn,
    MatterOut,
)
from app.consultations.venues.models import Venue
from app.consultations.venues.queries import open_on
from app.core import clock
from app.core.errors import Forbidden, Invalid
from app.core.sql import table
from app.duty import service as duty

_m, _v = table(Matter), table(Venue)


def bring(db: Session, actor: Actor, new: MatterIn) -> MatterOut:
    """Bring a matter; a member's is an act of duty."""
    source = _source(db.connection(), actor, new)
    member = source is MatterSource.MEMBER
    row = new.model_dump() | {
        "source": source,
        "account_id": actor.account_id,
        "seat_id": actor.seat_id if member else None,
        "contact": new.contact or None,
    }
    matter_id = keep(
        db, actor.organization_id, row, by=new.company or actor.name, account_id=actor.account_id
    )
    if member:
        duty.record(db, actor.own_seat, service.DUTY, ("matter", matter_id))
    audit(db, actor, "matter.bring", ("matter", matter_id), source=source)
    return service.out(db, actor, matter_id)


def enter(db: Session, actor: Actor, new: EnteredMatterIn) -> EnteredMatter:
    """Record a matter for a citizen who came or called; the code of the receipt is the citizen's."""
    if new.venue_id is not None:
        _convener(db.connection(), actor, new.venue_id)
    entered = take_in(db, actor.organization_id, new, new.venue_id, account_id=actor.account_id)
    audit(db, actor, "matter.enter", ("matter", entered.id))
    return entered


def take_in(
    db: Session,
    organization_id: int,
    new: CitizenMatterIn,
    venue_id: int | None,
    *,
    account_id: int | None = None,
) -> EnteredMatter:
    """Keep a citizen's matter; `account_id` is who recorded it, and need not hear of it."""
    code = strangers.new_code()
    row = new.model_dump(include={"title", "body", "name", "contact"}) | {
        "source": MatterSource.CITIZEN,
        "venue_id": venue_id,
        "company": "",
        "contact": new.contact or None,
        "code_hash": strangers.digest(code),
    }
    by = SOURCE_LABELS[MatterSource.CITIZEN]
    matter_id = keep(db, organization_id, row, by=by, account_id=account_id)
    return EnteredMatter(id=matter_id, code=strangers.printed(code), received_at=clock.now())


def keep(db: Session, organization_id: int, row: dict[str, Any], *, by: str, account_id: int | None) -> int:
    """Keep a new matter, and tell who screens it."""
    new = row | {"organization_id": organization_id, "state": MatterState.COLLECTED, "version": 1}
    made = insert(_m).values(new | {"created_at": clock.now()}).returning(_m.c.id)
    matter_id = int(db.connection().execute(made).scalar_one())
    news.to_screen(db, organization_id, matter_id, row["title"], by, account_id)
    service.announce(db, organization_id, matter_id, MatterState.COLLECTED)
    return matter_id


def _source(conn: Connection, actor: Actor, new: MatterIn) -> MatterSource:
    """As what the actor brings it; `Invalid` for an unknown venue, `Forbidden` for who may bring none."""
    convener = _convener(conn, actor, new.venue_id) if new.venue_id is not None else None
    if new.contact and not new.company:
        raise Invalid("只有企业的议题填写联系人。", code="contact_not_fitting")
    if new.company:
        if not actor.may(Permission.MATTER_MANAGE):
            raise Forbidden("企业的议题由机关登记。", code="office_only")
        return MatterSource.COMPANY
    if convener == actor.account_id:
        return MatterSource.CONVENER
    if actor.seat_id is None:
        raise Forbidden("请写明企业，或由委员、召集人提出议题。", code="members_only")
    return MatterSource.MEMBER


def _convener(conn: Connection, actor: Actor, venue_id: int) -> int | None:
    """The account of who convenes a venue; `Invalid` when it is unknown or closed."""
    here = select(_v.c.convener_id).where(
        _v.c.id == venue_id, _v.c.organization_id == actor.organization_id, open_on(actor.today)
    )
    found = conn.execute(here).one_or_none()
    if found is None:
        raise Invalid("没有这个议事场所，或它已经停用。", code="unknown_venue")
    convener_id: int | None = found.convener_id
    return convener_id
