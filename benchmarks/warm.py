"""The rows about a warm function: one call after another in one process."""

from __future__ import annotations

from base64 import urlsafe_b64decode
from typing import TYPE_CHECKING, Any

from authorizer.testing import Call
from benchmarks import candidates
from benchmarks.rounds import measure, per_call
from benchmarks.row import Row
from benchmarks.traffic import Traffic

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

FEW, MANY = 10, (100, 1000)  # routes


def warm_rows(rounds: int) -> Iterator[Row]:
    """All of them."""
    rsa = Traffic.of("RS256")
    yield from _rows_of_rsa(rsa, rounds)
    yield _against_powertools(rsa, rounds)
    yield _row_of_algorithm("ES256", rounds)
    yield _row_of_algorithm("EdDSA", rounds)
    for routes in MANY:
        yield _routes_known(rsa, rounds, routes)
        yield _routes_by_path(rsa, rounds, routes)
    yield _policy_for_all_routes(rsa, rounds)


def _rows_of_rsa(traffic: Traffic, rounds: int) -> Iterator[Row]:
    events, pairs = traffic.http_events(), [_signed(token) for token in traffic.tokens]
    answer = candidates.http(candidates.ours_silent(traffic.settings()))
    _check(answer, events)
    seconds = measure(
        {
            "ours": per_call(answer, events),
            "pyjwt": per_call(candidates.pyjwt(traffic), traffic.tokens),
            "signature": per_call(candidates.signature_alone(traffic), pairs),
        },
        rounds,
    )
    name = "event to answer, no line, RS256"
    yield Row(name=name, against="jwt.decode", ours=seconds["ours"], other=seconds["pyjwt"], target=0.7)
    yield Row(name=name, against="RSA verify alone", ours=seconds["ours"], other=seconds["signature"])


def _against_powertools(traffic: Traffic, rounds: int) -> Row:
    events = traffic.http_events()
    answer, other = candidates.http(candidates.ours(traffic.settings())), candidates.powertools(traffic)
    _check(answer, events)
    _check(other, events)
    seconds = measure({"ours": per_call(answer, events), "other": per_call(other, events)}, rounds)
    return Row(
        name="event to answer with line, RS256",
        against="Powertools authorize",
        target=0.8,
        ours=seconds["ours"],
        other=seconds["other"],
    )


def _row_of_algorithm(algorithm: str, rounds: int) -> Row:
    traffic = Traffic.of(algorithm)
    events = traffic.http_events()
    answer = candidates.http(candidates.ours_silent(traffic.settings()))
    _check(answer, events)
    other = per_call(candidates.pyjwt(traffic), traffic.tokens)
    seconds = measure({"ours": per_call(answer, events), "other": other}, rounds)
    return Row(
        name=f"event to answer, no line, {algorithm}",
        against="jwt.decode",
        ours=seconds["ours"],
        other=seconds["other"],
    )


def _routes_known(traffic: Traffic, rounds: int, routes: int) -> Row:
    """HTTP APIs say which route was hit."""
    few, many = (_of_routes(traffic, count, traffic.http_events, candidates.http) for count in (FEW, routes))
    return _ratio(
        f"{routes} routes, the route is known", f"{FEW} routes", measure({"ours": many, "other": few}, rounds)
    )


def _routes_by_path(traffic: Traffic, rounds: int, routes: int) -> Row:
    """TOKEN authorizers get the called path only, which has to be found in the table; they answer with a policy."""
    few, many = (_of_routes(traffic, count, traffic.token_events, candidates.rest) for count in (FEW, routes))
    name = f"{routes} routes, found by path (TOKEN)"
    return _ratio(name, f"{FEW} routes", measure({"ours": many, "other": few}, rounds))


def _policy_for_all_routes(traffic: Traffic, rounds: int) -> Row:
    """A policy for ten routes, which is remembered, against a simple response."""
    policy = _of_routes(traffic, FEW, traffic.token_events, candidates.rest)
    simple = _of_routes(traffic, FEW, traffic.http_events, candidates.http)
    seconds = measure({"ours": policy, "other": simple}, rounds)
    return Row(
        name="a policy for ten routes", against="a simple response", ours=seconds["ours"], other=seconds["other"]
    )


def _ratio(name: str, against: str, seconds: Mapping[str, Sequence[float]]) -> Row:
    return Row(name=name, against=against, target=2.0, ours=seconds["ours"], other=seconds["other"])


def _of_routes(
    traffic: Traffic,
    routes: int,
    events_of: Callable[[Call], Sequence[Any]],
    surface: Callable[[Any], Callable[[Any], Any]],
) -> Callable[[], float]:
    """Calls of the last route of a table of so many."""
    settings = traffic.settings([f"GET /things-{number}/{{id}}" for number in range(routes)])
    events = events_of(Call(path=f"/things-{routes - 1}/7", template=f"/things-{routes - 1}/{{id}}"))
    answer = surface(candidates.ours_silent(settings))
    _check(answer, events)
    return per_call(answer, events)


def _check(answer: Callable[[Any], Any], events: Sequence[Any]) -> None:
    """All of them are allowed: a fast denial would be measured otherwise."""
    for event in events:
        document = answer(event)
        assert document.get("isAuthorized") or document["policyDocument"]["Statement"][0]["Effect"] == "Allow"


def _signed(token: str) -> tuple[bytes, bytes]:
    signing_input, _, signature = token.rpartition(".")
    return urlsafe_b64decode(signature + "=="), signing_input.encode()
