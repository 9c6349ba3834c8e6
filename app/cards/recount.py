"""What `lvyi recount` proves of cards: every issued one is exactly what one of the published keys signed."""

from sqlalchemy import Connection

from app.cards.issued import queries
from app.cards.issued.service import is_genuine
from app.duty.recount import Difference, RecountCheck, register

_PART = 500


def _altered(conn: Connection) -> list[Difference]:
    found: list[Difference] = []
    cards = queries.after(conn, 0, _PART)
    while cards:
        found += [
            Difference("纪念卡签名", str(card.id), "内容", "与签名不符")
            for card in cards
            if not is_genuine(conn, card)
        ]
        cards = queries.after(conn, cards[-1].id, _PART)
    return found


register(RecountCheck("纪念卡签名", _altered))
