"""What those who signed think of a reply, and what becomes of its promises."""

from collections.abc import Callable
from datetime import timedelta

from app.demo.city.agenda import Course
from app.demo.city.rhythm import DAY, at_work, days_since_1970, later, start_of
from app.demo.proposals.office import Tale, month_end
from app.demo.proposals.register import Promise, UnitReplyRow
from app.proposals.assignments.lifecycle import GRADE_LABELS, Grade, ResultClass
from app.proposals.lifecycle import ProposalState

_GRADES: list[Grade] = list(GRADE_LABELS)
#: Of the attitude, and of each result: satisfied, basically satisfied, dissatisfied.
_ATTITUDES = (92, 7, 1)
_OPINIONS = {
    ResultClass.SOLVED: (86, 13, 1),
    ResultClass.UNDER_WAY: (72, 25, 3),
    ResultClass.PLANNED: (58, 35, 7),
    ResultClass.FOR_REFERENCE: (42, 44, 14),
}


def rated(tale: Tale, signer: tuple[int, str], at: int, again: Callable[[int], Course]) -> Course:
    """One who signed rates the replies of this round; if the author is dissatisfied, it may go on with `again`."""
    rng, docket, (seat, role), round_ = tale.rng, tale.docket, signer, tale.docket.round
    awaited = tale.script.until is ProposalState.REPLIED
    if (awaited and role == "lead") or rng.random() < 0.06:
        return
    yield (at := later(rng, at, 8 if awaited else 50))
    if docket.state is not ProposalState.REPLIED or docket.round != round_ or not _holds(tale, seat, at):
        return
    grades = [_rate(tale, at, signer, reply) for reply in docket.answers()]
    if "dissatisfied" in grades and role == "lead" and round_ == 1 and rng.random() < 0.7:
        tale.agenda.begin(again(at))


def _rate(tale: Tale, at: int, signer: tuple[int, str], reply: UnitReplyRow, stage: int = 1) -> Grade:
    rng, opinions = (
        tale.rng,
        _OPINIONS[ResultClass.SOLVED if stage > 1 else reply.result or ResultClass.SOLVED],
    )
    (attitude,), (result,) = rng.choices(_GRADES, _ATTITUDES), rng.choices(_GRADES, opinions)
    remark = tale.say(f"remark_{result}") if rng.random() < 0.4 else ""
    if "dissatisfied" in {attitude, result}:
        remark = tale.complain()
    whispers = rng.random() < (0.04 if result == "satisfied" else 0.2)
    private = tale.say("private_remark") if whispers else None
    tale.docket.rate(at, signer, reply, (attitude, result), (remark or None, private), stage)
    return result


def _holds(tale: Tale, seat: int, at: int) -> bool:
    return tale.world.seats[seat].holds(at // DAY)


def closed(tale: Tale, at: int) -> Course:
    """Staff close it when everybody has rated, or may not any more."""
    docket, round_ = tale.docket, tale.docket.round
    if tale.script.until is ProposalState.REPLIED:
        return
    yield (at := tale.days(at, 12, 36))
    over = start_of(days_since_1970(docket.rating_due()) + 1)
    if docket.state is ProposalState.REPLIED and at < over:
        yield (at := tale.days(over, 0.5, 5))
    while not docket.may_close or tale.talks.disputed:
        yield (at := tale.days(at, 1, 2))
    if docket.state in {ProposalState.REPLIED, ProposalState.RATED} and docket.round == round_:
        docket.close(at, tale.staff)


def promise_kept(tale: Tale, promise: Promise, at: int) -> Course:
    """What becomes of a promise, unless a later reply of the unit replaces it."""
    for moment in _promise_kept(tale, promise, at):
        yield moment
        if promise.state != "open" and tale.docket.round > promise.reply.round:
            return


def _promise_kept(tale: Tale, promise: Promise, at: int) -> Course:
    """A promise is kept, sometimes late; put off; dropped; or forgotten."""
    rng, docket, keeps = tale.rng, tale.docket, tale.office.tempers[promise.share.unit].keeps
    due = start_of(days_since_1970(promise.due), 12)
    if rng.random() < 0.5:
        yield (at := max(at_work((at + due) // 2), at + 600))
        docket.note(at, promise, "progress", tale.say("progress"))
    draw = rng.random()
    if tale.script.promised:
        return
    if draw < 0.04:
        yield (at := max(at_work(due - 30 * DAY), at + 600))
        docket.note(at, promise, "dropped", tale.say("dropped"))
        return
    if draw < 0.16:
        yield (at := max(at_work(due - 12 * DAY), at + 600))
        to = month_end(promise.due + timedelta(days=rng.randint(40, 150)))
        docket.note(at, promise, "postponed", tale.say("postponed"), to)
        due = start_of(days_since_1970(to), 12)
    if rng.random() > keeps:
        if rng.random() < 0.4:
            return
        due += rng.randint(45, 150) * DAY
    yield (at := max(at_work(due - rng.randint(2, 30) * DAY), at + 600))
    docket.note(at, promise, "kept", tale.say("kept"))
    yield (at := tale.days(at, 3, 20))
    author = docket.signed[0]
    if docket.round == promise.reply.round and _holds(tale, author[0], at):
        _rate(tale, at, author, promise.reply, stage=2)
