"""Many callers of one key source at the same time: one fetch, nobody waits for what is not needed, nothing gets stuck."""

from __future__ import annotations

import signal
import socket
import threading
from contextlib import suppress
from functools import partial
from threading import Barrier, Event
from time import perf_counter, sleep
from typing import TYPE_CHECKING, NoReturn

import pytest

from authorizer.jose.key_source import Freshness, RemoteKeys
from tests.unit.jose.scripted_fetch import DOWN, PATIENCE, Caller, HeldFetch, ScriptedFetch, ask, members

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from authorizer.jose.fetch import Deadline
    from authorizer.jose.key_set import KeySet

NOW = 1_800_000_000.0
SOON = 0.1  # seconds of a deadline that a test waits out
LONG = Freshness(timeout=PATIENCE)  # nothing ends by time here
SHORT = Freshness(timeout=SOON)
MARGIN = 2.0  # seconds that a busy machine may add to a deadline


@pytest.fixture
def fetch() -> Iterator[HeldFetch]:
    held = HeldFetch(members("a"))
    held.release.set()
    yield held
    held.release.set()


def waiting_fetch(source: RemoteKeys, fetch: HeldFetch, kid: str, now: float) -> Caller:
    """A caller whose fetch is under way, and stays so until `fetch.release`."""
    fetch.arrived.clear()
    fetch.release.clear()
    caller = Caller(partial(ask, source, kid, now))
    assert fetch.arrived.wait(PATIENCE)
    return caller


def known(fetch: HeldFetch, freshness: Freshness = LONG) -> RemoteKeys:
    """Keys that were fetched at NOW."""
    source = RemoteKeys(fetch, freshness)
    assert ask(source, "a", NOW) == "fresh"
    return source


def together(count: int, call: Callable[[int], str]) -> list[str]:
    """The outcomes of calls that begin at the same moment."""
    start = Barrier(count)

    def one(number: int) -> str:
        start.wait(PATIENCE)
        return call(number)

    callers = [Caller(partial(one, number)) for number in range(count)]
    return [caller.outcome() for caller in callers]


def test_cold_start_of_48_calls_is_one_fetch(fetch: HeldFetch) -> None:
    source = RemoteKeys(fetch, LONG)
    fetch.release.clear()
    threading.Timer(SOON, fetch.release.set).start()
    assert together(48, lambda _: ask(source, "a", NOW)) == ["fresh"] * 48
    assert fetch.calls == 1


def test_failed_cold_start_of_48_calls_is_one_fetch(fetch: HeldFetch) -> None:
    source = RemoteKeys(fetch, LONG)
    fetch.fault = DOWN
    assert together(48, lambda _: ask(source, "a", NOW)) == ["unavailable keys_status"] * 48
    assert fetch.calls == 1


def test_refresh_under_way_does_not_hold_up_known_kids(fetch: HeldFetch) -> None:
    source = known(fetch)
    first = waiting_fetch(source, fetch, "a", NOW + 300)
    assert [ask(source, "a", NOW + 300 + after) for after in (0, 1, 10, 1000)] == ["stale"] * 4
    fetch.release.set()
    assert first.outcome() == "fresh"
    assert fetch.calls == 2


def test_search_for_an_unknown_kid_does_not_hold_up_known_kids(fetch: HeldFetch) -> None:
    source = known(fetch)
    first = waiting_fetch(source, fetch, "b", NOW + 20)
    assert ask(source, "a", NOW + 20) == "fresh"
    fetch.release.set()
    assert first.outcome() == "refused key_unknown"


def test_unknown_kid_waits_for_the_fetch_under_way(fetch: HeldFetch) -> None:
    source = known(fetch)
    fetch.keys = members("b")
    first = waiting_fetch(source, fetch, "a", NOW + 300)
    others = [Caller(partial(ask, source, "b", NOW + 300 + number)) for number in range(8)]
    fetch.release.set()
    assert [other.outcome() for other in others] == ["fresh"] * 8
    assert first.outcome() == "refused key_unknown"
    assert fetch.calls == 2


def test_flood_of_unknown_kids_during_a_fetch_adds_none(fetch: HeldFetch) -> None:
    source = known(fetch)
    first = waiting_fetch(source, fetch, "x", NOW + 20)
    others = [Caller(partial(ask, source, f"x{number}", NOW + 20)) for number in range(32)]
    fetch.release.set()
    assert {caller.outcome() for caller in [first, *others]} <= {"refused key_unknown", "refused key_cooldown"}
    assert fetch.calls == 2


class PausingTime(float):
    """A time at whose first comparison something else happens: a thread that loses the processor at a bad moment."""

    meanwhile: Callable[[], object] | None = None

    def __ge__(self, other: float) -> bool:
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile is not None:
            meanwhile()
        return float(self) >= other


def test_keys_that_another_call_refreshed_meanwhile_are_not_fetched_again(fetch: HeldFetch) -> None:
    source = known(fetch)
    now = PausingTime(NOW + 300)
    now.meanwhile = lambda: ask(source, "a", NOW + 300)
    assert ask(source, "a", now) == "fresh"
    assert fetch.calls == 2


def test_withdrawn_key_does_not_come_back_by_a_slow_call(fetch: HeldFetch) -> None:
    source = known(fetch)
    fetch.keys = members("b")
    now = PausingTime(NOW + 300)
    now.meanwhile = lambda: ask(source, "b", NOW + 300)
    assert ask(source, "a", now).startswith("refused ")


class PausingKid(str):
    """A kid at whose look-up something else happens."""

    __slots__ = ("meanwhile",)
    meanwhile: Callable[[], object] | None

    def __hash__(self) -> int:
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile is not None:
            meanwhile()
        return str.__hash__(self)

    def __eq__(self, other: object) -> bool:
        return str.__eq__(self, other)


def test_key_that_another_call_fetched_meanwhile_is_found(fetch: HeldFetch) -> None:
    source = known(fetch)
    fetch.keys = members("b")
    kid = PausingKid("b")
    kid.meanwhile = lambda: ask(source, "b", NOW + 20)
    assert ask(source, kid, NOW + 20 + SOON) == "fresh"
    assert fetch.calls == 2


def test_fetch_that_hangs_ends_at_the_deadline(fetch: HeldFetch) -> None:
    source = RemoteKeys(fetch, SHORT)
    fetch.release.clear()
    started = perf_counter()
    assert together(4, lambda _: ask(source, "a", NOW)) == ["unavailable keys_timeout"] * 4
    assert SOON <= perf_counter() - started < SOON + MARGIN


def test_known_keys_are_stale_after_a_hanging_refresh_and_answer_at_once(fetch: HeldFetch) -> None:
    source = known(fetch, SHORT)
    first = waiting_fetch(source, fetch, "a", NOW + 300)
    assert first.outcome() == "stale"
    started = perf_counter()
    assert [ask(source, "a", NOW + 300 + after) for after in range(100)] == ["stale"] * 100
    assert perf_counter() - started < MARGIN


def test_worker_that_cannot_be_ended_is_the_only_one(fetch: HeldFetch) -> None:
    """Name resolution ignores every deadline: one thread may be lost to it, not one per attempt."""
    source = known(fetch, SHORT)
    before = threading.active_count()
    assert waiting_fetch(source, fetch, "a", NOW + 300).outcome() == "stale"
    assert [ask(source, "a", NOW + 300 * attempt) for attempt in range(2, 20)] == ["stale"] * 18
    assert ask(source, "b", NOW + 6000) == "unavailable keys_timeout"
    assert threading.active_count() <= before + 1


def test_what_lands_late_is_dropped(fetch: HeldFetch) -> None:
    """A frozen environment may deliver it hours later: it would count as new, and bring back withdrawn keys."""
    source = known(fetch, SHORT)
    fetch.keys = members("late")
    assert waiting_fetch(source, fetch, "a", NOW + 300).outcome() == "stale"
    fetch.release.set()
    until(lambda: fetch.calls == 2)
    sleep(SOON)
    assert ask(source, "a", NOW + 301) == "stale"
    assert ask(source, "late", NOW + 301) == "unavailable keys_timeout"


def test_next_attempt_follows_after_a_late_landing(fetch: HeldFetch) -> None:
    source = known(fetch, SHORT)
    assert waiting_fetch(source, fetch, "a", NOW + 300).outcome() == "stale"
    fetch.release.set()
    until(lambda: ask(source, "a", NOW + 310) == "fresh")


def until(done: Callable[[], bool]) -> None:
    """Waits for something that another thread is about to do."""
    ends = perf_counter() + PATIENCE
    while not done():
        assert perf_counter() < ends
        sleep(0.01)


class ListeningFetch(ScriptedFetch):
    """Reads from a socket that says nothing, as from a peer that hangs."""

    def __init__(self, keys: KeySet) -> None:
        super().__init__(keys)
        self.ended = Event()

    def __call__(self, deadline: Deadline) -> KeySet:
        ours, theirs = socket.socketpair()
        with ours, theirs:
            deadline.attach(ours)
            ours.recv(1)
        self.ended.set()
        return super().__call__(deadline)


def test_deadline_ends_the_worker_too() -> None:
    fetch = ListeningFetch(members("a"))
    assert ask(RemoteKeys(fetch, SHORT), "a", NOW) == "unavailable keys_timeout"
    assert fetch.ended.wait(PATIENCE)


class SlowGoodbye:
    """What a worker leaves behind in its thread: the thread lives until this is gone, long after the keys landed."""

    def __init__(self, may_end: Event) -> None:
        self._may_end = may_end

    def __del__(self) -> None:
        self._may_end.wait(SOON)


class LingeringFetch(ScriptedFetch):
    """Lets the thread that called it take its time to end."""

    def __init__(self, keys: KeySet) -> None:
        super().__init__(keys)
        self.may_end = Event()
        self._left = threading.local()

    def __call__(self, deadline: Deadline) -> KeySet:
        self._left.behind = SlowGoodbye(self.may_end)
        return super().__call__(deadline)


def test_worker_that_landed_does_not_count_as_stuck() -> None:
    fetch = LingeringFetch(members("a"))
    source = RemoteKeys(fetch, LONG)
    assert ask(source, "a", NOW) == "fresh"
    outcome = ask(source, "b", NOW + 20)
    fetch.may_end.set()
    assert outcome == "refused key_unknown"


def test_thread_that_cannot_start_does_not_block_the_next_attempt(fetch: HeldFetch) -> None:
    """Lambda: at most 1,024 threads and processes per environment."""
    source = RemoteKeys(fetch, SHORT)
    usual = threading.stack_size(1 << 46)  # more than there is address space, so that the kernel says no
    try:
        with suppress(RuntimeError):
            assert ask(source, "a", NOW) == "unavailable internal_error"
    finally:
        threading.stack_size(usual)
    assert ask(source, "a", NOW + 1000) == "fresh"


class Interrupted(BaseException):
    """What a signal handler raises in the middle of a call."""


def test_interrupted_call_ends_its_fetch() -> None:
    """A handler with a watchdog of its own (`signal.setitimer`) leaves the fetch that it waited for."""
    fetch = ListeningFetch(members("a"))
    source = RemoteKeys(fetch, Freshness(timeout=2 * SOON))
    usual = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, SOON)
    try:
        with pytest.raises(Interrupted):
            ask(source, "a", NOW)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, usual)
    assert fetch.ended.wait(MARGIN)
    assert ask(source, "a", NOW + 1000) == "unavailable keys_timeout"
    until(lambda: fetch.calls == 2)


def interrupt(*_: object) -> NoReturn:
    raise Interrupted
