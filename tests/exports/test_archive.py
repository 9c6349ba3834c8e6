"""The archive of a session: a folder for each proposal on file, and an index; for staff alone."""

from app.auth.permissions import Role
from app.files import store
from app.files.service import folder
from tests.exports.reading import entries, exported, name_of, paragraphs, rows
from tests.factories.city import City
from tests.factories.domains.handling import assigned, worked, wrote
from tests.factories.domains.proposals import done, drafted, filed, opened_window
from tests.factories.files import key_of


def archive(who, window: int):
    return who.get(f"/api/v1/proposal-windows/{window}/archive.zip")


def attached(author, of: int | str, *names: str) -> None:
    keys = [key_of(author, f"内容：{name}".encode(), name) for name in names]
    assert author.put(f"/api/v1/proposals/{of}/attachments", {"keys": keys}).status_code == 200


def test_a_session_as_one_file(city):
    author, staff = city.member("沈𬭎"), city.staff()
    window = opened_window(staff, "十六届二次会议/提案")
    first = drafted(author, title="关于甲/乙的建议")
    attached(author, first, "附一.txt", f"{'长' * 110}.txt")
    done(author, first, "submit")
    done(staff, first, "file")
    second = filed(city, author, staff)
    (assignment,) = assigned(city, staff, second, lead=0).values()
    officer, part = city.staff(Role.UNIT_OFFICER), f"{second}/assignments/{assignment}/reply"
    worked(officer, second, assignment, "sign", "start_handling")
    wrote(officer, second, assignment)
    attached(officer, part, "点位表.txt")
    worked(officer, second, assignment, "submit_reply")
    worked(staff, second, assignment, "approve_reply")
    drafted(author, title="关于草稿的建议")
    declined = drafted(author, title="关于不立案的建议")
    done(author, declined, "submit")
    done(staff, declined, "decline", reason_code="academic")

    answer = archive(staff, window)

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["cache-control"] == "no-store"
    assert name_of(answer) == "十六届二次会议 提案.zip"
    found = entries(answer.content)
    assert list(found) == [
        "提案目录.xlsx",
        "0001 关于甲 乙的建议/第1号提案 关于甲 乙的建议.docx",
        "0001 关于甲 乙的建议/附件1 附一.txt",
        f"0001 关于甲 乙的建议/附件2 {'长' * 60}.txt",
        "0002 关于增设社区嵌入式托育点的建议/第2号提案 关于增设社区嵌入式托育点的建议.docx",
        "0002 关于增设社区嵌入式托育点的建议/答复1 第2号提案 市教育局的答复.docx",
        "0002 关于增设社区嵌入式托育点的建议/答复1 附件1 点位表.txt",
    ]
    letter = "0002 关于增设社区嵌入式托育点的建议/答复1 第2号提案 市教育局的答复.docx"
    assert "附件：1. 点位表.txt" in paragraphs(found[letter])
    assert [row[:3] for row in rows(found["提案目录.xlsx"])] == [
        ("编号", "案由", "姓名"),
        (1, "关于甲/乙的建议", "沈𬭎"),
        (2, "关于增设社区嵌入式托育点的建议", "沈𬭎"),
    ]
    assert found["0001 关于甲 乙的建议/附件1 附一.txt"].decode() == "内容：附一.txt"
    assert "　　　2. " in "".join(paragraphs(found["0001 关于甲 乙的建议/第1号提案 关于甲 乙的建议.docx"]))
    assert exported(city) == [(staff.account_id, "proposal_window.exported", window, {"rows": 2})]


def test_every_batch_is_there_once(city, monkeypatch):
    monkeypatch.setattr("app.exports.proposals.queries.BATCH", 2)
    author, staff = city.member(), city.staff()
    window = opened_window(staff)
    for _ in range(5):
        filed(city, author, staff)
    numbers = [name[:4] for name in entries(archive(staff, window).content)]
    assert numbers == ["提案目录", "0001", "0002", "0003", "0004", "0005"]


def test_an_empty_session_has_an_index_only(city):
    staff = city.staff()
    found = entries(archive(staff, opened_window(staff)).content)
    assert [len(rows(content)) for content in found.values()] == [1]


def test_a_file_that_is_lost_is_named_and_the_rest_is_there(city):
    author, staff = city.member(), city.staff()
    window = opened_window(staff)
    proposal_id = drafted(author)
    attached(author, proposal_id, "附一.txt", "附二.txt")
    done(author, proposal_id, "submit")
    done(staff, proposal_id, "file")
    lost = store.digest("内容：附一.txt".encode())
    store.remove(folder(city.app.state.settings), lost)
    names = [name.rpartition("/")[2] for name in entries(archive(staff, window).content)]
    assert names[2:] == ["附件1 附一.txt（缺失）.txt", "附件2 附二.txt"]


def test_it_is_for_the_staff_of_the_organization(city):
    staff = city.staff()
    window = opened_window(staff)
    for who in (city.member(), city.staff(Role.LEADER), city.staff(Role.UNIT_OFFICER)):
        assert archive(who, window).status_code == 403
    elsewhere = City(city.app, city.database, name="政协石泉市委员会")
    assert archive(elsewhere.staff(), window).status_code == 404
    assert archive(staff, window + 1).status_code == 404
    assert exported(city) == []
