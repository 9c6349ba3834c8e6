"""One proposal while units handle it: how it stands and the rows of it, kept as the services keep them."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from app.demo.city.plan import ORGANIZATION_ID
from app.demo.city.rhythm import local_date, utc
from app.demo.proposals import deadlines
from app.demo.proposals.deadlines import Deadline
from app.demo.proposals.register import Promise, Register, Share, UnitReplyRow
from app.notifications.kinds import NoticeKind
from app.proposals import news
from app.proposals.assignments.lifecycle import (
    ANSWERING,
    DONE,
    GONE,
    GRADE_LABELS,
    PROMISING,
    TO_SIGNERS,
    WORK,
    AssignmentState,
    Grade,
    ResultClass,
    UnitRole,
    state_of,
)
from app.proposals.assignments.lifecycle import AssignmentAction as WorkAction
from app.proposals.assignments.rules import DeadlineKind
from app.proposals.lifecycle import LIFECYCLE, ProposalAction, ProposalMark, ProposalState


class Docket:
    """A proposal from its filing on; moments are seconds since 1970, whoever acts is an account."""

    def __init__(self, register: Register, proposal: int, title: str, signed: list[tuple[int, str]]) -> None:
        self._register, self._world, self.proposal, self.title = register, register.world, proposal, title
        self.signed = signed
        self.state, self.round = ProposalState.FILED, 1
        self.result: ResultClass | None = None
        self.replied: int | None = None
        self.closed: int | None = None
        self.supervisor: int | None = None
        self.month: date | None = None
        self.marks: set[ProposalMark] = set()
        self.shares: list[Share] = []
        self._deadlines: list[Deadline] = []
        self._promises: list[Promise] = []
        self._rated: dict[tuple[int, int], set[int]] = {}
        self._credited: set[int] = set()

    def step(
        self,
        at: int,
        by: int,
        action: str,
        target: ProposalState | None = None,
        *,
        share: Share | None = None,
        reason: str | None = None,
        data: dict[str, Any] | None = None,
    ) -> None:
        """Write one step; without `target` the proposal stays where it is."""
        source, self.state, data = self.state, target or self.state, data or {}
        if share:
            data["unit"] = share.name
        of, took = share.id if share else None, self._register.track.step
        took(self.proposal, at, by, action, source, self.state, reason=reason, assignment=of, **data)

    def tell(self, at: int, kind: NoticeKind, sentence: str) -> None:
        """Author and co-signers hear of it."""
        seats = [seat for seat, _ in self.signed]
        self._world.bell.ring(seats, kind, sentence, ("proposal", self.proposal), at)

    def _take(
        self,
        at: int,
        by: int,
        action: ProposalAction,
        target: ProposalState | None = None,
        reason: str | None = None,
    ) -> None:
        """Take a step of the life cycle and tell of it; `target` where shares say where it leads."""
        step = LIFECYCLE.step(self.state, action)
        self.step(at, by, action, target or step.target, reason=reason)
        self.tell(at, NoticeKind.of(f"proposal.{action}"), news.of_step(step, self.title, reason=reason))

    def assign(self, at: int, staff: int, units: Iterable[tuple[int, UnitRole]]) -> list[Share]:
        """Hand it to units; their new shares."""
        officers, today = self._world.officers, local_date(at)
        made = [Share(self._register.new_share(), unit, role, officers[unit], at) for unit, role in units]
        self.shares += made
        for share in made:
            for kind in (DeadlineKind.RETURN, DeadlineKind.REPLY, DeadlineKind.CONTACT):
                if kind is not DeadlineKind.CONTACT or share.role in ANSWERING:
                    self._open(kind, today, share)
        self._take(at, staff, ProposalAction.ASSIGN, self._stands())
        return made

    def work(self, at: int, by: int, share: Share, action: WorkAction, reason: str | None = None) -> None:
        """One step of a unit's work."""
        step, today, kinds = WORK.step(share.state, action), local_date(at), DeadlineKind
        match action:
            case WorkAction.REQUEST_RETURN:
                self.end(share, [kinds.RETURN], met=today)
            case WorkAction.ACCEPT_RETURN:
                self.end(share, kinds, lifted=today)
            case WorkAction.REFUSE_RETURN | WorkAction.START_HANDLING:
                self.end(share, [kinds.RETURN], lifted=today)
            case WorkAction.SUBMIT_REPLY:
                share.replies[-1].submitted = at
                self.end(share, [kinds.REPLY], met=today)
            case WorkAction.SEND_BACK:
                share.replies[-1].submitted = None
                share.replies[-1].version += 1
                self.reply_due(share).met = None
            case WorkAction.APPROVE_REPLY:
                share.replies[-1].sent = share.replied = at
                self._replace(at, share)
        share.state = step.target
        self.step(at, by, action, self._stands(), share=share, reason=reason)
        if action in TO_SIGNERS and share.role in ANSWERING:
            sentence = news.of_step(step, self.title, unit=share.name)
            self.tell(at, NoticeKind.of(f"proposal.{action}"), sentence)
        if action is WorkAction.APPROVE_REPLY and self.state is ProposalState.REPLIED:
            self._ask_for_rating(at)

    def write(self, share: Share, reply: UnitReplyRow) -> None:
        """Draft the reply of this round."""
        reply.id, reply.round = self._register.new_reply(), self.round
        share.replies.append(reply)

    def promised(self, at: int, share: Share) -> Promise | None:
        """The commitment that the reply which was just sent makes, if it makes any."""
        reply = share.replies[-1]
        if share.role not in ANSWERING or reply.result not in PROMISING or reply.due is None:
            return None
        promise = Promise(self._register.new_promise(), share, reply, reply.due, at)
        self._promises.append(promise)
        self._open(DeadlineKind.COMMITMENT, local_date(at), share, promise)
        return promise

    def note(self, at: int, promise: Promise, action: str, said: str, to: date | None = None) -> None:
        """An entry about a commitment by its unit: progress, kept, postponed `to` a day, dropped, replaced."""
        came_from, day = promise.due if to else None, local_date(at)
        entry = (self._register.new_note(), promise.id, action, said, came_from, to)
        self._register.note((*entry, promise.share.officer, utc(at)))
        (deadline,) = (d for d in self._deadlines if d.promise == promise.id)
        if to:
            promise.due = to
            deadline.postpone(to)
        elif action != "progress":
            promise.state, promise.ended = action, at
            deadline.met, deadline.lifted = (day, None) if action == "kept" else (None, day)
        if action == "replaced":
            return
        sentence = news.of_commitment(action, self.title, promise.share.name, said, to)
        self.tell(at, NoticeKind.of(f"commitment.{action}"), sentence)

    def rate(
        self,
        at: int,
        signer: tuple[int, str],
        reply: UnitReplyRow,
        grades: tuple[Grade, Grade],
        remarks: tuple[str | None, str | None],
        stage: int,
    ) -> None:
        """A signer rates a reply, on attitude and on result, with a remark for the unit and one for the secretariat."""
        seat, role = signer
        self._register.rating((reply.id, stage, seat + 1, self.proposal, *grades, *remarks, utc(at)))
        if seat not in self._credited:
            self._credited.add(seat)
            self._world.record(seat, "proposal.rated", self.proposal, at, role=role)
        self._rated.setdefault((stage, seat), set()).add(reply.id)
        target = self.state
        if self._all_rated(stage):
            kind = DeadlineKind.RATE if stage == 1 else DeadlineKind.RATE_AGAIN
            self.end(None, [kind], met=local_date(at))
            target = ProposalState.RATED if self.state is ProposalState.REPLIED else self.state
        attitude, result = (GRADE_LABELS[grade] for grade in grades)
        self.step(at, seat + 1, "rate", target, data={"attitude": attitude, "result": result, "stage": stage})

    def extend(self, at: int, share: Share, to: date, reason: str) -> None:
        """Put the reply of a unit off to a later day."""
        deadline = self.reply_due(share)
        data = {"deadline": "答复提案人", "from_on": f"{deadline.due.on}", "to_on": f"{to}"}
        deadline.extend(to)
        self.step(at, share.officer, "extend", share=share, reason=reason, data=data)

    def rehandle(self, at: int, staff: int, reason: str) -> None:
        """Have the units set about it once more."""
        today = local_date(at)
        self.end(None, [DeadlineKind.RATE, DeadlineKind.RATE_AGAIN], lifted=today)
        for share in self.shares:
            if share.state is AssignmentState.REPLIED and share.role in ANSWERING:
                share.state, share.replied = AssignmentState.HANDLING, None
                self._open(DeadlineKind.REPLY, today, share)
        self.round, self.result, self.replied = self.round + 1, None, None
        self._take(at, staff, ProposalAction.REHANDLE, reason=reason)

    def close(self, at: int, staff: int) -> None:
        """Close it; what waits for others ends with it."""
        self.closed = at
        for share in (each for each in self.shares if each.state not in DONE):
            share.state = AssignmentState.ENDED
            self.step(at, staff, "end_work", share=share, reason="提案已办结")
        for deadline in self._deadlines:
            if deadline.is_open and deadline.kind not in {DeadlineKind.COMMITMENT, DeadlineKind.RATE_AGAIN}:
                deadline.lifted = local_date(at)
        self._world.bell.settle(("proposal", self.proposal), at)
        self._take(at, staff, ProposalAction.CLOSE)

    @property
    def may_close(self) -> bool:
        """Whether no unit waits for staff."""
        for_staff = {AssignmentState.RETURN_REQUESTED, AssignmentState.REPLY_REVIEW}
        return not any(s.state in for_staff for s in self.shares)

    def inspect(self, at: int, leader: int, said: str) -> None:
        """What its leader saw."""
        entry = (self._register.new_inspection(), self.proposal, local_date(at), said, leader, utc(at))
        self._register.inspection(entry)
        self.step(at, leader, "inspect")

    def answers(self) -> list[UnitReplyRow]:
        """The replies of this round that were sent to the author."""
        mine = (s for s in self.shares if s.role in ANSWERING and s.state not in GONE and s.replies)
        return [s.replies[-1] for s in mine if s.replies[-1].sent and s.replies[-1].round == self.round]

    def reply_due(self, share: Share) -> Deadline:
        """The newest deadline of a unit's reply."""
        return self.newest(DeadlineKind.REPLY, share)

    def newest(self, kind: DeadlineKind, share: Share) -> Deadline:
        """The newest deadline of a kind of a unit's share."""
        return next(d for d in reversed(self._deadlines) if d.share == share.id and d.kind is kind)

    def rating_due(self) -> date:
        """The last day to rate."""
        return next(d.due.on for d in reversed(self._deadlines) if d.kind is DeadlineKind.RATE)

    def finish(self) -> None:
        """Write what may have changed up to now."""
        register, n = self._register, self.proposal
        register.keep_shares(n, self.shares)
        for p in self._promises:
            body = (p.reply.result.value, p.reply.promise) if p.reply.result else ()
            ended = utc(p.ended) if p.ended else None
            made = (p.id, ORGANIZATION_ID, n, p.share.id, p.reply.id)
            register.promise((*made, *body, p.due, p.state, utc(p.created), ended))
        for d in self._deadlines:
            days = (d.kind.value, d.starts, d.due.on, d.due.how, d.met, d.lifted, d.span)
            register.deadline((d.id, ORGANIZATION_ID, n, d.share, d.promise, *days))

    def _open(
        self, kind: DeadlineKind, start: date, share: Share | None = None, promise: Promise | None = None
    ) -> None:
        due = deadlines.promised(promise.due) if promise else deadlines.due(kind, start)
        of, by = share.id if share else None, promise.id if promise else None
        made = Deadline(self._register.new_deadline(), kind, start, due, of, by, span=deadlines.span(kind))
        self._deadlines.append(made)

    def _replace(self, at: int, share: Share) -> None:
        """A later reply ends what its unit promised before."""
        solved = share.replies[-1].result is ResultClass.SOLVED
        for promise in [p for p in self._promises if p.share is share and p.state == "open"]:
            became = "kept" if solved else "dropped" if promise.due < local_date(at) else "replaced"
            self.note(at, promise, became, "已重新办理，以新的答复为准")

    def end(
        self,
        share: Share | None,
        kinds: Iterable[DeadlineKind],
        *,
        met: date | None = None,
        lifted: date | None = None,
    ) -> None:
        """Meet or lift what is due of some kinds, of a share or of the proposal itself."""
        wanted, of = set(kinds), share.id if share else None
        for d in self._deadlines:
            if d.share == of and d.kind in wanted and d.is_open:
                d.met, d.lifted = met, lifted

    def _stands(self) -> ProposalState:
        answering = [s.state for s in self.shares if s.role in ANSWERING and s.state not in GONE]
        return state_of(answering, self.round)

    def _ask_for_rating(self, at: int) -> None:
        today, answers = local_date(at), self.answers()
        classes = {reply.result for reply in answers}
        self.replied = at
        self.result = next(c for c in reversed(ResultClass) if c in classes)
        self._open(DeadlineKind.RATE, today)
        if classes & PROMISING:
            self._open(DeadlineKind.RATE_AGAIN, deadlines.rated_again_from(today))

    def _all_rated(self, stage: int) -> bool:
        asked = {r.id for r in self.answers() if stage == 1 or r.promise}
        return all(asked <= self._rated.get((stage, seat), set()) for seat, _ in self.signed)
