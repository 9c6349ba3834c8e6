"""The hash chain: each entry's hash covers its content and the hash of the entry before."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC
from typing import Any

#: What an entry's hash covers, beside the hash before.
COVERED = (
    "organization_id",
    "at",
    "account_id",
    "action",
    "subject_type",
    "subject_id",
    "address",
    "result",
    "detail",
)


def entry_hash(previous: str, entry: Mapping[str, Any]) -> str:
    """SHA-256 of the hash before and the entry's canonical JSON, in hex."""
    content = {name: entry[name] for name in COVERED}
    content["at"] = content["at"].astimezone(UTC).isoformat(timespec="microseconds")
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(f"{previous}\n{canonical}".encode()).hexdigest()
