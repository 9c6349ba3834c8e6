"""Words of the month, and the texts that they stand in."""

from datetime import date

from pydantic import BaseModel, Field


class MonthWord(BaseModel):
    """A word that several texts have in common."""

    word: str = Field(examples=["电动自行车"])
    count: int = Field(description="Texts that it stands in.")
    path: str = Field(description="Opens exactly these texts.")


class MonthWords(BaseModel):
    """What members wrote about for all to read, in some days."""

    first: date
    last: date
    texts: int = Field(description="Texts that were read.")
    words: list[MonthWord] = Field(description="Of most texts first; none where there are too few.")


class WordText(BaseModel):
    """A text that a word stands in."""

    on: date
    kind_label: str = Field(examples=["动态"])
    title: str
    path: str | None = Field(description="Opens it; null where I may not see it.")
