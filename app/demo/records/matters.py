"""Matters of consultation in every state, with notes, suggestions and released results: by the services."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select
from sqlmodel import Session

from app.activities.models import Activity
from app.activities.rules import ActivityKind
from app.auth.actor import Actor
from app.cases.rules import Judgement
from app.consultations.matters import service
from app.consultations.matters.entry import service as entry
from app.consultations.matters.lifecycle import MatterAction, MatterSource
from app.consultations.matters.models import Matter
from app.consultations.matters.notes.schemas import MatterNoteIn, NoteKind
from app.consultations.matters.schemas import MatterIn, MatterStepIn, MeetingIn, ReleaseIn
from app.consultations.matters.strangers import service as strangers
from app.consultations.matters.strangers.schemas import MatterJudgementIn, PublicMatterIn
from app.consultations.venues.models import Venue
from app.core import clock
from app.core.sql import table
from app.demo.city.plan import UNITS
from app.demo.city.rhythm import DAY, at_work, utc
from app.demo.city.world import World
from app.demo.language.grammar import corpus
from app.demo.language.text import Theme, Writer
from app.demo.records.contacts import acting, steady_seats
from app.findings import service as findings
from app.findings.lifecycle import Fate, FindingAction, FindingSource
from app.findings.schemas import FindingIn, FindingStepIn

_PARTIES = corpus("parties")
_m, _v, _y = table(Matter), table(Venue), table(Activity)
_A, _M = MatterAction, MatterSource
_MET = (_A.ACCEPT, _A.CHOOSE, _A.PREPARE, _A.MEET)
_DONE = (*_MET, _A.FOLLOW, _A.SOLVE)
#: By whom matters were brought, how many days ago, and the steps that they have taken since.
_WAYS: tuple[tuple[MatterSource, int, tuple[MatterAction, ...]], ...] = (
    (_M.CITIZEN, 100, (*_DONE, _A.SATISFIED, _A.CLOSE)),
    (_M.MEMBER, 98, (*_DONE, _A.SATISFIED, _A.CLOSE)),
    (_M.MEMBER, 70, (*_MET, _A.LEAVE, _A.DISSATISFIED)),
    (_M.COMPANY, 69, (*_DONE, _A.MOSTLY)),
    (_M.CONVENER, 68, _DONE),
    (_M.MEMBER, 55, (*_MET, _A.LEAVE)),
    (_M.MEMBER, 54, (*_MET, _A.FOLLOW)),
    (_M.COMPANY, 30, _MET),
    (_M.MEMBER, 18, (_A.ACCEPT, _A.CHOOSE, _A.PREPARE)),
    (_M.CONVENER, 12, (_A.ACCEPT, _A.CHOOSE)),
    (_M.MEMBER, 9, (_A.ACCEPT,)),
    (_M.MEMBER, 8, (_A.MERGE,)),
    (_M.CITIZEN, 6, (_A.DECLINE,)),
    (_M.MEMBER, 5, (_A.WITHDRAW,)),
    (_M.MEMBER, 3, ()),
    (_M.CITIZEN, 1, ()),
)
_JUDGED = {
    _A.SATISFIED: Judgement.SATISFIED,
    _A.MOSTLY: Judgement.MOSTLY,
    _A.DISSATISFIED: Judgement.DISSATISFIED,
}
_DECLINED = "不属于政协协商的范围，已告知反映的渠道。"


def fill(db: Session, world: World) -> None:
    """Bring matters by all who may, and lead each as far as it has come; two of them are open to the public."""
    conn, (rng, writer) = db.connection(), world.chance("matters")
    seats = steady_seats(conn, world)
    venues = conn.execute(select(_v).where(_v.c.closed_on.is_(None)).order_by(_v.c.id)).all()
    convened = next(one for one in venues if one.convener_id is not None)
    public = next(one for one in venues if one.is_public)
    for place, (source, days, way) in enumerate(_WAYS):
        seat_id = seats[0] if place % 3 == 1 else rng.choice(seats)
        venue = convened if source is _M.CONVENER else public if source is _M.CITIZEN else rng.choice(venues)
        by = {_M.CONVENER: convened.convener_id, _M.COMPANY: world.staff[0]}.get(source, seat_id)
        theme = world.theme(rng, world.seats[seat_id - 1])
        at = min(at_work(world.now - days * DAY), world.now)
        where = writer.say(theme, "home")
        title, body = (
            writer.say(theme, f"found_{part}", world.words(at), where=where) for part in ("title", "said")
        )
        company = rng.choice(_PARTIES["companies"]) if source is _M.COMPANY else ""
        with clock.frozen_at(utc(at)):
            if source is _M.CITIZEN:
                left = {"venue_code": venue.code, "name": "王女士", "contact": _PARTIES["contact"]}
                code = strangers.hand_in(
                    db, "203.0.113.7", PublicMatterIn(title=title, body=body, **left)
                ).code
            else:
                code = ""
                new = MatterIn(title=title, body=body, company=company, venue_id=venue.id)
                entry.bring(db, acting(conn, by), new)
        matter_id = conn.execute(select(func.max(_m.c.id))).scalar_one()
        _Way(db, world, writer, theme, by, code, matter_id).go(at, way)


@dataclass
class _Way:
    """A matter on its way."""

    db: Session
    world: World
    writer: Writer
    theme: Theme
    by: int
    code: str
    matter_id: int

    def go(self, at: int, way: tuple[MatterAction, ...]) -> None:
        """Take its steps, one a day; the meeting when it was held."""
        for action in way:
            at = at_work(at + DAY)
            if action is _A.MEET:
                at = self._link(at)
            with clock.frozen_at(utc(min(at, self.world.now))):
                self._step(action)

    def _link(self, at: int) -> int:
        """Choose the next meeting; when it had been held."""
        conn = self.db.connection()
        held = select(_y.c.id, _y.c.ends_at).where(
            _y.c.kind == ActivityKind.CONSULTATION, _y.c.cancelled_at.is_(None), _y.c.starts_at > utc(at)
        )
        meeting = conn.execute(held.order_by(_y.c.starts_at).limit(1)).one()
        with clock.frozen_at(utc(at)):
            service.link(
                self.db, self._office, self.matter_id, self._version, MeetingIn(activity_id=meeting.id)
            )
            service.note(self.db, self._author, self.matter_id, self._note(NoteKind.VISIT))
        return int(meeting.ends_at.timestamp()) + 3_600

    def _step(self, action: MatterAction) -> None:
        db, office = self.db, self._office
        if action in _JUDGED and self.code:
            strangers.judged(db, MatterJudgementIn(code=self.code, judgement=_JUDGED[action].value))
            return
        actor = self._author if action in {*_JUDGED, _A.WITHDRAW} else office
        service.step(db, actor, self.matter_id, self._version, self._said(action))
        if action is _A.FOLLOW:
            self._suggest()
        if action is _A.CLOSE:
            found = self._words("case_answered")
            words = ReleaseIn(
                title=self._words("found_title"), problem=self._words("found_said"), result=found
            )
            service.release(db, office, self.matter_id, self._version, words)
            service.note(db, office, self.matter_id, self._note(NoteKind.RETURN))

    def _suggest(self) -> None:
        """What was agreed is answered by the unit, and released."""
        unit_id = UNITS.index(self.theme.unit) + 1
        new = FindingIn(
            source=FindingSource.MATTER,
            subject_id=self.matter_id,
            body=self._words("found_said"),
            unit_id=unit_id,
        )
        found = findings.note(self.db, self._office, new)
        officer = acting(self.db.connection(), self.world.officers[unit_id])
        steps = (
            (self._office, FindingAction.SEND, None),
            (officer, FindingAction.ANSWER, Fate.ADOPTED),
            (self._office, FindingAction.RELEASE, None),
        )
        begun = clock.now()
        for hours, (actor, action, fate) in enumerate(steps, 1):
            result = self._words("case_answered") if fate else None
            said = FindingStepIn(action=action, fate=fate, result=result)
            with clock.frozen_at(begun + timedelta(hours=hours)):
                found = findings.step(self.db, actor, found.id, found.version, said)

    def _said(self, action: MatterAction) -> MatterStepIn:
        match action:
            case _A.SOLVE | _A.LEAVE:
                return MatterStepIn(action=action, result=self._words("case_answered"))
            case _A.DISSATISFIED:
                return MatterStepIn(action=action, reason=self._words("case_unhappy"))
            case _A.DECLINE:
                return MatterStepIn(action=action, reason=_DECLINED)
            case _A.MERGE:
                earlier = select(func.max(_m.c.id)).where(_m.c.id < self.matter_id)
                return MatterStepIn(action=action, into_id=self.db.connection().execute(earlier).scalar_one())
        return MatterStepIn(action=action)

    def _note(self, kind: NoteKind) -> MatterNoteIn:
        return MatterNoteIn(kind=kind, body=self._words("visit_said"))

    def _words(self, rule: str) -> str:
        where = self.writer.say(self.theme, "home")
        return self.writer.say(self.theme, rule, self.world.words(self.world.now), where=where)

    @property
    def _office(self) -> Actor:
        return acting(self.db.connection(), self.world.staff[0])

    @property
    def _author(self) -> Actor:
        """Who brought it; for a citizen the office."""
        return self._office if self.code else acting(self.db.connection(), self.by)

    @property
    def _version(self) -> int:
        conn = self.db.connection()
        return int(conn.execute(select(_m.c.version).where(_m.c.id == self.matter_id)).scalar_one())
