"""Verify a signed card without its server: `python verify_card.py CARD.json KEYS.json`.

Needs `pip install "python-jose[cryptography]"`. KEYS.json is `/api/v1/cards/keys` of the conference, fetched once from
an address that you trust. Whether a genuine card was corrected or revoked since, only its page `/c/CODE` can say.
"""

import json
import sys
from base64 import urlsafe_b64encode
from hashlib import sha256
from pathlib import Path

from jose import jws
from jose.exceptions import JOSEError

file, published = (json.loads(Path(name).read_text(encoding="utf-8")) for name in sys.argv[1:3])
card = file["card"]
canonical = json.dumps(card, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
header, _, signature = file["signature"].split(".")
token = f"{header}.{urlsafe_b64encode(canonical).decode().rstrip('=')}.{signature}"
try:
    kid = jws.get_unverified_header(token)["kid"]
    jws.verify(token, [key for key in published["keys"] if key["kid"] == kid], ["ES256"])
    genuine = sha256(canonical).hexdigest() == file["sha256"]
except (JOSEError, KeyError):
    genuine = False
if not genuine:
    sys.exit("NOT GENUINE: altered, or signed by somebody else")
issue = card["issue"]
print(
    f"genuine: {card['seat']['name']}, {card['period']['label']}, version {issue['version']} of {issue['issued_at']}"
)
print(f"does it still stand? /c/{issue['code']}")
