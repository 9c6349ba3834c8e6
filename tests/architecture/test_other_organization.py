"""What belongs to another organization is not there: not by id, not in a list, for nobody."""

import pytest

from app.auth.permissions import GRANTS, Role
from tests.architecture.api.open_routes import PUBLIC, STREAMS
from tests.architecture.routes import all_routes, body_of
from tests.factories.city import City
from tests.factories.everything import MARK, make_everything

#: With a parameter that names nothing that could belong to somebody.
BY_NO_ID = {
    "PUT /api/v1/workdays/{day}": "every organization has every day",
    "DELETE /api/v1/workdays/{day}": "it takes back what the same organization has set just before",
    "GET /api/v1/imports/templates/{kind}": "an empty workbook is everybody's",
    "GET /api/v1/grant-targets/{kind}": "every organization has its own of each kind",
    "PUT /api/v1/drafts/{kind}/{key}": "every account has drafts of its own by these names",
    "PUT /api/v1/phrases/{phrase_kind}": "every organization has phrases of its own of these kinds",
    "PUT /api/v1/venues/targets/{year}": "every organization has its own of each year",
    "DELETE /api/v1/drafts/{kind}/{key}": "every account has drafts of its own by these names",
}


@pytest.fixture
def database_url(sqlite_url):
    """Who may see what does not depend on the kind of database."""
    return sqlite_url


def test_nothing_of_another_organization_is_seen_or_changed(city, app):
    everything = make_everything(city)
    county = City(app, city.database, name="政协柳溪县委员会")
    strangers = {role: county.member() if role == Role.MEMBER else county.staff(role) for role in Role}
    wrong = {}
    for route in all_routes(app):
        if str(route) in PUBLIC or str(route) in STREAMS:
            continue
        for role, who in strangers.items():
            if not route.permissions <= GRANTS[role]:
                continue
            body, path, headers = body_of(app, route), everything.fill(route.path), {"If-Match": '"1"'}
            answer = county.log_in(who).http.request(route.method, path, json=body, headers=headers)
            by_id = "{" in route.path and str(route) not in BY_NO_ID
            if answer.status_code >= 500 or MARK in answer.text or (by_id and answer.status_code != 404):
                wrong[f"{role}: {route}"] = (answer.status_code, answer.text[:300])

    assert wrong == {}
