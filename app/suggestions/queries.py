"""Reads of a member's suggestions: the list, and the figures above it, from the same rows."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from app.auth import subjects
from app.auth.actor import Actor
from app.core.paging import before, decode_cursor, page
from app.core.sql import table
from app.findings.lifecycle import FATE_LABELS, Fate
from app.findings.lifecycle import LIFECYCLE as FINDINGS
from app.opinions.lifecycle import LABELS as OPINIONS
from app.opinions.lifecycle import TIER_LABELS
from app.proposals.assignments.lifecycle import RESULT_LABELS, ResultClass
from app.proposals.assignments.models import ProposalCommitment
from app.proposals.handling.queries.commitments import STATE_LABELS as COMMITMENTS
from app.proposals.lifecycle import LABELS as PROPOSALS
from app.suggestions.rules import SOURCE_LABELS, STAGE_LABELS, Stage, SuggestionSource
from app.suggestions.sources import suggestions

_c = table(ProposalCommitment)
_STATES: Mapping[SuggestionSource, Mapping[Any, str]] = {
    SuggestionSource.FINDING: FINDINGS.labels,
    SuggestionSource.PROPOSAL: PROPOSALS,
    SuggestionSource.OPINION: OPINIONS,
    SuggestionSource.REPLY: {"answered": "机关已回应"},
    SuggestionSource.COMMITMENT: COMMITMENTS,
}


def page_of_suggestions(
    conn: Connection,
    actor: Actor,
    source: SuggestionSource | None,
    stage: Stage | None,
    cursor: str | None,
    limit: int,
) -> dict[str, Any]:
    """My suggestions, what changed last first, with how many there are of each source and stage."""
    of = suggestions(actor)
    found, keys = select(of), [of.c.at, of.c.source, of.c.id]
    for column, value in ((of.c.source, source), (of.c.stage, stage)):
        if value is not None:
            found = found.where(column == value)
    if cursor:
        found = found.where(before(keys, decode_cursor(cursor, datetime, str, int)))
    found = found.order_by(*(key.desc() for key in keys)).limit(limit + 1)
    rows = page([dict(row) for row in conn.execute(found).mappings()], limit, ["at", "source", "id"])
    return {
        "items": _said(conn, actor, rows["items"]),
        "next": rows["next"],
        "figures": _figures(conn, of, source, stage),
    }


def _said(conn: Connection, actor: Actor, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows as `SuggestionRow`, their links in a statement for each kind of subject."""
    promised = [row["id"] for row in rows if row["source"] == SuggestionSource.COMMITMENT]
    query = select(_c.c.id, _c.c.proposal_id).where(_c.c.id.in_(promised))
    made_for = {row.id: row.proposal_id for row in conn.execute(query)} if promised else {}
    places = {
        (row["source"], row["id"]): ("proposal", made_for[row["id"]])
        if row["source"] == SuggestionSource.COMMITMENT
        else (row["source"], row["id"])
        for row in rows
    }
    links = subjects.links(conn, actor, set(places.values()))
    return [_one(row, links.get(places[row["source"], row["id"]])) for row in rows]


def _one(row: dict[str, Any], link: subjects.Link | None) -> dict[str, Any]:
    source, fate, result = SuggestionSource(row["source"]), row["fate"], row["result"]
    said, state = result, _STATES[source][row["state"]]
    if (
        source is SuggestionSource.PROPOSAL and fate
    ):  # 已办结 alone would not say that it is still being solved
        state = RESULT_LABELS[ResultClass(fate)]
    elif source is SuggestionSource.OPINION:
        said = result and f"{TIER_LABELS[result]}采用" if row["stage"] == Stage.ADOPTED else None
    elif source is SuggestionSource.COMMITMENT:
        said = f"来自提案《{result}》"
    elif source is SuggestionSource.FINDING and fate:
        state = FATE_LABELS[Fate(fate)]
    return {
        **{name: row[name] for name in ("source", "id", "at", "stage", "unit")},
        "title": " ".join(row["title"].split()),
        "source_label": SOURCE_LABELS[source],
        "stage_label": STAGE_LABELS[Stage(row["stage"])],
        "state_label": state,
        "result": said,
        "path": link and link.path,
    }


def _figures(
    conn: Connection, of: Any, source: SuggestionSource | None, stage: Stage | None
) -> dict[str, list[dict[str, Any]]]:
    """Each figure counts what the list holds when it is chosen beside the other filter as it is."""
    grouped = select(of.c.source, of.c.stage, func.count().label("count")).group_by(of.c.source, of.c.stage)
    rows = conn.execute(grouped).all()

    def counted(name: str, labels: Mapping[Any, str], other: str, chosen: str | None) -> list[dict[str, Any]]:
        kept = [row for row in rows if chosen is None or getattr(row, other) == chosen]
        return [
            {"code": code, "label": label, "count": sum(r.count for r in kept if getattr(r, name) == code)}
            for code, label in labels.items()
        ]

    return {
        "stages": counted("stage", STAGE_LABELS, "source", source),
        "sources": counted("source", SOURCE_LABELS, "stage", stage),
    }
