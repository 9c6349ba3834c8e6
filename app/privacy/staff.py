"""Staff correct what the roster says about a person, with a reason; what the person asked for is settled with it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from app.audit.service import log as audit
from app.auth.actor import Actor
from app.core.errors import Conflict, NotFound
from app.core.sql import table
from app.files.service import attach, detach
from app.notifications.kinds import NoticeKind
from app.notifications.service import notify
from app.people import queries as people
from app.people.models import Person, Seat
from app.people.schemas import SeatOut
from app.people.service import change_person
from app.privacy.corrections import value_of, write
from app.privacy.lifecycle import FIELD_LABELS, PersonalField, RequestAction, RequestKind, RequestState
from app.privacy.models import PersonalRequest
from app.privacy.schemas import PersonCorrectionIn, RequestStepIn
from app.privacy.service import transition

_r = table(PersonalRequest)


def correct(db: Session, actor: Actor, seat_id: int, new: PersonCorrectionIn) -> SeatOut:
    """Correct what the roster says about the holder of a seat, and tell them.

    Requests of theirs that ask for exactly this are done with it.
    """
    seat = db.get(Seat, seat_id)
    if seat is None or seat.organization_id != actor.organization_id:
        raise NotFound
    person = db.get_one(Person, seat.person_id)
    written = new.model_dump(exclude={"reason", "portrait"}, exclude_none=True)
    changes = {name: value_of(PersonalField(name), str(value)) for name, value in written.items()}
    fields = [FIELD_LABELS[PersonalField(name)] for name in write(db, person, seat, changes)]
    if new.portrait:
        detach(db, ("seat", seat_id))
        attach(db, actor, [new.portrait], ("seat", seat_id), pictures_only=True)
        change_person(db, person, portrait=new.portrait)
        fields.append("照片")
    if not fields:
        raise Conflict("与名册上登记的一样，没有需要更正的。", code="unchanged", state="same")
    audit(db, actor, "person.corrected", ("seat", seat_id), fields="、".join(fields), reason=new.reason)
    if person.account_id is not None:
        title = f"名册上您的{'、'.join(fields)}已更正：{new.reason}"
        notify(
            db,
            actor.organization_id,
            [person.account_id],
            NoticeKind.PERSON_CORRECTED,
            title,
            ("seat", seat_id),
        )
    _settle(db, actor, person, changes, new.reason)
    return SeatOut.model_validate(people.seat(db.connection(), actor, seat_id))


def _settle(db: Session, actor: Actor, person: Person, changes: Mapping[str, Any], reason: str) -> None:
    """Finish the person's open requests for what was just corrected."""
    asked = select(_r).where(
        _r.c.account_id == person.account_id,
        _r.c.organization_id == person.organization_id,
        _r.c.kind == RequestKind.CORRECT,
        _r.c.field.in_(list(changes)),
        _r.c.state.in_([RequestState.SUBMITTED, RequestState.ACCEPTED]),
    )
    for row in db.execute(asked).all():
        if value_of(PersonalField(row.field), row.value) != changes[row.field]:
            continue
        if row.state == RequestState.SUBMITTED:
            transition(db, actor, row.id, RequestStepIn(action=RequestAction.ACCEPT))
        transition(db, actor, row.id, RequestStepIn(action=RequestAction.FINISH, reason=reason))
