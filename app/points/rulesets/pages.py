"""Rulesets as JSON, and what a version would move: who, by how much, and by which rules."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Integer, Select, and_, false, func, or_, select

from app.auth.actor import Actor
from app.auth.models import Account
from app.auth.permissions import Permission
from app.casefiles import reads
from app.core.errors import Conflict, NotFound
from app.core.paging import PageRows, before, decode_cursor, encode_cursor, page
from app.core.sql import alias, table
from app.duty.forms import FORM_LABELS
from app.duty.kinds import KINDS
from app.duty.records import ROLE_LABELS
from app.people.models import LEVEL_LABELS, POST_LABELS, Person, Seat, Sector
from app.people.queries import named
from app.points import pages, queries, standings
from app.points.engine import yaml_text
from app.points.models import RulesetVersion, Score
from app.points.queries import LoadedRuleset
from app.points.ruleset_schemas import STATE_LABELS
from app.proposals.lifecycle import OUTCOME_LABELS

_r, _k, _s = table(RulesetVersion), table(Score), table(Seat)
_drafter, _publisher = alias(table(Account), "drafter"), alias(table(Account), "publisher")
#: What those see who do not manage rulesets.
_OPEN = ("published", "superseded")


def _visible(actor: Actor) -> Select[Any]:
    columns = (
        _r.c[name]
        for name in "id duty_year version name state reason created_at tried_at published_at".split()  # noqa: SIM905 - as short as it gets
    )
    found = (
        select(*columns, _drafter.c.name.label("created_by"), _publisher.c.name.label("published_by"))
        .join(_drafter, _drafter.c.id == _r.c.created_by)
        .outerjoin(_publisher, _publisher.c.id == _r.c.published_by)
        .where(_r.c.organization_id == actor.organization_id)
    )
    return found if actor.may(Permission.RULESET_MANAGE) else found.where(_r.c.state.in_(_OPEN))


def _labelled(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {**row, "state_label": STATE_LABELS[row["state"]]}


def page_of_rulesets(
    conn: Connection, actor: Actor, year: int | None, cursor: str | None, limit: int
) -> PageRows:
    """Versions, newest first; drafts for those who manage them."""
    found = _visible(actor)
    if year is not None:
        found = found.where(_r.c.duty_year == year)
    if cursor:
        found = found.where(before([_r.c.id], decode_cursor(cursor, int)))
    rows = conn.execute(found.order_by(_r.c.id.desc()).limit(limit + 1)).mappings()
    return page([_labelled(row) for row in rows], limit, ["id"])


def detail(conn: Connection, actor: Actor, ruleset_id: int) -> dict[str, Any]:
    """One version with its text; `NotFound` when the actor may not see it."""
    query = _visible(actor).add_columns(_r.c.text, _r.c.scored_to).where(_r.c.id == ruleset_id)
    row = reads.only(conn, query)
    found = _labelled(row)
    scored_to = found.pop("scored_to")
    of = queries.ruleset(conn, actor.organization_id, ruleset_id)
    done = None if scored_to is None else _progress(conn, of, scored_to, complete=row["tried_at"] is not None)
    more = {"label": of.label, "obstacle": of.obstacle}
    return found | more | {"formula": pages.formula(of), "progress": done}


def _progress(conn: Connection, of: LoadedRuleset, scored_to: int, *, complete: bool) -> dict[str, int]:
    done, total = queries.progress(conn, of, scored_to)
    return {"done": total if complete else done, "total": total}


def templates() -> list[dict[str, str]]:
    """The rulesets that come with the program."""
    return [
        {"id": name, "name": yaml_text.read(text).name, "text": text}
        for name, text in yaml_text.shipped().items()
    ]


def codes() -> dict[str, list[dict[str, Any]]]:
    """The codes that a ruleset may name, with their labels."""
    labels: dict[str, Mapping[Any, str]] = {
        "forms": FORM_LABELS,
        "roles": ROLE_LABELS,
        "levels": LEVEL_LABELS,
        "became": OUTCOME_LABELS,
        "posts": POST_LABELS,
    }
    kinds = [{"code": kind.name, "label": kind.label, "forms": list(kind.forms)} for kind in KINDS.values()]
    return {"kinds": kinds} | {
        name: [{"code": code, "label": label, "forms": []} for code, label in words.items()]
        for name, words in labels.items()
    }


def compared(conn: Connection, actor: Actor, ruleset_id: int) -> tuple[LoadedRuleset, LoadedRuleset | None]:
    """A version that was tried, and the one that it is compared with; `Conflict` before its scores are there."""
    row = conn.execute(
        select(_r.c.tried_at, _r.c.state, _r.c.version, _r.c.duty_year).where(
            _r.c.id == ruleset_id, _r.c.organization_id == actor.organization_id
        )
    ).first()
    if row is None:
        raise NotFound
    if row.tried_at is None:
        raise Conflict("还没有试算完成。", code="not_tried", state=row.state)
    of = queries.ruleset(conn, actor.organization_id, ruleset_id)
    if row.state in {"draft", "publishing"}:
        return of, queries.in_force(conn, actor.organization_id, row.duty_year)
    year = (_r.c.organization_id == actor.organization_id) & (_r.c.duty_year == row.duty_year)
    earlier = conn.scalar(
        select(_r.c.id)
        .where(year, _r.c.state.in_(_OPEN), _r.c.version < row.version)
        .order_by(_r.c.version.desc())
        .limit(1)
    )
    return of, queries.ruleset(conn, actor.organization_id, earlier) if earlier else None


def moves(
    conn: Connection,
    of: LoadedRuleset,
    base: LoadedRuleset | None,
    board_id: str | None,
    *,
    cursor: str | None,
    limit: int,
) -> dict[str, Any]:
    """Who moves on a board from `base` to `of`, the farthest first."""
    board = pages.board_of(of.rules, board_id)
    who = pages.wanted(conn, of, board)
    new = standings.ranked(of, who).subquery("new")
    old = (standings.ranked(base, who) if base else standings.ranked(of, who).where(false())).subquery("old")
    gained = new.c.points - func.coalesce(old.c.points, 0)
    far = func.abs(gained)
    joined = new.outerjoin(old, old.c.seat_id == new.c.seat_id)
    moved = or_(gained != 0, old.c.rank != new.c.rank)
    up, down = conn.execute(
        select(func.sum((gained > 0).cast(Integer)), func.sum((gained < 0).cast(Integer))).select_from(joined)
    ).one()
    p, x, a, b = table(Person), table(Sector), alias(_k, "a"), alias(_k, "b")
    query = (
        select(
            new.c.seat_id, p.c.name, x.c.name.label("sector"), _s.c.post, far.label("far"),
            old.c.points.label("before"), new.c.points.label("after"), old.c.rank.label("rank_before"),
            new.c.rank.label("rank_after"), a.c.parts.label("parts_before"), b.c.parts.label("parts_after"),
        )
        .select_from(
            joined.join(_s, _s.c.id == new.c.seat_id)
            .join(p, p.c.id == _s.c.person_id)
            .join(x, x.c.id == _s.c.sector_id)
            .join(b, and_(b.c.ruleset_id == of.id, b.c.seat_id == new.c.seat_id))
            .outerjoin(a, and_(a.c.ruleset_id == (base.id if base else 0), a.c.seat_id == new.c.seat_id))
        )
        .where(moved)
        .order_by(far.desc(), new.c.seat_id)
        .limit(limit + 1)
    )  # fmt: skip
    if cursor:
        at, seat_id = decode_cursor(cursor, int, int)
        query = query.where(or_(far < at, and_(far == at, new.c.seat_id > seat_id)))
    rows = conn.execute(query).mappings().all()
    shown = rows[:limit]
    labels = (base.rules.labels() if base else {}) | of.rules.labels()
    return {
        "board": board.id,
        "board_label": board.label,
        "progress": _progress(conn, of, 0, complete=True),
        "up": up or 0,
        "down": down or 0,
        "items": [_move(row, labels) for row in shown],
        "next": encode_cursor(shown[-1]["far"], shown[-1]["seat_id"]) if len(rows) > limit else None,
    }


def _move(row: Mapping[Any, Any], labels: dict[str, str]) -> dict[str, Any]:
    was, now = row["parts_before"] or {}, row["parts_after"]
    own = {"base": "基础分", "part_year": "任职月数折算"}
    return {
        "seat": named(row["seat_id"], row["name"], row["sector"], row["post"]),
        "before": None if row["before"] is None else row["before"] / 100,
        "after": row["after"] / 100,
        "rank_before": row["rank_before"],
        "rank_after": row["rank_after"],
        "why": [
            {"rule": rule, "label": labels.get(rule, own.get(rule, rule))}
            | {"before": was.get(rule, 0) / 100, "after": now.get(rule, 0) / 100}
            for rule in {**was, **now}
            if was.get(rule, 0) != now.get(rule, 0)
        ],
    }
