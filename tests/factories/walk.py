"""Walks through answers: every number in them that names what it counts is compared with the list that this opens."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from app.duty.measures.rules import Measure, value
from tests.factories.city import Who


def whole(who: Who, path: str) -> dict[str, Any]:
    """An answer with all its pages in one; a plain list becomes one too."""
    mark = "&" if "?" in path else "?"
    answer = who.get(f"{path}{mark}limit=100")
    assert answer.status_code == 200, f"{path}: {answer.text}"
    found = answer.json()
    if isinstance(found, list):
        return {"items": found, "next": None}
    while found.get("next"):
        page = who.get(f"{path}{mark}limit=100&cursor={found['next']}").json()
        found["items"] += page["items"]
        found["next"] = page["next"]
    return dict(found)


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for inside in value:
            yield from _objects(inside)


@dataclass
class Walk:
    """What somebody meets who opens every number; `met` counts them by what they are, `wrong` names mismatches."""

    who: Who
    met: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    _answers: dict[str, dict[str, Any]] = field(default_factory=dict)

    def start(self, path: str, rows: int | None = None) -> dict[str, Any]:
        """Open a path and compare every number that stands there, those of a list in its first `rows` only."""
        found = self._open(path)
        if "count" in found and "items" in found:
            self._compare(f"{path} count", "page", found["count"], len(found["items"]))
        shown = found | {"items": found["items"][:rows]} if rows else found
        for one in _objects(shown):
            self._number(path, one)
        return found

    def _open(self, path: str) -> dict[str, Any]:
        if path not in self._answers:
            self._answers[path] = whole(self.who, path)
        return self._answers[path]

    def _compare(self, what: str, kind: str, said: float, counted: float) -> None:
        self.met[kind] += bool(said)
        if round(said, 4) != round(counted, 4):
            self.wrong.append(f"{what}: {said} said, {counted} counted")

    def _number(self, at: str, one: dict[str, Any]) -> None:
        """Compare the numbers of one object with what it opens, by its shape."""
        match one:
            case {"count": int(said), "path": str(path)}:
                items = self._open(path)["items"]
                self._compare(
                    path, f"count of {self._kind(one)}", said, sum(i.get("count", 1) for i in items)
                )
            case {"amount": int(said), "measure": measure, "path": str(path)}:
                self._compare(path, "measure", said, self._amount(path, measure))
            case {"value": int() | float() as said, "records": str(path), "key": key} if key in list(Measure):
                counted = value(Measure(key), self._amount(path, key))
                self._compare(f"{at} {key} {path}", "card measure", said, counted)
            case {"value": int(said), "records": str(path), "key": key}:
                items = self._open(path)["items"]
                summed = key in {"minutes", "half_days"}
                counted = sum(i["quantity"] for i in items) if summed else len(items)
                self._compare(f"{at} {key} {path}", f"card {key}", said, counted)
            case {"records": int(said), "path": str(path)}:
                self._records(path, one, said)
            case {"unscored": int(said), "unscored_path": str(path)}:
                self._compare(path, "unscored", said, len(self._open(path)["items"]))
            case {"heat": heat, "parts": dict(parts), "records": str(path)}:
                self._heat(path, heat, parts)
            case {"points": points, "score": str(path)}:
                self._compare(path, "points of a board", points, self._open(path)["points"])

    def _amount(self, path: str, measure: str) -> int:
        """The amounts of a measure in a list of records, added up."""
        amounts = [one for item in self._open(path)["items"] for one in item["measures"]]
        return sum(one["amount"] for one in amounts if one["measure"] == measure)

    def _kind(self, one: dict[str, Any]) -> str:
        named = ("figure", "measure", "state", "part", "kind")
        return next((f"{name} {one[name]}" for name in named if name in one), "others")

    def _records(self, path: str, one: dict[str, Any], said: int) -> None:
        """Records of a kind in the archive, of a line or of a minimum in a score."""
        opened = self._open(path)
        items = opened["items"]
        what = "archive" if "quantity" in one else "line" if "counted" in one else "minimum"
        self._compare(path, what, said, len(items))
        if "quantity" in one:
            self._compare(path, "quantity", one["quantity"], sum(i["quantity"] for i in items))
        if "counted" in one:
            self._compare(path, "counted", one["counted"], sum(i["points"] != 0 for i in items))
            self._compare(path, "points of a line", opened["points"], sum(i["points"] for i in items))
            why = Counter(i["reason"] for i in items if i["reason"])
            for reason in one["reasons"]:
                self._compare(
                    f"{path} {reason['reason']}", "reason", reason["records"], why[reason["reason"]]
                )

    def _heat(self, path: str, heat: float, parts: dict[Any, Any]) -> None:
        opened = self._open(path)
        summed = sum(line["heat"] for line in opened["items"])
        self._compare(path, "heat", heat, int(summed * 10 + 0.5 + 1e-9) / 10)
        self._compare(path, "heat of lines", heat, opened["heat"])
        self._compare(path, "parts", sum(parts.values()), sum(part["count"] for part in opened["parts"]))
        for (name, count), part in zip(parts.items(), opened["parts"], strict=True):
            self._compare(f"{path} {name}", f"part {name}", count, part["count"])
            self._number(path, part)
