"""Verbs of co-signing: invite, take an invitation back, answer."""

from sqlalchemy import delete, select, update
from sqlmodel import Session

from app.auth.actor import Actor
from app.core import clock
from app.core.errors import Conflict, Invalid, NotFound
from app.core.sql import insert, table
from app.notifications.kinds import NoticeKind
from app.notifications.service import notify, notify_seats
from app.people.queries import seats_in
from app.proposals import news, queries, rules
from app.proposals.lifecycle import EDITABLE
from app.proposals.models import Proposal, ProposalSigner
from app.proposals.news import called
from app.proposals.schemas import Answer, AnswerOut, Invitation, ProposalOut
from app.proposals.signatures.queries import files_of
from app.proposals.signatures.service import credit
from app.proposals.text import lock_own_text, out, require_editable

_p, _s = table(Proposal), table(ProposalSigner)


def invite(db: Session, actor: Actor, proposal_id: int, wanted: Invitation) -> ProposalOut:
    """Ask members to sign a joint proposal; who declined or let the day pass may be asked again."""
    row, conn, now = lock_own_text(db, actor, proposal_id), db.connection(), clock.now()
    today = clock.local_day(now, actor.zone)
    if row.kind not in rules.NAMES_OTHERS:
        raise Conflict("只有联名提案和集体提案可以邀请委员署名。", code="not_joint", state=row.state)
    answer_by = rules.answer_day(today, wanted.answer_by)
    if answer_by is None:
        raise Invalid("答复期限应在今天之后、60 天之内。", code="bad_answer_day")
    seats = set(wanted.seat_ids)
    held = seats_in(actor.organization_id, today)
    if seats - set(conn.scalars(held.where(held.selected_columns[0].in_(seats)))) or row.seat_id in seats:
        raise Invalid("只能邀请其他现任委员联名。", code="unknown_seat")
    standing = _s.c.state.in_(("accepted", "unconfirmed"))
    signed = select(_s.c.seat_id).where(_s.c.proposal_id == proposal_id, standing)
    asked = sorted(seats - set(conn.scalars(signed)))
    for seat_id in asked:
        state = {"state": "invited", "answer_by": answer_by, "invited_at": now, "answered_at": None}
        conn.execute(
            insert(conn, _s)
            .values(proposal_id=proposal_id, seat_id=seat_id, role="participant", **state)
            .on_conflict_do_update(index_elements=["proposal_id", "seat_id"], set_=state)
        )
    title = news.of_invitation(row.title, actor.name, answer_by)
    notify_seats(
        db, row.organization_id, asked, NoticeKind.PROPOSAL_INVITED, title, ("proposal", proposal_id)
    )
    return out(db, actor, proposal_id)


def uninvite(db: Session, actor: Actor, proposal_id: int, seat_id: int) -> None:
    """Take an invitation or a co-signer's name back while the text is open."""
    row = lock_own_text(db, actor, proposal_id)
    gone = delete(_s).where(
        _s.c.proposal_id == proposal_id, _s.c.seat_id == seat_id, _s.c.role == "participant"
    )
    if db.connection().execute(gone).rowcount == 0:
        raise NotFound
    credit(db, actor, row, seat_id, signs=False)


def answer(db: Session, actor: Actor, proposal_id: int, said: Answer) -> AnswerOut:
    """Sign, confirm a changed text, or decline; signing is possible up to the day to answer by, the rest to the end.

    `Conflict` when the text is another one than that which was read.
    """
    conn, now = db.connection(), clock.now()
    row = conn.execute(
        select(_p)
        .where(
            _p.c.id == proposal_id,
            _p.c.organization_id == actor.organization_id,
            _p.c.deleted_at.is_(None),
        )
        .with_for_update()
    ).one_or_none()
    mine = (_s.c.proposal_id == proposal_id) & (_s.c.seat_id == actor.own_seat) & (_s.c.role == "participant")
    signer = conn.execute(select(_s).where(mine)).one_or_none()
    if row is None or signer is None:
        raise NotFound
    if row.state not in EDITABLE and not queries.visible_proposals(conn, actor, [proposal_id]):
        raise NotFound
    require_editable(row.state)
    state: rules.Signature = "accepted" if said.accept else "declined"
    if signer.state == state:
        return AnswerOut(state=state, state_label=rules.SIGNATURE_LABELS[state])
    again, files = signer.state == "unconfirmed", files_of(conn, proposal_id)
    if said.accept and not said.reads(row.version, files):
        raise Conflict("文稿刚刚又有修改，请看过后再确认。", code="text_changed", state=signer.state)
    day = (
        None if again else signer.answer_by
    )  # none for who came along with a proposal that was merged into this one
    if said.accept and day is not None and day < clock.local_day(now, actor.zone):
        raise Conflict(
            "邀请的答复期限已过，请联系提案人重新邀请。", code="invitation_expired", state="expired"
        )
    signed = {"signed_version": row.version, "signed_files": files} if said.accept else {}
    conn.execute(update(_s).where(mine).values(state=state, answered_at=now, **signed))
    if signer.merged_from_id is None:  # else it was their own proposal that they submitted
        credit(db, actor, row, actor.own_seat, signs=said.accept)
    answered = ("再次确认联名" if again else "同意联名") if said.accept else "谢绝联名"
    title = f"{actor.name}{answered}提案{called(row.title)}"
    kind, subject = NoticeKind.of(f"proposal.signature_{state}"), ("proposal", proposal_id)
    notify(db, row.organization_id, [row.account_id], kind, title, subject)
    return AnswerOut(state=state, state_label=rules.SIGNATURE_LABELS[state])
