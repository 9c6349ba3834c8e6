"""Updates with words that are counted, and with words that never are."""

from tests.factories.city import Who

#: Three texts, three words of two texts each.
SAID = (
    "河边的湿地要留住，盲道被电动自行车占了。",
    "湿地步道修好了，盲道也通了。",
    "电动自行车进楼充电，太险。",
)
SECRET = "候鸟少了，采砂场还在。"


def post(who: Who, body: str) -> int:
    made = who.post("/api/v1/updates", {"body": body, "kind": "visit"})
    assert made.status_code == 201, made.text
    return int(made.json()["id"])
