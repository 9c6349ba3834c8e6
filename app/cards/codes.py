"""The code behind a card's QR: names its seat and period, and cannot be guessed."""

import base64
import binascii
import hmac
from dataclasses import dataclass

from app.auth.keys.tokens import Tokens

_MAC_BYTES = 9
_PURPOSE = "card"
_YEARS = 10_000  # a period as a number: its year, or 0 for the term
_TERM = "term"


@dataclass(frozen=True)
class Verifier:
    """Makes and reads the codes of one installation, whose pages stand under `public_url`."""

    public_url: str
    tokens: Tokens

    def url(self, seat_id: int, period: str) -> str:
        """The public page of the card of a seat and period as it is computed."""
        return self.page(self.code(seat_id, period))

    @property
    def address(self) -> str:
        """Where the installation is."""
        return self.public_url.rstrip("/")

    def page(self, code: str) -> str:
        """The public page that a code opens."""
        return f"{self.address}/c/{code}"

    def code(self, seat_id: int, period: str) -> str:
        """The code of a card: letters, digits, `-` and `_`."""
        number = seat_id * _YEARS + (0 if period == _TERM else int(period))
        named = number.to_bytes((number.bit_length() + 7) // 8, "big")
        return base64.urlsafe_b64encode(_mac(self.tokens.key(_PURPOSE), named) + named).decode().rstrip("=")

    def read(self, code: str) -> tuple[int, str] | None:
        """Seat and period of a code that we made; None for any other."""
        try:
            raw = base64.urlsafe_b64decode(code + "=" * (-len(code) % 4))
        except (binascii.Error, ValueError):
            return None
        mac, named = raw[:_MAC_BYTES], raw[_MAC_BYTES:]
        # what was printed is read for as long as one of the keys is known
        made = [_mac(key, named) for key in self.tokens.keys(_PURPOSE)]
        if not any(hmac.compare_digest(mac, one) for one in made):
            return None
        seat_id, year = divmod(int.from_bytes(named, "big"), _YEARS)
        return seat_id, str(year) if year else _TERM


def _mac(key: bytes, named: bytes) -> bytes:
    return hmac.digest(key, named, "sha256")[:_MAC_BYTES]
