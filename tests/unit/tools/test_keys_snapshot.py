"""`authorizer keys snapshot`, against an issuer on this machine."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from authorizer.clock import now
from authorizer.jose.snapshot import read_snapshot
from authorizer.testing import FakeIssuer, Fault
from authorizer.tools.cli import commands, run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from authorizer.testing import SigningKey


@pytest.fixture
def issuer(key: SigningKey, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeIssuer]:
    with FakeIssuer(key) as running:
        monkeypatch.setenv("SSL_CERT_FILE", running.ca_file)
        yield running


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "keys.json"


def snapshot(out: Path, *arguments: object) -> int:
    return run(commands, "authorizer", ["keys", "snapshot", "--out", str(out), *map(str, arguments)])


def written(out: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(out.read_text())
    return document


def test_keys_are_discovered(issuer: FakeIssuer, out: Path) -> None:
    assert snapshot(out, "--issuer", issuer.url) == 0
    assert (written(out)["issuer"], written(out)["jwks_uri"]) == (issuer.url, issuer.jwks_uri)


def test_keys_are_fetched_from_a_url(issuer: FakeIssuer, out: Path, key: SigningKey) -> None:
    assert snapshot(out, "--jwks-uri", issuer.jwks_uri) == 0
    assert [jwk["kid"] for jwk in written(out)["keys"]] == [key.kid]


def test_function_can_read_what_was_written(issuer: FakeIssuer, out: Path, key: SigningKey) -> None:
    snapshot(out, "--issuer", issuer.url)
    held = read_snapshot(out.read_bytes(), loaded_at=now(), max_age=60, refresh=60)
    assert held.keys.knows(key.kid)


def test_issuer_is_taken_from_settings(issuer: FakeIssuer, out: Path, tmp_path: Path) -> None:
    settings = (
        f'[[issuer]]\nkind = "oidc"\nissuer = "{issuer.url}"\naudience = ["a"]\n[require]\nany_valid_token = true\n'
    )
    (tmp_path / "authorizer.toml").write_text(settings)
    assert snapshot(out, "--config", tmp_path / "authorizer.toml") == 0
    assert written(out)["issuer"] == issuer.url


def test_settings_without_keys_to_fetch_are_an_error(out: Path, config: Path) -> None:
    assert snapshot(out, "--config", config) == 2


@pytest.mark.parametrize("private", ["d", "k", "p"])
def test_private_key_is_refused_and_nothing_written(
    issuer: FakeIssuer, out: Path, key: SigningKey, private: str
) -> None:
    issuer.publish(key, {"kty": "RSA", "kid": "x", private: "c2VjcmV0"})
    assert snapshot(out, "--jwks-uri", issuer.jwks_uri) == 2
    assert not out.exists()


def test_only_public_members_of_signing_keys_are_kept(issuer: FakeIssuer, out: Path, key: SigningKey) -> None:
    issuer.publish(key.jwk(x5c=["MII"], other="x"), key.jwk(use="enc", kid="encryption"), {"kty": "XYZ", "kid": "odd"})
    snapshot(out, "--jwks-uri", issuer.jwks_uri)
    (jwk,) = written(out)["keys"]
    assert jwk.keys() == {"kty", "use", "alg", "kid", "crv", "x", "y"}


@pytest.mark.parametrize(
    "fault", [Fault.TLS_UNTRUSTED, Fault.REDIRECT, Fault.STATUS_500, Fault.HTML, Fault.EMPTY_KEY_SET, Fault.GZIP]
)
def test_fault_is_told_by_its_reason(
    issuer: FakeIssuer, out: Path, fault: Fault, capsys: pytest.CaptureFixture[str]
) -> None:
    issuer.fault = fault
    assert snapshot(out, "--jwks-uri", issuer.jwks_uri) == 2
    assert f"hint: authorizer reasons {fault.reason_code}" in capsys.readouterr().err
    assert not out.exists()


def test_plain_http_is_refused(out: Path) -> None:
    assert snapshot(out, "--jwks-uri", "http://localhost/jwks.json") == 2
