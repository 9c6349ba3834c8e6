from datetime import timedelta

from app.core import clock
from tests.factories.circle.posts import NEW, say
from tests.factories.city import City, Who


def opened_topic(staff: Who) -> dict:
    now = clock.now()
    topic = {
        "title": "老旧小区加装电梯",
        "summary": "怎样更顺畅？",
        "opens_at": (now - timedelta(hours=1)).isoformat(),
        "closes_at": (now + timedelta(days=3)).isoformat(),
    }
    made = staff.post("/api/v1/topics", topic).json()
    return staff.post(f"/api/v1/topics/{made['id']}/publication").json()


def test_a_reply_and_its_thread_name_their_subject(app, city, database):
    staff, member = city.staff(), city.member()
    topic = opened_topic(staff)
    reply = say(member, topic["thread_id"])
    thread = member.get(f"/api/v1/threads/{topic['thread_id']}").json()
    assert thread == {
        "id": topic["thread_id"],
        "subject_type": "topic",
        "subject_id": topic["id"],
        "path": f"/api/v1/topics/{topic['id']}",
        "title": "老旧小区加装电梯",
        "reply_count": 1,
        "may": ["reply"],
    }
    seen = member.get(f"/api/v1/replies/{reply['id']}").json()
    assert (seen["thread"], seen["may"]) == (thread, ["reply", "delete"])
    stranger = City(app, database, name="政协邻水市委员会").member()
    assert stranger.get(f"/api/v1/threads/{topic['thread_id']}").status_code == 404
    assert stranger.get(f"/api/v1/replies/{reply['id']}").status_code == 404

    staff.post(f"/api/v1/topics/{topic['id']}/closing", {"reason": "到期"})
    closed = member.get(f"/api/v1/replies/{reply['id']}").json()
    assert (closed["thread"]["may"], closed["may"]) == ([], ["delete"])


def test_an_update_is_called_by_its_beginning(city):
    author = city.member()
    thread_id = author.post("/api/v1/updates", NEW | {"body": "走访\n社区" + "很" * 50}).json()["thread_id"]
    assert author.get(f"/api/v1/threads/{thread_id}").json()["title"] == "走访 社区" + "很" * 35


def test_what_is_hidden_is_read_by_its_author_and_by_staff_who_show_it_again(city):
    reader, author, staff = city.member(), city.member(), city.staff()
    thread_id = reader.post("/api/v1/updates", NEW).json()["thread_id"]
    reply = say(author, thread_id, "请打电话给我", mentions=[reader.seat_id])
    path = f"/api/v1/replies/{reply['id']}"
    staff.put(f"{path}/hidden", {"reason": "含有他人联系方式"})

    def read(who: Who) -> tuple[str, str, int, list[str]]:
        (row,) = who.get(f"/api/v1/threads/{thread_id}/replies").json()["items"]
        assert (row["state_label"], row["hidden_reason"]) == ("已隐藏", "含有他人联系方式")
        return row["state"], row["body"], len(row["mentions"]), row["may"]

    assert read(reader) == ("hidden", "", 0, [])
    assert read(author) == ("hidden", "请打电话给我", 1, [])
    assert read(staff) == ("hidden", "请打电话给我", 1, ["unhide"])
    assert reader.get(path).status_code == 404
    for who in (author, staff):
        assert who.get(path).json()["body"] == "请打电话给我"
    told = author.get("/api/v1/notifications").json()["items"][0]
    assert (told["kind"], told["path"]) == ("reply.hidden", path)
    assert author.delete(path).status_code == 404

    assert staff.delete(f"{path}/hidden").status_code == 204
    (row,) = reader.get(f"/api/v1/threads/{thread_id}/replies").json()["items"]
    assert (row["body"], row["hidden_reason"], row["may"]) == ("请打电话给我", None, ["reply", "support"])
