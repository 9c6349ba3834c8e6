"""Passwords: Argon2id off the event loop, at most two at a time, and which ones are refused."""

import re
import secrets
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.auth.passwords.settings import PasswordRules
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
#: What guessing costs is estimated from so many characters: substitutions make it exponential.
_ESTIMATED = 20
#: zxcvbn's scores go from 0 to 4: 2 needs more than 10^6 guesses, and wrong ones lock.
_LEAST_SCORE = 2
_ADVICE = "用三四个不相关的词连起来，更好记也更安全。"
_REASONS = {
    "repeat": "密码只是几个字符的重复，很容易被猜到。",
    "sequence": "密码主要是连续的数字或字母，很容易被猜到。",
    "spatial": "密码主要是键盘上挨着的键，很容易被猜到。",
    "date": "密码主要是一个日期，很容易被猜到。",
    "regex": "密码主要是一个年份，很容易被猜到。",
    "dictionary": "密码用的是常见的词，换几个相近的符号也容易被猜到。",
    "bruteforce": "密码太简单，很容易被猜到。",
}
_INITIAL = "(?:[zcs]h|[bpmfdtnlgkhjqxrzcsyw])?"
_FINAL = (
    "(?:[iu]?ang?|[iu]?eng?|ing?|ong|iong|uang|[iu]?ai|ei|[iu]?ao|[iu]?ou|[iu]?[aeo]|u[ei]|ui|iu|un|er|[iuv])"
)
#: Up to three syllables of pinyin with a year or the like: a name or a place, which the estimate does not know.
_PINYIN = re.compile(f"(?:{_INITIAL}{_FINAL}){{1,3}}[^a-z]{{0,8}}")
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


@dataclass(frozen=True)
class PasswordOwner:
    """What everybody knows of the owner of a password: no word of `personal` may be in it, `near` ones weigh little."""

    personal: tuple[str, ...] = ()
    near: tuple[str, ...] = ()


NOBODY = PasswordOwner()


def check_strength(password: str, rules: PasswordRules, owner: PasswordOwner = NOBODY) -> None:
    """`Invalid` when a new password is too short, easily guessed, or holds a personal word of its owner."""
    lower = unicodedata.normalize("NFKC", password).casefold()
    words = [word.casefold() for word in (*_CONTEXT, *owner.personal) if len(word) >= _SAID_MIN]
    if len(password) < rules.min_length:
        code, detail = "password_short", f"密码至少需要 {rules.min_length} 个字符。{_ADVICE}"
    elif lower in _common():
        code, detail = "password_common", f"这个密码太常见，很容易被猜到。{_ADVICE}"
    elif any(word in lower for word in words):
        code, detail = (
            "password_personal",
            f"密码里有姓名、手机号、生日或本系统的名称，认识您的人容易猜到。{_ADVICE}",
        )
    elif reason := _weakness(lower, owner.near):
        code, detail = "password_common", f"{reason}{_ADVICE}"
    elif sum(any(is_in(c) for c in password) for is_in in _CLASSES) < rules.classes:
        code, detail = (
            "password_simple",
            f"密码至少要包含大写、小写、数字、符号中的 {rules.classes} 类。",
        )
    else:
        return
    raise Invalid(detail, code=code, errors=[FieldError(field="body.new_password", code=code, detail=detail)])


def _weakness(password: str, near: tuple[str, ...]) -> str | None:
    """Why a password is guessed in a few tries, in Chinese; None when it is not."""
    if not password.strip():
        return "密码不能只有空格。"
    if _PINYIN.fullmatch(password):
        return "密码主要是人名或地名的拼音，很容易被猜到。"
    from zxcvbn import zxcvbn  # noqa: PLC0415 - its word lists take a tenth of a second, for the few who change

    places = [re.sub("中国|人民|政治协商会议|政协|委员会|[省市县区]", "", name) for name in near]
    found = zxcvbn(password[:_ESTIMATED], user_inputs=[*near, *places, *_common()])
    if found["score"] >= _LEAST_SCORE:
        return None
    longest = max(found["sequence"], key=lambda part: len(part["token"]))
    return _REASONS[longest["pattern"]]
