"""The circle: updates with pictures, and what is said under them."""

from bisect import bisect
from random import Random
from typing import Any

from app.demo.conversation import Conversations, Subject
from app.demo.pictures import HOW_MANY, landscapes
from app.demo.plan import shares
from app.demo.rhythm import DAY, later, utc
from app.demo.text import UPDATE_KINDS
from app.demo.world import ORGANIZATION_ID, World
from app.feed.models import FeedRead, Update
from app.files import pictures, store
from app.files.models import File

_KINDS, _KIND_WEIGHTS = tuple(UPDATE_KINDS), (20, 8, 16, 9, 10, 9, 11, 7, 10)
_PICTURES, _PICTURE_WEIGHTS = range(10), (42, 16, 10, 12, 7, 3, 4, 1, 1, 4)


def fill(world: World, conversations: Conversations) -> None:
    """Write all updates, oldest first."""
    (rng, writer), rows = world.chance("feed"), world.rows
    moments = sorted(world.rhythm.moment(rng) for _ in range(world.sizes.updates))
    replies = shares(rng, len(moments), int(world.sizes.replies * 0.47), 1.1)
    album = _Album(world, rng)
    update_id, posted = rows.ids(Update), list[int]()
    add = rows.into(
        Update,
        "id organization_id seat_id account_id kind body place pictures support_count created_at",
    )
    for at, how_many in zip(moments, replies, strict=True):
        if at > world.now:
            break
        seat = world.city.actor(rng, at // DAY)
        who = world.seats[seat]
        if not who.holds(at // DAY):
            continue
        n = update_id()
        theme = world.theme(rng, who)
        (rule,) = rng.choices(_KINDS, _KIND_WEIGHTS)
        body, place = writer.update(rule, theme)
        (count,) = rng.choices(_PICTURES, _PICTURE_WEIGHTS)
        pictures = [album.attach(seat + 1, n, at) for _ in range(count)]
        support = conversations.support(("update", n), seat, at, 1.7)
        add(
            (
                n,
                ORGANIZATION_ID,
                seat + 1,
                seat + 1,
                UPDATE_KINDS[rule].value,
                body,
                place if rng.random() < 0.7 else None,
                pictures,
                support,
                utc(at),
            )
        )
        world.record(seat, "update.posted", n, at)
        first, then = ("warm", "warm_reply") if rule == "charity" else ("under_update", "reply")
        about = Subject("update", n, seat, theme, at, first, then)
        conversations.hold(about, how_many)
        posted.append(at)
    _seen(world, rng, posted)


def _seen(world: World, rng: Random, posted: list[int]) -> None:
    """Up to which update each member has seen the circle: many hours ago, some days or weeks."""
    add = world.rows.into(FeedRead, "account_id organization_id last_update_id read_at")
    for n in range(len(world.seats)):
        at = world.now - int(later(rng, 0, 40))
        if (last := bisect(posted, at)) and rng.random() < 0.85:
            add((n + 1, ORGANIZATION_ID, last, utc(at)))


class _Album:
    """The pictures, stored once by content and named anew at each use."""

    def __init__(self, world: World, rng: Random) -> None:
        self._rng = rng
        self._prepared = [pictures.prepare(jpeg) for jpeg in landscapes(world.seed)]
        self._names = [store.digest(picture.content) for picture in self._prepared]
        for picture, sha256 in zip(self._prepared, self._names, strict=True):
            store.put(world.files, sha256, picture.content)
            store.put(world.files, sha256, picture.thumbnail, thumbnail=True)
        self._id = world.rows.ids(File)
        self._file = world.rows.into(
            File,
            "id key organization_id owner_id name media_type sha256 size width height subject_type subject_id created_at",
        )

    def attach(self, account_id: int, update_id: int, at: int) -> dict[str, Any]:
        """One picture of an update as the update holds it."""
        n = int(self._rng.random() * HOW_MANY)
        picture, key = self._prepared[n], f"{self._rng.getrandbits(128):032x}"
        self._file(
            (
                self._id(), key, ORGANIZATION_ID, account_id, "照片.jpg", picture.media_type, self._names[n],
                len(picture.content), picture.width, picture.height, "update", update_id, utc(at),
            )
        )  # fmt: skip
        return {"key": key, "width": picture.width, "height": picture.height}
