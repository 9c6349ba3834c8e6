"""The keys of one server: each made for one purpose from its secret, with those of the secrets before.

HKDF (RFC 5869) keeps the purposes apart: who learns one key learns neither the secret nor another key. What was made
with an earlier secret, or by releases that derived keys directly, is still read; what is made is always made with the
first key.
"""

import hmac
import secrets
from collections.abc import Callable
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_KEY_BYTES = 32
_NONCE_BYTES = 12
_MIN_SECRET = 32


def direct(secret: bytes, purpose: str) -> bytes:
    """A key as earlier releases derived it."""
    return hmac.digest(secret, purpose.encode(), "sha256")


class Keyring:
    """The present secret of a server and earlier ones, newest first, each of at least 32 bytes."""

    def __init__(self, secret: str, *earlier: str) -> None:
        self._secrets = [one.encode() for one in (secret, *earlier)]
        if any(len(one) < _MIN_SECRET for one in self._secrets):
            raise ValueError("token secret under 32 bytes")
        self.keys = cache(self._keys)

    def key(self, purpose: str) -> bytes:
        """The key of 32 bytes that is used for a purpose now."""
        return self.keys(purpose)[0]

    def _keys(self, purpose: str, directly: Callable[[bytes, str], bytes] = direct) -> tuple[bytes, ...]:
        """Every key that a purpose may have had: the present one, those of earlier secrets, the directly derived."""
        separate = [
            HKDF(SHA256(), _KEY_BYTES, salt=None, info=f"lvyi {purpose}".encode()).derive(one)
            for one in self._secrets
        ]
        return (*separate, *(directly(one, purpose) for one in self._secrets))

    def oldest(self, purpose: str) -> bytes:
        """The directly derived key of the earliest secret: what was made before keys were separated has it."""
        return direct(self._secrets[-1], purpose)

    def seal(self, purpose: str, content: bytes, about: bytes) -> bytes:
        """Encrypt a content (AES-256-GCM), readable only for the same purpose and `about` the same thing."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + AESGCM(self.key(purpose)).encrypt(nonce, content, about)

    def unseal(self, purpose: str, sealed: bytes, about: bytes) -> bytes | None:
        """What was sealed with the present key or an earlier one; None when it was none of them."""
        if len(sealed) <= _NONCE_BYTES:
            return None
        nonce, content = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        for key in self.keys(purpose):
            try:
                return AESGCM(key).decrypt(nonce, content, about)
            except InvalidTag:
                continue
        return None
