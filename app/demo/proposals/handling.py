"""How units handle what was filed: who gets it, who talks with the author when, who answers what."""

from functools import cache, partial

from app.demo.city.agenda import Course
from app.demo.city.plan import UNITS
from app.demo.city.rhythm import DAY, at_work, days_since_1970, later, local_date, start_of
from app.demo.language.text import themes
from app.demo.proposals import honours, verdicts
from app.demo.proposals.docket import Docket
from app.demo.proposals.office import BY_CHANCE, DemoOffice, Filed, Tale, month_end
from app.demo.proposals.register import Share, UnitReplyRow
from app.demo.proposals.talks import Conversation
from app.proposals.assignments.lifecycle import (
    ANSWERING,
    PROMISING,
    AssignmentAction,
    AssignmentState,
    ResultClass,
    UnitRole,
)
from app.proposals.lifecycle import ENDS, ProposalState
from app.proposals.talks.lifecycle import Form, Phase, TalkAction

_RESULTS, _RESULT_WEIGHTS = list(ResultClass), (50, 26, 14, 10)
#: Units that are asked to help with anything.
_GENERAL = ("市财政局", "市发展和改革委员会", "市自然资源和规划局")


def handle(office: DemoOffice, filed: Filed) -> Docket:
    """All that has happened to a proposal since it was filed."""
    tale = Tale(office, filed)
    if tale.script.until is not ProposalState.FILED:
        tale.agenda.begin(_assigned(tale, filed.at))
    if tale.script.key or tale.rng.random() < 0.03:
        tale.agenda.begin(honours.looked_after(tale, filed.at))
    if tale.rng.random() < 0.05:
        tale.agenda.begin(honours.commended(tale, filed.at))
    tale.agenda.run()
    tale.docket.finish()
    tale.talks.finish()
    return tale.docket


@cache
def _helpers(field: str) -> list[int]:
    """Units that help with what a field is about."""
    names = {theme.unit for theme in themes() if theme.field == field}
    return sorted(UNITS.index(name) + 1 for name in names.union(_GENERAL))


def _assigned(tale: Tale, at: int) -> Course:
    rng, docket, theme, by_chance = tale.rng, tale.docket, tale.filed.theme, tale.script == BY_CHANCE
    yield (at := tale.days(at, 2, 9))
    unit, helpers = UNITS.index(theme.unit) + 1, _helpers(theme.field)
    others = [n for n in rng.sample(helpers, len(helpers)) if n != unit]
    if by_chance and rng.random() < 0.03:
        (wrong,) = docket.assign(at, tale.staff, [(others.pop(), "lead")])
        yield (at := tale.days(at, 0.6, 4))
        asked = tale.say("return_reason", right=theme.unit)
        docket.work(at, wrong.officer, wrong, AssignmentAction.REQUEST_RETURN, asked)
        yield (at := tale.days(at, 0.6, 4))
        if rng.random() < 0.2:
            docket.work(at, tale.staff, wrong, AssignmentAction.REFUSE_RETURN, tale.say("refuse_reason"))
            tale.agenda.begin(_unless_ended(wrong, _handled(tale, wrong, at)))
            return
        docket.work(at, tale.staff, wrong, AssignmentAction.ACCEPT_RETURN)
        yield (at := tale.days(at, 0.1, 3))
    units: list[tuple[int, UnitRole]] = [(unit, "lead")]
    draw = rng.random() if by_chance else 0.3
    if draw < 0.06:
        units = [(unit, "split"), (others[0], "split")]
    elif draw < 0.4:
        units += [(helper, "co") for helper in others[: 1 if draw < 0.32 else 2]]
    for share in docket.assign(at, tale.staff, units):
        tale.agenda.begin(_unless_ended(share, _handled(tale, share, at)))


def _handled(tale: Tale, share: Share, at: int) -> Course:
    """What one unit does up to its reply."""
    rng, docket, script, officer = tale.rng, tale.docket, tale.script, share.officer
    answers, temper = share.role in ANSWERING, tale.office.tempers[share.unit]
    if script.until is ProposalState.ASSIGNED:
        return
    yield (at := tale.days(at, 0.2, 4))
    docket.work(at, officer, share, AssignmentAction.SIGN)
    yield (at := tale.days(at, 0.2, 3))
    docket.work(at, officer, share, AssignmentAction.START_HANDLING)
    if answers:
        yield (at := tale.days(at, 1, 13 if rng.random() > temper.late else 30))
        _talk(tale, share, at, "before")
    if script.until is ProposalState.HANDLING:
        return
    due = start_of(days_since_1970(docket.reply_due(share).due.on), 12)
    ready = at + int((due - at) * rng.triangular(0.25, 0.97, 0.8 if answers else 0.4))
    if script.replied:
        ready = script.replied - (0 if answers else 9 * DAY)
    elif answers and rng.random() < temper.late:
        ready = due + int(rng.uniform(1, 40) * DAY)
        if rng.random() < 0.4:
            yield (at := tale.days(due - 20 * DAY, 0, 12))
            docket.extend(at, share, local_date(due + 45 * DAY), tale.say("extend_reason"))
    if answers and rng.random() < temper.meets * 0.6:
        yield (at := max(at_work((at + ready) // 2), at + 600))
        _talk(tale, share, at, "during")
    yield from _answered(tale, share, max(at_work(ready), at + 600))


def _answered(tale: Tale, share: Share, at: int) -> Course:
    """Its reply, and all that follows from it."""
    rng, docket, officer, arranged = tale.rng, tale.docket, share.officer, tale.script.replied
    yield at
    docket.write(share, _reply(tale, share, at))
    docket.work(at, officer, share, AssignmentAction.SUBMIT_REPLY)
    yield (at := at + 7_200 if arranged else tale.days(at, 0.2, 2))
    if rng.random() < 0.04 and not arranged:
        docket.work(at, tale.staff, share, AssignmentAction.SEND_BACK, tale.say("send_back"))
        yield (at := tale.days(at, 0.5, 6))
        docket.work(at, officer, share, AssignmentAction.SUBMIT_REPLY)
        yield (at := tale.days(at, 0.2, 2))
    docket.work(at, tale.staff, share, AssignmentAction.APPROVE_REPLY)
    begin, again = tale.agenda.begin, partial(_again, tale)
    if promise := docket.promised(at, share):
        begin(verdicts.promise_kept(tale, promise, at))
    if share.role in ANSWERING and docket.state is ProposalState.REPLIED:
        for signer in docket.signed:
            begin(verdicts.rated(tale, signer, at, again))
        begin(verdicts.closed(tale, at))
    if share.role in ANSWERING and rng.random() < 0.25:
        yield (at := tale.days(at, 3, 12))
        if docket.state in {ProposalState.REPLIED, ProposalState.RATED}:
            _talk(tale, share, at, "after")


def _again(tale: Tale, at: int) -> Course:
    """It is handled once more, if it is still open."""
    docket = tale.docket
    yield (at := tale.days(at, 2, 9))
    if docket.state in {ProposalState.REPLIED, ProposalState.RATED}:
        docket.rehandle(at, tale.staff, tale.say("rehandle"))
        for share in docket.shares:
            if share.state is AssignmentState.HANDLING and share.role in ANSWERING:
                tale.agenda.begin(_handled_again(tale, share, at))


def _handled_again(tale: Tale, share: Share, at: int) -> Course:
    yield (at := tale.days(at, 2, 12))
    _talk(tale, share, at, "during")
    yield from _answered(tale, share, tale.days(at, 8, 50))


def _talk(tale: Tale, share: Share, at: int, phase: Phase) -> None:
    in_person = tale.rng.random() < tale.office.tempers[share.unit].meets
    form: Form = tale.rng.choice(("visit", "meeting")) if in_person else "phone"
    talk = tale.talks.record(at, share, phase, form, tale.say(f"minutes_{phase}"))
    tale.agenda.begin(_talk_answered(tale, talk))


def _talk_answered(tale: Tale, talk: Conversation) -> Course:
    """The author confirms most talks and disputes few, which staff then look into."""
    rng, docket = tale.office.talker, tale.docket
    (author, _), draw = docket.signed[0], rng.random()
    if draw > 0.7:
        return
    yield (at := later(rng, talk.at, 30))
    if docket.state in ENDS or not tale.world.seats[author].holds(at // DAY):
        return
    if draw > 0.02:
        tale.talks.say(at, author + 1, talk, TalkAction.CONFIRM)
        return
    tale.talks.say(at, author + 1, talk, TalkAction.DISPUTE, tale.office.say_of_talk(tale, "dispute"))
    yield (at := max(at_work(at + int(rng.uniform(0.6, 4) * DAY)), at + 600))
    action = rng.choice([TalkAction.UPHOLD, TalkAction.DISMISS])
    tale.talks.say(at, tale.staff, talk, action, tale.office.say_of_talk(tale, f"{action}"))


def _unless_ended(share: Share, course: Course) -> Course:
    """A course of a unit's work, as long as it has not ended with the proposal."""
    for at in course:
        yield at
        if share.state is AssignmentState.ENDED:
            return


def _reply(tale: Tale, share: Share, at: int) -> UnitReplyRow:
    """The reply of a unit, to each of the suggestions."""
    if share.role not in ANSWERING:
        return UnitReplyRow(tale.say("co_reply"))
    rng, filed, again, due = tale.rng, tale.filed, tale.docket.round > 1, tale.script.promised
    acts, takes = filed.text.acts(), tale.office.tempers[share.unit].takes
    (result,) = rng.choices(_RESULTS, _RESULT_WEIGHTS)
    if again or due:
        result = ResultClass.UNDER_WAY
    if result in PROMISING and not due:
        due = month_end(local_date(at + rng.randint(60, 420) * DAY))
    is_taken = result is not ResultClass.FOR_REFERENCE
    takes *= 1 if is_taken else 0.2
    taken = [is_taken, *(rng.random() < takes for _ in acts[1:])]
    promise = tale.say("promise", act=acts[0], day=f"{due.year}年{due.month}月底") if due else None
    body = tale.office.writer.reply(
        filed.theme,
        acts,
        taken,
        promise,
        again=again,
        to=filed.name,
        title=filed.text.title,
        number=str(filed.number),
        unit=share.name,
    )
    return UnitReplyRow(body, result, len(acts), sum(taken), promise, due)
