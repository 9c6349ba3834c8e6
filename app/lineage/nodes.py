"""The reply, update, report, proposal or matter that a pair of columns (type, id) names, as one joined thing."""

from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, func, or_, select
from sqlmodel import SQLModel

from app.consultations.matters.models import Matter
from app.core.sql import alias, table
from app.feed.models import Update
from app.opinions.lifecycle import OpinionState
from app.opinions.models import OpinionReport
from app.proposals.lifecycle import ON_FILE, ProposalState
from app.proposals.models import Proposal
from app.threads.models import Reply

_MODELS: dict[str, type[SQLModel]] = {
    "reply": Reply,
    "update": Update,
    "opinion_report": OpinionReport,
    "proposal": Proposal,
    "matter": Matter,
}
#: Characters of a reply or an update that stand for it.
EXCERPT = 60


class LineageNode:
    """What stands at `(type, id)`: of the four outer joins one matches; `name` tells several of them apart.

    `stands`: neither deleted nor hidden; `draft`: nobody but its author decides what becomes of it; `taken_up`: filed,
    issued or adopted; `bore_fruit`: what it asked for was done.
    """

    def __init__(self, name: str, type: ColumnElement[str], id: ColumnElement[Any]) -> None:
        self._type, self._id = type, id
        self._tables = {kind: alias(table(model), f"{name}_{kind}") for kind, model in _MODELS.items()}
        r, u, o, p, m = (t.c for t in self._tables.values())
        all_of_them = (r, u, o, p, m)
        self.account_id = func.coalesce(*(t.account_id for t in all_of_them))
        self.seat_id = func.coalesce(*(t.seat_id for t in all_of_them))
        self.created_at = func.coalesce(*(t.created_at for t in all_of_them))
        self.submitted_at = func.coalesce(o.submitted_at, p.submitted_at)
        self.at = func.coalesce(
            r.created_at, u.created_at, o.submitted_at, p.filed_at, p.submitted_at, m.created_at
        )
        self.words = func.coalesce(r.body, u.body, o.body, m.body)
        self.title = func.coalesce(
            func.substr(r.body, 1, EXCERPT), func.substr(u.body, 1, EXCERPT), o.title, p.title, m.title
        )
        self.state = func.coalesce(o.state, p.state)
        gone = (r.deleted_at, r.hidden_at, u.deleted_at, u.hidden_at, o.deleted_at, p.deleted_at)
        self.stands = and_(*(moment.is_(None) for moment in gone), m.state.is_distinct_from("withdrawn"))
        unsubmitted = p.state.in_((ProposalState.DRAFT, ProposalState.CONFIRMING)) & p.submitted_at.is_(None)
        self.draft = or_(o.state == OpinionState.DRAFT, unsubmitted)
        main = alias(table(Proposal), f"{name}_main")
        with_main = select(main.c.id).where(main.c.id == p.merged_into_id, main.c.state.in_(ON_FILE)).exists()
        self.taken_up = and_(
            self.stands,
            or_(
                o.state.in_((OpinionState.ISSUED, OpinionState.ADOPTED)),
                p.state.in_(ON_FILE),
                (p.state == ProposalState.MERGED) & with_main,
            ),
        )
        self.bore_fruit = and_(self.stands, p.state.in_(ON_FILE), p.result_class == "solved")

    def to(self, source: FromClause) -> FromClause:
        """`source`, which holds the pair of columns, joined with the thing."""
        for kind, of in self._tables.items():
            source = source.outerjoin(of, and_(self._type == kind, of.c.id == self._id))
        return source
