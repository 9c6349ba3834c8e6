"""Opinion reports: drafts, submissions, combined ones, issues at a tier, adoptions, leaders' comments."""

from dataclasses import dataclass, field
from random import Random
from typing import Any

from app.demo.plan import ORGANIZATION_ID
from app.demo.rhythm import DAY, at_work, later, start_of, utc
from app.demo.text import Theme
from app.demo.world import World
from app.opinions.lifecycle import COMPILED, TAKEN_IN, TIER_LABELS, Action, Kind, State, Tier
from app.opinions.models import OpinionReport, OpinionStep, OpinionVersion

_TIERS, _TIER_WEIGHTS = (Tier.CITY, Tier.PROVINCE, Tier.NATIONAL, Tier.COUNTY), (62, 26, 5, 7)
_CREDITS = {
    Action.ISSUE: "opinion.issued",
    Action.ADOPT: "opinion.adopted",
    Action.COMMENT: "opinion.commented",
}
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
    state: State = State.DRAFT
    tier: Tier | None = None
    account: int = 0
    kind: Kind = Kind.SINGLE
    into: int | None = None
    parts: list["Report"] = field(default_factory=list)


def fill(world: World) -> None:
    """Write all opinion reports, oldest first."""
    (rng, writer), rows = world.chance("opinions"), world.rows
    desk = Desk(world, rng)

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


class Desk:
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
        self._to(report, at, report.account, TAKEN_IN, State.EDITING)
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
            action, state, rule, news = (
                (Action.RETURN, State.RETURNED, "returned", "请您修改")
                if back
                else (Action.SHELVE, State.SHELVED, "shelved", "留存备查")
            )
            reason = self._writer.say(report.theme, rule)
            self._to(report, at, staff, action, state, reason=reason)
            self._tell(report, at, action, f"{news}：{reason}")
            return
        self._to(report, at, staff, Action.START_EDITING, State.EDITING)
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
            whole.kind, whole.account, whole.parts = Kind.COMBINED, staff, parts
            self._save(whole, at, staff)
            self._to(whole, at, staff, COMPILED, State.EDITING)
            for part in parts:
                self._to(part, at, staff, Action.COMBINE, State.COMBINED, other=whole)
                part.into = whole.id
                self._tell(part, at, Action.COMBINE, f"已编入综合信息《{whole.title}》")
            at = self._office(at, 40)
            if at < now:
                self._upward(whole, staff, at)
            self._file(whole)
        for part in parts:
            self._file(part)

    def _file(self, report: Report) -> None:
        begun_on_desk = report.parts or report.kind is Kind.LEAD
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
        self._to(report, at, report.account, Action.SUBMIT, State.SUBMITTED)
        self._credit(report, "opinion.submitted", at, by=0)

    def _upward(self, report: Report, staff: int, at: int) -> None:
        """From the desk of the editors upward, with all that is part of it."""
        rng, now = self._rng, self._world.now
        (tier,) = rng.choices(_TIERS, _TIER_WEIGHTS)
        self._all_to(report, at, staff, Action.ISSUE, State.ISSUED, tier)
        at = self._office(at, 200)
        if at >= now or rng.random() < 0.4:
            return
        self._all_to(report, at, staff, Action.ADOPT, State.ADOPTED, tier)
        for one in report.parts or [report]:
            self._tell(one, at, Action.ADOPT, f"被{TIER_LABELS[tier]}采用")
        at = self._office(at, 150)
        if at < now and rng.random() < 0.3:
            leader, words = rng.choice(_LEADERS), self._writer.say(report.theme, "comment")
            self._all_to(report, at, staff, Action.COMMENT, State.ADOPTED, tier, leader, words)

    def _all_to(
        self,
        report: Report,
        at: int,
        staff: int,
        action: Action,
        state: State,
        tier: Tier,
        leader: str | None = None,
        words: str | None = None,
    ) -> None:
        """A step of a report that its parts take with it, and the credit for it."""
        self._to(report, at, staff, action, state, tier=tier, leader=leader, words=words)
        for part in report.parts:
            same = {"leader": leader, "words": words}
            self._to(part, at, staff, action, State.COMBINED, other=report, tier=tier, **same)
        for one in [report, *report.parts]:
            one.tier = tier
            self._credit(one, _CREDITS[action], at, by=staff, level=tier.value, note=leader)

    def _credit(self, report: Report, kind: str, at: int, **more: Any) -> None:
        if report.seat is not None:
            self._world.record(report.seat, kind, report.id, at, **more)

    def _office(self, at: int, hours: float) -> int:
        """When the staff come to it, some `hours` after a moment by the median."""
        return max(at_work(later(self._rng, at, hours)), at + 600)

    def _tell(self, report: Report, at: int, action: Action, news: str) -> None:
        subject = ("opinion_report", report.id)
        self._world.bell.ring(
            [] if report.seat is None else [report.seat],
            f"opinion.{action}",
            f"信息《{report.title}》{news}",
            subject,
            at,
        )

    def _save(self, report: Report, at: int, account_id: int) -> None:
        report.edited = at
        self._version((report.id, report.version, report.title, report.body, account_id, utc(at)))

    def _to(  # noqa: PLR0913 - a step has these parts
        self,
        report: Report,
        at: int,
        account_id: int,
        action: str,
        state: State,
        *,
        tier: Tier | None = None,
        leader: str | None = None,
        words: str | None = None,
        reason: str | None = None,
        other: Report | None = None,
    ) -> None:
        step = (
            self._step_id(),
            report.id,
            utc(at),
            account_id,
            str(action),
            report.state.value,
            state.value,
        )
        self._step((*step, tier.value if tier else None, leader, words, reason, other and other.id))
        report.state = state
