"""What find gives."""

from pydantic import BaseModel, Field


class FoundThing(BaseModel):
    """Something that I may see."""

    kind: str = Field(
        description="proposal, seat, topic, opinion_report, finding, output, case, matter, activity, venue or unit.",
        examples=["proposal"],
    )
    kind_label: str = Field(examples=["提案"])
    label: str = Field(description="What it is called.", examples=["关于增设社区嵌入式托育点的建议"])
    sub_label: str = Field(description="What tells it from others.", examples=["第 27 号 · 已立案"])
    path: str = Field(description="API path that opens it.", examples=["/api/v1/proposals/12"])


class FoundThings(BaseModel):
    """At most five of each kind, kind by kind."""

    items: list[FoundThing]
