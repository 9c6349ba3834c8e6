"""Reads of desks: everything that waits for somebody."""

from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection

from app.auth import queues
from app.auth.actor import Actor


def entries(conn: Connection, actor: Actor) -> dict[str, list[dict[str, Any]]]:
    """Every queue that is open to the actor, with its count and the path of its list; and the sums of desks."""
    found, sums = queues.counted(conn, actor)
    items = [
        {
            "key": one.queue.key,
            "label": one.queue.label,
            "desk": one.queue.desk,
            "desk_label": queues.DESK_LABELS[one.queue.desk],
            "count": one.count,
            "late": one.late,
            "path": one.queue.path(actor),
        }
        for one in found
    ]
    return {
        "items": items,
        "desks": [asdict(one) | {"desk_label": queues.DESK_LABELS[one.desk]} for one in sums],
    }
