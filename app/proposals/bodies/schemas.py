"""What is counted of the proposals of bodies."""

from pydantic import BaseModel, Field


class BodyFigures(BaseModel):
    """What a body has put forward in its term."""

    body_id: int
    submitted: int
    filed: int
    key: int = Field(description="重点提案.")
    commended: int = Field(description="优秀提案.")
    replied: int
    closed: int = Field(description="办结.")
