"""Issued cards through the API, and the script that verifies them."""

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from app.core import clock
from tests.factories.city import Who
from tests.points.world import World, at

NOW = at("2026-06-10 20:00")
SCRIPT = Path(__file__).parents[3] / "scripts" / "verify_card.py"


def issue(staff: Who, seat_id: int, period: str = "2025") -> dict:
    answer = staff.post("/api/v1/issued-cards", {"seat_id": seat_id, "period": period})
    assert answer.status_code == 201, answer.text
    return answer.json()


def check(world: World, card: dict) -> dict:
    code = card["verify_url"].rpartition("/")[2]
    return world.city.anonymous().get(f"/api/v1/cards/verify/{code}").json()


def page(world: World, card: dict) -> str:
    return world.city.anonymous().get(f"/c/{card['verify_url'].rpartition('/')[2]}").text


def file_of(who: Who, card: dict) -> bytes:
    answer = who.get(f"/api/v1/issued-cards/{card['id']}/file")
    assert answer.status_code == 200, answer.text
    return answer.content


def verified(world: World, folder: Path, file: bytes | dict) -> tuple[bool, str]:
    """What the published script says, with nothing but the file and the keys at hand."""
    card, published = folder / "card.json", folder / "keys.json"
    card.write_bytes(file if isinstance(file, bytes) else json.dumps(file).encode())
    published.write_bytes(world.city.anonymous().get("/api/v1/cards/keys").content)
    command = [sys.executable, "-I", str(SCRIPT), str(card), str(published)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr
    return done.returncode == 0, done.stdout + done.stderr


def told(who: Who) -> list[str]:
    return [
        n["title"] for n in who.get("/api/v1/notifications").json()["items"] if n["kind"].startswith("card")
    ]


def change_ledger(world: World, staff: Who) -> None:
    with clock.frozen_at(NOW - timedelta(hours=1)):
        world.hide(staff, ("update", 1), clock.now())
