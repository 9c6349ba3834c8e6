"""Threads: who replies to whom, when, what they say, and who supports it."""

from dataclasses import dataclass, field
from functools import partial
from math import exp
from typing import Any

from app.demo.city.plan import ORGANIZATION_ID, Pool
from app.demo.city.rhythm import DAY, before_deadline, later, utc
from app.demo.city.world import World
from app.demo.language.text import Theme
from app.notifications.kinds import NoticeKind
from app.threads.models import Reply, Support, Thread

#: What the author of an update says instead.
_ANSWERS = {"reply": "answer", "warm_reply": "warm_answer"}


#: What an author hears of.
_OWN = {"update": "的动态", "reading_note": "的读书笔记"}


@dataclass(slots=True)
class TalkSubject:
    """What is spoken about: an update, a topic (until `closes`) or a reading note; `author` is a seat or None."""

    type: str
    id: int
    author: int | None
    theme: Theme
    since: int
    first: str
    then: str
    closes: int | None = None
    invited: Pool | None = None
    #: What holds in every answer (see grammar.py).
    words: frozenset[str] = frozenset()
    #: A seat that is asked for a word in the last hours, once.
    asked: int | None = None


@dataclass(slots=True)
class Remark:
    """What somebody said, once or in answer to others."""

    id: int
    seat: int | None
    at: int
    to: int | None
    parent: "Remark | None"
    quoted: "Remark | None"
    body: str
    mentions: list[dict[str, Any]]
    under: "list[Remark]" = field(default_factory=list)
    supports: int = 0


class Conversations:
    """Holds conversations and writes them down, with counters, support and duty."""

    def __init__(self, world: World) -> None:
        rows = world.rows
        self.world, (self.rng, self.writer) = world, world.chance("conversations")
        self._thread_id, self._reply_id = rows.ids(Thread), rows.ids(Reply)
        self._thread = rows.into(
            Thread, "id organization_id subject_type subject_id reply_count version last_reply_at"
        )
        self._reply = rows.into(
            Reply,
            "id thread_id organization_id account_id seat_id to_seat_id parent_id quote_id body mentions created_at"
            " reply_count support_count echo_count",
        )
        self._support = rows.into(
            Support, "target_type target_id seat_id to_seat_id organization_id created_at"
        )

    def hold(self, subject: TalkSubject, replies: int) -> list[Remark]:
        """A conversation of about so many replies; what was said in it."""
        said = self._speak(subject, replies)
        thread_id, changes = self._thread_id(), len(said)
        for one in said:
            one.supports = self.support(("reply", one.id), one.seat, one.at, 0.6, subject.closes)
            changes += one.supports
        last = utc(said[-1].at) if said else None
        self._thread((thread_id, ORGANIZATION_ID, subject.type, subject.id, len(said), changes, last))
        for one in said:
            self._write(thread_id, one)
            if one.seat is not None:
                self.world.record(one.seat, "reply.posted", one.id, one.at)
                self._ring(subject, one, by=one.seat + 1)
        self.world.rows.step()
        return said

    def support(
        self,
        target: tuple[str, int],
        author: int | None,
        since: int,
        strength: float,
        closes: int | None = None,
    ) -> int:
        """Support for an update or a reply of `author`; how many gave it (about exp(`strength` + 0.4))."""
        rng, world = self.rng, self.world
        wanted = min(int(exp(rng.gauss(strength, 0.9))), len(world.seats) // 3)
        end, given = min(world.now, closes or world.now), set()
        for _ in range(wanted):
            at = later(rng, since, 12)
            seat = world.city.actor(rng, at // DAY, author)
            if at > end or seat == author or seat in given:
                continue
            given.add(seat)
            to = None if author is None else author + 1
            self._support((*target, seat + 1, to, ORGANIZATION_ID, utc(at)))
        return len(given)

    def _speak(self, subject: TalkSubject, replies: int) -> list[Remark]:
        rng, now, said, tops = self.rng, self.world.now, list[Remark](), list[Remark]()
        moments = sorted(self._moment(subject) for _ in range(replies))
        texts: set[str] = set()
        reminder = subject.closes - 2 * DAY if subject.closes and rng.random() < 0.5 else now
        for at in moments:
            if at > now:
                break
            if at > reminder:  # a word of the staff, whose replies count for nobody
                reminded = self.writer.say(subject.theme, "reminder")
                said.append(Remark(self._reply_id(), None, at, None, None, None, reminded, []))
                reminder = now
                continue
            parent = quoted = None
            if tops and rng.random() < 0.4:
                parent = tops[-1 - int(len(tops) * rng.random() ** 1.7)]
                if parent.under and rng.random() < 0.45:
                    quoted = rng.choice(parent.under)
            answered = quoted or parent
            to = answered.seat if answered else subject.author
            seat = self._who(subject, to, parent, at)
            if seat is None:
                continue
            body, mentions = self._words(subject, seat, to, answered, at, texts)
            one = Remark(self._reply_id(), seat, at, to, parent, quoted, body, mentions)
            said.append(one)
            (parent.under if parent else tops).append(one)
        return said

    def _moment(self, subject: TalkSubject) -> int:
        if subject.closes is None:
            return later(self.rng, subject.since, 14)
        return before_deadline(self.rng, subject.since, subject.closes)

    def _who(self, subject: TalkSubject, to: int | None, parent: Remark | None, at: int) -> int | None:
        rng, day, seats = self.rng, at // DAY, self.world.seats
        for returning in (subject.author, parent.seat) if parent else ():
            # whose update it is, or whoever was answered, takes part in what follows
            if (
                returning is not None
                and returning not in {to, self.world.newcomer}
                and rng.random() < 0.3
                and seats[returning].holds(day)
            ):
                return returning
        for _ in range(4):
            guests = subject.invited
            seat = guests.draw(rng, day) if guests else self.world.city.actor(rng, day, to)
            if seat != to and seats[seat].holds(day):
                return seat
        return None

    def _words(
        self,
        subject: TalkSubject,
        seat: int,
        to: int | None,
        answered: Remark | None,
        at: int,
        texts: set[str],
    ) -> tuple[str, list[dict[str, Any]]]:
        rng, mentioned = self.rng, False
        name = "" if to is None else self.world.seats[to].name
        called = name + "委员"
        if answered and rng.random() < 0.45:
            mentioned, called = True, "@" + name
        rule = subject.first if answered is None else subject.then
        if seat == subject.author:
            rule = _ANSWERS.get(rule, rule)
        words, body = self.world.words(at, seat) | subject.words, ""
        for _ in range(6):
            body = self.writer.say(subject.theme, rule, words, at=called)
            if body not in texts:
                break
        texts.add(body)
        if subject.asked not in {None, seat, to} and at > self.world.now - DAY and answered is None:
            asked, subject.asked = subject.asked or 0, None
            name = self.world.seats[asked].name
            return f"{body}@{name} 您熟悉这方面的情况，想听听您的意见。", [
                {"seat_id": asked + 1, "name": name}
            ]
        if mentioned and to is not None and called in body:
            return body, [{"seat_id": to + 1, "name": name}]
        return body, []

    def _ring(self, subject: TalkSubject, one: Remark, by: int) -> None:
        told = {subject.author, one.to, one.parent.seat if one.parent else None} - {None, one.seat}
        place = (subject.type, subject.id)
        ring = partial(self.world.bell.ring, subject=("reply", one.id), at=one.at, by=by, place=place)
        for seat in sorted(seat for seat in told if seat is not None):
            whose = _OWN[subject.type] if seat == subject.author else ""
            ring([seat], NoticeKind.REPLY_RECEIVED, f"{{who}}回复了您{whose}")
        for mention in one.mentions:
            seat = mention["seat_id"] - 1
            if seat not in told and seat != one.seat:
                ring([seat], NoticeKind.REPLY_MENTIONED, "{who}提到了您")

    def _write(self, thread_id: int, one: Remark) -> None:
        below = len(one.under)
        self._reply(
            (
                one.id,
                thread_id,
                ORGANIZATION_ID,
                self.world.staff[0] if one.seat is None else one.seat + 1,
                None if one.seat is None else one.seat + 1,
                None if one.to is None else one.to + 1,
                one.parent.id if one.parent else None,
                one.quoted.id if one.quoted else None,
                one.body,
                one.mentions,
                utc(one.at),
                below,
                one.supports,
                below + one.supports,
            )
        )
