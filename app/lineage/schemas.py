"""What lineage takes and gives."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from app.core.language.text import Input
from app.lineage.rules import Seed, Target, ThingType

_Id = Annotated[int, Field(ge=1, le=2**63 - 1)]


class BeginIn(Input):
    """Begin a text from a seed that I can see."""

    from_type: Seed = Field(description="What the text comes of.")
    from_id: _Id = Field(description="Its id.")
    to_type: Target = Field(description="What to write.")


class BegunOut(BaseModel):
    """My draft that came of the seed: a new one, or the one that I had begun from it before."""

    id: int
    path: str = Field(examples=["/api/v1/proposals/7"])


class LinkIn(Input):
    """Say that a text came of a seed."""

    from_type: Seed = Field(description="What it came of.")
    from_id: _Id = Field(description="Its id.")
    to_type: Target = Field(description="What came of it.")
    to_id: _Id = Field(description="Its id.")


class LinkOut(BaseModel):
    """A link as it stands."""

    id: int


class Node(BaseModel):
    """A step of a chain; one that I may not see has a label and nothing else."""

    type: ThingType | None
    type_label: str = Field(examples=["发言", "未公开"])
    title: str | None = Field(
        description="Title, or first words.", examples=["关于增设社区嵌入式托育点的建议"]
    )
    author_name: str | None
    at: datetime | None = Field(description="When it was said, submitted or filed.")
    state_label: str | None = Field(description="Of reports and proposals.", examples=["已立案"])
    path: str | None


class ChainNode(Node):
    """A step of the chain of something."""

    here: bool = Field(description="Whether it is what was asked for.")


class ChainLink(BaseModel):
    """`nodes[to_node]` came of `nodes[from_node]`."""

    id: int | None = Field(description="None where steps between them are left out.")
    from_node: int
    to_node: int
    may: list[Literal["remove"]]


class Chain(BaseModel):
    """What something came of and what came of it, beginnings first; empty when it stands alone."""

    nodes: list[ChainNode]
    links: list[ChainLink]


class Outcome(BaseModel):
    """What came of a reply, step by step."""

    reply_id: int
    nodes: list[Node]


class Outcomes(BaseModel):
    """What came of the replies in a thread; those of which nothing came are left out."""

    items: list[Outcome]
