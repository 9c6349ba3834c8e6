"""Reads of bulletins: the versions, and the figures of one, each with the list that it opens."""

from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, Connection, func, select

from app.auth import subjects
from app.auth.actor import Actor
from app.auth.permissions import Permission
from app.bulletins import rules
from app.bulletins.counting import FrozenBulletin, in_both_years
from app.bulletins.figures import BULLETINS, Figures
from app.bulletins.models import Bulletin, BulletinCount, BulletinSeat, BulletinVoid
from app.bulletins.rules import ANY, STATE_LABELS, BulletinState, Dimension
from app.core.errors import Forbidden, NotFound
from app.core.paging import PageRows, before, decode_cursor, page
from app.core.sql import AnyRow, table
from app.duty.kinds import KINDS
from app.duty.models import DutyRecord
from app.people.duty_years import label
from app.people.models import Organization
from app.points.models import RulesetVersion

_b, _s, _n = (table(of) for of in (Bulletin, BulletinSeat, BulletinCount))
_d, _v, _o, _r = (table(of) for of in (DutyRecord, BulletinVoid, Organization, RulesetVersion))

_LISTED = ("id", "duty_year", "version", "state", "reason", "starts_on", "ends_on", "published_at")


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Bulletins of the organization; drafts for those who make them."""
    open_ones = _b.c.organization_id == actor.organization_id
    return open_ones if rules.manages(actor) else open_ones & (_b.c.state != BulletinState.DRAFT)


def visible_bulletins(conn: Connection, actor: Actor, ids: Collection[int]) -> set[int]:
    """Which of `ids` the actor may see."""
    if not actor.may(Permission.BULLETIN_READ):
        return set()
    return set(conn.scalars(select(_b.c.id).where(_b.c.id.in_(ids), visible_to(actor))))


def _circle(actor: Actor) -> tuple[int, bool, bool]:
    return actor.organization_id, actor.may(Permission.BULLETIN_READ), rules.manages(actor)


def _titles(conn: Connection, ids: Collection[int]) -> dict[int, str]:
    rows = conn.execute(select(_b.c.id, _b.c.duty_year, _b.c.starts_on, _b.c.ends_on).where(_b.c.id.in_(ids)))
    return {row.id: f"{label(row.duty_year, row.starts_on, row.ends_on)}通报" for row in rows}


subjects.register(
    subjects.Subject("bulletin", "年度通报", visible_bulletins, f"{BULLETINS}/{{id}}", _circle, _titles)
)


def frozen(row: AnyRow) -> FrozenBulletin:
    """What names the records of a bulletin's row."""
    return FrozenBulletin(*(getattr(row, name) for name in FrozenBulletin._fields))


def require(conn: Connection, actor: Actor, bulletin_id: int) -> AnyRow:
    """The row of a bulletin; `NotFound` when the actor may not see it."""
    row = conn.execute(select(_b).where(_b.c.id == bulletin_id, visible_to(actor))).one_or_none()
    if row is None:
        raise NotFound
    return row


def page_of_bulletins(
    conn: Connection,
    actor: Actor,
    year: int | None,
    cursor: str | None,
    limit: int,
    state: BulletinState | None = None,
) -> PageRows:
    """Versions, newest years and versions first."""
    found = select(*(_b.c[name] for name in _LISTED)).where(visible_to(actor))
    if year is not None:
        found = found.where(_b.c.duty_year == year)
    if state is not None:
        found = found.where(_b.c.state == state)
    keys = [_b.c.duty_year, _b.c.version, _b.c.id]
    if cursor:
        found = found.where(before(keys, decode_cursor(cursor, int, int, int)))
    found = found.order_by(*(key.desc() for key in keys)).limit(limit + 1)
    rows = [listed(row) for row in conn.execute(found).mappings()]
    return page(rows, limit, ["duty_year", "version", "id"])


def listed(row: Mapping[Any, Any]) -> dict[str, Any]:
    """A row as `BulletinOut`."""
    said = {name: row[name] for name in _LISTED}
    return said | {
        "label": label(row["duty_year"], row["starts_on"], row["ends_on"]),
        "state_label": STATE_LABELS[BulletinState(row["state"])],
        "path": f"{BULLETINS}/{row['id']}",
    }


def detail(conn: Connection, actor: Actor, bulletin_id: int) -> dict[str, Any]:
    """A bulletin with the figures of the whole organization, as `BulletinDetail`."""
    row = require(conn, actor, bulletin_id)
    figures = Figures.of(conn, actor, row)
    names = ("id", "duty_year", "version", "state", "revision", "preface", "reason", "starts_on", "ends_on")
    moments = ("counted_on", "counted_at", "published_at")
    manages = rules.manages(actor)
    organization = select(_o.c.name).where(_o.c.id == row.organization_id)
    ruleset = select(_r.c.name).where(_r.c.id == row.ruleset_id)
    now, past = (figures.crowd(year, None, "") for year in figures.years)
    return {
        **{name: getattr(row, name) for name in (*names, *moments)},
        "label": label(row.duty_year, row.starts_on, row.ends_on),
        "state_label": STATE_LABELS[BulletinState(row.state)],
        "organization": conn.execute(organization).scalar_one(),
        "complete": row.counted_on == row.ends_on,
        "now": now,
        "before": past,
        "active": figures.both(ANY, None, ""),
        "kinds": figures.kinds(None, ""),
        "ruleset": conn.scalar(ruleset),
        "how": list(rules.HOW),
        "versions": _versions(conn, actor, row),
        "changes": _changes(conn, row),
        "unmet": _unmet(conn, row) if manages else None,
        "newer_records": _newer(conn, row) if manages else None,
        "may_edit": manages and row.state == BulletinState.DRAFT,
    }


def _versions(conn: Connection, actor: Actor, row: AnyRow) -> list[dict[str, Any]]:
    """All versions of the year that the actor sees, newest first."""
    same = _b.c.duty_year == row.duty_year
    found = select(_b.c.id, _b.c.version, _b.c.state, _b.c.reason, _b.c.published_at)
    rows = conn.execute(found.where(visible_to(actor), same).order_by(_b.c.version.desc())).mappings()
    return [{**each, "state_label": STATE_LABELS[BulletinState(each["state"])]} for each in rows]


def _totals(conn: Connection, bulletin_id: int | None, year: int) -> dict[str, tuple[int, int, int]]:
    """Subjects, records and members of the whole, by kind."""
    whole = (_n.c.duty_year == year) & (_n.c.dimension == "") & (_n.c.kind != ANY)
    found = select(_n.c.kind, _n.c.subjects, _n.c.records, _n.c.members)
    rows = conn.execute(found.where(_n.c.bulletin_id == bulletin_id, whole))
    return {row.kind: (row.subjects, row.records, row.members) for row in rows}


def _changes(conn: Connection, row: AnyRow) -> list[dict[str, Any]]:
    """Which counts of the year differ from those of the version before."""
    earlier = select(_b.c.id).where(
        _b.c.organization_id == row.organization_id,
        _b.c.duty_year == row.duty_year,
        _b.c.version == row.version - 1,
    )
    old, new = (_totals(conn, of, row.duty_year) for of in (conn.scalar(earlier), row.id))
    if row.version == 1 or not new:
        return []
    pairs = {kind: (old.get(kind, (0, 0, 0)), new.get(kind, (0, 0, 0))) for kind in KINDS}
    return [
        {
            "kind": kind,
            "kind_label": KINDS[kind].label,
            "subjects": now[0],
            "subjects_before": was[0],
            "records": now[1],
            "records_before": was[1],
        }
        for kind, (was, now) in pairs.items()
        if was != now
    ]


def draft_of(conn: Connection, organization_id: int, year: int) -> int | None:
    """The draft of a year's bulletin."""
    mine = (_b.c.organization_id == organization_id) & (_b.c.duty_year == year)
    found: int | None = conn.scalar(select(_b.c.id).where(mine, _b.c.state == BulletinState.DRAFT))
    return found


def in_words(conn: Connection, bulletin_id: int) -> list[str]:
    """The counts of a bulletin as lines for the shell."""
    row = conn.execute(select(_b).where(_b.c.id == bulletin_id)).one()
    now, past = (_totals(conn, bulletin_id, year) for year in (row.duty_year, row.duty_year - 1))
    earlier = rules.label(row.duty_year - 1, row)
    return [
        f"{KINDS[kind].label}：{now.get(kind, (0, 0, 0))[0]} 件（场），{now.get(kind, (0, 0, 0))[1]} 人次；"
        f"{earlier} {past.get(kind, (0, 0, 0))[0]} 件（场），{past.get(kind, (0, 0, 0))[1]} 人次"
        for kind in KINDS
        if kind in now or kind in past
    ]


def _unmet(conn: Connection, row: AnyRow) -> dict[str, Any] | None:
    """How many members have minimum duties left; None where no ruleset says what they are."""
    if row.ruleset_id is None:
        return None
    count = conn.execute(select(func.count()).select_from(_s).where(*left_behind(row))).scalar_one()
    return {"count": count, "path": f"{BULLETINS}/{row.id}/unmet" if count else None}


def left_behind(row: AnyRow) -> tuple[ColumnElement[bool], ...]:
    """The seats of the year that have minimum duties left."""
    return _s.c.bulletin_id == row.id, _s.c.duty_year == row.duty_year, _s.c.behind


def _newer(conn: Connection, row: AnyRow) -> int:
    """How many records of both years were written or voided since the bulletin was counted."""
    void = select(_v.c.record_id).where(_v.c.bulletin_id == row.id, _v.c.record_id == _d.c.id)
    newer = (_d.c.id > row.last_record_id) & _d.c.voided_at.is_(None)
    voided = (_d.c.id <= row.last_record_id) & _d.c.voided_at.is_not(None) & ~void.exists()
    years, of = in_both_years(row), _d.c.organization_id == row.organization_id
    return conn.execute(select(func.count()).select_from(_d).where(of, years, newer | voided)).scalar_one()


def groups(
    conn: Connection, actor: Actor, bulletin_id: int, dimension: Dimension, kind: str | None
) -> list[dict[str, Any]]:
    """Every sector, committee or body of both years, with what they did of a kind if one is named."""
    row = require(conn, actor, bulletin_id)
    if not rules.opens(actor, kind):
        raise Forbidden("这类履职不按界别、专委会和单位公开。", code="kind_closed")
    figures = Figures.of(conn, actor, row, dimension, kind)
    return [
        {
            "name": name,
            "now": figures.crowd(row.duty_year, dimension, name),
            "before": figures.crowd(row.duty_year - 1, dimension, name),
            "counts": figures.both(kind, dimension, name) if kind else None,
            "path": f"{BULLETINS}/{row.id}/kinds?{urlencode([(dimension, name)])}",
        }
        for name in figures.names
    ]


def every_group(
    conn: Connection, actor: Actor, bulletin_id: int, dimension: Dimension
) -> list[dict[str, Any]]:
    """What each sector, committee or body did by kind; members see the kinds that are open to all."""
    figures = Figures.of(conn, actor, require(conn, actor, bulletin_id), dimension)
    return [_group(figures, dimension, name) for name in figures.names]


def group(
    conn: Connection, actor: Actor, bulletin_id: int, dimension: Dimension | None, name: str
) -> dict[str, Any]:
    """What one sector, committee or body did, or the whole, as `every_group`; `NotFound` for an unknown one."""
    figures = Figures.of(conn, actor, require(conn, actor, bulletin_id), dimension)
    if name not in figures.names:
        raise NotFound
    return _group(figures, dimension, name)


def _group(figures: Figures, dimension: Dimension | None, name: str) -> dict[str, Any]:
    now, past = (figures.crowd(year, dimension, name) for year in figures.years)
    kinds = [each for each in figures.kinds(dimension, name) if rules.opens(figures.actor, each["kind"])]
    return {"name": name, "now": now, "before": past, "kinds": kinds}
