"""What jobs, backups and health say and take."""

from datetime import datetime

from pydantic import BaseModel, Field

from app.auth.schemas import OwnerIn
from app.operations.jobs import JobState


class JobOut(BaseModel):
    """A piece of work for the worker."""

    id: int
    kind: str = Field(examples=["imports.run"])
    kind_label: str = Field(examples=["核对或写入导入的表格"])
    state: JobState
    state_label: str = Field(examples=["正在执行"])
    due_at: datetime = Field(
        description="Since when it is to be done; of a failed attempt, when the next one is due."
    )
    done_at: datetime | None
    attempts: int = Field(description="How often it was tried.")
    error: str | None = Field(description="Why the last attempt failed, in Chinese.")
    done: int | None = Field(description="How far it is, where it says so.")
    total: int | None


class BackupOut(BaseModel):
    """A backup in the data folder."""

    name: str = Field(examples=["lvyi-20261120-030000.tar.gz"])
    size: int = Field(description="Bytes.")
    made_at: datetime
    verified_at: datetime | None = Field(description="When it was read to its end and found whole.")
    rows: int | None
    files: int | None
    lost: list[str] = Field(description="Files that were lost or damaged when it was made, in Chinese.")
    removed: list[str] = Field(
        description="Names of the older backups that were removed once it was verified."
    )


class BackupsOut(BaseModel):
    """Backups, newest first."""

    items: list[BackupOut]
    making: bool = Field(description="One is being made, or waits for the worker.")
    keep_last: int = Field(description="So many of the newest verified ones are kept.", examples=[7])
    keep_weeks: int = Field(
        description="Beside them the newest of each of so many weeks is kept.", examples=[8]
    )


class BackupLinkIn(OwnerIn):
    """The password again, before a backup is given out."""


class BackupLinkOut(BaseModel):
    """Where to download a backup from, in this session."""

    path: str
    expires_in: int = Field(description="Seconds.", examples=[300])


class HealthItem(BaseModel):
    """One thing that is well or not."""

    key: str = Field(examples=["worker"])
    label: str = Field(examples=["后台任务"])
    ok: bool
    detail: str = Field(examples=["后台任务正常，等待执行的有 0 项。"])


class HealthOut(BaseModel):
    """How the server is doing."""

    ok: bool = Field(description="Whether everything is well.")
    items: list[HealthItem]
