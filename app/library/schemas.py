"""What the library takes and gives."""

from datetime import date, datetime

from pydantic import BaseModel, Field

from app.core.language.text import Draft, DraftTitle, Input
from app.library.rules import DocumentKind


class SimilarIn(Input):
    """What has been typed so far; nothing of it is kept."""

    title: DraftTitle = Field(
        default="",
        description="The title as far as it is written.",
        examples=["关于增设社区嵌入式托育点的建议"],
    )
    text: Draft = Field(
        default="", description="The text; its beginning is compared.", examples=["全市三岁以下婴幼儿……"]
    )
    kinds: list[DocumentKind] = Field(
        default=[DocumentKind.PROPOSAL],
        description="What to look for.",
        min_length=1,
        max_length=len(DocumentKind),
    )


class DocumentRow(BaseModel):
    """A document in a list, with what became of it."""

    id: int
    kind: DocumentKind
    kind_label: str = Field(examples=["提案"])
    title: str
    dated_on: date = Field(description="Filed, issued, published: the day by which it is sorted.")
    source: str | None = Field(
        description="Where an imported one comes from.", examples=["十四届三次会议第 87 号"]
    )
    outcome: str | None = Field(
        description="What came of an imported one.", examples=["已办结，建议被采纳。"]
    )
    state: str | None = Field(
        description="The state of what was written on the platform.", examples=["filed"]
    )
    state_label: str | None = Field(examples=["已立案"])
    number: int | None = Field(description="The official number of a proposal in its window.")
    window_name: str | None = Field(examples=["五届二次会议"])
    result_class: str | None = Field(examples=["solved"])
    result_class_label: str | None = Field(examples=["已解决或采纳"])
    path: str | None = Field(
        description="The API path of what was written on the platform.", examples=["/api/v1/proposals/12"]
    )


class FoundRow(DocumentRow):
    """A document that was looked for."""

    excerpt: str | None = Field(
        description="Where the words stand in its text; null without words, or where they stand in the title alone.",
        examples=["……建议利用社区闲置用房增设托育点……"],
    )


class DocumentOut(DocumentRow):
    """A document with its text."""

    body: str


class SimilarRow(DocumentRow):
    """An earlier case that is like what was typed."""

    similarity: float = Field(description="How much of what was typed stands in it, 0 to 1.", examples=[0.82])


class DuplicateRow(BaseModel):
    """A proposal that says nearly the same as another one."""

    id: int
    title: str
    state: str = Field(examples=["submitted"])
    state_label: str = Field(examples=["已提交"])
    number: int | None
    window_name: str | None
    author_name: str
    author_post: str
    author_post_label: str = Field(examples=["常务委员"])
    author_sector: str
    submitted_at: datetime | None
    filed_at: datetime | None
    similarity: float = Field(description="How much the two have in common, 0 to 1.", examples=[0.74])
