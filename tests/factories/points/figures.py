"""All that the platform says of one member and year, wherever it says it."""

from typing import Any

from tests.exports.reading import rows
from tests.factories.city import Who
from tests.factories.walk import whole


def _found(who: Who, path: str) -> dict[str, Any] | None:
    answer = who.get(path)
    assert answer.status_code in {200, 404}, answer.text
    return whole(who, path) if answer.status_code == 200 else None


def card(who: Who, seat_id: int, period: int | str) -> dict[str, Any]:
    """The figures of a card by section and key, and the things that it names."""
    found = _found(who, f"/api/v1/cards/{seat_id}/{period}") or {"sections": []}
    return {
        section["kind"]: {f["key"]: f["value"] for f in section["figures"]}
        | {"named": [item["title"] for item in section["items"]]}
        for section in found["sections"]
    }


def warmth(who: Who, seat_id: int, on: str, **query: Any) -> float:
    """The heat of a member in the duty year of a day, on whichever board they stand."""
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    board = whole(who, f"/api/v1/leaderboard?window=duty_year&on={on}" + (f"&{asked}" if asked else ""))
    return next((float(row["heat"]) for row in board["items"] if row["seat"]["id"] == seat_id), 0.0)


def points(who: Who, seat_id: int, year: int, **query: Any) -> float | None:
    """The points of a member on a board; None for who is not on it."""
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    board = whole(who, f"/api/v1/points-board?year={year}" + (f"&{asked}" if asked else ""))
    return next((row["points"] for row in board["items"] if row["seat"]["id"] == seat_id), None)


def everywhere(who: Who, seat_id: int, year: int, on: str) -> dict[str, Any]:
    """What `who` reads of a member's duty year, of which `on` is a day, in every place."""
    path = f"/api/v1/seats/{seat_id}"
    score = _found(who, f"{path}/score?year={year}")
    sheet = who.get(f"/api/v1/exports/seats/{seat_id}/records.xlsx?year={year}")
    return {
        "archive": {
            c["kind"]: c["records"] for c in whole(who, f"{path}/record-counts?year={year}")["items"]
        },
        "records": len(whole(who, f"{path}/records?year={year}")["items"]),
        "exported": len(rows(sheet.content)) - 1 if sheet.status_code == 200 else None,  # own ones only
        "days": [day["on"] for day in whole(who, f"{path}/days?year={year}")["items"]],
        "score": score and score["points"],
        "lines": {line["id"]: line["records"] for line in score["lines"]} if score else {},
        "points": points(who, seat_id, year),
        "heat": warmth(who, seat_id, on),
        "lines of heat": len(
            whole(who, f"/api/v1/leaderboard/{seat_id}/records?window=duty_year&on={on}&counted=true")[
                "items"
            ]
        ),
        "card": card(who, seat_id, year),
        "card of the term": card(who, seat_id, "term"),
    }


def windows(member: Who, staff: Who, year: int, on: str) -> dict[str, tuple[str, str]]:
    """First and last day of a duty year, of which `on` is a day, in every place that says them."""
    seat = member.seat_id
    bulletin = staff.post("/api/v1/bulletins", {"duty_year": year}).json()
    said = {
        "years": next(y for y in member.get("/api/v1/duty-years").json()["years"] if y["year"] == year),
        "score": member.get(f"/api/v1/seats/{seat}/score?year={year}").json(),
        "board": member.get(f"/api/v1/points-board?year={year}").json(),
        "heat": member.get(f"/api/v1/leaderboard?window=duty_year&on={on}").json()["window"],
        "cards": next(c for c in member.get(f"/api/v1/cards/{seat}").json() if c["period"] == str(year)),
        "card": member.get(f"/api/v1/cards/{seat}/{year}").json()["period"],
        "reading": member.get(f"/api/v1/reading/year?year={year}").json(),
        "units": staff.get(f"/api/v1/statistics/units?year={year}").json()["period"],
        "bulletin": bulletin,
    }
    labels = {name: one["label"] for name, one in said.items() if name not in {"heat", "card"}}
    labels["report"] = member.get(f"/api/v1/seats/{seat}/reports/{year}").json()["label"]
    assert len(set(labels.values())) == 1, labels
    return {name: (one["starts_on"], one["ends_on"]) for name, one in said.items()}
