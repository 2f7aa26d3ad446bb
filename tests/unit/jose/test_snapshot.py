from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from authorizer.jose.snapshot import NotASnapshot, read_snapshot
from authorizer.testing import SigningKey, key_set

if TYPE_CHECKING:
    from authorizer.jose.key_source import Held

FETCHED = datetime(2026, 11, 23, 10, 0, tzinfo=UTC).timestamp()
SECRET = "secret-value"


def document(key: SigningKey, **changes: object) -> bytes:
    members = {
        "issuer": "https://issuer.example.com/",
        "jwks_uri": "https://issuer.example.com/keys",
        "fetched_at": "2026-11-23T10:00:00Z",
        **key_set(key),
    }
    return json.dumps({name: value for name, value in (members | changes).items() if value is not ...}).encode()


def read(content: bytes, loaded_at: float = FETCHED + 60) -> Held:
    return read_snapshot(content, loaded_at=loaded_at, max_age=604_800, refresh=300)


def test_keys_are_as_old_as_their_date(key: SigningKey) -> None:
    held = read(document(key))
    assert held.keys.knows(key.kid)
    assert (held.fetched_at, held.origin) == (FETCHED, "snapshot")
    assert held.usable_until == FETCHED + 604_800
    assert held.refresh_at == FETCHED + 60 + 300, "as soon after the start as fetched keys"


@pytest.mark.parametrize(
    "date", ["2026-11-23T10:00:00+00:00", "2026-11-23T11:00:00+01:00", "2026-11-23T10:00:00.000Z", "20261123T100000Z"]
)
def test_date_may_be_spelled_as_iso_8601_allows(key: SigningKey, date: str) -> None:
    assert read(document(key, fetched_at=date)).fetched_at == FETCHED


@pytest.mark.parametrize(
    "date",
    [
        ...,
        None,
        "",
        "yesterday",
        "2026-11-23",
        "2026-11-23T10:00:00",
        "2026-13-23T10:00:00Z",
        0,
        1_795_428_000,
        True,
        [],
        {},
        SECRET,
    ],
)
def test_snapshot_without_a_date_is_none(key: SigningKey, date: object) -> None:
    with pytest.raises(NotASnapshot) as caught:
        read(document(key, fetched_at=date))
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(("after", "good"), [(1, True), (0, True), (-1, False), (-1e9, False)])
def test_date_in_the_future_is_none(key: SigningKey, after: float, good: bool) -> None:
    if good:
        assert read(document(key), FETCHED + after).fetched_at == FETCHED
    else:
        with pytest.raises(NotASnapshot):
            read(document(key), FETCHED + after)


@pytest.mark.parametrize("date", ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00+23:59", "1969-12-31T23:59:59Z"])
def test_ancient_date_is_read_and_the_keys_are_not_usable(key: SigningKey, date: str) -> None:
    assert read(document(key, fetched_at=date)).usable_until < FETCHED


@pytest.mark.parametrize("members", [..., None, [], {}, "keys", 5, True, [5], [{"kty": "oct", "k": "YQ", "kid": "x"}]])
def test_snapshot_without_a_usable_key_is_none(key: SigningKey, members: object) -> None:
    with pytest.raises(NotASnapshot):
        read(document(key, keys=members))


@pytest.mark.parametrize("content", [b"", b"[]", b"null", b"\xff", b"{", b'{"keys":1,"keys":2}', SECRET.encode()])
def test_what_is_no_json_object_is_none(content: bytes) -> None:
    with pytest.raises(NotASnapshot) as caught:
        read(content)
    assert SECRET not in str(caught.value)


def test_where_it_came_from_is_for_people(key: SigningKey) -> None:
    assert read(document(key, issuer=..., jwks_uri=..., note="made by hand")).keys.knows(key.kid)
