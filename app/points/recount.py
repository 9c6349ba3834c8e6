"""What `lvyi recount` proves of points: every kept score in force is what the engine says now."""

from collections.abc import Sequence

from sqlalchemy import Connection, delete

from app.core.sql import table
from app.duty.recount import Difference, RecountCheck, register
from app.points import queries, scores
from app.points.models import Score

_k = table(Score)


def _differences(conn: Connection) -> list[Difference]:
    found = []
    for of in queries.published(conn):
        kept = {
            row.seat_id: (row.points, row.minimums_met, row.parts) for row in queries.cached_scores(conn, of)
        }
        seat_ids = sorted(kept)
        for start in range(0, len(seat_ids), scores.CHUNK):
            for seat, score in scores.scored(conn, of, seat_ids[start : start + scores.CHUNK]):
                parts = {line.id: line.points for line in score.lines}
                due, stored = (score.points, score.minimums_met, parts), kept[seat.seat_id]
                if due != stored:
                    found.append(Difference("积分", f"{of.id} 席位 {seat.seat_id}", stored[0], due[0]))
    return found


def _repair(conn: Connection, differences: Sequence[Difference]) -> None:
    """Forget what is wrong: the next reader computes it."""
    for difference in differences:
        ruleset_id, _, seat_id = difference.id.partition(" 席位 ")
        conn.execute(delete(_k).where(_k.c.ruleset_id == int(ruleset_id), _k.c.seat_id == int(seat_id)))


register(RecountCheck("积分", _differences, _repair))
