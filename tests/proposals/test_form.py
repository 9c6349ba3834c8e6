"""What a proposal says beside its text, in answers, versions and documents."""

from datetime import timedelta

import pytest

from app.core import clock
from tests.exports.reading import tables
from tests.factories.city import City
from tests.factories.domains.proposals import TEXT, done, drafted, opened_window, run

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def held(staff, kind):
    now = clock.now()
    days = {"starts_at": now + timedelta(minutes=5), "ends_at": now + timedelta(hours=2)}
    made = staff.post(
        "/api/v1/activities",
        {"kind": kind, "title": "五届二次会议", **{k: v.isoformat() for k, v in days.items()}},
    )
    assert made.status_code == 201, made.text
    return made.json()["id"]


def test_consent_units_and_research_are_kept_with_every_version(city):
    staff, author, other = city.staff(), city.member(), city.member()
    opened_window(staff)
    research = held(staff, "research")
    form = {
        "publish_consent": False,
        "publish_reason": "含有未公布的数据",
        "suggested_unit_ids": city.units,
        "research": "走访六个社区",
        "activity_ids": [research],
    }
    proposal_id = drafted(author, **(form | {"publish_reason": None}))
    path = f"/api/v1/proposals/{proposal_id}"
    refused = run(author, proposal_id, "submit")
    assert [e["detail"] for e in refused.json()["errors"]] == ["请说明不宜公开的理由。"]
    author.put(path, TEXT | form, headers={"If-Match": '"1"'})
    done(author, proposal_id, "submit")
    done(staff, proposal_id, "file")

    seen = other.get(path).json()
    assert (seen["publish_consent"], seen["publish_reason"]) == (False, "含有未公布的数据")
    assert seen["suggested_units"] == [{"id": city.units[0], "name": "市教育局"}]
    assert seen["activities"] == [{"id": research, "name": "五届二次会议"}]
    first = author.get(f"{path}/versions/1").json()
    assert (first["publish_reason"], first["research"], first["kind"]) == (None, "走访六个社区", "individual")
    cells = str(tables(staff.get(f"{path}/document.docx").content))
    assert "市教育局" in cells
    assert "不宜公开：含有未公布的数据" in cells
    kept_back = staff.get("/api/v1/proposals?scope=filed&publish_consent=false").json()["items"]
    assert [one["id"] for one in kept_back] == [proposal_id]


def test_what_is_not_there_cannot_be_named(app, database, city):
    theirs, author = City(app, database, name="政协柳溪县委员会"), city.member()
    for form, code in (
        ({"suggested_unit_ids": theirs.units}, "unknown_unit"),
        ({"activity_ids": [999_999]}, "unknown_activity"),
        ({"body_id": 999_999, "kind": "collective"}, "not_spokesperson"),
    ):
        refused = author.post("/api/v1/proposals", TEXT | form).json()
        assert code in {refused["code"], *(e["code"] for e in refused.get("errors", []))}


def test_the_plenary_tells_the_period_and_staff_may_say_otherwise(city):
    staff, author = city.staff(), city.member()
    opened_window(staff)
    before = drafted(author)
    assert done(author, before, "submit")["period_label"] == "闭会期间"
    held(staff, "plenary")
    during = drafted(author)
    assert done(author, during, "submit")["period"] == "during"

    path = f"/api/v1/proposals/{before}/period"
    assert author.put(path, {"period": "during"}).status_code == 403
    assert staff.put(path, {"period": "during"}).json()["period_label"] == "会议期间"
    draft = drafted(author)
    assert staff.put(f"/api/v1/proposals/{draft}/period", {"period": "during"}).status_code == 404
