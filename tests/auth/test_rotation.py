"""The secret is replaced by another: what was made before goes on, and is made again."""

import hmac
from base64 import b32encode

from sqlalchemy import select, update

from app.audit import keys as audit_keys
from app.auth.keys.keyring import direct
from app.auth.keys.tokens import Tokens, tokens_of
from app.auth.models import Account
from app.auth.permissions import Role
from app.auth.sessions import second_factor
from app.cards.codes import Verifier
from app.core import clock
from app.core.config import Settings
from app.core.sql import table
from tests.factories.second_factor import begin, code, confirm

NEW, OLD = "the secret of this year, long enough to sign", "test-secret-test-secret-test-secret!"
_a = table(Account)


def kept(door, who) -> bytes:
    with door.city.database.read.connect() as conn:
        return conn.scalar(select(_a.c.second_factor_seed).where(_a.c.id == who.account_id))


def rotated(door, secret: str = NEW, previous: str | None = OLD) -> Settings:
    """The server starts again with another secret."""
    state = door.city.app.state
    changed = {"token_secret": secret, "token_secret_previous": previous}
    state.settings = Settings.model_validate(state.settings.model_dump() | changed)
    state.tokens = tokens_of(state.settings)
    return state.settings


def test_sessions_tokens_and_devices_outlive_a_rotation(door):
    who, phone = door.member(), door.client()
    opened = door.try_login(who.phone, http=phone).json()
    refresh = {"refresh_token": opened["refresh_token"]}
    first = door.client().post("/api/v1/auth/refresh", json=refresh).json()

    rotated(door)

    assert door.me(opened["access_token"]).status_code == 200
    # an answer that was lost over the restart is given once more
    assert (
        door.client().post("/api/v1/auth/refresh", json=refresh).json()["refresh_token"]
        == first["refresh_token"]
    )
    for _ in range(5):
        door.try_login(who.phone, "wrong password")
    assert door.try_login(who.phone, http=phone).status_code == 200


def test_a_token_of_a_secret_that_was_dropped_is_refused(door):
    token = door.log_in(door.member())["access_token"]

    rotated(door, previous=None)

    assert door.me(token).status_code == 401


def test_a_second_factor_outlives_two_rotations_when_it_is_sealed_in_between(door):
    who = door.staff(Role.SECRETARIAT)
    token = door.log_in(who)["access_token"]
    secret = begin(door, token).json()["secret"]
    confirm(door, token, code(secret, -1))

    config = rotated(door)
    assert door.try_login(who.phone, code=code(secret)).status_code == 200
    with door.city.database.transaction() as db:
        assert second_factor.seal_again(db, tokens_of(config)) == (1, 0)
    config = rotated(door, "the secret of the year after, long enough", previous=None)
    with door.city.database.transaction() as db:
        assert second_factor.seal_again(db, tokens_of(config)) == (0, 1)  # of this one it knows nothing
    rotated(door, "the secret of the year after, long enough", previous=NEW)

    assert door.try_login(who.phone, code=code(secret, 1)).status_code == 200


def test_the_seed_of_an_earlier_release_opens_and_is_sealed_by_a_login(door):
    who, seed = door.staff(Role.SECRETARIAT), b"0123456789abcdef"
    secret = b32encode(hmac.digest(direct(OLD.encode(), "second factor"), seed, "sha256")[:20]).decode()
    with door.city.database.transaction() as db:
        values = {"second_factor_seed": seed, "second_factor_at": clock.now()}
        db.execute(update(_a).where(_a.c.id == who.account_id).values(values))

    rotated(door)
    assert door.try_login(who.phone, code=code(secret)).status_code == 200

    assert len(kept(door, who)) == 48
    assert door.try_login(who.phone, code=code(secret, 1)).status_code == 200


def test_the_database_alone_gives_no_codes_and_the_seal_of_one_account_is_not_of_another(door):
    one, other = door.staff(Role.SECRETARIAT), door.staff(Role.SYSTEM_ADMIN)
    begin(door, door.log_in(one)["access_token"])
    tokens = tokens_of(door.city.app.state.settings)

    assert second_factor.secret_of(tokens, one.account_id, kept(door, one))
    assert second_factor.secret_of(tokens, other.account_id, kept(door, one)) is None
    assert second_factor.secret_of(Tokens(NEW), one.account_id, kept(door, one)) is None


def test_printed_codes_and_seals_of_before_are_read(config):
    old, now = tokens_of(config), Tokens(NEW, OLD)
    printed = Verifier("https://lvyi.example.org", old).code(7, "2025")
    earlier = audit_keys.derived(config)
    later = audit_keys.derived(
        Settings.model_validate(config.model_dump() | {"token_secret": NEW, "token_secret_previous": OLD})
    )

    assert Verifier("https://lvyi.example.org", now).read(printed) == (7, "2025")
    assert Verifier("https://lvyi.example.org", Tokens(NEW)).read(printed) is None
    assert later.vouches("entry", "x", earlier.seal("entry", "x"))
    assert not earlier.vouches("entry", "x", later.seal("entry", "x"))
    direct_key = audit_keys.Keys(config.data_dir, direct(OLD.encode(), "audit log"))
    assert later.vouches("entry", "x", direct_key.seal("entry", "x"))


def test_keys_of_purposes_and_secrets_have_nothing_in_common():
    now = Tokens(NEW, OLD)
    made = [*now.keys("a"), *now.keys("b"), NEW.encode(), OLD.encode()]

    assert len(set(made)) == len(made) == 10
    assert now.keys("a")[1] == Tokens(OLD).key("a")
    assert now.unseal("a", Tokens(OLD).seal("a", b"x", b"1"), b"1") == b"x"
    assert now.unseal("b", now.seal("a", b"x", b"1"), b"1") is None
    assert now.unseal("a", b"short", b"1") is None
