"""What files say."""

from datetime import datetime

from pydantic import BaseModel, Field

from app.files.store import Damage


class FileOut(BaseModel):
    """A stored file. Its bytes: `GET /api/v1/files/{key}`; a picture's small version: `…/thumbnail`."""

    key: str = Field(
        description="Unguessable name; hand it to what the file hangs on.", examples=["p3Yt0c1R6nYbTgqv"]
    )
    name: str = Field(description="For people; the ending fits the content.", examples=["现场照片.jpg"])
    media_type: str = Field(description="Found from the content.", examples=["image/jpeg"])
    size: int = Field(description="Stored bytes.", examples=[184_213])
    width: int | None = Field(default=None, description="Pixels, pictures only.", examples=[1920])
    height: int | None = Field(default=None, description="Pixels, pictures only.", examples=[1440])


class DamagedOut(BaseModel):
    """A file whose bytes are missing or not what was stored."""

    key: str
    name: str = Field(examples=["现场照片.jpg"])
    owner_id: int = Field(description="Account that uploaded it.")
    subject_type: str | None = Field(description="Kind of what it hangs on.", examples=["update"])
    subject_label: str | None = Field(examples=["动态"])
    subject_id: int | None
    damage: Damage
    damage_label: str = Field(examples=["内容已损坏"])
    found_at: datetime


class VerificationOut(BaseModel):
    """What the last comparison of stored files with their digests found."""

    ended_at: datetime | None = Field(description="End of the last whole round; null before the first one.")
    checked: int = Field(description="Files that it compared, of the whole installation.")
    damaged: list[DamagedOut] = Field(description="Those of my organization.")
