"""Every parser: whatever comes in, what comes out is the parsed thing or the one refusal of that parser."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from authorizer import arn
from authorizer.errors import EventError, Refused, Unavailable
from authorizer.jose import base64url, key_set, keys, snapshot, strict_json, token
from authorizer.jose.algorithms import check_name
from authorizer.jose.discovery import read_jwks_uri, read_keys
from authorizer.reasons import Reason
from authorizer.testing.compact import encode
from tests.outcomes import every_text, outcome
from tests.properties.json_values import ANY_BYTES, ANY_TEXT, BASE64URL, VALUES

if TYPE_CHECKING:
    from authorizer.testing import SigningKey

OBJECTS = st.dictionaries(st.text(max_size=8), VALUES, max_size=4)
HEADER_NAMES = st.sampled_from(["alg", "kid", "typ", "crit", "b64", "enc", "zip", "jwk", "jku"])
HEADERS = st.dictionaries(HEADER_NAMES, VALUES, max_size=5)
JWK_NAMES = st.sampled_from(["kty", "kid", "use", "key_ops", "alg", "n", "e", "crv", "x", "y", "d", "k"])
JWKS = st.dictionaries(
    JWK_NAMES,
    VALUES | BASE64URL | st.sampled_from(["RSA", "EC", "OKP", "oct", "P-256", "Ed25519", "sig", "AQAB"]),
    max_size=8,
)


def as_json(value: object) -> bytes:
    return json.dumps(value).encode()


@given(ANY_BYTES)
def test_base64url_goes_there_and_back(data: bytes) -> None:
    assert base64url.decode(encode(data)) == data


@given(BASE64URL | ANY_TEXT)
def test_base64url_has_one_spelling(text: str) -> None:
    try:
        data = base64url.decode(text)
    except base64url.NotBase64Url:
        return
    assert urlsafe_b64encode(data).rstrip(b"=").decode() == text


@given(ANY_BYTES | OBJECTS.map(as_json) | ANY_TEXT.map(lambda text: text.encode("utf-8", "replace")))
@example(b'{"a":1e400}')
@example(b'{"a":' + b"9" * 5000 + b"}")
def test_strict_json_reads_what_json_reads_or_refuses(data: bytes) -> None:
    try:
        read = strict_json.parse_object(data)
    except strict_json.NotStrictJson:
        return
    assert read == json.loads(data.decode("utf-8"))
    assert json.dumps(read, allow_nan=False, ensure_ascii=False).encode()


@given(OBJECTS)
def test_strict_json_reads_every_object_that_has_one_meaning(value: dict[str, Any]) -> None:
    text = json.dumps(value)
    assume("NaN" not in text)
    assume("Infinity" not in text)
    assume(text.count("[") + text.count("{") <= strict_json.MAX_DEPTH)
    try:
        text.encode().decode()
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return
    assert strict_json.parse_object(text.encode()) == value


@given(ANY_TEXT | st.lists(BASE64URL, min_size=1, max_size=6).map(".".join))
@example("a.b.c")
@example("e30.e30.e30")
@example("\ud800.a.b")
def test_token_of_any_text_is_read_or_refused(text: str) -> None:
    parsed = outcome(lambda: token.parse(text), Refused)
    if isinstance(parsed, Refused):
        shown = every_text(parsed)
        assert not any(len(part) >= 8 and part in shown for part in text.split("."))
        return
    assert text.encode() == parsed.signing_input + b"." + encode(parsed.signature).encode()


@given(HEADERS.map(as_json) | ANY_BYTES, OBJECTS.map(as_json) | ANY_BYTES, ANY_BYTES)
def test_token_of_any_segments_is_read_or_refused(header: bytes, payload: bytes, signature: bytes) -> None:
    text = f"{encode(header)}.{encode(payload)}.{encode(signature)}"
    parsed = outcome(lambda: token.parse(text), Refused)
    if isinstance(parsed, Refused):
        assert len(payload) < 8 or repr(payload)[2:-1] not in every_text(parsed)
        return
    assert (parsed.signature, parsed.claims) == (signature, json.loads(payload))
    assert parsed.header.algorithm in json.loads(header).values() or parsed.header.algorithm == "Ed25519"


@given(VALUES)
def test_algorithm_of_any_value_is_known_or_refused(value: object) -> None:
    refused = outcome(lambda: check_name(value), Refused)
    if refused is not None and isinstance(value, str):
        assert len(value) < 8 or value not in every_text(refused)


@given(JWKS)
def test_jwk_of_any_members_is_a_key_or_rejected(jwk: dict[str, Any]) -> None:
    made = outcome(lambda: keys.public_key(jwk), keys.KeyRejected)
    if isinstance(made, keys.KeyRejected):
        assert made.reason.value.startswith("key_")
        return
    assert made.algorithms
    assert jwk.get("use", "sig") == "sig"
    assert "d" not in jwk


@given(data=st.data(), algorithm=st.sampled_from(["RS256", "ES256", "ES512", "Ed25519"]))
def test_good_jwk_with_one_member_replaced_is_a_key_or_rejected(
    keys: dict[str, SigningKey], data: st.DataObject, algorithm: str
) -> None:
    jwk = keys[algorithm].jwk()
    name = data.draw(st.sampled_from(sorted({*jwk, "key_ops", "d", "k"})))
    member = {**jwk, name: data.draw(VALUES | BASE64URL)}
    built = key_set.build([member, keys["ES384"].jwk()])
    assert built.knows(keys["ES384"].kid), "the others serve"


@given(
    ANY_BYTES
    | VALUES.map(as_json)
    | st.lists(JWKS | VALUES, max_size=4).map(lambda members: as_json({"keys": members}))
)
def test_key_set_of_any_document_is_read_or_refused(document: bytes) -> None:
    made = outcome(lambda: key_set.parse(document), key_set.NotAKeySet)
    fetched = outcome(lambda: read_keys(document), Unavailable)
    assert isinstance(made, key_set.NotAKeySet) == isinstance(fetched, Unavailable)
    if isinstance(fetched, Unavailable):
        assert fetched.reason in (Reason.KEYS_EMPTY, Reason.KEYS_RESPONSE_INVALID)
    else:
        assert fetched.keys


@given(ANY_BYTES | VALUES.map(as_json), st.datetimes().map(str) | ANY_TEXT | VALUES)
def test_snapshot_of_any_document_is_read_or_refused(document: bytes, date: object) -> None:
    for content in (document, as_json({"fetched_at": date, "keys": [{"kty": "RSA"}]})):
        with pytest.raises(snapshot.NotASnapshot):
            snapshot.read_snapshot(content, loaded_at=0, max_age=1, refresh=1)


@given(date=st.datetimes(timezones=st.timezones()).map(lambda date: date.isoformat()) | ANY_TEXT | VALUES)
@example(date="9999-12-31T23:59:59-23:59")
@example(date="0001-01-01T00:00:00+23:59")
def test_snapshot_of_any_date_is_read_or_refused(key: SigningKey, date: object) -> None:
    content = as_json({"fetched_at": date, "keys": [key.jwk()]})
    try:
        held = snapshot.read_snapshot(content, loaded_at=4e9, max_age=1, refresh=1)
    except snapshot.NotASnapshot:
        return
    assert held.fetched_at <= 4e9


DISCOVERY = st.fixed_dictionaries({"issuer": st.just("https://x/"), "jwks_uri": VALUES | st.just("https://x/keys")})


@given(ANY_BYTES | VALUES.map(as_json) | DISCOVERY.map(as_json))
def test_discovery_document_of_any_bytes_is_read_or_refused(document: bytes) -> None:
    uri = outcome(lambda: read_jwks_uri(document, "https://x/"), Unavailable)
    if isinstance(uri, Unavailable):
        assert uri.reason in (Reason.DISCOVERY_INVALID, Reason.DISCOVERY_ISSUER_MISMATCH)
        return
    assert uri.startswith("https://")


@given(
    VALUES | st.text(max_size=40).map(lambda path: f"arn:aws:execute-api:eu-west-1:123456789012:abc/prod/GET/{path}")
)
def test_arn_of_any_value_is_read_or_refused(value: object) -> None:
    try:
        called = arn.parse(value)
    except EventError:
        return
    assert called.text == value
    try:
        resource = arn.resource(called)
    except Refused:
        resource = arn.every_path(called)
    assert not set("*?") & set(resource.partition("/GET/")[0])
