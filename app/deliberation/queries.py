"""Reads of topics: staff see all, members the published ones to which all or they are invited."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, func, literal, or_, select

from app.auth import subjects
from app.auth.actor import Actor
from app.auth.permissions import Permission, Role
from app.auth.subjects import Subject
from app.casefiles import reads
from app.core import clock
from app.core.errors import Conflict
from app.core.paging import PageRows, before, decode_cursor, page
from app.core.sql import table
from app.deliberation.models import (
    Topic,
    TopicBody,
    TopicCommittee,
    TopicPaper,
    TopicSeat,
    TopicSector,
    TopicStep,
)
from app.deliberation.rules import (
    STATE_LABELS,
    STEP_LABELS,
    TopicState,
    allowed_actions,
    state_of,
    takes_replies,
)
from app.people.bodies.memberships import listed_on
from app.people.bodies.models import BodyMember
from app.people.bodies.queries import names_of
from app.people.models import Committee, Organization, Seat, SeatCommittee, Sector
from app.people.offices.scope import Reach, own_committees, reach
from app.people.queries import author_columns, join_author
from app.threads.models import Reply, Thread

Which = Literal["open", "ended", "drafts"]
#: What a topic waits for: to be published, that it closes within a week, its outcome report.
Waiting = Literal["publishing", "closing", "report"]
_CLOSING_DAYS = 7

_t, _x, _c, _p = table(Topic), table(TopicSector), table(TopicCommittee), table(TopicPaper)
_h, _s, _sc, _r = table(Thread), table(Seat), table(SeatCommittee), table(Reply)
_o = table(Organization)
_n, _tb, _bm = table(TopicSeat), table(TopicBody), table(BodyMember)


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The rows of `topic` that the actor may see."""
    own = and_(_t.c.organization_id == actor.organization_id, literal(actor.may(Permission.CIRCLE_READ)))
    published = and_(own, _t.c.published_at.is_not(None))
    if Permission.TOPIC_MANAGE in actor.limited:
        return or_(published, and_(own, _t.c.committee_id.in_(own_committees(actor))))
    if actor.may(Permission.TOPIC_MANAGE):
        return own
    if Role.LEADER in actor.roles:
        return published
    my_sector = select(_s.c.sector_id).where(_s.c.id.in_(actor.seat_ids))
    my_committees = select(_sc.c.committee_id).where(_sc.c.seat_id.in_(actor.seat_ids))
    today = clock.local_day(clock.now(), actor.zone)
    in_body = (_tb.c.topic_id == _t.c.id) & (_tb.c.body_id == _bm.c.body_id)
    invited = or_(
        _t.c.invited_only.is_(False),
        exists().where(_x.c.topic_id == _t.c.id, _x.c.sector_id.in_(my_sector)),
        exists().where(_c.c.topic_id == _t.c.id, _c.c.committee_id.in_(my_committees)),
        exists().where(in_body, _bm.c.seat_id.in_(actor.seat_ids), listed_on(today)),
        exists().where(_n.c.topic_id == _t.c.id, _n.c.seat_id.in_(actor.seat_ids)),
    )
    return and_(published, invited)


def waits_for(actor: Actor, waiting: Waiting) -> ColumnElement[bool]:
    """Topics that wait for the actor, who manages all of them or those of their committees."""
    now = clock.now()
    published = _t.c.published_at.is_not(None)
    found = {
        "publishing": ~published,
        "closing": published
        & (_t.c.opens_at <= now)
        & (_t.c.closes_at > now)
        & (_t.c.closes_at <= now + timedelta(days=_CLOSING_DAYS)),
        "report": published & (_t.c.closes_at <= now) & _t.c.reported_at.is_(None),
    }[waiting]
    if Permission.TOPIC_MANAGE in actor.limited:
        return found & _t.c.committee_id.in_(own_committees(actor))
    return found & literal(actor.may(Permission.TOPIC_MANAGE))


def visible_topics(conn: Connection, actor: Actor, ids: Collection[int]) -> set[int]:
    """Which of some topics the actor may see."""
    return set(conn.scalars(select(_t.c.id).where(_t.c.id.in_(ids), visible_to(actor))))


def guests(conn: Connection, topic_id: int) -> Select[int] | None:
    """The seats that a topic is open to by sector, committee, body or name; None where it is open to all."""
    topic = select(_t.c.invited_only, _o.c.timezone).join(_o, _o.c.id == _t.c.organization_id)
    invited_only, zone = conn.execute(topic.where(_t.c.id == topic_id)).one()
    if not invited_only:
        return None
    sectors = select(_x.c.sector_id).where(_x.c.topic_id == topic_id)
    committees = select(_c.c.committee_id).where(_c.c.topic_id == topic_id)
    in_committee = select(_sc.c.seat_id).where(_sc.c.committee_id.in_(committees))
    by_name = select(_n.c.seat_id).where(_n.c.topic_id == topic_id)
    bodies = select(_tb.c.body_id).where(_tb.c.topic_id == topic_id)
    today = clock.local_day(clock.now(), zone)
    in_body = select(_bm.c.seat_id).where(_bm.c.body_id.in_(bodies), listed_on(today))
    among = (_s.c.sector_id.in_(sectors), *(_s.c.id.in_(ids) for ids in (in_committee, in_body, by_name)))
    return select(_s.c.id).where(or_(*among))


_titles = subjects.titled(_t.c.id, _t.c.title, where=_t.c.invited_only.is_(False))
subjects.register(Subject("topic", "网络议政", visible_topics, "/api/v1/topics/{id}", titles=_titles))


def _state(row: dict[str, Any]) -> TopicState:
    times = {k: row[k] for k in ("published_at", "opens_at", "closes_at", "reported_at")}
    return state_of(clock.now(), **times)


def check_open(conn: Connection, actor: Actor, topic_id: int) -> None:
    """`Conflict` that names the state unless replies may be given now; staff may answer until the outcome is out."""
    columns = (_t.c.published_at, _t.c.opens_at, _t.c.closes_at, _t.c.reported_at, _t.c.committee_id)
    row = dict(conn.execute(select(*columns).where(_t.c.id == topic_id)).mappings().one())
    state, toward = _state(row), reach(conn, actor).toward(row["committee_id"])
    if takes_replies(state, staff=toward.may(Permission.TOPIC_MANAGE)):
        return
    raise Conflict(f"议题{STATE_LABELS[state]}，现在不能发表意见。", code="topic_closed", state=state)


def _topics(actor: Actor, *more: ColumnElement[Any]) -> Select[Any]:
    joined = exists().where(
        _r.c.thread_id == _h.c.id,
        _r.c.seat_id.in_(actor.seat_ids),
        _r.c.hidden_at.is_(None),
        _r.c.deleted_at.is_(None),
    )
    return (
        select(
            _t.c.id,
            _t.c.title,
            _t.c.summary,
            _t.c.published_at,
            _t.c.opens_at,
            _t.c.closes_at,
            _t.c.invited_only,
            _t.c.reported_at,
            _t.c.committee_id,
            _h.c.id.label("thread_id"),
            _h.c.reply_count,
            joined.label("joined"),
            *more,
        )
        .join(_h, (_h.c.subject_type == "topic") & (_h.c.subject_id == _t.c.id))
        .where(visible_to(actor))
    )


def host(conn: Connection, topic_id: int) -> int | None:
    """The committee that is host of a topic."""
    return conn.scalar(select(_t.c.committee_id).where(_t.c.id == topic_id))


def _finish(row: dict[str, Any], reader: Reach) -> dict[str, Any]:
    row["state"] = _state(row)
    row["state_label"] = STATE_LABELS[row["state"]]
    row["may"] = allowed_actions(reader.toward(row["committee_id"]).permissions, row["state"])
    row["joined"] = bool(row["joined"])
    del row["published_at"]
    return row


def page_of_topics(
    conn: Connection,
    actor: Actor,
    which: Which,
    cursor: str | None,
    limit: int,
    waiting: Waiting | None = None,
) -> PageRows:
    """Open and coming topics, closing soonest first; ended ones, newest first; drafts of staff."""
    found, now = _topics(actor), clock.now()
    keys = [_t.c.closes_at, _t.c.id]
    if waiting is not None:
        found = found.where(waits_for(actor, waiting))
    if which == "drafts":
        found = found.where(_t.c.published_at.is_(None))
    else:
        found = found.where(_t.c.published_at.is_not(None))
        found = found.where(_t.c.closes_at > now if which == "open" else _t.c.closes_at <= now)
    if cursor:
        closes_at, topic_id = decode_cursor(cursor, type(now), int)
        if which == "open":
            later = or_(_t.c.closes_at > closes_at, and_(_t.c.closes_at == closes_at, _t.c.id > topic_id))
            found = found.where(later)
        else:
            found = found.where(before(keys, [closes_at, topic_id]))
    found = found.order_by(*keys) if which == "open" else found.order_by(*(k.desc() for k in keys))
    rows = [dict(r) for r in conn.execute(found.limit(limit + 1)).mappings()]
    result = page(rows, limit, ["closes_at", "id"])
    reader = reach(conn, actor)
    for row in result["items"]:
        del _finish(row, reader)["reported_at"], row["committee_id"]
    return result


def topic_row(conn: Connection, actor: Actor, topic_id: int) -> dict[str, Any]:
    """One topic with its papers (without their text), groups and outcome; `NotFound` when it may not be seen."""
    found = reads.only(conn, _topics(actor, _t.c.report).where(_t.c.id == topic_id))
    row = _finish(dict(found), reach(conn, actor))
    papers = (
        select(_p.c.id, _p.c.title, func.length(_p.c.body).label("characters"), _p.c.file_key)
        .where(_p.c.topic_id == topic_id)
        .order_by(_p.c.position, _p.c.id)
    )
    row["papers"] = [dict(p) for p in conn.execute(papers).mappings()]
    sector, committee = table(Sector), table(Committee)
    of_host = select(committee.c.id, committee.c.name).where(committee.c.id == row.pop("committee_id"))
    row["host"] = next((dict(r) for r in conn.execute(of_host).mappings()), None)
    row["sectors"] = row["committees"] = row["bodies"] = row["seats"] = []
    if row["invited_only"]:
        for name, link, group in (("sectors", _x, sector), ("committees", _c, committee)):
            key = link.c[f"{name[:-1]}_id"]
            groups = select(group.c.id, group.c.name).join(link, key == group.c.id)
            groups = groups.where(link.c.topic_id == topic_id).order_by(group.c.position, group.c.id)
            row[name] = [dict(g) for g in conn.execute(groups).mappings()]
        bodies = conn.scalars(select(_tb.c.body_id).where(_tb.c.topic_id == topic_id)).all()
        row["bodies"] = [{"id": i, "name": name} for i, name in names_of(conn, bodies).items()]
        invited = select(_n.c.seat_id.label("id"), *author_columns("")[:1])
        invited = invited.select_from(join_author(_n, _n.c.seat_id)).where(_n.c.topic_id == topic_id)
        row["seats"] = [dict(s) for s in conn.execute(invited.order_by(_n.c.seat_id)).mappings()]
    return row


def paper_row(conn: Connection, actor: Actor, topic_id: int, paper_id: int) -> dict[str, Any]:
    """A paper with its text; `NotFound` when its topic may not be seen."""
    subjects.require(conn, actor, "topic", topic_id)
    columns = (_p.c.id, _p.c.title, func.length(_p.c.body).label("characters"), _p.c.file_key, _p.c.body)
    found = select(*columns).where(_p.c.id == paper_id, _p.c.topic_id == topic_id)
    return reads.only(conn, found)


def steps(conn: Connection, actor: Actor, topic_id: int) -> list[dict[str, Any]]:
    """What staff did with a topic, oldest first."""
    subjects.require(conn, actor, "topic", topic_id)
    s = table(TopicStep)
    found = select(s.c.at, s.c.action, s.c.reason, s.c.closes_at).where(s.c.topic_id == topic_id)
    rows = conn.execute(found.order_by(s.c.id)).mappings()
    return [row | {"action_label": STEP_LABELS[row["action"]]} for row in map(dict, rows)]
