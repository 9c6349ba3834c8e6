from datetime import timedelta

from app.core import clock
from app.core.sql import table
from app.feed.models import Update
from tests.factories.circle.posts import NEW
from tests.factories.city import Who


def verbs(who: Who, update_id: int) -> list[str]:
    """What the circle and the update itself say that somebody may do; both must say the same."""
    one = who.get(f"/api/v1/updates/{update_id}").json()
    (listed,) = who.get("/api/v1/updates").json()["items"]
    assert listed == one
    return one["may"]


def test_each_reader_is_told_what_works_for_them(city):
    author, reader, staff = city.member("周岚"), city.member(), city.staff()
    posted = author.post("/api/v1/updates", NEW).json()
    assert (posted["kind_label"], posted["author_post_label"]) == ("走访群众", "委员")
    assert posted["may"] == verbs(author, posted["id"]) == ["edit", "delete", "reply"]
    assert verbs(reader, posted["id"]) == ["reply", "support"]
    assert verbs(staff, posted["id"]) == ["reply", "hide"]
    path = f"/api/v1/updates/{posted['id']}"
    assert reader.put(f"{path}/support").status_code == 200
    assert reader.get(path).json()["supported"] is True


def test_half_an_hour_later_it_can_no_longer_be_edited(city):
    author, u = city.member(), table(Update)
    update_id = author.post("/api/v1/updates", NEW).json()["id"]
    with city.database.transaction() as db:
        db.execute(u.update().values(created_at=clock.now() - timedelta(minutes=31)))
    assert author.get(f"/api/v1/updates/{update_id}").json()["may"] == ["delete", "reply"]


def test_the_copy_at_hand_is_one_readers_only(city):
    author, staff = city.member(), city.staff()
    author.post("/api/v1/updates", NEW)
    mine = author.get("/api/v1/updates").headers["ETag"]
    assert author.get("/api/v1/updates", headers={"If-None-Match": mine}).status_code == 304
    assert staff.get("/api/v1/updates", headers={"If-None-Match": mine}).status_code == 200
    assert city.log_in(author).get("/api/v1/updates", headers={"If-None-Match": mine}).status_code == 200
