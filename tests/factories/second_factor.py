"""Second factors of test accounts: begun, confirmed, and their codes."""

from base64 import b32decode

from app.auth.permissions import Role
from app.auth.sessions import second_factor
from tests.auth.conftest import PASSWORD, Door, bearer


def code(secret: str, steps: int = 0) -> str:
    return second_factor.code_at(b32decode(secret), second_factor.present_step() + steps)


def begin(door: Door, token: str, password: str = PASSWORD):
    return door.client().post(
        "/api/v1/auth/second-factor", json={"password": password}, headers=bearer(token)
    )


def confirm(door: Door, token: str, a_code: str):
    return door.client().put("/api/v1/auth/second-factor", json={"code": a_code}, headers=bearer(token))


def enrolled(door: Door, role: Role = Role.SECRETARIAT):
    """Somebody with a second factor, its secret and recovery codes; the codes of this half minute are spent."""
    who = door.staff(role)
    token = door.log_in(who)["access_token"]
    secret = begin(door, token).json()["secret"]
    answer = confirm(door, token, code(secret))
    assert answer.status_code == 200, answer.text
    return who, secret, answer.json()["recovery_codes"]
