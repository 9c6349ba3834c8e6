"""Reads of the library, and the one rule of who sees which document."""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, false, func, select

from app.auth import subjects
from app.auth.actor import Actor
from app.casefiles import reads
from app.core.paging import PageRows, before, decode_cursor, page
from app.core.sql import table
from app.library import rules, tokenizer
from app.library.models import INDEX, LibraryDocument
from app.library.rules import KIND_LABELS, DocumentKind
from app.opinions import queries as opinions
from app.opinions.lifecycle import LABELS as REPORT_LABELS
from app.opinions.lifecycle import OpinionState as ReportState
from app.opinions.models import OpinionReport
from app.proposals import queries as proposals
from app.proposals.assignments.lifecycle import RESULT_LABELS
from app.proposals.lifecycle import LABELS as PROPOSAL_LABELS
from app.proposals.lifecycle import ON_FILE
from app.proposals.models import Proposal, ProposalWindow

_d, _p, _w, _r = table(LibraryDocument), table(Proposal), table(ProposalWindow), table(OpinionReport)

#: A proposal as one text.
PROPOSAL_TEXT = _p.c.situation + "\n" + _p.c.suggestions
#: The states in which an opinion report belongs to the library.
ISSUED = frozenset({ReportState.ISSUED, ReportState.ADOPTED})


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Imported documents by their kind; what was written here when it is on file or issued, by the rule of its own."""
    brought_in = _d.c.subject_id.is_(None) & _d.c.kind.in_(rules.kinds_seen(actor))
    on_file = _p.c.state.in_(ON_FILE) & proposals.visible_to(actor)
    issued = _r.c.state.in_(ISSUED) & opinions.visible_to(actor)
    return (_d.c.organization_id == actor.organization_id) & (brought_in | on_file | issued)


def visible_documents(conn: Connection, actor: Actor, ids: Collection[int]) -> set[int]:
    """Which of `ids` the actor may see."""
    return set(conn.scalars(_joined(_d.c.id).where(_d.c.id.in_(ids), visible_to(actor))))


subjects.register(
    subjects.Subject(
        "library_document",
        "资料",
        visible_documents,
        "/api/v1/library/documents/{id}",
        titles=subjects.titled(_d.c.id, _d.c.title),
    )
)


def _joined(*columns: ColumnElement[Any]) -> Select[Any]:
    """Documents with the proposal or report that they were written as."""
    of_proposal = (_d.c.subject_type == "proposal") & (_p.c.id == _d.c.subject_id)
    of_report = (_d.c.subject_type == "opinion_report") & (_r.c.id == _d.c.subject_id)
    return select(*columns).select_from(
        _d.outerjoin(_p, of_proposal).outerjoin(_w, _w.c.id == _p.c.window_id).outerjoin(_r, of_report)
    )


def rows_seen(actor: Actor, *further: ColumnElement[Any]) -> Select[Any]:
    """A SELECT of the documents that the actor sees, with what became of them."""
    return _joined(
        *(_d.c[name] for name in ("id", "kind", "title", "dated_on", "source", "outcome")),
        *(_d.c[name] for name in ("subject_type", "subject_id")),
        func.coalesce(_p.c.state, _r.c.state).label("state"),
        *(_p.c[name] for name in ("number", "result_class")),
        _w.c.name.label("window_name"),
        *further,
    ).where(visible_to(actor))


def labelled(row: dict[str, Any]) -> dict[str, Any]:
    """A row of `rows_seen` as it goes out: with the Chinese of its codes, and the path to what it was written as."""
    kind, subject_id = row.pop("subject_type"), row.pop("subject_id")
    labels = PROPOSAL_LABELS if kind == "proposal" else REPORT_LABELS
    return row | {
        "kind_label": KIND_LABELS[row["kind"]],
        "state_label": labels[row["state"]] if kind else None,
        "result_class_label": RESULT_LABELS.get(row["result_class"]),
        "path": subjects.subject(kind).open(subject_id) if kind else None,
    }


def page_of_documents(
    conn: Connection,
    actor: Actor,
    cursor: str | None,
    limit: int,
    *,
    q: str | None,
    kind: DocumentKind | None,
) -> PageRows:
    """A page of documents, newest first: those in which all of `q` stands."""
    found = rows_seen(actor)
    if q:
        phrases = tokenizer.phrases(q)
        # materialized: PostgreSQL would else read the words of every document on its way through the days
        matching = (
            INDEX.matching(conn, phrases).cte("matching").prefix_with("MATERIALIZED") if phrases else None
        )
        found = found.where(false() if matching is None else _d.c.id.in_(select(matching.c.id)))
    if kind is not None:
        found = found.where(_d.c.kind == kind)
    keys = [_d.c.dated_on, _d.c.id]
    if cursor:
        found = found.where(before(keys, decode_cursor(cursor, date, int)))
    found = found.order_by(*(key.desc() for key in keys)).limit(limit + 1)
    shown = page([labelled(dict(r)) for r in conn.execute(found).mappings()], limit, ["dated_on", "id"])
    bodies = _bodies(conn, [row["id"] for row in shown["items"]]) if q else {}
    for row in shown["items"]:
        row["excerpt"] = tokenizer.excerpt(q, bodies[row["id"]]) if q else None
    return shown


def _bodies(conn: Connection, ids: Collection[int]) -> dict[int, str]:
    """Texts by id: of a page alone, for sorting would carry along those of all that match."""
    rows = conn.execute(select(_d.c.id, _d.c.body).where(_d.c.id.in_(ids)))
    return {row.id: row.body for row in rows}


def read(conn: Connection, actor: Actor, document_id: int) -> dict[str, Any]:
    """One document whole; `NotFound` when it may not be seen."""
    found = rows_seen(actor, _d.c.body).where(_d.c.id == document_id)
    row = reads.only(conn, found)
    return labelled(dict(row))
