"""What goes in and out about personal data."""

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from app.core.language.names import PersonName
from app.core.language.text import Input, Line, Remark
from app.people.schemas import Gender, Phone
from app.privacy.lifecycle import PersonalField, RequestAction, RequestKind, RequestState


class NoticeOut(BaseModel):
    """The privacy notice, and how I stand to it."""

    version: int = Field(examples=[1])
    title: str = Field(examples=["隐私告知"])
    text: str = Field(description="Paragraphs, one on a line.")
    agreed_version: int = Field(description="The version that I agreed to; 0: none.")
    agreed_at: datetime | None = Field(description="When I agreed to it.")


class ConsentIn(Input):
    """Which version of the notice I agree to."""

    version: int = Field(ge=1, le=10_000, description="The one that was read.", examples=[1])


class KeptOut(BaseModel):
    """How long one kind of data is kept."""

    label: str = Field(examples=["通知"])
    kept: str = Field(examples=["730天"])


class KeptListOut(BaseModel):
    """How long everything is kept."""

    items: list[KeptOut]


class PersonalOut(BaseModel):
    """What the roster says about me in this organization; null without a seat."""

    name: str = Field(examples=["沈文"])
    phone: str = Field(description="National.", examples=["13900000001"])
    employer: str | None
    born_on: str | None = Field(examples=["1974-07-07"])
    gender: str | None = Field(examples=["男"])


class RequestIn(Input):
    """A request to correct a field to a value, or to erase what may be erased."""

    kind: RequestKind = Field(description="What is asked for.")
    field: PersonalField | None = Field(default=None, description="What to correct.")
    value: Annotated[Line, StringConstraints(max_length=120)] | None = Field(
        default=None, description="What it should be; a day as YYYY-MM-DD.", examples=["市第三中学 校长"]
    )
    remark: Annotated[Line, StringConstraints(max_length=200)] = Field(
        default="", description="For the staff, e.g. why."
    )


class PersonCorrectionIn(Input):
    """What staff correct of a person; what is not named stays."""

    name: PersonName | None = Field(default=None, description="The account follows.")
    phone: Phone | None = Field(default=None, description="Logs in from now on; sessions end.")
    gender: Gender | None = Field(default=None, description="男 or 女.")
    born_on: date | None = Field(default=None, description="Day of birth.")
    employer: Annotated[Line, StringConstraints(max_length=120)] | None = Field(
        default=None, description="Employer and position there, of this seat."
    )
    portrait: Annotated[str, StringConstraints(max_length=32)] | None = Field(
        default=None, description="Key of an uploaded picture."
    )
    reason: Remark = Field(description="The person reads it; it is in the log.", examples=["身份证件核对"])


class RequestStepIn(Input):
    """A step of a request."""

    action: RequestAction = Field(description="One of those that the request lists.")
    reason: Remark | None = Field(default=None, description="Needed to decline; the member reads it.")


class RequestActionOut(BaseModel):
    """A step that is open to me."""

    action: RequestAction
    action_label: str = Field(examples=["受理"])
    needs_reason: bool


class RequestTrackOut(BaseModel):
    """A step that was done."""

    at: datetime
    name: str | None = Field(description="Who did it; members see staff as the secretariat: null.")
    label: str = Field(examples=["已受理"])
    reason: str | None


class RequestOut(BaseModel):
    """A request with its track."""

    id: int
    name: str = Field(description="Whose it is.", examples=["沈文"])
    kind: RequestKind
    kind_label: str = Field(examples=["更正个人信息"])
    field: PersonalField | None
    field_label: str | None = Field(examples=["手机号码"])
    value: str | None
    remark: str
    state: RequestState
    state_label: str = Field(examples=["待受理"])
    created_at: datetime
    track: list[RequestTrackOut]
    actions: list[RequestActionOut] = Field(description="Steps open to me.")
