"""What people without a login may do: where they come from, how often, and the code that they keep."""

import secrets
from collections.abc import Iterable
from datetime import timedelta
from hashlib import sha256
from typing import Annotated

from fastapi import Depends, Request
from pydantic import AfterValidator, StringConstraints
from sqlmodel import Session

from app.auth.actor import address_of, same_origin
from app.auth.sessions import attempts
from app.core.errors import TooMany
from app.core.language.text import clean

#: Retries of people without a login are kept under no account.
NOBODY = 0
#: So many uses in so much time.
Use = tuple[timedelta, int]
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
#: How much an address may hand in without login, in a time; a hall or a whole street may share one.
BY_ADDRESS: tuple[Use, ...] = ((_HOUR, 10), (_DAY, 30))
#: How often an address may ask what became of something.
BY_ASKER: tuple[Use, ...] = ((_HOUR, 100),)
#: Letters and digits that are not taken for one another when they are copied by hand.
_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CODE_LENGTH = 12


async def _address(request: Request) -> str:
    """Where a request without login comes from; a browser sends it from our own pages only."""
    if "origin" in request.headers:
        same_origin(request)
    return address_of(request)


From = Annotated[str, Depends(_address)]


def limit(db: Session, what: str, who: str, uses: Iterable[Use], said: str) -> None:
    """Count one use of `what` by an address or a place; `TooMany`, with what is `said`, where all are spent."""
    for window, most in uses:
        if wait := attempts.spend(db, f"{what}:{window.total_seconds():.0f}:{who}", window, most):
            raise TooMany(said, retry_after=wait)


def new_code() -> str:
    """A code that tells what became of something to whoever has it."""
    return "".join(secrets.choice(_SIGNS) for _ in range(_CODE_LENGTH))


def digest(code: str) -> str:
    """What is kept of a code where nobody but its holder is to know it."""
    return sha256(code.encode()).hexdigest()


def printed(code: str) -> str:
    """A code as it stands on a receipt: K7MW-2XRT-Q5DH."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def _plain(code: str) -> str:
    """A code as people type it: small letters and strokes do not matter."""
    return code.replace("-", "").replace(" ", "").upper()


Code = Annotated[str, StringConstraints(max_length=30), AfterValidator(clean), AfterValidator(_plain)]
