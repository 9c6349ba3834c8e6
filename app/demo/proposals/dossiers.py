"""One proposal after another: versions, signatures and every step of the track."""

from dataclasses import dataclass
from random import Random
from typing import Any

from app.core.lifecycle import Transition
from app.demo.city.bodies import DemoBody
from app.demo.city.plan import ORGANIZATION_ID, SHOWN_UNIT, TERM_ID, session_name
from app.demo.city.rhythm import DAY, at_work, awake, local_date, utc
from app.demo.city.world import World
from app.demo.language.grammar import Phrase
from app.demo.language.text import ProposalText, Theme
from app.demo.proposals import forms
from app.demo.proposals.docket import Docket
from app.demo.proposals.handling import handle
from app.demo.proposals.office import BY_CHANCE, DemoOffice, Filed, Script
from app.demo.proposals.register import Track
from app.notifications.kinds import NoticeKind
from app.proposals import news
from app.proposals.lifecycle import DECLINE_REASONS, LIFECYCLE, ProposalMark
from app.proposals.lifecycle import ProposalAction as Action
from app.proposals.lifecycle import ProposalState as State
from app.proposals.models import Proposal, ProposalSigner, ProposalVersion
from app.proposals.rules import ANSWER_DAYS, ProposalKind
from app.proposals.settings.rules import in_words

_KINDS, _KIND_WEIGHTS = (ProposalKind.INDIVIDUAL, ProposalKind.JOINT, ProposalKind.COLLECTIVE), (70, 20, 10)
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
    kind: ProposalKind | None = None
    #: A seat that is asked to sign and has not answered.
    asked: int | None = None
    #: A seat that signed an earlier version, and is asked to confirm the present one.
    changed: int | None = None
    #: Whether it is about what the unit that is shown handles.
    of_unit: bool = False
    #: The body in whose name it is, where that is not left to chance.
    body: DemoBody | None = None
    script: Script = BY_CHANCE


class DossierDesk:
    """Writes one proposal after another."""

    def __init__(self, world: World, rng: Random) -> None:
        rows = world.rows
        self._world, self._rng, (_, self._writer) = world, rng, world.chance("proposals/text")
        self._titles: set[str] = set()
        self._shown: list[tuple[Phrase, ...]] = []
        self._told: list[tuple[int, Transition[State], str | None]] = []
        self._forms = Random(f"{world.seed}:proposals/forms")
        self._id, self._track, self._office = rows.ids(Proposal), Track(rows), DemoOffice(world)
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
        if kind is ProposalKind.JOINT and is_submitted and not cosigners:
            kind = ProposalKind.INDIVIDUAL
        state, closed, code, docket = State.DRAFT, None, None, None
        if body and is_whole and not is_submitted:
            state = self._ask_head(n, case, body, shown.title, State.DRAFT)
        if is_submitted:
            signed = [(case.seat, "lead"), *((seat, "participant") for seat in cosigners)]
            for seat, role in signed:
                world.record(seat, "proposal.submitted", n, case.submitted, role=role, by=own)
            state, code = self._review(n, case, version, body)
            self._tell(n, case, [seat for seat, _ in signed], shown.title)
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

    def _take(self, n: int, at: int, by: int, state: State, action: Action, **data: Any) -> State:
        """Take a step of the life cycle; where it leads."""
        step = LIFECYCLE.step(state, action)
        self._track.step(n, at, by, action, state, step.target, **data)
        if not step.by_author:
            self._told.append((at, step, DECLINE_REASONS.get(data.get("code", ""), data.get("reason"))))
        return step.target

    def _tell(self, n: int, case: Case, seats: list[int], title: str) -> None:
        """Author and co-signers hear of every step of the staff."""
        about = {"session": session_name(case.window), "number": case.number}
        for at, step, reason in self._told:
            kind = NoticeKind.of(f"proposal.{step.action}")
            sentence = news.of_step(step, title, reason=reason, **about)
            self._world.bell.ring(seats, kind, sentence, ("proposal", n), at)
        self._told.clear()

    def _text(self, theme: Theme, at: int) -> ProposalText:
        words = self._world.words(at)
        text = self._writer.proposal(theme, words)
        for _ in range(12):
            if text.title not in self._titles:
                break
            text = self._writer.proposal(theme, words)
        self._titles.add(text.title)
        return text

    def _body(self, case: Case, kind: ProposalKind) -> tuple[ProposalKind, DemoBody | None]:
        """The body that puts a collective proposal forward; one who acts for it becomes its author."""
        if kind is not ProposalKind.COLLECTIVE:
            return kind, None
        found = (case.body, case.seat) if case.body else self._world.bodies.author(self._rng, case.seat)
        if found is None:
            return ProposalKind.INDIVIDUAL, None
        body, case.seat = found
        return kind, body

    def _ask_head(self, n: int, case: Case, body: DemoBody, title: str, state: State) -> State:
        """Send it to the head of its body, who is told."""
        at, author = case.submitted - 3_600, self._world.seats[case.seat].name
        sentence = news.to_head(title, author, body.name)
        self._world.bell.ring(
            body.speakers[:1], NoticeKind.PROPOSAL_TO_CONFIRM, sentence, ("proposal", n), at
        )
        return self._take(n, at, case.seat + 1, state, Action.ASK_HEAD)

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
        self, n: int, case: Case, kind: ProposalKind, version: int, title: str, *, is_submitted: bool
    ) -> list[int]:
        """Invite co-signers of a joint proposal; those who accepted."""
        rng, world = self._rng, self._world
        self._signer((n, case.seat + 1, "lead", "accepted", None, utc(case.created), None, None))
        if kind is not ProposalKind.JOINT:
            return []
        invited = case.created + int(rng.random() * (min(case.submitted, world.now) - case.created) * 0.3)
        invited = awake(invited)
        end = min(case.submitted - 300, world.now)
        answer_by = local_date(invited + ANSWER_DAYS * DAY)
        is_decided = is_submitted and case.fate != "returned" and case.decided < world.now
        accepted, asked = [], {case.seat, world.newcomer, case.asked, case.changed}
        if case.asked is not None:
            self._signer((n, case.asked + 1, "participant", "invited", answer_by, utc(invited), None, None))
            sentence = news.of_invitation(title, world.seats[case.seat].name, answer_by)
            world.bell.ring([case.asked], NoticeKind.PROPOSAL_INVITED, sentence, ("proposal", n), invited)
        if case.changed is not None:
            signer = (n, case.changed + 1, "participant", "unconfirmed", answer_by, utc(invited))
            self._signer((*signer, utc(invited + 7_200), version - 1))
            sentence = news.of_change(title, in_words(["suggestions"]))
            told = max(invited + 7_200, end - 10_800)
            notice = NoticeKind.PROPOSAL_CONFIRM_SIGNATURE
            world.bell.ring([case.changed], notice, sentence, ("proposal", n), told)
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
        submitted = {"version": version, "window_id": case.window}
        state = self._submit(n, case, case.submitted, State.DRAFT, body, **submitted)
        staff = rng.choice(world.staff)
        started = at_work((case.submitted + case.decided) // 2)
        if not case.submitted < started < case.decided:
            started = (case.submitted + case.decided) // 2
        if started >= world.now:
            return state, None
        if case.kind or rng.random() < 0.7:
            state = self._take(n, started, staff, state, Action.START_REVIEW, version=version)
        if case.fate == "revised":
            state = self._return(n, started + 7_200, staff, state, version)
            again = started + 7_200 + int((case.decided - started - 7_200) * 0.7)
            if again >= world.now:
                return state, None
            state = self._submit(n, case, again, state, body, version=version)
        if case.decided >= world.now:
            return state, None
        if case.fate == "declined":
            (code,) = rng.choices(_DECLINES, _DECLINE_WEIGHTS)
            reason = f"{DECLINE_REASONS[code]}，依照提案工作条例不予立案。欢迎调整后再次提出。"
            data = {"version": version, "reason": reason, "code": code}
            return self._take(n, case.decided, staff, state, Action.DECLINE, **data), code
        if case.fate == "returned":
            return self._return(n, case.decided, staff, state, version), None
        data = {"version": version, "number": case.number}
        return self._take(n, case.decided, staff, state, Action.FILE, **data), None

    def _submit(self, n: int, case: Case, at: int, state: State, body: DemoBody | None, **data: Any) -> State:
        """The author submits it; what a body puts forward is confirmed by its head, unless the head wrote it."""
        own = case.seat + 1
        if body is None or case.seat == body.speakers[0]:
            return self._take(n, at, own, state, Action.SUBMIT, **data)
        state = self._take(n, at - 3_600, own, state, Action.ASK_HEAD)
        return self._take(n, at, body.speakers[0] + 1, state, Action.CONFIRM, **data)

    def _return(self, n: int, at: int, staff: int, state: State, version: int) -> State:
        reason = self._writer.say(self._world.theme(self._rng), "returned")
        action = Action.RETURN_FOR_REVISION
        return self._take(n, at, staff, state, action, version=version, reason=reason)


def _handled(docket: Docket | None) -> tuple[Any, ...]:
    """The columns of a proposal that its handling moves."""
    if docket is None:
        return False, False, 1, None, None, None, None
    marks = (ProposalMark.KEY in docket.marks, ProposalMark.COMMENDATION in docket.marks)
    result, replied = docket.result and docket.result.value, docket.replied and utc(docket.replied)
    return *marks, docket.round, result, replied, docket.supervisor, docket.month
