"""What files say."""

from pydantic import BaseModel, Field


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
