import io
from datetime import timedelta

import pytest
import zxingcpp
from PIL import Image
from sqlalchemy import event

from app.cards import batch, queries, service
from app.cards.codes import Verifier
from app.core import clock
from tests.factories.city import City, Who
from tests.factories.points.points import publish
from tests.factories.walk import Walk
from tests.points.world import World, at

NOW = at("2026-06-10 20:00")


@pytest.fixture
def world(city: City) -> World:
    return World(city)


def lived(world: World) -> tuple[Who, Who, Who]:
    """Two members with some duty in 2026, and staff."""
    with clock.frozen_at(at("2026-01-01 08:00")):
        a, b, staff = world.city.member("沈知遥"), world.city.member("陆川"), world.city.staff()
    topic = world.topic(staff, at("2026-05-01 08:00"))
    opinion = world.reply(a, topic, at("2026-05-02 09:00"))
    world.reply(b, topic, at("2026-05-02 10:00"), parent=opinion)
    world.support(b, ("reply", opinion), at("2026-05-02 10:01"))
    update = world.update(a, at("2026-05-03 09:00"))
    world.support(b, ("update", update), at("2026-05-03 09:01"))
    world.update(a, at("2025-12-31 23:59:59"))
    world.note(a, at("2026-05-03 10:00"))
    return a, b, staff


def get(world: World, who: Who, path: str, **kw):
    with clock.frozen_at(NOW):
        world.city.log_in(who)
        return who.get(path, **kw)


def test_every_figure_opens_what_it_counts(world):
    a, _, staff = lived(world)
    with clock.frozen_at(NOW):
        world.city.log_in(a)
        world.city.log_in(staff)
        for who in (a, staff):
            for period in ("2026", "2025", "term"):
                walk = Walk(who)
                walk.start(f"/api/v1/cards/{a.seat_id}/{period}")
                assert walk.wrong == []
                assert walk.met.total() >= 3
    sections = {s["kind"]: s for s in get(world, a, f"/api/v1/cards/{a.seat_id}/2026").json()["sections"]}
    assert {f["key"]: f["value"] for f in sections["updates"]["figures"]} == {
        "updates": 1,
        "supports": 2,
        "answers": 1,
    }
    assert {f["key"]: f["value"] for f in sections["days"]["figures"]} == {
        "days": 2,
        "acts": 4,
        "streak": 2,
    }


def test_a_card_is_served_from_the_cache_until_a_figure_moves(world, monkeypatch):
    a, _, staff = lived(world)
    path = f"/api/v1/cards/{a.seat_id}/2026"
    first = get(world, a, path)
    computed = []
    monkeypatch.setattr(service, "facts", lambda *_: computed.append(1))
    assert get(world, a, path).json() == first.json()
    assert get(world, staff, path).status_code == 200
    assert computed == []
    monkeypatch.undo()
    unchanged = get(world, a, path, headers={"If-None-Match": first.headers["etag"]})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    world.support(world.city.member("周岚"), ("reply", 1), at("2026-06-01 09:00"))
    changed = get(world, a, path, headers={"If-None-Match": first.headers["etag"]})
    assert changed.status_code == 200
    assert changed.json() != first.json()


def test_hiding_takes_the_figures_back(world):
    a, _, staff = lived(world)
    path = f"/api/v1/cards/{a.seat_id}/2026"
    get(world, a, path)
    world.hide(staff, ("reply", 1), at("2026-06-01 09:00"))
    card = get(world, a, path).json()
    kinds = {s["kind"]: s for s in card["sections"]}
    assert "deliberation" not in kinds
    assert {f["key"]: f["value"] for f in kinds["updates"]["figures"]} == {
        "updates": 1,
        "supports": 1,
        "answers": 1,
    }


def test_a_card_takes_at_most_thirteen_statements(world, database):
    a, _, staff = lived(world)
    with clock.frozen_at(NOW):
        world.city.log_in(staff)
        publish(world.city, staff)
    statements = []
    event.listen(database.read, "before_cursor_execute", lambda *args: statements.append(args[2]))
    with clock.frozen_at(NOW), database.read.connect() as conn:
        whose = queries.owner(conn, a.seat_id)
        assert whose is not None
        service.facts(conn, whose, service.period_of(whose, "2026"))
    assert len(statements) <= 13, statements


def test_others_see_the_shareable_card_and_strangers_nothing(world, app, database):
    a, b, staff = lived(world)
    path = f"/api/v1/cards/{a.seat_id}/2026"
    with clock.frozen_at(NOW):
        world.city.log_in(staff)
        publish(world.city, staff)
    own, seen, shared = get(world, a, path), get(world, staff, path), get(world, b, path)
    assert "shortfall" in {s["kind"] for s in own.json()["sections"]}
    for other in (seen, shared):
        assert "shortfall" not in {s["kind"] for s in other.json()["sections"]}
    assert len({r.headers["etag"] for r in (own, seen, shared)}) == 3
    assert all(f["records"] for s in seen.json()["sections"] for f in s["figures"])
    assert not any(f["records"] for s in shared.json()["sections"] for f in s["figures"])
    assert get(world, b, f"{path}/lists/supports").status_code == 404
    assert get(world, b, f"{path}/poster.png").status_code == 200
    elsewhere = World(City(app, database, name="政协别市委员会"))
    stranger = elsewhere.city.member("乙")
    for end in ("", "/poster.png", "/lists/books"):
        assert get(elsewhere, stranger, path + end).status_code == 404
        assert world.city.anonymous().get(path + end).status_code == 401


@pytest.mark.parametrize(("period", "status"), [("2027", 404), ("1999", 404), ("0", 422), ("next", 422)])
def test_periods_that_are_none_are_refused(world, period, status):
    a, _, _ = lived(world)
    assert get(world, a, f"/api/v1/cards/{a.seat_id}/{period}").status_code == status


def test_the_poster_is_a_picture_whose_code_is_verified_by_anybody(world, config):
    a, b, _ = lived(world)
    path = f"/api/v1/cards/{a.seat_id}/2026/poster.png"
    poster = get(world, a, path)
    assert poster.headers["content-type"] == "image/png"
    picture = Image.open(io.BytesIO(poster.content))
    assert picture.width == 1080
    assert get(world, a, path).content == poster.content
    get(world, b, path)
    assert len(list((config.data_dir / "posters").glob("*.png"))) == 2
    barcode = zxingcpp.read_barcode(picture)
    assert barcode is not None
    assert barcode.text.startswith("http://127.0.0.1:8000/c/")
    code = barcode.text.rsplit("/", 1)[1]
    with clock.frozen_at(NOW):
        answer = world.city.anonymous().get(f"/api/v1/cards/verify/{code}")
        page = world.city.anonymous().get(f"/c/{code}")
    assert answer.json() == {
        "genuine": True,
        "state": "not_issued",
        "state_label": "未颁发",
        "name": "沈知遥",
        "organization": "政协云川市委员会",
        "term": "第十六届",
        "period": "2026年度",
        "starts_on": "2026-01-01",
        "ends_on": "2026-12-31",
        "as_of": "2026-06-10T12:00:00Z",
        **dict.fromkeys(("version", "issued_at", "ended_at", "sha256", "key_id", "in_force", "file")),
    }
    assert page.status_code == 200
    assert "沈知遥" in page.text
    assert "尚未颁发" in page.text
    assert "截至2026年6月10日" in page.text


def test_a_card_of_a_running_year_names_its_day_and_is_made_anew_on_the_next(world):
    a, _, _ = lived(world)
    path = f"/api/v1/cards/{a.seat_id}/"
    first = get(world, a, path + "2026")
    assert first.json()["period"]["as_of"] == "2026-06-10"
    assert get(world, a, path + "2025").json()["period"]["as_of"] == "2025-12-31"
    with clock.frozen_at(NOW + timedelta(days=1)):
        world.city.log_in(a)
        again = a.get(path + "2026", headers={"If-None-Match": first.headers["etag"]})
        assert again.json()["period"]["as_of"] == "2026-06-11"


def test_the_poster_in_large_type_is_another_file_with_the_same_code(world, config):
    a, _, _ = lived(world)
    path = f"/api/v1/cards/{a.seat_id}/2026/poster.png"
    usual, large = get(world, a, path), get(world, a, f"{path}?design=elder")
    assert large.content != usual.content
    codes = [zxingcpp.read_barcodes(Image.open(io.BytesIO(p.content)))[0].text for p in (usual, large)]
    assert codes[0] == codes[1]
    assert len(list((config.data_dir / "posters").glob("*.png"))) == 2
    assert get(world, a, path).content == usual.content
    assert get(world, a, f"{path}?design=neon").status_code == 422


def test_a_forged_code_is_not_found(world, app):
    a, _, _ = lived(world)
    codes = Verifier("https://zx.example.cn/", app.state.tokens)
    code = codes.code(a.seat_id, "term")
    assert codes.read(code) == (a.seat_id, "term")
    assert codes.read(codes.code(2**62, "2026")) == (2**62, "2026")
    nobody = world.city.anonymous()
    other = ("A" if code[0] != "A" else "B") + code[1:]
    for forged in (other, code[:-2], "x", "AAAA", codes.code(10**9, "2026")):
        assert nobody.get(f"/api/v1/cards/verify/{forged}").status_code == 404
        refused = nobody.get(f"/c/{forged}")
        assert (refused.status_code, refused.headers["content-type"]) == (404, "text/html; charset=utf-8")
        assert "没有这张纪念卡" in refused.text


def test_all_posters_of_an_organization_are_drawn_once(world, database, app, tmp_path):
    lived(world)
    codes, told = Verifier("https://zx.example.cn", app.state.tokens), []
    organization = world.city.organization_id

    def run() -> int:
        return batch.render_all(
            database,
            organization,
            "2026",
            tmp_path / "out",
            codes,
            workers=1,
            progress=lambda done, of: told.append((done, of)),
        )

    with clock.frozen_at(NOW):
        assert run() == 2
        first = sorted((tmp_path / "out").iterdir())
        assert [file.name.split("-")[1] for file in first] == ["沈知遥", "陆川"]
        assert told[-1] == (2, 2)
        assert run() == 0
    world.update(world.city.member("新人"), NOW - timedelta(hours=1))
    with clock.frozen_at(NOW):
        assert run() == 1
    assert set(first) < set((tmp_path / "out").iterdir())


def test_a_member_has_a_card_for_each_year_that_has_begun_and_for_the_term(world):
    member, other, _ = lived(world)
    with clock.frozen_at(NOW):
        world.city.log_in(other)
        found = other.get(f"/api/v1/cards/{member.seat_id}").json()
        assert found[-1]["period"] == "term"
        years = [card["period"] for card in found[:-1]]
        assert years == sorted(years, reverse=True)
        assert years[0] == "2026"
        for card in found:
            assert other.get(f"/api/v1/cards/{member.seat_id}/{card['period']}").status_code == 200
            code = card["verify_url"].rpartition("/")[2]
            assert other.get(f"/api/v1/cards/verify/{code}").json()["period"] == card["label"]
        before = int(years[-1]) - 1
        assert other.get(f"/api/v1/cards/{member.seat_id}/{before}").status_code == 404
        assert other.get("/api/v1/cards/999999").status_code == 404
