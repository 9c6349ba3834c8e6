"""One action on many things: each row has a transaction and a result of its own, whatever becomes of the others.

With an `Idempotency-Key` the answer is kept as a whole and row by row: a retry of a request that was cut off goes on
where it stopped, and what was done is not done again.
"""

from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Annotated, Generic, Literal, TypeVar

from fastapi import Response
from pydantic import BaseModel, Field

from app.core.db import Database
from app.core.errors import AppError, Conflict, Invalid, Problem, Stale, Unavailable
from app.core.language.text import Input
from app.core.web.idempotency import Idempotent

R = TypeVar("R", bound=BaseModel)
#: Rows of one request.
MOST = 100

Outcome = Literal["done", "refused"]
OUTCOME_LABELS: dict[Outcome, str] = {"done": "已办", "refused": "未办"}


class BulkItem(Input):
    """One thing of many, and on demand as it was seen: another one is not touched."""

    id: Annotated[int, Field(ge=1, le=2**63 - 1)] = Field(description="Its id.")
    version: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = Field(
        default=None, description="The version that was read; another one is refused."
    )
    state: Annotated[str, Field(max_length=24)] | None = Field(
        default=None, description="The state that was seen; another one is refused.", examples=["submitted"]
    )

    def require_unmoved(self, version: int, state: str, label: str) -> None:
        """`Stale` or `Conflict` unless the thing is as it was seen."""
        if self.version not in {None, version}:
            raise Stale(current={"version": version, "state": state})
        if self.state not in {None, state}:
            raise Conflict(f"已由他人办理，现在是“{label}”。", code="moved", state=state)


class BulkRow(BaseModel, Generic[R]):
    """What became of one row: `done` with the row as it now is, or `refused` with the problem."""

    id: int
    outcome: Outcome = Field(examples=["done"])
    outcome_label: str = Field(examples=["已办"])
    row: R | None
    problem: Problem | None


class BulkOut(BaseModel, Generic[R]):
    """What became of each row, in the order in which they were given."""

    done: int
    refused: int
    items: list[BulkRow[R]]


def require_distinct(items: Sequence[BulkItem]) -> None:
    """`Invalid` when a thing is named twice."""
    if len({item.id for item in items}) < len(items):
        raise Invalid("同一件不能选两次。", code="duplicate_ids")


def run(
    database: Database,
    once: Idempotent,
    account_id: int,
    request: BaseModel,
    items: Sequence[BulkItem],
    *,
    of: type[R],
    act: Callable[..., R],
) -> Response:
    """Do `act(db, item)` for each item; the answer of the first time when it was all done before."""
    with database.transaction() as db:
        if (first := once.begin(db, account_id, request)) is not None:
            return first
    rows = [_one(database, once, account_id, request, item, of, act) for item in items]
    done = sum(row.outcome == "done" for row in rows)
    out = BulkOut[R](done=done, refused=len(rows) - done, items=rows)
    with database.transaction() as db:
        return once.finish(db, account_id, out)


def _one(
    database: Database,
    once: Idempotent,
    account_id: int,
    request: BaseModel,
    item: BulkItem,
    of: type[R],
    act: Callable[..., R],
) -> BulkRow[R]:
    key = once.key and sha256(f"{once.key} {item.id}".encode()).hexdigest()
    of_row = Idempotent(key, once.path)
    try:
        with database.transaction() as db:
            answer = of_row.answer(db, account_id, request, lambda: act(db, item), status=200)
    except Unavailable:  # not decided: the retry goes on from here
        raise
    except AppError as error:
        return _row(item, "refused", problem=_problem(error))
    return _row(item, "done", row=of.model_validate_json(bytes(answer.body)))


def _row(
    item: BulkItem, outcome: Outcome, *, row: R | None = None, problem: Problem | None = None
) -> BulkRow[R]:
    return BulkRow[R](
        id=item.id, outcome=outcome, outcome_label=OUTCOME_LABELS[outcome], row=row, problem=problem
    )


def _problem(error: AppError) -> Problem:
    return Problem(
        title=error.title,
        status=error.status,
        detail=error.detail,
        code=error.code,
        errors=error.errors,
        state=error.extra.get("state"),
        current=error.extra.get("current"),
    )
