"""What fell short (`shortfall`) is read by its member alone, by whatever way somebody comes in."""

from concurrent.futures import ThreadPoolExecutor
from functools import cache
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile

import pytest
from sqlalchemy import select

from app.auth.permissions import Role
from app.cards import batch
from app.cards.codes import Verifier
from app.cards.posters import poster
from app.core import clock
from app.core.live import Event
from app.core.sql import table
from app.notifications.models import Notification
from app.people.models import Seat
from app.points.models import Score as ScoreRow
from tests.architecture.api.open_routes import STREAMS
from tests.architecture.routes import all_routes, document_of
from tests.exports.reading import text_of
from tests.factories.city import City, Who
from tests.factories.domains.ledger import differences
from tests.factories.everything import Everything, make_everything
from tests.factories.points.points import RULES, board, publish, score

#: What stands on the page of a member who has done too little, and nowhere else.
WORDS = ("shortfall", "还可以更进一步", "距离年度基本要求", "发布动态还差")
#: The one answer in which it may stand, for the one who owns it.
OWN = "GET /api/v1/cards/{seat_id}/{period}"


@pytest.fixture
def database_url(sqlite_url):
    """Who may see what does not depend on the kind of database."""
    return sqlite_url


@pytest.fixture
def drawn(monkeypatch) -> list[str]:
    """The cards that were drawn as posters, each as text; pictures themselves cannot be searched."""
    cards, render = [], poster.render

    def recorded(card: Any, *how: Any) -> bytes:
        cards.append(str(card))
        return render(card, *how)

    monkeypatch.setattr(poster, "render", recorded)
    return cards


@cache
def text(content: bytes) -> str:
    """What a file says: of an archive what is in it, of a PDF what stands on its pages."""
    if content.startswith(b"%PDF"):
        return text_of(content)
    try:
        with ZipFile(BytesIO(content)) as found:
            return "".join(text(found.read(name)) for name in found.namelist())
    except BadZipFile:
        return content.decode(errors="ignore")


def told(said: str) -> bool:
    return any(word in said for word in WORDS)


def ways(city: City, everything: Everything) -> list[tuple[str, str]]:
    """Every route that reads, with all periods and codes of the member's cards in its path."""
    member, year = everything.member, clock.local_day(clock.now()).year
    issued = member.get("/api/v1/issued-cards").json()["items"]
    cards = member.get(f"/api/v1/cards/{member.seat_id}").json()
    assert issued
    codes = [card["verify_url"].rpartition("/")[2] for card in (*cards, *issued)]
    found: dict[tuple[str, str], None] = {}
    for period in (str(year), str(year - 1), "term"):
        for code in codes:
            everything.ids |= {"cards.period": period, "cards.code": code, "code": code}
            for route in all_routes(city.app):
                if route.method == "GET" and str(route) not in STREAMS:
                    path = everything.fill(route.path) if "{" in route.path else route.path
                    found[str(route), path] = None
    return list(found)


def demand(city: City, staff: Who) -> None:
    """Have more asked of this year and the last one than anybody has done."""
    year = clock.local_day(clock.now()).year
    for of in (year - 1, year):
        publish(city, staff, RULES.replace("count: 3", "count: 300"), year=of)


def test_nobody_but_its_member_reads_what_fell_short(city, app, drawn):
    everything = make_everything(city)
    member, county = everything.member, City(app, city.database, name="政协柳溪县委员会")
    readers: dict[str, Who] = {"owner": member, "other": city.member(), "stranger": county.member()}
    readers["clerk"] = city.staff()
    readers |= {f"{role}": city.staff(role) for role in Role if role != Role.MEMBER}
    readers["clerk elsewhere"] = county.staff()
    nobody = Who(0, "", "", city.anonymous())
    demand(city, readers["clerk"])
    paths = ways(city, everything)
    read, own, leaked = 0, 0, []
    for route, path in paths:
        for name, who in {**readers, "nobody": nobody}.items():
            answer = who.get(path)
            read += answer.status_code == 200
            if (name, route) == ("owner", OWN):
                own += told(answer.text)
            elif told(text(answer.content)):
                leaked.append((name, path))
    assert leaked == []
    assert own == 2, "of both years it is there to be read"
    assert read > len(paths)
    assert len(drawn) >= 6
    assert not any(map(told, drawn))


def test_posters_in_batches_events_and_notifications_say_nothing_of_it(
    city, app, drawn, tmp_path, monkeypatch
):
    # another process would draw unseen
    monkeypatch.setattr(batch, "ProcessPoolExecutor", lambda workers, **_: ThreadPoolExecutor(workers))
    member = make_everything(city).member
    demand(city, city.staff())
    codes, year = Verifier("https://zx.example.cn", app.state.tokens), str(clock.local_day(clock.now()).year)
    batch.render_all(
        city.database,
        city.organization_id,
        year,
        tmp_path / "out",
        codes,
        workers=1,
        progress=lambda *_: None,
    )
    assert told(member.get(f"/api/v1/cards/{member.seat_id}/{year}").text)
    with city.database.read.connect() as conn:
        rows = [*conn.execute(select(table(Event))), *conn.execute(select(table(Notification)))]
    assert len(rows) > 10
    assert not told(str(rows))
    assert drawn
    assert not any(map(told, drawn))


def test_no_other_answer_has_the_shape_of_a_card(app):
    document = document_of(app)
    schemas = document["components"]["schemas"]

    def holds(part: Any, seen: set[str]) -> bool:
        if isinstance(part, list):
            return any(holds(one, seen) for one in part)
        if not isinstance(part, dict):
            return False
        name = part.get("$ref", "").rpartition("/")[2]
        if name == "SectionDict":
            return True
        if name and name not in seen:
            return holds(schemas[name], seen | {name})
        return any(holds(one, seen) for one in part.values())

    with_cards = {
        f"{method.upper()} {path}"
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if holds(operation["responses"], set())
    }
    assert with_cards == {OWN}


def private_page(who: Who, year: int) -> dict[str, Any] | None:
    sections = who.get(f"/api/v1/cards/{who.seat_id}/{year}").json()["sections"]
    return next((s for s in sections if s["kind"] == "shortfall"), None)


def test_it_asks_what_the_ruleset_in_force_asks_and_follows_its_publications(city):
    year = clock.local_day(clock.now()).year
    a, b, staff = city.member("甲"), city.member("乙"), city.staff()
    assert private_page(a, year) is None, "where no rules are in force nothing is required"
    a.post("/api/v1/updates", {"body": "走访三户老人", "kind": "visit"})
    publish(city, staff, year=year)
    page = private_page(a, year)
    assert page is not None
    assert page["text"] == "距离年度基本要求还差：发布动态2条。"
    assert [(i["title"], i["detail"]) for i in page["items"]] == [("发布三条动态", "发布动态还差2条")]
    (duty,) = score(a, a)["minimums"]
    assert (duty["done"], duty["due"], duty["unit"], duty["advice"]) == (1, 3, "条", "发布三条动态")
    assert private_page(a, year - 1) is None, "each year has rules of its own"
    kept, seats = table(ScoreRow), table(Seat)
    with city.database.read.connect() as conn:
        fresh = conn.execute(
            select(kept.c.seat_id).join(
                seats, (seats.c.id == kept.c.seat_id) & (seats.c.figures_version == kept.c.figures_version)
            )
        ).all()
    assert len(fresh) == 2, "scores stay valid when cards are invalidated"
    publish(city, staff, RULES.replace("count: 3", "count: 1"), year=year)
    assert private_page(a, year) is None, "met by the rules of now"
    page = private_page(b, year)
    assert page is not None
    assert page["text"] == "距离年度基本要求还差：发布动态1条。"
    tag = b.get(f"/api/v1/cards/{b.seat_id}/{year}").headers["etag"]
    publish(city, staff, RULES.replace("count: 3", "count: 5"), year=year)
    assert b.get(f"/api/v1/cards/{b.seat_id}/{year}", headers={"If-None-Match": tag}).status_code == 200
    page = private_page(b, year)
    assert page is not None
    assert page["text"] == "距离年度基本要求还差：发布动态5条。"
    assert board(a)["mine"]["points"] == 2
    assert differences(city) == []
