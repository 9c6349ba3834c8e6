"""Kinds of imports: who may import what, and the importer that commands use too."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from app.activities.attendance import imports as attendance
from app.auth.permissions import Permission
from app.consultations.venues import imports as venues
from app.contacts import imports as contacts
from app.core.db import Database
from app.core.excel.reader import Source
from app.core.excel.report import ImportReport, Progress
from app.duty.imports import service as duty
from app.people.bodies import imports as bodies
from app.people.roster import imports
from app.people.setup import imports as setup_imports
from app.projects import imports as projects


class ImportKind(StrEnum):
    """What a workbook holds."""

    MEMBERS = "members"
    UNITS = "units"
    BODIES = "bodies"
    ATTENDANCE = "attendance"
    DUTY = "duty"
    CONTACTS = "contacts"
    PROJECTS = "projects"
    VENUES = "venues"


@dataclass(frozen=True)
class Run:
    """What an importer works on; `options` are those that its kind takes."""

    database: Database
    source: Source
    organization_id: int
    options: dict[str, Any]
    check: bool
    progress: Progress


@dataclass(frozen=True)
class ImportDefinition:
    """One kind: its label, who may import it, the importer, its template, the options that it takes."""

    label: str
    permission: Permission
    importer: Callable[..., ImportReport]
    template: Callable[[Path], None]
    options: frozenset[str] = frozenset()

    def run(self, run: Run) -> ImportReport:
        """Check or write."""
        taken = {name: value for name, value in run.options.items() if name in self.options}
        return self.importer(
            run.database, run.source, run.organization_id, check=run.check, progress=run.progress, **taken
        )


KINDS = {
    ImportKind.MEMBERS: ImportDefinition(
        "委员名册",
        Permission.PEOPLE_MANAGE,
        imports.import_roster,
        imports.template,
        frozenset({"create_groups"}),
    ),
    ImportKind.UNITS: ImportDefinition(
        "承办单位", Permission.PEOPLE_MANAGE, setup_imports.import_units, setup_imports.unit_template
    ),
    ImportKind.BODIES: ImportDefinition(
        "参加单位", Permission.PEOPLE_MANAGE, bodies.import_bodies, bodies.template
    ),
    ImportKind.ATTENDANCE: ImportDefinition(
        "出席情况",
        Permission.ACTIVITY_MANAGE,
        attendance.import_attendance,
        attendance.template,
        frozenset({"year", "marks"}),
    ),
    ImportKind.DUTY: ImportDefinition("平台外履职", Permission.DUTY_RECORD, duty.import_duty, duty.template),
    ImportKind.CONTACTS: ImportDefinition(
        "联系对象", Permission.CONTACT_MANAGE, contacts.import_contacts, contacts.template
    ),
    ImportKind.PROJECTS: ImportDefinition(
        "办实事项目", Permission.PROJECT_MANAGE, projects.import_projects, projects.template
    ),
    ImportKind.VENUES: ImportDefinition(
        "议事场所", Permission.VENUE_MANAGE, venues.import_venues, venues.template
    ),
}
