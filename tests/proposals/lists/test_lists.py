from contextlib import contextmanager

from sqlalchemy import event

from tests.factories.domains.proposals import done, drafted, filed, opened_window


@contextmanager
def counted(city):
    """How many statements both engines run within."""
    statements: list[str] = []

    def note(_conn, _cursor, statement, *_rest) -> None:
        statements.append(statement)

    engines = (city.database.read, city.database.write)
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    yield statements
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)


def test_the_statements_of_a_list_do_not_grow_with_it(city):
    staff, author = city.staff(), city.member()
    opened_window(staff)
    sizes = []
    for _ in range(2):
        for _ in range(3):
            filed(city, author, staff)
        with counted(city) as statements:
            page = author.get("/api/v1/proposals")
        assert page.status_code == 200
        sizes.append((len(page.json()["items"]), len(statements)))
    assert sizes == [(3, 2), (6, 2)]  # one for the actor, one for the list


def test_pages_are_stable_and_filters_narrow_them(city):
    staff, author, other = city.staff(), city.member("周岚"), city.member()
    window_id = opened_window(staff)
    ids = [filed(city, author, staff) for _ in range(4)]
    bridge = drafted(other, title="关于修缮古桥的建议_100%")
    done(other, bridge, "submit")
    done(staff, bridge, "file")
    first = author.get("/api/v1/proposals?limit=3").json()
    filed(city, author, staff)
    second = author.get(f"/api/v1/proposals?limit=3&cursor={first['next']}").json()
    assert [p["id"] for p in first["items"] + second["items"]] == [bridge, *reversed(ids)]
    assert second["next"] is None
    row = second["items"][-1]
    assert (row["author_name"], row["number"], row["window_name"]) == ("周岚", 1, "五届二次会议提案")
    assert row["cosigner_count"] == 0

    def found(query: str) -> list[int]:
        return [p["id"] for p in author.get(f"/api/v1/proposals?{query}").json()["items"]]

    assert found("q=古桥") == found(f"seat_id={other.seat_id}") == found("q=_100%25") == [bridge]
    assert found("q=%25古") == []
    assert len(found(f"window_id={window_id}&state=filed")) == 6
    assert found("window_id=999999") == []
    assert author.get("/api/v1/proposals?cursor=abc").json()["code"] == "bad_cursor"
    for bad in (
        "limit=0",
        "limit=101",
        "scope=all",
        "state=flying",
        "seat_id=9223372036854775808",
        f"q={'长' * 41}",
    ):
        assert author.get(f"/api/v1/proposals?{bad}").status_code == 422


def test_staff_find_what_waits_for_review(city):
    staff, author = city.staff(), city.member()
    opened_window(staff)
    waiting, begun, gone = drafted(author), drafted(author), drafted(author)
    for proposal_id in (waiting, begun, gone):
        done(author, proposal_id, "submit")
    done(staff, begun, "start_review")
    done(staff, gone, "decline", reason_code="empty")
    drafted(author)

    def found(query: str) -> list[int]:
        return [p["id"] for p in staff.get(f"/api/v1/proposals?{query}").json()["items"]]

    assert found("scope=review") == [begun, waiting]
    assert found("scope=review&state=submitted") == [waiting]
    assert found("scope=review&state=declined") == [gone]
    assert found("scope=review&state=draft") == []
