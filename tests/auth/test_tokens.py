import base64
import hmac
import json
import sys
from datetime import timedelta

import pytest
from jose import jwt

from app.auth.keys.tokens import Claims, Tokens
from app.core import clock
from app.core.errors import Unauthenticated

SECRET = "a secret of our own, long enough to sign with"
TOKENS = Tokens(SECRET)


def claims(**changes):
    now = int(clock.now().timestamp())
    made = {"sub": "7", "sid": 9, "iss": "lvyi", "aud": "lvyi-api", "iat": now, "exp": now + 900} | changes
    return {k: v for k, v in made.items() if v is not None}


def part(value) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def signed(header, payload, secret=SECRET, digest="sha256") -> str:
    text, key = f"{part(header)}.{part(payload)}", Tokens(secret).key("access token")
    return f"{text}.{part(hmac.digest(key, text.encode(), digest))}"


def plainly_signed(header, payload) -> str:
    text = f"{part(header)}.{part(payload)}"
    return f"{text}.{part(hmac.digest(SECRET.encode(), text.encode(), 'sha256'))}"


HEADER = {"alg": "HS256", "typ": "JWT"}
DEEP = b"[" * 900 + b"]" * 900


def test_our_own_token_is_understood():
    assert TOKENS.verify(TOKENS.sign(7, 9)) == Claims(account_id=7, session_id=9)
    assert TOKENS.verify(signed(HEADER, claims())) == Claims(7, 9)


@pytest.mark.parametrize(
    "token",
    {
        "other secret": signed(HEADER, claims(), "x" * 40),
        "none": f"{part({'alg': 'none'})}.{part(claims())}.",
        "None": f"{part({'alg': 'None'})}.{part(claims())}.",
        "no alg": signed({}, claims()),
        "alg is a list": signed({"alg": ["HS256"]}, claims()),
        "other hmac": signed({"alg": "HS512"}, claims(), digest="sha512"),
        "rsa": f"{part({'alg': 'RS256'})}.{part(claims())}.{part(b'x' * 256)}",
        "no signature": signed(HEADER, claims()).rpartition(".")[0] + ".",
        "two parts": signed(HEADER, claims()).rpartition(".")[0],
        "other audience": signed(HEADER, claims(aud="else")),
        "audiences": signed(HEADER, claims(aud=["lvyi-api", "else"])),
        "other issuer": signed(HEADER, claims(iss="else")),
        "issued in the future": signed(HEADER, claims(iat=int(clock.now().timestamp()) + 3600)),
        "no expiry": signed(HEADER, claims(exp=None)),
        "expiry as text": signed(HEADER, claims(exp="tomorrow")),
        "no audience": signed(HEADER, claims(aud=None)),
        "no issuer": signed(HEADER, claims(iss=None)),
        "no issue time": signed(HEADER, claims(iat=None)),
        "no subject": signed(HEADER, claims(sub=None)),
        "no session": signed(HEADER, claims(sid=None)),
        "session as text": signed(HEADER, claims(sid="x")),
        "session past 64 bits": signed(HEADER, claims(sid=2**70)),
        "session is infinite": signed(HEADER, claims(sid=float("inf"))),
        "session below one": signed(HEADER, claims(sid=0)),
        "account past 64 bits": signed(HEADER, claims(sub=str(2**70))),
        "not before": signed(HEADER, claims(nbf=int(clock.now().timestamp()) + 3600)),
        "signed with the secret itself": plainly_signed(HEADER, claims()),
        "no object": signed(HEADER, [1]),
        "no json": signed(HEADER, b"x"),
        "nested header": f"{part(DEEP)}.{part(claims())}.{part(b'x')}",
        "nested payload": signed(HEADER, DEEP),
        "very long": "x" * 5000,
        "not base64": "é.é.é",
        "surrogate": "\ud800.x.x",
        "empty": "",
        "dots": "..",
    }.items(),
    ids=lambda item: item[0],
)
def test_what_we_did_not_sign_so_is_401(token):
    with pytest.raises(Unauthenticated) as e:
        TOKENS.verify(token[1])

    assert e.value.code == "bad_token"


def test_a_header_nested_past_the_recursion_limit_is_401_before_its_signature_counts():

    limit = sys.getrecursionlimit()
    header = part(b"[" * 200_000)
    with pytest.raises(Unauthenticated):
        TOKENS.verify(f"{header}.x.x")
    # short enough to be read, still too deep for the parser
    sys.setrecursionlimit(220)
    try:
        with pytest.raises(Unauthenticated):
            TOKENS.verify(f"{part(b'[' * 700)}.{part(b'{}')}.x")
    finally:
        sys.setrecursionlimit(limit)


def test_an_expired_token_says_so():
    token = TOKENS.sign(7, 9)

    with clock.frozen_at(clock.now() + timedelta(minutes=15)), pytest.raises(Unauthenticated) as e:
        TOKENS.verify(token)

    assert e.value.code == "token_expired"


@pytest.mark.parametrize("days", [-3000, 3000])
def test_times_are_those_of_our_clock_not_of_the_machine(days):
    with clock.frozen_at(clock.now() + timedelta(days=days)):
        assert TOKENS.verify(TOKENS.sign(7, 9)) == Claims(7, 9)


def test_a_short_secret_is_refused():
    for secret in ("", "x" * 31):
        with pytest.raises(ValueError, match="32 bytes"):
            Tokens(secret)


@pytest.mark.parametrize("secret", ['["x"]' + "y" * 40, '{"keys": []}' + " " * 40, "1" * 40])
def test_a_secret_that_looks_like_json_is_still_one_key(secret):
    tokens = Tokens(secret)

    assert tokens.verify(tokens.sign(1, 2)) == Claims(1, 2)
    assert (
        jwt.decode(tokens.sign(1, 2), tokens.key("access token"), algorithms=["HS256"], audience="lvyi-api")[
            "sub"
        ]
        == "1"
    )


def test_derived_keys_and_successors_differ_by_purpose_token_and_secret():
    other = Tokens(SECRET + "!")

    assert len({TOKENS.key("a"), TOKENS.key("b"), other.key("a"), SECRET.encode()}) == 4
    assert TOKENS.successors("t") == TOKENS.successors("t")
    assert len({*TOKENS.successors("t"), *TOKENS.successors("u"), *other.successors("t")}) == 6


def test_a_bad_token_is_a_problem_document(city):
    deep = f"{part(DEEP)}.{part(claims())}.x"
    for value in ("Bearer x", f"Bearer {deep}", "Bearer ", "Basic eDp4", "Bearer"):
        answer = city.anonymous().get("/api/v1/auth/me", headers={"Authorization": value})

        assert answer.status_code == 401
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["www-authenticate"] == "Bearer"


def test_a_token_of_another_account_opens_no_session(city):
    one, other = city.member(), city.member()
    token = city.app.state.tokens.sign(other.account_id, one.session_id)

    assert (
        city.anonymous().get("/api/v1/auth/me", headers={"Authorization": f"Bearer {token}"}).status_code
        == 401
    )
