"""The key that seals the audit log. It is derived from the server's secret and never in the database.

A seal is `KEY:HMAC` of a hash of the chain. Because that hash covers every entry before, one good seal vouches for all
of them: after the secret was changed nothing has to be sealed again.
"""

import hashlib
import hmac
from dataclasses import dataclass
from pathlib import Path

from app.auth.keys.tokens import tokens_of
from app.core.config import Settings, settings


@dataclass(frozen=True)
class Keys:
    """The present key seals, earlier ones still verify; `data_dir` holds the anchors."""

    data_dir: Path
    present: bytes
    earlier: tuple[bytes, ...] = ()

    def seal(self, purpose: str, content: str) -> str:
        """The seal of a content, good for one purpose only."""
        return _seal(self.present, purpose, content)

    def vouches(self, purpose: str, content: str, seal: str | None) -> bool:
        """Whether one of the keys sealed exactly this."""
        return seal is not None and any(
            hmac.compare_digest(_seal(key, purpose, content), seal) for key in (self.present, *self.earlier)
        )

    def knows(self, seal: str) -> bool:
        """Whether the key that is named in a seal is one of ours."""
        return seal.partition(":")[0] in {_name(key) for key in (self.present, *self.earlier)}


def derived(config: Settings) -> Keys:
    """The keys of a server with these settings."""
    present, *earlier = tokens_of(config).keys("audit log")
    return Keys(config.data_dir, present, tuple(earlier))


_keys: Keys | None = None


def configure(config: Settings) -> None:
    """Seal with the keys of these settings from now on."""
    use(derived(config))


def use(these: Keys) -> None:
    """Seal with these keys from now on."""
    global _keys  # noqa: PLW0603 - the log is written by whoever has a session, and nothing else
    _keys = these


def keys() -> Keys:
    """The keys of this process: the configured ones, else those of its environment."""
    if _keys is None:
        configure(settings())
    assert _keys is not None  # noqa: S101 - just configured
    return _keys


def _name(key: bytes) -> str:
    return hashlib.sha256(key).hexdigest()[:16]


def _seal(key: bytes, purpose: str, content: str) -> str:
    digest = hmac.digest(key, f"{purpose}\n{content}".encode(), "sha256").hex()
    return f"{_name(key)}:{digest}"
