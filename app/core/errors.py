"""Errors that a client may see, as RFC 9457 problem documents.

    AppError                 status  code
    ├── Invalid                 422  invalid
    ├── Unauthenticated         401  unauthenticated
    ├── Forbidden               403  forbidden
    ├── NotFound                404  not_found        (also: may not be seen)
    ├── Conflict                409  conflict         (names the present state)
    ├── Gone                    410  gone             (it was here, and is lost)
    ├── Stale                   412  stale            (carries the present version)
    ├── TooLarge                413  too_large
    ├── Unsupported             415  unsupported
    ├── TooMany                 429  too_many         (Retry-After)
    └── Unavailable             503  unavailable      (Retry-After)

`detail` is one plain Chinese sentence for the member; `code` is stable, for programs.
"""

from typing import Any, ClassVar

from pydantic import BaseModel, Field


class FieldError(BaseModel):
    """What is wrong with one field of a request."""

    field: str = Field(description="Where: names joined by dots, e.g. `body.title`.")
    code: str = Field(description="Stable name of the fault.")
    detail: str = Field(description="The fault, in Chinese.")


class Problem(BaseModel):
    """An RFC 9457 problem document (`application/problem+json`)."""

    type: str = Field(default="about:blank", examples=["about:blank"])
    title: str = Field(examples=["Conflict"])
    status: int = Field(examples=[409])
    detail: str = Field(
        description="For the member, in Chinese.", examples=["议题已经结束，不能再发表意见。"]
    )
    code: str = Field(description="Stable, for programs.", examples=["topic_closed"])
    errors: list[FieldError] = Field(default_factory=list)
    request_id: str = Field(default="", examples=["5f0c9a3e1b2d"])
    state: str | None = Field(default=None, description="409: the present state.", examples=["closed"])
    current: dict[str, Any] | None = Field(default=None, description="412: the present text and version.")


class AppError(Exception):
    """An error with a status, a stable code and a Chinese sentence; `extra` joins the problem document."""

    status: ClassVar[int] = 500
    title: ClassVar[str] = "Internal Server Error"
    code = "internal"
    detail = "服务器出错了，请稍后再试。"

    def __init__(
        self,
        detail: str | None = None,
        *,
        code: str | None = None,
        errors: list[FieldError] | None = None,
        retry_after: int | None = None,
        **extra: Any,
    ) -> None:
        self.detail = detail or self.detail
        self.code = code or self.code
        self.errors = errors or []
        self.retry_after = retry_after
        self.extra = extra
        super().__init__(self.detail)


class Invalid(AppError):
    """The request is malformed or breaks a rule that the client could have known."""

    status, title, code, detail = 422, "Unprocessable Content", "invalid", "填写的内容有误，请检查后再提交。"


class Unauthenticated(AppError):
    """Nobody is logged in, or the session is over."""

    status, title, code, detail = 401, "Unauthorized", "unauthenticated", "请先登录。"


class Forbidden(AppError):
    """The actor may never do this."""

    status, title, code, detail = 403, "Forbidden", "forbidden", "您没有进行此操作的权限。"


class NotFound(AppError):
    """It does not exist, or the actor may not see it: the same answer for both."""

    status, title, code, detail = 404, "Not Found", "not_found", "内容不存在，或者您无权查看。"


class Conflict(AppError):
    """The present state does not allow it; `state` names that state."""

    status, title, code, detail = 409, "Conflict", "conflict", "当前状态下不能进行此操作。"


class Gone(AppError):
    """It was here and may be seen, but its content is lost."""

    status, title, code, detail = 410, "Gone", "gone", "内容已经丢失。"


class Stale(AppError):
    """The edit began from an older version; `current` holds the present one."""

    status, title, code = 412, "Precondition Failed", "stale"
    detail = "内容已在别处修改过，请对照后再保存。"


class TooLarge(AppError):
    """Body, file or quota is exceeded."""

    status, title, code, detail = 413, "Content Too Large", "too_large", "内容太大，无法接收。"


class Unsupported(AppError):
    """The file is not what is accepted here."""

    status, title, code, detail = 415, "Unsupported Media Type", "unsupported", "不支持这种格式的文件。"


class TooMany(AppError):
    """A limit on frequency was reached; `retry_after` in seconds."""

    status, title, code, detail = 429, "Too Many Requests", "too_many", "操作过于频繁，请稍后再试。"


class Unavailable(AppError):
    """The database is away, locked or full; `retry_after` in seconds."""

    status, title, code, detail = 503, "Service Unavailable", "unavailable", "服务暂时不可用，请稍后再试。"


_BY_STATUS = {e.status: e for e in AppError.__subclasses__()}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route that may answer these error statuses."""
    return {
        status: {
            "model": Problem,
            "description": (_BY_STATUS[status].__doc__ or "").splitlines()[0],
            "content": {"application/problem+json": {}},
        }
        for status in statuses
    }
