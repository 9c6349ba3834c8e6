"""What the roster says about a person, and how it is written again: by staff, or because the member asked for it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from app.auth.models import Account
from app.core import clock
from app.core.errors import Conflict, Invalid
from app.core.language.names import typed
from app.core.sql import table
from app.people.models import Person, Seat
from app.people.phone_numbers import mobile
from app.people.service import change_person, change_seat, id_of
from app.privacy.lifecycle import FIELD_LABELS, PersonalField

_a, _p, _s = table(Account), table(Person), table(Seat)
_FIRST_BIRTH = date(1900, 1, 1)


def value_of(field: PersonalField, written: str) -> Any:
    """What a column of a person or seat should hold; `Invalid` says what is wrong with it."""
    try:
        match field:
            case PersonalField.PHONE:
                return mobile(written)
            case PersonalField.NAME:
                return typed(written)
            case PersonalField.BORN_ON:
                day = date.fromisoformat(written)
                if not _FIRST_BIRTH <= day <= clock.local_day(clock.now()):
                    raise ValueError("这一天不会是出生日期")
                return day
            case PersonalField.GENDER if written not in {"男", "女"}:
                raise ValueError("只能是男或女")
    except ValueError as wrong:
        said = str(wrong)
        if said.isascii() or "isoformat" in said:
            said = "请按 1974-07-07 的格式填写"
        raise Invalid(f"{FIELD_LABELS[field]}有误：{said}。", code="bad_value") from None
    return written


def write(db: Session, person: Person, seat: Seat, changes: Mapping[str, Any]) -> list[str]:
    """Write what is different of a person, and of the seat where they work; the names of those columns.

    The account follows, and its sessions end with a new phone. `Conflict` when somebody else has the phone.
    """
    of_seat = {k: v for k, v in changes.items() if k == PersonalField.EMPLOYER and getattr(seat, k) != v}
    of_person = {k: v for k, v in changes.items() if k != PersonalField.EMPLOYER and getattr(person, k) != v}
    if (phone := of_person.get(PersonalField.PHONE)) and _is_taken(db, person.organization_id, phone):
        raise Conflict("这个手机号码已登记在另一人名下。", code="phone_taken", state="taken")
    if of_person:
        change_person(db, person, **of_person)
    if of_seat:
        change_seat(db, seat, **of_seat)
    return [*of_person, *of_seat]


def latest_seat(db: Session, person: Person) -> Seat | None:
    """The seat of a person that began last."""
    mine = select(Seat).where(_s.c.person_id == id_of(person))
    return db.scalars(mine.order_by(_s.c.starts_on.desc(), _s.c.id.desc()).limit(1)).one_or_none()


def _is_taken(db: Session, organization_id: int, phone: str) -> bool:
    for of in (_a, _p):
        here = (of.c.organization_id == organization_id) & (of.c.phone == phone)
        if db.scalar(select(of.c.id).where(here).limit(1)):
            return True
    return False
