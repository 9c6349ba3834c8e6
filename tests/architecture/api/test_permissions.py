"""Every route names a permission, and what GRANTS says of it is what happens."""

from datetime import timedelta

import pytest
from fastapi.routing import APIRoute
from sqlalchemy import update

from app.auth.models import Account, LoginSession
from app.auth.permissions import GRANTS, Permission, Role
from app.core import clock
from app.core.sql import table
from tests.architecture.api.open_routes import PUBLIC, STREAMS
from tests.architecture.routes import all_routes
from tests.factories.city import Who
from tests.factories.everything import make_everything

#: Everything that the application serves beside its routes.
SERVED = {"/api/openapi.json", "/api/docs/assets"}


@pytest.fixture
def database_url(sqlite_url):
    """Who may do what does not depend on the kind of database."""
    return sqlite_url


@pytest.fixture
def routes(app):
    return [r for r in all_routes(app) if str(r) not in PUBLIC]


def knock(who, route, path):
    """The answer to a route without a body: the right is asked before the body is read."""
    return who.http.request(route.method, path, headers={"If-Match": '"1"'})


def test_every_route_names_one_permission_or_is_public_for_a_reason(app):
    open_ones = {str(r) for r in all_routes(app) if not r.permissions}

    assert open_ones == set(PUBLIC)
    assert [str(r) for r in all_routes(app) if len(r.permissions) > 1] == []


def test_nothing_is_served_beside_the_routes(app):
    beside = {r.path for r in app.routes if hasattr(r, "path") and not isinstance(r, APIRoute)}
    assert beside <= SERVED


def test_every_permission_is_granted_to_somebody_and_everybody_may_sign_in():
    assert set().union(*GRANTS.values()) == set(Permission)
    assert set(GRANTS) == set(Role)
    assert all({Permission.SIGN_IN, Permission.ACCOUNT_SELF} <= granted for granted in GRANTS.values())


def test_without_a_session_every_route_is_401(city, routes):
    everything, nobody = make_everything(city), city.anonymous()

    answers = {str(r): nobody.request(r.method, everything.fill(r.path)).status_code for r in routes}

    assert {route: status for route, status in answers.items() if status != 401} == {}


@pytest.mark.parametrize("role", list(Role))
def test_a_role_may_do_what_it_was_granted_and_nothing_else(city, routes, role):
    everything = make_everything(city)
    who = city.member() if role == Role.MEMBER else city.staff(role)
    wrong = {}
    for route in routes:
        granted = route.permissions <= GRANTS[role]
        if granted and str(route) in STREAMS:
            continue
        answer = knock(city.log_in(who), route, everything.fill(route.path))
        refused = answer.status_code == 401 or (
            answer.status_code == 403 and answer.json()["code"] == "forbidden"
        )
        if refused == granted or answer.status_code >= 500:
            wrong[str(route)] = (answer.status_code, answer.text[:200])

    assert wrong == {}


def _disabled(db, who: Who):
    a = table(Account)
    db.execute(update(a).where(a.c.id == who.account_id).values(disabled_at=clock.now()))


def _revoked(db, who: Who):
    s = table(LoginSession)
    db.execute(update(s).where(s.c.id == who.session_id).values(revoked_at=clock.now()))


def _expired(db, who: Who):
    s = table(LoginSession)
    past = clock.now() - timedelta(seconds=1)
    db.execute(update(s).where(s.c.id == who.session_id).values(expires_at=past))


@pytest.mark.parametrize("end", [_disabled, _revoked, _expired])
def test_with_a_session_that_is_over_every_route_is_401(city, routes, end):
    everything, who = make_everything(city), city.member()
    with city.database.transaction() as db:
        end(db, who)

    answers = {str(r): knock(who, r, everything.fill(r.path)).status_code for r in routes}

    assert {route: status for route, status in answers.items() if status != 401} == {}


def test_with_a_password_change_due_only_signing_in_is_open(city, routes):
    everything, who, a = make_everything(city), city.member(), table(Account)
    with city.database.transaction() as db:
        db.execute(update(a).where(a.c.id == who.account_id).values(must_change_password=True))
    wrong = {}
    for route in routes:
        answer = knock(city.log_in(who), route, everything.fill(route.path))
        closed = answer.status_code == 403 and answer.json()["code"] == "password_change_required"
        if closed == (route.permissions == {Permission.SIGN_IN}):
            wrong[str(route)] = (answer.status_code, answer.text[:200])

    assert wrong == {}
