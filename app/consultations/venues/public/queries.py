"""What the public may know of a venue that the office has opened to it: no telephone, no sector, nobody of before."""

from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, func, select

from app.auth.models import Account
from app.consultations.matters.models import Matter
from app.consultations.matters.strangers.queries import results_of
from app.consultations.venues.models import Venue, VenueMember
from app.consultations.venues.public.page import page
from app.consultations.venues.queries import ACCOUNTS, holds_office, present
from app.consultations.venues.rules import KIND_LABELS, VenueKind
from app.core import clock
from app.core.errors import NotFound
from app.core.hot.prepared import Prepared
from app.core.sql import table
from app.people.models import Organization
from app.people.queries import author_columns, join_author

_v, _m, _matter = table(Venue), table(VenueMember), table(Matter)
_account, _o = table(Account), table(Organization)


_name, _, _post_label, _ = author_columns("")
_matters = select(func.sum(_matter.c.version)).where(_matter.c.venue_id == _v.c.id).scalar_subquery()
_STATE = Prepared(
    select(*(_v.c[name] for name in ("id", "organization_id", "version", "closed_on")), _o.c.timezone)
    .add_columns(func.coalesce(_matters, 0).label("matters"))
    .join(_o, _o.c.id == _v.c.organization_id)
    .where(_v.c.code == bindparam("of_code"), _v.c.is_public)
)


class VenueState(NamedTuple):
    """A venue that is public today; another version or day may change its page, and so may any of its matters."""

    venue_id: int
    organization_id: int
    version: int
    matters: int
    today: date


def state(conn: Connection, code: str) -> VenueState:
    """The venue of a code; `NotFound` when there is none, it is not public, or closed."""
    found = _STATE.first(conn, of_code=code)
    if found is None:
        raise NotFound
    venue_id, organization_id, version, closed_on, timezone, matters = found
    today = clock.local_day(clock.now(), timezone)
    if closed_on and closed_on <= today:
        raise NotFound
    return VenueState(venue_id, organization_id, version, int(matters), today)


def shown(conn: Connection, of: VenueState) -> dict[str, Any]:
    """What the page of a venue says of it."""
    in_office = (
        select(_account.c.name).select_from(ACCOUNTS).where(holds_office(of.organization_id, of.today))
    )
    convener = in_office.where(_account.c.id == _v.c.convener_id).limit(1).scalar_subquery()
    row = conn.execute(
        select(
            *(_v.c[name] for name in ("id", "code", "kind", "name", "place", "opening_hours")),
            _o.c.name.label("organization"),
            func.coalesce(convener, _v.c.convener_name).label("convener"),
        )
        .select_from(_v.join(_o, _o.c.id == _v.c.organization_id))
        .where(_v.c.id == of.venue_id)
    )
    posted = conn.execute(
        select(_name, _post_label)
        .select_from(join_author(_m, _m.c.seat_id))
        .where(_m.c.venue_id == of.venue_id, present(of.today))
        .order_by(_m.c.starts_on, _m.c.seat_id)
    )
    venue = dict(row.mappings().one())
    kind_label = KIND_LABELS[VenueKind(venue["kind"])]
    return venue | {"kind_label": kind_label, "members": [dict(member) for member in posted.mappings()]}


def page_of(conn: Connection, of: VenueState) -> bytes:
    """The page of a venue as HTML."""
    return page(shown(conn, of), results_of(conn, of.venue_id)).encode()
