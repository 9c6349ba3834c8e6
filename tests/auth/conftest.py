"""Members who can log in with a password, and administrators of accounts."""

from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select, update

from app.auth.models import Account, LoginSession
from app.auth.passwords.hashing import hash_password
from app.auth.permissions import Role
from app.core import clock
from app.core.sql import table
from tests.factories.city import City, Who
from tests.support.client import Client

PASSWORD = "三月的云川 early bird"
NEW = {"phone": "139 0000 0001", "name": "卫文"}


@dataclass
class Door:
    """The login page of a city."""

    city: City

    def client(self, address: str = "192.0.2.1") -> Client:
        return Client(self.city.app, address)

    def give_password(self, who: Who, password: str = PASSWORD, **more: Any) -> Who:
        a = table(Account)
        hashed = hash_password(password, self.city.app.state.settings)
        values = {"password_hash": hashed, "password_changed_at": clock.now()} | more
        with self.city.database.transaction() as db:
            db.execute(update(a).where(a.c.id == who.account_id).values(values))
        return who

    def member(self, name: str = "沈文", **more: Any) -> Who:
        return self.give_password(self.city.member(name), **more)

    def staff(self, role: Role, **more: Any) -> Who:
        return self.give_password(self.city.staff(role), **more)

    def try_login(
        self,
        phone: str,
        password: str = PASSWORD,
        *,
        http: Client | None = None,
        headers: Any = None,
        **more: Any,
    ) -> Any:
        body = {"phone": phone, "password": password} | more
        return (http or self.client()).post("/api/v1/auth/login", json=body, headers=headers)

    def log_in(self, who: Who, **more: Any) -> Any:
        """Tokens and `me` of a new session."""
        return self.log_in_as(who.phone, **more)

    def log_in_as(self, phone: str, password: str = PASSWORD, **more: Any) -> Any:
        answer = self.try_login(phone, password, **more)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def me(self, access_token: str) -> Any:
        return self.client().get("/api/v1/auth/me", headers=bearer(access_token))

    def sessions(self, who: Who) -> list[Any]:
        s = table(LoginSession)
        with self.city.database.read.connect() as conn:
            return list(conn.execute(select(s).where(s.c.account_id == who.account_id).order_by(s.c.id)))


def account(path: str = "", /, **ids: int) -> str:
    return f"/api/v1/accounts/{ids['id']}{path}"


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
def door(city: City) -> Door:
    return Door(city)


@pytest.fixture
def system(city: City) -> Who:
    return city.staff(Role.SYSTEM_ADMIN, "系统甲")


@pytest.fixture
def security(city: City) -> Who:
    return city.staff(Role.SECURITY_ADMIN, "安全甲")
