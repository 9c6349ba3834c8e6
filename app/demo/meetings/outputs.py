"""Outputs: reports on inspections and minutes of meetings that are over, numbered, some commented and adopted."""

from collections import Counter
from random import Random

from app.demo.city.plan import ORGANIZATION_ID
from app.demo.city.rhythm import DAY, at_work, local_date, utc
from app.demo.city.world import Occasion, World
from app.demo.language.text import Writer
from app.findings.lifecycle import FindingSource
from app.notifications.kinds import NoticeKind
from app.outputs.lifecycle import (
    DECISIONS,
    LIFECYCLE,
    OutputAction,
    OutputKind,
    OutputState,
    number_label,
    paper,
)
from app.outputs.models import Output, OutputAuthor, OutputStep, OutputVersion

_A = OutputAction
_KINDS = {FindingSource.INSPECTION: OutputKind.RESEARCH, FindingSource.MEETING: OutputKind.MINUTES}
_TITLES = {OutputKind.RESEARCH: "关于{}的调研报告", OutputKind.MINUTES: "“{}”协商纪要"}
_WAYS = (
    (_A.SUBMIT, _A.ISSUE, _A.RELEASE, _A.COMMENT, _A.ADOPT),
    (_A.SUBMIT, _A.ISSUE, _A.RELEASE, _A.ADOPT_PARTLY),
    (_A.SUBMIT, _A.ISSUE, _A.REFUSE),
    (_A.SUBMIT, _A.ISSUE, _A.COMMENT),
    (_A.SUBMIT, _A.ISSUE),
)
#: How many of the newest papers are not issued yet, by the steps that they have taken.
_OPEN: tuple[tuple[OutputAction, ...], ...] = ((), (_A.SUBMIT,), (_A.SUBMIT, _A.RETURN))
_MOST = 40


def fill(world: World) -> None:
    """Write a paper of some occasions, the oldest first, the last three still in work."""
    rng, writer = world.chance("outputs")
    over = sorted((one for one in world.occasions if one.source in _KINDS), key=lambda one: one.ended)
    over = [one for one in over if at_work(one.ended + 25 * DAY) < world.now]
    mine = [one for one in over if world.host in one.seats][-len(_WAYS) :]
    issued = [one for one in over if one in mine or rng.random() < _MOST / len(over)]
    desk = _OutputDesk(world, rng, writer)
    for place, occasion in enumerate([*issued, *over[-len(_OPEN) :]]):
        is_open = place >= len(issued)
        desk.write(occasion, _OPEN[place - len(issued)] if is_open else _WAYS[place % len(_WAYS)])


class _OutputDesk:
    """Writes outputs with their authors, versions, steps and records."""

    def __init__(self, world: World, rng: Random, writer: Writer) -> None:
        rows = world.rows
        self._world, self._rng, self._writer = world, rng, writer
        self._new_id, self._new_step = rows.ids(Output), rows.ids(OutputStep)
        self._numbers: Counter[tuple[OutputKind, int]] = Counter()
        self._output = rows.into(
            Output,
            "id organization_id kind state title body addressees released issue_year issue_number issued_on created_by"
            " created_at edited_at",
        )
        self._author = rows.into(OutputAuthor, "output_id seat_id position")
        self._version = rows.into(OutputVersion, "output_id version title body saved_by saved_at")
        self._step = rows.into(
            OutputStep, "id output_id at account_id action from_state to_state reason who said_on words"
        )

    def write(self, occasion: Occasion, way: tuple[OutputAction, ...]) -> None:
        """One paper as far as it has come."""
        world, n, kind = self._world, self._new_id(), _KINDS[occasion.source]
        staff, at = self._rng.choice(world.staff), at_work(occasion.ended + 3 * DAY)
        title = _TITLES[kind].format(self._writer.subject(occasion.theme))
        body = "\n".join(self._writer.say(occasion.theme, "finding_said") for _ in range(4))
        seats = sorted(occasion.seats, key=lambda seat: seat != world.host)[:3]
        for position, seat in enumerate(seats):
            self._author((n, seat + 1, position))
        text = (title, body, staff, utc(at))
        self._version((n, 1, *text))
        state, issued_on = OutputState.DRAFT, None
        number: tuple[int | None, int | None] = (None, None)
        for action in way:
            at = at_work(at + DAY)
            step = LIFECYCLE.step(state, action)
            if action is _A.ISSUE:
                issued_on = local_date(at)
                self._numbers[kind, issued_on.year] += 1
                number = (issued_on.year, self._numbers[kind, issued_on.year])
            who = {_A.COMMENT: "市政府主要领导"}.get(action, "市政府" if action in DECISIONS else None)
            words = "请有关部门认真研究，提出落实意见。" if action is _A.COMMENT else None
            reason = "涉及多个部门，先易后难，分步实施。" if step.needs_reason else None
            said = (reason, who, local_date(at) if who else None, words)
            self._step(
                (self._new_step(), n, utc(at), staff, action.value, state.value, step.target.value, *said)
            )
            record = {
                _A.ISSUE: "output.issued",
                _A.ADOPT: "output.adopted",
                _A.ADOPT_PARTLY: "output.adopted",
            }
            for position, seat in enumerate(seats if action in record else ()):
                role = "participant" if position else "lead"
                world.record(seat, record[action], n, at, role=role, note=who, by=None)
            if step.news:
                label = number_label(kind, *number)
                sentence = step.news.format(paper=paper(kind, title), number=label, who=who, reason=reason)
                world.bell.ring(seats, NoticeKind.of(f"output.{action}"), sentence, ("output", n), at)
            state = step.target
        made, moments = (n, ORGANIZATION_ID, kind.value, state.value, title, body), (staff, text[3], text[3])
        self._output((*made, "市委\n市政府", _A.RELEASE in way, *number, issued_on, *moments))
        world.rows.step()
