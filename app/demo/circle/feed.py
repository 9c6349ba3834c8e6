"""The circle: updates with pictures, and what is said under them."""

from bisect import bisect
from random import Random
from typing import Any

from app.demo.circle.conversation import Conversations, TalkSubject
from app.demo.circle.pictures import drawn, scenes
from app.demo.city.plan import ORGANIZATION_ID, shares
from app.demo.city.rhythm import DAY, later, start_of, utc
from app.demo.city.world import World
from app.demo.language.text import OUTSIDE, UPDATE_KINDS
from app.feed.models import FeedRead, Update
from app.files import store
from app.files.models import File

_KINDS, _KIND_WEIGHTS = tuple(UPDATE_KINDS), (20, 8, 16, 9, 10, 9, 11, 7, 10, 0)
#: Few hold meetings, supervise or study at the weekend.
_WEEKEND_WEIGHTS = (6, 0, 14, 6, 4, 26, 0, 14, 24, 0)
_PICTURES, _PICTURE_WEIGHTS = range(10), (42, 16, 10, 12, 7, 3, 4, 1, 1, 4)


def fill(world: World, conversations: Conversations) -> None:
    """Write all updates, oldest first."""
    (rng, writer), rows = world.chance("feed"), world.rows
    # what the host and the newcomer wrote, and a lively week
    shown = {start_of(world.today - 1, 17.6): world.host, start_of(world.today - 21, 20.2): world.newcomer}
    lately = [
        world.rhythm.moment(rng, world.today - 5, world.today)
        for _ in range(min(14, world.sizes.updates // 120))
    ]
    moments = sorted([*(world.rhythm.moment(rng) for _ in range(world.sizes.updates)), *lately, *shown])
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
        seat = shown.get(at, world.city.actor(rng, at // DAY))
        who = world.seats[seat]
        if not who.holds(at // DAY):
            continue
        n = update_id()
        theme = world.theme(rng, who)
        words = world.words(at, seat)
        (rule,) = rng.choices(_KINDS, _WEEKEND_WEIGHTS if "周末" in words else _KIND_WEIGHTS)
        (count,) = rng.choices(_PICTURES, _PICTURE_WEIGHTS)
        if at in shown:
            rule, count = ("research", 3) if seat == world.host else ("newcomer", 1)
        body, place = writer.update(rule, theme, words)
        pictures = album.attach(seat + 1, n, at, rule, words, count)
        support = conversations.support(("update", n), seat, at, 1.7)
        add(
            (
                n,
                ORGANIZATION_ID,
                seat + 1,
                seat + 1,
                UPDATE_KINDS[rule].value,
                body,
                place if rng.random() < 0.8 else None,
                pictures,
                support,
                utc(at),
            )
        )
        world.record(seat, "update.posted", n, at)
        first, then = ("warm", "warm_reply") if rule == "charity" else ("under_update", "reply")
        about = TalkSubject(
            "update", n, seat, writer.narrowed(theme, body), at, first, then, words=_about(rule, count)
        )
        conversations.hold(about, how_many + 9 * (at in shown))
        posted.append(at)
    _seen(world, rng, posted)


def _about(rule: str, pictures: int) -> frozenset[str]:
    """What answers to an update may take for granted: that somebody went somewhere, that there are pictures."""
    holds = {"实地": rule in OUTSIDE, "有图": pictures > 0}
    return frozenset(word for word, does in holds.items() if does)


def _seen(world: World, rng: Random, posted: list[int]) -> None:
    """Up to which update each member has seen the circle: many hours ago, some days or weeks."""
    add = world.rows.into(FeedRead, "account_id organization_id last_update_id read_at")
    for n in range(len(world.seats)):
        at = world.now - int(later(rng, 0, 40))
        if (last := bisect(posted, at)) and rng.random() < 0.85:
            add((n + 1, ORGANIZATION_ID, last, utc(at)))


class _Album:
    """The pictures, stored once by content and named again at each use; neighbours show different ones."""

    def __init__(self, world: World, rng: Random) -> None:
        self._rng = rng
        self._stored = []
        self._packs: dict[str, list[int]] = {}
        for n, picture in enumerate(drawn(world.seed)):
            sha256 = store.digest(picture.content)
            store.put(world.files, sha256, picture.content)
            store.put(world.files, sha256, picture.thumbnail, thumbnail=True)
            self._stored.append((sha256, len(picture.content), picture.width, picture.height))
            self._packs.setdefault(picture.scene, []).append(n)
        for pack in self._packs.values():
            rng.shuffle(pack)
        self._id = world.rows.ids(File)
        self._file = world.rows.into(
            File,
            "id key organization_id owner_id name media_type sha256 size width height subject_type subject_id created_at",
        )

    def attach(
        self, account_id: int, update_id: int, at: int, rule: str, words: frozenset[str], count: int
    ) -> list[dict[str, Any]]:
        """`count` pictures of an update as the update holds them, all different, of scenes that suit it."""
        fitting, found = scenes(rule, words), []
        for _ in range(count):
            pack = self._packs[self._rng.choice(fitting)]
            n = pack.pop(0)
            pack.append(n)
            if n in found:
                continue
            found.append(n)
        return [self._named(n, account_id, update_id, at) for n in found]

    def _named(self, n: int, account_id: int, update_id: int, at: int) -> dict[str, Any]:
        key, (sha256, size, width, height) = f"{self._rng.getrandbits(128):032x}", self._stored[n]
        row = (self._id(), key, ORGANIZATION_ID, account_id, "照片.jpg", "image/jpeg", sha256, size)
        self._file((*row, width, height, "update", update_id, utc(at)))
        return {"key": key, "width": width, "height": height}
