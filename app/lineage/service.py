"""Verbs of lineage: begin from a seed, link what is there, take a link back."""

from sqlalchemy import delete
from sqlmodel import Session

from app.audit.service import log as audit
from app.auth import subjects
from app.auth.actor import Actor
from app.auth.permissions import Permission
from app.core import clock, live
from app.core.errors import Conflict, Forbidden
from app.core.sql import advisory_lock, insert_new, table
from app.lineage import queries, rules
from app.lineage.credit import queries as credit_queries
from app.lineage.credit.service import settle, tell_so_far
from app.lineage.facts import queries as fact_queries
from app.lineage.models import LineageLink
from app.lineage.rules import Thing
from app.lineage.schemas import BeginIn, BegunOut, LinkIn, LinkOut
from app.opinions import text as opinions
from app.opinions.schemas import OpinionIn
from app.proposals import text as proposals
from app.proposals.schemas import ProposalIn

_l = table(LineageLink)
_WRITE = {"opinion_report": Permission.OPINION_WRITE, "proposal": Permission.PROPOSAL_WRITE}


def begin(db: Session, actor: Actor, wanted: BeginIn) -> BegunOut:
    """Begin a draft with the words of a seed; who has one from it already goes on with that."""
    if not actor.may(_WRITE[wanted.to_type]):
        raise Forbidden
    conn, seed = db.connection(), (wanted.from_type, wanted.from_id)
    subjects.require(conn, actor, *seed)
    advisory_lock(conn, f"lineage:{actor.organization_id}")
    draft = queries.own_draft(conn, actor, seed, wanted.to_type)
    if draft is None:
        fact = _standing(fact_queries.facts(conn, [seed])[seed])
        day = clock.local_day(fact.at or fact.created_at, actor.zone)
        place = queries.place_of(conn, actor, seed)
        text = rules.opening(seed[0], fact.author_name, day, place, fact.words or "")
        draft = _write(db, actor, wanted.to_type, text)
        add(db, actor.organization_id, seed, (wanted.to_type, draft), actor.account_id)
    path = subjects.subject(wanted.to_type).open(draft)
    return BegunOut(id=draft, path=path)


def _write(db: Session, actor: Actor, kind: rules.Target, text: str) -> int:
    if kind == "opinion_report":
        return opinions.write(db, actor, OpinionIn(body=text)).id
    return proposals.write(db, actor, ProposalIn(situation=text)).id


def _standing(seed: fact_queries.Fact) -> fact_queries.Fact:
    if not seed.stands:
        raise Conflict("这条内容已被隐藏，不能作为线索。", code="seed_hidden", state="hidden")
    return seed


def link(db: Session, actor: Actor, wanted: LinkIn) -> LinkOut:
    """Say that one's own text came of a seed; staff say it of what they deal with. Repeating changes nothing."""
    conn = db.connection()
    seed, outcome = (wanted.from_type, wanted.from_id), (wanted.to_type, wanted.to_id)
    for thing in (seed, outcome):
        subjects.require(conn, actor, *thing)
    advisory_lock(conn, f"lineage:{actor.organization_id}")
    known = fact_queries.facts(conn, [seed, outcome])
    if not queries.may_link(actor, known[outcome]):
        raise Forbidden("只有作者和机关工作人员可以关联来源。", code="not_author")
    if rules.too_late(_standing(known[seed]).created_at, known[outcome].submitted_at):
        raise Conflict("这条内容晚于所写的材料，不能作为它的线索。", code="seed_too_late", state="submitted")
    if queries.closes_a_circle(conn, seed, outcome):
        raise Conflict("这样关联会首尾相接，不能保存。", code="circle", state="linked")
    known_seeds = [one for one, _ in credit_queries.seeds_of(conn, outcome)]
    if add(db, actor.organization_id, seed, outcome, actor.account_id):
        settle(db, actor.organization_id, outcome, actor.account_id)
        tell_so_far(db, actor.organization_id, outcome, actor.account_id, but=known_seeds)
        if known[outcome].account_id != actor.account_id:
            audit(db, actor, "lineage.linked", outcome, seed=f"{seed[0]}:{seed[1]}")
    return LinkOut(id=queries.link_between(conn, seed, outcome))


def add(db: Session, organization_id: int, seed: Thing, outcome: Thing, account_id: int) -> bool:
    """Write a link; False when it stands already."""
    keys = dict(zip(("from_type", "from_id", "to_type", "to_id"), (*seed, *outcome), strict=True))
    row = keys | {"organization_id": organization_id, "at": clock.now(), "account_id": account_id}
    if not insert_new(db.connection(), _l, row, list(keys)):
        return False
    _announce(db, organization_id, outcome, "lineage.linked")
    return True


def remove(
    db: Session, organization_id: int, seed: Thing, outcome: Thing, reason: str, by: int | None
) -> None:
    """Delete a link; the credit that stood on it alone is voided."""
    ends = (_l.c.from_type, _l.c.from_id, _l.c.to_type, _l.c.to_id)
    same = (column == value for column, value in zip(ends, (*seed, *outcome), strict=True))
    db.connection().execute(delete(_l).where(*same))
    settle(db, organization_id, seed, by, reason=reason)
    _announce(db, organization_id, outcome, "lineage.unlinked")


def unlink(db: Session, actor: Actor, link_id: int) -> None:
    """Take a link back, as its author or as staff."""
    conn = db.connection()
    advisory_lock(conn, f"lineage:{actor.organization_id}")
    row = queries.link(conn, actor, link_id)
    seed, outcome = (row.from_type, row.from_id), (row.to_type, row.to_id)
    fact = fact_queries.facts(conn, [outcome])[outcome]
    if not queries.may_link(actor, fact):
        raise Forbidden("只有作者和机关工作人员可以解除关联。", code="not_author")
    if row.from_type == "proposal":
        raise Conflict("转办形成的关联不能解除。", code="converted", state="converted")
    remove(db, actor.organization_id, seed, outcome, "来源关联已解除", actor.account_id)
    if fact.account_id != actor.account_id:
        audit(db, actor, "lineage.unlinked", outcome, seed=f"{seed[0]}:{seed[1]}")


def _announce(db: Session, organization_id: int, outcome: Thing, name: str) -> None:
    channel = {"opinion_report": "opinion"}.get(outcome[0], outcome[0])
    live.emit(db, organization_id, f"{channel}:{outcome[1]}", name, subject=outcome, id=outcome[1])
