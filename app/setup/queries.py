"""Reads of setup: what is there, what is missing, and who can see to it."""

from typing import Any

from sqlalchemy import Connection, select

from app.auth.actor import Actor
from app.auth.areas import granted
from app.auth.models import Account, AccountRole
from app.auth.permissions import GRANTS, ROLE_LABELS, Permission, Role
from app.core.sql import table
from app.people.models import Term
from app.people.models_offices import Office
from app.setup import steps
from app.setup.steps import STEPS, Conference, Part

_a, _r, _o, _t = table(Account), table(AccountRole), table(Office), table(Term)
#: Names of those who can see to a step: more would be a list to search.
_HELPERS = 5


def progress(conn: Connection, actor: Actor) -> dict[str, Any]:
    """The eight steps with what is there; for those that are not the actor's, who can see to them."""
    place = Conference(actor.organization_id, _present_term(conn, actor), actor.today)
    counts = conn.execute(steps.counts(place)).mappings().one()
    others = None if all(actor.may(step.permission) for step in STEPS) else _staff(conn, actor)
    found = []
    for step in STEPS:
        parts = [_part(part, counts) for part in step.parts]
        may = actor.may(step.permission)
        found.append(
            {
                "key": step.key,
                "key_label": step.label,
                "done": all(part["done"] for part in parts),
                "may": may,
                "helpers": [] if may else _helpers(others or [], step.permission),
                "parts": parts,
            }
        )
    return {"done": all(step["done"] for step in found), "steps": found}


def _part(part: Part, counts: Any) -> dict[str, Any]:
    count, total = counts[part.key], counts[f"{part.key}_total"]
    return {
        "key": part.key,
        "key_label": part.label,
        "count": count,
        "total": total,
        "done": count > 0 and count == (count if total is None else total),
        "imports": part.imports,
    }


def _present_term(conn: Connection, actor: Actor) -> int | None:
    """The term of today, else the next one: it is set up before it begins."""
    found = select(_t.c.id).where(_t.c.organization_id == actor.organization_id, _t.c.ends_on >= actor.today)
    return conn.scalar(found.order_by(_t.c.starts_on).limit(1))


def _staff(conn: Connection, actor: Actor) -> list[tuple[str, Role, frozenset[Permission]]]:
    """Who works for the organization and can log in: name, role and what it allows everywhere."""
    held = (
        select(_a.c.name, _r.c.role, _o.c.areas)
        .select_from(_r)
        .join(_a, _a.c.id == _r.c.account_id)
        .outerjoin(_o, _o.c.id == _r.c.office_id)
        .where(
            _r.c.organization_id == actor.organization_id,
            _r.c.role.in_((Role.SECRETARIAT, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN)),
            _r.c.ends_on.is_(None) | (_r.c.ends_on >= actor.today),
            _a.c.disabled_at.is_(None),
            _o.c.committee_id.is_(None),
        )
        .order_by(_a.c.id)
    )
    return [
        (name, Role(role), GRANTS[Role(role)] if areas is None else granted(tuple(areas)))
        for name, role, areas in conn.execute(held)
    ]


def _helpers(
    staff: list[tuple[str, Role, frozenset[Permission]]], permission: Permission
) -> list[dict[str, str]]:
    able = dict.fromkeys((name, ROLE_LABELS[role]) for name, role, granted in staff if permission in granted)
    return [{"name": name, "role_label": label} for name, label in list(able)[:_HELPERS]]
