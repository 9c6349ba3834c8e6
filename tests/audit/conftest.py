"""The login page, whose use is logged, and an auditor."""

import pytest

from app.auth.permissions import Role
from tests.auth.conftest import Door


@pytest.fixture
def door(city):
    return Door(city)


@pytest.fixture
def auditor(city):
    return city.staff(Role.AUDITOR, "审计甲")
