"""The eight steps that set up a conference, each with what must be there and who sees to it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Label, Select, and_, exists, func, literal, select

from app.auth.models import Account, AccountRole
from app.auth.permissions import Permission, Role
from app.core.sql import table
from app.imports.kinds import ImportKind
from app.people.bodies.models import Body
from app.people.models import Committee, Seat, Sector, Term, Unit
from app.people.models_offices import Office
from app.points.models import RulesetVersion
from app.proposals.models import ProposalWindow
from app.setup.schemas import PartKey, StepKey

_a, _r, _seat, _t = table(Account), table(AccountRole), table(Seat), table(Term)


@dataclass(frozen=True)
class Conference:
    """The organization that is set up, its present term (None before there is one) and its day."""

    organization_id: int
    term_id: int | None
    today: date

    def of_term(self, model: type[Any]) -> ColumnElement[bool]:
        """Rows of the present term."""
        return table(model).c.term_id == self.term_id

    def of_organization(self, model: type[Any]) -> ColumnElement[bool]:
        """Rows of the organization."""
        return table(model).c.organization_id == self.organization_id


Count = Callable[[Conference], Select[int]]


@dataclass(frozen=True)
class Part:
    """Something that must be there: how many there are, of how many (None: one is enough), and what imports it."""

    key: PartKey
    label: str
    count: Count
    total: Count | None = None
    imports: ImportKind | None = None


@dataclass(frozen=True)
class Step:
    """One step: who sees to it, and its parts; it stands when all of them are there."""

    key: StepKey
    label: str
    permission: Permission
    parts: tuple[Part, ...]


def _rows(model: type[Any], *conditions: Callable[[Conference], ColumnElement[bool]]) -> Count:
    def count(place: Conference) -> Select[int]:
        found = select(func.count()).select_from(table(model))
        return found.where(*(condition(place) for condition in conditions))

    return count


def _of_term(model: type[Any]) -> Count:
    return _rows(model, lambda place: place.of_term(model))


def _of_organization(model: type[Any], *conditions: ColumnElement[bool]) -> Count:
    return _rows(
        model,
        lambda place: place.of_organization(model),
        *((lambda _place, one=one: one) for one in conditions),
    )


def _holding(*roles: Role, in_office: bool = False) -> Count:
    """Accounts that can be used and hold a role, in an office where that is asked."""

    def count(place: Conference) -> Select[int]:
        held = select(func.count(_r.c.account_id.distinct())).join(_a, _a.c.id == _r.c.account_id)
        held = held.where(
            place.of_organization(AccountRole), _r.c.role.in_(roles), _a.c.disabled_at.is_(None)
        )
        held = held.where(_r.c.ends_on.is_(None) | (_r.c.ends_on >= place.today))
        return held.where(_r.c.office_id.is_not(None)) if in_office else held

    return count


def _present_term(place: Conference) -> Select[int]:
    return select(func.count()).select_from(_t).where(_t.c.id == place.term_id)


def _held(place: Conference) -> ColumnElement[bool]:
    """Seats of the present term that nobody has left."""
    return and_(place.of_term(Seat), _seat.c.ends_on >= place.today)


def _seats(place: Conference) -> Select[int]:
    return select(func.count()).select_from(_seat).where(_held(place))


def _invited(place: Conference) -> Select[int]:
    """Seats whose holder has been given a password, or has set one."""
    own = exists().where(_r.c.seat_id == _seat.c.id, _a.c.id == _r.c.account_id, _a.c.password_hash != "")
    return _seats(place).where(own)


_office, _rules = table(Office), table(RulesetVersion)

STEPS: tuple[Step, ...] = (
    Step(
        StepKey.ORGANIZATION,
        "组织和三位管理员",
        Permission.SETTINGS_MANAGE,
        (
            Part(PartKey.SYSTEM_ADMIN, "系统管理员", _holding(Role.SYSTEM_ADMIN)),
            Part(PartKey.SECURITY_ADMIN, "安全管理员", _holding(Role.SECURITY_ADMIN)),
            Part(PartKey.AUDITOR, "审计员", _holding(Role.AUDITOR)),
        ),
    ),
    Step(
        StepKey.TERM,
        "本届",
        Permission.PEOPLE_MANAGE,
        (Part(PartKey.TERM, "届", _present_term),),
    ),
    Step(
        StepKey.BODIES,
        "界别、专委会和各单位",
        Permission.PEOPLE_MANAGE,
        (
            Part(PartKey.SECTORS, "界别", _of_term(Sector)),
            Part(PartKey.COMMITTEES, "专委会", _of_term(Committee)),
            Part(PartKey.BODIES, "参加单位", _of_term(Body), imports=ImportKind.BODIES),
            Part(PartKey.UNITS, "承办单位", _of_organization(Unit), imports=ImportKind.UNITS),
        ),
    ),
    Step(
        StepKey.OFFICES,
        "科室和分工",
        Permission.ROLE_GRANT,
        (
            Part(PartKey.OFFICES, "科室", _of_organization(Office, _office.c.closed_at.is_(None))),
            Part(PartKey.STAFF, "分到科室的同志", _holding(Role.SECRETARIAT, in_office=True)),
        ),
    ),
    Step(
        StepKey.ROSTER,
        "委员名册",
        Permission.PEOPLE_MANAGE,
        (Part(PartKey.MEMBERS, "委员", _seats, imports=ImportKind.MEMBERS),),
    ),
    Step(
        StepKey.RULES,
        "积分办法",
        Permission.RULESET_MANAGE,
        (
            Part(
                PartKey.RULES,
                "施行的办法",
                _of_organization(RulesetVersion, _rules.c.state == "published"),
            ),
        ),
    ),
    Step(
        StepKey.WINDOW,
        "提案征集期",
        Permission.PROPOSAL_REVIEW,
        (Part(PartKey.WINDOWS, "征集期", _of_term(ProposalWindow)),),
    ),
    Step(
        StepKey.INVITATIONS,
        "邀请委员登录",
        Permission.ACCOUNT_MANAGE,
        (Part(PartKey.INVITED, "发了首次密码的委员", _invited, _seats),),
    ),
)


def counts(place: Conference) -> Select[Any]:
    """All counts in one row: of each part how many there are, and of how many."""
    columns: list[Label[Any]] = []
    for step in STEPS:
        for part in step.parts:
            columns.append(part.count(place).scalar_subquery().label(part.key))
            total = part.total(place).scalar_subquery() if part.total else literal(None)
            columns.append(total.label(f"{part.key}_total"))
    return select(*columns)
