"""What `lvyi recount` proves of lineage: the credit of seeds is exactly what the chains give."""

from sqlalchemy import Connection

from app.duty import recount
from app.duty.recount import Difference, RecountCheck
from app.lineage.credit.queries import credits_of, due, held


def _credit(conn: Connection) -> list[Difference]:
    owed, given = credits_of(conn, due()), credits_of(conn, held())
    return [
        Difference("线索与履职记录", f"{kind} {seed_type} {seed_id} 席位 {seat_id}", stored, 1 - stored)
        for stored, wrong in ((0, owed - given), (1, given - owed))
        for kind, seed_type, seed_id, seat_id in sorted(wrong)
    ]


recount.register(RecountCheck("线索与履职记录", _credit))
