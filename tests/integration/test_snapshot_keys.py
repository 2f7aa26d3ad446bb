"""A key set that is shipped with the function: no network for the first call, and no longer life than fetched keys have."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from time import time
from typing import TYPE_CHECKING

import pytest

from authorizer import config, settings
from authorizer.errors import ConfigError
from authorizer.handler import Authorizer
from authorizer.jose.token import parse
from authorizer.testing import FakeIssuer, Fault, SigningKey, http_v2, key_set, mint
from authorizer.testing.mint import AUDIENCE, default_claims
from tests.integration.key_client import MAX_AGE, YEAR, ask, later

if TYPE_CHECKING:
    from pathlib import Path

    from authorizer.verifiers.trusted_issuers import TrustedIssuer

DAY = 86400.0
WEEK = 604800.0  # the default of snapshot_max_age
NOW = time()  # when the snapshot is read is asked of the real clock, so each test begins now
A_WHILE = 60.0  # seconds that one test takes at most


@pytest.fixture(autouse=True)
def _begin_now() -> None:
    global NOW  # noqa: PLW0603
    NOW = time()


def iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def snapshot(of: FakeIssuer, *keys: SigningKey, **changes: object) -> bytes:
    """The file as `authorizer keys snapshot` makes it, an hour ago."""
    members: dict[str, object] = {
        "issuer": of.url,
        "jwks_uri": of.jwks_uri,
        "fetched_at": iso(NOW - 3600),
        **key_set(*keys),
        **changes,
    }
    return json.dumps({name: value for name, value in members.items() if value is not ...}).encode()


class Deployment:
    """Settings in a folder, with a snapshot beside them."""

    def __init__(self, folder: Path, issuer: FakeIssuer) -> None:
        self._folder = folder
        self._issuer = issuer

    def write(self, snapshot: bytes | None, keys: str = "") -> Path:
        if snapshot is not None:
            self._folder.joinpath("keys.json").write_bytes(snapshot)
        text = f"""
            require.any_valid_token = true
            [[issuer]]
            kind = "oidc"
            issuer = "{self._issuer.url}"
            audience = ["{AUDIENCE}"]
            algorithms = ["ES256"]
            [issuer.keys]
            snapshot = "keys.json"
            {keys}
        """
        file = self._folder / "authorizer.toml"
        file.write_text(text, "utf-8")
        return file

    def issuer(self, snapshot: bytes, keys: str = "") -> TrustedIssuer:
        """The configured issuer, loaded now."""
        return settings.read(config.from_file(self.write(snapshot, keys))).issuers[0]

    def problem(self, snapshot: bytes | None) -> str:
        """Which setting is wrong."""
        with pytest.raises(ConfigError) as caught:
            settings.read(config.from_file(self.write(snapshot)))
        (problem,) = caught.value.problems
        return problem.path


@pytest.fixture
def deployment(tmp_path: Path, issuer: FakeIssuer) -> Deployment:
    return Deployment(tmp_path, issuer)


def token(key: SigningKey, issuer: FakeIssuer) -> str:
    return mint(key, default_claims(NOW, iss=issuer.url, exp=NOW + YEAR))


def test_first_call_connects_to_nothing(deployment: Deployment, issuer: FakeIssuer, key: SigningKey) -> None:
    trusted = deployment.issuer(snapshot(issuer, key))
    assert ask(trusted, token(key, issuer), NOW + A_WHILE) == "snapshot"
    assert issuer.connections == 0


def test_function_with_a_snapshot_needs_no_network_at_all(
    deployment: Deployment, issuer: FakeIssuer, key: SigningKey
) -> None:
    authorizer = Authorizer.from_config(deployment.write(snapshot(issuer, key)))
    issuer.stop()
    assert authorizer.http(http_v2(mint(key, default_claims(iss=issuer.url))))["isAuthorized"] is True
    issuer.start()
    assert issuer.connections == 0


def test_age_is_that_of_the_snapshot(deployment: Deployment, issuer: FakeIssuer, key: SigningKey) -> None:
    trusted = deployment.issuer(snapshot(issuer, key))
    found = trusted.keys.find(parse(token(key, issuer)).header, NOW + A_WHILE)
    assert found.state.age == pytest.approx(3600 + A_WHILE, abs=1)


@pytest.mark.parametrize(
    ("age", "state", "connections"),
    [(WEEK - 2 * A_WHILE, "snapshot", 0), (WEEK - A_WHILE, "fresh", 2), (WEEK, "fresh", 2), (WEEK + DAY, "fresh", 2)],
)
def test_old_snapshot_is_not_used(
    deployment: Deployment, issuer: FakeIssuer, key: SigningKey, age: float, state: str, connections: int
) -> None:
    trusted = deployment.issuer(snapshot(issuer, key, fetched_at=iso(NOW - age)))
    assert ask(trusted, token(key, issuer), int(NOW) + A_WHILE) == state
    assert issuer.connections == connections


def test_old_snapshot_is_not_used_in_an_outage_either(
    deployment: Deployment, issuer: FakeIssuer, key: SigningKey
) -> None:
    issuer.fault = Fault.STATUS_500
    trusted = deployment.issuer(snapshot(issuer, key, fetched_at=iso(NOW - DAY)), "snapshot_max_age = 3600")
    assert ask(trusted, token(key, issuer), NOW + A_WHILE) == "unavailable keys_status"


def test_age_that_is_too_old_is_a_setting(deployment: Deployment, issuer: FakeIssuer, key: SigningKey) -> None:
    trusted = deployment.issuer(snapshot(issuer, key, fetched_at=iso(NOW - 300 * DAY)), "snapshot_max_age = 31536000")
    assert ask(trusted, token(key, issuer), NOW + A_WHILE) == "snapshot"


def test_rotation_is_followed_at_once(deployment: Deployment, issuer: FakeIssuer, key: SigningKey) -> None:
    new = SigningKey.generate("ES256")
    trusted = deployment.issuer(snapshot(issuer, key))
    issuer.publish(new)
    assert ask(trusted, token(key, issuer), NOW + A_WHILE) == "snapshot"
    assert ask(trusted, token(new, issuer), NOW + A_WHILE) == "fresh"
    assert ask(trusted, token(key, issuer), NOW + A_WHILE) == "refused key_unknown"
    assert issuer.requests["/jwks.json"] == 1


def test_unknown_kid_in_an_outage_is_no_refusal(deployment: Deployment, issuer: FakeIssuer, key: SigningKey) -> None:
    trusted = deployment.issuer(snapshot(issuer, key))
    issuer.fault = Fault.STATUS_500
    assert ask(trusted, token(SigningKey.generate("ES256"), issuer), NOW + A_WHILE) == "unavailable keys_status"
    assert ask(trusted, token(key, issuer), NOW + A_WHILE) == "snapshot"


def test_withdrawn_key_lives_no_longer_than_with_fetched_keys(
    deployment: Deployment, issuer: FakeIssuer, key: SigningKey
) -> None:
    """Age counts from when the snapshot was loaded: every new environment would else begin with a fetch."""
    trusted = deployment.issuer(snapshot(issuer, key))
    issuer.publish(SigningKey.generate("ES256"))
    assert ask(trusted, token(key, issuer), NOW + MAX_AGE - 1) == "snapshot"
    assert issuer.connections == 0
    assert ask(trusted, token(key, issuer), NOW + MAX_AGE + A_WHILE) == "refused key_unknown"


def test_max_age_counts_for_snapshots_too(deployment: Deployment, issuer: FakeIssuer, key: SigningKey) -> None:
    trusted = deployment.issuer(snapshot(issuer, key), "max_age = 1000")
    assert ask(trusted, token(key, issuer), NOW + 999) == "snapshot"
    assert ask(trusted, token(key, issuer), NOW + 1000 + A_WHILE) == "fresh"


def test_snapshot_serves_while_refreshing_fails(deployment: Deployment, issuer: FakeIssuer, key: SigningKey) -> None:
    trusted = deployment.issuer(snapshot(issuer, key))
    issuer.fault = Fault.STATUS_500
    assert ask(trusted, token(key, issuer), NOW + MAX_AGE + A_WHILE) == "stale"
    assert later(trusted, token(key, issuer), NOW + WEEK - 3601) == "stale"
    assert later(trusted, token(key, issuer), NOW + WEEK) == "unavailable keys_status"


@pytest.mark.parametrize(
    "changes",
    [
        {"fetched_at": iso(NOW + DAY)},
        {"fetched_at": "2026-01-01T00:00:00"},
        {"fetched_at": "2026-01-01"},
        {"fetched_at": "yesterday"},
        {"fetched_at": NOW},
        {"fetched_at": None},
        {"fetched_at": ...},
        {"fetched_at": ""},
        {"keys": []},
        {"keys": [{"kty": "oct", "kid": "a", "k": "c2VjcmV0"}]},
        {"keys": {}},
        {"keys": "none"},
        {"keys": None},
        {"keys": ...},
    ],
)
def test_what_is_no_snapshot_is_a_wrong_setting(
    deployment: Deployment, issuer: FakeIssuer, key: SigningKey, changes: dict[str, object]
) -> None:
    assert deployment.problem(snapshot(issuer, key, **changes)) == "issuer[0].keys.snapshot"


@pytest.mark.parametrize(
    "document", [None, b"", b"\x00\xff", b"<!doctype html>", b"[]", b"null", b'{"keys":[],"keys":[]}']
)
def test_garbage_is_a_wrong_setting(deployment: Deployment, document: bytes | None) -> None:
    assert deployment.problem(document) == "issuer[0].keys.snapshot"


@pytest.mark.parametrize("named", ["https://another-issuer.example.com/", "", None, 7, ...])
def test_snapshot_of_another_issuer_is_a_wrong_setting(
    deployment: Deployment, issuer: FakeIssuer, key: SigningKey, named: object
) -> None:
    """The file of the test system, shipped to production, would let the test system's users in."""
    assert deployment.problem(snapshot(issuer, key, issuer=named)) == "issuer[0].keys.snapshot"
