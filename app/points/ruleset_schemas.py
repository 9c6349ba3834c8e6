"""What staff send of rulesets, and what is said of a text before it is kept."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from app.core.language.text import Input, Remark
from app.points.engine.yaml_text import LONGEST

RulesetState = Literal["draft", "publishing", "published", "superseded"]
STATE_LABELS: dict[RulesetState, str] = {
    "draft": "草稿",
    "publishing": "正在发布",
    "published": "已发布",
    "superseded": "已被替代",
}


class RulesetText(Input):
    """A ruleset as it is written."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST)] = Field(
        description="YAML; docs/rulesets.md says how to write it.", examples=["name: 试行办法\nrules: []"]
    )


class RulesetIn(RulesetText):
    """A new version of the rules of a duty year."""

    duty_year: int = Field(ge=2000, le=2999, description="The duty year in which it counts.", examples=[2026])
    reason: Remark = Field(description="Why there is a new version.", examples=["常委会会议修订"])


class PublicationIn(Input):
    """Why a version is put in force now."""

    reason: Remark | None = Field(
        default=None, description="The audit log keeps it.", examples=["主席会议研究同意"]
    )


class RulesetFaultOut(BaseModel):
    """What is wrong with a text."""

    line: int = Field(description="From 1.")
    rule: str | None = Field(description="Id of the rule or other part.")
    detail: str = Field(examples=["“plenary”的 points：最多两位小数"])
    place: list[str | int] = Field(
        description="Names and places from the top; empty when the text as a whole is meant.",
        examples=[["rules", 0, "points"]],
    )


class ValidationOut(BaseModel):
    """Whether a text is a ruleset."""

    faults: list[RulesetFaultOut] = Field(description="None when it is one; in the order of the lines.")
    formula: list[str] = Field(description="The rules in sentences; empty when it is none.")


class RulesetCode(BaseModel):
    """One code that a ruleset may name."""

    code: str = Field(examples=["activity.attended"])
    label: str = Field(examples=["出席会议和活动"])
    forms: list[str] = Field(default=[], description="Of a kind of duty: the forms that its records have.")


class RulesetCodes(BaseModel):
    """The codes of rulesets with their labels, for a form."""

    kinds: list[RulesetCode]
    forms: list[RulesetCode]
    roles: list[RulesetCode]
    levels: list[RulesetCode]
    became: list[RulesetCode]
    posts: list[RulesetCode]


class RulesetTemplate(BaseModel):
    """A ruleset that comes with the program."""

    id: str = Field(examples=["minhang"])
    name: str
    text: str
