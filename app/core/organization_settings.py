"""Settings of organizations: what each has set, as its row keeps it, by group; what it has not set is the default.

A group is a pydantic model beside the rule that it serves; `Says` tells people what one of its fields means. All groups
together are `app/settings/groups.py`.
"""

from collections.abc import Collection, Mapping
from typing import Any, ClassVar, NamedTuple, Self

from sqlalchemy import ColumnElement, Connection, and_, bindparam, column, or_, select
from sqlalchemy import table as named

from app.core.config import Settings, settings
from app.core.language.text import Input
from app.core.sql import Json

# The package `people` stands above this one: its table is named here, not imported.
_o = named("organization", column("id"), column("settings", Json))
_SETTINGS = select(_o.c.settings).where(_o.c.id == bindparam("organization_id"))


class Says(NamedTuple):
    """What a setting is called, what it does, and what its number counts, in Chinese."""

    label: str
    explanation: str
    unit: str = ""


class SettingsGroup(Input):
    """Settings of one subject; validated together."""

    #: The key under which an organization keeps it.
    group: ClassVar[str]
    says: ClassVar[Says]

    @classmethod
    def defaults(cls, config: Settings) -> dict[str, Any]:
        """Defaults that are the machine's; of the other fields those that the model says."""
        del config
        return {}

    @classmethod
    def says_of(cls, name: str) -> Says:
        """What a field means."""
        return next(part for part in cls.model_fields[name].metadata if isinstance(part, Says))

    @classmethod
    def read(cls, stored: Mapping[str, Any], config: Settings | None = None) -> Self:
        """The group in the settings of an organization's row."""
        chosen = {key: value for key, value in stored.get(cls.group, {}).items() if key in cls.model_fields}
        return cls.model_validate(cls.defaults(config or settings()) | chosen)

    @classmethod
    def of(cls, conn: Connection, organization_id: int, config: Settings | None = None) -> Self:
        """The group of an organization."""
        return cls.read(stored(conn, organization_id), config)


def stored(conn: Connection, organization_id: int) -> dict[str, Any]:
    """What an organization has set, by group."""
    settings_of_row: dict[str, Any] = conn.scalar(_SETTINGS, {"organization_id": organization_id}) or {}
    return settings_of_row


def all_stored(
    conn: Connection, organization_ids: Collection[int] | None = None
) -> dict[int, dict[str, Any]]:
    """What some organizations (all) have set, by id and group."""
    found = select(_o.c.id, _o.c.settings)
    if organization_ids is not None:
        found = found.where(_o.c.id.in_(organization_ids))
    return {row.id: row.settings or {} for row in conn.execute(found)}


def any_of(
    organization: ColumnElement[int], conditions: Mapping[int, ColumnElement[bool]]
) -> ColumnElement[bool]:
    """Rows for which the condition of their own organization holds."""
    return or_(False, *(and_(organization == of, condition) for of, condition in conditions.items()))
