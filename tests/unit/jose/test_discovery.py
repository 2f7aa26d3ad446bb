"""From an issuer to its keys: which documents count, and how often they are asked for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from authorizer.errors import Unavailable
from authorizer.jose import discovery
from authorizer.jose.discovery import DISCOVERY_MAX_AGE, DiscoveredKeys, KeysAt
from authorizer.jose.fetch import Deadline
from authorizer.testing import FakeIssuer, Fault, SigningKey, key_set

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ISSUER = "https://login.example.com/"
JWKS_URI = "https://keys.example.com/jwks.json"
LIMIT = 100_000
ENOUGH = 10.0  # seconds of a deadline that is never reached
METADATA = "/.well-known/openid-configuration"
NOW = 1_800_000_000.0
MOMENT = 0.001


def outcome(call: Callable[[], object]) -> object:
    """What the call returns, or the reason code."""
    try:
        return call()
    except Unavailable as unavailable:
        return unavailable.reason.value


@pytest.mark.parametrize(
    ("issuer", "url"),
    [
        ("https://login.example.com", f"https://login.example.com{METADATA}"),
        ("https://login.example.com/", f"https://login.example.com{METADATA}"),
        ("https://login.example.com/realms/orders", f"https://login.example.com/realms/orders{METADATA}"),
        ("https://login.example.com/realms/orders/", f"https://login.example.com/realms/orders{METADATA}"),
        ("https://login.example.com:8443", f"https://login.example.com:8443{METADATA}"),
    ],
)
def test_document_is_below_the_issuer(issuer: str, url: str) -> None:
    assert discovery.metadata_url(issuer) == url


def named(**changes: object) -> bytes:
    members = {"issuer": ISSUER, "jwks_uri": JWKS_URI} | changes
    return json.dumps({name: value for name, value in members.items() if value is not ...}).encode()


def test_document_names_the_keys() -> None:
    assert discovery.read_jwks_uri(named(token_endpoint="https://login.example.com/token"), ISSUER) == JWKS_URI


@pytest.mark.parametrize(
    "issuer",
    [
        "https://login.example.com",
        "https://login.example.com//",
        "https://LOGIN.example.com/",
        "https://login.example.com/ ",
        "http://login.example.com/",
        "https://login.example.com:443/",
        "https://evil.example.com/",
        "",
        None,
        ...,
        [ISSUER],
        {"issuer": ISSUER},
        True,
    ],
)
def test_document_of_another_issuer_is_refused(issuer: object) -> None:
    """OpenID Connect Discovery 1.0 section 4.3: exactly the same, nothing normalised."""
    assert outcome(lambda: discovery.read_jwks_uri(named(issuer=issuer), ISSUER)) == "discovery_issuer_mismatch"


@pytest.mark.parametrize(
    "jwks_uri",
    [
        "http://keys.example.com/jwks.json",
        "file:///etc/passwd",
        "/jwks.json",
        "https://",
        "https://user:password@keys.example.com/",
        "https://keys.example.com/\r\nX-Injected: 1",
        "",
        None,
        ...,
        [JWKS_URI],
        7,
    ],
)
def test_document_without_https_keys_is_refused(jwks_uri: object) -> None:
    assert outcome(lambda: discovery.read_jwks_uri(named(jwks_uri=jwks_uri), ISSUER)) == "discovery_invalid"


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"null",
        b"[]",
        b'"text"',
        b"<!doctype html>",
        b"\xff\xfe{\x00}\x00",
        named().decode().encode("utf-16"),
        b"\xef\xbb\xbf" + named(),
        named()[:-1],
        named() + b"x",
        b'{"issuer": "%s", ' % ISSUER.encode() + named()[1:],
        named(jwks_uri=...)[:-1] + b', "jwks_uri": NaN}',
        named(deep=json.loads("[" * 40 + "]" * 40)),
    ],
)
def test_what_is_not_one_strict_object_is_refused(document: bytes) -> None:
    assert outcome(lambda: discovery.read_jwks_uri(document, ISSUER)) == "discovery_invalid"


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (b'{"keys":[]}', "keys_empty"),
        (b'{"keys":[{"kty":"oct","k":"c2VjcmV0"}]}', "keys_empty"),
        (b'{"keys":[null,7,"x",[]]}', "keys_empty"),
        (b'{"keys":{}}', "keys_response_invalid"),
        (b'{"keys":null}', "keys_response_invalid"),
        (b"{}", "keys_response_invalid"),
        (b"[]", "keys_response_invalid"),
        (b"", "keys_response_invalid"),
        (b'{"keys":[],"keys":[]}', "keys_response_invalid"),
        (b'{"keys":[%s]}' % b",".join([b"{}"] * 257), "keys_response_invalid"),
    ],
)
def test_what_is_no_key_set_is_refused(document: bytes, reason: str) -> None:
    assert outcome(lambda: discovery.read_keys(document)) == reason


def test_keys_of_a_key_set_are_read(key: SigningKey) -> None:
    keys = discovery.read_keys(json.dumps(key_set({"kty": "oct", "kid": "bad"}, key)).encode())
    assert set(keys.keys) == {key.kid}


class HandClock:
    """A clock that goes when a test says so."""

    def __init__(self) -> None:
        self.time = NOW

    def __call__(self) -> float:
        return self.time


@pytest.fixture(scope="module")
def key() -> SigningKey:
    return SigningKey.generate("ES256")


@pytest.fixture
def issuer(key: SigningKey, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeIssuer]:
    with FakeIssuer(key, path="/realms/orders") as running:
        monkeypatch.setenv("SSL_CERT_FILE", running.ca_file)
        yield running


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def keys(issuer: FakeIssuer, clock: HandClock) -> DiscoveredKeys:
    return DiscoveredKeys(issuer.url, LIMIT, clock)


def kids(fetch: KeysAt | DiscoveredKeys) -> object:
    return outcome(lambda: set(fetch(Deadline(ENOUGH)).keys))


def documents(issuer: FakeIssuer) -> tuple[int, int]:
    """How often the discovery document and the keys were asked for."""
    return issuer.requests[f"/realms/orders{METADATA}"], issuer.requests["/jwks.json"]


def test_keys_at_a_url_need_one_request(issuer: FakeIssuer, key: SigningKey) -> None:
    assert kids(KeysAt(issuer.jwks_uri, LIMIT)) == {key.kid}
    assert documents(issuer) == (0, 1)
    assert issuer.connections == 1


def test_keys_are_discovered(keys: DiscoveredKeys, issuer: FakeIssuer, key: SigningKey) -> None:
    assert kids(keys) == {key.kid}
    assert documents(issuer) == (1, 1)
    assert issuer.connections == 2


@pytest.mark.parametrize(
    ("age", "times"),
    [
        (DISCOVERY_MAX_AGE - MOMENT, 1),
        (DISCOVERY_MAX_AGE, 2),
        (DISCOVERY_MAX_AGE + MOMENT, 2),
        (-86400, 2),
    ],
)
def test_place_of_the_keys_is_kept_for_an_hour(
    keys: DiscoveredKeys, issuer: FakeIssuer, clock: HandClock, age: float, times: int
) -> None:
    kids(keys)
    clock.time += age
    kids(keys)
    assert documents(issuer) == (times, 2)


@pytest.mark.parametrize("fault", [Fault.STATUS_404, Fault.REDIRECT, Fault.HTML, Fault.EMPTY_KEY_SET, Fault.RESET])
def test_place_of_the_keys_is_looked_up_again_when_they_fail(
    keys: DiscoveredKeys, issuer: FakeIssuer, fault: Fault
) -> None:
    kids(keys)
    issuer.fault = fault
    assert kids(keys) == fault.reason_code
    issuer.fault = None
    assert isinstance(kids(keys), set)
    assert documents(issuer)[0] == 2


def test_discovery_that_fails_is_tried_again(keys: DiscoveredKeys, issuer: FakeIssuer) -> None:
    issuer.fault, issuer.fault_for = Fault.STATUS_500, "discovery"
    assert kids(keys) == "keys_status"
    issuer.fault = None
    assert isinstance(kids(keys), set)
    assert documents(issuer) == (2, 1)


def test_both_documents_have_the_limit_of_bytes(issuer: FakeIssuer, clock: HandClock) -> None:
    assert kids(DiscoveredKeys(issuer.url, 10, clock)) == "keys_response_invalid"
    assert documents(issuer) == (1, 0)
    assert kids(KeysAt(issuer.jwks_uri, 10)) == "keys_response_invalid"
