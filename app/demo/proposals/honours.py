"""Proposals that stand out: key ones with the leader who looks after them, and those commended in the end."""

from app.demo.city.agenda import Course
from app.demo.city.rhythm import DAY, days_since_1970, local_date, start_of
from app.demo.proposals.office import Tale
from app.notifications.kinds import NoticeKind
from app.proposals import news
from app.proposals.lifecycle import MARK_STEPS, ProposalMark


def looked_after(tale: Tale, at: int) -> Course:
    """It becomes a key proposal, and a leader looks after it: this month if that is arranged or it is of late."""
    docket, world, arranged = tale.docket, tale.world, tale.script.key
    yield (at := tale.days(at, *((3, 5) if arranged else (20, 26))))
    _mark(tale, at, ProposalMark.KEY)
    yield (at := tale.days(at, 1, 6))
    is_late = arranged or world.now - at < 200 * DAY
    month = local_date(world.now if is_late else at + 60 * DAY).replace(day=1)
    leader = world.leader if arranged else tale.rng.choice(world.leaders)
    docket.supervisor, docket.month = leader, month
    docket.step(at, tale.staff, "supervise", data={"month": f"{month:%Y-%m}"})
    sentence, subject = news.to_supervisor(docket.title), ("proposal", docket.proposal)
    world.bell.ring([leader - 1], NoticeKind.PROPOSAL_SUPERVISE, sentence, subject, at)
    yield (at := tale.days(max(start_of(days_since_1970(month)), at), 2, 18))
    docket.inspect(at, leader, tale.say("inspection"))


def commended(tale: Tale, at: int) -> Course:
    """Next year it is commended."""
    yield (at := tale.days(at, 300, 306))
    _mark(tale, at, ProposalMark.COMMENDATION)


def _mark(tale: Tale, at: int, mark: ProposalMark) -> None:
    docket, staff = tale.docket, tale.world.staff[0]
    kind = "proposal.marked_key" if mark is ProposalMark.KEY else "proposal.commended"
    docket.marks.add(mark)
    docket.step(at, staff, MARK_STEPS[mark, True][0], reason="经主席会议审议确定。")
    for seat, role in docket.signed:
        tale.world.record(seat, kind, docket.proposal, at, role=role, by=staff)
