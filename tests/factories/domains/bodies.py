"""Bodies of test cities, through the API."""

from typing import Any

from tests.factories.city import Who


def added(
    staff: Who, name: str | None = "民盟云川市委员会", kind: str = "party", **more: Any
) -> dict[str, Any]:
    """A body; heads and spokespersons are members."""
    head, speakers = more.pop("head", None), more.pop("speakers", ())
    new = {"kind": kind, "name": name, "spokesperson_ids": [who.seat_id for who in speakers], **more}
    made = staff.post("/api/v1/bodies", new | ({"head_seat_id": head.seat_id} if head else {}))
    assert made.status_code == 201, made.text
    found: dict[str, Any] = made.json()
    return found
