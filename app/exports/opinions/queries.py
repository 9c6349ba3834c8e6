"""Reads of an opinion report for its printed issue, under the rule of who sees which."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from app.auth.actor import Actor
from app.auth.permissions import Permission
from app.core import clock
from app.core.errors import Forbidden
from app.core.sql import table
from app.opinions import queries
from app.opinions.lifecycle import COMPILED, ENTERED, TAKEN_IN, OpinionAction
from app.opinions.track import queries as track_queries
from app.people.models import Organization

_o = table(Organization)
_BEGINS_EDITING = frozenset({OpinionAction.START_EDITING, COMPILED, TAKEN_IN, ENTERED})


@dataclass(frozen=True)
class Issue:
    """What an issue says; `number` only once it was issued, else `state_label` stands in its place."""

    organization: str
    number: str | None
    state_label: str
    title: str
    body: str
    authors: tuple[str, ...]
    tiers: tuple[str, ...]
    editor: str | None
    issuer: str | None
    day: date


def issue(conn: Connection, actor: Actor, report_id: int, number: int | None) -> Issue:
    """All that the issue of a report says; `NotFound` when the actor may not see it.

    A `number` of the office's own goes before the counted one: readers do not number an issue (`Forbidden`).
    """
    report = queries.read(conn, actor, report_id)
    if number is not None and not actor.may(Permission.OPINION_EDIT):
        raise Forbidden("期号由编辑信息的科室填写。", code="number_not_yours")
    steps = [step for step in track_queries.track(conn, actor, report_id)["steps"] if not step["undone"]]
    counted = number or report["issue_number"]
    year = report["issue_year"] or clock.local_day(clock.now(), actor.zone).year
    upward = [step for step in steps if step["action"] in {OpinionAction.ISSUE, OpinionAction.FORWARD}]
    editors = [step["actor"] for step in steps if step["action"] in _BEGINS_EDITING]
    issuers = [step["actor"] for step in steps if step["action"] == OpinionAction.ISSUE]
    sources = report["sources"] or [report]
    named = (_author(source["author_name"], source["author_sector"]) for source in sources)
    return Issue(
        organization=conn.execute(select(_o.c.name).where(_o.c.id == actor.organization_id)).scalar_one(),
        number=f"{year}年第{counted}期" if counted else None,
        state_label=report["state_label"],
        title=report["title"],
        body=report["body"],
        authors=tuple(dict.fromkeys(name for name in named if name)),
        tiers=tuple(dict.fromkeys(step["tier_label"] for step in upward)),
        editor=editors[-1] if editors else None,
        issuer=issuers[-1] if issuers else None,
        day=clock.local_day(report["issued_at"] or clock.now(), actor.zone),
    )


def _author(name: str | None, sector: str | None) -> str | None:
    return f"{name}（{sector}）" if name and sector else name
