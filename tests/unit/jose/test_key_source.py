"""How keys age, with plain numbers for the time and no network. Threads are in `test_key_source_threads.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from authorizer.errors import Fault, Unavailable
from authorizer.jose import key_set
from authorizer.jose.key_source import SIMULTANEOUS, Freshness, Held, RemoteKeys, StaticKeys
from authorizer.reasons import Reason
from authorizer.testing import SigningKey
from tests.unit.jose.scripted_fetch import DOWN, ScriptedFetch, ask, header, members

if TYPE_CHECKING:
    from collections.abc import Iterable

NOW = 1_800_000_000.0  # large, as in life: no test may depend on times near 0
MOMENT = 0.001
PLAIN = Freshness()
PAUSES = (10, 20, 40, 80, 160, 300, 300)  # seconds after the first, second, … failure in a row


@pytest.fixture
def fetch() -> ScriptedFetch:
    return ScriptedFetch(members("a"))


@pytest.fixture
def source(fetch: ScriptedFetch) -> RemoteKeys:
    return RemoteKeys(fetch, PLAIN)


@pytest.fixture
def known(source: RemoteKeys) -> RemoteKeys:
    """Keys that were fetched at NOW."""
    assert ask(source, "a", NOW) == "fresh"
    return source


def test_static_keys_do_not_age() -> None:
    keys = StaticKeys(members("a"))
    found = keys.find(header("a"), NOW)
    assert (found.state.name, found.state.age) == ("static", 0)
    assert ask(keys, "b", NOW) == "refused key_unknown"


def test_nothing_is_fetched_before_the_first_token(source: RemoteKeys, fetch: ScriptedFetch) -> None:
    assert fetch.calls == 0


def test_keys_that_are_there_are_seen_without_asking(source: RemoteKeys, fetch: ScriptedFetch) -> None:
    assert (source.held, fetch.calls) == (None, 0)
    source.find(header("a"), NOW)
    assert source.held is not None
    assert (source.held.keys, source.held.origin, fetch.calls) == (members("a"), "fresh", 1)


def test_first_token_is_answered_with_fetched_keys(source: RemoteKeys, fetch: ScriptedFetch) -> None:
    found = source.find(header("a"), NOW)
    assert (found.key.kid, found.state.name, found.state.age, fetch.calls) == ("a", "fresh", 0, 1)


def test_first_token_with_unknown_kid_costs_one_fetch(source: RemoteKeys, fetch: ScriptedFetch) -> None:
    assert ask(source, "b", NOW) == "refused key_unknown"
    assert fetch.calls == 1


@pytest.mark.parametrize(
    ("age", "fetches"), [(PLAIN.max_age - MOMENT, 1), (PLAIN.max_age, 2), (PLAIN.max_age + MOMENT, 2)]
)
def test_keys_are_refreshed_at_max_age(known: RemoteKeys, fetch: ScriptedFetch, age: float, fetches: int) -> None:
    found = known.find(header("a"), NOW + age)
    assert (found.state.name, fetch.calls) == ("fresh", fetches)
    assert found.state.age == pytest.approx(age if fetches == 1 else 0)


@pytest.mark.parametrize(
    ("age", "outcome"),
    [
        (PLAIN.max_stale - MOMENT, "stale"),
        (PLAIN.max_stale, "unavailable keys_status"),
        (PLAIN.max_stale + MOMENT, "unavailable keys_status"),
    ],
)
def test_keys_serve_until_max_stale_while_refreshing_fails(
    known: RemoteKeys, fetch: ScriptedFetch, age: float, outcome: str
) -> None:
    fetch.fault = DOWN
    assert ask(known, "a", NOW + age) == outcome


def test_age_of_stale_keys_is_told(known: RemoteKeys, fetch: ScriptedFetch) -> None:
    fetch.fault = DOWN
    state = known.find(header("a"), NOW + 1000).state
    assert (state.name, state.age) == ("stale", 1000)


def test_keys_come_back_after_max_stale(known: RemoteKeys, fetch: ScriptedFetch) -> None:
    fetch.fault = DOWN
    assert ask(known, "a", NOW + PLAIN.max_stale) == "unavailable keys_status"
    fetch.fault = None
    assert ask(known, "a", NOW + PLAIN.max_stale + PLAIN.backoff) == "fresh"


@pytest.mark.parametrize("max_stale", [0, 299])
def test_max_stale_below_max_age_does_not_fetch_for_fresh_keys(fetch: ScriptedFetch, max_stale: float) -> None:
    source = RemoteKeys(fetch, Freshness(max_stale=max_stale))
    outcomes = [ask(source, "a", NOW + age) for age in (0, 1, 298, 299, PLAIN.max_age - MOMENT)]
    assert (outcomes, fetch.calls) == (["fresh"] * 5, 1)


def test_withdrawn_key_is_refused_from_the_refresh_on(known: RemoteKeys, fetch: ScriptedFetch) -> None:
    fetch.keys = members("b")
    assert ask(known, "a", NOW + PLAIN.max_age - MOMENT) == "fresh"
    assert ask(known, "a", NOW + PLAIN.max_age) == "refused key_unknown"
    assert ask(known, "b", NOW + PLAIN.max_age) == "fresh"
    assert fetch.calls == 2


def test_rotation_is_followed_at_once(known: RemoteKeys, fetch: ScriptedFetch) -> None:
    fetch.keys = members("b", "a")
    assert ask(known, "b", NOW + PLAIN.unknown_kid_interval) == "fresh"
    assert ask(known, "a", NOW + PLAIN.unknown_kid_interval) == "fresh"
    assert fetch.calls == 2


@pytest.mark.parametrize(
    ("after", "outcome", "fetches"),
    [
        (PLAIN.unknown_kid_interval - MOMENT, "refused key_cooldown", 1),
        (PLAIN.unknown_kid_interval, "refused key_unknown", 2),
        (PLAIN.unknown_kid_interval + MOMENT, "refused key_unknown", 2),
    ],
)
def test_unknown_kids_are_looked_up_once_per_interval(
    known: RemoteKeys, fetch: ScriptedFetch, after: float, outcome: str, fetches: int
) -> None:
    assert ask(known, "x", NOW + after) == outcome
    assert fetch.calls == fetches


def test_flood_of_unknown_kids_does_not_move_the_interval(known: RemoteKeys, fetch: ScriptedFetch) -> None:
    """Who asks for invented keys all the time must not keep a real rotation out for longer than one interval."""
    for tenth in range(1000):  # 100 s
        ask(known, f"invented-{tenth}", NOW + tenth / 10)
    assert fetch.calls == 1 + 9
    fetch.keys = members("b")
    outcomes = [ask(known, "b", NOW + 100 + tenth / 10) for tenth in range(100)]
    assert outcomes.index("fresh") * 0.1 <= PLAIN.unknown_kid_interval


def test_token_without_kid_causes_no_fetch_of_its_own(known: RemoteKeys, fetch: ScriptedFetch) -> None:
    assert ask(known, None, NOW + 100) == "fresh"
    assert fetch.calls == 1


def test_unknown_kid_while_the_endpoint_fails_is_no_refusal(known: RemoteKeys, fetch: ScriptedFetch) -> None:
    """Nobody can know whether the kid is a new one, and API Gateway would cache a refusal."""
    fetch.fault = DOWN
    for after in (10, 10 + MOMENT, 15, 20 - MOMENT):
        assert ask(known, "b", NOW + after) == "unavailable keys_status"
        assert ask(known, "a", NOW + after) == "fresh"
    assert fetch.calls == 2


OLD = NOW + PLAIN.max_age  # when the keys of `known` are due


def failing_attempts(source: RemoteKeys, fetch: ScriptedFetch, times: Iterable[float]) -> list[int]:
    """How many fetches had begun after each call."""
    fetch.fault, begun = DOWN, fetch.calls
    counts = []
    for now in times:
        assert ask(source, "a", now) in ("unavailable keys_status", "stale")
        counts.append(fetch.calls - begun)
    return counts


def test_pause_does_not_grow_where_nothing_can_be_served(source: RemoteKeys, fetch: ScriptedFetch) -> None:
    assert failing_attempts(source, fetch, [NOW + 10 * attempt for attempt in range(20)]) == [*range(1, 21)]
    assert failing_attempts(source, fetch, [NOW + 200 - MOMENT, NOW + 200]) == [0, 1]


@pytest.mark.parametrize("failures", range(1, len(PAUSES) + 1))
def test_pause_after_failures_doubles_up_to_its_maximum(known: RemoteKeys, fetch: ScriptedFetch, failures: int) -> None:
    source = known
    starts = [OLD + sum(PAUSES[:attempt]) for attempt in range(failures)]
    assert failing_attempts(source, fetch, starts) == [*range(1, failures + 1)]
    last, pause = starts[-1], PAUSES[failures - 1]
    counts = failing_attempts(source, fetch, [last + MOMENT, last + pause - MOMENT, last + pause])
    assert counts == [0, 0, 1]


def test_pause_ends_also_just_after_it(source: RemoteKeys, fetch: ScriptedFetch) -> None:
    assert failing_attempts(source, fetch, [NOW, NOW + PLAIN.backoff + MOMENT]) == [1, 2]


def test_pause_is_counted_from_the_last_attempt(known: RemoteKeys, fetch: ScriptedFetch) -> None:
    assert failing_attempts(known, fetch, [OLD, OLD + 15, OLD + 15 + 20 - MOMENT, OLD + 15 + 20]) == [1, 2, 2, 3]


def test_calls_in_the_pause_do_not_prolong_it(known: RemoteKeys, fetch: ScriptedFetch) -> None:
    fetch.fault = DOWN
    for second in range(300, 310):
        assert ask(known, "a", NOW + second) == "stale"
        assert ask(known, "b", NOW + second) == "unavailable keys_status"
    assert fetch.calls == 2
    assert ask(known, "a", NOW + 310) == "stale"
    assert fetch.calls == 3


def test_success_ends_the_series_of_failures(source: RemoteKeys, fetch: ScriptedFetch) -> None:
    failing_attempts(source, fetch, [NOW, NOW + 10, NOW + 30])
    fetch.fault = None
    assert ask(source, "a", NOW + 70) == "fresh"
    fetch.fault = DOWN
    assert [ask(source, "a", NOW + 370 + after) for after in (0, 10 - MOMENT, 10)] == ["stale"] * 3
    assert fetch.calls == 3 + 1 + 2


def test_pause_of_a_thousand_failures_is_the_maximum(source: RemoteKeys, fetch: ScriptedFetch) -> None:
    """2.0 ** 1024 would overflow."""
    counts = failing_attempts(source, fetch, [NOW + 300 * attempt for attempt in range(1100)])
    assert counts[-1] == 1100


def test_clock_that_went_back_a_day_is_no_reason_to_refuse(known: RemoteKeys, fetch: ScriptedFetch) -> None:
    assert ask(known, "a", NOW - 86400) == "fresh"
    assert ask(known, "a", NOW - 86400 + PLAIN.max_age - MOMENT) == "fresh"
    assert fetch.calls == 2  # how old the keys are cannot be known, so they are fetched, once


def test_clock_that_went_back_in_an_outage_ends_the_pause_once(known: RemoteKeys, fetch: ScriptedFetch) -> None:
    fetch.fault = DOWN
    assert ask(known, "a", NOW + 300) == "stale"
    assert [ask(known, "a", NOW + after) for after in (-86400, -86400, -86399)] == ["stale"] * 3
    assert fetch.calls == 3


def test_clock_that_went_back_lets_an_unknown_kid_be_looked_up(known: RemoteKeys, fetch: ScriptedFetch) -> None:
    fetch.keys = members("b")
    assert ask(known, "b", NOW - 86400) == "fresh"


# A call reads the clock before it looks at the keys, so it may come with an older time than the fetch it finds done.
MOMENTS = pytest.mark.parametrize("earlier", [1e-6, 0.5, SIMULTANEOUS - MOMENT, SIMULTANEOUS])


@MOMENTS
def test_call_of_a_moment_ago_does_not_fetch_fresh_keys(
    known: RemoteKeys, fetch: ScriptedFetch, earlier: float
) -> None:
    assert ask(known, "a", NOW - earlier) == "fresh"
    assert fetch.calls == 1


@MOMENTS
def test_call_of_a_moment_ago_keeps_the_interval_of_unknown_kids(
    known: RemoteKeys, fetch: ScriptedFetch, earlier: float
) -> None:
    assert ask(known, "x", NOW - earlier).startswith("refused ")
    assert fetch.calls == 1


@MOMENTS
def test_call_of_a_moment_ago_keeps_the_pause_after_a_failure(
    source: RemoteKeys, fetch: ScriptedFetch, earlier: float
) -> None:
    assert failing_attempts(source, fetch, [NOW, NOW - earlier]) == [1, 1]


def test_clock_that_went_back_further_than_that_is_no_other_thread(known: RemoteKeys, fetch: ScriptedFetch) -> None:
    assert ask(known, "a", NOW - SIMULTANEOUS - MOMENT) == "fresh"
    assert fetch.calls == 2


def test_keys_of_one_issuer_never_serve_another() -> None:
    one, other = ScriptedFetch(members("a")), ScriptedFetch(key_set.build([another_key("a")]))
    sources = RemoteKeys(one, PLAIN), RemoteKeys(other, PLAIN)
    found = [source.find(header("a"), NOW).key for source in sources]
    assert found[0].key != found[1].key
    other.fault = DOWN
    assert ask(sources[1], "a", NOW + 86400) == "unavailable keys_status"
    assert ask(sources[0], "a", NOW + 86400) == "fresh"


def another_key(kid: str) -> dict[str, object]:
    return SigningKey.generate("ES256", kid=kid).jwk()


def test_failures_are_new_exceptions_every_time(source: RemoteKeys, fetch: ScriptedFetch) -> None:
    """One exception raised again and again would drag the frames of all calls along."""
    fetch.fault = DOWN
    errors = [unavailable(source, NOW + attempt) for attempt in range(100)]
    assert len({id(error) for error in errors}) == len(errors)
    assert DOWN not in errors
    assert max(map(depth, errors[50:])) == max(map(depth, errors[:50]))
    assert all(error.__cause__ is None and error.__context__ is None for error in errors)
    assert {(error.reason, error.fault) for error in errors} == {(DOWN.reason, DOWN.fault)}


def unavailable(source: RemoteKeys, now: float) -> Unavailable:
    with pytest.raises(Unavailable) as caught:
        source.find(header("a"), now)
    return caught.value


def depth(error: Unavailable) -> int:
    frames, traceback = 0, error.__traceback__
    while traceback is not None:
        frames, traceback = frames + 1, traceback.tb_next
    return frames


@pytest.mark.parametrize("bug", [KeyError("a"), RecursionError(), MemoryError()])
def test_bug_in_a_fetch_is_no_refusal(source: RemoteKeys, fetch: ScriptedFetch, bug: Exception) -> None:
    fetch.fault = bug
    assert ask(source, "a", NOW) == "unavailable internal_error"


@pytest.mark.parametrize("reason", [Reason.KEYS_TIMEOUT, Reason.KEYS_EMPTY, Reason.DISCOVERY_INVALID])
def test_reason_of_the_fetch_is_the_reason_of_the_call(
    source: RemoteKeys, fetch: ScriptedFetch, reason: Reason
) -> None:
    fetch.fault = Unavailable(reason, Fault(claim="keys", found="something"))
    error = unavailable(source, NOW)
    assert (error.reason, error.fault.found) == (reason, "something")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"use": "enc"}, "key_use_rejected"),
        ({"key_ops": ["encrypt"]}, "key_use_rejected"),
        ({"crv": "P-257"}, "key_malformed"),
        ({"alg": "RS256"}, "key_malformed"),
        ({"d": "AQAB"}, "key_malformed"),
        ({"kty": "RSA", "alg": "RS256", "n": "0" + "u" * 170 + "w", "e": "AQAB"}, "key_weak"),
    ],
)
def test_tokens_that_name_a_skipped_member_are_refused_for_it(change: dict[str, object], reason: str) -> None:
    fetch = ScriptedFetch(key_set.build([another_key("bad") | change, another_key("good")]))
    source = RemoteKeys(fetch, PLAIN)
    assert ask(source, "good", NOW) == "fresh"
    assert ask(source, "bad", NOW + 100) == f"refused {reason}"
    assert fetch.calls == 1  # it is known, if only as bad


def test_snapshot_answers_without_a_fetch(fetch: ScriptedFetch) -> None:
    source = RemoteKeys(fetch, PLAIN, snapshot=Held(members("a"), NOW - 1000, NOW + 1000, NOW + 300, "snapshot"))
    assert ask(source, "a", NOW) == "snapshot"
    assert fetch.calls == 0
    assert source.find(header("a"), NOW).state.age == 1000


@pytest.mark.parametrize(("after", "outcome"), [(1000 - MOMENT, "stale"), (1000, "unavailable keys_status")])
def test_snapshot_serves_until_its_end_while_refreshing_fails(fetch: ScriptedFetch, after: float, outcome: str) -> None:
    source = RemoteKeys(fetch, PLAIN, snapshot=Held(members("a"), NOW - 1000, NOW + 1000, NOW + 300, "snapshot"))
    fetch.fault = DOWN
    assert ask(source, "a", NOW + after) == outcome
