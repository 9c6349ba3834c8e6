"""The main job, end to end: a city's conference imports its people and lives one year through HTTP.

Read it as a story. Every figure at the end is implied by what the people do on the way; nothing is looked up.
`make story PAPERS=FOLDER` takes the background papers from a folder of text files.
"""

import io
from datetime import datetime

import pytest
from PIL import Image
from pydantic import SecretStr

from app.activities.attendance.imports import import_attendance
from app.auth.permissions import Role
from app.core import outbox
from app.core.config import Settings
from app.core.db import Database
from app.deliberation.papers import read_papers
from app.demo.circle.pictures import landscapes
from app.duty import recount
from app.main import create_app
from tests.story import workbooks
from tests.story.cast import SHANGHAI, Calendar, Person
from tests.story.founding import found_the_conference, hire, import_the_roster
from tests.story.outcome import what_the_year_adds_up_to
from tests.support.servers import serving


@pytest.fixture
def calendar():
    turned = Calendar()
    turned.turn_to("2026-01-08 09:00")
    yield turned
    turned.close()


def iso(local: str) -> str:
    return datetime.fromisoformat(local).replace(tzinfo=SHANGHAI).isoformat()


def test_a_conference_lives_a_year(  # noqa: PLR0915 - a year is long, and is read from top to bottom
    tmp_path, sqlite_url, calendar, papers_folder, poster_path
):
    database = Database.connect(sqlite_url, pool=8)
    config = Settings(
        _env_file=None,
        database_url=sqlite_url,
        data_dir=tmp_path / "data",
        token_secret=SecretStr("story-secret-story-secret-story-secret"),
        password_hashing="fast",
        log_level="ERROR",
        threads=8,
    )
    city = found_the_conference(database)
    secrets = import_the_roster(database, tmp_path)

    with serving(create_app(config, database)) as address:
        # ── January: everybody has a seat, an account and a password of their own ──────────────────────────
        cast = [
            Person(name, f"1990000{n:04d}", secrets[f"1990000{n:04d}"], address)
            for n, name in workbooks.CAST.items()
        ]
        for person in cast:
            me = person.log_in()
            assert me["due"] == "password_change_required"
            person.ask("GET", "/updates", expect=403)
            person.change_password(f"望江楼上看见{person.seat_id}盏灯")
            person.ask("GET", "/updates", expect=403)
            person.put("/auth/consent", {"version": 1}, expect=204)
        wen, bai, zhuo, ji, ayina = cast
        clerk = hire(database, city, address, "机关 甲", "19900100001", Role.SECRETARIAT)
        leader = hire(database, city, address, "主席 乙", "19900100002", Role.LEADER)

        # ── January: proposals ─────────────────────────────────────────────────────────────────────────────
        calendar.turn_to("2026-01-12 09:00")
        clerk.post(
            "/proposal-windows",
            {
                "name": "十六届五次会议",
                "opens_at": iso("2026-01-12 00:00"),
                "closes_at": iso("2026-01-21 00:00"),
            },
        )
        calendar.turn_to("2026-01-12 20:10")
        draft = wen.post("/proposals", {"kind": "joint", "title": "关于增设社区嵌入式托育点的建议"})
        path = f"/proposals/{draft['id']}"
        text = {
            "kind": "joint",
            "title": "关于增设社区嵌入式托育点的建议",
            "situation": "全市三岁以下婴幼儿约九万人,普惠托位不足两成。",
            "suggestions": "一、利用社区闲置用房。二、给予运营补贴。三、加强师资培训。",
        }
        calendar.turn_to("2026-01-13 21:30")
        at_home = wen.put(path, text, headers={"If-Match": str(draft["version"])})
        stale = wen.put(
            path,
            text | {"situation": "在单位电脑上写的另一稿"},
            expect=412,
            headers={"If-Match": str(draft["version"])},
        )
        assert stale["current"]["situation"] == text["situation"], (
            "the other text is shown beside, nothing is lost"
        )
        bai.ask("GET", path, expect=404)  # a draft is nobody else's business
        wen.post(f"{path}/signers", {"seat_ids": [bai.seat_id], "answer_by": "2026-01-15"})
        calendar.turn_to("2026-01-14 08:05")
        assert bai.get(path)["situation"] == at_home["situation"]
        bai.put(f"{path}/signature", {"accept": True})
        calendar.turn_to("2026-01-15 10:00")
        wen.post(f"{path}/transitions", {"action": "submit"}, expect=200)
        other = zhuo.post(
            "/proposals",
            {"title": "关于量子引力的研究", "situation": "学界尚无定论。", "suggestions": "继续讨论。"},
        )
        zhuo.post(f"/proposals/{other['id']}/transitions", {"action": "submit"}, expect=200)
        calendar.turn_to("2026-01-16 15:00")
        filed = clerk.post(f"{path}/transitions", {"action": "file"}, expect=200)
        assert filed["number"] == 1
        declined = {"action": "decline", "reason_code": "academic"}
        clerk.post(f"/proposals/{other['id']}/transitions", declined, expect=200)
        wrong = clerk.post(f"/proposals/{other['id']}/transitions", {"action": "file"}, expect=409)
        assert wrong["state"] == "declined"
        late = zhuo.post("/proposals", text | {"kind": "individual"})
        calendar.turn_to("2026-01-21 00:00")
        zhuo.post(f"/proposals/{late['id']}/transitions", {"action": "submit"}, expect=409)
        clerk.put(f"{path}/key", {"marked": True, "reason": "民生关切"})

        # ── March: a topic with the papers of the folder ───────────────────────────────────────────────────
        calendar.turn_to("2026-03-02 09:00")
        papers = [paper.model_dump() for paper in read_papers(papers_folder)]
        assert papers
        topic = clerk.post(
            "/topics",
            {
                "title": "如何让老旧小区加装电梯更顺畅",
                "summary": "请结合所在社区的情况谈谈。",
                "opens_at": iso("2026-03-02 09:00"),
                "closes_at": iso("2026-03-09 18:00"),
                "papers": papers,
            },
        )
        clerk.post(f"/topics/{topic['id']}/publication", expect=200)
        outbox.run_due(database)
        bell = wen.get("/notifications")["items"][0]
        assert bell["kind"] == "topic.published"
        read = [wen.get(f"/topics/{topic['id']}/papers/{p['id']}") for p in topic["papers"]]
        assert [p["body"] for p in read] == [p["body"] for p in papers]

        calendar.turn_to("2026-03-03 20:00")
        talk = topic["thread_id"]
        opinion = wen.says(talk, "低层住户的顾虑要先听。")
        replies, sent = f"/threads/{talk}/replies", {"body": "管线迁改建议整片推进。"}
        first, again = (bai.post(replies, sent, headers={"Idempotency-Key": "tunnel-0001"}) for _ in range(2))
        assert again == first, "in the tunnel the answer was lost, and the phone sent it once more"
        zhuo.says(talk, "后期管养应写入合同。")
        bai.says(talk, "同意,可以请社区牵头协商。", parent_id=opinion)
        wen.says(talk, "整片推进能降多少费用?", parent_id=first["id"], quote_id=first["id"])
        wen.says(talk, "再补充一条:补偿标准要公开。")
        leader.says(talk, "意见很好,请有关部门研究。", parent_id=opinion)
        zhuo.supports(opinion)
        ji.supports(opinion)
        wen.put(f"/replies/{opinion}/support", expect=409)
        calendar.turn_to("2026-03-04 12:00")
        wen.says(talk, "今天又走访了两栋楼,补充一些数字。")
        calendar.turn_to("2026-03-09 18:00")
        closed = ayina.post(f"/threads/{talk}/replies", {"body": "差了一秒"}, expect=409)
        assert (closed["code"], closed["state"]) == ("topic_closed", "closed")
        clerk.put(f"/topics/{topic['id']}/report", {"report": "共收到意见 4 条,已送市住建局研究。"})

        # ── May: the circle, with real pictures ────────────────────────────────────────────────────────────
        calendar.turn_to("2026-05-06 17:40")
        keys = [wen.upload(f"IMG_{n}.jpg", picture) for n, picture in enumerate(landscapes(7)[:2])]
        walk = wen.post(
            "/updates",
            {"body": "走访滨江社区三户老人。", "kind": "visit", "place": "滨江社区", "pictures": keys},
        )
        assert Image.open(io.BytesIO(bai.get(f"/files/{keys[0]}"))).format == "JPEG"
        bai.put(f"/updates/{walk['id']}/support")
        zhuo.says(walk["thread_id"], "我们社区也有类似情况。")
        ayina.says(walk["thread_id"], "辛苦了,下次同去。")
        calendar.turn_to("2026-05-20 08:00")
        regretted = bai.post("/updates", {"body": "发错了。", "kind": "other"})
        rude = zhuo.says(regretted["thread_id"], "这也能发错?")
        clerk.put(f"/replies/{rude}/hidden", {"reason": "言语不当"}, expect=204)
        bai.ask("DELETE", f"/updates/{regretted['id']}", expect=204)
        wen.ask("GET", f"/updates/{regretted['id']}", expect=404)

        # ── July: an opinion report goes upward ────────────────────────────────────────────────────────────
        calendar.turn_to("2026-07-02 10:00")
        report = wen.post(
            "/opinions", {"title": "老旧小区充电设施不足应予重视", "body": "三个社区共有电动车一千二百辆。"}
        )
        moves = f"/opinions/{report['id']}/transitions"
        wen.post(moves, {"action": "submit"}, expect=200)
        bai.ask("GET", f"/opinions/{report['id']}", expect=404)
        calendar.turn_to("2026-07-06 10:00")
        clerk.post(moves, {"action": "start_editing"}, expect=200)
        clerk.post(moves, {"action": "issue", "tier": "city"}, expect=200)
        clerk.post(moves, {"action": "adopt", "tier": "province"}, expect=200)
        clerk.post(
            moves,
            {"action": "comment", "tier": "city", "leader": "副市长", "words": "请住建局研办。"},
            expect=200,
        )

        # ── September: reading ─────────────────────────────────────────────────────────────────────────────
        calendar.turn_to("2026-09-10 21:00")
        books = clerk.post(
            "/reading/topics",
            {
                "title": "读懂乡村",
                "starts_on": "2026-09-01",
                "ends_on": "2026-09-30",
                "books": [{"title": "乡土中国"}],
            },
        )
        for minutes in (40, 35):
            wen.post("/reading/logs", {"book": "乡土中国", "topic_id": books["id"], "minutes": minutes})
        note = wen.post(
            "/reading/notes",
            {
                "book": "乡土中国",
                "topic_id": books["id"],
                "title": "差序格局与社区协商",
                "body": "熟人社会的规矩,值得借鉴。",
            },
        )
        bai.says(note["thread_id"], "这一点很有启发。")
        clerk.put(f"/reading/notes/{note['id']}/commendation", expect=204)

        # ── November: a meeting; December: the year's attendance sheet ─────────────────────────────────────
        calendar.turn_to("2026-11-03 09:00")
        meeting = clerk.post(
            "/activities",
            {
                "kind": "inspection",
                "title": "视察老旧小区改造",
                "place": "滨江社区",
                "starts_at": iso("2026-11-05 09:00"),
                "ends_at": iso("2026-11-05 11:30"),
                "seat_ids": [wen.seat_id, bai.seat_id, zhuo.seat_id],
            },
        )
        bai.put(f"/activities/{meeting['id']}/leave", {"reason": "外出开会"})
        calendar.turn_to("2026-11-05 08:55")
        on_the_wall = clerk.get(f"/activities/{meeting['id']}/sign-in-codes")["codes"]
        wen.put(f"/activities/{meeting['id']}/sign-in", {"code": on_the_wall[0]["code"]})
        calendar.turn_to("2026-11-05 12:00")
        clerk.put(f"/activities/{meeting['id']}/closing")
        calendar.turn_to("2026-12-20 10:00")
        clerk.put(f"{path}/commendation", {"marked": True, "reason": "办理成效明显"})
        sheet = tmp_path / "出席情况.xlsx"
        workbooks.write_attendance(sheet)
        for _ in range(2):  # the second time changes nothing
            outcome = import_attendance(database, sheet)
            assert outcome.ok, outcome.lines()

        # ── New Year's Eve: one second before, and twelve seconds after ────────────────────────────────────
        calendar.turn_to("2026-12-31 23:59:59")
        wen.post("/updates", {"body": "岁末,回到滨江社区看看。", "kind": "visit"})
        calendar.turn_to("2027-01-01 00:00:12")
        bai.post("/updates", {"body": "新年好。", "kind": "other"})

        what_the_year_adds_up_to(wen, bai, zhuo, poster_path)
        with database.transaction() as db:
            assert recount.run(db.connection()) == []
    database.dispose()
