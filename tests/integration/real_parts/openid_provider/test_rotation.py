"""A provider that comes back with other keys, or not at all. What is later, is later by the time that each call is given."""

from __future__ import annotations

from time import time
from typing import TYPE_CHECKING

import pytest

from authorizer import oidc
from authorizer.testing import http_v2
from tests.integration.key_client import BACKOFF, ask, later
from tests.integration.real_parts.decisions import decide, function
from tests.integration.real_parts.openid_provider.oauth_client import UserAgent, machine_token
from tests.integration.real_parts.openid_provider.provider import OpenIdProvider

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from authorizer.verifiers.trusted_issuers import TrustedIssuer
    from tests.integration.real_parts.openid_provider.node import Node

pytestmark = pytest.mark.long

ORDERS = "https://orders.example.com/RS256"
MAX_AGE, MAX_STALE = 60.0, 900.0  # seconds, well within the hour that the provider's tokens live
COOL_DOWN = 10.0  # the default of issuer.keys.unknown_kid_interval


@pytest.fixture
def provider(
    node: Node, installation: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[OpenIdProvider]:
    """One for each test, which may do with it what it likes."""
    with OpenIdProvider(node, installation, tmp_path) as running:
        monkeypatch.setenv("SSL_CERT_FILE", running.ca_file)
        yield running


@pytest.fixture
def trusted(provider: OpenIdProvider) -> TrustedIssuer:
    return oidc(provider.issuer, audience=["orders-api"], keys={"max_age": MAX_AGE, "max_stale": MAX_STALE})


@pytest.fixture
def old(provider: OpenIdProvider) -> str:
    return machine_token(provider, ORDERS)


def fetches(provider: OpenIdProvider) -> list[str]:
    """The documents that were fetched since the provider was started."""
    mark = provider.mark()
    with pytest.raises(RuntimeError, match="404"):
        UserAgent(provider).open(mark)
    documents = ("GET /.well-known/openid-configuration", "GET /jwks")
    return [request for request in provider.requests_until(mark) if request in documents]


def test_keys_are_discovered_once(provider: OpenIdProvider, trusted: TrustedIssuer, old: str) -> None:
    now = time()
    assert ask(trusted, old, now) == "fresh"
    assert ask(trusted, machine_token(provider, ORDERS), now + MAX_AGE - 1) == "fresh"
    assert fetches(provider) == ["GET /.well-known/openid-configuration", "GET /jwks"]


def test_new_key_is_followed_with_one_fetch(provider: OpenIdProvider, trusted: TrustedIssuer, old: str) -> None:
    now = time()
    assert ask(trusted, old, now) == "fresh"
    provider.restart()
    new = machine_token(provider, ORDERS)
    assert later(trusted, new, now + COOL_DOWN) == "fresh"
    assert later(trusted, new, now + COOL_DOWN + 1) == "fresh"
    assert fetches(provider) == ["GET /jwks"]


def test_new_key_is_refused_while_fetches_cool_down(provider: OpenIdProvider, trusted: TrustedIssuer, old: str) -> None:
    now = time()
    assert ask(trusted, old, now) == "fresh"
    provider.restart()
    assert later(trusted, machine_token(provider, ORDERS), now + COOL_DOWN - 1) == "refused key_cooldown"
    assert fetches(provider) == []


def test_withdrawn_key_dies_with_max_age(provider: OpenIdProvider, trusted: TrustedIssuer, old: str) -> None:
    now = time()
    assert ask(trusted, old, now) == "fresh"
    provider.restart()
    assert later(trusted, old, now + MAX_AGE - 1) == "fresh"
    assert later(trusted, old, now + MAX_AGE) == "refused key_unknown"


def test_withdrawn_key_dies_with_the_first_token_of_the_new_one(
    provider: OpenIdProvider, trusted: TrustedIssuer, old: str
) -> None:
    now = time()
    assert ask(trusted, old, now) == "fresh"
    provider.restart()
    assert later(trusted, machine_token(provider, ORDERS), now + COOL_DOWN) == "fresh"
    assert later(trusted, old, now + COOL_DOWN + 1) == "refused key_cooldown"
    assert later(trusted, old, now + COOL_DOWN * 2) == "refused key_unknown"


def test_known_keys_serve_while_the_provider_is_down(
    provider: OpenIdProvider, trusted: TrustedIssuer, old: str
) -> None:
    now = time()
    assert ask(trusted, old, now) == "fresh"
    provider.stop()
    assert later(trusted, old, now + MAX_AGE - 1) == "fresh"
    assert later(trusted, old, now + MAX_AGE) == "stale"
    assert later(trusted, old, now + MAX_STALE - 1) == "stale"
    assert later(trusted, old, now + MAX_STALE) == "unavailable keys_unreachable"


def test_unknown_key_is_no_deny_while_the_provider_is_down(
    provider: OpenIdProvider, trusted: TrustedIssuer, old: str
) -> None:
    now = time()
    assert ask(trusted, old, now) == "fresh"
    provider.restart()
    new = machine_token(provider, ORDERS)
    provider.stop()
    assert later(trusted, new, now + COOL_DOWN) == "unavailable keys_unreachable"
    assert later(trusted, new, now + COOL_DOWN + 1) == "unavailable keys_unreachable"  # during the back-off, too
    assert later(trusted, old, now + COOL_DOWN + 1) == "fresh"


def test_provider_that_is_back_is_asked_again(provider: OpenIdProvider, trusted: TrustedIssuer, old: str) -> None:
    now = time()
    provider.stop()
    assert ask(trusted, old, now) == "unavailable keys_unreachable"
    provider.start()
    new = machine_token(provider, ORDERS)
    assert later(trusted, new, now + BACKOFF - 1) == "unavailable keys_unreachable"
    assert later(trusted, new, now + BACKOFF) == "fresh"


def test_function_that_starts_while_the_provider_is_down_fails_and_does_not_deny(
    provider: OpenIdProvider, old: str
) -> None:
    provider.stop()
    config = f"""
        require.any_valid_token = true
        [[issuer]]
        kind = "oidc"
        issuer = "{provider.issuer}"
        audience = ["orders-api"]
    """
    with function("http", config, {"SSL_CERT_FILE": provider.ca_file}) as running:
        assert decide(running, http_v2(old)) == "keys_unreachable"
