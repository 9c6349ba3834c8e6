"""Boards and lines as JSON: what the routes answer."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from pydantic_core import from_json, to_json
from sqlalchemy import Connection

from app.auth import subjects
from app.auth.actor import Actor
from app.core.errors import Invalid, NotFound
from app.core.paging import decode_cursor, encode_cursor
from app.heat import explanation, formula, queries, responses
from app.heat.acts import Acts
from app.heat.boards import Ranked, Version
from app.heat.formula import BoardKind, FormulaLine, HeatCalendar, ScorePart, Span
from app.people.queries import named

#: Rendered pages that a board keeps: the first ones, which everybody opens.
_PAGES_KEPT = 32
#: Boards of one sector or committee.
GROUPED: Collection[BoardKind] = ("sector", "committee")
_FORMULA = to_json(explanation.FORMULA)


def etag(actor: Actor, version: Version) -> str:
    """Names what `actor` sees of one computation of a board."""
    return f'"b{version.seq}-{version.computed_at.timestamp():.6f}-{actor.last_seat_id or 0}"'


def board_page(
    ranked: Ranked,
    actor: Actor,
    span: Span,
    kind: BoardKind,
    group: dict[str, Any] | None,
    cursor: str | None,
    limit: int,
) -> bytes:
    """One page of a board, with the actor's own row if it is on the board, and the formula."""
    start = ranked.after(*decode_cursor(cursor, int, int)) if cursor else 0
    mine = ranked.places.get(actor.last_seat_id) if actor.last_seat_id else None
    head = {
        "window": _window(span),
        "board": kind,
        "board_label": formula.BOARD_LABELS[kind],
        "group": group,
        "as_of": ranked.version.computed_at,
        "count": len(ranked.rows),
    }
    own = b"null" if mine is None else to_json(_row(ranked, mine, span))
    return b'%s,%s,"mine":%s,"formula":%s}' % (
        to_json(head)[:-1],
        _rows(ranked, span, start, limit),
        own,
        _FORMULA,
    )


def _rows(ranked: Ranked, span: Span, start: int, limit: int) -> bytes:
    """The fields `items` and `next` of a page."""
    kept = ranked.pages.get((start, limit))
    if kept is not None:
        return kept
    end = min(start + limit, len(ranked.rows))
    items = to_json([_row(ranked, place, span) for place in range(start, end)])
    following = (
        encode_cursor(ranked.ranks[end - 1], ranked.seats[end - 1]) if end < len(ranked.rows) else None
    )
    page = b'"items":%s,"next":%s' % (items, to_json(following))
    if len(ranked.pages) < _PAGES_KEPT:
        ranked.pages[start, limit] = page
    return page


def explained() -> dict[str, Any]:
    """The formula in words, with examples."""
    return explanation.FORMULA | {"examples": explanation.examples()}


def rows(ranked: Ranked, span: Span) -> list[dict[str, Any]]:
    """Every row of a board, hottest first."""
    return [_row(ranked, place, span) for place in range(len(ranked.rows))]


def _row(ranked: Ranked, place: int, span: Span) -> dict[str, Any]:
    seat_id, name, _sector_id, sector, post, _committees, warmth, *parts = from_json(ranked.rows[place])
    return {
        "rank": ranked.ranks[place],
        "seat": named(seat_id, name, sector, post),
        "heat": warmth,
        "parts": dict(zip(("opinions", "replies", "updates", "echoes"), parts, strict=True)),
        "records": _records(seat_id, span),
    }


def _records(seat_id: int, span: Span) -> str:
    return f"/api/v1/leaderboard/{seat_id}/records?window={span.window}&on={span.on}"


def _window(span: Span) -> dict[str, Any]:
    return {
        "kind": span.window,
        "kind_label": formula.WINDOW_LABELS[span.window],
        "starts_on": span.first,
        "ends_on": span.last,
    }


class Only(NamedTuple):
    """Which lines of a row: of one part, counted or not; all where nothing is said."""

    part: ScorePart | None
    counted: bool | None

    def holds(self, line: FormulaLine) -> bool:
        """Whether it is one of them."""
        return self.part in {None, line.act.part} and self.counted in {None, line.counted}


def lines_page(
    conn: Connection,
    actor: Actor,
    seat_id: int,
    calendar: HeatCalendar,
    span: Span,
    *,
    only: Only,
    cursor: str | None,
    limit: int,
) -> dict[str, Any]:
    """The lines of a seat in a window, newest first; what the actor may not see keeps its points, not its words."""
    seat = queries.seat(conn, actor.organization_id, seat_id)
    if seat is None:
        raise NotFound
    lines = lines_of(conn, actor.organization_id, seat_id, calendar, span)
    whole = formula.total(lines, span)
    wanted = [line for line in reversed(lines) if only.holds(line)]
    if cursor:
        at = tuple(decode_cursor(cursor, datetime, str, str, int, int))
        wanted = [line for line in wanted if _key(line) < at]
    shown = wanted[:limit]
    return {
        "seat": seat,
        "window": _window(span),
        "heat": whole,
        "parts": _parts(lines, _records(seat_id, span)),
        "items": _with_paths(conn, actor, shown, span),
        "next": encode_cursor(*_key(shown[-1])) if len(wanted) > limit else None,
    }


def lines_of(
    conn: Connection, organization_id: int, seat_id: int, calendar: HeatCalendar, span: Span
) -> list[FormulaLine]:
    """Every line of a seat in a window, oldest first."""
    acts = Acts(seat_id, calendar, span).all(conn)
    givers = {act.other for act in acts if act.part is ScorePart.ECHO and act.other and not act.flaw}
    circle = responses.circle(conn, organization_id, seat_id, givers, calendar, span)
    return formula.score(seat_id, acts, circle)


def _parts(lines: list[FormulaLine], records: str) -> list[dict[str, Any]]:
    count = Counter(line.act.part for line in lines if line.counted)
    return [
        {"part": part, "part_label": label, "count": count[part]}
        | {"path": f"{records}&part={part}&counted=true"}
        for part, label in formula.LABELS.items()
    ]


def group(
    conn: Connection, organization_id: int, kind: BoardKind, group_id: int | None
) -> dict[str, Any] | None:
    """The sector or committee of a board that has one; `Invalid` when it is not said, or said for another board."""
    if (kind in GROUPED) != (group_id is not None):
        raise Invalid("界别榜和专委会榜要说明是哪一个，其他榜不需要。", code="group_mismatch")
    if group_id is None:
        return None
    name = queries.group_name(conn, organization_id, kind, group_id)
    if name is None:
        raise NotFound
    return {"id": group_id, "name": name}


def _key(line: FormulaLine) -> tuple[datetime, str, str, int, int]:
    act = line.act
    return (act.at, act.part.value, *act.subject, act.other or 0)


def _with_paths(conn: Connection, actor: Actor, lines: list[FormulaLine], span: Span) -> list[dict[str, Any]]:
    paths = subjects.paths(conn, actor, {line.act.subject for line in lines})
    weight = formula.weights(span)
    rows = []
    for act, counted, points, reason in lines:
        path = paths.get(act.subject)
        weighs = weight[act.on] if weight else formula.WHOLE
        rows.append(
            {
                "on": act.on,
                "at": act.at,
                "part": act.part,
                "part_label": formula.LABELS[act.part],
                "title": act.title if path else "内容未向您开放",
                "counted": counted,
                "points": points,
                "weight": weighs / formula.WHOLE,
                "heat": points * weighs / formula.WHOLE,
                "reason": reason,
                "path": path,
            }
        )
    return rows
