"""What a body put forward or was invited to, as rows of the same columns for each sort."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, literal, or_, select

from app.activities.models import Activity, ActivityBody
from app.activities.rules import KIND_LABELS
from app.body_pages.rules import Work
from app.core.sql import AnyRow, table
from app.deliberation.models import Topic, TopicBody, TopicCommittee, TopicSector
from app.opinions.lifecycle import LABELS as OPINIONS
from app.opinions.lifecycle import OpinionState
from app.opinions.models import OpinionReport
from app.proposals.lifecycle import LABELS as PROPOSALS
from app.proposals.lifecycle import ON_FILE
from app.proposals.models import Proposal

_p, _o, _a, _t = table(Proposal), table(OpinionReport), table(Activity), table(Topic)
_ab, _tb, _ts, _tc = table(ActivityBody), table(TopicBody), table(TopicSector), table(TopicCommittee)
#: What the parts of each sort are called.
PARTS: Mapping[Work, Mapping[Any, str]] = {
    Work.PROPOSAL: PROPOSALS,
    Work.OPINION: OPINIONS,
    Work.TOPIC: {},
    Work.ACTIVITY: KIND_LABELS,
}


def _row(of: Any, at: ColumnElement[datetime], part: ColumnElement[str], *only: Any) -> Select[Any]:
    return select(of.c.id, at.label("at"), part.label("part")).where(*only)


def _proposals(body: AnyRow) -> Select[Any]:
    on_file = _p.c.state.in_(ON_FILE) & _p.c.deleted_at.is_(None)
    return _row(_p, _p.c.filed_at, _p.c.state, _p.c.body_id == body.id, on_file)


def _opinions(body: AnyRow) -> Select[Any]:
    handed_in = (_o.c.state != OpinionState.DRAFT) & _o.c.deleted_at.is_(None)
    return _row(_o, _o.c.submitted_at, _o.c.state, _o.c.body_id == body.id, handed_in)


def _topics(body: AnyRow) -> Select[Any]:
    """The body of a sector or committee is invited as that sector or committee."""
    invited = or_(
        _t.c.id.in_(select(_tb.c.topic_id).where(_tb.c.body_id == body.id)),
        _t.c.id.in_(select(_ts.c.topic_id).where(_ts.c.sector_id == body.sector_id)),
        _t.c.id.in_(select(_tc.c.topic_id).where(_tc.c.committee_id == body.committee_id)),
    )
    published = _t.c.published_at.is_not(None) & _t.c.invited_only
    return _row(_t, _t.c.opens_at, literal(""), published, invited)


def _activities(body: AnyRow) -> Select[Any]:
    invited = _a.c.id.in_(select(_ab.c.activity_id).where(_ab.c.body_id == body.id))
    return _row(_a, _a.c.starts_at, _a.c.kind, invited, _a.c.cancelled_at.is_(None))


_SOURCES: dict[Work, Callable[[AnyRow], Select[Any]]] = {
    Work.PROPOSAL: _proposals,
    Work.OPINION: _opinions,
    Work.TOPIC: _topics,
    Work.ACTIVITY: _activities,
}


def works(work: Work, body: AnyRow, since: datetime, until: datetime) -> Select[Any]:
    """Id, moment and part of what a body did of a sort from a moment up to another."""
    found = _SOURCES[work](body)
    at: ColumnElement[datetime] = found.selected_columns["at"].element
    return found.where(at >= since, at < until)
