"""Opinion reports of test members, through the API."""

from typing import Any

from tests.factories.city import Who

TEXT = {"title": "老旧小区充电设施不足应予重视", "body": "三个社区共有电动车一千二百辆，充电桩只有二十个。"}


def drafted(author: Who, **more: Any) -> int:
    """A complete draft."""
    made = author.post("/api/v1/opinions", TEXT | more)
    assert made.status_code == 201, made.text
    return int(made.json()["id"])


def run(who: Who, report_id: int, action: str, **more: Any) -> Any:
    """The answer to one step."""
    return who.post(f"/api/v1/opinions/{report_id}/transitions", {"action": action, **more})


def done(who: Who, report_id: int, action: str, **more: Any) -> dict[str, Any]:
    """The report after one step that must be possible."""
    answer = run(who, report_id, action, **more)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def submitted(author: Who, **more: Any) -> int:
    """A report that waits on the desk."""
    report_id = drafted(author, **more)
    done(author, report_id, "submit")
    return report_id


def issued(author: Who, staff: Who, tier: str = "city", **more: Any) -> int:
    """A report that was issued."""
    report_id = submitted(author, **more)
    done(staff, report_id, "start_editing")
    done(staff, report_id, "issue", tier=tier)
    return report_id


def combined(
    staff: Who, *source_ids: int, title: str = "充电难综合反映", body: str = "多个小区反映。"
) -> int:
    """A combined report in the hands of the editors."""
    made = staff.post(
        "/api/v1/opinions/combined", {"title": title, "body": body, "source_ids": list(source_ids)}
    )
    assert made.status_code == 201, made.text
    return int(made.json()["id"])


def steps(who: Who, report_id: int) -> list[dict[str, Any]]:
    """The track of a report as somebody sees it."""
    answer = who.get(f"/api/v1/opinions/{report_id}/track")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["steps"]
    return found


def undo(staff: Who, report_id: int, reason: str = "点错了。") -> Any:
    """The answer to undoing the last step of a report."""
    last = steps(staff, report_id)[-1]["id"]
    offered = staff.get(f"/api/v1/opinions/{report_id}").json()["actions"]
    named = next((a["step_id"] for a in offered if a["action"] == "undo"), last)
    return run(staff, report_id, "undo", reason=reason, step_id=named)
