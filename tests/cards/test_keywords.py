"""Keywords come from what the member wrote for all members to read, and from nothing else."""

import pytest
from sqlalchemy import update

from app.cards import queries, service
from app.cards.gathering.writings import writings
from app.cards.keywords import FEWEST_TEXTS, keywords
from app.core import clock
from app.core.sql import table
from app.duty.models import DutyRecord
from app.feed.models import Update
from app.proposals.models import Proposal
from app.reading.models import ReadingNote
from app.threads.models import Reply
from tests.factories.circle.words import SAID, SECRET, post
from tests.factories.city import City, Who
from tests.factories.domains.lineage import remark, topic_thread
from tests.factories.domains.proposals import done, drafted, opened_window


@pytest.fixture
def author(city: City) -> Who:
    return city.member("沈知遥")


def note(who: Who, body: str) -> dict:
    made = who.post("/api/v1/reading/notes", {"book": "寂静的春天", "title": "一点", "body": body})
    assert made.status_code == 201, made.text
    return made.json()


def section(reader: Who, author: Who) -> dict:
    year = clock.local_day(clock.now()).year
    card = reader.get(f"/api/v1/cards/{author.seat_id}/{year}").json()
    return next((s for s in card["sections"] if s["kind"] == "keywords"), {"figures": []})


def words(reader: Who, author: Who) -> dict[str, int]:
    return {f["label"]: f["value"] for f in section(reader, author)["figures"]}


def test_words_of_several_texts_are_keywords_and_open_these_texts(city, author):
    posted = [post(author, body) for body in SAID]
    figures = section(author, author)["figures"]
    assert {f["label"]: f["value"] for f in figures} == {"湿地": 2, "盲道": 2, "电动自行车": 2}
    for figure in figures:
        listed = author.get(figure["records"]).json()["items"]
        ids = [posted[n] for n, body in enumerate(SAID) if figure["label"] in body]
        assert [i["path"] for i in listed] == [f"/api/v1/updates/{i}" for i in reversed(ids)]
    other = city.member("陆川")
    assert words(other, author) == words(author, author)
    assert other.get(figures[0]["records"]).status_code == 404
    assert author.get(figures[0]["records"].split("?")[0] + "?word=无").json()["items"] == []


def test_a_changed_hidden_or_deleted_text_takes_its_words_along_at_once(city, author):
    staff = city.staff()
    posted = [post(author, body) for body in (*SAID, "候鸟在湿地歇脚。", "候鸟走了。")]
    assert words(author, author)["候鸟"] == 2
    edited = author.put(f"/api/v1/updates/{posted[4]}", {"body": "走了。", "kind": "visit"})
    assert edited.status_code == 200, edited.text
    assert "候鸟" not in words(author, author)
    assert staff.put(f"/api/v1/updates/{posted[0]}/hidden", {"reason": "含有电话"}).status_code == 204
    assert words(author, author) == {}  # two words are too few to tell
    assert author.delete(f"/api/v1/updates/{posted[3]}").status_code == 204


def test_replies_under_what_is_hidden_are_no_source(city, author):
    staff, other = city.staff(), city.member("陆川")
    for body in SAID:
        post(author, body)
    under = post(other, "说说候鸟。")
    thread = other.get(f"/api/v1/updates/{under}").json()["thread_id"]
    said = [remark(author, thread, f"候鸟{n}") for n in ["多了", "少了"]]
    assert words(author, author)["候鸟"] == 2
    staff.put(f"/api/v1/updates/{under}/hidden", {"reason": "含有电话"})
    assert "候鸟" not in words(author, author)
    staff.delete(f"/api/v1/updates/{under}/hidden")
    assert words(author, author)["候鸟"] == 2
    assert staff.put(f"/api/v1/replies/{said[0]}/hidden", {"reason": "含有电话"}).status_code == 204
    assert "候鸟" not in words(author, author)
    taken = note(other, "候鸟")
    for n in ["来了", "走了"]:
        remark(author, taken["thread_id"], f"候鸟{n}")
    assert words(author, author)["候鸟"] == 3
    other.delete(f"/api/v1/reading/notes/{taken['id']}")
    assert "候鸟" not in words(author, author)


def test_what_not_all_members_may_read_is_no_source(city, author):
    staff = city.staff()
    opened_window(staff)
    for body in SAID:
        post(author, body)
    for n in "甲乙":
        remark(author, topic_thread(city, staff, sectors=(0,)), SECRET + n)
        drafted(author, title=f"候鸟{n}", situation=SECRET)
        submitted = drafted(author, title=f"采砂场{n}", situation=SECRET)
        done(author, submitted, "submit")
        made = author.post("/api/v1/opinions", {"title": f"候鸟{n}", "body": SECRET})
        assert made.status_code == 201, made.text
    assert set(words(author, author)) == {"湿地", "盲道", "电动自行车"}
    open_to_all = topic_thread(city, staff)
    for n in "甲乙":
        remark(author, open_to_all, SECRET + n)
    assert words(author, author)["候鸟"] == 2


def test_a_proposal_counts_once_it_is_on_file_and_for_its_author_alone(city, author):
    staff, other = city.staff(), city.member("陆川")
    opened_window(staff)
    for body in SAID:
        post(author, body)
        post(other, body)
    post(author, "候鸟来了。")
    post(other, "候鸟来了。")
    mine = drafted(author, title="关于候鸟的建议", situation="候鸟少了。")
    done(author, mine, "submit")
    assert "候鸟" not in words(author, author)
    done(staff, mine, "file")
    assert words(author, author)["候鸟"] == 2
    assert "候鸟" not in words(other, other)


def test_names_are_no_keywords(city, author):
    city.member("陆川")
    for body in SAID:
        post(author, f"{body}政协云川市委员会的陆川和@欧阳湿云 沈知遥谈经济，经济界。")
    assert set(words(author, author)) == {"湿地", "盲道", "电动自行车"}


def test_few_texts_or_few_words_give_none():
    assert keywords(SAID[: FEWEST_TEXTS - 1]) == []
    assert keywords((SAID[0],) * 9) == []  # the same text is one text
    assert keywords(("我们建议进一步加强工作。",) * 3 + ("问题和建议，提案工作。",) * 3) == []


def test_the_order_is_that_of_the_words_and_not_of_the_texts():
    texts = [*SAID, "充电桩和湿地。", "充电桩坏了，社区食堂开了。", "社区食堂好。"]
    found = [word for word, _ in keywords(texts)]
    assert found == [word for word, _ in keywords(texts[::-1])]
    assert {"充电桩", "社区食堂", "湿地"} <= set(found)
    assert not {"社区", "食堂"} & set(found)  # said by the wider word


@pytest.mark.parametrize(
    ("of", "gone", "left"),
    [
        (DutyRecord, {"voided_at": clock.now()}, []),
        (Update, {"hidden_at": clock.now()}, ["reading_note", "proposal"]),  # and the reply under it
        (Update, {"deleted_at": clock.now()}, ["reading_note", "proposal"]),
        (Reply, {"hidden_at": clock.now()}, ["update", "reading_note", "proposal"]),
        (Reply, {"deleted_at": clock.now()}, ["update", "reading_note", "proposal"]),
        (ReadingNote, {"hidden_at": clock.now()}, ["update", "reply", "proposal"]),
        (ReadingNote, {"deleted_at": clock.now()}, ["update", "reply", "proposal"]),
        (Proposal, {"state": "merged"}, ["update", "reply", "reading_note"]),
        (Proposal, {"deleted_at": clock.now()}, ["update", "reply", "reading_note"]),
    ],
)
def test_each_mark_alone_keeps_a_text_out(city, author, database, of, gone, left):
    staff = city.staff()
    opened_window(staff)
    remark(author, author.get(f"/api/v1/updates/{post(author, '湿地')}").json()["thread_id"])
    note(author, "盲道")
    mine = drafted(author)
    done(author, mine, "submit")
    done(staff, mine, "file")

    def kinds() -> list[str]:
        with database.read.connect() as conn:
            whose = queries.owner(conn, author.seat_id)
            assert whose is not None
            term = service.period_of(whose, "term")
            return [w.subject[0] for w in writings(conn, author.seat_id, term)]

    assert kinds() == ["update", "reply", "reading_note", "proposal"]
    with database.transaction() as db:
        db.execute(update(table(of)).values(gone))
    assert kinds() == left
