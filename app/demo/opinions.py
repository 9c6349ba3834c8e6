"""Opinion reports: drafts, submissions, issues at a tier, adoptions, leaders' comments."""

from dataclasses import dataclass
from random import Random

from app.demo.plan import ORGANIZATION_ID
from app.demo.rhythm import DAY, at_work, later, start_of, utc
from app.demo.text import Theme
from app.demo.world import World
from app.opinions.lifecycle import TIER_LABELS, Action, State, Tier
from app.opinions.models import OpinionReport, OpinionStep, OpinionVersion

_TIERS, _TIER_WEIGHTS = (Tier.CITY, Tier.PROVINCE, Tier.NATIONAL, Tier.COUNTY), (62, 26, 5, 7)
_LEADERS = ("市委主要领导", "市政府主要领导", "市政府分管领导", "市政协主要领导")


@dataclass(slots=True)
class _Report:
    """A report while its track is written."""

    id: int
    seat: int
    theme: Theme
    title: str
    body: str
    created: int
    edited: int
    version: int = 1
    submitted: int | None = None
    state: State = State.DRAFT
    tier: Tier | None = None


def fill(world: World) -> None:
    """Write all opinion reports, oldest first."""
    (rng, writer), rows = world.chance("opinions"), world.rows
    desk, report_id = _Desk(world, rng), rows.ids(OpinionReport)
    add = rows.into(
        OpinionReport,
        "id organization_id account_id seat_id title body version submitted_version state tier created_at edited_at"
        " submitted_at",
    )
    begun = start_of(world.today - 1, 12.4)  # the host's draft
    for created in sorted([*(world.rhythm.moment(rng) for _ in range(world.sizes.opinions)), begun]):
        if created > world.now:
            break
        seat = world.host if created == begun else world.city.actor(rng, created // DAY)
        who = world.seats[seat]
        if not who.holds(created // DAY):
            continue
        theme = world.theme(rng, who)
        report = _Report(
            report_id(), seat, theme, *writer.opinion_report(theme, world.words(created)), created, created
        )
        desk.follow(report, draft=created == begun)
        own, submitted = seat + 1, report.submitted
        add(
            (
                report.id, ORGANIZATION_ID, own, own, report.title, report.body, report.version,
                1 if submitted else None, report.state.value, report.tier.value if report.tier else None,
                utc(created), utc(report.edited), utc(submitted) if submitted else None,
            )
        )  # fmt: skip
        rows.step()


class _Desk:
    """Writes versions and steps of a report with their records."""

    def __init__(self, world: World, rng: Random) -> None:
        rows = world.rows
        self._world, self._rng, (_, self._writer) = world, rng, world.chance("opinions/words")
        self._step_id = rows.ids(OpinionStep)
        self._step = rows.into(
            OpinionStep, "id report_id at account_id action from_state to_state tier leader words reason"
        )
        self._version = rows.into(OpinionVersion, "report_id version title body saved_by saved_at")

    def follow(self, report: _Report, *, draft: bool) -> None:
        """A report from its draft as far as it has come."""
        rng, now, own = self._rng, self._world.now, report.seat + 1
        staff = rng.choice(self._world.staff)
        self._save(report, report.created, own)
        at = later(rng, report.created, 20)
        if draft or at >= now or rng.random() < 0.04:
            return
        report.submitted = at
        self._to(report, at, own, Action.SUBMIT, State.SUBMITTED)
        self._world.record(report.seat, "opinion.submitted", report.id, at)
        at, draw = self._office(at, 30), rng.random()
        if at >= now or draw < 0.25:
            return
        if draw < 0.29:
            reason = self._writer.say(report.theme, "returned")
            self._to(report, at, staff, Action.RETURN, State.RETURNED, reason=reason)
            self._tell(report, at, Action.RETURN, f"请您修改：{reason}")
            return
        self._to(report, at, staff, Action.START_EDITING, State.EDITING)
        self._edited(report, staff, at)

    def _edited(self, report: _Report, staff: int, started: int) -> None:
        """From the desk of the editors upward."""
        rng, now = self._rng, self._world.now
        at = self._office(started, 40)
        if at >= now or rng.random() < 0.12:
            return
        if rng.random() < 0.4:
            report.version, report.title = 2, report.title.replace("几点建议", "建议")
            self._save(report, at - 30, staff)
        (report.tier,) = rng.choices(_TIERS, _TIER_WEIGHTS)
        self._to(report, at, staff, Action.ISSUE, State.ISSUED, tier=report.tier)
        at = self._office(at, 200)
        if at >= now or rng.random() < 0.4:
            return
        self._to(report, at, staff, Action.ADOPT, State.ADOPTED, tier=report.tier)
        self._tell(report, at, Action.ADOPT, f"被{TIER_LABELS[report.tier]}采用")
        record, tier = self._world.record, report.tier.value
        record(report.seat, "opinion.adopted", report.id, at, level=tier, by=staff)
        at = self._office(at, 150)
        if at < now and rng.random() < 0.3:
            leader, words = rng.choice(_LEADERS), self._writer.say(report.theme, "comment")
            self._to(
                report, at, staff, Action.COMMENT, State.ADOPTED, tier=report.tier, leader=leader, words=words
            )
            record(report.seat, "opinion.commented", report.id, at, level=tier, note=leader, by=staff)

    def _office(self, at: int, hours: float) -> int:
        """When the staff come to it, some `hours` after a moment by the median."""
        return max(at_work(later(self._rng, at, hours)), at + 600)

    def _tell(self, report: _Report, at: int, action: Action, news: str) -> None:
        subject = ("opinion_report", report.id)
        self._world.bell.ring(
            [report.seat], f"opinion.{action}", f"信息《{report.title}》{news}", subject, at
        )

    def _save(self, report: _Report, at: int, account_id: int) -> None:
        report.edited = at
        self._version((report.id, report.version, report.title, report.body, account_id, utc(at)))

    def _to(  # noqa: PLR0913 - a step has these parts
        self,
        report: _Report,
        at: int,
        account_id: int,
        action: Action,
        state: State,
        *,
        tier: Tier | None = None,
        leader: str | None = None,
        words: str | None = None,
        reason: str | None = None,
    ) -> None:
        step = (
            self._step_id(),
            report.id,
            utc(at),
            account_id,
            action.value,
            report.state.value,
            state.value,
        )
        self._step((*step, tier.value if tier else None, leader, words, reason))
        report.state = state
