"""How far a conference is set up."""

from enum import StrEnum

from pydantic import BaseModel, Field


class StepKey(StrEnum):
    """The steps in their order."""

    ORGANIZATION = "organization"
    TERM = "term"
    BODIES = "bodies"
    OFFICES = "offices"
    ROSTER = "roster"
    RULES = "rules"
    WINDOW = "window"
    INVITATIONS = "invitations"


class PartKey(StrEnum):
    """What must be there for the steps."""

    SYSTEM_ADMIN = "system_admin"
    SECURITY_ADMIN = "security_admin"
    AUDITOR = "auditor"
    TERM = "term"
    SECTORS = "sectors"
    COMMITTEES = "committees"
    BODIES = "bodies"
    UNITS = "units"
    OFFICES = "offices"
    STAFF = "staff"
    MEMBERS = "members"
    RULES = "rules"
    WINDOWS = "windows"
    INVITED = "invited"


class SetupPart(BaseModel):
    """Something that must be there."""

    key: PartKey
    key_label: str = Field(examples=["参加单位"])
    count: int = Field(description="How many there are.")
    total: int | None = Field(description="Of how many; null where one is enough.")
    done: bool
    imports: str | None = Field(description="The kind of import that brings it in.", examples=["bodies"])


class SetupHelper(BaseModel):
    """Somebody who can see to a step."""

    name: str = Field(examples=["张某"])
    role_label: str = Field(examples=["系统管理员"])


class SetupStep(BaseModel):
    """One step."""

    key: StepKey
    key_label: str = Field(examples=["委员名册"])
    done: bool = Field(description="All of its parts are there.")
    may: bool = Field(description="Whether the caller can see to it.")
    helpers: list[SetupHelper] = Field(description="Who else can, at most five; empty when the caller can.")
    parts: list[SetupPart]


class Setup(BaseModel):
    """The eight steps that set up a conference; a new term begins them again where they are of a term."""

    done: bool = Field(description="Everything stands.")
    steps: list[SetupStep]
