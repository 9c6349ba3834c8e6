"""The end of a proposal leaves nothing open; talks are answered, signatures confirmed, deadlines counted anew."""

import re
from collections import defaultdict
from datetime import datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

from app.core import clock
from app.core.sql import Id, Json, Utc

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def _table(of: str, /, **columns: sa.types.TypeEngine) -> sa.TableClause:
    return sa.table(of, *(sa.column(key, kind) for key, kind in columns.items()))


_p = _table(
    "proposal", id=Id, organization_id=Id, account_id=Id, state=sa.String, round=sa.Integer, closed_at=Utc(),
    deleted_at=Utc(),
)  # fmt: skip
_a = _table("proposal_assignment", id=Id, proposal_id=Id, unit_id=Id, state=sa.String)
_d = _table(
    "proposal_deadline", id=Id, proposal_id=Id, assignment_id=Id, commitment_id=Id, kind=sa.String, how=sa.String,
    met_on=sa.Date, lifted_on=sa.Date, span=sa.Integer,
)  # fmt: skip
_t = _table(
    "proposal_step", id=Id, proposal_id=Id, at=Utc(), account_id=Id, action=sa.String, from_state=sa.String,
    to_state=sa.String, reason=sa.String, data=Json, assignment_id=Id, undoes_id=Id,
)  # fmt: skip
_c = _table(
    "proposal_commitment", id=Id, proposal_id=Id, assignment_id=Id, reply_id=Id, state=sa.String, due_on=sa.Date,
    ended_at=Utc(),
)  # fmt: skip
_n = _table(
    "proposal_commitment_note",
    id=Id,
    commitment_id=Id,
    action=sa.String,
    body=sa.String,
    account_id=Id,
    at=Utc(),
)
_r = _table(
    "proposal_reply",
    id=Id,
    assignment_id=Id,
    round=sa.Integer,
    result_class=sa.String,
    saved_by=Id,
    replied_at=Utc(),
)
_talk = _table("proposal_consultation", id=Id, proposal_id=Id, at=Utc(), round=sa.Integer)
_signer = _table("proposal_signer", proposal_id=Id, state=sa.String)
_unit = _table("unit", id=Id, name=sa.String)
_o = _table("organization", id=Id, timezone=sa.String)
_activity = _table("activity", id=Id, cancelled_at=Utc())
_attendance = _table("attendance", activity_id=Id, state=sa.String)
_opinion = _table("opinion_report", id=Id, state=sa.String)
_request = _table("personal_request", id=Id, state=sa.String)
_notice = _table("notification", id=Id, kind=sa.String, subject_type=sa.String, subject_id=Id, read_at=Utc())

_ENDS = ("declined", "converted", "merged", "closed")
_DONE = ("replied", "returned", "withdrawn", "ended")
_OUTLIVE = ("commitment", "rate_again")
_MAY_SIGN = ("draft", "returned", "submitted", "first_review", "joint_review", "final_review")
_ASKING = (
    "proposal.invited", "proposal.return_for_revision", "proposal.rehandle", "proposal.supervise", "proposal.assigned",
    "proposal.approve_reply", "proposal.consult", "proposal.request_return", "proposal.submit_reply",
    "proposal.refuse_return", "proposal.send_back",
)  # fmt: skip
_SPAN = re.compile(r"^自\d+年\d+月\d+日起(\d+)个(?:工作日|月)")
_open = sa.and_(_d.c.met_on.is_(None), _d.c.lifted_on.is_(None))
_NEW_STEPS = (
    "end_work", "recalculate", "confirm_talk", "dispute_talk", "uphold_dispute", "dismiss_dispute",
)  # fmt: skip


def upgrade() -> None:
    for column in (
        sa.Column("round", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("state", sa.String(12), nullable=False, server_default="recorded"),
        sa.Column("answer", sa.String(500), nullable=True),
        sa.Column("ruling", sa.String(500), nullable=True),
    ):
        op.add_column("proposal_consultation", column)
    op.add_column("proposal_deadline", sa.Column("span", sa.Integer(), nullable=True))
    op.add_column("proposal_signer", sa.Column("signed_files", Json, nullable=True))
    op.create_index(
        "ix_notification_unread_subject",
        "notification",
        ["subject_id", "subject_type"],
        sqlite_where=sa.text("read_at IS NULL"),
        postgresql_where=sa.text("read_at IS NULL"),
    )
    conn, now = op.get_bind(), clock.now()
    _spans(conn)
    _rounds(conn)
    _replaced(conn, now)
    _ended(conn, now)
    _uninvited(conn)
    _unasked(conn, now)


def _each(conn: sa.Connection, statement: sa.Update | sa.Insert, rows: list[dict[str, object]]) -> None:
    if rows:
        conn.execute(statement, rows)


def _spans(conn: sa.Connection) -> None:
    """How long running deadlines are stands in the sentence that explains them."""
    found = conn.execute(sa.select(_d.c.id, _d.c.how).where(_open)).all()
    spans = [{"row": row.id, "length": int(is_[1])} for row in found if (is_ := _SPAN.match(row.how))]
    _each(
        conn, sa.update(_d).where(_d.c.id == sa.bindparam("row")).values(span=sa.bindparam("length")), spans
    )


def _rounds(conn: sa.Connection) -> None:
    undone = _t.alias("undone")
    again = sa.select(_t.c.proposal_id, _t.c.at).where(
        _t.c.action == "rehandle", ~sa.select(undone.c.id).where(undone.c.undoes_id == _t.c.id).exists()
    )
    begun = defaultdict(list)
    for row in conn.execute(again):
        begun[row.proposal_id].append(row.at)
    talks = conn.execute(
        sa.select(_talk.c.id, _talk.c.proposal_id, _talk.c.at).where(
            _talk.c.proposal_id.in_(sa.select(_p.c.id).where(_p.c.round > 1))
        )
    ).all()
    rounds = [{"row": t.id, "number": 1 + sum(at <= t.at for at in begun[t.proposal_id])} for t in talks]
    numbered = sa.update(_talk).where(_talk.c.id == sa.bindparam("row")).values(round=sa.bindparam("number"))
    _each(conn, numbered, [each for each in rounds if each["number"] > 1])


def _replaced(conn: sa.Connection, now: datetime) -> None:
    """What was promised in an earlier round ends with the last reply of the unit, as it does from now on."""
    newer = _r.alias("newer")
    found = (
        sa.select(_c.c.id, _c.c.due_on, newer.c.round, newer.c.result_class, newer.c.saved_by, newer.c.replied_at, _o.c.timezone)
        .select_from(
            _c.join(_r, _r.c.id == _c.c.reply_id)
            .join(newer, sa.and_(newer.c.assignment_id == _r.c.assignment_id, newer.c.round > _r.c.round))
            .join(_p, _p.c.id == _c.c.proposal_id)
            .join(_o, _o.c.id == _p.c.organization_id)
        )
        .where(_c.c.state == "open", newer.c.replied_at.is_not(None))
        .order_by(_c.c.id, newer.c.round)
    )  # fmt: skip
    for row in {each.id: each for each in conn.execute(found)}.values():  # the last round's
        day = row.replied_at.astimezone(ZoneInfo(row.timezone)).date()
        solved = row.result_class == "solved"
        state = "kept" if solved else "dropped" if row.due_on < day else "replaced"
        said = "重新办理后的答复写明已经解决或采纳" if solved else "重新办理后另有答复，以新的答复为准"
        conn.execute(sa.update(_c).where(_c.c.id == row.id).values(state=state, ended_at=row.replied_at))
        note = {
            "commitment_id": row.id,
            "action": state,
            "body": f"{said}（系统补记）",
            "account_id": row.saved_by,
        }
        conn.execute(sa.insert(_n).values(**note, at=now))
        ended = {"met_on": day} if solved else {"lifted_on": day}
        conn.execute(sa.update(_d).where(_open, _d.c.commitment_id == row.id).values(ended))
    over = sa.select(_c.c.id).where(_c.c.state != "open")
    conn.execute(sa.update(_d).where(_open, _d.c.commitment_id.in_(over)).values(lifted_on=now.date()))


def _ended(conn: sa.Connection, now: datetime) -> None:
    """Work and deadlines that are open behind the end of their proposal end with it, and the track says so."""
    closing = sa.select(sa.func.max(_t.c.id)).where(_t.c.proposal_id == _p.c.id, _t.c.to_state == _p.c.state)
    closed = _t.alias("closed")
    ended = _p.c.state.in_(_ENDS)
    who = (
        _p.c.id,
        _p.c.state,
        _p.c.closed_at,
        _o.c.timezone,
        sa.func.coalesce(closed.c.account_id, _p.c.account_id),
    )
    of = _p.join(_o, _o.c.id == _p.c.organization_id).outerjoin(
        closed, closed.c.id == closing.scalar_subquery()
    )
    work = (
        sa.select(*who, _a.c.id.label("assignment_id"), _unit.c.name)
        .select_from(of.join(_a, _a.c.proposal_id == _p.c.id).join(_unit, _unit.c.id == _a.c.unit_id))
        .where(ended, _a.c.state.not_in(_DONE))
    )
    due = (
        sa.select(*who, _d.c.id.label("deadline_id"))
        .select_from(of.join(_d, _d.c.proposal_id == _p.c.id))
        .where(ended, _open, sa.or_(_d.c.kind.not_in(_OUTLIVE), _p.c.state != "closed"))
    )
    steps, told = [], set()
    for row in conn.execute(work.order_by(_p.c.id, _a.c.id)).all():
        conn.execute(sa.update(_a).where(_a.c.id == row.assignment_id).values(state="ended"))
        steps.append(_step(row, now, row.assignment_id, {"unit": row.name}))
        told.add(row.id)
    for row in conn.execute(due.order_by(_p.c.id)).all():
        day = (row.closed_at or now).astimezone(ZoneInfo(row.timezone)).date()
        conn.execute(sa.update(_d).where(_d.c.id == row.deadline_id).values(lifted_on=day))
        if row.id not in told:
            steps.append(_step(row, now, None, {}))
            told.add(row.id)
    _each(conn, sa.insert(_t), steps)
    gone = sa.select(_a.c.id).where(_a.c.state.in_(("returned", "withdrawn", "ended")))
    conn.execute(sa.update(_d).where(_open, _d.c.assignment_id.in_(gone)).values(lifted_on=now.date()))


def _step(row: sa.Row, now: datetime, assignment_id: int | None, data: dict[str, str]) -> dict[str, object]:
    return {
        "proposal_id": row[0],
        "at": now,
        "account_id": row[4],
        "action": "end_work",
        "from_state": row.state,
        "to_state": row.state,
        "reason": "提案此前已经结束，未了的承办和期限随之结束（系统补记）",
        "data": data,
        "assignment_id": assignment_id,
    }


def _uninvited(conn: sa.Connection) -> None:
    over = sa.select(_p.c.id).where(sa.or_(_p.c.deleted_at.is_not(None), _p.c.state.not_in(_MAY_SIGN)))
    asked = sa.and_(_signer.c.state == "invited", _signer.c.proposal_id.in_(over))
    conn.execute(sa.update(_signer).where(asked).values(state="expired"))
    cancelled = sa.select(_activity.c.id).where(_activity.c.cancelled_at.is_not(None))
    waits = sa.and_(_attendance.c.state == "invited", _attendance.c.activity_id.in_(cancelled))
    conn.execute(sa.update(_attendance).where(waits).values(state="called_off"))


def _unasked(conn: sa.Connection, now: datetime) -> None:
    """Notices that ask for what is over are read."""
    ended = sa.select(_p.c.id).where(sa.or_(_p.c.state.in_(_ENDS), _p.c.deleted_at.is_not(None)))
    cancelled = sa.select(_activity.c.id).where(_activity.c.cancelled_at.is_not(None))
    moved = sa.select(_opinion.c.id).where(_opinion.c.state != "returned")
    decided = sa.select(_request.c.id).where(_request.c.state.in_(("declined", "done", "withdrawn")))
    for subject_type, kinds, over in (
        ("proposal", _ASKING, ended),
        ("activity", ("activity.invited",), cancelled),
        ("opinion_report", ("opinion.return",), moved),
        ("personal_request", ("personal_request.submitted",), decided),
    ):
        unread = sa.and_(_notice.c.read_at.is_(None), _notice.c.subject_type == subject_type)
        about = sa.and_(_notice.c.kind.in_(kinds), _notice.c.subject_id.in_(over))
        conn.execute(sa.update(_notice).where(unread, about).values(read_at=now))


def downgrade() -> None:
    """The states of before; what was ended stays ended."""
    for of, was, state in (
        (_a, "ended", "withdrawn"),
        (_c, "replaced", "dropped"),
        (_signer, "unconfirmed", "accepted"),
        (_attendance, "called_off", "invited"),
    ):
        op.execute(sa.update(of).where(of.c.state == was).values(state=state))
    op.execute(sa.update(_n).where(_n.c.action == "replaced").values(action="dropped"))
    op.execute(sa.delete(_t).where(_t.c.action.in_(_NEW_STEPS)))
    op.drop_index("ix_notification_unread_subject", "notification")
    op.drop_column("proposal_signer", "signed_files")
    op.drop_column("proposal_deadline", "span")
    for name in ("ruling", "answer", "state", "round"):
        op.drop_column("proposal_consultation", name)
