"""Reads of notifications: entries that say what was said, put together from what can be seen now."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Select, select, tuple_

from app.auth import subjects
from app.auth.actor import Actor
from app.auth.models import Account
from app.auth.permissions import PAST, Role
from app.core.paging import PageRows, before, decode_cursor, encode_cursor
from app.core.sql import alias, table
from app.files.queries import count_pictures
from app.notifications import everywhere
from app.notifications.kinds import NoticeKind
from app.notifications.models import Notification, NotificationSetting

Row = dict[str, Any]
#: Notifications of one page at most: of an entry that gathers more, the newest count.
_MOST = 500
#: Unread ones that are counted at most.
_COUNTED = 300
_NAMED = 3
_n, _later = table(Notification), alias(table(Notification), "later")
_a, _o = table(Account), table(NotificationSetting)


def asking(subject_type: str, only: Collection[NoticeKind] = ()) -> Select[tuple[int, int]]:
    """Unread notifications that ask for something about subjects of a type, by all such kinds or by some."""
    kinds = [kind.value for kind in only or NoticeKind if kind.asks]
    about = (_n.c.subject_type == subject_type) & _n.c.kind.in_(kinds)
    return select(_n.c.id, _n.c.subject_id).where(about, _n.c.read_at.is_(None))


_newer = select(_later.c.id).where(
    *(_later.c[name] == _n.c[name] for name in ("account_id", "place_id", "place_type", "kind")),
    _later.c.organization_id == _n.c.organization_id,
    _later.c.id > _n.c.id,
)
_place = tuple_(_n.c.kind, _n.c.place_type, _n.c.place_id)


def page_of_notifications(conn: Connection, actor: Actor, cursor: str | None, limit: int) -> PageRows:
    """The actor's entries of all organizations, newest first: of one kind about one place a single one.

    What may not be seen has gone. An entry keeps the place of its newest notification, so that pages do not overlap.
    """
    who = everywhere.actors(conn, actor)
    query = select(_n).where(everywhere.mine(who), ~_newer.exists())
    if cursor:
        query = query.where(before([_n.c.id], decode_cursor(cursor, int)))
    room = 2 * limit + 1  # some of them may have gone
    heads = [dict(row) for row in conn.execute(query.order_by(_n.c.id.desc()).limit(room)).mappings()]
    entries = [(head, rows) for head, rows in _gather(conn, who, heads) if rows]
    shown, last = entries[:limit], None
    if len(entries) > limit:
        last = shown[-1][0]["id"]
    elif len(heads) == room:
        last = heads[-1]["id"]
    items = _told(conn, who, shown)
    called = everywhere.names(conn, {head["organization_id"] for head, _ in shown} - {actor.organization_id})
    for item, (head, _) in zip(items, shown, strict=True):
        name = called.get(head["organization_id"])
        item["organization"] = name and {"id": head["organization_id"], "name": name}
    return {"items": items, "next": encode_cursor(last) if last else None}


def _gather(conn: Connection, who: Mapping[int, Actor], heads: Sequence[Row]) -> list[tuple[Row, list[Row]]]:
    """Each head with the notifications of its entry that can be seen, newest first."""
    places = [_key(head) for head in heads if head["place_id"] is not None]
    rows = [head for head in heads if head["place_id"] is None]
    if places:
        query = select(_n).where(everywhere.mine(who), _n.c.id <= heads[0]["id"], _place.in_(places))
        found = conn.execute(query.order_by(_n.c.id.desc()).limit(_MOST)).mappings()
        rows += [dict(row) for row in found]
    entries: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in _seen(conn, who, rows):
        entries[_key(row)].append(row)
    return [(head, entries[_key(head)]) for head in heads]


def _key(row: Row) -> tuple[Any, ...]:
    return (row["kind"], row["place_type"], row["place_id"]) if row["place_id"] else (row["id"],)


def _seen(conn: Connection, who: Mapping[int, Actor], rows: Sequence[Row]) -> list[Row]:
    """Those whose subject the actor may see where it is, or that say that it went."""
    paths = {
        place: subjects.paths(conn, actor, {_subject(row) for row in rows if row["organization_id"] == place})
        for place, actor in who.items()
    }
    kept = []
    for row in rows:
        path = paths[row["organization_id"]].get(_subject(row))
        kind = NoticeKind.known(row["kind"])
        if path or (kind and kind.blind):
            kept.append(row | {"path": path})
    return kept


def _subject(row: Row) -> tuple[str, int]:
    return row["subject_type"], row["subject_id"]


def _told(conn: Connection, who: Mapping[int, Actor], entries: Sequence[tuple[Row, list[Row]]]) -> list[Row]:
    """What each entry says: of an entry with unread notifications those alone."""
    told = [(head, rows, [row for row in rows if not row["read_at"]] or rows) for head, rows in entries]
    newest = [fresh[0] for _, _, fresh in told]
    names = _names(conn, (row["by_id"] for _, _, fresh in told for row in fresh))
    gathered = [row for row in newest if row["place_id"] is not None]
    places: dict[tuple[str, int], subjects.Link] = {}
    for of, actor in who.items():
        here = [row for row in gathered if row["organization_id"] == of]
        places |= subjects.links(conn, actor, {(row["place_type"], row["place_id"]) for row in here})
    said = subjects.titles(conn, {(row["subject_type"], row["subject_id"]) for row in gathered})
    pictures = count_pictures(conn, places)
    items = []
    for head, rows, fresh in told:
        row, place = fresh[0], (fresh[0]["place_type"], fresh[0]["place_id"])
        people = [names[by] for by in dict.fromkeys(one["by_id"] for one in fresh) if by in names]
        link = places.get(place)
        items.append(
            {name: row[name] for name in ("kind", "subject_type", "subject_id", "path", "at", "read_at")}
            | {
                "id": head["id"],
                "title": title_of(row["title"], people),
                "who": people[:_NAMED],
                "people": len(people),
                "count": len(fresh),
                "unread": sum(not one["read_at"] for one in rows),
                "said": said.get((row["subject_type"], row["subject_id"])) if row["place_id"] else None,
                "place": link
                and {
                    "label": subjects.label(place[0]),
                    "title": link.title,
                    "path": link.path,
                    "pictures": pictures.get(place, 0),
                },
            }
        )
    return items


def title_of(words: str, people: Sequence[str]) -> str:
    """The line of a notification, with those of whom it tells, newest first, in the place of `{who}`."""
    who = f"{people[0]}等 {len(people)} 人" if len(people) >= _NAMED else "、".join(people)
    return words.replace("{who}", who or "有人")


def _names(conn: Connection, ids: Iterable[int | None]) -> dict[int, str]:
    known = {i for i in ids if i}
    if not known:
        return {}
    rows = conn.execute(select(_a.c.id, _a.c.name).where(_a.c.id.in_(known)))
    return {row.id: row.name for row in rows}


def unread(conn: Connection, actor: Actor) -> Row:
    """How many entries of the list have something that the actor has not read, in all and in other organizations."""
    who = everywhere.actors(conn, actor)
    is_new = everywhere.mine(who) & _n.c.read_at.is_(None)
    query = select(_n).where(is_new).order_by(_n.c.id.desc()).limit(_COUNTED)
    rows = [dict(row) for row in conn.execute(query).mappings()]
    entries = {(row["organization_id"], _key(row)) for row in _seen(conn, who, rows)}
    counts = Counter(organization_id for organization_id, _ in entries)
    names = everywhere.names(conn, who.keys() - {actor.organization_id})
    others = [{"id": place, "name": names[place], "count": counts[place]} for place in who if place in names]
    return {"count": len(entries), "elsewhere": others}


def settings(conn: Connection, actor: Actor) -> list[Row]:
    """What the actor may switch off, with how it is now."""
    own = select(_o).where(_o.c.account_id == actor.account_id, _o.c.organization_id == actor.organization_id)
    roles = actor.roles | {Role.MEMBER} if actor.roles & PAST else actor.roles
    switched = {row.kind: row for row in conn.execute(own)}
    return [
        {
            "kind": kind.value,
            "kind_label": kind.label,
            "in_app": switched[kind].in_app if kind in switched else True,
            "push": switched[kind].push if kind in switched else True,
        }
        for kind in NoticeKind
        if kind.optional and kind.audience & roles
    ]
