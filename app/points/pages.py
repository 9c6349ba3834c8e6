"""Scores and boards of points as JSON: what the routes answer.

A member sees all of the own score, and so do staff who record; of others the points, and only those lines whose
kinds are open to all, like in the archive: what the others gave stands in one line without words.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from math import ceil
from typing import Any, NamedTuple

from sqlalchemy import Connection

from app.auth import subjects
from app.auth.actor import Actor
from app.core.errors import NotFound
from app.core.paging import decode_cursor, encode_cursor
from app.duty.kinds import KINDS
from app.duty.queries import sees_all
from app.heat import queries
from app.people.duty_years import local_time
from app.people.queries import named
from app.people.terms import shown_day_of
from app.points import queries as point_queries
from app.points import scores, standings
from app.points.engine import explanations
from app.points.engine.gains import Gain, PointsRecord, hundredths
from app.points.engine.ruleset import BY_LABELS, MONTHS, Ruleset, ScoreBoard
from app.points.engine.score import ComputedScore, PointsLine, months_of, share
from app.points.queries import LoadedRuleset
from app.points.standings import BoardQuery

HIDDEN = "未向您开放的履职"


def in_force(conn: Connection, organization_id: int, year: int | None) -> LoadedRuleset:
    """The ruleset of a duty year (the present one); `NotFound` before one is published."""
    local = local_time(conn, organization_id)
    year = year or local.years.of(shown_day_of(conn, organization_id))
    found = point_queries.in_force(conn, organization_id, year)
    if found is None:
        raise NotFound(f"{local.years.label(year)}还没有发布积分办法。", code="no_ruleset")
    return found


def board_of(rules: Ruleset, board_id: str | None) -> ScoreBoard:
    """A board of a ruleset (the first); `NotFound` when there is none of this id."""
    if board_id is None:
        return rules.boards[0]
    found = next((board for board in rules.boards if board.id == board_id), None)
    if found is None:
        raise NotFound
    return found


def wanted(
    conn: Connection,
    of: LoadedRuleset,
    board: ScoreBoard,
    sector_id: int | None = None,
    committee_id: int | None = None,
) -> BoardQuery:
    """Who is on a board: while the year runs, only those who still hold their seats."""
    day = shown_day_of(conn, of.organization_id)
    return BoardQuery(board.posts, board.by, sector_id, committee_id, day if day <= of.last else None)


def bands(rules: Ruleset, row: dict[str, Any]) -> list[dict[str, Any]]:
    """The band that a row of a board reaches on each scale."""
    months = row["months"] if rules.part_year == "standards" else MONTHS
    found = []
    for scale in rules.scales:
        for band in scale.bands:
            if (
                (band.points is None or row["points"] >= share(hundredths(band.points), months))
                and (band.top is None or row["place"] <= ceil(row["size"] * band.top / 100))
                and (band.top_count is None or row["place"] <= band.top_count)
                and (row["minimums_met"] or not band.needs_minimums)
            ):
                found.append({"scale": scale.label, "label": band.label, "colour": band.colour})
                break
    return found


def board_page(
    conn: Connection,
    actor: Actor,
    of: LoadedRuleset,
    board: ScoreBoard,
    who: BoardQuery,
    cursor: str | None,
    limit: int,
) -> dict[str, Any]:
    """A page of a board, with the actor's own row and the published rules."""
    after = tuple(decode_cursor(cursor, int, int)) if cursor else None
    mine = actor.last_seat_id
    who, divisions, division = standings.divided(conn, of, who, mine)
    rows = standings.board_rows(conn, of, who, after=after, limit=limit + 1)
    own = standings.board_rows(conn, of, who, seat_id=mine) if mine else []
    shown = rows[:limit]
    some = shown or own
    return {
        "duty_year": of.duty_year,
        "label": of.label,
        "starts_on": of.first,
        "ends_on": of.last,
        "board": board.id,
        "board_label": board.label,
        "boards": [{"id": one.id, "label": one.label} for one in of.rules.boards],
        "by": board.by,
        "by_label": board.by and BY_LABELS[board.by],
        "division": division and division.id,
        "divisions": [asdict(one) for one in divisions],
        "count": some[0]["count"] if some else 0,
        "items": [board_row(of, row) for row in shown],
        "next": encode_cursor(shown[-1]["rank"], shown[-1]["seat_id"]) if len(rows) > limit else None,
        "mine": board_row(of, own[0]) if own else None,
        "ruleset_id": of.id,
        "ruleset": of.rules.name,
        "formula": formula(of),
    }


def formula(of: LoadedRuleset) -> list[str]:
    """The rules in sentences, as members read them; of a year that is shorter or longer, how it is measured."""
    months = months_of(of.first, of.last)
    if months == MONTHS:
        return explanations.formula(of.rules)
    odd = f"履职年度的起始日有调整，{of.label}共{months}个月：按任职月数折算的标准，照{months}个月计。"
    return [*explanations.formula(of.rules), odd]


def board_row(of: LoadedRuleset, row: dict[str, Any]) -> dict[str, Any]:
    """One row of a board."""
    return {
        "rank": row["rank"],
        "seat": named(row["seat_id"], row["name"], row["sector"], row["post"]),
        "points": row["points"] / 100,
        "months": row["months"],
        "minimums_met": row["minimums_met"],
        "bands": bands(of.rules, row),
        "score": f"/api/v1/seats/{row['seat_id']}/score?year={of.duty_year}",
    }


class _Seen(NamedTuple):
    """A score computed now, whose it is, and whether the actor sees all of it."""

    seat: dict[str, Any]
    score: ComputedScore
    whole: bool


def _seen(conn: Connection, actor: Actor, seat_id: int, of: LoadedRuleset) -> _Seen:
    seat = queries.seat(conn, actor.organization_id, seat_id)
    measured = list(scores.scored(conn, of, [seat_id])) if seat else []
    if not measured or not measured[0][1].months or seat is None:
        raise NotFound
    return _Seen(seat, measured[0][1], sees_all(conn, actor, seat_id))


def score(conn: Connection, actor: Actor, seat_id: int, of: LoadedRuleset) -> dict[str, Any]:
    """The score of a seat, line by line; `NotFound` for seats that were not held in the year."""
    seat, found, whole = _seen(conn, actor, seat_id, of)
    board = next(one for one in of.rules.boards if seat["post"] in one.posts)
    row = standings.board_rows(conn, of, wanted(conn, of, board), seat_id=seat_id)
    return {
        "seat": seat,
        "duty_year": of.duty_year,
        "label": of.label,
        "starts_on": of.first,
        "ends_on": of.last,
        "ruleset_id": of.id,
        "ruleset": of.rules.name,
        "version": of.version,
        "points": found.points / 100,
        "months": found.months,
        "pass_mark": None if found.pass_mark is None else found.pass_mark / 100,
        "passed": None if found.pass_mark is None else found.points >= found.pass_mark,
        "standing": _standing(conn, of, board, row[0]) if row else None,
        "lines": _lines(of, found, seat_id, whole=whole),
        "unscored": len(found.unscored) if whole else 0,
        "unscored_path": _path(of, seat_id, "unscored") if whole and found.unscored else None,
        "minimums": [
            {
                **{
                    name: getattr(duty, name)
                    for name in ("id", "label", "done", "due", "unit", "met", "advice")
                },
                "records": len(duty.records),
                "path": _path(of, seat_id, f"minimum:{duty.id}") if duty.records else None,
            }
            for duty in found.minimums
            if whole
        ],
    }


def _standing(conn: Connection, of: LoadedRuleset, board: ScoreBoard, row: dict[str, Any]) -> dict[str, Any]:
    division = standings.division_name(conn, board.by, row["division"]) if board.by else None
    place = {"rank": row["rank"], "count": row["count"], "bands": bands(of.rules, row)}
    return {"board": board.id, "board_label": board.label, "division": division} | place


def _open(rules: Ruleset, line: PointsLine) -> bool:
    """Whether others may see a line: all kinds that it may hold are open."""
    kinds = next((rule.kinds for rule in rules.rules if rule.id == line.id), [])
    return all(KINDS[kind].open for kind in kinds)


def _path(of: LoadedRuleset, seat_id: int, part: str) -> str:
    """Opens the records of a part of a score."""
    return f"/api/v1/seats/{seat_id}/score/records/{part}?year={of.duty_year}"


def _lines(of: LoadedRuleset, found: ComputedScore, seat_id: int, *, whole: bool) -> list[dict[str, Any]]:
    clauses = {rule.id: rule.clause for rule in of.rules.rules}
    shown = [line for line in found.lines if whole or _open(of.rules, line)]
    lines = []
    for line in shown:
        held = [gain for gain in line.gains if gain.record]
        why = Counter({gain.reason: 0 for gain in line.gains if gain.reason})
        why.update(gain.reason for gain in held if gain.reason)
        lines.append(
            {
                "id": line.id,
                "label": line.label,
                "says": line.says,
                "clause": clauses.get(line.id, ""),
                "points": line.points / 100,
                "records": len(held),
                "counted": sum(gain.counts for gain in held),
                "reasons": [{"reason": reason, "records": records} for reason, records in why.items()],
                "path": _path(of, seat_id, f"rule:{line.id}") if held else None,
            }
        )
    if len(shown) < len(found.lines):
        rest = found.points - sum(line.points for line in shown)
        empty = {"records": 0, "counted": 0, "reasons": [], "path": None, "clause": "", "says": ""}
        lines.append({"id": "hidden", "label": HIDDEN, "points": rest / 100} | empty)
    return lines


def records_page(
    conn: Connection, actor: Actor, seat_id: int, of: LoadedRuleset, part: str, cursor: str | None, limit: int
) -> dict[str, Any]:
    """The records behind one part of a score, newest first, with what each gave and why not more."""
    seen = _seen(conn, actor, seat_id, of)
    gains = sorted(_part(of.rules, seen, part), key=_key, reverse=True)
    rest = gains
    if cursor:
        at = tuple(decode_cursor(cursor, datetime, int))
        rest = [gain for gain in gains if _key(gain) < at]
    shown = rest[:limit]
    return {
        "count": len(gains),
        "points": sum(gain.points for gain in gains) / 100,
        "items": _items(conn, actor, shown),
        "next": encode_cursor(*_key(shown[-1])) if len(rest) > limit else None,
    }


def _part(rules: Ruleset, seen: _Seen, part: str) -> list[Gain]:
    """`rule:…`, `minimum:…` or `unscored`; `NotFound` for what is not there, or not open to the actor."""
    what, _, code = part.partition(":")
    if what == "rule":
        lines = [line for line in seen.score.lines if line.id == code and (seen.whole or _open(rules, line))]
        return [gain for line in lines for gain in line.gains if gain.record] if lines else _nothing()
    if not seen.whole:
        return _nothing()
    if part == "unscored":
        return [Gain("", record, 0, explanations.UNSCORED) for record in seen.score.unscored]
    held: Sequence[PointsRecord] | None = next((d.records for d in seen.score.minimums if d.id == code), None)
    return _nothing() if held is None else [Gain("", record, 0) for record in held]


def _nothing() -> list[Gain]:
    raise NotFound


def _key(gain: Gain) -> tuple[datetime, int]:
    assert gain.record is not None  # noqa: S101 - base points have no list
    return gain.record.at, gain.record.id


def _items(conn: Connection, actor: Actor, gains: Sequence[Gain]) -> list[dict[str, Any]]:
    links = subjects.links(conn, actor, {gain.record.subject for gain in gains if gain.record})
    items = []
    for gain in gains:
        record = gain.record
        assert record is not None  # noqa: S101 - as above
        link = links.get(record.subject)
        kind = {"kind": record.kind, "kind_label": KINDS[record.kind].label}
        counted = {"quantity": record.quantity, "unit": KINDS[record.kind].quantity_unit}
        title = link.title if link else subjects.subject(record.subject[0]).label
        said = {"title": title, "path": link and link.path, "reason": gain.reason}
        items.append({"id": record.id, "on": record.on, "points": gain.points / 100} | kind | counted | said)
    return items
