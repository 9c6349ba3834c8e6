"""Passwords: Argon2id off the event loop, at most two at a time, and which ones are refused."""

import secrets
import unicodedata
from functools import cache
from importlib.resources import files
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.core.config import Settings, settings
from app.core.errors import FieldError, Invalid

_PROFILES = {
    # OWASP's second profile: 23 ms and 19 MiB each
    "strong": PasswordHasher(memory_cost=19 * 1024, time_cost=2, parallelism=1),
    "fast": PasswordHasher(memory_cost=8, time_cost=1, parallelism=1),
}
# Hashing releases the GIL and would take every core and 19 MiB a thread.
_two = BoundedSemaphore(2)

#: Without letters and digits that look alike, for passwords that are read from paper.
_READABLE = "abcdefghjkmnpqrstuvwxyz23456789"
_CONTEXT = ("lvyi", "履易", "zhengxie")
_SAID_MIN = 2
_CLASSES = (str.islower, str.isupper, str.isdigit, lambda c: not c.isascii() or not c.isalnum())


def _octets(password: str) -> bytes:
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")


def _hasher(config: Settings | None) -> PasswordHasher:
    return _PROFILES[(config or settings()).password_hashing]


def hash_password(password: str, config: Settings | None = None) -> str:
    """The Argon2id hash of a whole password, however long."""
    with _two:
        return _hasher(config).hash(_octets(password))


@cache
def _nobodys_hash(hasher: PasswordHasher) -> str:
    return hasher.hash(secrets.token_bytes(16))


def is_right(stored: str | None, password: str, config: Settings | None = None) -> bool:
    """Whether `password` belongs to the hash; costs the same when there is no hash to compare with."""
    hasher = _hasher(config)
    nobodys = _nobodys_hash(hasher)
    with _two:
        try:
            return hasher.verify(stored or nobodys, _octets(password))
        except (VerificationError, InvalidHashError):
            return False


def is_outdated(stored: str, config: Settings | None = None) -> bool:
    """Whether the hash was made with other costs than today's."""
    return _hasher(config).check_needs_rehash(stored)


def one_time_password() -> str:
    """Twelve readable random characters: 59 bits."""
    return "".join(secrets.choice(_READABLE) for _ in range(12))


@cache
def _common() -> frozenset[str]:
    lines = (files("app.auth") / "common_passwords.txt").read_text().splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))


def check_strength(password: str, config: Settings, *, about: tuple[str, ...] = ()) -> None:
    """`Invalid` when a new password is too short, common, or holds one of the words `about` its owner."""
    lower = password.casefold()
    words = [word.casefold() for word in (*_CONTEXT, *about) if len(word) >= _SAID_MIN]
    if len(password) < config.password_min_length:
        code, detail = "password_short", f"密码至少需要 {config.password_min_length} 个字符。"
    elif lower in _common():
        code, detail = "password_common", "这个密码太常见，容易被猜到，请换一个。"
    elif any(word in lower for word in words):
        code, detail = "password_personal", "密码不能包含姓名、手机号或本系统的名称。"
    elif sum(any(is_in(c) for c in password) for is_in in _CLASSES) < config.password_classes:
        code, detail = (
            "password_simple",
            f"密码至少要包含大写、小写、数字、符号中的 {config.password_classes} 类。",
        )
    else:
        return
    raise Invalid(detail, code=code, errors=[FieldError(field="body.new_password", code=code, detail=detail)])
