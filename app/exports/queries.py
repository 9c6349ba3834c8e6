"""Reads of whole proposals for documents, under the rule of who sees which."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from app.auth.actor import Actor
from app.core import clock
from app.core.errors import NotFound
from app.core.sql import table
from app.files.models import File
from app.people.models import Organization, Term
from app.people.queries import author_columns, join_author
from app.proposals.lifecycle import LABELS, ON_FILE, State
from app.proposals.models import Proposal, ProposalSigner, ProposalWindow
from app.proposals.queries import visible_to
from app.proposals.rules import KIND_LABELS, SIGNER_LABELS, Kind

#: Proposals read at a time.
BATCH = 50

_p, _s, _w, _o, _t, _f = (
    table(model) for model in (Proposal, ProposalSigner, ProposalWindow, Organization, Term, File)
)


@dataclass(frozen=True)
class Signer:
    """A seat that has signed."""

    role_label: str
    name: str
    sector: str
    post_label: str


@dataclass(frozen=True)
class Attachment:
    """A file that hangs on a proposal; `sha256` names its bytes."""

    name: str
    sha256: str


@dataclass(frozen=True)
class Dossier:
    """A proposal with all that its document says; days are local, `signers` begin with the lead."""

    id: int
    organization: str
    term: str
    window: str | None
    number: int | None
    state_label: str
    kind_label: str
    collective: str | None
    category: str | None
    title: str
    situation: str
    suggestions: str
    submitted_on: date | None
    filed_on: date | None
    signers: Sequence[Signer]
    attachments: Sequence[Attachment]


def dossier(conn: Connection, actor: Actor, proposal_id: int) -> Dossier:
    """One proposal; `NotFound` when the actor may not see it."""
    found = _dossiers(conn, actor, _p.c.id == proposal_id)
    if not found:
        raise NotFound
    return found[0]


def of_window(conn: Connection, actor: Actor, window_id: int, after: int) -> list[Dossier]:
    """The next proposals on file of a window, by number, after number `after`."""
    return _dossiers(conn, actor, *_on_file(window_id), _p.c.number > after)


def count_of_window(conn: Connection, actor: Actor, window_id: int) -> int:
    """How many proposals on file a window has."""
    return conn.execute(
        select(func.count()).select_from(_p).where(visible_to(actor), *_on_file(window_id))
    ).scalar_one()


def _on_file(window_id: int) -> tuple[ColumnElement[bool], ...]:
    return _p.c.window_id == window_id, _p.c.number.is_not(None), _p.c.state.in_(ON_FILE)


def _dossiers(conn: Connection, actor: Actor, *where: ColumnElement[bool]) -> list[Dossier]:
    names = ("id", "number", "state", "kind", "collective", "category", "title", "situation", "suggestions")
    rows = conn.execute(
        select(
            *(_p.c[name] for name in (*names, "submitted_at", "filed_at")),
            _o.c.name.label("organization"),
            _t.c.name.label("term"),
            _w.c.name.label("window"),
        )
        .select_from(
            _p.join(_o, _o.c.id == _p.c.organization_id)
            .join(_t, _t.c.id == _p.c.term_id)
            .outerjoin(_w, _w.c.id == _p.c.window_id)
        )
        .where(visible_to(actor), *where)
        .order_by(_p.c.number, _p.c.id)
        .limit(BATCH)
    )
    found = [dict(row) for row in rows.mappings()]
    ids = [row["id"] for row in found]
    signers, attachments = _signers(conn, ids), _attachments(conn, ids)
    return [_whole(row, signers[row["id"]], attachments[row["id"]], actor.zone) for row in found]


def _whole(
    row: dict[str, Any], signers: Sequence[Signer], attachments: Sequence[Attachment], zone: str
) -> Dossier:
    def day(moment: datetime | None) -> date | None:
        return moment and clock.local_day(moment, zone)

    return Dossier(
        submitted_on=day(row.pop("submitted_at")),
        filed_on=day(row.pop("filed_at")),
        state_label=LABELS[State(row.pop("state"))],
        kind_label=KIND_LABELS[Kind(row.pop("kind"))],
        signers=signers,
        attachments=attachments,
        **row,
    )


def _signers(conn: Connection, ids: Collection[int]) -> defaultdict[int, list[Signer]]:
    rows = conn.execute(
        select(_s.c.proposal_id, _s.c.role, *author_columns(""))
        .select_from(join_author(_s, _s.c.seat_id))
        .where(_s.c.proposal_id.in_(ids), _s.c.state == "accepted")
        .order_by(_s.c.role, _s.c.invited_at, _s.c.seat_id)  # "lead" sorts before "participant"
    )
    found: defaultdict[int, list[Signer]] = defaultdict(list)
    for row in rows:
        found[row.proposal_id].append(Signer(SIGNER_LABELS[row.role], row.name, row.sector, row.post_label))
    return found


def _attachments(conn: Connection, ids: Collection[int]) -> defaultdict[int, list[Attachment]]:
    rows = conn.execute(
        select(_f.c.subject_id, _f.c.name, _f.c.sha256)
        .where(_f.c.subject_type == "proposal", _f.c.subject_id.in_(ids))
        .order_by(_f.c.id)
    )
    found: defaultdict[int, list[Attachment]] = defaultdict(list)
    for row in rows:
        found[row.subject_id].append(Attachment(row.name, row.sha256))
    return found
