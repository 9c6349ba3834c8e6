"""Tables of what an activity is about: its agenda and its papers."""

from sqlmodel import Field, SQLModel

from app.core.sql import Id


class AgendaItem(SQLModel, table=True):
    """An item of an activity's agenda; its time is as the secretariat writes it: 9:00, 第二天上午."""

    __tablename__ = "agenda_item"

    activity_id: int = Field(primary_key=True, sa_type=Id, foreign_key="activity.id")
    position: int = Field(primary_key=True)
    time: str = Field(default="", max_length=30)
    title: str = Field(max_length=120)
    speaker: str = Field(default="", max_length=60)


class ActivityPaper(SQLModel, table=True):
    """A paper of an activity: a file under a title."""

    __tablename__ = "activity_paper"

    activity_id: int = Field(primary_key=True, sa_type=Id, foreign_key="activity.id")
    position: int = Field(primary_key=True)
    title: str = Field(max_length=120)
    file_key: str = Field(max_length=32)
