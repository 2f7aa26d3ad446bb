"""What an issuer answers, and what API Gateway makes of that."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

import pytest

from authorizer.clock import stopwatch
from authorizer.reasons import Reason
from authorizer.tools.doctor.deployed import issuers
from authorizer.tools.doctor.deployed.access import Access
from authorizer.tools.doctor.deployed.calls import POOL
from authorizer.tools.doctor.deployed.examined_api import examined_api
from authorizer.tools.doctor.deployed.issuers import MAX_BYTES, ask
from tests.unit.tools.doctor.deployed.asking import codes, wanted
from tests.unit.tools.doctor.deployed.cloud import Cloud
from tests.unit.tools.doctor.deployed.issuer import curve_key, discovery, issuer_of, right_issuer, rsa_key
from tests.unit.tools.doctor.deployed.right import HTTP, ISSUER, right

if TYPE_CHECKING:
    from collections.abc import Callable

KEYS = {"keys": [rsa_key()]}
WRONG: dict[str, tuple[Callable[[str], bytes], str]] = {
    "no discovery": (issuer_of(None, KEYS), "issuer_unreachable"),
    "no keys": (issuer_of(discovery(), None), "issuer_unreachable"),
    "keys over http": (issuer_of(discovery(jwks_uri="http://keys.example.com"), KEYS), "issuer_unreachable"),
    "discovery is no JSON": (issuer_of(b"<html>", KEYS), "issuer_unreachable"),
    "another name": (issuer_of(discovery(issuer=f"{ISSUER}/"), KEYS), "issuer_names_another"),
    "no name": (issuer_of(discovery(issuer=7), KEYS), "issuer_names_another"),
    "curve": (issuer_of(discovery(), {"keys": [curve_key()]}), "issuer_keys_unusable"),
    "short key": (issuer_of(discovery(), {"keys": [rsa_key(1024)]}), "issuer_keys_unusable"),
    "key for encryption": (issuer_of(discovery(), {"keys": [rsa_key() | {"use": "enc"}]}), "issuer_keys_unusable"),
    "no list of keys": (issuer_of(discovery(), {"keys": "none"}), "issuer_keys_unusable"),
    "no object": (issuer_of(discovery(), [1]), "issuer_keys_unusable"),
    "large": (issuer_of(discovery(), KEYS | {"more": "x" * MAX_BYTES}), "issuer_keys_too_large"),
}
ISSUER_MISTAKES = {code for _, code in WRONG.values()} | {"issuer_slow"}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_issuer_is_found(name: str) -> None:
    get, code = WRONG[name]
    assert codes(right(), HTTP, get) == {code}


def test_pool_of_another_account_is_as_good() -> None:
    account = right()
    account.pools.clear()
    assert codes(account, HTTP, right_issuer()) == set()


def test_pool_that_is_not_in_the_account_is_unseen_where_its_issuer_may_not_be_asked() -> None:
    account = right()
    account.pools.clear()
    found = examined_api(Access(clients=Cloud(account)), wanted(HTTP), network=False)
    assert list(found.findings) == []
    assert [POOL.what in one for one in found.unseen] == [True]


def test_key_set_of_exactly_the_limit_is_read() -> None:
    room = MAX_BYTES - len(issuer_of(discovery(), KEYS | {"more": ""})(""))
    assert codes(right(), HTTP, issuer_of(discovery(), KEYS | {"more": "x" * room})) == set()
    assert codes(right(), HTTP, issuer_of(discovery(), KEYS | {"more": "x" * (room + 1)})) == {"issuer_keys_too_large"}


def test_slow_issuer_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    times = iter(float(number) * 1.6 for number in range(20))
    monkeypatch.setattr(issuers, "stopwatch", lambda: next(times))
    assert codes(right(), HTTP, right_issuer()) == {"issuer_slow"}


def test_issuer_that_is_no_https_url_is_never_asked() -> None:
    def never(url: str) -> bytes:
        raise AssertionError(url)

    assert ask("http://issuer.example.com", never).unreachable is not None


def test_one_usable_key_is_enough() -> None:
    answer = ask(ISSUER, issuer_of(discovery(), {"keys": [curve_key(), rsa_key(), {"kty": "oct"}, 7]}))
    assert answer.algorithms == {"ES256", "RS256"}
    assert answer.keys == 4


def test_peer_that_never_answers_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes the connection and says nothing; the deadline is for all of a document."""
    monkeypatch.setattr(issuers, "SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        start = stopwatch()
        answer = ask(f"https://127.0.0.1:{port}")
    assert answer.unreachable is not None
    assert answer.unreachable.endswith(Reason.KEYS_TIMEOUT.value)
    assert stopwatch() - start < 5


def test_each_issuer_is_asked_once() -> None:
    account, asked = right(), []
    twin: dict[str, Any] = dict(account.http[HTTP]["authorizers"][1])
    account.http[HTTP]["authorizers"].append(twin | {"AuthorizerId": "jwt124", "Name": "twin"})
    account.http[HTTP]["routes"].append(
        account.http[HTTP]["routes"][1] | {"RouteKey": "GET /twin", "AuthorizerId": "jwt124"}
    )

    def get(url: str) -> bytes:
        asked.append(url)
        return right_issuer()(url)

    assert codes(account, HTTP, get) == set()
    assert len(asked) == len(set(asked)) == 2
