"""What an attacker tried with matters and venues and got through; each stays shut."""

from contextlib import suppress
from datetime import timedelta
from io import BytesIO
from threading import Barrier, BrokenBarrierError

from openpyxl import load_workbook
from sqlalchemy import select, update
from sqlmodel import SQLModel

from app import worker
from app.auth.models import AccountRole
from app.consultations.matters import service
from app.consultations.matters.models import Matter
from app.core import clock
from app.core.hot.response_cache import MAX_AGE
from app.core.sql import table
from app.people.models import Seat
from tests.factories.consultations.matters import (
    TEXT,
    brought,
    consultation,
    done,
    handed_in,
    solved,
    step,
    venue,
)
from tests.factories.domains.ledger import differences
from tests.support.at_once import at_once
from tests.support.client import Client

PUBLIC = "/api/v1/public/matters"


def one(who, matter):
    return who.get(f"/api/v1/matters/{matter['id']}")


def status(app, code):
    return Client(app).post(f"{PUBLIC}/status", json={"code": code}).json()


def retire(city, who, last_day):
    """End the office of a member after a day."""
    r, s = table(AccountRole), table(Seat)
    with city.database.transaction() as db:
        db.execute(update(r).where(r.c.account_id == who.account_id).values(ends_on=last_day))
        db.execute(update(s).where(s.c.id == who.seat_id).values(ends_on=last_day))


def versioned(who, method, path, version, body):
    return getattr(who, method)(path, body, headers={"If-Match": f'"{version}"'})


def test_whose_term_has_ended_convenes_no_venue_and_reads_nothing_of_where_they_were_posted(city):
    staff = city.staff()
    gone = city.member()
    here = venue(staff, convener_id=gone.account_id)
    stays = [{"seat_id": gone.seat_id}]
    there = venue(staff, name="东门议事室", members=stays)
    matter = brought(staff, venue_id=here["id"], company="滨江机械厂")
    other = done(staff, brought(staff, venue_id=there["id"], company="滨江机械厂"), "accept")
    assert [one(gone, it).status_code for it in (matter, other)] == [200, 200]
    page = f"/v/{here['code']}"
    assert f"<dd>{gone.name}</dd>" in gone.http.get(page).text
    retire(city, gone, clock.local_day(clock.now()) - timedelta(days=1))
    assert step(gone, matter, "accept").status_code == 404
    assert [one(gone, it).status_code for it in (matter, other)] == [404, 404]
    assert gone.get("/api/v1/matters?convened=true").json()["items"] == []
    found = gone.get(f"/api/v1/venues/{here['id']}").json()
    assert (found["actions"], found["mine"]) == ([], False)
    path = f"/api/v1/venues/{here['id']}/opening-hours"
    with clock.frozen_at(clock.now() + MAX_AGE + timedelta(seconds=1)):  # names have no version
        assert gone.name not in city.anonymous().get(page).text
    assert versioned(gone, "put", path, found["version"], {"opening_hours": "不开放"}).status_code == 403


def test_whose_term_has_ended_judges_the_result_and_takes_nothing_back(city):
    staff, gone = city.staff(), city.member()
    waits, taken_back = brought(gone), done(gone, brought(gone), "withdraw")
    judged = solved(staff, brought(gone), consultation(staff, gone))
    retire(city, gone, clock.local_day(clock.now()) - timedelta(days=1))
    assert [step(gone, waits, "withdraw").status_code, step(gone, taken_back, "undo").status_code] == [
        403,
        403,
    ]
    assert [one(gone, it).json()["actions"] for it in (waits, taken_back)] == [[], []]
    assert done(gone, judged, "mostly")["judgement"] == "mostly"
    assert differences(city) == []


def test_a_convener_merges_into_matters_of_their_own_venue_alone(city):
    staff, convener = city.staff(), city.member()
    here = venue(staff, convener_id=convener.account_id)
    at_office = brought(convener)
    matter = brought(staff, venue_id=here["id"], company="滨江机械厂")
    assert step(convener, matter, "merge", into_id=at_office["id"]).json()["code"] == "unknown_matter"
    beside = brought(convener, venue_id=here["id"])
    assert done(convener, matter, "merge", into_id=beside["id"])["state"] == "merged"


def test_what_others_were_merged_into_is_not_withdrawn(city, app):
    staff, member = city.staff(), city.member()
    into = brought(member)
    code = handed_in(Client(app), organization_id=city.organization_id)
    matter = staff.get("/api/v1/matters?source=citizen").json()["items"][0]
    matter = done(staff, done(staff, matter, "decline", reason="不属协商范围"), "undo", reason="点错了")
    matter = done(staff, matter, "merge", into_id=into["id"])
    answer = step(member, into, "withdraw")
    assert (answer.status_code, answer.json()["code"]) == (409, "has_merged")
    done(staff, into, "decline", reason="已由街道办理")
    found = status(app, code)
    assert (found["state"], found["merged"], found["reason"]) == ("declined", True, "已由街道办理")
    assert differences(city) == []


def test_two_matters_are_not_merged_into_each_other_at_once(city, monkeypatch):
    both, find = Barrier(2), service._into

    def meet(*args):
        # each holds its own by now, where nothing keeps the second waiting
        with suppress(BrokenBarrierError):
            both.wait(0.3)
        return find(*args)

    monkeypatch.setattr(service, "_into", meet)
    staff, clerk = city.staff(), city.staff()
    first, second = brought(city.member()), brought(city.member())
    answers = at_once(
        lambda: step(staff, first, "merge", into_id=second["id"]),
        lambda: step(clerk, second, "merge", into_id=first["id"]),
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409], [a.text for a in answers]
    assert differences(city) == []


def kept_in(database, *words):
    """The tables in whose rows one of some words stands."""
    with database.read.connect() as conn:
        return {
            of.name
            for of in SQLModel.metadata.sorted_tables
            for row in conn.execute(select(of))
            if any(word in str(value) for value in row for word in words)
        }


def test_a_citizens_name_and_contact_stand_in_one_place_and_are_erased_however_it_ended(city, app, config):
    staff, name, contact = city.staff(), "王大爷", "13912345678"
    here = venue(staff, convener_id=city.member().account_id)
    into = done(staff, brought(staff, company="滨江机械厂", contact=contact), "accept")
    sent = TEXT | {"venue_code": here["code"], "name": name, "contact": contact}
    for key in ("first-of-mine", "second-of-mine"):
        assert Client(app).post(PUBLIC, json=sent, headers={"Idempotency-Key": key}).status_code == 201
    first, second = staff.get("/api/v1/matters?source=citizen").json()["items"]
    assert staff.get(f"/api/v1/matters/{first['id']}/contact").json() == {"name": name, "contact": contact}
    stale = step(staff, first | {"version": 9}, "accept")
    assert (stale.status_code, contact in stale.text, name in stale.text) == (412, False, False)
    done(staff, first, "merge", into_id=into["id"])
    done(staff, second, "decline", reason="请拨打热线。")
    book = load_workbook(BytesIO(staff.get("/api/v1/exports/matters.xlsx").content))
    sheet = str([row for page in book.worksheets for row in page.iter_rows(values_only=True)])
    assert (name in sheet, contact in sheet, "滨江机械厂" in sheet) == (False, False, True)
    assert kept_in(city.database, name, contact) == {"matter"}
    with clock.frozen_at(clock.now() + timedelta(days=200)):
        worker.clean(city.database, config)
    m = table(Matter)
    with city.database.read.connect() as conn:
        left = conn.scalars(select(m.c.id).where(m.c.name.is_not(None) | m.c.contact.is_not(None))).all()
    assert left == [into["id"]], "what is still worked on keeps whom to ask"


def test_what_is_handed_in_again_with_the_key_of_another_is_refused(city, app):
    city.staff()
    sent, key = TEXT | {"organization_id": city.organization_id}, {"Idempotency-Key": "key-of-a-citizen"}
    codes = {Client(app).post(PUBLIC, json=sent, headers=key).json()["code"] for _ in range(2)}
    other = Client(app).post(PUBLIC, json=sent | {"body": "别的事。"}, headers=key)
    assert (len(codes), other.status_code, other.json()["code"]) == (1, 422, "idempotency_key_reused")


def test_steps_that_are_taken_at_once_are_taken_one_after_the_other(city, app):
    staff, clerk = city.staff(), city.staff()
    activity_id = consultation(staff, city.member())
    code = handed_in(Client(app), organization_id=city.organization_id)
    (matter,) = staff.get("/api/v1/matters").json()["items"]
    raced = at_once(*(lambda who=who: step(who, matter, "accept") for who in (staff, clerk)))
    assert sorted(answer.status_code for answer in raced) == [200, 409]
    matter = done(staff, one(staff, matter).json(), "undo", reason="点错了")
    matter = solved(staff, matter, activity_id)
    judgement = {"code": code, "judgement": "mostly"}
    raced = at_once(
        *(lambda: Client(app).post(f"{PUBLIC}/judgement", json=judgement) for _ in range(2)),
        lambda: step(staff, matter, "undo", reason="点错了"),
    )
    codes = sorted(
        answer.status_code for answer in raced
    )  # undone first, or judged, which is then said once more
    assert codes in ([200, 409, 409], [200, 200, 409], [200, 200, 412])
    found = one(staff, matter).json()
    assert (found["state"], found["judgement"]) in [("evaluated", "mostly"), ("met", None)]
    assert differences(city) == []
