"""What goes in and out about settings and duty years."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, JsonValue, StringConstraints

from app.core.language.text import Input, Remark

Key = Annotated[str, StringConstraints(max_length=60)]
Starts = Annotated[str, StringConstraints(pattern=r"^\d\d-\d\d$")]


class SettingChoice(BaseModel):
    """A value that a setting may have, or a part of one that holds several."""

    code: str = Field(examples=["owner"])
    label: str = Field(examples=["颁发时不公开，由委员自己决定公开哪些"])


class OrganizationSetting(BaseModel):
    """One setting: what it means, what it may be, what it is, and since when."""

    key: str = Field(examples=["passwords.min_length"])
    label: str = Field(description="What it is called.", examples=["密码最短长度"])
    explanation: str = Field(description="What it does, for who sets it.")
    value_type: Literal["integer", "boolean", "text", "choice", "map"] = Field(
        description="What its value is."
    )
    unit: str = Field(description="What a number counts; may be empty.", examples=["个字符"])
    minimum: int | None = Field(description="Of a number.")
    maximum: int | None = Field(description="Of a number.")
    max_length: int | None = Field(description="Of a text.")
    choices: list[SettingChoice] = Field(
        description="The values of a choice, or the keys of a map with their labels; else empty."
    )
    default: JsonValue = Field(description="What it is unless the organization sets it.")
    value: JsonValue = Field(description="What it is now.")
    set: bool = Field(description="Whether the organization has set it; else the default holds.")
    changed_at: datetime | None = Field(description="When it was last changed; null: never.")
    changed_by: str | None = Field(
        description="The name of who changed it last; null: never, or at the shell."
    )


class SettingsGroupOut(BaseModel):
    """Settings of one subject."""

    group: str = Field(examples=["passwords"])
    label: str = Field(examples=["密码"])
    explanation: str = Field(description="What they are about, for who sets them.")
    settings: list[OrganizationSetting]


class SettingsList(BaseModel):
    """All settings of my organization."""

    items: list[SettingsGroupOut]


class SettingsPatch(Input):
    """New values of some settings; all are taken or none."""

    values: dict[Key, JsonValue] = Field(
        min_length=1,
        max_length=50,
        description="By key; null takes a setting back to its default.",
        examples=[{"passwords.min_length": 12, "proposals.reviews": 3, "retention.notification_days": None}],
    )
    reason: Remark | None = Field(default=None, description="For the history.", examples=["主席会议决定"])


class SettingChangeOut(BaseModel):
    """One change of a setting, of the duty years, or of what the organization is called and where it stands."""

    id: int
    key: str = Field(examples=["passwords.min_length"])
    label: str = Field(examples=["密码最短长度"])
    before: Any = Field(description="What it was; null: the default.")
    after: Any = Field(description="What it became; null: the default again.")
    reason: str | None
    changed_at: datetime
    changed_by: str | None = Field(description="A name; null: at the shell.")


class YearOut(BaseModel):
    """A duty year."""

    year: int = Field(examples=[2026])
    label: str = Field(
        description="What it is called; with its days unless they are those of the calendar year.",
        examples=["2026年度（2025年12月1日至2026年11月30日）"],
    )
    starts_on: date
    ends_on: date
    days: int = Field(
        description="How many days it has: more or fewer than a year before a change.", examples=[365]
    )
    current: bool = Field(description="Today lies in it.")


class YearRuleOut(BaseModel):
    """From a year on, every year begins on a day."""

    year: int | None = Field(description="The first year for which it holds; null: always.")
    starts: str = Field(description="MM-DD.", examples=["12-01"])
    label: str = Field(examples=["12月1日"])


class DutyYearsOut(BaseModel):
    """The duty years of my organization."""

    rules: list[YearRuleOut] = Field(description="When years begin, from the first to the latest rule.")
    years: list[YearOut] = Field(description="From the first term to the next year, newest first.")
    filing: bool = Field(description="A change is being carried out: figures follow within minutes.")
    explanation: str = Field(description="What a duty year is, for who sets it.")
    changed_at: datetime | None = Field(description="When they were last changed; null: never.")
    changed_by: str | None = Field(description="A name; null: never, or at the shell.")


class DutyYearsIn(Input):
    """Let duty years begin on another day."""

    starts: Starts = Field(description="First day, MM-DD; one that every year has.", examples=["12-01"])
    year: Annotated[int, Field(ge=2000, le=2998)] | None = Field(
        default=None,
        description="The first year, named by the calendar year in which it ends, that begins on it; the year before "
        "lasts to the eve. Without it, all years do and have always done so.",
        examples=[2027],
    )
    reason: Remark | None = Field(default=None, description="For the history.", examples=["按市政协办法"])


class DutyYearsPreview(BaseModel):
    """What a change of the duty years would do; nothing is changed."""

    years: list[YearOut] = Field(description="The years as they would be, newest first.")
    records: int = Field(description="How many duty records would belong to another year.")
    notes: list[str] = Field(description="What else would happen, in sentences.")
