"""What signs, encrypts and sends a push message (RFC 8030, 8291, 8292); imported where pushing is on."""

import socket
from hashlib import sha256
from http import HTTPStatus
from ipaddress import ip_address

import httpx
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from pydantic import AnyHttpUrl
from webpush import VAPID, WebPush, WebPushSubscription
from webpush.types import WebPushKeys

_KEPT_SECONDS = 24 * 3600
_TIMEOUT_SECONDS = 5
#: The order of the curve P-256.
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


class Sender:
    """Sends for one server, whose key follows from its token secret, so that all processes share it."""

    def __init__(self, secret: str, contact: str) -> None:
        seed = sha256(b"web push " + secret.encode()).digest()
        key = ec.derive_private_key(int.from_bytes(seed) % (_ORDER - 1) + 1, ec.SECP256R1())
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        self.key: str = VAPID.get_application_server_key(key.public_key())
        self._signer = WebPush(private, public, contact, ttl=_KEPT_SECONDS)
        self._client = httpx.Client(timeout=_TIMEOUT_SECONDS)

    def send(self, endpoint: str, p256dh: str, auth: str, told: dict[str, str]) -> int:
        """The status that the push service answers; 410 for an endpoint that is not out in the internet."""
        keys = WebPushKeys(p256dh=p256dh, auth=auth)
        message = self._signer.get(told, WebPushSubscription(endpoint=AnyHttpUrl(endpoint), keys=keys))
        url = httpx.URL(endpoint)
        # looked up once, so that what was checked is what is called
        found = {str(info[4][0]) for info in socket.getaddrinfo(url.host, 443, type=socket.SOCK_STREAM)}
        if not all(ip_address(address).is_global for address in found):
            return HTTPStatus.GONE
        answer = self._client.post(
            url.copy_with(host=min(found)),
            content=message.encrypted,
            headers={**message.headers, "Host": url.host, "Content-Type": "application/octet-stream"},
            extensions={"sni_hostname": url.host},
        )
        return answer.status_code
