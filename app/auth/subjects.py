"""Subjects: what a thread, file, record, notification or event may hang on.

Replying, supporting, reading a file or hearing of an event "on any subject" must ask the subject's own rule.
Each domain registers its subjects here once; nothing that hangs on a subject decides by itself who may see it.
"""

from collections.abc import Callable, Collection, Hashable
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, case, func, select

from app.auth.actor import Actor
from app.core.errors import NotFound

#: Which of these ids the actor may see.
Visible = Callable[[Connection, Actor, Collection[int]], set[int]]
#: What subjects are called, by id; those without a name are left out.
Titles = Callable[[Connection, Collection[int]], dict[int, str]]


def _untitled(_conn: Connection, _ids: Collection[int]) -> dict[int, str]:
    return {}


@dataclass(frozen=True)
class Titled:
    """Subjects that are called by a column, on one line; `public` is how every member may read it, NULL where not."""

    id: ColumnElement[int]
    title: ColumnElement[str]
    public: ColumnElement[str] | None = None

    def __call__(self, conn: Connection, ids: Collection[int]) -> dict[int, str]:
        """What some of them are called."""
        rows = conn.execute(select(self.id, self.title).where(self.id.in_(ids)))
        return {subject_id: line for subject_id, text in rows if (line := " ".join(text.split()))}


def titled(
    id: ColumnElement[int], title: ColumnElement[str], *, where: ColumnElement[bool] | None = None
) -> Titles:
    """Subjects whose title is shown on cards, also to members who may not open them: only `where` that holds."""
    return Titled(id, title, title if where is None else case((where, title)))


def excerpted(id: ColumnElement[int], body: ColumnElement[str], length: int) -> Titles:
    """Subjects that are called by how their text begins, for those who may open them."""
    return Titled(id, func.substr(body, 1, length))


@dataclass(frozen=True)
class Subject:
    """A kind of thing with a rule of who may see it, the API path that opens it, and what each is called.

    `circle` says on what of an actor the rule depends; actors alike in this see the same.
    """

    type: str
    label: str
    visible: Visible
    path: str
    circle: Callable[[Actor], Hashable] = lambda actor: actor
    titles: Titles = _untitled

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


def label(kind: str) -> str:
    """What a kind is called; its own name when nobody has registered it."""
    return _subjects[kind].label if kind in _subjects else kind


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


def titles(conn: Connection, wanted: Collection[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """What some subjects, of which the reader's right was asked, are called; those without a name are left out."""
    return {
        (kind, subject_id): title
        for kind in {kind for kind, _ in wanted if kind in _subjects}
        for subject_id, title in _subjects[kind].titles(conn, [i for k, i in wanted if k == kind]).items()
    }


class Link(NamedTuple):
    """The API path of a subject that may be seen, and what it is called."""

    path: str
    title: str


def links(conn: Connection, actor: Actor, wanted: Collection[tuple[str, int]]) -> dict[tuple[str, int], Link]:
    """As `paths`, with titles; a subject without a name is called by its kind."""
    found = paths(conn, actor, wanted)
    links: dict[tuple[str, int], Link] = {}
    for kind in {kind for kind, _ in found}:
        of = _subjects[kind]
        titles = of.titles(conn, [subject_id for k, subject_id in found if k == kind])
        links |= {
            key: Link(path, titles.get(key[1], of.label)) for key, path in found.items() if key[0] == kind
        }
    return links
