"""What happens to accounts is told here; the audit log, which stands above this package, listens."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session


@dataclass(frozen=True)
class Happening:
    """Something that matters for security; `detail` holds no phone, token or text."""

    action: str
    account_id: int | None
    organization_id: int | None
    address: str
    result: str
    subject: tuple[str, int] | None
    detail: dict[str, Any]


#: Called inside the transaction in which it happened.
listeners: list[Callable[[Session, Happening], None]] = []


def tell(
    db: Session,
    action: str,
    *,
    account_id: int | None = None,
    organization_id: int | None = None,
    address: str = "",
    result: str = "ok",
    subject: tuple[str, int] | None = None,
    **detail: Any,
) -> None:
    """Tell the listeners; what they write commits or rolls back with `db`."""
    happening = Happening(action, account_id, organization_id, address, result, subject, detail)
    for listen in listeners:
        listen(db, happening)
