"""What an edit does to the signatures under a text: who signed another one is asked again, and counts after that."""

from typing import Any

from sqlalchemy import Row, select, update
from sqlmodel import Session

from app.auth.actor import Actor
from app.core.sql import table
from app.duty import service as duty
from app.notifications.kinds import NoticeKind
from app.notifications.service import notify_seats, settle
from app.proposals import news
from app.proposals.models import ProposalSigner
from app.proposals.settings.rules import asks, changes, in_words
from app.proposals.settings.schemas import ProposalRules
from app.proposals.signatures import queries

_s = table(ProposalSigner)


def follow(db: Session, actor: Actor, row: Row[Any], title: str) -> None:
    """Bring every co-signer to where the present text leaves them; who turns unconfirmed is told, once.

    Whoever came along with a merged proposal signed their own text and is not asked.
    """
    conn = db.connection()
    asked = select(_s).where(
        _s.c.proposal_id == row.id,
        _s.c.role == "participant",
        _s.c.state.in_(("accepted", "unconfirmed")),
        _s.c.merged_from_id.is_(None),
    )
    signers = conn.execute(asked.order_by(_s.c.seat_id)).all()
    if not signers:
        return
    rule, present = ProposalRules.of(conn, row.organization_id).ask_again, queries.present(conn, row.id)
    for signer in signers:
        signed = queries.signed(conn, row.id, signer)
        changed = changes(signed, present) if signed else []
        state = "unconfirmed" if asks(rule, changed) else "accepted"
        if state == signer.state:
            continue
        mine = (_s.c.proposal_id == row.id) & (_s.c.seat_id == signer.seat_id)
        conn.execute(update(_s).where(mine).values(state=state))
        credit(db, actor, row, signer.seat_id, signs=state == "accepted", why="提案修改后待再次确认")
        if state == "unconfirmed":
            sentence, subject = news.of_change(title, in_words(changed)), ("proposal", row.id)
            notify_seats(
                db,
                row.organization_id,
                [signer.seat_id],
                NoticeKind.PROPOSAL_CONFIRM_SIGNATURE,
                sentence,
                subject,
            )


def close_signing(db: Session, row: Row[Any], called: str) -> dict[str, int]:
    """At the submission: tell those who have not confirmed that they are no signers; what the track says of it."""
    conn = db.connection()
    unconfirmed = select(_s.c.seat_id).where(_s.c.proposal_id == row.id, _s.c.state == "unconfirmed")
    seats = list(conn.scalars(unconfirmed))
    only = [NoticeKind.PROPOSAL_CONFIRM_SIGNATURE, NoticeKind.PROPOSAL_RETURN]
    settle(db, ("proposal", row.id), only=only)
    news = f"提案{called}已提交。修改后您没有再次确认，不计为联名人"
    notify_seats(
        db, row.organization_id, seats, NoticeKind.PROPOSAL_NOT_CONFIRMED, news, ("proposal", row.id)
    )
    return {"not_counted": len(seats)} if seats else {}


def credit(
    db: Session, actor: Actor, row: Row[Any], seat_id: int, *, signs: bool, why: str = "不再联名"
) -> None:
    """While a proposal is back for revision, its submission stands for exactly those who sign it now."""
    if row.submitted_at is None:
        return
    subject, kind, by = ("proposal", row.id), "proposal.submitted", actor.account_id
    if signs:
        duty.record(db, seat_id, kind, subject, role="participant", by=by)
    else:
        duty.void(db, subject, why, by, kinds=[kind], seat_id=seat_id)
