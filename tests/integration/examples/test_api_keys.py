"""The verifier of examples/custom-verifier by itself, and beside the one of JWTs."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest

from authorizer import (
    NOT_MINE,
    Credential,
    Principal,
    Provenance,
    Reason,
    Refused,
    Unauthorized,
    Unavailable,
    jwt,
    rest_authorizer,
)
from authorizer.testing import SigningKey, key_set, mint, rest_request
from tests.integration.examples.plug_in import module

if TYPE_CHECKING:
    from collections.abc import Iterator

KEY = "ak_" + "a" * 43
NOW = 1_800_000_000.0
YEAR_2100 = 4_102_444_800
RULES = {"route": [{"match": "GET /orders/{id}", "scopes": ["orders:read"]}]}


class Table:
    """A table with one key, which remembers what it was asked for."""

    def __init__(self, row: object) -> None:
        self._row = row
        self.asked: list[str] = []

    def row(self, digest: str) -> object:
        self.asked.append(digest)
        return self._row if digest == sha256(KEY.encode()).hexdigest() else None


class SilentTable:
    """A table that does not answer."""

    def row(self, digest: str) -> object:
        raise Unavailable(Reason.KEYS_UNREACHABLE)


@pytest.fixture(scope="module")
def api_keys() -> Iterator[Any]:
    with module("api_keys") as loaded:
        yield loaded


@pytest.fixture
def table(api_keys: Any) -> Table:
    return Table(api_keys.Row("partner-7", frozenset({"orders:read"}), NOW + 1))


@pytest.fixture
def verifier(api_keys: Any, table: Table) -> Any:
    return api_keys.ApiKeys(table)


def credential(value: str = KEY) -> Credential:
    return Credential(value=value, place="header:authorization")


def refusal(verifier: Any, value: str, now: float = NOW) -> Refused:
    with pytest.raises(Refused) as raised:
        verifier.verify(credential(value), now)
    return raised.value


def test_known_key_proves_its_owner(verifier: Any) -> None:
    expected = Principal("partner-7", Provenance("key-table", verifier="api_key"), frozenset({"orders:read"}))
    assert verifier.verify(credential(), NOW) == expected


def test_table_is_asked_for_the_digest_only(verifier: Any, table: Table) -> None:
    verifier.verify(credential(), NOW)
    assert table.asked == [sha256(KEY.encode()).hexdigest()]


@pytest.mark.parametrize(("seconds", "good"), [(0.5, True), (1.0, False), (1.5, False)], ids=["under", "at", "over"])
def test_key_ends_at_its_time(verifier: Any, seconds: float, good: bool) -> None:
    if good:
        assert verifier.verify(credential(), NOW + seconds).subject == "partner-7"
    else:
        assert refusal(verifier, KEY, NOW + seconds).reason is Reason.TOKEN_EXPIRED


def test_unknown_key_is_refused(verifier: Any) -> None:
    assert refusal(verifier, "ak_" + "b" * 43).reason is Reason.CLIENT_NOT_ALLOWED


@pytest.mark.parametrize("value", ["ak_", "ak_" + "a" * 42, "ak_" + "a" * 44, KEY + "=", KEY[:-1] + "."])
def test_key_of_another_shape_is_refused_without_a_look_at_the_table(verifier: Any, table: Table, value: str) -> None:
    assert refusal(verifier, value).reason is Reason.CREDENTIAL_MALFORMED
    assert table.asked == []


@pytest.mark.parametrize("value", ["opaque", "AK_" + "a" * 43, "a.b.c"])
def test_other_credential_is_left_to_others(verifier: Any, table: Table, value: str) -> None:
    assert verifier.verify(credential(value), NOW) is NOT_MINE
    assert table.asked == []


@pytest.mark.parametrize("value", ["ak_" + "b" * 43, "ak_short"], ids=["unknown", "malformed"])
def test_refusal_does_not_tell_the_key(verifier: Any, value: str) -> None:
    refused = refusal(verifier, value)
    assert value not in f"{refused!r} {refused.fault}"


def test_jwt_goes_to_the_verifier_of_jwts(api_keys: Any, table: Table, key: SigningKey) -> None:
    issuer = jwt("https://issuer.example.com/", audience=["orders-api"], jwks=key_set(key))
    handler = rest_authorizer(issuer, api_keys.ApiKeys(table), config=RULES)
    assert handler(rest_request(mint(key)), None)["principalId"] == "user-1"
    assert table.asked == []


def test_jwt_without_a_verifier_of_its_own_is_refused(verifier: Any, key: SigningKey) -> None:
    with pytest.raises(Unauthorized):
        rest_authorizer(verifier, config=RULES)(rest_request(mint(key)), None)


def test_scope_of_the_key_counts(api_keys: Any) -> None:
    table = Table(api_keys.Row("partner-7", frozenset({"orders:list"}), YEAR_2100))
    answer = rest_authorizer(api_keys.ApiKeys(table), config=RULES)(rest_request(KEY), None)
    assert answer["context"]["reason"] == "scope_insufficient"


def test_outage_of_the_table_is_an_error(api_keys: Any) -> None:
    handler = rest_authorizer(api_keys.ApiKeys(SilentTable()), config=RULES)
    with pytest.raises(Unavailable):
        handler(rest_request(KEY), None)
