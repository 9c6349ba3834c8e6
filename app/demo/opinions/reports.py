"""Opinion reports: drafts, submissions, combined ones, issues at a tier, adoptions, leaders' comments."""

from dataclasses import dataclass, field
from random import Random
from typing import Any

from app.demo.city.plan import ORGANIZATION_ID
from app.demo.city.rhythm import DAY, at_work, later, start_of, utc
from app.demo.city.world import World
from app.demo.language.text import Theme
from app.notifications.kinds import NoticeKind
from app.opinions import news
from app.opinions.lifecycle import (
    COMPILED,
    LIFECYCLE,
    TAKEN_IN,
    OpinionAction,
    OpinionKind,
    OpinionState,
    Tier,
)
from app.opinions.models import OpinionReport, OpinionStep, OpinionVersion
from app.opinions.steps.service import KINDS

_TIERS, _TIER_WEIGHTS = (Tier.CITY, Tier.PROVINCE, Tier.NATIONAL, Tier.COUNTY), (62, 26, 5, 7)
_LEADERS = ("市委主要领导", "市政府主要领导", "市政府分管领导", "市政协主要领导")


@dataclass(slots=True)
class Report:
    """A report while its track is written; `parts` are those of a combined one, which has no seat."""

    id: int
    seat: int | None
    theme: Theme
    title: str
    body: str
    created: int
    edited: int
    version: int = 1
    submitted: int | None = None
    state: OpinionState = OpinionState.DRAFT
    tier: Tier | None = None
    account: int = 0
    kind: OpinionKind = OpinionKind.SINGLE
    into: int | None = None
    parts: list["Report"] = field(default_factory=list)


def fill(world: World) -> None:
    """Write all opinion reports, oldest first."""
    (rng, writer), rows = world.chance("opinions"), world.rows
    desk = OpinionDesk(world, rng)

    def written(seat: int, theme: Theme, created: int) -> Report:
        text = writer.opinion_report(theme, world.words(created))
        return Report(desk.new_id(), seat, theme, *text, created, created, account=seat + 1)

    begun = start_of(world.today - 1, 12.4)  # the host's draft
    shared = start_of(world.today - 75, 9.3)  # the host's part of a combined report
    for created in sorted([*(world.rhythm.moment(rng) for _ in range(world.sizes.opinions)), begun, shared]):
        if created > world.now:
            break
        seat, other = (world.city.actor(rng, created // DAY) for _ in range(2))
        seat = world.host if created in {begun, shared} else seat
        if not world.seats[seat].holds(created // DAY):
            continue
        report = written(seat, world.theme(rng, world.seats[seat]), created)
        agrees = other != seat and world.seats[other].holds(created // DAY)
        if agrees and (created == shared or (created < world.now - 3 * DAY and rng.random() < 0.05)):
            desk.combine([report, written(other, report.theme, created + rng.randint(600, 3 * DAY))])
        else:
            desk.follow(report, draft=created == begun)
        rows.step()


class OpinionDesk:
    """Writes reports with their versions, steps and records."""

    def __init__(self, world: World, rng: Random) -> None:
        rows = world.rows
        self._world, self._rng, (_, self._writer) = world, rng, world.chance("opinions/words")
        self.new_id, self._step_id = rows.ids(OpinionReport), rows.ids(OpinionStep)
        self._add = rows.into(
            OpinionReport,
            "id organization_id kind account_id seat_id combined_into_id title body version released_version"
            " submitted_version state tier created_at edited_at submitted_at",
        )
        self._step = rows.into(
            OpinionStep,
            "id report_id at account_id action from_state to_state tier leader words reason other_id",
        )
        self._version = rows.into(OpinionVersion, "report_id version title body saved_by saved_at")

    def follow(self, report: Report, *, draft: bool) -> None:
        """A report from its draft as far as it has come."""
        self._save(report, report.created, report.account)
        at = later(self._rng, report.created, 20)
        if not draft and at < self._world.now and self._rng.random() >= 0.04:
            self._submit(report, at)
            self._decide(report, at)
        self._file(report)

    def take_in(self, report: Report, at: int) -> None:
        """A report that was made of a lead, as far as it has come."""
        self._save(report, at, report.account)
        self._step_to(report, at, report.account, TAKEN_IN, OpinionState.EDITING)
        self._edit(report, report.account, at)
        self._file(report)

    def _decide(self, report: Report, at: int) -> None:
        """What the desk does with a report that was handed in."""
        staff = self._rng.choice(self._world.staff)
        at, draw = self._office(at, 30), self._rng.random()
        if at >= self._world.now or draw < 0.2:
            return
        if draw < 0.29:
            back = draw < 0.24
            action = OpinionAction.RETURN if back else OpinionAction.SHELVE
            reason = self._writer.say(report.theme, "returned" if back else "shelved")
            self._take(report, at, staff, action, reason=reason)
            return
        self._take(report, at, staff, OpinionAction.START_EDITING)
        self._edit(report, staff, at)

    def _edit(self, report: Report, staff: int, started: int) -> None:
        at = self._office(started, 40)
        if at >= self._world.now or self._rng.random() < 0.12:
            return
        if self._rng.random() < 0.4:
            report.version, report.title = 2, report.title.replace("几点建议", "建议")
            self._save(report, at - 30, staff)
        self._upward(report, staff, at)

    def combine(self, parts: list[Report]) -> None:
        """Reports on one matter that become one, as far as it has come."""
        now, staff = self._world.now, self._rng.choice(self._world.staff)
        for part in parts:
            self._save(part, part.created, part.account)
            at = later(self._rng, part.created, 20)
            if at < now:
                self._submit(part, at)
        at = self._office(max(part.submitted or now for part in parts), 60)
        if at < now:
            first, body = parts[0], "\n\n".join(part.body for part in parts)
            whole = Report(
                self.new_id(), None, first.theme, f"多位委员反映：{first.title}"[:120], body, at, at
            )
            whole.kind, whole.account, whole.parts = OpinionKind.COMBINED, staff, parts
            self._save(whole, at, staff)
            self._step_to(whole, at, staff, COMPILED, OpinionState.EDITING)
            for part in parts:
                self._take(part, at, staff, OpinionAction.COMBINE, other=whole)
                part.into = whole.id
            at = self._office(at, 40)
            if at < now:
                self._upward(whole, staff, at)
            self._file(whole)
        for part in parts:
            self._file(part)

    def _file(self, report: Report) -> None:
        begun_on_desk = report.parts or report.kind is OpinionKind.LEAD
        self._add(
            (
                report.id, ORGANIZATION_ID, report.kind.value, report.account,
                None if report.seat is None else report.seat + 1, report.into, report.title, report.body,
                report.version, report.version, 1 if report.submitted or begun_on_desk else None,
                report.state.value, report.tier.value if report.tier else None, utc(report.created),
                utc(report.edited), utc(report.submitted) if report.submitted else None,
            )
        )  # fmt: skip

    def _submit(self, report: Report, at: int) -> None:
        report.submitted = at
        self._take(report, at, report.account, OpinionAction.SUBMIT)
        self._credit(report, KINDS[OpinionAction.SUBMIT], at, by=0)

    def _upward(self, report: Report, staff: int, at: int) -> None:
        """From the desk of the editors upward, with all that is part of it."""
        rng, now = self._rng, self._world.now
        (tier,) = rng.choices(_TIERS, _TIER_WEIGHTS)
        self._all_take(report, at, staff, OpinionAction.ISSUE, tier)
        at = self._office(at, 200)
        if at >= now or rng.random() < 0.4:
            return
        self._all_take(report, at, staff, OpinionAction.ADOPT, tier)
        at = self._office(at, 150)
        if at < now and rng.random() < 0.3:
            leader, words = rng.choice(_LEADERS), self._writer.say(report.theme, "comment")
            self._all_take(report, at, staff, OpinionAction.COMMENT, tier, leader, words)

    def _all_take(
        self,
        report: Report,
        at: int,
        staff: int,
        action: OpinionAction,
        tier: Tier,
        leader: str | None = None,
        words: str | None = None,
    ) -> None:
        """A step of a report that its parts take with it, and the credit for it."""
        for one in [report, *report.parts]:
            other = None if one is report else report
            self._take(one, at, staff, action, tier=tier, leader=leader, words=words, other=other)
            one.tier = tier
            self._credit(one, KINDS[action], at, by=staff, level=tier.value, note=leader)

    def _credit(self, report: Report, kind: str, at: int, **more: Any) -> None:
        if report.seat is not None:
            self._world.record(report.seat, kind, report.id, at, **more)

    def _office(self, at: int, hours: float) -> int:
        """When the staff come to it, some `hours` after a moment by the median."""
        return max(at_work(later(self._rng, at, hours)), at + 600)

    def _take(  # noqa: PLR0913 - a step has these parts
        self,
        report: Report,
        at: int,
        by: int,
        action: OpinionAction,
        *,
        tier: Tier | None = None,
        leader: str | None = None,
        words: str | None = None,
        reason: str | None = None,
        other: Report | None = None,
    ) -> None:
        """Take a step of the life cycle, of which the author hears; with a combined report its parts stay where they are."""
        goes_along = report.state is OpinionState.COMBINED
        target = report.state if goes_along else LIFECYCLE.step(report.state, action).target
        self._step_to(report, at, by, action, target, tier, leader, words, reason, other and other.id)
        if action in news.STEPS and report.seat is not None:
            title, through = other.title if other else "", other.title if other and goes_along else ""
            about = {"reason": reason, "other": title, "leader": leader}
            sentence = news.of_step(action, report.title, tier=tier, through=through, **about)
            kind, subject = NoticeKind.of(f"opinion.{action}"), ("opinion_report", report.id)
            self._world.bell.ring([report.seat], kind, sentence, subject, at)

    def _save(self, report: Report, at: int, account_id: int) -> None:
        report.edited = at
        self._version((report.id, report.version, report.title, report.body, account_id, utc(at)))

    def _step_to(
        self, report: Report, at: int, by: int, action: str, state: OpinionState, *more: Any
    ) -> None:
        """Write a step; `more` is what it names: tier, leader, words, reason, other report."""
        moved = (self._step_id(), report.id, utc(at), by, str(action), report.state.value, state.value)
        tier, *rest = more or [None] * 5
        self._step((*moved, tier and tier.value, *rest))
        report.state = state
