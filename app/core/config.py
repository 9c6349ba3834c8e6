"""Settings from the environment (`LVYI_*`), read once and frozen."""

from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Every setting of the server; each has a default that suits one small machine."""

    model_config = SettingsConfigDict(
        env_prefix="LVYI_", env_file=".env", extra="ignore", frozen=True, hide_input_in_errors=True
    )

    database_url: str = Field(
        default="sqlite:///var/lvyi.sqlite3",
        description="SQLAlchemy URL; `sqlite:///…` or `postgresql://…` (psycopg 3).",
    )
    migration_database_url: str | None = Field(
        default=None,
        description="PostgreSQL: the same database as its owner, for `migrate` and `restore` only; see Roles.",
    )
    redis_url: str | None = Field(
        default=None, description="Shares live events through Redis instead of LISTEN/NOTIFY."
    )
    data_dir: Path = Field(default=Path("var"), description="Folder for stored files and the token secret.")
    token_secret: SecretStr | None = Field(
        default=None,
        min_length=32,
        description="Signs access tokens; 32 bytes at least. Without it one is made and kept in `data_dir`.",
    )
    token_secret_previous: SecretStr | None = Field(
        default=None,
        min_length=32,
        description="The secret before, while it is being replaced; see Secrets.",
    )
    public_url: str = Field(default="http://127.0.0.1:8000", description="Address in QR codes and links.")
    push_contact: str | None = Field(
        default=None,
        max_length=100,
        description="E-mail address that push services may write to; without it nothing is pushed to phones.",
    )
    trusted_origins: tuple[str, ...] = Field(
        default=(), description="Further origins from which cookies may write, beside the server's own."
    )
    secure_cookies: bool | None = Field(
        default=None, description="Whether cookies get `Secure`; by default when the public address is https."
    )
    api_docs: bool = Field(default=True, description="Serve `/api/docs` and `/api/openapi.json`.")
    metrics_token: SecretStr | None = Field(
        default=None,
        min_length=16,
        description="`/metrics` answers requests with this bearer token, from anywhere; without it this machine only.",
    )
    threads: Annotated[int, Field(ge=2, le=128)] = Field(
        default=16, description="Request threads of a process; its database pools are as large."
    )
    max_body_bytes: Annotated[int, Field(ge=1024)] = Field(
        default=16 * 2**20, description="Largest request body in bytes."
    )
    file_quota_bytes: Annotated[int, Field(ge=0)] = Field(
        default=500 * 2**20, description="Stored bytes allowed for each account."
    )
    password_min_length: Annotated[int, Field(ge=8, le=64)] = 8
    password_max_age_days: Annotated[int, Field(ge=0)] = Field(
        default=0, description="0: passwords do not expire."
    )
    password_classes: Annotated[int, Field(ge=1, le=4)] = Field(
        default=1, description="How many of lower case, upper case, digits and symbols a password must mix."
    )
    staff_second_factor: Literal["off", "optional", "required"] = Field(
        default="required",
        description="Time-based codes (TOTP) for everybody but members, leaders and information officers; "
        "who has none sets one up at the first login.",
    )
    lead_contact_days: Annotated[int, Field(ge=1)] = Field(
        default=180,
        description="Name and contact that a citizen left with a lead are erased after so many days.",
    )
    matter_contact_days: Annotated[int, Field(ge=1)] = Field(
        default=180,
        description="Name and contact left with a matter of consultation are erased so many days after it has ended.",
    )
    dead_session_days: Annotated[int, Field(ge=180)] = Field(
        default=180,
        description="Sessions that have ended are kept so many days, with their address and device.",
    )
    notification_days: Annotated[int, Field(ge=30)] = Field(
        default=730, description="Notifications are kept so many days."
    )
    backups_keep_last: Annotated[int, Field(ge=1, le=1000)] = Field(
        default=7,
        description="So many of the newest backups in `data_dir`/backups are kept; older ones are removed after "
        "each new one that was read to its end.",
    )
    backups_keep_weeks: Annotated[int, Field(ge=0, le=1000)] = Field(
        default=8, description="Beside them the newest backup of each of so many weeks is kept."
    )
    session_idle_days: Annotated[int, Field(ge=1)] = 30
    session_absolute_days: Annotated[int, Field(ge=1)] = 180
    password_hashing: Literal["strong", "fast"] = Field(
        default="strong", description="`fast` is for tests only: a cheap Argon2id profile."
    )
    log_format: Literal["json", "text"] = "text"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @property
    def is_https(self) -> bool:
        """Whether members reach the server by HTTPS."""
        return self.public_url.startswith("https://")

    @property
    def sends_secure_cookies(self) -> bool:
        """Whether browsers may send the cookies by HTTPS only."""
        return self.is_https if self.secure_cookies is None else self.secure_cookies

    @property
    def owner_url(self) -> str:
        """The database as the role that owns its tables."""
        return self.migration_database_url or self.database_url


@cache
def settings() -> Settings:
    """The process's settings."""
    return Settings()
