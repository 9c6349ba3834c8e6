"""Access tokens and signatures: the one module that imports jose, whose defaults are not safe alone.

One pinned algorithm each. All claims of an access token are required and compared here with our clock (jose's
`require_exp` asks the machine's); a nested header that raises RecursionError before its signature is checked is just
another bad token.
"""

import hashlib
import hmac
import json
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)
from jose import jwk, jws
from jose.constants import ALGORITHMS
from jose.exceptions import JOSEError

from app.auth.keys.keyring import Keyring
from app.core import clock
from app.core.config import Settings
from app.core.errors import Unauthenticated

LIFETIME = timedelta(minutes=15)
_ALGORITHM = ALGORITHMS.HS256
_ISSUER = "lvyi"
_AUDIENCE = "lvyi-api"
_MAX_TOKEN = 2048
#: Clocks of two servers may differ by so many seconds.
_SKEW = 60
_MOST = 2**63 - 1


@dataclass(frozen=True)
class Claims:
    """What a valid access token says."""

    account_id: int
    session_id: int


class Tokens(Keyring):
    """The keyring of a server, which signs access tokens and verifies those that an earlier secret signed."""

    def __init__(self, secret: str, *earlier: str) -> None:
        super().__init__(secret, *earlier)
        separate = self.keys("access token")[: 1 + len(earlier)]
        # jose takes any iterable of keys, though its types do not say so
        self._signing: Any = tuple(jwk.construct(key, _ALGORITHM) for key in separate)
        # a token comes with every request of its quarter of an hour; its signature stays true
        self._signed = lru_cache(10_000)(self._opened)

    def sign(self, account_id: int, session_id: int) -> str:
        """An access token of `LIFETIME` for one session."""
        now = clock.now()
        claims: dict[str, Any] = {
            "sub": str(account_id),
            "sid": session_id,
            "iss": _ISSUER,
            "aud": _AUDIENCE,
            "iat": int(now.timestamp()),
            "exp": int((now + LIFETIME).timestamp()),
        }
        return jws.sign(claims, self._signing[0], algorithm=_ALGORITHM)

    def _opened(self, token: str) -> Any:
        return json.loads(jws.verify(token, self._signing, [_ALGORITHM]))

    def verify(self, token: str) -> Claims:
        """The claims of a token that we signed and that has not expired; else `Unauthenticated`."""
        if len(token) > _MAX_TOKEN:
            raise Unauthenticated(code="bad_token")
        try:
            claims = self._signed(token)
            now = clock.now().timestamp()
            began = max(claims["iat"], claims.get("nbf", 0))
            account_id, session_id = int(claims["sub"]), int(claims["sid"])
            if (claims["iss"], claims["aud"]) != (_ISSUER, _AUDIENCE) or began > now + _SKEW:
                raise Unauthenticated(code="bad_token")
            if not (0 < account_id <= _MOST and 0 < session_id <= _MOST):
                raise Unauthenticated(code="bad_token")
            if claims["exp"] <= now:
                raise Unauthenticated("登录已过期，请重新登录。", code="token_expired")
            return Claims(account_id, session_id)
        except (
            JOSEError,
            KeyError,
            ArithmeticError,
            ValueError,
            TypeError,
            RecursionError,
            AttributeError,
        ) as e:
            raise Unauthenticated(code="bad_token") from e

    def successors(self, refresh_token: str) -> list[str]:
        """The refresh token that follows a spent one, always the same, so that a lost answer can be given again.

        Those that earlier keys would have made come after it.
        """
        spent = refresh_token.encode("utf-8", "replace")
        made = [hmac.digest(key, spent, "sha256") for key in self.keys("refresh")]
        return [urlsafe_b64encode(one).decode().rstrip("=") for one in made]


def tokens_of(config: Settings) -> Tokens:
    """The keyring of a server with these settings."""
    earlier = config.token_secret_previous
    return Tokens(token_secret(config), *([earlier.get_secret_value()] if earlier else []))


def token_secret(config: Settings) -> str:
    """The configured secret, or one that is made once and kept in the data folder, readable by its owner only."""
    if config.token_secret:
        return config.token_secret.get_secret_value()
    file: Path = config.data_dir / "token_secret"
    config.data_dir.mkdir(parents=True, exist_ok=True)
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(48))
    return file.read_text().strip()


def new_key_pair(password: bytes) -> tuple[bytes, dict[str, str]]:
    """A key for ES256: the private half as PEM encrypted with `password`, the public one as JWK with its thumbprint."""
    private = ec.generate_private_key(ec.SECP256R1())
    pem = _encrypted(private, password)
    public = _jose(private.public_key()).to_dict()
    named = json.dumps(
        {k: public[k] for k in ("crv", "kty", "x", "y")}, sort_keys=True, separators=(",", ":")
    )
    thumbprint = urlsafe_b64encode(hashlib.sha256(named.encode()).digest()).decode().rstrip("=")  # RFC 7638
    return pem, {**public, "kid": thumbprint, "use": "sig"}


def with_password(pem: bytes, earlier: bytes, password: bytes) -> bytes:
    """A private half encrypted with another password; ValueError when `earlier` does not open it."""
    return _encrypted(load_pem_private_key(pem, earlier), password)


def _encrypted(private: Any, password: bytes) -> bytes:
    pem: bytes = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(password))
    return pem


@lru_cache(4)
def _private(pem: bytes, password: bytes) -> Any:
    return _jose(load_pem_private_key(pem, password))


def _jose(key: Any) -> Any:
    """A key of cryptography, which jose takes though its types do not say so."""
    return jwk.construct(key, ALGORITHMS.ES256)


def sign_detached(content: bytes, pem: bytes, password: bytes, key_id: str) -> str:
    """A JWS of `content` without the content in it (RFC 7515, appendix F); ValueError for a wrong password."""
    headers = {"kid": key_id, "typ": "JOSE"}
    signed = jws.sign(content, _private(pem, password), headers, ALGORITHMS.ES256)
    header, _, signature = signed.split(".")
    return f"{header}..{signature}"


def is_signed(content: bytes, signature: str, public: dict[str, str]) -> bool:
    """Whether a detached JWS was made of `content` by the private half of this key."""
    try:
        header, _, last = signature.split(".")
        body = urlsafe_b64encode(content).decode().rstrip("=")
        jws.verify(f"{header}.{body}.{last}", public, [ALGORITHMS.ES256])
    except (JOSEError, ValueError, RecursionError):
        return False
    return True
