"""Words of the month: of what members published for all to read, each opening exactly its texts."""

from datetime import timedelta
from functools import partial

from app.auth.permissions import Role
from app.core import clock
from tests.factories.circle.words import SAID, SECRET, post
from tests.factories.city import City, Who
from tests.factories.domains.lineage import remark, topic_thread
from tests.factories.statements import statements

PATH = "/api/v1/statistics/words"


def words(reader: Who) -> dict[str, int]:
    answer = reader.get(PATH)
    assert answer.status_code == 200, answer.text
    return {one["word"]: one["count"] for one in answer.json()["words"]}


def test_words_of_several_members_open_exactly_their_texts(city: City):
    leader = city.staff(Role.LEADER)
    authors = [city.member() for _ in SAID]
    posted = [post(author, body) for author, body in zip(authors, SAID, strict=True)]

    month = leader.get(PATH).json()
    assert {one["word"]: one["count"] for one in month["words"]} == {"湿地": 2, "盲道": 2, "电动自行车": 2}
    assert month["texts"] == 3
    for one in month["words"]:
        texts = leader.get(one["path"]).json()
        assert len(texts) == one["count"]
        expected = {
            f"/api/v1/updates/{i}" for i, body in zip(posted, SAID, strict=True) if one["word"] in body
        }
        assert {text["path"] for text in texts} == expected
    assert leader.get(f"{PATH}/texts", params={"word": "候鸟"}).json()["code"] == "no_such_word"
    assert authors[0].get(PATH).status_code == 403
    assert words(City(city.app, city.database, name="政协别处市委员会").staff()) == {}


def test_hidden_texts_topics_of_the_invited_old_texts_and_names_are_left_out(city: City):
    staff, author = city.staff(), city.member("沈湿地")
    thread = topic_thread(city, staff, sectors=(0,))
    for body in (*SAID, SECRET, f"再说一次：{SECRET}"):
        post(author, body)
    remark(author, thread, f"在受邀的议题里说：{SECRET}")
    found = words(staff)
    assert "湿地" not in found  # part of a name
    assert "采砂场" in found

    hidden = [one["path"] for one in staff.get(f"{PATH}/texts", params={"word": "采砂场"}).json()]
    assert len(hidden) == 2  # what was said among the invited is none of them
    for path in hidden:
        assert staff.put(f"{path}/hidden", {"reason": "核实中"}).status_code in {200, 204}
    with clock.frozen_at(clock.now() + timedelta(minutes=2)):
        city.log_in(staff)
        assert "采砂场" not in words(staff)
    with clock.frozen_at(clock.now() + timedelta(days=31)):
        city.log_in(staff)
        assert staff.get(PATH).json()["texts"] == 0


def test_the_statements_do_not_grow_with_the_texts(city: City):
    staff, author = city.staff(), city.member()
    for body in SAID:
        post(author, body)
    few = statements(city.database, partial(staff.get, PATH))
    for other in (city.member(), city.member()):
        for n in range(9):
            post(other, f"第{n}次走访：{SAID[n % 3]}")
    with clock.frozen_at(clock.now() + timedelta(minutes=2)):
        city.log_in(staff)
        staff.get("/api/v1/me")
        assert statements(city.database, partial(staff.get, PATH)) <= few
