"""Reads by likeness: earlier cases beside what is being written, and proposals that may be merged.

The rarest terms of a text name the documents that may be like it; the few that share most of them are compared whole.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from sqlalchemy import Connection, Select, desc, func, select

from app.auth.actor import Actor
from app.core.errors import NotFound
from app.core.language.fulltext import ALL
from app.core.language.words import pieces
from app.core.paging import PageRows
from app.core.sql import table
from app.library import queries, rules, tokenizer
from app.library.models import INDEX, LibraryDocument
from app.library.rules import COMPARED, NEARLY_THE_SAME
from app.library.schemas import SimilarIn
from app.people.queries import author_columns, join_author
from app.proposals import queries as proposals
from app.proposals.lifecycle import LABELS, ON_FILE, UNDER_REVIEW
from app.proposals.models import Proposal, ProposalWindow

_d, _p, _w = table(LibraryDocument), table(Proposal), table(ProposalWindow)
_text = func.substr(_d.c.body, 1, COMPARED).label("text")
#: Documents that are looked up at once, those that are compared whole, and the most that are shown.
_LOOKED_UP, _CANDIDATES, _SHOWN = 60, 24, 10


def similar(conn: Connection, actor: Actor, typed: SimilarIn) -> PageRows:
    """Earlier cases that are like what was typed so far, those most alike first.

    A title is held against titles, and all that was typed against whole documents: the better of the two counts.
    """
    found = [queries.labelled(row) for row in alike(conn, actor, typed)]
    return {"items": found, "next": None}


def alike(conn: Connection, actor: Actor, typed: SimilarIn) -> list[dict[str, Any]]:
    """The rows of `similar`, with their `subject_type` and `subject_id`, before they are labelled."""
    titles, all_ = tokenizer.of_title(typed.title), pieces(f"{typed.title}\n{typed.text[:COMPARED]}")
    weights, telling = _weights(conn, titles | all_)
    wanted = queries.rows_seen(actor, _text).where(_d.c.kind.in_(typed.kinds))
    found = []
    for row in _closest(conn, telling, wanted):
        whole = pieces(f"{row['title']}\n{row.pop('text')}")
        shares = [
            (rules.share(weights, typed_, there), len(typed_))
            for typed_, there in ((titles, tokenizer.of_title(row["title"])), (all_, whole))
        ]
        if any(rules.alike(*one) for one in shares):
            found.append(row | {"similarity": round(max(shares)[0], 3)})
    return _best(found)["items"]


def duplicates(conn: Connection, actor: Actor, proposal_id: int) -> PageRows:
    """Proposals of the same term, under review or on file, that say nearly the same, those most alike first."""
    own = select(_p.c.term_id, _p.c.title, queries.PROPOSAL_TEXT.label("text"))
    one = conn.execute(own.where(_p.c.id == proposal_id, proposals.visible_to(actor))).one_or_none()
    if one is None:
        raise NotFound
    mine = pieces(f"{one.title}\n{one.text[:COMPARED]}")
    weights, telling = _weights(conn, mine)
    wanted = (
        select(
            *(_p.c[name] for name in ("id", "title", "state", "number", "submitted_at", "filed_at")),
            _w.c.name.label("window_name"),
            *author_columns(),
            _text,
        )
        .select_from(join_author(_p, _p.c.seat_id).outerjoin(_w, _w.c.id == _p.c.window_id))
        .join(_d, (_d.c.subject_type == "proposal") & (_d.c.subject_id == _p.c.id))
        .where(
            _p.c.id != proposal_id,
            _p.c.term_id == one.term_id,
            _p.c.state.in_(UNDER_REVIEW | ON_FILE),
            proposals.visible_to(actor),
        )
    )
    found = []
    for row in _closest(conn, telling, wanted):
        theirs = pieces(f"{row['title']}\n{row.pop('text')}")
        alike = rules.likeness(rules.share(weights, mine, theirs), len(mine), len(theirs))
        if alike >= NEARLY_THE_SAME:
            found.append(row | {"state_label": LABELS[row["state"]], "similarity": round(alike, 3)})
    return _best(found)


def _weights(conn: Connection, terms: AbstractSet[str]) -> tuple[dict[str, float], dict[str, float]]:
    """What each term tells, and the same of those that are looked up."""
    documents = INDEX.documents(conn, terms | {ALL})
    weights = rules.weights(terms, documents)
    return weights, {term: weights[term] for term in rules.telling(terms, documents)}


def _closest(conn: Connection, telling: Mapping[str, float], wanted: Select[Any]) -> list[dict[str, Any]]:
    """The rows of `wanted`, a SELECT from documents, that share most of what tells.

    Looked up by their ids: joined with the index they led SQLite through all documents of the organization.
    """
    if not telling:
        return []
    ids = conn.scalars(INDEX.sharing(conn, telling).order_by(desc("weight"), desc("id"))).all()
    wanted, found = wanted.add_columns(_d.c.id.label("document_id")), list[dict[str, Any]]()
    for start in range(0, len(ids), _LOOKED_UP):
        some = ids[start : start + _LOOKED_UP]
        rows = {row["document_id"]: row for row in conn.execute(wanted.where(_d.c.id.in_(some))).mappings()}
        found += [dict(rows[i]) for i in some if i in rows]
        if len(found) >= _CANDIDATES:
            break
    for row in found:
        del row["document_id"]
    return found[:_CANDIDATES]


def _best(found: list[dict[str, Any]]) -> PageRows:
    return {"items": sorted(found, key=lambda row: -row["similarity"])[:_SHOWN], "next": None}
