"""One's own data as an archive: everything about oneself, nothing of others."""

import csv
import json
from io import BytesIO, StringIO
from zipfile import ZipFile

from sqlmodel import SQLModel

from app.auth.permissions import Role
from app.privacy.own_data import archive as own_data_archive
from app.privacy.own_data import tables
from tests.factories.everything import MARK, make_everything


def archive_of(who) -> ZipFile:
    answer = who.get("/api/v1/me/data.zip")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip"), answer.text
    return ZipFile(BytesIO(answer.content))


def rows(archive: ZipFile, title: str) -> list[dict]:
    return json.loads(archive.read(f"数据/{title}.json"))


def test_every_table_about_a_person_is_a_part_or_left_out_for_a_reason():
    covered = {part.model.__tablename__ for part in own_data_archive.parts()} | tables.LEFT_OUT.keys()
    people = {"account", "person", "seat"}
    about = {
        of.name
        for of in SQLModel.metadata.sorted_tables
        if {key.column.table.name for key in of.foreign_keys} & people or "account_id" in of.c
    }
    # numbers that retries carry, and events that clients hear of, for a day and a week
    assert about - covered == {"idempotency_key", "event"}


def test_what_a_member_wrote_is_in_it(city):
    everything = make_everything(city)
    member = everything.member

    archive = archive_of(member)

    assert archive.testzip() is None
    assert "不含其他人的信息" in archive.read("说明.txt").decode()
    titles = {
        "账号",
        "名册信息",
        "委员席位",
        "动态",
        "跟帖和发言",
        "提案",
        "提案的各次修改",
        "社情民意信息",
        "线索",
    }
    titles |= {
        "读书打卡",
        "读书笔记",
        "履职申报和申诉",
        "履职记录",
        "履职数字纪念卡",
        "通知",
        "附件",
        "登录设备",
    }
    for title in titles:
        assert rows(archive, title), title
    assert rows(archive, "账号")[0]["phone"] == member.phone
    assert MARK in rows(archive, "动态")[0]["body"]
    assert rows(archive, "履职数字纪念卡")[0]["content"]["seat"]["name"] == member.name
    (stored,) = [name for name in archive.namelist() if name.startswith("附件/")]
    assert archive.read(stored)[:3] == b"\xff\xd8\xff"
    table = list(csv.reader(StringIO(archive.read("数据/动态.csv").decode("utf-8-sig"))))
    assert table[0] == list(rows(archive, "动态")[0])


def test_nothing_of_others_and_no_secret_is_in_it(city):
    other = city.member("周旁人")
    post = other.post("/api/v1/updates", {"body": "旁人的动态", "kind": "visit"}).json()
    me = city.member("沈文")
    mine = me.post(f"/api/v1/threads/{post['thread_id']}/replies", {"body": "=1+1"})
    other.put(f"/api/v1/threads/{post['thread_id']}/replies/{mine.json()['id']}/support")

    archive = archive_of(me)

    whole = "".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    for theirs in ("旁人", other.phone, "password_hash", "refresh_hash", "second_factor_seed"):
        assert theirs not in whole
    assert "=1+1" in rows(archive, "跟帖和发言")[0]["body"]
    assert "'=1+1" in archive.read("数据/跟帖和发言.csv").decode()


def test_the_export_is_audited(city):
    member = city.member("沈文")
    archive_of(member)

    (entry,) = city.staff(Role.AUDITOR).get("/api/v1/audit?action=own_data.exported").json()["items"]
    assert (entry["account_id"], entry["subject_id"]) == (member.account_id, member.account_id)
