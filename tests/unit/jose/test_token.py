from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from authorizer.jose.algorithms import canonical
from authorizer.jose.strict_json import MAX_DEPTH
from authorizer.jose.token import MAX_KID, is_jwt, parse
from authorizer.reasons import Reason
from authorizer.testing import ALGORITHMS, FORGERIES, Forgery, SigningKey, mint, raw_token, unsigned
from authorizer.testing.compact import encode
from tests.outcomes import every_text, reason_of, refused

if TYPE_CHECKING:
    from collections.abc import Mapping

SYNTAX = {
    Reason.ALG_NONE,
    Reason.ALG_SYMMETRIC,
    Reason.ALG_MISSING,
    Reason.ALG_UNSUPPORTED,
    Reason.CRIT_UNSUPPORTED,
    Reason.KID_INVALID,
    Reason.TOKEN_JSON_INVALID,
    Reason.TOKEN_BASE64_INVALID,
    Reason.TOKEN_ENCRYPTED,
    Reason.SIGNATURE_MISSING,
}
SECRET = "c2VjcmV0LXZhbHVl"
HEADER = encode(b'{"alg":"RS256","kid":"k1"}')
PAYLOAD = encode(b'{"sub":"user-1"}')


def token(header: Mapping[str, Any] | bytes = b'{"alg":"RS256"}', payload: bytes = b"{}") -> str:
    """A token with this header and a signature that nobody checks here."""
    raw = header if isinstance(header, bytes) else json.dumps(header).encode()
    return raw_token(raw, payload, lambda _: b"signature")


def with_header(**members: Any) -> str:
    return token({"alg": "RS256", **members})


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_token_of_every_algorithm_is_taken_apart(keys: dict[str, SigningKey], algorithm: str) -> None:
    key = keys[algorithm]
    minted = mint(key)
    parsed = parse(minted)
    assert parsed.header == (canonical(algorithm), key.kid, "jwt")
    assert parsed.claims["iss"] == "https://issuer.example.com/"
    assert parsed.signing_input.decode() == minted.rpartition(".")[0]
    assert encode(parsed.signature) == minted.rpartition(".")[2]


@pytest.mark.parametrize(
    "forgery", [one for one in FORGERIES if reason_of(one.reason_code) in SYNTAX], ids=lambda one: one.name
)
def test_forgery_of_the_syntax_is_refused(key: SigningKey, forgery: Forgery) -> None:
    with refused(reason_of(forgery.reason_code)):
        parse(forgery.token(key))


@pytest.mark.parametrize(
    ("dots", "jwt"), [(0, False), (1, False), (2, True), (3, False), (4, True), (5, False), (500, False)]
)
def test_number_of_dots_says_what_it_is(dots: int, jwt: bool) -> None:
    assert is_jwt("a" + ".a" * dots) is jwt


@pytest.mark.parametrize("value", ["", "a", "a.b", "a.b.c.d", "a.b.c.d.e", "a.b.c.d.e.f", "." * 8000])
def test_other_than_three_parts_is_no_jws(value: str) -> None:
    with refused(Reason.TOKEN_ENCRYPTED):
        parse(value)


@pytest.mark.parametrize("name", ["enc", "zip"])
@pytest.mark.parametrize("value", ["A256GCM", "DEF", None, 5])
def test_header_of_an_encrypted_token_is_refused(name: str, value: object) -> None:
    with refused(Reason.TOKEN_ENCRYPTED):
        parse(with_header(**{name: value}))


@pytest.mark.parametrize("alg", ["none", "None", "NONE", "nOnE", " none", "none "])
def test_unsigned_token_is_refused(alg: str) -> None:
    with refused(Reason.ALG_NONE):
        parse(token({"alg": alg}))
    with refused(Reason.ALG_NONE):
        parse(raw_token(json.dumps({"alg": alg}).encode(), b"{}", unsigned))


@pytest.mark.parametrize("alg", [None, "", 0, True, ["RS256"], {"RS256": 1}, ...], ids=repr)
def test_alg_that_is_no_name_is_refused(alg: object) -> None:
    with refused(Reason.ALG_MISSING):
        parse(token({"alg": alg} if alg is not ... else {}))


@pytest.mark.parametrize("crit", [[], ["exp"], ["b64"], ["unknown"], None, "exp", True, 5, {}], ids=repr)
def test_any_crit_is_refused(crit: object) -> None:
    with refused(Reason.CRIT_UNSUPPORTED):
        parse(with_header(crit=crit))


@pytest.mark.parametrize("b64", [True, False, None, "false"], ids=repr)
def test_any_b64_is_refused(b64: object) -> None:
    with refused(Reason.CRIT_UNSUPPORTED):
        parse(with_header(b64=b64))


@pytest.mark.parametrize("length", [1, MAX_KID - 1, MAX_KID])
def test_kid_up_to_the_limit_is_read(length: int) -> None:
    assert parse(with_header(kid="k" * length)).header.kid == "k" * length


@pytest.mark.parametrize(
    "kid",
    [
        "../../etc/passwd",
        "/dev/null",
        "' OR '1'='1",
        "x' UNION SELECT 'key",
        "k|id",
        "$(id)",
        "https://evil/",
        "é",
        "😀",
        "a b",
        "\\",
        '"',
        "*",
    ],
)
def test_kid_is_an_opaque_text(kid: str) -> None:
    assert parse(with_header(kid=kid)).header.kid == kid


BAD_KIDS: list[object] = [
    "",
    "k" * (MAX_KID + 1),
    "k" * 5000,
    "a\x00",
    "a\nb",
    "\x1b[2J",
    "\x7f",
    "a\u2028b",
    "\u200b",
    "\u202e",
]
BAD_KIDS += ["\ue000", None, 0, 7, 1.5, True, [], ["k1"], {}, {"k": 1}]


@pytest.mark.parametrize(
    "kid",
    BAD_KIDS,
    ids=lambda kid: ascii(kid)[:20],
)
def test_kid_that_is_no_short_printable_text_is_refused_and_not_shown(kid: object) -> None:
    with refused(Reason.KID_INVALID) as caught:
        parse(with_header(kid=kid))
    assert "kkk" not in every_text(caught.value)


def test_kid_is_optional() -> None:
    assert parse(with_header()).header.kid is None


@pytest.mark.parametrize(
    ("typ", "read"),
    [
        ("JWT", "jwt"),
        ("jwt", "jwt"),
        ("at+jwt", "at+jwt"),
        ("AT+JWT", "at+jwt"),
        ("application/at+jwt", "at+jwt"),
        ("Application/AT+JWT", "at+jwt"),
        ("application/application/jwt", "application/jwt"),
        ("", ""),
        ("logout+jwt", "logout+jwt"),
        (None, None),
        (..., None),
    ],
)
def test_typ_is_read_without_case_and_prefix(typ: object, read: str | None) -> None:
    assert parse(with_header(**({} if typ is ... else {"typ": typ}))).header.typ == read


@pytest.mark.parametrize("typ", [0, True, [], ["JWT"], {}], ids=repr)
def test_typ_of_another_type_is_refused(typ: object) -> None:
    with refused(Reason.TOKEN_TYPE_REJECTED):
        parse(with_header(typ=typ))


@pytest.mark.parametrize("name", ["jwk", "jku", "x5u", "x5c", "x5t", "x5t#S256", "cty", "url", "nonce", "anything"])
@pytest.mark.parametrize("value", [None, "https://evil.example.com/", {"kty": "oct"}, ["a"], 5], ids=repr)
def test_other_header_parameters_are_not_looked_at(name: str, value: object) -> None:
    assert parse(with_header(**{name: value})).header == ("RS256", None, None)


HEADERS = [
    b"",
    b"null",
    b"[]",
    b'["alg"]',
    b'"alg"',
    b"5",
    b'{"alg":"none","alg":"RS256"}',
    b'{"alg":"RS256","kid":"a","kid":"b"}',
]
HEADERS += [
    b'{"alg":"RS256"',
    b'{"alg":"RS256"}x',
    b'\xef\xbb\xbf{"alg":"RS256"}',
    '{"alg":"RS256"}'.encode("utf-16"),
    b"\xff",
]
HEADERS += [
    b'{"alg":"RS256","x":NaN}',
    b'{"alg":"RS256","x":"\\ud800"}',
    b'{"alg":"RS256","x":' + b"[" * MAX_DEPTH + b"]" * MAX_DEPTH + b"}",
]


@pytest.mark.parametrize("raw", HEADERS, ids=lambda raw: ascii(raw)[:30])
def test_header_and_payload_are_one_strict_object(raw: bytes) -> None:
    with refused(Reason.TOKEN_JSON_INVALID) as caught:
        parse(token(raw))
    assert caught.value.fault.claim == "header"
    with refused(Reason.TOKEN_JSON_INVALID) as caught:
        parse(token(payload=raw))
    assert caught.value.fault.claim == "payload"


BAD_SEGMENTS = ["=", "e30=", "e3+0", "e3/0", "e", "e3 0", "e30\n", " e30", "e31", "é30", "\ud800", "e3%30", "{}"]


@pytest.mark.parametrize("bad", BAD_SEGMENTS, ids=ascii)
def test_every_segment_is_strict_base64url(bad: str) -> None:
    for parts in ((bad, PAYLOAD, SECRET), (HEADER, bad, SECRET), (HEADER, PAYLOAD, bad)):
        with refused(Reason.TOKEN_BASE64_INVALID) as caught:
            parse(".".join(parts))
        assert SECRET not in every_text(caught.value)


@pytest.mark.parametrize("parts", [("", PAYLOAD, SECRET), (HEADER, "", SECRET), ("", "", ""), ("", "", SECRET)])
def test_empty_header_or_payload_is_refused(parts: tuple[str, str, str]) -> None:
    with refused(Reason.TOKEN_JSON_INVALID):
        parse(".".join(parts))


def test_empty_signature_is_missing() -> None:
    with refused(Reason.SIGNATURE_MISSING):
        parse(f"{HEADER}.{PAYLOAD}.")


def test_claims_are_those_of_the_signed_bytes() -> None:
    parsed = parse(f"{HEADER}.{PAYLOAD}.{SECRET}")
    assert parsed.claims == {"sub": "user-1"}
    assert parsed.signing_input == f"{HEADER}.{PAYLOAD}".encode()
    assert parsed.signature == b"secret-value"


def test_same_header_gives_the_same_reading_each_time() -> None:
    for _ in range(3):
        assert parse(f"{HEADER}.{PAYLOAD}.{SECRET}").header == ("RS256", "k1", None)
        with refused(Reason.ALG_NONE):
            parse(token({"alg": "none"}))


def test_representation_shows_neither_claims_nor_signature() -> None:
    shown = repr(parse(f"{HEADER}.{PAYLOAD}.{SECRET}"))
    assert "user-1" not in shown
    assert "secret" not in shown
    assert PAYLOAD not in shown
