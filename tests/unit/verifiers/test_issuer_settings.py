"""What the settings of all kinds of issuer have in common: where keys come from, and what tokens must look like."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from authorizer import clock, settings
from authorizer.errors import ConfigError
from authorizer.jose.claims import RFC9068_CLAIMS
from authorizer.jose.discovery import DiscoveredKeys, KeysAt
from authorizer.jose.key_source import RemoteKeys, StaticKeys
from authorizer.section import Section
from authorizer.testing import SigningKey, key_set
from authorizer.verifiers.issuer_settings import KEY_PLACES
from tests.outcomes import problem_paths

if TYPE_CHECKING:
    from pathlib import Path

    from authorizer.verifiers.trusted_issuers import TrustedIssuer

POOL = {"kind": "cognito", "user_pool_id": "eu-west-1_AbC", "client_ids": ["client-1"], "token_use": ["access"]}
OIDC = {"kind": "oidc", "issuer": "https://login.example.com/", "audience": ["orders-api"]}
JWT = {"kind": "jwt", "issuer": "https://jwt.example.com/", "audience": ["a"], "jwks_uri": "https://jwt.example.com/k"}
KINDS: dict[str, dict[str, Any]] = {"cognito": POOL, "oidc": OIDC, "jwt": JWT}
ANY = {"require": {"any_valid_token": True}}
each_kind = pytest.mark.parametrize("kind", KINDS)


def one(kind: str = "jwt", /, **changes: Any) -> dict[str, Any]:
    """Settings with one issuer, changed; `...` drops a setting."""
    issuer = {name: value for name, value in {**KINDS[kind], **changes}.items() if value is not ...}
    return {"issuer": [issuer], **ANY}


def read(values: dict[str, Any], base: str = "") -> TrustedIssuer:
    (issuer,) = settings.read(Section(values, base=base)).issuers
    return issuer


def wrong(values: dict[str, Any], base: str = "") -> list[str]:
    return problem_paths(lambda: read(values, base))


def snapshot(key: SigningKey, **changes: object) -> str:
    plain = {"issuer": JWT["issuer"], "jwks_uri": JWT["jwks_uri"], "fetched_at": "2026-01-01T00:00:00Z", **key_set(key)}
    return json.dumps(plain | changes)


@pytest.mark.parametrize(
    ("kind", "source", "address"),
    [
        ("cognito", KeysAt, "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbC/.well-known/jwks.json"),
        ("oidc", DiscoveredKeys, "https://login.example.com/"),
        ("jwt", KeysAt, "https://jwt.example.com/k"),
    ],
)
def test_kind_says_where_keys_are_fetched(kind: str, source: type, address: str) -> None:
    keys = read(one(kind)).keys
    assert isinstance(keys, RemoteKeys)
    fetch: Any = keys._fetch
    assert isinstance(fetch, source)
    assert address in vars(fetch).values()


def test_keys_of_a_url_come_before_discovery() -> None:
    for kind in ("cognito", "oidc"):
        keys = read(one(kind, jwks_uri="https://keys.example.com/")).keys
        assert isinstance(keys, RemoteKeys)
        assert "https://keys.example.com/" in vars(keys._fetch).values()


@each_kind
@pytest.mark.parametrize("place", KEY_PLACES)
def test_keys_of_every_kind_may_be_given(kind: str, place: str, key: SigningKey, tmp_path: Path) -> None:
    (tmp_path / "keys.json").write_text(str(key_set(key)).replace("'", '"'))
    given = {"jwks_uri": "https://keys.example.com/", "jwks_file": "keys.json", "jwks": key_set(key)}[place]
    plain: dict[str, Any] = {"jwks_uri": ...} if kind == "jwt" else {}
    keys = read(one(kind, **(plain | {place: given})), str(tmp_path)).keys
    assert isinstance(keys, RemoteKeys if place == "jwks_uri" else StaticKeys)


@each_kind
@pytest.mark.parametrize("second", ["jwks_file", "jwks"])
def test_two_places_for_keys_are_named(kind: str, second: str) -> None:
    changed = one(kind, jwks_uri="https://keys.example.com/", **{second: "{}"})
    with pytest.raises(ConfigError) as caught:
        read(changed)
    problem = caught.value.problems[0]
    assert (problem.path, problem.found) == ("issuer[0].jwks_uri", f"jwks_uri and {second}")


NO_KEYS: list[object] = [
    "",
    "{}",
    "[]",
    "nonsense",
    '{"keys":[]}',
    '{"keys":{}}',
    '{"keys":[{"kty":"oct","k":"a"}]}',
    {},
]
NO_KEYS += [{"keys": []}, {"keys": {}}, {"keys": 5}, {"keys": None}, {"keys": [5]}, 5, True, []]


@pytest.mark.parametrize("jwks", NO_KEYS, ids=repr)
def test_keys_that_are_none_are_named(jwks: object) -> None:
    assert wrong(one(jwks_uri=..., jwks=jwks)) == ["issuer[0].jwks"]


@pytest.mark.parametrize("content", [b"", b"\xff", b"{}", b'{"keys":[]}', None])
def test_file_without_keys_is_named(content: bytes | None, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "keys.json").write_bytes(content)
    changed = one(jwks_uri=..., jwks_file="keys.json")
    assert wrong(changed, str(tmp_path)) == ["issuer[0].jwks_file"]


def test_options_of_fetching_do_not_go_with_static_keys(key: SigningKey) -> None:
    changed = one(jwks_uri=..., jwks=key_set(key), keys={"timeout": 1})
    assert wrong(changed) == ["issuer[0].keys.timeout"]


def test_profile_says_what_rfc_9068_says() -> None:
    profile = read(one(profile="rfc9068", required_claims=["email"])).profile
    assert profile.token_types == {"at+jwt"}
    assert profile.required == (*RFC9068_CLAIMS, "email")
    assert wrong(one(profile="rfc9068", token_types=["JWT"])) == ["issuer[0].token_types"]


def test_types_of_ones_own_are_read_as_tokens_spell_them() -> None:
    assert read(one(token_types=["JWT", "application/AT+jwt"])).profile.token_types == {"jwt", "at+jwt"}


@pytest.mark.parametrize("value", ["a", 1, True, ["a", "b"], [1], [True, "x"]])
def test_expected_values_are_texts_integers_and_booleans(value: Any) -> None:
    ((name, values),) = read(one(expected_claims={"tenant": value})).profile.expected
    assert (name, values) == ("tenant", tuple(value) if isinstance(value, list) else (value,))


@pytest.mark.parametrize("value", [1.5, None, [], {}, [1.5], ["a", None], [["a"]], {"a": "b"}], ids=repr)
def test_other_expected_values_are_named(value: object) -> None:
    assert wrong(one(expected_claims={"tenant": value})) == ["issuer[0].expected_claims.tenant"]


# Snapshots


@each_kind
def test_snapshot_answers_without_network(kind: str, key: SigningKey, tmp_path: Path) -> None:
    issuer = read(one(kind)).issuers[-1]
    (tmp_path / "snapshot.json").write_text(snapshot(key, issuer=issuer, fetched_at="2020-01-01T00:00:00Z"))
    options = {"snapshot": "snapshot.json", "snapshot_max_age": 31_536_000}
    keys = read(one(kind, keys=options), str(tmp_path)).keys
    assert isinstance(keys, RemoteKeys)
    held = keys._held
    assert held is not None
    assert held.keys.knows(key.kid)
    assert held.usable_until - held.fetched_at == 31_536_000
    assert 0 <= held.refresh_at - clock.now() <= 300


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"fetched_at":"2026-01-01T00:00:00Z","keys":[]}', None])
def test_snapshot_that_is_none_is_named(content: str | None, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "snapshot.json").write_text(content)
    assert wrong(one(keys={"snapshot": "snapshot.json"}), str(tmp_path)) == ["issuer[0].keys.snapshot"]


def test_snapshot_from_the_future_is_named(key: SigningKey, tmp_path: Path) -> None:
    (tmp_path / "snapshot.json").write_text(snapshot(key, fetched_at="2999-01-01T00:00:00Z"))
    assert wrong(one(keys={"snapshot": "snapshot.json"}), str(tmp_path)) == ["issuer[0].keys.snapshot"]


def test_snapshot_of_another_issuer_is_named(key: SigningKey, tmp_path: Path) -> None:
    # Keys of one issuer never serve another: the file says whose they are.
    (tmp_path / "snapshot.json").write_text(
        snapshot(key, issuer="https://other.example.com/", jwks_uri="https://other.example.com/keys")
    )
    assert wrong(one(keys={"snapshot": "snapshot.json"}), str(tmp_path)) == ["issuer[0].keys.snapshot"]
