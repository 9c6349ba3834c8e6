"""What signs, encrypts and sends a push message (RFC 8030, 8291, 8292); imported where pushing is on."""

import asyncio
import socket
import ssl
from collections.abc import Sequence
from concurrent.futures import Future
from http import HTTPStatus
from ipaddress import IPv6Address, IPv6Network, ip_address
from threading import Thread
from typing import Any

import httpx
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from pydantic import AnyHttpUrl
from webpush import VAPID, WebPush, WebPushSubscription
from webpush.types import WebPushKeys

from app.notifications.push.hosts import Hosts

_KEPT_SECONDS = 24 * 3600
#: One push takes no longer, with the look-up of the name, TCP, TLS and all headers: a worker ends within 5 s.
DEADLINE_SECONDS = 3
#: The order of the curve P-256.
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
#: IPv6 addresses that lead to an IPv4 address which is in them, and those of sites.
_TRANSLATED = [
    IPv6Network(net)
    for net in ("::/96", "64:ff9b::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16", "fec0::/10")
]
_TRY_LATER = {HTTPStatus.TOO_MANY_REQUESTS, *range(500, 600)}


class UnreachableError(Exception):
    """The push service does not answer, or has not lately; in `seconds` it may be asked again."""

    def __init__(self, host: str, seconds: float) -> None:
        super().__init__(f"push service {host} is not asked for {seconds:.0f} s")
        self.seconds = seconds


class Sender:
    """Sends for one server, whose keys follow from its token secret, so that all processes share them.

    Browsers subscribe with the key of the first seed; those that did with an earlier one are still reached.
    """

    def __init__(self, seeds: Sequence[bytes], contact: str) -> None:
        keys = [ec.derive_private_key(int.from_bytes(s) % (_ORDER - 1) + 1, ec.SECP256R1()) for s in seeds]
        self.key: str = VAPID.get_application_server_key(keys[0].public_key())
        self._signers = [_signer(key, contact) for key in keys]
        self._hosts = Hosts(probe_seconds=DEADLINE_SECONDS + 1)
        self._tls: ssl.SSLContext = httpx.create_ssl_context()
        self._transport: httpx.AsyncBaseTransport | None = None

    def send(self, endpoint: str, p256dh: str, auth: str, told: dict[str, Any]) -> int:
        """The status that the push service answers; 410 for an endpoint that is not out in the internet."""
        keys = WebPushKeys(p256dh=p256dh, auth=auth)
        try:
            url, subscription = (
                httpx.URL(endpoint),
                WebPushSubscription(endpoint=AnyHttpUrl(endpoint), keys=keys),
            )
        except (ValueError, httpx.InvalidURL):
            return HTTPStatus.GONE
        if pause := self._hosts.pause(url.host):
            raise UnreachableError(url.host, pause)
        for signer in self._signers:
            message = signer.get(told, subscription)
            headers = {**message.headers, "Host": url.host, "Content-Type": "application/octet-stream"}
            try:
                status = asyncio.run(self._post(url, message.encrypted, headers))
            except (OSError, httpx.TransportError) as e:  # a TimeoutError is an OSError
                raise UnreachableError(url.host, self._hosts.failed(url.host)) from e
            if status != HTTPStatus.FORBIDDEN:  # which says that the subscription has another key
                break
        if status in _TRY_LATER:
            raise UnreachableError(url.host, self._hosts.failed(url.host))
        self._hosts.answered(url.host)
        return status

    async def _post(self, url: httpx.URL, content: bytes, headers: dict[str, str]) -> int:
        async with asyncio.timeout(DEADLINE_SECONDS):
            # looked up once, so that what was checked is what is called
            found = await _addresses(url.host)
            if not all(is_public(address) for address in found):
                return HTTPStatus.GONE
            # a connection of its own: one that is kept was verified for the name it was made for, not for this one
            async with (
                httpx.AsyncClient(
                    verify=self._tls, transport=self._transport, timeout=DEADLINE_SECONDS
                ) as client,
                client.stream(
                    "POST",
                    url.copy_with(host=min(found)),
                    content=content,
                    headers=headers,
                    extensions={"sni_hostname": url.host},
                ) as answer,
            ):
                return answer.status_code  # whatever else it says is not read


def _signer(key: ec.EllipticCurvePrivateKey, contact: str) -> WebPush:
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return WebPush(private, public, contact, ttl=_KEPT_SECONDS)


def is_public(address: str) -> bool:
    """Whether an address lies out in the internet, and leads to no other one inside."""
    ip = ip_address(address)
    translated = isinstance(ip, IPv6Address) and any(ip in net for net in _TRANSLATED)
    return ip.is_global and not ip.is_multicast and not translated


async def _addresses(host: str) -> set[str]:
    """Look a name up in a thread that nobody waits for at the end: the resolver's own limits are far longer."""
    found: Future[set[str]] = Future()
    found.set_running_or_notify_cancel()

    def look_up() -> None:
        try:
            infos = socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)
            found.set_result({str(info[4][0]) for info in infos})
        except (OSError, UnicodeError) as e:
            found.set_exception(OSError(f"no address: {e}"))

    Thread(target=look_up, name="push-look-up", daemon=True).start()
    return await asyncio.wrap_future(found)
