"""What the public may know of a venue that the office has opened to it: no telephone, no sector, nobody of before."""

from typing import Any

from sqlalchemy import Connection, func, select

from app.auth.models import Account
from app.consultations.venues.models import Venue, VenueMember
from app.consultations.venues.queries import ACCOUNTS, holds_office, open_on, present
from app.consultations.venues.rules import KIND_LABELS, VenueKind
from app.core.errors import NotFound
from app.core.sql import table
from app.people.duty_years import local_time
from app.people.models import Organization
from app.people.queries import author_columns, join_author

_v, _m = table(Venue), table(VenueMember)
_account, _o = table(Account), table(Organization)


def by_code(conn: Connection, code: str) -> dict[str, Any]:
    """The venue of a code; `NotFound` when there is none, it is not public, or closed."""
    of = conn.scalar(select(_v.c.organization_id).where(_v.c.code == code))
    if of is None:
        raise NotFound
    today = local_time(conn, of).today()
    in_office = select(_account.c.name).select_from(ACCOUNTS).where(holds_office(of, today))
    convener = in_office.where(_account.c.id == _v.c.convener_id).limit(1).scalar_subquery()
    found = (
        select(
            *(_v.c[name] for name in ("id", "code", "kind", "name", "place", "opening_hours")),
            _o.c.name.label("organization"),
            func.coalesce(convener, _v.c.convener_name).label("convener"),
        )
        .select_from(_v.join(_o, _o.c.id == _v.c.organization_id))
        .where(_v.c.code == code, _v.c.is_public, open_on(today))
    )
    row = conn.execute(found).mappings().one_or_none()
    if row is None:
        raise NotFound
    name, _, post_label, _ = author_columns("")
    posted = (
        select(name, post_label)
        .select_from(join_author(_m, _m.c.seat_id))
        .where(_m.c.venue_id == row["id"], present(today))
        .order_by(_m.c.starts_on, _m.c.seat_id)
    )
    return {
        **row,
        "kind_label": KIND_LABELS[VenueKind(row["kind"])],
        "members": [dict(member) for member in conn.execute(posted).mappings()],
    }
