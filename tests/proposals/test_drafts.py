from tests.factories.domains.proposals import TEXT, drafted
from tests.factories.files import key_of


def test_every_saved_version_is_kept_and_the_last_one_is_current(city):
    author = city.member("周岚")
    first = author.post("/api/v1/proposals", {"title": "托育"})
    assert first.status_code == 201
    proposal = first.json()
    assert (proposal["state"], proposal["version"]) == ("draft", 1)
    assert proposal["advice"] == ["案由一般写成“关于……的建议”。", "请说明是否同意公开提案内容。"]
    assert [a["action"] for a in proposal["actions"]] == ["submit"]
    assert proposal["may"] == ["edit", "attach", "delete"]
    path = f"/api/v1/proposals/{proposal['id']}"

    saved = author.put(path, TEXT, headers={"If-Match": '"1"'})
    assert saved.status_code == 200, saved.text
    assert saved.json()["version"] == 2
    assert saved.json()["advice"] == ["请说明是否同意公开提案内容。"]

    kept = author.get(f"{path}/versions").json()
    assert [(v["version"], v["title"], v["saved_by"]) for v in kept["items"]] == [
        (2, TEXT["title"], "周岚"),
        (1, "托育", "周岚"),
    ]
    paged = author.get(f"{path}/versions?limit=1").json()
    assert author.get(f"{path}/versions?limit=1&cursor={paged['next']}").json()["items"][0]["version"] == 1
    assert author.get(f"{path}/versions/1").json()["suggestions"] == ""
    assert author.get(f"{path}/versions/2").json()["suggestions"] == TEXT["suggestions"]
    assert author.get(f"{path}/versions/3").status_code == 404


def test_a_stale_edit_is_412_with_the_present_text_and_both_texts_live_on(city):
    author = city.member()
    path = f"/api/v1/proposals/{drafted(author)}"
    on_the_phone = TEXT | {"situation": "手机上改的。"}
    on_the_desk = TEXT | {"situation": "电脑上改的。"}
    assert author.put(path, on_the_phone, headers={"If-Match": '"1"'}).status_code == 200
    late = author.put(path, on_the_desk, headers={"If-Match": '"1"'})
    assert late.status_code == 412
    problem = late.json()
    assert problem["code"] == "stale"
    assert problem["current"]["version"] == 2
    assert problem["current"]["situation"] == "手机上改的。"
    merged = author.put(path, on_the_desk, headers={"If-Match": f'"{problem["current"]["version"]}"'})
    assert merged.json()["version"] == 3
    texts = [author.get(f"{path}/versions/{v}").json()["situation"] for v in (1, 2, 3)]
    assert texts == [TEXT["situation"], "手机上改的。", "电脑上改的。"]


def test_saving_what_is_already_there_makes_no_version_and_no_conflict(city):
    author = city.member()
    path = f"/api/v1/proposals/{drafted(author)}"
    changed = TEXT | {"title": "关于增设托育点的建议"}
    assert author.put(path, changed, headers={"If-Match": '"1"'}).json()["version"] == 2
    retried = author.put(path, changed, headers={"If-Match": '"1"'})  # the first answer was lost on the way
    assert retried.status_code == 200
    assert retried.json()["version"] == 2


def test_an_edit_names_its_version(city):
    author = city.member()
    path = f"/api/v1/proposals/{drafted(author)}"
    for headers in ({}, {"If-Match": "*"}, {"If-Match": '"x"'}):
        refused = author.put(path, TEXT, headers=headers)
        assert (refused.status_code, refused.json()["code"]) == (422, "if_match_required")


def test_unknown_fields_and_bad_characters_are_refused(city):
    author = city.member()
    for bad in (
        {"state": "filed"},
        {"number": 1},
        {"title": "关于\ue000的建议"},
        {"title": "长" * 121},
        {"kind": "x"},
    ):
        assert author.post("/api/v1/proposals", TEXT | bad).status_code == 422
    assert author.get("/api/v1/proposals?scope=mine").json()["items"] == []


def test_several_drafts_stand_beside_each_other_and_one_can_be_deleted(city):
    author = city.member()
    first, second = drafted(author), drafted(author, title="关于修缮古桥的建议")
    assert [p["id"] for p in author.get("/api/v1/proposals?scope=mine").json()["items"]] == [second, first]
    assert author.delete(f"/api/v1/proposals/{first}").status_code == 204
    assert author.get(f"/api/v1/proposals/{first}").status_code == 404
    assert author.delete(f"/api/v1/proposals/{first}").status_code == 404
    assert [p["id"] for p in author.get("/api/v1/proposals?scope=mine").json()["items"]] == [second]


def test_a_retried_draft_is_one_draft(city):
    author, key = city.member(), {"Idempotency-Key": "7d1e0b52-draft"}
    first = author.post("/api/v1/proposals", TEXT, headers=key)
    again = author.post("/api/v1/proposals", TEXT, headers=key)
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert len(author.get("/api/v1/proposals?scope=mine").json()["items"]) == 1


def test_attachments_follow_the_rights_of_their_proposal(city):
    author, other = city.member(), city.member()
    key = key_of(author, "调研记录".encode(), "调研.txt")
    path = f"/api/v1/proposals/{drafted(author)}"
    attached = author.put(f"{path}/attachments", {"keys": [key]})
    assert attached.status_code == 200, attached.text
    assert [f["key"] for f in attached.json()["attachments"]] == [key]
    assert author.get(f"/api/v1/files/{key}").status_code == 200
    assert other.get(f"/api/v1/files/{key}").status_code == 404
    assert other.put(f"{path}/attachments", {"keys": []}).status_code == 404
    assert author.put(f"{path}/attachments", {"keys": []}).json()["attachments"] == []
    stolen = other.put(f"/api/v1/proposals/{drafted(other)}/attachments", {"keys": [key]})
    assert (stolen.status_code, stolen.json()["code"]) == (422, "file_not_usable")
