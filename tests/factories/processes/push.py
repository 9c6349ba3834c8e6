"""A push service that lives in the test and decrypts as a browser does."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode

import httpx
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

AUTH = b"0123456789abcdef"


def coded(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def decoded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


class PushService:
    """Takes messages for one browser, and answers with `status`."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.status = 201
        self.known: str | None = None  #: the key that the browser subscribed with, if only that is taken
        self.taken: list[httpx.Request] = []

    def subscription(self, endpoint: str = "https://push.example.org/v2/a1b2") -> dict:
        return {"endpoint": endpoint, "keys": {"p256dh": coded(self.point), "auth": coded(AUTH)}}

    @property
    def point(self) -> bytes:
        return self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.taken.append(request)
        other = self.known and not request.headers["Authorization"].endswith(f"k={self.known}")
        return httpx.Response(403 if other else self.status)

    def texts(self) -> list[dict]:
        return [json.loads(self._open(request.content)) for request in self.taken]

    def _open(self, body: bytes) -> bytes:
        """RFC 8291, section 3.4, from the browser's side."""
        salt, sender = body[:16], body[21 : 21 + body[20]]
        shared = self.key.exchange(
            ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender)
        )

        def derived(length: int, salt: bytes, info: bytes, secret: bytes) -> bytes:
            return HKDF(hashes.SHA256(), length, salt, info).derive(secret)

        secret = derived(32, AUTH, b"WebPush: info\0" + self.point + sender, shared)
        key = derived(16, salt, b"Content-Encoding: aes128gcm\0", secret)
        nonce = derived(12, salt, b"Content-Encoding: nonce\0", secret)
        return AESGCM(key).decrypt(nonce, body[21 + body[20] :], None).rstrip(b"\2")
