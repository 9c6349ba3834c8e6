"""Desks: what the secretariat's staff work on, where they take internal notes and see each other.

Each domain says in one place (its `desk.py`) who works on its things. Notes, presence and their live events follow
that rule, which is narrower than that of who may see the thing: never members, units, leaders or administrators, and
nobody with a thing of their own.
"""

from collections.abc import Collection, Hashable
from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator, StringConstraints
from sqlalchemy import Connection
from sqlmodel import Session

from app.auth import subjects
from app.auth.actor import Actor
from app.auth.permissions import Role
from app.auth.subjects import Subject, Visible
from app.core import live
from app.core.errors import NotFound

CHANNEL = "desk"
_LARGEST = 2**63 - 1


def _nobody(_conn: Connection, _actor: Actor, _ids: Collection[int]) -> set[int]:
    return set()


@dataclass(frozen=True)
class Desk:
    """A kind of thing that staff work on; officers of units work on those that `handles` selects."""

    kind: str
    works: Visible
    handles: Visible = _nobody


_desks: dict[str, Desk] = {}


def register(kind: str, works: Visible, handles: Visible = _nobody) -> None:
    """Make a desk known for a registered kind of subject, and a subject for its live events (`proposal_desk`)."""

    def by_staff(conn: Connection, actor: Actor, ids: Collection[int]) -> set[int]:
        return works(conn, actor, ids) if ids and Role.SECRETARIAT in actor.roles else set()

    _desks[kind] = Desk(kind, by_staff, handles)
    of = subjects.subject(kind)
    subjects.register(Subject(subject_of(kind), of.label, by_staff, of.path, circle, of.titles))


def subject_of(kind: str) -> str:
    """The kind of subject that stands for the desk of a kind."""
    return f"{kind}_desk"


def kinds() -> list[str]:
    """The kinds of things that have a desk."""
    return sorted(_desks)


def desk(kind: str) -> Desk:
    """The desk of a kind; `NotFound` when there is none."""
    if kind not in _desks:
        raise NotFound
    return _desks[kind]


def require(conn: Connection, actor: Actor, subject: tuple[str, int]) -> None:
    """`NotFound` unless the actor works on this thing as staff."""
    kind, subject_id = subject
    if subject_id not in desk(kind).works(conn, actor, [subject_id]):
        raise NotFound


def has_own(actor: Actor) -> bool:
    """Whether an account of staff may have things of its own: it holds another role beside."""
    return actor.roles != {Role.SECRETARIAT}


def circle(actor: Actor) -> Hashable:
    """On what of an actor the rule of a desk depends: staff without another role are alike by their rights."""
    if has_own(actor):
        return actor
    return actor.organization_id, actor.permissions, actor.limited, actor.committees


def announce(
    db: Session, organization_id: int, subject: tuple[str, int], name: str, note_id: int = 0
) -> None:
    """Tell those who work on a thing, on the channels `desk` and `proposal_desk:12`."""
    of = subject_of(subject[0])
    data = {"id": note_id} if note_id else {}
    live.emit(db, organization_id, CHANNEL, name, also=f"{of}:{subject[1]}", subject=(of, subject[1]), **data)


def parse(text: str) -> tuple[str, int]:
    """Kind and id of `proposal:12`."""
    kind, _, number = text.partition(":")
    return kind, int(number)


def _in_range(text: str) -> str:
    if parse(text)[1] > _LARGEST:
        raise ValueError("没有这样的编号")
    return text


#: A thing as requests name it.
SubjectName = Annotated[
    str,
    StringConstraints(max_length=60, pattern=r"^[a-z_]{1,40}:[1-9][0-9]{0,18}$"),
    AfterValidator(_in_range),
]
