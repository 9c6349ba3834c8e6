"""What proposals take and give."""

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints, model_validator

from app.core.errors import FieldError, Invalid
from app.core.language.text import Draft, DraftTitle, Input, Line, Name, Remark
from app.files.schemas import FileOut
from app.people.paper.schemas import PaperOut
from app.proposals.assignments.lifecycle import ResultClass, UnitRole
from app.proposals.lifecycle import ProposalAction, ProposalState
from app.proposals.rules import Period, ProposalKind, Signature, SignerRole, Verb
from app.proposals.settings.rules import Part

FileKey = Annotated[str, Field(max_length=32, pattern=r"^[A-Za-z0-9_-]+$")]
SeatId = Annotated[int, Field(ge=1, le=2**63 - 1)]


Reason = Annotated[Line, StringConstraints(max_length=200)]
ResearchText = Annotated[Draft, StringConstraints(max_length=500)]


class ProposalIn(Input):
    """The whole text of a proposal; every part may be empty until it is submitted."""

    kind: ProposalKind = Field(default=ProposalKind.INDIVIDUAL, description="Who puts it forward.")
    body_id: SeatId | None = Field(
        default=None, description="The body that puts a collective proposal forward; one for which I may act."
    )
    category: Name | None = Field(
        default=None,
        description="Its field; customary ones are among the choices.",
        max_length=40,
        examples=["城市建设"],
    )
    title: DraftTitle = Field(default="", description="案由.", examples=["关于增设社区嵌入式托育点的建议"])
    situation: Draft = Field(default="", description="情况分析.", examples=["全市三岁以下婴幼儿约九万人……"])
    suggestions: Draft = Field(default="", description="具体建议.", examples=["一、利用社区闲置用房……"])
    publish_consent: bool | None = Field(
        default=None, description="Whether the author agrees to publish it; null while nothing is said."
    )
    publish_reason: Reason | None = Field(default=None, description="Why it should not be published.")
    suggested_unit_ids: list[SeatId] = Field(
        default=[], max_length=5, description="Handling units that the author suggests (建议承办单位)."
    )
    research: ResearchText | None = Field(
        default=None, description="What it rests on (不调研不提案).", examples=["2026年3月走访六个社区"]
    )
    activity_ids: list[SeatId] = Field(
        default=[], max_length=10, description="Research and inspections that it rests on."
    )


class Invitation(Input):
    """Seats that are asked to sign."""

    seat_ids: list[SeatId] = Field(description="Seats held now.", min_length=1, max_length=50)
    answer_by: date | None = Field(
        default=None, description="Last local day to answer; seven days from now when left out."
    )


class Answer(Input):
    """The answer to an invitation to sign."""

    accept: bool = Field(description="Whether I sign.")
    version: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = Field(
        default=None, description="The version that I have read: another one is not signed."
    )
    attachments: list[FileKey] | None = Field(
        default=None, max_length=20, description="The keys of the attachments that I have seen."
    )

    def reads(self, version: int, files: list[str]) -> bool:
        """Whether what was read is what would be signed."""
        return self.version in {None, version} and self.attachments in (None, files)

    @model_validator(mode="after")
    def _sorted(self) -> "Answer":
        self.attachments = None if self.attachments is None else sorted(self.attachments)
        return self


class AnswerOut(BaseModel):
    """The answer as it now stands."""

    state: Signature
    state_label: str = Field(examples=["已同意联名"])


class AttachmentsIn(Input):
    """All attachments: those that are not named are taken off."""

    keys: list[FileKey] = Field(max_length=20, description="Keys of my uploaded files.")


class AssignedUnitIn(Input):
    """A unit that a proposal is handed to."""

    unit_id: Annotated[int, Field(ge=1, le=2**63 - 1)] = Field(description="A unit of the organization.")
    role: UnitRole = Field(
        description="Leading (主办) with helping ones (会办), or several that split (分办)."
    )


class ProposalTransitionIn(Input):
    """One step of the life cycle."""

    action: ProposalAction = Field(description="One of the proposal's `actions`.")
    reason_code: str | None = Field(
        default=None, max_length=30, description="One of the action's `reasons`.", examples=["litigation"]
    )
    reason: Remark | None = Field(
        default=None, description="In words; asked for where the action `needs_reason`."
    )
    into_id: Annotated[int, Field(ge=1, le=2**63 - 1)] | None = Field(
        default=None, description="With `merge`: the proposal into which it goes."
    )
    units: list[AssignedUnitIn] = Field(
        default=[], max_length=20, description="With `assign`: who handles it."
    )

    def check_fields(self) -> None:
        """`Invalid` unless what the action asks for was sent, and nothing that it does not know."""
        details = {
            "into_id": (ProposalAction.MERGE, "请选择要并入的提案。"),
            "units": (ProposalAction.ASSIGN, "请选择承办单位。"),
        }
        found = []
        for name, (action, detail) in details.items():
            given = bool(getattr(self, name))
            if given and self.action is not action:
                found.append(FieldError(field=name, code="extra_forbidden", detail="此操作不需要这一项。"))
            elif not given and self.action is action:
                found.append(FieldError(field=name, code="missing", detail=detail))
        if found:
            raise Invalid(errors=found)


class MarkIn(Input):
    """Sets or lifts a mark, and says why."""

    marked: bool = Field(description="True sets the mark, false lifts it.")
    reason: Remark = Field(description="Why.")


class PeriodIn(Input):
    """During the plenary (会议期间) or between sessions (闭会期间)."""

    period: Period = Field(description="When it came.")


class ProposalActionOut(BaseModel):
    """A step that the caller may run now: what to send to `…/transitions`, and what to ask for."""

    action: ProposalAction = Field(examples=["decline"])
    action_label: str = Field(examples=["不予立案"])
    needs_reason: bool
    reasons: dict[str, str] = Field(
        description="Coded reasons, one of which must be chosen; empty when there are none.",
        examples=[{"litigation": "进入民事、刑事、行政诉讼、仲裁等程序的事项"}],
    )


class SignerOut(BaseModel):
    """A seat that signs or is asked to."""

    seat_id: int
    name: str
    post: str
    post_label: str = Field(examples=["常务委员"])
    sector: str
    role: SignerRole
    role_label: str = Field(examples=["联名人"])
    state: Signature = Field(
        description="`expired` when the day has passed, `lapsed` when a changed text was submitted unconfirmed."
    )
    state_label: str = Field(examples=["待答复"])
    answer_by: date | None
    answered_at: datetime | None
    signed_version: int | None = Field(description="The version of the text that was accepted.")
    phone: str | None = Field(description="For the secretariat and the units that handle it, once signed.")


class ProposalRow(BaseModel):
    """A proposal in a list."""

    id: int
    version: int = Field(description="Send it back as `If-Match` with an edit.")
    state: ProposalState
    state_label: str = Field(examples=["已立案"])
    kind: ProposalKind
    kind_label: str = Field(examples=["联名提案"])
    title: str
    body_id: int | None
    body_name: str | None = Field(description="The body that puts a collective proposal forward.")
    category: str | None
    period: Period | None = Field(description="When it was submitted.")
    period_label: str | None = Field(examples=["会议期间"])
    number: int | None = Field(description="Official number within its window, given when filed.")
    window_id: int | None
    window_name: str | None
    is_key: bool
    is_commended: bool
    seat_id: int
    author_name: str
    author_post: str
    author_post_label: str = Field(examples=["常务委员"])
    author_sector: str
    cosigner_count: int = Field(description="Co-signers who have accepted.")
    due_on: date | None = Field(
        description="The soonest day by which something is due, for those who may see its deadlines."
    )
    waiting_since: datetime = Field(description="Since when it stands in its state.")
    unit_names: list[str] = Field(description="Up to four units at work on it, the leading one first.")
    my_signature: Signature | None = Field(description="The caller's own signature.")
    my_signature_label: str | None = Field(examples=["待答复"])
    answer_by: date | None = Field(description="Last day for the caller to answer an invitation.")
    created_at: datetime
    edited_at: datetime
    submitted_at: datetime | None
    filed_at: datetime | None
    replied_at: datetime | None
    closed_at: datetime | None
    round: int = Field(description="How often units have set about it; 2 after the first re-handling.")
    result_class: ResultClass | None = Field(description="What the reply says; the least of several.")
    result_class_label: str | None = Field(examples=["正在解决"])
    merged_into_id: int | None = Field(description="The proposal into which it went.")
    supervisor_id: int | None = Field(description="The account of the leader who looks after it.")
    supervised_month: date | None = Field(description="First day of its supervision month (督办月).")


class ProposalCount(BaseModel):
    """How many proposals a list holds."""

    count: int


class NameRef(BaseModel):
    """A unit or activity by id and name."""

    id: int
    name: str


class FormOut(BaseModel):
    """What is said in a proposal beside its text."""

    publish_consent: bool | None = Field(description="Whether the author agrees to publish it.")
    publish_reason: str | None
    suggested_units: list[NameRef]
    research: str | None
    activities: list[NameRef] = Field(description="Those that the caller may open.")


class ProposalOut(ProposalRow, FormOut, PaperOut):
    """A proposal with its text and what the caller may do with it."""

    situation: str
    suggestions: str
    contact_name: str | None = Field(description="The contact person of the body.")
    contact_phone: str | None = Field(
        description="Masked but for the body, the secretariat and the units that handle it."
    )
    decline_code: str | None
    decline_code_label: str | None
    state_reason: str | None = Field(description="The reason that came with the last change of state.")
    signers: list[SignerOut]
    attachments: list[FileOut]
    actions: list[ProposalActionOut]
    may: list[Verb] = Field(
        description="Further verbs open to the caller.", examples=[["edit", "invite", "delete"]]
    )
    advice: list[str] = Field(
        description="For its author only: customs that the text does not follow, co-signers who have yet to confirm it."
    )
    changed_since_signed: list[Part] = Field(
        description="What has changed since the caller signed, while they are asked to confirm."
    )
    signed_version: int | None = Field(description="The version that the caller signed.")
