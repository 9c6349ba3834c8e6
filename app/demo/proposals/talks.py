"""Talks of units with authors: what a unit records of one, and what its author and staff say of that."""

from dataclasses import dataclass
from datetime import date

from app.demo.city.rhythm import local_date, utc
from app.demo.proposals.docket import Docket
from app.demo.proposals.register import Register, Share
from app.notifications.kinds import NoticeKind
from app.proposals import news
from app.proposals.assignments.lifecycle import ANSWERING
from app.proposals.assignments.rules import DeadlineKind
from app.proposals.talks.lifecycle import (
    FORM_LABELS,
    NOT_COUNTED,
    PHASE_LABELS,
    TALK,
    Form,
    Phase,
    Talk,
    TalkAction,
)


@dataclass(slots=True)
class Conversation:
    """The record of a talk; who wrote it is an account."""

    id: int
    share: Share
    round: int
    phase: Phase
    form: Form
    on: date
    minutes: str
    at: int
    state: Talk = Talk.RECORDED
    answer: str | None = None
    ruling: str | None = None


class Talks:
    """The talks about one proposal."""

    def __init__(self, docket: Docket, register: Register) -> None:
        self._docket, self._register = docket, register
        self._all: list[Conversation] = []

    @property
    def disputed(self) -> bool:
        """Whether one is in dispute."""
        return any(talk.state is Talk.DISPUTED for talk in self._all)

    def record(self, at: int, share: Share, phase: Phase, form: Form, said: str) -> Conversation:
        """Record a talk with the author."""
        docket, today = self._docket, local_date(at)
        docket.end(share, [DeadlineKind.CONTACT], met=today)
        new_id = self._register.new_talk()
        talk = Conversation(new_id, share, docket.round, phase, form, today, said, at)
        self._all.append(talk)
        docket.step(at, share.officer, "consult", share=share, data=_about(talk))
        if share.role in ANSWERING:
            sentence = news.of_talk(docket.title, share.name, **_about(talk))
            docket.tell(at, NoticeKind.PROPOSAL_CONSULT, sentence)
        return talk

    def say(
        self, at: int, by: int, talk: Conversation, action: TalkAction, reason: str | None = None
    ) -> None:
        """What the author or staff say of a talk."""
        talk.state = TALK.step(talk.state, action).target
        if action in {TalkAction.UPHOLD, TalkAction.DISMISS}:
            talk.ruling = reason
        else:
            talk.answer = reason
        counted = [t for t in self._all if t.share is talk.share and t.state not in NOT_COUNTED]
        if action is TalkAction.UPHOLD and not counted:
            self._docket.newest(DeadlineKind.CONTACT, talk.share).met = None
        self._docket.step(at, by, action, share=talk.share, reason=reason, data=_about(talk))

    def finish(self) -> None:
        """Write them as they stand now."""
        for t in self._all:
            held = (t.id, self._docket.proposal, t.share.id, t.phase, t.form, t.on, t.minutes)
            said = (t.round, t.state.value, t.answer, t.ruling)
            self._register.talk((*held, t.share.officer, utc(t.at), *said))


def _about(talk: Conversation) -> dict[str, str]:
    return {"phase": PHASE_LABELS[talk.phase], "form": FORM_LABELS[talk.form]}
