"""Statements about what a reader may see, compiled once for all readers of the same roles: a verb builds none of them.

Such a statement is written for an actor like any other. Here the actor is one whose ids and day are parameters.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Connection, Date, Select, bindparam

from app.auth.actor import Actor
from app.auth.permissions import Permission, Role
from app.core.sql import Id

_Kind = tuple[frozenset[Role], frozenset[Permission], bool, bool]


@dataclass(frozen=True)
class _AnyReader:
    """Stands for all actors of the same roles while a statement is written."""

    roles: frozenset[Role]
    permissions: frozenset[Permission]
    seat_id: Any
    seat_ids: Any
    unit_id: Any
    account_id: Any
    organization_id: Any
    today: Any

    def may(self, permission: Permission) -> bool:
        """Whether the readers hold a permission."""
        return permission in self.permissions


def _any_reader(kind: _Kind) -> Actor:
    roles, permissions, has_seat, has_unit = kind
    ids = {name: bindparam(name, type_=Id) for name in ("account_id", "organization_id")}
    return cast(
        "Actor",
        _AnyReader(
            roles,
            permissions,
            seat_id=bindparam("seat_id", type_=Id) if has_seat else None,
            seat_ids=bindparam("seat_ids", type_=Id, expanding=True),
            unit_id=bindparam("unit_id", type_=Id) if has_unit else None,
            today=bindparam("today", type_=Date()),
            **ids,
        ),
    )


class ForReaders:
    """A statement for each kind of readers; `build` writes it for one of them."""

    def __init__(self, build: Callable[[Actor], Select[Any]]) -> None:
        self._build = build
        self._made: dict[_Kind, Select[Any]] = {}

    def first(self, conn: Connection, actor: Actor, **values: Any) -> dict[str, Any] | None:
        """The first row that the actor may see; None when there is none."""
        rows = self.rows(conn, actor, **values)
        return rows[0] if rows else None

    def rows(self, conn: Connection, actor: Actor, **values: Any) -> list[dict[str, Any]]:
        """The rows that the actor may see, by the names of their columns."""
        kind = (actor.roles, actor.permissions, actor.seat_id is not None, actor.unit_id is not None)
        if kind not in self._made:
            self._made[kind] = self._build(_any_reader(kind))
        ids = {name: getattr(actor, name) for name in ("account_id", "organization_id", "seat_id", "unit_id")}
        ids["seat_ids"] = sorted(actor.seat_ids)
        given = ids | values | {"today": actor.today}
        return [dict(row) for row in conn.execute(self._made[kind], given).mappings()]
