"""What was written on the platform, as documents: a proposal from its submission on, an opinion report once issued.

Proposals under review stand in the library for near-duplicates only; `queries.visible_to` shows those on file.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, func, select

from app.core import clock
from app.core.sql import table
from app.library.facts import DocumentFacts
from app.library.queries import ISSUED, PROPOSAL_TEXT
from app.library.rules import DocumentKind
from app.opinions.models import OpinionReport
from app.people.models import Organization
from app.proposals.lifecycle import ON_FILE, UNDER_REVIEW
from app.proposals.models import Proposal

_p, _r, _o = table(Proposal), table(OpinionReport), table(Organization)


def _held(of: Table, body: ColumnElement[str], dated: ColumnElement[datetime]) -> Select[Any]:
    return (
        select(
            of.c.id, of.c.organization_id, of.c.title, body.label("body"), dated.label("at"), _o.c.timezone
        )
        .join(_o, _o.c.id == of.c.organization_id)
        .where(of.c.deleted_at.is_(None))
    )


#: What the library holds of each kind of subject; they are named as the kinds of documents are.
_HELD = {
    DocumentKind.PROPOSAL: _held(_p, PROPOSAL_TEXT, func.coalesce(_p.c.filed_at, _p.c.submitted_at)).where(
        _p.c.state.in_(UNDER_REVIEW | ON_FILE)
    ),
    DocumentKind.OPINION_REPORT: _held(
        _r, _r.c.body, func.coalesce(_r.c.submitted_at, _r.c.created_at)
    ).where(_r.c.state.in_(ISSUED)),
}
KINDS = tuple(_HELD)


def held(kind: DocumentKind) -> Select[int]:
    """The ids of the subjects of a kind that belong to the library."""
    return _HELD[kind].with_only_columns(_HELD[kind].selected_columns.id)


def facts(conn: Connection, kind: DocumentKind, ids: Collection[int]) -> list[DocumentFacts]:
    """The documents of those of `ids` that belong to the library."""
    of = _HELD[kind]
    return [
        DocumentFacts(
            organization_id=row.organization_id,
            ref=f"{kind}:{row.id}",
            kind=kind,
            title=row.title,
            dated_on=clock.local_day(row.at, row.timezone),
            body=row.body,
            subject_type=kind,
            subject_id=row.id,
        )
        for row in conn.execute(of.where(of.selected_columns.id.in_(ids)).order_by(of.selected_columns.id))
    ]
