"""Claims of acts done elsewhere with what staff made of them, an appeal, and the reports of the standing committee."""

from hashlib import sha256
from random import Random
from typing import NamedTuple

from app.archive.lifecycle import ClaimAction, ClaimKind, ClaimState
from app.archive.models import Claim, ClaimStep, DutyReport, DutyReportVersion
from app.demo.city.plan import ORGANIZATION_ID
from app.demo.city.rhythm import DAY, at_work, days_since_1970, later, local_date, start_of, utc
from app.demo.city.world import World
from app.demo.meetings.activities import form_of
from app.duty.models import DutyMeasure, OutsideAct
from app.notifications.kinds import NoticeKind

#: Claims came into use lately.
_SINCE = 240
_ACTS = (
    ("speech.delivered", "在省政协专题协商会上的发言", "省政协", "province"),
    ("activity.attended", "参加省政协界别协商座谈会", "省政协", "province"),
    ("activity.attended", "参加区法院庭审观摩", "城东区人民法院", "county"),
    ("service.rendered", "社区义诊半天", "梅关镇文化站", "county"),
    ("service.rendered", "为毕业生讲就业政策", "市第一职业学校", "city"),
    ("honor.received", "获评省优秀科技特派员", "省科技厅", "province"),
    ("consultation.held", "召集界别委员商议停车难", "城东街道", "county"),
)
#: What came of deeds, by title.
_RESULTS = {
    "社区义诊半天": {"people": 46, "hours": 240},
    "为毕业生讲就业政策": {"people": 120, "jobs": 15, "hours": 120},
    "召集界别委员商议停车难": {"people": 18, "things": 1},
    "在省政协专题协商会上的发言": {"words": 1800},
}
_REFUSALS = ("附的照片看不出本人参加，请补会议通知。", "与已登记的一条重复。", "属本职工作，不计入履职。")
_PASSAGES = {
    "study": "全年参加集中学习{n}次，读书四本，写笔记两篇。",
    "deliberation": "按时出席常委会会议，围绕{subject}等题目协商建言。",
    "constituency": "走访界别群众{n}次，把大家说得最多的几件事写成了信息。",
    "conduct": "遵守政协章程和会议纪律，请假均事先说明。",
    "shortcomings": "到一线的次数还不够多，有的建议数据不足。",
    "plans": "盯住已提建议的落实，多到现场看。",
}


class _Made(NamedTuple):
    """One claim: by whom, what, when, and what became of it."""

    seat: int
    what: tuple[str, str, str, str]
    day: int
    state: ClaimState


def fill(world: World) -> None:
    """Write claims with their records, then the reports of last year."""
    _Desk(world).fill()
    _reports(world)


class _Desk:
    """Writes claims, oldest first, and decides on them."""

    def __init__(self, world: World) -> None:
        rows = world.rows
        self._world, (self._rng, _) = world, world.chance("claims")
        self._act_id, self._claim_id, self._step_id = (
            rows.ids(OutsideAct),
            rows.ids(Claim),
            rows.ids(ClaimStep),
        )
        self._act = rows.into(OutsideAct, "id organization_id kind form title held_on place source_ref")
        self._claim = rows.into(
            Claim,
            "id organization_id account_id seat_id kind state title act_kind form held_on place role level body"
            " recorded_id reason created_at edited_at decided_at measures",
        )
        self._measure = rows.into(DutyMeasure, "record_id measure amount")
        self._step = rows.into(
            ClaimStep, "id claim_id at account_id action from_state to_state reason recorded_id"
        )

    def fill(self) -> None:
        """The host has one of each kind; others a few; the host misses a record."""
        world, rng = self._world, self._rng
        shown = (ClaimState.CONFIRMED, ClaimState.REFUSED, ClaimState.WAITING)
        made = [
            _Made(world.host, _ACTS[n], world.today - days, state)
            for n, (state, days) in enumerate(zip(shown, (60, 30, 2), strict=True))
        ]
        for _ in range(max(len(world.seats) // 6, 6)):
            day = world.today - rng.randrange(1, _SINCE)
            state = ClaimState.WAITING if day > world.today - 6 else rng.choices(shown[:2], (4, 1))[0]
            made.append(_Made(world.city.actor(rng, day), rng.choice(_ACTS), day, state))
        taken = set[tuple[int, str]]()
        for one in sorted(made, key=lambda one: one.day):
            if (one.seat, one.what[1]) not in taken and world.seats[one.seat].holds(one.day):
                taken.add((one.seat, one.what[1]))
                self._hand_in(one)
        self._appeal(world.host)

    def _hand_in(self, one: _Made) -> None:
        world, rng, (kind, title, place, level) = self._world, self._rng, one.what
        created = min(later(rng, start_of(one.day, 18), 8), world.now - 600)
        decided = min(at_work(later(rng, created, 30)), world.now - 60)
        state = one.state if decided > created else ClaimState.WAITING
        claim_id, staff, on = self._claim_id(), world.staff[0], local_date(start_of(one.day, 12))
        reason = rng.choice(_REFUSALS) if state is ClaimState.REFUSED else None
        recorded_id = None
        if state is ClaimState.CONFIRMED:
            named = f"{ORGANIZATION_ID}|{kind}|{on}|{title}|{place}|{claim_id}"
            act_id = self._act_id()
            source = f"manual:{sha256(named.encode()).hexdigest()}"
            self._act((act_id, ORGANIZATION_ID, kind, form_of(kind, title), title, on, place, source))
            recorded_id = world.record(
                one.seat, kind, act_id, start_of(one.day, 12), subject_type="outside_act", level=level,
                source="claim", source_ref=f"claim:{claim_id}", by=staff, recorded=decided,
            )  # fmt: skip
            for measure, amount in _RESULTS.get(title, {}).items():
                self._measure((recorded_id, measure, amount))
        done = utc(decided) if state is not ClaimState.WAITING else None
        who = one.seat + 1
        self._claim(
            (
                claim_id, ORGANIZATION_ID, who, who, ClaimKind.CLAIM.value, state.value, title, kind,
                form_of(kind, title), on, place, "lead", level, "", recorded_id, reason, utc(created), utc(created), done,
                _RESULTS.get(title),
            )
        )  # fmt: skip
        if done:
            action = ClaimAction.CONFIRM if state is ClaimState.CONFIRMED else ClaimAction.REFUSE
            self._step(
                (
                    self._step_id(), claim_id, done, staff, action.value, ClaimState.WAITING.value, state.value, reason,
                    recorded_id,
                )
            )  # fmt: skip
            news = (
                f"您申报的“{title}”已确认，记入履职档案"
                if state is ClaimState.CONFIRMED
                else f"您申报的“{title}”未予确认：{reason}"
            )
            world.bell.ring([one.seat], NoticeKind.of(f"claim.{action}"), news, ("claim", claim_id), decided)
        world.rows.step()

    def _appeal(self, seat: int) -> None:
        at, who = utc(self._world.now - DAY), seat + 1
        self._claim(
            (
                self._claim_id(), ORGANIZATION_ID, who, who, ClaimKind.APPEAL.value, ClaimState.WAITING.value, "缺漏的履职记录",
                None, None, None, None, None, None, "上月的界别协商座谈会没有记上，我签过到。", None, None, at, at, None, None,
            )
        )  # fmt: skip


def _reports(world: World) -> None:
    (rng, writer), rows, year = world.chance("reports"), world.rows, local_date(world.now).year - 1
    columns = "seat_id duty_year version saved_at passages"
    adds = [rows.into(model, columns) for model in (DutyReport, DutyReportVersion)]
    saved = start_of(days_since_1970(local_date(world.now).replace(year, 12, 20)), 20)
    for seat in world.city.standing:
        if world.seats[seat].holds(saved // DAY) and rng.random() < 0.8:
            words = _words(rng, writer.subject(world.theme(rng, world.seats[seat])))
            for add in adds:
                add((seat + 1, year, 1, utc(saved), words))


def _words(rng: Random, subject: str) -> dict[str, str]:
    said = {"n": rng.randrange(4, 16), "subject": subject}
    return {key: text.format(**said) for key, text in _PASSAGES.items()}
