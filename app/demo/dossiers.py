"""One proposal after another: versions, signatures and every step of the track."""

from dataclasses import dataclass
from random import Random
from typing import Any

from app.demo import forms
from app.demo.bodies import DemoBody
from app.demo.docket import Docket
from app.demo.grammar import Phrase
from app.demo.handling import handle
from app.demo.office import BY_CHANCE, Filed, Office, Script
from app.demo.plan import ORGANIZATION_ID, SHOWN_UNIT, TERM_ID, session_name
from app.demo.register import Track
from app.demo.rhythm import DAY, at_work, awake, local_date, utc
from app.demo.text import ProposalText, Theme
from app.demo.world import World
from app.proposals.lifecycle import DECLINE_REASONS, Action, Mark, State
from app.proposals.models import Proposal, ProposalSigner, ProposalVersion
from app.proposals.rules import ANSWER_DAYS, Kind

_KINDS, _KIND_WEIGHTS = (Kind.INDIVIDUAL, Kind.JOINT, Kind.COLLECTIVE), (70, 20, 10)
_DECLINES = ("empty", "litigation", "academic", "personal", "promotion")
_DECLINE_WEIGHTS = (5, 3, 3, 2, 2)


@dataclass(slots=True)
class Case:
    """When a proposal was begun, submitted and decided (seconds since 1970), and what became of it."""

    seat: int
    fate: str
    window: int
    created: int
    submitted: int
    decided: int
    number: int | None = None
    kind: Kind | None = None
    #: A seat that is asked to sign and has not answered.
    asked: int | None = None
    #: A seat that signed an earlier version, and is asked to confirm the present one.
    changed: int | None = None
    #: Whether it is about what the unit that is shown handles.
    of_unit: bool = False
    #: The body in whose name it is, where that is not left to chance.
    body: DemoBody | None = None
    script: Script = BY_CHANCE


class Desk:
    """Writes one proposal after another."""

    def __init__(self, world: World, rng: Random) -> None:
        rows = world.rows
        self._world, self._rng, (_, self._writer) = world, rng, world.chance("proposals/text")
        self._titles: set[str] = set()
        self._shown: list[tuple[Phrase, ...]] = []
        self._news: list[tuple[int, Action, str]] = []
        self._forms = Random(f"{world.seed}:proposals/forms")
        self._id, self._track, self._office = rows.ids(Proposal), Track(rows), Office(world)
        self._proposal = rows.into(
            Proposal,
            "id organization_id term_id window_id account_id seat_id kind body_id category publish_consent publish_reason"
            " suggested_unit_ids research activity_ids period title situation suggestions version submitted_version state number created_at edited_at submitted_at filed_at closed_at decline_code"
            " is_key is_commended round result_class replied_at supervisor_id supervised_month",
        )
        self._version = rows.into(
            ProposalVersion, "proposal_id version title situation suggestions form saved_by saved_at"
        )
        self._signer = rows.into(
            ProposalSigner,
            "proposal_id seat_id role state answer_by invited_at answered_at signed_version",
        )

    def write(self, case: Case) -> None:
        """One proposal with all that belongs to it."""
        rng, world, n = self._rng, self._world, self._id()
        (kind,) = rng.choices(_KINDS, _KIND_WEIGHTS)
        kind, body = self._body(case, case.kind or kind)
        who, own = world.seats[case.seat], case.seat + 1
        theme = world.theme(rng, who)
        while case.kind and (theme.titles in self._shown or case.of_unit != (theme.unit == SHOWN_UNIT)):
            theme = world.theme(rng, who)  # what is shown together differs
        self._shown += [theme.titles] if case.kind else []
        text = self._text(theme, case.created)
        is_whole = case.fate != "draft" and case.submitted < world.now
        is_submitted = is_whole and case.fate != "confirming"
        form = forms.form(self._forms, kind, body.id if body else None, theme, is_whole=is_whole)
        version, edited, shown = self._versions(n, case, text, form, is_submitted=is_whole)
        cosigners = self._signers(n, case, kind, version, shown.title, is_submitted=is_submitted)
        if kind is Kind.JOINT and is_submitted and not cosigners:
            kind = Kind.INDIVIDUAL
        state, closed, code, docket = State.DRAFT, None, None, None
        if body and is_whole and not is_submitted:
            state = self._ask_head(n, case, body, shown.title, State.DRAFT)
        if is_submitted:
            signed = [(case.seat, "lead"), *((seat, "participant") for seat in cosigners)]
            for seat, role in signed:
                world.record(seat, "proposal.submitted", n, case.submitted, role=role, by=own)
            state, code = self._review(n, case, version, body)
            self._tell(n, [seat for seat, _ in signed], shown.title)
            closed = case.decided if state is State.DECLINED else None
            if state is State.FILED:
                for seat, role in signed:
                    world.record(seat, "proposal.filed", n, case.decided, role=role, by=world.staff[0])
                name = body.name if body else f"{who.name}委员"
                filed = Filed(n, case.number or 0, theme, text, signed, name, case.decided, case.script)
                docket = handle(self._office, filed)
                state, closed = docket.state, docket.closed
        self._proposal(
            (
                n, ORGANIZATION_ID, TERM_ID, case.window if is_submitted else None, own, own, kind.value,
                form["body_id"], form["category"], form["publish_consent"], form["publish_reason"],
                form["suggested_unit_ids"], form["research"], form["activity_ids"],
                forms.period(case.submitted) if is_submitted else None, *shown, version, version if is_submitted else None, state.value, case.number, utc(case.created), utc(edited),
                utc(case.submitted) if is_submitted else None, utc(case.decided) if case.number else None,
                utc(closed) if closed else None, code, *_handled(docket),
            )
        )  # fmt: skip

    def _tell(self, n: int, seats: list[int], title: str) -> None:
        """Author and co-signers hear of every step of the staff."""
        for at, action, news in self._news:
            self._world.bell.ring(seats, f"proposal.{action}", f"提案《{title}》{news}", ("proposal", n), at)
        self._news.clear()

    def _text(self, theme: Theme, at: int) -> ProposalText:
        words = self._world.words(at)
        text = self._writer.proposal(theme, words)
        for _ in range(12):
            if text.title not in self._titles:
                break
            text = self._writer.proposal(theme, words)
        self._titles.add(text.title)
        return text

    def _body(self, case: Case, kind: Kind) -> tuple[Kind, DemoBody | None]:
        """The body that puts a collective proposal forward; one who acts for it becomes its author."""
        if kind is not Kind.COLLECTIVE:
            return kind, None
        found = (case.body, case.seat) if case.body else self._world.bodies.author(self._rng, case.seat)
        if found is None:
            return Kind.INDIVIDUAL, None
        body, case.seat = found
        return kind, body

    def _ask_head(self, n: int, case: Case, body: DemoBody, title: str, state: State) -> State:
        """Send it to the head of its body, who is told."""
        at, author = case.submitted - 3_600, self._world.seats[case.seat].name
        self._track.step(n, at, case.seat + 1, Action.ASK_HEAD, state, State.CONFIRMING)
        news = f"{author}以{body.name}名义起草了提案《{title}》，请您确认"
        self._world.bell.ring(body.speakers[:1], "proposal.to_confirm", news, ("proposal", n), at)
        return State.CONFIRMING

    def _versions(
        self, n: int, case: Case, text: ProposalText, form: dict[str, Any], *, is_submitted: bool
    ) -> tuple[int, int, ProposalText]:
        """What was saved and when; the number, moment and text of the last version so far."""
        rng, end = self._rng, min(case.submitted - 600, self._world.now)
        (count,) = rng.choices((1, 2, 3, 4), (40, 30, 20, 10))
        count = max(count, 3) if case.changed is not None else count
        begun = ProposalText(text.title, text.situation.split("\n")[0], "")
        half = ProposalText(text.title, text.situation, text.suggestions.split("\n")[0])
        saved = sorted(case.created + int(rng.random() * (end - case.created)) for _ in range(count - 1))
        moments = [case.created, *saved]
        texts = [begun, half, half, text][4 - count :] if is_submitted else [begun, begun, half, half][:count]
        if is_submitted and count > 1:
            texts[0] = begun
        for version, (at, words) in enumerate(zip(moments, texts, strict=True), 1):
            self._version((n, version, *words, form, case.seat + 1, utc(at)))
        return count, moments[-1], texts[-1]

    def _signers(
        self, n: int, case: Case, kind: Kind, version: int, title: str, *, is_submitted: bool
    ) -> list[int]:
        """Invite co-signers of a joint proposal; those who accepted."""
        rng, world = self._rng, self._world
        self._signer((n, case.seat + 1, "lead", "accepted", None, utc(case.created), None, None))
        if kind is not Kind.JOINT:
            return []
        invited = case.created + int(rng.random() * (min(case.submitted, world.now) - case.created) * 0.3)
        invited = awake(invited)
        end = min(case.submitted - 300, world.now)
        answer_by = local_date(invited + ANSWER_DAYS * DAY)
        is_decided = is_submitted and case.fate != "returned" and case.decided < world.now
        accepted, asked = [], {case.seat, world.newcomer, case.asked, case.changed}
        if case.asked is not None:
            self._signer((n, case.asked + 1, "participant", "invited", answer_by, utc(invited), None, None))
            news = f"{world.seats[case.seat].name}邀请您联名提案《{title}》，请于{answer_by.month}月{answer_by.day}日前答复"
            world.bell.ring([case.asked], "proposal.invited", news, ("proposal", n), invited)
        if case.changed is not None:
            signer = (n, case.changed + 1, "participant", "unconfirmed", answer_by, utc(invited))
            self._signer((*signer, utc(invited + 7_200), version - 1))
            news = f"您联名的提案《{title}》修改了具体建议，请看过后再次确认"
            told = max(invited + 7_200, end - 10_800)
            world.bell.ring([case.changed], "proposal.confirm_signature", news, ("proposal", n), told)
        for _ in range(1 + int(rng.expovariate(1 / 3.2))):
            day = invited // DAY
            seat = (
                world.city.friend(rng, case.seat)
                if rng.random() < 0.6
                else world.city.actor(rng, day, case.seat)
            )
            if seat in asked or not world.seats[seat].holds(day):
                continue
            asked.add(seat)
            draw, answered = rng.random(), invited + int(rng.expovariate(1 / (20 * 3_600)))
            state = "invited" if draw < 0.07 or answered >= end else "declined" if draw < 0.12 else "accepted"
            if state == "invited" and is_decided:
                state = "expired"
            if state == "accepted" and version > 1 and case.kind is None and (n + seat) % 29 == 0:
                state = "unconfirmed"  # the text has changed since
            if state == "accepted":
                accepted.append(seat)
            at = None if state in {"invited", "expired"} else utc(answered)
            signed = {"accepted": version, "unconfirmed": version - 1}.get(state)
            self._signer((n, seat + 1, "participant", state, answer_by, utc(invited), at, signed))
        return sorted(accepted) if is_submitted else []

    def _review(self, n: int, case: Case, version: int, body: DemoBody | None) -> tuple[State, str | None]:
        """The track from the submission on; where the proposal stands, and the code if it was declined."""
        rng, world = self._rng, self._world
        self._submit(n, case, case.submitted, State.DRAFT, body, version=version, window_id=case.window)
        state, staff = State.SUBMITTED, rng.choice(world.staff)
        started = at_work((case.submitted + case.decided) // 2)
        if not case.submitted < started < case.decided:
            started = (case.submitted + case.decided) // 2
        if started >= world.now:
            return state, None
        if case.kind or rng.random() < 0.7:
            self._track.step(
                n, started, staff, Action.START_REVIEW, state, State.FIRST_REVIEW, version=version
            )
            self._news.append((started, Action.START_REVIEW, "开始初审"))
            state = State.FIRST_REVIEW
        if case.fate == "revised":
            self._return(n, started + 7_200, staff, state, version)
            again = started + 7_200 + int((case.decided - started - 7_200) * 0.7)
            if again >= world.now:
                return State.RETURNED, None
            self._submit(n, case, again, State.RETURNED, body, version=version)
            state = State.SUBMITTED
        if case.decided >= world.now:
            return state, None
        if case.fate == "declined":
            (code,) = rng.choices(_DECLINES, _DECLINE_WEIGHTS)
            reason = f"{DECLINE_REASONS[code]}，依照提案工作条例不予立案。欢迎调整后再次提出。"
            self._track.step(
                n,
                case.decided,
                staff,
                Action.DECLINE,
                state,
                State.DECLINED,
                version=version,
                reason=reason,
                code=code,
            )
            self._news.append((case.decided, Action.DECLINE, f"不予立案：{DECLINE_REASONS[code]}"))
            return State.DECLINED, code
        if case.fate == "returned":
            self._return(n, case.decided, staff, state, version)
            return State.RETURNED, None
        self._track.step(
            n, case.decided, staff, Action.FILE, state, State.FILED, version=version, number=case.number
        )
        self._news.append(
            (case.decided, Action.FILE, f"已立案，编号为{session_name(case.window)}第{case.number}号")
        )
        return State.FILED, None

    def _submit(self, n: int, case: Case, at: int, state: State, body: DemoBody | None, **data: Any) -> None:
        """The author submits it; what a body puts forward is confirmed by its head, unless the head wrote it."""
        step = self._track.step
        if body is None or case.seat == body.speakers[0]:
            step(n, at, case.seat + 1, Action.SUBMIT, state, State.SUBMITTED, **data)
            return
        step(n, at - 3_600, case.seat + 1, Action.ASK_HEAD, state, State.CONFIRMING)
        step(n, at, body.speakers[0] + 1, Action.CONFIRM, State.CONFIRMING, State.SUBMITTED, **data)

    def _return(self, n: int, at: int, staff: int, state: State, version: int) -> None:
        reason = self._writer.say(self._world.theme(self._rng), "returned")
        self._track.step(
            n, at, staff, Action.RETURN_FOR_REVISION, state, State.RETURNED, version=version, reason=reason
        )
        self._news.append((at, Action.RETURN_FOR_REVISION, f"请您修改：{reason}"))


def _handled(docket: Docket | None) -> tuple[Any, ...]:
    """The columns of a proposal that its handling moves."""
    if docket is None:
        return False, False, 1, None, None, None, None
    marks = (Mark.KEY in docket.marks, Mark.COMMENDATION in docket.marks)
    result, replied = docket.result and docket.result.value, docket.replied and utc(docket.replied)
    return *marks, docket.round, result, replied, docket.supervisor, docket.month
