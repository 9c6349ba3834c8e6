"""Organizations, groups and the directory: who sees what, and what staff change."""

from datetime import date, timedelta

import pytest
from sqlmodel import Session, select

from app.audit.models import AuditEntry
from app.auth.models import Account, AccountRole
from app.auth.permissions import Role
from app.core import clock
from app.people import service
from app.people.models import Seat, Term
from app.people.organizations.service import create_organization
from tests.factories.city import City
from tests.factories.statements import statements

NEW = {"name": "周岚", "phone": "138 0000 9999", "employer": "市图书馆 馆长"}


def names(answer) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [row["name"] for row in answer.json()["items"]]


def test_the_tree_shows_own_settings_and_only_names_of_others(city: City):
    with city.database.transaction() as db:
        province = create_organization(db, "政协南江省委员会", "province")
        own = db.get_one(type(province), city.organization_id)
        own.parent_id = province.id
        for name in ("政协临江区委员会", "政协石渡县委员会"):
            create_organization(db, name, "county", parent_id=city.organization_id)
        create_organization(db, "政协别处市委员会", parent_id=province.id)
    tree = city.member().get("/api/v1/organizations").json()
    assert [(n["name"], n["own"], n["timezone"]) for n in tree] == [
        ("政协南江省委员会", False, None),
        ("政协云川市委员会", True, "Asia/Shanghai"),
        ("政协临江区委员会", False, None),
        ("政协石渡县委员会", False, None),
    ]


def test_the_directory_filters_pages_and_masks(city: City):
    reader = city.member("赵一")
    city.member("钱二", sector=1, committees=(1,))
    city.member("孙三", sector=1, committees=(0, 1))
    city.member("钱四", ends_on=date(2024, 1, 1), starts_on=date(2023, 7, 1))

    everybody = reader.get("/api/v1/seats", params={"limit": 2})
    assert names(everybody) == ["赵一", "钱二"]
    rest = reader.get("/api/v1/seats", params={"limit": 2, "cursor": everybody.json()["next"]})
    assert names(rest) == ["孙三"]
    assert rest.json()["next"] is None
    assert names(reader.get("/api/v1/seats", params={"sector_id": city.sectors[1]})) == ["钱二", "孙三"]
    assert names(reader.get("/api/v1/seats", params={"committee_id": city.committees[0]})) == ["赵一", "孙三"]
    assert names(reader.get("/api/v1/seats", params={"q": "钱"})) == ["钱二"]
    assert names(reader.get("/api/v1/seats", params={"q": "%"})) == []
    assert names(reader.get("/api/v1/seats", params={"q": "钱", "term_id": city.term_id})) == ["钱二", "钱四"]

    row = everybody.json()["items"][0]
    assert (row["phone"][3:7], row["sector"], row["post_label"], row["current"]) == (
        "****",
        "经济界",
        "委员",
        True,
    )
    assert [c["name"] for c in row["committees"]] == ["提案委员会"]
    assert reader.phone.removeprefix("+86") not in everybody.text
    seen_by_staff = city.staff().get(f"/api/v1/seats/{row['id']}").json()
    assert seen_by_staff["phone"] == reader.phone.removeprefix("+86")
    groups = reader.get("/api/v1/sectors").json()
    assert [(g["name"], g["seat_count"]) for g in groups] == [("经济界", 1), ("教育界", 2)]
    assert [g["seat_count"] for g in reader.get("/api/v1/committees").json()] == [2, 2]


def test_another_organization_is_not_found_by_any_way(city: City):
    other = City(city.app, city.database, name="政协别处市委员会")
    stranger = other.member("吴生")
    reader, staff = city.member(), city.staff()
    assert reader.get(f"/api/v1/seats/{stranger.seat_id}").status_code == 404
    assert names(reader.get("/api/v1/seats", params={"sector_id": other.sectors[0]})) == []
    assert names(reader.get("/api/v1/seats", params={"term_id": other.term_id})) == []
    assert reader.get("/api/v1/sectors", params={"term_id": other.term_id}).json() == []
    assert staff.patch(f"/api/v1/seats/{stranger.seat_id}", {"post": "chair"}).status_code == 404
    assert staff.patch(f"/api/v1/terms/{other.term_id}", {"name": "改名"}).status_code == 404
    assert staff.patch(f"/api/v1/sectors/{other.sectors[0]}", {"name": "改名"}).status_code == 404
    assert staff.patch(f"/api/v1/units/{other.units[0]}", {"name": "改名"}).status_code == 404
    assert staff.post("/api/v1/seats", NEW | {"sector_id": other.sectors[0]}).status_code == 404
    mixed = NEW | {"sector_id": city.sectors[0], "committee_ids": [other.committees[0]]}
    assert staff.post("/api/v1/seats", mixed).json()["code"] == "no_committee"


def test_staff_give_a_seat_and_its_account_waits_for_a_password(city: City):
    staff = city.staff()
    body = NEW | {"sector_id": city.sectors[1], "committee_ids": city.committees, "post": "standing_member"}
    added = staff.post("/api/v1/seats", body, headers={"Idempotency-Key": "seat-0001"})
    assert added.status_code == 201, added.text
    assert (added.json()["phone"], added.json()["post_label"]) == ("13800009999", "常务委员")
    again = staff.post("/api/v1/seats", body, headers={"Idempotency-Key": "seat-0001"})
    assert again.json() == added.json()

    with Session(city.database.write) as db:
        account = db.exec(select(Account).where(Account.phone == "+8613800009999")).one()
        assert (account.password_hash, account.must_change_password) == ("", True)
        role = db.exec(select(AccountRole).where(AccountRole.account_id == account.id)).one()
        assert (role.role, role.seat_id) == (Role.MEMBER, added.json()["id"])
        assert db.exec(select(AuditEntry.action).where(AuditEntry.subject_type == "seat")).all() == [
            "seat.created"
        ]

    twice = staff.post("/api/v1/seats", body)
    assert (twice.status_code, twice.json()["code"]) == (409, "seat_exists")
    other_name = staff.post("/api/v1/seats", body | {"name": "别人"})
    assert (other_name.status_code, other_name.json()["code"]) == (409, "phone_taken")


def test_a_seat_that_ends_cannot_be_acted_for(city: City):
    staff, member = city.staff(), city.member()
    today = clock.local_day(clock.now())
    yesterday = date.fromordinal(today.toordinal() - 1)
    before = member.get(f"/api/v1/seats/{member.seat_id}")
    assert before.status_code == 200

    ended = staff.patch(f"/api/v1/seats/{member.seat_id}", {"ends_on": str(yesterday)})
    assert (ended.status_code, ended.json()["current"]) == (200, False)

    assert member.get(f"/api/v1/seats/{member.seat_id}").status_code == 401
    with Session(city.database.write) as db:
        role = db.exec(select(AccountRole).where(AccountRole.seat_id == member.seat_id)).one()
        assert role.ends_on == yesterday
        assert db.get_one(Seat, member.seat_id).figures_version > 0


def test_a_term_that_moves_takes_its_seats_along(city: City):
    staff, member, short = city.staff(), city.member(), city.member(ends_on=date(2025, 6, 30))
    longer = str(date(clock.local_day(clock.now()).year + 2, 3, 31))
    moved = staff.patch(f"/api/v1/terms/{city.term_id}", {"ends_on": longer})
    assert (moved.status_code, moved.json()["ends_on"]) == (200, longer)
    assert staff.get(f"/api/v1/seats/{member.seat_id}").json()["ends_on"] == longer
    assert staff.get(f"/api/v1/seats/{short.seat_id}").json()["ends_on"] == "2025-06-30"
    outside = staff.patch(f"/api/v1/terms/{city.term_id}", {"ends_on": "2025-06-01"})
    assert (outside.status_code, outside.json()["code"]) == (409, "seats_outside")
    overlapping = {"ordinal": 17, "starts_on": "2026-01-01", "ends_on": "2031-01-01"}
    assert staff.post("/api/v1/terms", overlapping).json()["code"] == "term_exists"
    next_term = {"ordinal": 17, "starts_on": "2040-01-01", "ends_on": "2045-01-01"}
    assert staff.post("/api/v1/terms", next_term).json()["name"] == "第十七届"


@pytest.mark.parametrize("kind", ["sectors", "committees", "units"])
def test_groups_and_units_are_added_and_renamed_but_never_twice(city: City, kind: str):
    staff = city.staff()
    added = staff.post(f"/api/v1/{kind}", {"name": "新的"})
    assert added.status_code == 201, added.text
    assert staff.post(f"/api/v1/{kind}", {"name": "新的"}).json()["code"] == "name_taken"
    renamed = staff.patch(f"/api/v1/{kind}/{added.json()['id']}", {"name": "新名"})
    assert renamed.json()["name"] == "新名"
    first = staff.get(f"/api/v1/{kind}").json()[0]
    taken = staff.patch(f"/api/v1/{kind}/{first['id']}", {"name": "新名"})
    assert taken.status_code == (200 if first["name"] == "新名" else 409)
    assert "新名" in [row["name"] for row in staff.get(f"/api/v1/{kind}").json()]


def test_of_several_seats_the_one_that_began_last_acts(city: City):
    member, today, seats = city.member(), clock.local_day(clock.now()), []
    with city.database.transaction() as db:
        held = db.get_one(Seat, member.seat_id).model_dump(exclude={"id", "term_id", "starts_on"})
        for ordinal, days in ((17, 0), (18, -10), (19, 10)):
            starts_on = today + timedelta(days=days)
            term = Term(
                organization_id=city.organization_id,
                ordinal=ordinal,
                name=f"第{ordinal}届",
                starts_on=starts_on,
                ends_on=held["ends_on"],
            )
            seat = Seat(**held, term_id=service.id_of(service.add(db, term)), starts_on=starts_on)
            seats.append(service.id_of(service.add(db, seat)))
            role = AccountRole(
                account_id=member.account_id, organization_id=city.organization_id, role="member"
            )
            role.seat_id = seats[-1]
            service.add(db, role)
    assert member.get("/api/v1/auth/me").json()["seat"]["id"] == seats[0]


def test_a_new_name_of_a_group_or_term_renews_the_cards_that_bear_it(city: City):
    staff, member, other = city.staff(), city.member(), city.member(sector=1, committees=(1,))

    def heads() -> list[dict]:
        return [staff.get(f"/api/v1/cards/{who.seat_id}/term").json()["seat"] for who in (member, other)]

    before = heads()
    for path in (f"sectors/{city.sectors[0]}", f"committees/{city.committees[0]}"):
        assert staff.patch(f"/api/v1/{path}", {"name": f"新{path[:6]}"}).status_code == 200
    assert heads() == [before[0] | {"sector": "新sector", "committees": ["新commit"]}, before[1]]
    assert staff.patch(f"/api/v1/terms/{city.term_id}", {"name": "第十六届"}).status_code == 200
    assert staff.patch(f"/api/v1/terms/{city.term_id}", {"name": "本届"}).status_code == 200
    assert [head["term"] for head in heads()] == ["本届", "本届"]


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"post": "emperor"}, 422, "invalid"),
        ({"ends_on": "1999-01-01"}, 422, "bad_period"),
        ({"ends_on": "2099-01-01"}, 422, "outside_term"),
        ({"sector_id": 2**70}, 422, "invalid"),
        ({"committee_ids": [99999]}, 404, "no_committee"),
        ({"phone": "13800000000"}, 422, "invalid"),
    ],
)
def test_bad_changes_of_a_seat_change_nothing(city: City, change: dict, status: int, code: str):
    staff, member = city.staff(), city.member()
    before = staff.get(f"/api/v1/seats/{member.seat_id}").json()
    answer = staff.patch(f"/api/v1/seats/{member.seat_id}", change)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert staff.get(f"/api/v1/seats/{member.seat_id}").json() == before


def test_members_manage_nobody(city: City):
    member = city.member()
    assert member.post("/api/v1/seats", NEW | {"sector_id": 1}).status_code == 403
    assert member.patch(f"/api/v1/seats/{member.seat_id}", {"post": "chair"}).status_code == 403
    assert city.staff(Role.UNIT_OFFICER).get("/api/v1/seats").status_code == 403
    assert city.staff(Role.UNIT_OFFICER).get("/api/v1/units").status_code == 200
    assert city.anonymous().get("/api/v1/seats").status_code == 401


def test_a_list_takes_as_many_statements_for_many_rows_as_for_few(city: City):
    reader = city.member()
    few = statements(city.database, lambda: reader.get("/api/v1/seats"))
    for _ in range(12):
        city.member(committees=(0, 1))
    assert statements(city.database, lambda: reader.get("/api/v1/seats")) == few
