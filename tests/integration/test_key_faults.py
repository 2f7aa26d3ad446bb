"""Every fault of the test kit, at the keys and at discovery: an error with its reason, in time; never an allow or a deny."""

from __future__ import annotations

import json
from contextlib import suppress
from time import sleep
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from authorizer.errors import Unavailable
from authorizer.handler import Authorizer
from authorizer.testing import (
    FakeIssuer,
    Fault,
    SigningKey,
    http_v1,
    http_v2,
    rest_request,
    rest_token,
    websocket_connect,
)
from authorizer.testing.mint import AUDIENCE
from tests.integration.key_client import (
    BACKOFF,
    MARGIN,
    MAX_AGE,
    NOW,
    Stopwatch,
    ask,
    later,
    no_workers,
    token,
    trust,
    trust_url,
)
from tests.unit.jose.raw_server import RawServer, response

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator

    from authorizer.testing.faults import Document
    from authorizer.verifiers.trusted_issuers import TrustedIssuer

SHORT = 0.5  # seconds of a deadline that a test waits out
USUAL = 5.0  # seconds of one that is not reached, also on a busy machine
MOMENT = 0.001


class Case(NamedTuple):
    """A fault of one document, for an issuer whose keys are found in one way."""

    kind: str
    document: Document
    fault: Fault

    @property
    def outcome(self) -> str:
        """What a call that needs keys ends with."""
        code = self.fault.reason_code_for(self.document)
        return "fresh" if code is None else f"unavailable {code}"

    @property
    def timeout(self) -> float:
        """Seconds: short for what is to end by time."""
        return SHORT if "timeout" in self.outcome else USUAL

    def act(self, issuer: FakeIssuer) -> None:
        """From now on the issuer has the fault."""
        issuer.fault, issuer.fault_for = self.fault, self.document


WAYS: tuple[tuple[str, Document], ...] = (("jwt", "keys"), ("oidc", "keys"), ("oidc", "discovery"))
CASES = [
    Case(kind, document, fault) for kind, document in WAYS for fault in Fault if fault.document in (None, document)
]
FAILING = [case for case in CASES if case.fault.reason_code is not None]


def name(case: Case) -> str:
    return f"{case.kind}-{case.document}-{case.fault.value}"


@pytest.fixture(scope="module")
def running(key: SigningKey) -> Iterator[FakeIssuer]:
    with FakeIssuer(key) as issuer:
        yield issuer


@pytest.fixture
def issuer(running: FakeIssuer, key: SigningKey, monkeypatch: pytest.MonkeyPatch) -> FakeIssuer:
    monkeypatch.setenv("SSL_CERT_FILE", running.ca_file)
    running.fault = None
    running.publish(key)
    running.forget()
    return running


@pytest.mark.parametrize("case", CASES, ids=name)
def test_call_that_needs_keys_ends_with_the_reason_in_time(issuer: FakeIssuer, key: SigningKey, case: Case) -> None:
    case.act(issuer)
    trusted = trust(issuer, case.kind, timeout=case.timeout)
    took = Stopwatch()
    assert ask(trusted, token(key, issuer.url), NOW) == case.outcome
    assert took.seconds() < case.timeout + MARGIN
    assert no_workers()
    assert not any(path.startswith("/copy") for path in issuer.requests)  # where the redirect leads


@pytest.mark.parametrize("case", FAILING, ids=name)
def test_tokens_with_known_keys_are_not_disturbed(issuer: FakeIssuer, key: SigningKey, case: Case) -> None:
    trusted, good = trust(issuer, case.kind, timeout=case.timeout), token(key, issuer.url)
    first = NOW + 1000
    prepare(trusted, good, issuer, case)
    case.act(issuer)
    took = Stopwatch()
    assert later(trusted, good, first) == "stale"
    assert took.seconds() < case.timeout + MARGIN
    assert no_workers()
    issuer.forget()
    pause = 2 * BACKOFF if case.document == "discovery" else BACKOFF  # counted from the last attempt
    assert [ask(trusted, good, first + after) for after in (0, 1, pause - MOMENT)] == ["stale"] * 3
    assert issuer.connections == 0  # at once: nothing was asked
    issuer.fault = None
    assert ask(trusted, good, first + pause) == "fresh"


def prepare(trusted: TrustedIssuer, good: str, issuer: FakeIssuer, case: Case) -> None:
    """Keys that are known, and, where discovery is to fail, have failed once: else its answer is kept for an hour."""
    assert ask(trusted, good, NOW) == "fresh"
    if case.document == "discovery":
        issuer.fault, issuer.fault_for = Fault.STATUS_404, "keys"
        assert later(trusted, good, NOW + MAX_AGE) == "stale"


@pytest.mark.parametrize("case", [case for case in FAILING if case.kind == "jwt" or case.timeout > SHORT], ids=name)
def test_unknown_kid_is_not_refused_while_nobody_can_know(issuer: FakeIssuer, key: SigningKey, case: Case) -> None:
    trusted, new = trust(issuer, case.kind, timeout=case.timeout), SigningKey.generate("ES256")
    prepare(trusted, token(key, issuer.url), issuer, case)
    case.act(issuer)
    for after in (1000, 1001):
        assert later(trusted, token(new, issuer.url), NOW + after) == case.outcome
    issuer.fault = None
    issuer.publish(new)
    assert later(trusted, token(new, issuer.url), NOW + 2000) == "fresh"


EVENTS = {
    "rest": (rest_token, rest_request),
    "websocket": (websocket_connect,),
    "http": (http_v2,),
    "http_policy": (http_v1, http_v2),
}


@pytest.mark.parametrize("case", [case for case in FAILING if case.kind == "jwt"], ids=name)
def test_no_api_hears_allow_or_deny(issuer: FakeIssuer, case: Case) -> None:
    """What a gateway hears it may keep for an hour: only an error is forgotten."""
    case.act(issuer)
    authorizer = Authorizer.from_config(config(issuer, timeout=case.timeout))
    for entry, events in EVENTS.items():
        for event in events:
            with pytest.raises(Unavailable) as caught:
                getattr(authorizer, entry)(event(issuer.token()))
            assert caught.value.reason.value == case.fault.reason_code


def config(issuer: FakeIssuer, **keys: object) -> dict[str, Any]:
    section = {"kind": "jwt", "issuer": issuer.url, "audience": [AUDIENCE], "algorithms": ["ES256"]}
    return {
        "require": {"any_valid_token": True},
        "issuer": [section | {"jwks_uri": issuer.jwks_uri, "keys": keys}],
    }


@pytest.mark.parametrize("kind", ["jwt", "oidc"])
def test_issuer_that_is_gone_and_comes_back(issuer: FakeIssuer, key: SigningKey, kind: str) -> None:
    trusted, good = trust(issuer, kind), token(key, issuer.url)
    assert ask(trusted, good, NOW) == "fresh"
    issuer.stop()
    try:
        assert ask(trusted, good, NOW + MAX_AGE) == "stale"
        assert ask(trust(issuer, kind), good, NOW) == "unavailable keys_unreachable"
    finally:
        issuer.start()
    assert ask(trusted, good, NOW + MAX_AGE + BACKOFF) == "fresh"


def test_members_that_no_verifier_may_use_have_their_reasons(issuer: FakeIssuer, key: SigningKey) -> None:
    issuer.fault = Fault.BAD_MEMBERS
    trusted = trust(issuer, "jwt")
    named = {
        kid: ask(trusted, token(key, issuer.url, {"kid": kid}), NOW)
        for kid in (key.kid, "weak", "exponent-1", "encryption", "symmetric", "off-curve", "unknown-kty", "nobody")
    }
    assert named == {
        key.kid: "fresh",
        "weak": "refused key_weak",
        "exponent-1": "refused key_weak",
        "encryption": "refused key_use_rejected",
        "symmetric": "refused key_malformed",
        "off-curve": "refused key_malformed",
        "unknown-kty": "refused key_malformed",
        "nobody": "refused key_unknown",
    }
    assert issuer.connections == 1


def test_equal_kids_of_two_issuers_are_two_keys(issuer: FakeIssuer, key: SigningKey) -> None:
    twin = SigningKey.generate("ES256", kid=key.kid)
    with RawServer(response(b'{"keys":[%s]}' % _json(twin))) as other, pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_FILE", other.ca_file)
        theirs = trust_url(other.url, "https://other.example.com/")
        assert ask(theirs, token(twin, "https://other.example.com/"), NOW) == "fresh"
        patch.setenv("SSL_CERT_FILE", issuer.ca_file)
        ours = trust(issuer, "jwt")
        assert ask(ours, token(twin, issuer.url), NOW) == "refused signature_invalid"
        assert ask(theirs, token(key, "https://other.example.com/"), NOW) == "refused signature_invalid"
        assert ask(ours, token(key, issuer.url), NOW) == "fresh"


def _json(key: SigningKey) -> bytes:
    return json.dumps(key.jwk()).encode()


@pytest.fixture
def raw(monkeypatch: pytest.MonkeyPatch) -> Iterator[RawServer]:
    with RawServer() as server:
        monkeypatch.setenv("SSL_CERT_FILE", server.ca_file)
        yield server


def test_large_key_set_is_cut_off(raw: RawServer, key: SigningKey) -> None:
    body = b'{"keys":[%s]}' % _json(key)
    raw.answer = response(body + b" " * (2048 - len(body)))
    good = token(key, "https://raw.example.com/")
    assert ask(trust_url(raw.url, "https://raw.example.com/", max_bytes=2048), good, NOW) == "fresh"
    smaller = trust_url(raw.url, "https://raw.example.com/", max_bytes=2047)
    assert ask(smaller, good, NOW) == "unavailable keys_response_invalid"


@pytest.mark.parametrize("attempt", range(3))
def test_declared_body_that_drips_is_a_timeout(raw: RawServer, key: SigningKey, attempt: int) -> None:
    def drip(connection: ssl.SSLSocket) -> None:
        connection.sendall(response(b"", length=1000))
        with suppress(OSError):
            for _ in range(500):
                connection.sendall(b" ")
                sleep(0.02)

    raw.answer = drip
    trusted = trust_url(raw.url, "https://raw.example.com/", timeout=SHORT)
    assert ask(trusted, token(key, "https://raw.example.com/"), NOW) == "unavailable keys_timeout"
    assert no_workers()
    assert raw.ended.wait(MARGIN)
