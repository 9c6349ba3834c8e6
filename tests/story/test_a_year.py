"""The main job, end to end: a city's conference imports its people and lives one year through HTTP.

Read it as a story. Every figure at the end is implied by what the people do on the way; nothing is looked up.
`make story PAPERS=FOLDER` takes the background papers from a folder of text files.
"""

import io
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from PIL import Image
from pydantic import SecretStr
from sqlalchemy import func, select

from app.activities.imports import import_attendance
from app.auth.permissions import Role
from app.auth.service import Grant, create_account, grant_role
from app.core import outbox
from app.core.config import Settings
from app.core.db import Database
from app.core.sql import table
from app.deliberation.papers import read_papers
from app.demo.pictures import landscapes
from app.duty import recount
from app.main import create_app
from app.people.models import Seat
from app.people.organizations.service import create_organization
from app.people.roster import import_roster
from app.people.service import create_term, id_of
from tests.servers import serving
from tests.story import workbooks
from tests.story.cast import SHANGHAI, Calendar, Person

CITY = "政协云川市委员会"
PASSWORD = "云川的春天2026来得早"


@pytest.fixture
def calendar():
    turned = Calendar()
    turned.turn_to("2026-01-08 09:00")
    yield turned
    turned.close()


def iso(local: str) -> str:
    return datetime.fromisoformat(local).replace(tzinfo=SHANGHAI).isoformat()


def found_the_conference(database: Database) -> int:
    with database.transaction() as db:
        city = create_organization(db, CITY, "city")
        create_term(db, id_of(city), 16, date(2023, 1, 1), date(2027, 12, 31))
        return id_of(city)


def import_the_roster(database: Database, folder: Path) -> dict[str, str]:
    """First with the faults of a real roster, then mended; returns the one-time passwords by phone."""
    rows, roster, secrets = workbooks.members(), folder / "名册.xlsx", folder / "初始密码.xlsx"
    spoilt, faults = workbooks.spoilt(rows)
    workbooks.write_roster(roster, spoilt)
    report = import_roster(database, roster, create_groups=True, passwords=secrets)
    said = "\n".join(report.lines())
    for place, word in faults.items():
        line = next((line for line in said.splitlines() if place in line), "")
        assert word in line, f"{place}: {said}"
    assert seats(database) == 0, "a roster with faults imports nothing at all"

    workbooks.write_roster(roster, rows)
    report = import_roster(database, roster, create_groups=True, passwords=secrets)
    assert report.ok, report.lines()
    assert seats(database) == workbooks.SIZE
    again = import_roster(database, roster)
    assert (again.counts["新增"], again.counts["更新"], again.counts["不变"]) == (0, 0, workbooks.SIZE)

    sheet = openpyxl.load_workbook(secrets).active
    assert sheet is not None
    header, *lines = sheet.iter_rows(values_only=True)
    phone, password = header.index("手机号码"), header.index("初始密码")
    return {str(line[phone]): str(line[password]) for line in lines}


def seats(database: Database) -> int:
    with database.read.connect() as conn:
        return conn.scalar(select(func.count()).select_from(table(Seat))) or 0


def hire(database: Database, organization_id: int, address: str, name: str, phone: str, role: Role) -> Person:
    """Somebody of the secretariat, or a leader, with an account."""
    with database.transaction() as db:
        account = create_account(
            db,
            phone=phone,
            name=name,
            organization_id=organization_id,
            password=PASSWORD,
            must_change=False,
        )
        grant_role(db, id_of(account), Grant(organization_id, role))
    person = Person(name, phone, PASSWORD, address)
    person.log_in()
    return person


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

        # ── What the year adds up to ───────────────────────────────────────────────────────────────────────
        def board(kind: str) -> list[tuple[int, str, float, dict[str, int]]]:
            rows = wen.get(f"/leaderboard?window=duty_year&on=2026-12-31&board={kind}")["items"]
            return [(r["rank"], r["seat"]["name"], r["heat"], r["parts"]) for r in rows]

        def parts(opinions: int, replies: int, updates: int, echoes: int) -> dict[str, int]:
            return {"opinions": opinions, "replies": replies, "updates": updates, "echoes": echoes}

        assert board("all") == [
            # spoke on 3 and 4 Mar, 6 May, 31 Dec; two members responded in March, two in May
            (1, wen.name, 8, parts(2, 0, 2, 4)),
            # spoke on 3 Mar and 10 Sep, one response; the update was deleted, the rude reply hidden
            (2, bai.name, 3, parts(1, 1, 0, 1)),
            (3, zhuo.name, 2, parts(1, 1, 0, 0)),
        ]
        assert board("standing") == [], "a word of thanks is no speaking"

        ledger = {
            row["kind"]: row["records"] for row in wen.get(f"/seats/{wen.seat_id}/record-counts?year=2026")
        }
        assert ledger == {
            "update.posted": 2,
            "reply.posted": 4,
            "topic.joined": 1,
            "proposal.submitted": 1,
            "proposal.filed": 1,
            "proposal.marked_key": 1,
            "proposal.commended": 1,
            "opinion.submitted": 1,
            "opinion.issued": 1,
            "opinion.adopted": 1,
            "opinion.commented": 1,
            "reading.logged": 2,
            "reading.noted": 1,
            "reading.commended": 1,
            "activity.attended": 1 + workbooks.ATTENDED[1],
        }
        theirs = {
            row["kind"]: row["records"] for row in bai.get(f"/seats/{bai.seat_id}/record-counts?year=2026")
        }
        assert theirs["proposal.filed"] == 1, "a co-signer has a share in it"
        assert "update.posted" not in theirs

        card = wen.get(f"/cards/{wen.seat_id}/2026")
        assert card["seat"]["name"] == wen.name
        figures = {(s["kind"], f["key"]): f["value"] for s in card["sections"] for f in s["figures"]}
        expected_on_the_card(figures)
        shared = bai.get(f"/cards/{wen.seat_id}/2026")
        assert "shortfall" not in {s["kind"] for s in shared["sections"]}, "what fell short is private"
        poster = wen.get(f"/cards/{wen.seat_id}/2026/poster.png")
        assert Image.open(io.BytesIO(poster)).width == 1080
        poster_path.parent.mkdir(parents=True, exist_ok=True)
        poster_path.write_bytes(poster)

        with database.transaction() as db:
            assert recount.run(db.connection()) == []
    database.dispose()


def expected_on_the_card(figures: dict[tuple[str, str], int]) -> None:
    """The figures that the year implies for 闻溪岚."""
    assert figures == {
        # 15 and 18 Jan, 3 and 4 Mar, 6 May, 12 Jun, 2 Jul, 10 Sep, 5 Nov, 31 Dec: what others decided is no day of hers
        ("opening", "days"): 10,
        ("opening", "filed"): 1,
        ("opening", "opinion_reports"): 1,
        ("opening", "said"): 4,
        ("opening", "updates"): 2,
        ("opening", "attended"): 4,
        ("opening", "minutes"): 75,
        ("days", "days"): 10,
        ("days", "acts"): 2 + 4 + 1 + 1 + 1 + 2 + 1 + 1 + workbooks.ATTENDED[1],
        ("days", "streak"): 2,
        ("updates", "updates"): 2,
        ("updates", "supports"): 3,
        ("updates", "answers"): 4,  # the leader has no seat and counts for nobody
        ("deliberation", "topics"): 1,
        ("deliberation", "opinions"): 3,
        ("deliberation", "replies"): 1,
        ("proposals", "filed"): 1,
        ("proposals", "submitted"): 1,
        ("proposals", "key"): 1,
        ("proposals", "commended"): 1,
        ("opinions", "opinion_reports"): 1,
        ("opinions", "adopted"): 1,
        ("opinions", "commented"): 1,
        ("activities", "attended"): 4,
        ("activities", "half_days"): 4,
        ("reading", "minutes"): 75,
        ("reading", "books"): 1,
        ("reading", "notes"): 1,
        ("reading", "commended_notes"): 1,
    }
