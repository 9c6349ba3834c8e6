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
from app.people.bodies.queries import contact, name_of
from app.people.models import Organization, Term, Unit
from app.people.queries import author_columns, join_author
from app.proposals.assignments.lifecycle import ANSWERING, RESULT_LABELS, ResultClass
from app.proposals.assignments.models import ProposalAssignment, ProposalReply
from app.proposals.form import queries as form
from app.proposals.lifecycle import LABELS, ON_FILE
from app.proposals.models import Proposal, ProposalSigner, ProposalWindow
from app.proposals.queries import calls_contact, visible_to
from app.proposals.rules import KIND_LABELS, PERIOD_LABELS, signer_label
from app.proposals.settings.schemas import ProposalRules

#: Columns of what is said beside the text.
_FORM = (
    *("body_id", "period", "publish_consent", "publish_reason", "suggested_unit_ids", "research"),
    "handed_in_on",
)
#: Proposals read at a time.
BATCH = 50

_p, _s, _w, _f = (table(model) for model in (Proposal, ProposalSigner, ProposalWindow, File))
_o, _t, _u = table(Organization), table(Term), table(Unit)
_a, _r = table(ProposalAssignment), table(ProposalReply)


@dataclass(frozen=True)
class Signer:
    """A seat that has signed."""

    role_label: str
    name: str
    sector: str
    post_label: str


@dataclass(frozen=True)
class Attachment:
    """A file that hangs on a proposal or a reply; `sha256` names its bytes."""

    name: str
    sha256: str


@dataclass(frozen=True)
class ReplyLetter:
    """The reply of a unit, once it was sent; `letter` is its class as the organization maps it (A, B, C)."""

    id: int
    unit: str
    body: str
    letter: str
    result_label: str
    replied_on: date
    contact: str | None
    attachments: Sequence[Attachment] = ()


@dataclass(frozen=True)
class Dossier:
    """A proposal with all that its documents say; days are local, `signers` begin with the lead."""

    id: int
    organization: str
    term: str
    window: str | None
    number: int | None
    state_label: str
    kind_label: str
    category: str | None
    title: str
    situation: str
    suggestions: str
    submitted_on: date | None
    filed_on: date | None
    signers: Sequence[Signer]
    attachments: Sequence[Attachment]
    replies: Sequence[ReplyLetter]
    body_name: str | None = None
    contact: str | None = None
    period_label: str | None = None
    publishing: str | None = None
    suggested_units: str | None = None
    research: str | None = None
    on_paper: str | None = None


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
    rows = conn.execute(
        select(
            *(_p.c[name] for name in ("id", "number", "category", "title", "situation", "suggestions")),
            *(_p.c[name] for name in _FORM),
            name_of(_p.c.body_id).label("body_name"),
            calls_contact(actor).label("calls"),
            _o.c.name.label("organization"),
            _t.c.name.label("term"),
            _w.c.name.label("window"),
            *(_p.c[name] for name in ("state", "kind", "submitted_at", "filed_at")),
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
    found = {row["id"]: dict(row) for row in rows.mappings()}
    signers, attachments, replies = (
        _signers(conn, found),
        _attachments(conn, "proposal", found),
        _replies(conn, actor, found),
    )
    return [
        Dossier(
            state_label=LABELS[row.pop("state")],
            kind_label=KIND_LABELS[row.pop("kind")],
            **_form(conn, actor, {name: row.pop(name) for name in (*_FORM, "calls")}),
            submitted_on=_day(row.pop("submitted_at"), actor),
            filed_on=_day(row.pop("filed_at"), actor),
            signers=signers[proposal_id],
            attachments=attachments[proposal_id],
            replies=replies[proposal_id],
            **row,  # what is left is named alike
        )
        for proposal_id, row in found.items()
    ]


def _form(conn: Connection, actor: Actor, of: dict[str, Any]) -> dict[str, Any]:
    """What is said beside the text, in words; the contact person with a phone for those who work on it."""
    person = contact(conn, of["body_id"], whole=of["calls"])
    publishing = {True: "同意公开", False: f"不宜公开：{of['publish_reason'] or '未说明理由'}", None: None}
    units = (
        form.units(conn, actor.organization_id, of["suggested_unit_ids"]) if of["suggested_unit_ids"] else ()
    )
    day = of["handed_in_on"]
    return {
        "contact": "　".join(filter(None, person.values())) or None,
        "period_label": PERIOD_LABELS.get(of["period"]),
        "publishing": publishing[of["publish_consent"]],
        "suggested_units": "、".join(unit["name"] for unit in units) or None,
        "research": of["research"],
        "on_paper": f"{clock.in_words(day)}收到纸质提案，机关代录" if day else None,
    }


def _day(moment: datetime | None, actor: Actor) -> date | None:
    return moment and clock.local_day(moment, actor.zone)


def _signers(conn: Connection, ids: Collection[int]) -> defaultdict[int, list[Signer]]:
    rows = conn.execute(
        select(_s.c.proposal_id, _s.c.role, _p.c.kind, *author_columns(""))
        .select_from(join_author(_s, _s.c.seat_id).join(_p, _p.c.id == _s.c.proposal_id))
        .where(_s.c.proposal_id.in_(ids), _s.c.state == "accepted")
        .order_by(_s.c.role, _s.c.invited_at, _s.c.seat_id)  # "lead" sorts before "participant"
    )
    found: defaultdict[int, list[Signer]] = defaultdict(list)
    for row in rows:
        found[row.proposal_id].append(
            Signer(signer_label(row.kind, row.role), row.name, row.sector, row.post_label)
        )
    return found


def _attachments(conn: Connection, of: str, ids: Collection[int]) -> defaultdict[int, list[Attachment]]:
    rows = conn.execute(
        select(_f.c.subject_id, _f.c.name, _f.c.sha256)
        .where(_f.c.subject_type == of, _f.c.subject_id.in_(ids))
        .order_by(_f.c.id)
    )
    found: defaultdict[int, list[Attachment]] = defaultdict(list)
    for row in rows:
        found[row.subject_id].append(Attachment(row.name, row.sha256))
    return found


def _replies(conn: Connection, actor: Actor, ids: Collection[int]) -> defaultdict[int, list[ReplyLetter]]:
    """The replies that were sent, which everybody sees who sees the proposal; not what units advise each other."""
    rows = conn.execute(
        select(
            *(_r.c[name] for name in ("id", "proposal_id", "body", "result_class", "contact", "replied_at")),
            _u.c.name.label("unit"),
        )
        .select_from(_r.join(_a, _a.c.id == _r.c.assignment_id).join(_u, _u.c.id == _a.c.unit_id))
        .where(_r.c.proposal_id.in_(ids), _r.c.replied_at.is_not(None), _a.c.role.in_(ANSWERING))
        .order_by(_r.c.id)
    ).all()
    letters = ProposalRules.of(conn, actor.organization_id).letters if rows else {}
    files = _attachments(conn, "proposal_reply", [row.id for row in rows])
    found: defaultdict[int, list[ReplyLetter]] = defaultdict(list)
    for row in rows:
        result = ResultClass(row.result_class)
        found[row.proposal_id].append(
            ReplyLetter(
                id=row.id,
                unit=row.unit,
                body=row.body,
                letter=letters[result],
                result_label=RESULT_LABELS[result],
                replied_on=clock.local_day(row.replied_at, actor.zone),
                contact=row.contact,
                attachments=files[row.id],
            )
        )
    return found
