"""What meetings and activities say and take."""

import re
from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from app.activities.hall.schemas import HallPlaceOut
from app.activities.program.schemas import ActivityPaperOut, Agenda, AgendaItemOut, Papers
from app.activities.rules import ActivityKind, AttendanceState, Verb
from app.core.language.text import Input, Line, Moment, Remark, Title

Reference = Annotated[int, Field(ge=1, le=2**63 - 1)]
HalfDays = Annotated[int, Field(ge=1, le=60, description="What attending the whole counts, in half-days.")]
Groups = Annotated[list[Reference], Field(max_length=100)]
Seats = Annotated[list[Reference], Field(max_length=2_000)]
Place = Annotated[Line, StringConstraints(max_length=120)]


def _link(value: str) -> str:
    if value and not re.fullmatch(r"https://[\w.-]+(:\d+)?([/?#][^\s\"'<>\\^`{|}]*)?", value, re.ASCII):
        raise ValueError("线上会议的链接应以 https:// 开头，中间没有空格、汉字和引号")
    return value


OnlineLink = Annotated[Line, StringConstraints(max_length=500), AfterValidator(_link)]
OnlineNumber = Annotated[Line, StringConstraints(max_length=60)]


class ActivityIn(Input):
    """A new meeting or activity."""

    kind: ActivityKind = Field(description="Plenary, inspection, training, and so on.")
    title: Title = Field(description="On one line.", examples=["十六届四次全体会议"])
    place: Place = Field(default="", description="Where it is held.", examples=["市会展中心"])
    venue_id: Reference | None = Field(
        default=None, description="The venue of consultation where it is held."
    )
    online_link: OnlineLink = Field(
        default="",
        description="Where it is held online, too, at any meeting service.",
        examples=["https://meeting.example.org/j/123456789"],
    )
    online_number: OnlineNumber = Field(
        default="", description="Its number there, and how to get in.", examples=["123-456-789，密码 2026"]
    )
    starts_at: Moment = Field(description="Its beginning.")
    ends_at: Moment = Field(description="Its end.")
    half_days: HalfDays = 1
    must_attend: bool = Field(
        default=False, description="Leave and absence cost points where the rules say so."
    )
    sector_ids: Groups = Field(
        default_factory=list, description="Invited sectors; with none at all, everybody is."
    )
    committee_ids: Groups = Field(default_factory=list, description="Invited committees.")
    body_ids: Groups = Field(
        default_factory=list, description="Invited bodies, with all their members of that day."
    )
    seat_ids: Seats = Field(default_factory=list, description="Invited besides, one by one.")
    committee_id: Reference | None = Field(
        default=None,
        description="The committee that is host: whose office may work on it; by default that of my office.",
    )
    agenda: Agenda = Field(default_factory=list, description="What happens, in order.")
    papers: Papers = Field(default_factory=list, description="What is to be read, in order.")


class ActivityPatch(Input):
    """Changes of an activity.

    Any of the four lists replaces who is invited, except those whose attendance is settled.
    """

    kind: ActivityKind | None = Field(default=None, description="What kind of meeting or activity it is.")
    title: Title | None = Field(default=None, description="On one line.")
    place: Place | None = Field(default=None, description="Where it is held.")
    venue_id: Reference | None = Field(
        default=None, description="The venue of consultation where it is held; null: at none."
    )
    online_link: OnlineLink | None = Field(
        default=None, description="Where it is held online; empty: no more."
    )
    online_number: OnlineNumber | None = Field(default=None, description="Its number there.")
    starts_at: Moment | None = Field(default=None, description="Its beginning.")
    ends_at: Moment | None = Field(default=None, description="Its end.")
    half_days: HalfDays | None = Field(
        default=None, description="What attending the whole counts, in half-days."
    )
    must_attend: bool | None = Field(
        default=None, description="Leave and absence cost points where the rules say so."
    )
    sector_ids: Groups | None = Field(default=None, description="Invited sectors.")
    committee_ids: Groups | None = Field(default=None, description="Invited committees.")
    body_ids: Groups | None = Field(default=None, description="Invited bodies.")
    seat_ids: Seats | None = Field(default=None, description="Invited besides, one by one.")
    committee_id: Reference | None = Field(
        default=None, description="The committee that is host; null: the whole organization."
    )
    agenda: Agenda | None = Field(default=None, description="Replaces the agenda.")
    papers: Papers | None = Field(
        default=None, description="Replaces the papers; those who are expected are notified of a change."
    )


class Counts(BaseModel):
    """How many seats are in which state."""

    invited: int = 0
    attended: int = 0
    excused: int = 0
    absent: int = 0
    called_off: int = 0


class ActivityOut(BaseModel):
    """A meeting or activity, with the reader's own part in it."""

    id: int
    kind: ActivityKind
    kind_label: str = Field(examples=["全体会议"])
    title: str = Field(examples=["十六届四次全体会议"])
    place: str
    venue_id: int | None = Field(description="The venue of consultation where it is held.")
    venue: str | None = Field(description="What that is called.", examples=["滨江社区协商议事室"])
    is_online: bool = Field(description="Whether it is held online, too.")
    starts_at: datetime
    ends_at: datetime
    half_days: int
    must_attend: bool
    committee_id: int | None = Field(description="The committee that is host; null: the whole organization.")
    cancelled_at: datetime | None
    my_state: AttendanceState | None = Field(description="Null when I am not invited.")
    my_state_label: str | None = Field(examples=["已请假"])
    my_reason: str | None = Field(description="Why I am excused.")
    version: int = Field(description="Send it back as `If-Match` with an edit.")
    may: list[Verb] = Field(description="What I may do with it now.", examples=[["leave"]])
    counts: Counts | None = Field(description="For staff and leaders.")


class ActivityDetail(ActivityOut):
    """An activity with its agenda, its papers and the reader's place in the hall."""

    online_link: str = Field(description="For those who are invited or work on it; empty for others.")
    online_number: str = Field(description="As the link.", examples=["123-456-789，密码 2026"])
    agenda: list[AgendaItemOut]
    papers: list[ActivityPaperOut]
    my_place: HallPlaceOut | None = Field(description="Where I sit, once places were given.")


class SignIn(Input):
    """The code that is shown at the door."""

    code: Annotated[
        str, StringConstraints(strip_whitespace=True, to_upper=True, pattern="^[0-9A-Za-z]{6}$")
    ] = Field(
        description="The six letters and digits shown in the hall; small letters count as capitals.",
        examples=["K7M2QX"],
    )
    seconds_ago: Annotated[int, Field(ge=0, le=604_800)] = Field(
        default=0, description="How long ago it was read, when there was no connection; 30 minutes at most."
    )


class DoorCode(BaseModel):
    """The code of one half minute."""

    code: str = Field(examples=["K7M2QX"])
    qr: str = Field(description="`data:` address of a picture (SVG): the link that signs in with this code.")


class DoorCodes(BaseModel):
    """The codes of the next ten minutes; each is good while it is shown and until the next is over."""

    step_seconds: int = Field(description="For how long each is shown.", examples=[30])
    seconds_left: float = Field(description="For how long the first is still shown.", examples=[12.4])
    codes: list[DoorCode] = Field(description="The present one first.")


class LeaveIn(Input):
    """Why I cannot come."""

    reason: Remark = Field(description="Why I cannot come.", examples=["出差在外"])


class Marking(Input):
    """Staff settle the attendance of some seats; a settled one is corrected: voided and recorded again."""

    seat_ids: list[Reference] = Field(description="Invited seats.", min_length=1, max_length=2_000)
    state: Literal[
        AttendanceState.INVITED, AttendanceState.ATTENDED, AttendanceState.EXCUSED, AttendanceState.ABSENT
    ] = Field(description="What their part was.")
    half_days: HalfDays | None = Field(default=None, description="Of those who attended a part only.")
    reason: Remark | None = Field(default=None, description="Needed for leave.")


class CancelIn(Input):
    """Why an activity is cancelled; the invited are told."""

    reason: Annotated[Remark, StringConstraints(max_length=200)] = Field(
        description="The invited read it.", examples=["因天气原因取消"]
    )


class AttendanceOut(BaseModel):
    """One seat's part in an activity."""

    seat_id: int
    name: str = Field(examples=["王芳"])
    post: str
    post_label: str = Field(examples=["常务委员"])
    sector: str
    state: AttendanceState
    state_label: str = Field(examples=["已出席"])
    half_days: int = Field(description="Half-days that count.")
    reason: str | None
    decided_at: datetime | None
