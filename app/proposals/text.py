"""Verbs of the text of a proposal: write, edit, delete, attach files; open to its author only."""

from types import SimpleNamespace
from typing import Any, cast

from sqlalchemy import Row, bindparam, select, update
from sqlmodel import Session

from app.auth.actor import Actor
from app.auth.sessions import devices
from app.core import clock
from app.core.errors import Conflict, Forbidden, NotFound, Stale
from app.core.sql import table
from app.duty import service as duty
from app.files import service as files
from app.notifications.kinds import NoticeKind
from app.notifications.service import notify, settle
from app.people.models import Seat
from app.people.queries import accounts_of
from app.proposals import queries
from app.proposals.form import service as form
from app.proposals.lifecycle import EDITABLE, LABELS, ProposalState
from app.proposals.models import Proposal, ProposalSigner, ProposalVersion
from app.proposals.news import called
from app.proposals.readers import ForReaders
from app.proposals.rules import NAMES_OTHERS
from app.proposals.schemas import AttachmentsIn, ProposalIn, ProposalOut
from app.proposals.signatures.service import follow

_p, _s = table(Proposal), table(ProposalSigner)
_TEXT = ("title", "situation", "suggestions")


_HELD = ForReaders(
    lambda actor: (
        select(_p).where(_p.c.id == bindparam("proposal_id"), queries.visible_to(actor)).with_for_update()
    )
)


def lock(db: Session, actor: Actor, proposal_id: int) -> Row[Any]:
    """The proposal, held until the commit: raced verbs run one after the other, each on the outcome of the last."""
    row = _HELD.first(db.connection(), actor, proposal_id=proposal_id)
    if row is None:
        raise NotFound
    return cast("Row[Any]", SimpleNamespace(**row))  # its columns are read by name


def lock_both(db: Session, actor: Actor, *proposal_ids: int | None) -> None:
    """Lock several proposals in the order of their ids, before one is read: two mergings cannot deadlock."""
    both = _p.c.id.in_([each for each in proposal_ids if each])
    held = select(_p.c.id).where(both, queries.visible_to(actor)).order_by(_p.c.id)
    db.connection().execute(held.with_for_update(of=_p))


def lock_own_text(db: Session, actor: Actor, proposal_id: int) -> Row[Any]:
    """The actor's own proposal, held, while its text is open."""
    row = lock(db, actor, proposal_id)
    if not queries.writes(db.connection(), actor, proposal_id):
        raise Forbidden("只有提案人可以修改提案。", code="not_author")
    require_editable(row.state)
    return row


def _lock_own(db: Session, actor: Actor, proposal_id: int) -> Row[Any]:
    """As `lock_own_text`, of what the actor began: others who act for its body neither delete it nor move files."""
    row = lock_own_text(db, actor, proposal_id)
    if row.account_id != actor.account_id:
        raise Forbidden("只有起草人可以调整附件、删除草稿。", code="not_author")
    return row


def require_editable(state: str) -> None:
    """`Conflict` that names the state unless the author may write in it."""
    if state not in EDITABLE:
        raise Conflict(
            f"提案当前状态为“{LABELS[ProposalState(state)]}”，不能修改。", code="not_editable", state=state
        )


def out(db: Session, actor: Actor, proposal_id: int) -> ProposalOut:
    """The proposal as the actor sees it after a verb."""
    return ProposalOut.model_validate(queries.read(db.connection(), actor, proposal_id))


def write(db: Session, actor: Actor, text: ProposalIn) -> ProposalOut:
    """Begin a draft; the author signs first."""
    form.check(db, actor, text)
    return out(db, actor, begin(db, actor, text, (actor.account_id, actor.own_seat)))


def begin(db: Session, actor: Actor, text: ProposalIn, author: tuple[int, int], **first: Any) -> int:
    """A new draft of `author` (account and seat), who signs first; its id. `first` are further columns."""
    now, (account_id, seat_id), s = clock.now(), author, table(Seat)
    proposal = Proposal(
        **form.columns(text),
        organization_id=actor.organization_id,
        term_id=db.connection().execute(select(s.c.term_id).where(s.c.id == seat_id)).scalar_one(),
        account_id=account_id,
        seat_id=seat_id,
        created_at=now,
        edited_at=now,
        edited_on=devices.name_of(db.connection(), actor.session_id),
        **first,
    )
    db.add(proposal)
    db.flush()
    assert proposal.id is not None  # noqa: S101 - flushed
    db.add(
        ProposalSigner(
            proposal_id=proposal.id, seat_id=seat_id, role="lead", state="accepted", invited_at=now
        )
    )
    _keep_version(db, actor, proposal.id, 1, text)
    return proposal.id


def edit(db: Session, actor: Actor, proposal_id: int, version: int, text: ProposalIn) -> ProposalOut:
    """Save the whole text over `version`; `Stale` carries the present proposal.

    Saving what is already there changes nothing, whatever the version: a retry after a lost answer is no conflict.
    """
    row = lock_own_text(db, actor, proposal_id)
    values = form.columns(text)
    if all(getattr(row, name) == value for name, value in values.items()):
        return out(db, actor, proposal_id)
    if row.version != version:
        raise Stale(current=queries.read(db.connection(), actor, proposal_id))
    if (
        row.kind in NAMES_OTHERS
        and row.kind != text.kind
        and cosigner_accounts(db, proposal_id, ("invited", "accepted", "unconfirmed"))
    ):
        raise Conflict("已邀请委员联名，请先撤销邀请再改变提案形式。", code="has_signers", state=row.state)
    form.check(db, actor, text, row)
    device = devices.name_of(db.connection(), actor.session_id)
    values |= {"version": version + 1, "edited_at": clock.now(), "edited_on": device}
    db.connection().execute(update(_p).where(_p.c.id == proposal_id).values(values))
    _keep_version(db, actor, proposal_id, version + 1, text)
    if row.kind != text.kind:
        duty.invalidate_figures(db, row.seat_id)  # points may differ by kind
    follow(db, actor, row, text.title)
    _tell_of_edit(db, actor, row)
    return out(db, actor, proposal_id)


def _keep_version(db: Session, actor: Actor, proposal_id: int, version: int, text: ProposalIn) -> None:
    db.add(
        ProposalVersion(
            proposal_id=proposal_id,
            version=version,
            **text.model_dump(include=set(_TEXT)),
            form={name: value for name, value in form.columns(text).items() if name not in _TEXT},
            saved_by=actor.account_id,
            saved_at=clock.now(),
        )
    )
    db.flush()


def _tell_of_edit(db: Session, actor: Actor, row: Row[Any]) -> None:
    """Co-signers who accepted hear of edits once a day: phones save every few seconds."""
    today = clock.local_day(clock.now(), actor.zone)
    if row.signers_told_on == today:
        return
    if accounts := cosigner_accounts(db, row.id):
        db.connection().execute(update(_p).where(_p.c.id == row.id).values(signers_told_on=today))
        title = f"您联名的提案{called(row.title)}有修改"
        notify(db, row.organization_id, accounts, NoticeKind.PROPOSAL_EDITED, title, ("proposal", row.id))


def delete(db: Session, actor: Actor, proposal_id: int) -> None:
    """Delete one's own draft."""
    row = _lock_own(db, actor, proposal_id)
    if row.state != ProposalState.DRAFT:
        raise Conflict("只有草稿可以删除。", code="not_draft", state=row.state)
    db.connection().execute(update(_p).where(_p.c.id == proposal_id).values(deleted_at=clock.now()))
    end_invitations(db, proposal_id)
    settle(db, ("proposal", proposal_id))
    files.detach(db, ("proposal", proposal_id))


def end_invitations(db: Session, proposal_id: int) -> None:
    """Nobody may sign any more."""
    asked = (_s.c.proposal_id == proposal_id) & (_s.c.state == "invited")
    db.connection().execute(update(_s).where(asked).values(state="expired"))


def attach(db: Session, actor: Actor, proposal_id: int, wanted: AttachmentsIn) -> ProposalOut:
    """Hang exactly these files on one's own proposal."""
    row = _lock_own(db, actor, proposal_id)
    subject = ("proposal", proposal_id)
    files.attach(db, actor, wanted.keys, subject)
    files.detach(db, subject, keep=wanted.keys)
    follow(db, actor, row, row.title)
    return out(db, actor, proposal_id)


_COSIGNERS = select(_s.c.seat_id).where(
    _s.c.proposal_id == bindparam("proposal_id"),
    _s.c.role == "participant",
    _s.c.state.in_(bindparam("states", expanding=True)),
)


def cosigner_accounts(db: Session, proposal_id: int, states: tuple[str, ...] = ("accepted",)) -> list[int]:
    """The accounts of the co-signers in some states."""
    conn = db.connection()
    rows = conn.execute(_COSIGNERS, {"proposal_id": proposal_id, "states": list(states)})
    return list(accounts_of(conn, [seat_id for (seat_id,) in rows]).values())
