"""Networks below TLS: addresses that swallow everything, and names that take long to resolve."""

from __future__ import annotations

import json
import socket
from contextlib import contextmanager
from threading import Event
from time import sleep
from typing import TYPE_CHECKING, Any

import pytest

from authorizer.testing import FakeIssuer, SigningKey, key_set
from tests.integration.key_client import (
    BACKOFF,
    MARGIN,
    MAX_AGE,
    NOW,
    Stopwatch,
    ask,
    becomes,
    no_workers,
    token,
    trust,
    trust_url,
    workers,
)
from tests.unit.jose.raw_server import RawServer, response

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ISSUER = "https://login.example.com/"
SHORT = 0.5  # seconds of a deadline that a test waits out


@contextmanager
def blackhole() -> Iterator[int]:
    """A port of 127.0.0.1 whose queue is full, so that the kernel drops every further attempt to connect."""
    full = socket.create_server(("127.0.0.1", 0), backlog=0)
    waiting = [socket.socket() for _ in range(4)]
    try:
        for client in waiting:
            client.setblocking(False)
            client.connect_ex(full.getsockname())
        yield full.getsockname()[1]
    finally:
        for one in (full, *waiting):
            one.close()


def test_address_that_swallows_everything_ends_at_the_deadline(key: SigningKey) -> None:
    with blackhole() as port:
        trusted = trust_url(f"https://127.0.0.1:{port}/keys.json", ISSUER, timeout=SHORT)
        took = Stopwatch()
        assert ask(trusted, token(key, ISSUER), NOW) == "unavailable keys_timeout"
        assert SHORT * 0.9 <= took.seconds() < SHORT + MARGIN
        assert no_workers()


class Names:
    """Name resolution as a test wants it: slow until `answers` is set, and with `first` before the real addresses."""

    def __init__(self, resolve: Callable[..., list[Any]]) -> None:
        self._resolve = resolve
        self.answers = Event()
        self.answers.set()
        self.first: list[tuple[str, int]] = []
        self.family = int(socket.AF_INET)  # of those
        self.asked = 0

    def __call__(self, *arguments: Any, **options: Any) -> list[Any]:
        self.asked += 1
        assert self.answers.wait(30)
        real = self._resolve(*arguments, **options)
        extra = [(self.family, socket.SOCK_STREAM, 6, "", address) for address in self.first]
        return [*extra, *(row for row in real if row[0] == socket.AF_INET)]


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Iterator[Names]:
    """`socket.getaddrinfo` ignores every timeout: what it does to a deadline cannot be shown without replacing it."""
    replaced = Names(socket.getaddrinfo)
    monkeypatch.setattr(socket, "getaddrinfo", replaced)
    yield replaced
    replaced.answers.set()
    assert no_workers()


def test_slow_name_ends_at_the_deadline(issuer: FakeIssuer, key: SigningKey, names: Names) -> None:
    names.answers.clear()
    took = Stopwatch()
    assert ask(trust(issuer, "jwt", timeout=SHORT), token(key, issuer.url), NOW) == "unavailable keys_timeout"
    assert SHORT <= took.seconds() < SHORT + MARGIN
    assert len(workers()) == 1  # nothing can end it


def test_slow_name_holds_one_thread_however_many_attempts(issuer: FakeIssuer, key: SigningKey, names: Names) -> None:
    trusted, good = trust(issuer, "jwt", timeout=SHORT), token(key, issuer.url)
    names.answers.clear()
    took = Stopwatch()
    outcomes = {ask(trusted, good, NOW + 1000 * attempt) for attempt in range(50)}
    assert outcomes == {"unavailable keys_timeout"}
    assert took.seconds() < SHORT + MARGIN  # only the first waits
    assert (len(workers()), names.asked) == (1, 1)


def test_slow_name_does_not_disturb_known_keys(issuer: FakeIssuer, key: SigningKey, names: Names) -> None:
    trusted, good = trust(issuer, "jwt", timeout=SHORT), token(key, issuer.url)
    assert ask(trusted, good, NOW) == "fresh"
    names.answers.clear()
    assert ask(trusted, good, NOW + MAX_AGE) == "stale"
    took = Stopwatch()
    assert {ask(trusted, good, NOW + MAX_AGE + after) for after in range(1, 1000)} == {"stale"}
    assert took.seconds() < MARGIN
    assert len(workers()) == 1


def test_name_that_resolves_too_late_changes_nothing(issuer: FakeIssuer, key: SigningKey, names: Names) -> None:
    """An environment that was frozen in between would take what landed for new."""
    trusted, good = trust(issuer, "jwt", timeout=SHORT), token(key, issuer.url)
    assert ask(trusted, good, NOW) == "fresh"
    new = SigningKey.generate("ES256")
    issuer.publish(new)
    issuer.forget()
    names.answers.clear()
    assert ask(trusted, good, NOW + MAX_AGE) == "stale"
    names.answers.set()
    assert no_workers()
    assert ask(trusted, good, NOW + MAX_AGE + 1) == "stale"
    assert issuer.requests.total() == 0
    assert ask(trusted, token(new, issuer.url), NOW + MAX_AGE + BACKOFF) == "fresh"


def test_name_that_resolves_too_late_connects_to_nothing(issuer: FakeIssuer, key: SigningKey, names: Names) -> None:
    names.answers.clear()
    assert ask(trust(issuer, "jwt", timeout=SHORT), token(key, issuer.url), NOW) == "unavailable keys_timeout"
    names.answers.set()
    assert no_workers()
    assert not becomes(lambda: issuer.connections > 0, 0.2)


def test_second_address_is_tried_when_the_first_refuses(issuer: FakeIssuer, key: SigningKey, names: Names) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        nobody = taken.getsockname()
    names.first = [nobody]
    assert ask(trust(issuer, "jwt"), token(key, issuer.url), NOW) == "fresh"


def test_address_of_a_family_that_is_switched_off_is_skipped(issuer: FakeIssuer, key: SigningKey, names: Names) -> None:
    """Where a kernel has no IPv6, names may still resolve to IPv6 addresses: already the socket is an error then."""
    names.first, names.family = [("127.0.0.1", 1)], 99  # no such family
    assert ask(trust(issuer, "jwt"), token(key, issuer.url), NOW) == "fresh"


def test_second_address_is_tried_in_time_when_the_first_swallows_everything(
    issuer: FakeIssuer, key: SigningKey, names: Names
) -> None:
    """A VPC with IPv6 addresses and no IPv6 way out: the first address must not use up all the time (RFC 8305)."""
    with blackhole() as port:
        names.first = [("127.0.0.1", port)]
        assert ask(trust(issuer, "jwt"), token(key, issuer.url), NOW) == "fresh"


MANY = 11  # addresses before the last: content delivery networks have a dozen


def test_many_addresses_that_swallow_everything_share_the_deadline(key: SigningKey, names: Names) -> None:
    with blackhole() as port:
        names.first = [("127.0.0.1", port)] * MANY
        trusted = trust_url(f"https://127.0.0.1:{port}/keys.json", ISSUER, timeout=SHORT)
        took = Stopwatch()
        assert ask(trusted, token(key, ISSUER), NOW) == "unavailable keys_timeout"
        assert took.seconds() < SHORT + MARGIN
        assert no_workers()


def test_slow_handshake_is_waited_for_however_many_addresses_there_are(
    key: SigningKey, names: Names, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An address that takes the connection is alive. A function with 128 MB needs tenths of a second for its own part."""
    with RawServer(response(json.dumps(key_set(key)).encode()), before_tls=lambda: sleep(0.4)) as server:
        monkeypatch.setenv("SSL_CERT_FILE", server.ca_file)
        names.first = [("127.0.0.1", server.port)] * MANY
        assert ask(trust_url(server.url, ISSUER, timeout=2), token(key, ISSUER), NOW) == "fresh"
