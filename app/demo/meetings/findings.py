"""Findings: suggestions taken from closed topics and past meetings, as far as units have come with them."""

from collections.abc import Iterator
from itertools import count
from random import Random
from typing import Any, NamedTuple

from app.auth.permissions import Permission
from app.demo.city.plan import ORGANIZATION_ID, SHOWN_UNIT, UNITS
from app.demo.city.rhythm import DAY, at_work, local_date, utc
from app.demo.city.world import Occasion, World
from app.demo.language.text import Theme, Writer, themes
from app.findings import news
from app.findings.lifecycle import LIFECYCLE, TAKEN_UP, Fate, FindingAction, FindingState
from app.findings.models import Finding, FindingAuthor, FindingStep
from app.findings.service import DUTY
from app.notifications.kinds import NoticeKind

_A = FindingAction
_FATES, _FATE_WEIGHTS = (Fate.ADOPTED, Fate.PARTLY, Fate.REFUSED), (52, 30, 18)
_WAY = (_A.SEND, _A.ANSWER, _A.RELEASE)
#: How many days after the one before a step is taken, at least and at most.
_DAYS = {
    _A.SEND: (0.5, 3),
    _A.RECALL: (0.5, 3),
    _A.ANSWER: (4, 25),
    _A.SEND_BACK: (0.5, 2),
    _A.RELEASE: (0.5, 4),
    _A.FOLLOW_UP: (30, 200),
    _A.DISCARD: (1, 4),
}
#: What the host has suggested: how many days ago it was noted, the steps since, its fate, whether the shown unit answers.
_SHOWN = (
    (96, (*_WAY, _A.FOLLOW_UP), Fate.ADOPTED, True),
    (61, _WAY, Fate.PARTLY, False),
    (47, _WAY, Fate.REFUSED, True),
    (16, _WAY[:2], Fate.ADOPTED, True),
    (7, _WAY[:1], Fate.ADOPTED, True),
    (4, _WAY[:1], Fate.ADOPTED, False),
    (1, (), Fate.ADOPTED, False),
)


class Suggestion(NamedTuple):
    """What is noted, by whom it was said, and the steps that follow."""

    noted: int
    occasion: Occasion
    theme: Theme
    seats: list[int]
    body: str
    reply: int | None
    way: tuple[FindingAction, ...]
    fate: Fate
    is_shown: bool = False


def fill(world: World) -> None:
    """Write all findings, oldest first."""
    rng, writer = world.chance("findings")
    desk = FindingDesk(world, rng, writer)
    noted = [*_noted(world, rng, writer), *_shown(world, rng, writer)]
    for suggestion in sorted(noted, key=lambda one: one.noted):
        desk.write(suggestion)
        world.rows.step()


def _noted(world: World, rng: Random, writer: Writer) -> Iterator[Suggestion]:
    """Of every other topic and meeting the office writes down some suggestions, in the week after it."""
    for occasion in world.occasions:
        if rng.random() < 0.5:
            continue
        remarks = rng.sample(occasion.remarks, min(len(occasion.remarks), 3))
        for said in [*remarks] or range(rng.randint(1, 3)):
            at = at_work(occasion.ended + int(rng.uniform(1, 8) * DAY))
            (fate,) = rng.choices(_FATES, _FATE_WEIGHTS)
            way, theme = _way(rng, fate), occasion.theme
            if isinstance(said, int):  # nothing was written there: the office took the minutes
                reply, body = None, writer.say(theme, "finding_said")
                seats = rng.sample(occasion.seats, min(len(occasion.seats), rng.choice((1, 1, 1, 2))))
            else:
                reply, seat, body = said
                seats = [seat]
            if at < world.now:
                yield Suggestion(at, occasion, theme, seats, body, reply, way, fate)


def _way(rng: Random, fate: Fate) -> tuple[FindingAction, ...]:
    draw, later = rng.random(), rng.random() < 0.4
    if draw < 0.05:
        return (_A.DISCARD,)
    before = (
        (_A.SEND, _A.RECALL) if draw < 0.08 else (_A.SEND, _A.ANSWER, _A.SEND_BACK) if draw < 0.14 else ()
    )
    way = _WAY[1:] if _A.SEND_BACK in before else _WAY
    return (*before, *way, *([_A.FOLLOW_UP] if later and fate in TAKEN_UP else []))


def _shown(world: World, rng: Random, writer: Writer) -> Iterator[Suggestion]:
    """What a visitor looks for: the host's own suggestions in every state, and what the shown unit has to answer."""
    of_unit = [theme for theme in themes() if theme.unit == SHOWN_UNIT]
    attended = [occasion for occasion in world.occasions if world.host in occasion.seats]
    for days, way, fate, is_of_unit in _SHOWN:
        at = next(at for ago in count(days) if (at := at_work(world.now - ago * DAY)) < world.now)
        before = [occasion for occasion in attended if occasion.ended < at]
        if before:
            occasion = max(before, key=lambda one: one.ended)
            theme = rng.choice(of_unit) if is_of_unit else occasion.theme
            body = writer.say(theme, "finding_said")
            yield Suggestion(at, occasion, theme, [world.host], body, None, way, fate, is_shown=True)


class FindingDesk:
    """Writes findings with their authors, steps and records."""

    def __init__(self, world: World, rng: Random, writer: Writer) -> None:
        rows = world.rows
        self._world, self._rng, self._writer = world, rng, writer
        self._new_id, self._new_step = rows.ids(Finding), rows.ids(FindingStep)
        self._finding = rows.into(
            Finding,
            "id organization_id source subject_type subject_id reply_id body unit_id created_by created_at edited_at"
            " state version fate reason result answered_at released_at released_on",
        )
        self._author = rows.into(FindingAuthor, "finding_id seat_id position")
        self._step = rows.into(
            FindingStep, "id finding_id at account_id action from_state to_state reason fate result"
        )

    def write(self, said: Suggestion) -> None:
        """One suggestion as far as it has come."""
        world, n, staff = self._world, self._new_id(), self._rng.choice(self._world.staff)
        unit, at = UNITS.index(said.theme.unit) + 1, said.noted
        columns: dict[str, Any] = dict.fromkeys(
            ("fate", "reason", "result", "answered_at", "released_at", "released_on")
        )
        for position, seat in enumerate(said.seats):
            self._author((n, seat + 1, position))
        self._ring(said, n, NoticeKind.FINDING_NOTE, news.of_note(said.body), at)
        state, version = FindingState.NOTED, 1
        for action in said.way:
            step = LIFECYCLE.step(state, action)
            at = self._later(said, action, at)
            if at >= world.now:
                break
            answer = self._answer(said, action) if action in {_A.ANSWER, _A.FOLLOW_UP} else {}
            reason = self._say(said, action) if step.needs_reason else answer.get("reason")
            by = world.officers[unit] if step.permission == Permission.FINDING_ANSWER else staff
            words = (reason, answer.get("fate"), answer.get("result"))
            self._step(
                (self._new_step(), n, utc(at), by, action.value, state.value, step.target.value, *words)
            )
            columns |= answer | ({"answered_at": utc(at)} if action is _A.ANSWER else {})
            if action is _A.RELEASE:
                columns |= {"released_at": utc(at), "released_on": local_date(at)}
                self._credit(said, n, at)
            if step.news:
                sentence = news.of_step(step, said.body, said.theme.unit, columns["fate"], reason)
                self._ring(said, n, NoticeKind.of(f"finding.{action}"), sentence, at)
            state, version = step.target, version + 1
        source, (subject_type, subject_id) = said.occasion.source, said.occasion.subject
        made = (
            n,
            ORGANIZATION_ID,
            source.value,
            subject_type,
            subject_id,
            said.reply,
            said.body,
            unit,
            staff,
        )
        moments = (utc(said.noted), utc(said.noted))
        self._finding((*made, *moments, state.value, version, *columns.values()))

    def _later(self, said: Suggestion, action: FindingAction, at: int) -> int:
        """An hour of office work some days later; what is shown goes as fast as it may."""
        least, most = _DAYS[action]
        days = least if said.is_shown else self._rng.uniform(least, most)
        return max(at_work(at + int(days * DAY)), at + 600)

    def _answer(self, said: Suggestion, action: FindingAction) -> dict[str, str | None]:
        """What a unit answers, or writes later of what came of it."""
        if action is _A.FOLLOW_UP:
            return {"result": self._say(said, action)}
        reason = None if said.fate is Fate.ADOPTED else self._say(said, said.fate)
        result = None if said.fate is Fate.REFUSED else self._say(said, "result")
        return {"fate": said.fate.value, "reason": reason, "result": result}

    def _say(self, said: Suggestion, rule: str) -> str:
        return self._writer.say(said.theme, f"finding_{rule}")

    def _credit(self, said: Suggestion, n: int, at: int) -> None:
        """Adoption is a record of its authors."""
        for place, seat in enumerate(said.seats if said.fate in TAKEN_UP else ()):
            self._world.record(seat, DUTY, n, at, role="participant" if place else "lead", by=None)

    def _ring(self, said: Suggestion, n: int, kind: NoticeKind, sentence: str, at: int) -> None:
        self._world.bell.ring(said.seats, kind, sentence, ("finding", n), at)
