"""One step of many reports: each by itself."""

from tests.factories.domains.opinions import combined, submitted


def test_editors_take_a_step_of_many(city):
    staff, author = city.staff(), city.member()
    ids = [submitted(author) for _ in range(4)]

    def batch(action, some, **more):
        return staff.post("/api/v1/opinions/batch", {"items": some, "action": action, **more})

    def outcomes(answer):
        assert answer.status_code == 200, answer.text
        return [
            row["problem"]["code"] if row["problem"] else row["row"]["state"]
            for row in answer.json()["items"]
        ]

    some = [{"id": ids[0], "state": "submitted"}, {"id": ids[1], "state": "editing"}, {"id": 987654}]
    assert outcomes(batch("start_editing", some)) == ["editing", "moved", "not_found"]
    all_ = [{"id": report_id} for report_id in ids[:3]]
    assert outcomes(batch("issue", all_, tier="city")) == [
        "issued",
        "illegal_transition",
        "illegal_transition",
    ]
    whole = combined(staff, ids[1], ids[3])
    assert outcomes(batch("combine", [{"id": ids[2]}, {"id": ids[0]}], into_id=whole)) == [
        "combined",
        "illegal_transition",
    ]
    assert batch("issue", all_).json()["errors"][0]["field"] == "tier"
    assert batch("shelve", [{"id": ids[0]}] * 2, reason="重复").json()["code"] == "duplicate_ids"
    assert batch("comment", all_).status_code == 422
    assert author.post("/api/v1/opinions/batch", {"items": all_, "action": "shelve"}).status_code == 403
