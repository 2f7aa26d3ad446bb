"""Many calls at once: how often the keys are fetched, counted as connections at the issuer's sockets, and who is let in."""

from __future__ import annotations

import threading
from base64 import urlsafe_b64encode
from collections import Counter
from json import dumps
from pathlib import Path
from secrets import token_urlsafe
from time import perf_counter
from typing import TYPE_CHECKING, Any

import pytest

from authorizer.errors import Unavailable
from authorizer.handler import Authorizer
from authorizer.testing import FakeIssuer, Fault, SigningKey, http_v2
from authorizer.testing.mint import AUDIENCE
from tests.integration.key_client import MARGIN, no_workers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ALLOW = "allow"
KIDS = 10_000
INTERVAL = 10.0  # seconds between fetches for unknown kids, by default
BOUND = 60.0  # seconds after which a test gives up


@pytest.fixture(autouse=True)
def _no_thread_is_left(issuer: FakeIssuer) -> Iterator[None]:
    yield
    issuer.fault = None
    assert no_workers()


def section(issuer: FakeIssuer, **keys: object) -> dict[str, Any]:
    named = {"kind": "jwt", "issuer": issuer.url, "audience": [AUDIENCE], "algorithms": ["ES256"]}
    return named | {"jwks_uri": issuer.jwks_uri, "keys": keys}


def authorizer(*sections: dict[str, Any]) -> Authorizer:
    """For tokens of the issuers; the context of an allow names subject and issuer."""
    everyone = {"require": {"any_valid_token": True}, "context": {"user": "sub", "issuer": "iss"}}
    return Authorizer.from_config(everyone | {"log": {"allows": "none"}, "issuer": list(sections)})


class Client:
    """Calls one authorizer as an HTTP API does, and knows how long the slowest call took."""

    def __init__(self, function: Authorizer) -> None:
        self._function = function
        self._lock = threading.Lock()
        self.slowest = 0.0

    def call(self, token: str) -> str:
        """`ALLOW`, or the reason; "error" before it when the gateway would answer 500."""
        started = perf_counter()
        try:
            answer = self._function.http(http_v2(token))
        except Unavailable as unavailable:
            return f"error {unavailable.reason.value}"
        finally:
            with self._lock:
                self.slowest = max(self.slowest, perf_counter() - started)
        return ALLOW if answer["isAuthorized"] else str(answer["context"]["reason"])


def with_kid(token: str, kid: str) -> str:
    """The token with another kid, which breaks its signature: an attacker needs no more than that."""
    _, payload, signature = token.split(".")
    header = urlsafe_b64encode(dumps({"alg": "ES256", "kid": kid, "typ": "JWT"}).encode()).rstrip(b"=")
    return f"{header.decode()}.{payload}.{signature}"


def in_threads(*works: Callable[[], Counter[str]]) -> list[Counter[str]]:
    """What each work returns; all begin at the same moment."""
    start = threading.Barrier(len(works))
    results: list[Counter[str]] = [Counter() for _ in works]

    def run(number: int) -> None:
        start.wait(BOUND)
        results[number] = works[number]()

    threads = [threading.Thread(target=run, args=(number,), daemon=True) for number in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(BOUND)
    assert not any(thread.is_alive() for thread in threads)
    return results


def total(counts: list[Counter[str]]) -> Counter[str]:
    return sum(counts, Counter())


def for_seconds(seconds: float, outcome: Callable[[], str]) -> Callable[[], Counter[str]]:
    """Does it again and again for some seconds, and counts the outcomes."""

    def work() -> Counter[str]:
        ends = perf_counter() + seconds
        counts: Counter[str] = Counter()
        while perf_counter() < ends:
            counts[outcome()] += 1
        return counts

    return work


@pytest.mark.parametrize("attempt", range(3))
def test_cold_start_of_48_calls_is_one_connection(issuer: FakeIssuer, attempt: int) -> None:
    client, good = Client(authorizer(section(issuer))), issuer.token()
    outcomes = in_threads(*[lambda: Counter([client.call(good)])] * 48)
    assert total(outcomes) == {ALLOW: 48}
    assert issuer.connections == 1


def test_cold_start_of_48_calls_in_an_outage_is_one_connection(issuer: FakeIssuer) -> None:
    issuer.fault = Fault.STATUS_500
    client, good = Client(authorizer(section(issuer))), issuer.token()
    outcomes = in_threads(*[lambda: Counter([client.call(good)])] * 48)
    assert total(outcomes) == {"error keys_status": 48}
    assert issuer.connections == 1


@pytest.mark.long
def test_flood_of_10_000_kids_is_refused_and_costs_one_fetch_per_interval(issuer: FakeIssuer) -> None:
    client, good = Client(authorizer(section(issuer))), issuer.token()
    floods = [[with_kid(good, token_urlsafe(12)) for _ in range(KIDS // 8)] for _ in range(8)]
    done = threading.Event()

    def flood(tokens: list[str]) -> Counter[str]:
        return Counter(client.call(token) for token in tokens)

    def valid() -> Counter[str]:
        counts: Counter[str] = Counter()
        while not done.is_set():
            counts[client.call(good)] += 1
            done.wait(0.001)
        return counts

    def floods_together() -> Counter[str]:
        try:
            return total(in_threads(*[lambda tokens=tokens: flood(tokens) for tokens in floods]))
        finally:
            done.set()

    started = perf_counter()
    refused, *allowed = in_threads(floods_together, valid, valid)
    assert set(refused) <= {"key_unknown", "key_cooldown"}
    assert refused.total() == KIDS
    assert set(total(allowed)) == {ALLOW}
    assert issuer.connections <= 1 + 1 + (perf_counter() - started) // INTERVAL


def outage(issuer: FakeIssuer, client: Client, threads: int = 8) -> tuple[Counter[str], Counter[str]]:
    """Outcomes of tokens with a known key and of others, in 2 s of mixed traffic; one call in five has an unknown kid."""
    good = issuer.token()
    unknown: list[Counter[str]] = []

    def mixed() -> Counter[str]:
        counts: Counter[str] = Counter()
        others: Counter[str] = Counter()

        def five() -> str:
            counts.update(client.call(good) for _ in range(3))
            others[client.call(with_kid(good, token_urlsafe(12)))] += 1
            return client.call(good)

        counts += for_seconds(2.0, five)()
        unknown.append(others)
        return counts

    known = total(in_threads(*[mixed] * threads))
    return known, total(unknown)


@pytest.mark.long
@pytest.mark.parametrize("fault", [Fault.STATUS_500, Fault.RESET, Fault.NOT_JSON, Fault.EMPTY_KEY_SET])
def test_outage_denies_nobody_whose_key_is_known(issuer: FakeIssuer, fault: Fault) -> None:
    client = Client(authorizer(section(issuer, max_age=1)))
    assert client.call(issuer.token()) == ALLOW
    issuer.fault = fault
    issuer.forget()
    known, unknown = outage(issuer, client)
    assert set(known) == {ALLOW}
    assert set(unknown) <= {f"error {fault.reason_code}", "key_cooldown"}
    assert known.total() > 200
    assert issuer.connections <= 1


@pytest.mark.long
def test_hanging_endpoint_holds_up_one_call_and_not_one_per_thread(issuer: FakeIssuer) -> None:
    client = Client(authorizer(section(issuer, max_age=1, timeout=0.5)))
    assert client.call(issuer.token()) == ALLOW
    issuer.fault = Fault.HANG
    issuer.forget()
    known, unknown = outage(issuer, client)
    assert set(known) == {ALLOW}
    assert set(unknown) <= {"error keys_timeout", "key_cooldown"}
    assert client.slowest < 0.5 + MARGIN  # not 8 times that: nobody waits behind a lock
    assert issuer.connections <= 1


@pytest.mark.long
def test_rotation_is_followed_in_a_flood(issuer: FakeIssuer) -> None:
    """Unknown kids use up the interval; the fetch that they cause brings the new key."""
    client, old = Client(authorizer(section(issuer, unknown_kid_interval=1))), issuer.token()
    assert client.call(old) == ALLOW
    new = SigningKey.generate("ES256")
    issuer.rotate(new)
    rotated = issuer.token()
    done = threading.Event()

    def flood() -> Counter[str]:
        counts: Counter[str] = Counter()
        while not done.is_set():
            counts[client.call(with_kid(old, token_urlsafe(12)))] += 1
        return counts

    def until_allowed() -> Counter[str]:
        counts: Counter[str] = Counter()
        ends = perf_counter() + BOUND / 2
        while ALLOW not in counts and perf_counter() < ends:
            counts[client.call(rotated)] += 1
            done.wait(0.01)
        done.set()
        return counts

    started = perf_counter()
    flooded, followed = in_threads(flood, until_allowed)
    assert followed[ALLOW] == 1
    assert set(followed) <= {ALLOW, "key_cooldown"}
    assert ALLOW not in flooded
    assert perf_counter() - started < 1 + MARGIN


@pytest.mark.long
def test_nobody_gets_the_answer_of_another(key: SigningKey, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Two issuers whose keys have one kid, eight threads, keys that are refreshed all the time."""
    twin = SigningKey.generate("ES256", kid=key.kid)
    with FakeIssuer(key) as one, FakeIssuer(twin) as other:
        bundle = tmp_path / "bundle.pem"
        bundle.write_text("".join(Path(issuer.ca_file).read_text("ascii") for issuer in (one, other)))
        monkeypatch.setenv("SSL_CERT_FILE", str(bundle))
        function = authorizer(section(one, max_age=1), section(other, max_age=1))

        def caller(number: int) -> Callable[[], str]:
            issuer, stranger = (one, other) if number % 2 else (other, one)
            good, forged = issuer.token(sub=f"user-{number}"), stranger.token(iss=issuer.url)

            def call() -> str:
                context = function.http(http_v2(good))["context"]
                refused = function.http(http_v2(forged))["context"]
                right = context == {"user": f"user-{number}", "issuer": issuer.url}
                return "right" if right and refused["reason"] == "signature_invalid" else f"{context} {refused}"

            return call

        outcomes = total(in_threads(*[for_seconds(2.5, caller(number)) for number in range(8)]))
        assert set(outcomes) == {"right"}
        assert no_workers()
