"""Subjects: what a thread, file, record, notification or event may hang on.

Replying, supporting, reading a file or hearing of an event "on any subject" must ask the subject's own rule.
Each domain registers its subjects here once; nothing that hangs on a subject decides by itself who may see it.
"""

from collections.abc import Callable, Collection, Hashable
from dataclasses import dataclass

from sqlalchemy import Connection

from app.auth.actor import Actor
from app.core.errors import NotFound

#: Which of these ids the actor may see.
Visible = Callable[[Connection, Actor, Collection[int]], set[int]]


@dataclass(frozen=True)
class Subject:
    """A kind of thing with a rule of who may see it and the API path that opens it.

    `circle` says on what of an actor the rule depends; actors alike in this see the same.
    """

    type: str
    label: str
    visible: Visible
    path: str
    circle: Callable[[Actor], Hashable] = lambda actor: actor

    def open(self, subject_id: int) -> str:
        """The API path of one subject."""
        return self.path.format(id=subject_id)


_subjects: dict[str, Subject] = {}


def register(subject: Subject) -> None:
    """Make a kind of subject known."""
    _subjects[subject.type] = subject


def subject(kind: str) -> Subject:
    """A registered kind; `NotFound` when there is none."""
    if kind not in _subjects:
        raise NotFound
    return _subjects[kind]


def visible(conn: Connection, actor: Actor, kind: str, ids: Collection[int]) -> set[int]:
    """Which of `ids` of one kind the actor may see."""
    return subject(kind).visible(conn, actor, ids) if ids else set()


def require(conn: Connection, actor: Actor, kind: str, subject_id: int) -> None:
    """`NotFound` unless the actor may see this subject."""
    if subject_id not in visible(conn, actor, kind, [subject_id]):
        raise NotFound


def paths(conn: Connection, actor: Actor, wanted: Collection[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """The API paths of those of some subjects that the actor may see, in one statement or so for each kind."""
    found = {}
    for kind in {kind for kind, _ in wanted if kind in _subjects}:
        for subject_id in visible(conn, actor, kind, {i for k, i in wanted if k == kind}):
            found[kind, subject_id] = _subjects[kind].open(subject_id)
    return found
