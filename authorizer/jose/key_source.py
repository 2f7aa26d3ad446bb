"""Where the keys of one issuer come from, and how old they may be. Keys of one issuer never serve another."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

from authorizer.errors import Fault, Refused, Unavailable
from authorizer.jose.fetch import Deadline, timed_out
from authorizer.provenance import KeyState
from authorizer.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Callable

    from authorizer.jose.key_set import KeySet
    from authorizer.jose.keys import PublicKey
    from authorizer.jose.token import Header


class FoundKey(NamedTuple):
    """The key for a token, and how old the set was that it came from."""

    key: PublicKey
    state: KeyState


class KeySource(Protocol):
    """The keys of one issuer."""

    def find(self, header: Header, now: float) -> FoundKey:
        """The key for a token; `Refused` when the issuer has none for it, `Unavailable` when that cannot be known."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Freshness:
    """How keys age. Seconds by wall clock, because environments freeze between invocations."""

    max_age: float = 300  # as the peers that do it well: a withdrawn key dies within minutes
    max_stale: float = 86400  # a day: longer than an outage, shorter than a forgotten one
    unknown_kid_interval: float = 10  # a rotation is followed at once, a flood of invented kids is not
    timeout: float = 2.0  # well under the gateway's 10 s and the function's own timeout
    backoff: float = 10  # after a failure, doubling …
    max_backoff: float = 300  # … up to this


# Seconds. A call reads the clock before it looks at the keys, so another one may have fetched them "later". What is older
# than this has another cause: the clock was set back.
SIMULTANEOUS = 10

STATIC = KeyState(name="static", age=0)


class StaticKeys:
    """Keys from the settings or a file: they change with a deployment only."""

    def __init__(self, keys: KeySet) -> None:
        self.keys = keys

    def find(self, header: Header, now: float) -> FoundKey:  # noqa: ARG002 - they do not age
        return FoundKey(self.keys.find(header), STATIC)


class Held(NamedTuple):
    """A key set and when it was true. Replaced as a whole, never changed."""

    keys: KeySet
    fetched_at: float  # when the issuer published it, as far as we know
    usable_until: float
    refresh_at: float
    origin: str  # "fresh" or "snapshot"


class Failure(NamedTuple):
    """Why a fetch failed; kept as data, because an exception that is raised twice drags its frames along."""

    reason: Reason
    fault: Fault

    def error(self) -> Unavailable:
        return Unavailable(self.reason, self.fault)


TIMED_OUT = Failure(Reason.KEYS_TIMEOUT, timed_out().fault)


class _Flight:
    """One fetch in flight, and what became of it. Written under the lock, read after `landed`."""

    def __init__(self, deadline: Deadline, now: float) -> None:
        self.deadline = deadline
        self.started_at = now
        self.landed = threading.Event()
        self.result: Held | Failure = TIMED_OUT

    @classmethod
    def landed_with(cls, held: Held) -> _Flight:
        """One that another call has waited for already."""
        flight = cls(Deadline(0), held.fetched_at)
        flight.result = held
        flight.landed.set()
        return flight


class RemoteKeys:
    """Keys behind a URL. The call that finds them old refreshes them within its own budget; while that fails, the old ones
    serve, for a bounded time. Unknown kids cause at most one fetch per interval; failures back off."""

    def __init__(self, fetch: Callable[[Deadline], KeySet], freshness: Freshness, snapshot: Held | None = None) -> None:
        self._fetch = fetch
        self._freshness = freshness
        self._held = snapshot
        self._lock = threading.Lock()  # guards the fields below; never held while a fetch runs
        self._flight: _Flight | None = None
        self._worker: threading.Thread | None = None
        self._attempted_at: float | None = None
        self._failures = 0
        self._failure: Failure | None = None

    @property
    def held(self) -> Held | None:
        """What it has at this moment, fetched or shipped, however old; asks nobody."""
        return self._held

    def find(self, header: Header, now: float) -> FoundKey:
        held = self._current(header, now)
        if not held.keys.knows(header.kid):
            held = self._after_unknown_kid(held, now)
        return FoundKey(held.keys.find(header), _state(held, now))

    def _current(self, header: Header, now: float) -> Held:
        held = self._held
        if held is None or now >= held.usable_until:
            return self._refreshed(held, now)
        if _is_fresh(held, now):
            return held
        try:
            return self._refreshed(held, now, content=held.keys.knows(header.kid))
        except Unavailable:
            return held

    def _after_unknown_kid(self, held: Held, now: float) -> Held:
        newest = self._held
        if newest is not None and newest is not held:  # another call fetched meanwhile
            return newest
        if held.fetched_at == now:  # fetched by this very call
            return held
        if self._flight is not None or self._elapsed(now) >= self._freshness.unknown_kid_interval:
            return self._refreshed(held, now)
        failure = self._failure  # once: it may be gone the next moment
        if failure is not None:
            raise failure.error()
        expected = f"a fetch at most every {self._freshness.unknown_kid_interval:g} s"
        raise Refused(Reason.KEY_COOLDOWN, Fault(claim="kid", expected=expected, found="an unknown kid"))

    def _refreshed(self, seen: Held | None, now: float, *, content: bool = False) -> Held:
        """Newer keys than the ones `seen`, fetched by this call or by one under way; `Unavailable` when there are none.

        Who is `content` with what was seen does not wait for another call's fetch.
        """
        flight, mine = self._board(seen, now)
        if content and seen is not None and not mine and not flight.landed.is_set():
            return seen
        try:
            if mine:
                self._launch(flight)
            flight.landed.wait(self._freshness.timeout)
        finally:
            if mine and not flight.landed.is_set():  # time is up, or this call was interrupted
                self._land(flight, TIMED_OUT)
                flight.deadline.cancel()
        if isinstance(flight.result, Failure):
            raise flight.result.error()
        return flight.result

    def _board(self, seen: Held | None, now: float) -> tuple[_Flight, bool]:
        with self._lock:
            if self._flight is not None:
                return self._flight, False
            if self._held is not None and self._held is not seen:
                return _Flight.landed_with(self._held), False
            if self._failure is not None and self._elapsed(now) < self._pause(now):
                raise self._failure.error()
            if self._worker is not None and self._worker.is_alive():  # stuck in name resolution, past its deadline
                raise timed_out()
            self._flight = _Flight(Deadline(self._freshness.timeout), now)
            self._attempted_at = now
            return self._flight, True

    def _launch(self, flight: _Flight) -> None:
        worker = threading.Thread(target=self._fly, args=(flight,), daemon=True)
        with self._lock:
            self._worker = worker
        try:
            worker.start()
        except RuntimeError as error:  # no thread to be had
            self._land(flight, Failure(Reason.INTERNAL_ERROR, Fault(claim="jwks_uri", found=type(error).__name__)))

    def _fly(self, flight: _Flight) -> None:
        try:
            self._land(flight, self._hold(self._fetch(flight.deadline), flight.started_at))
        except Unavailable as error:
            self._land(flight, Failure(error.reason, error.fault))
        except Exception as bug:  # noqa: BLE001 - must reach the caller that waits, not the thread's standard error
            self._land(flight, Failure(Reason.INTERNAL_ERROR, Fault(claim="jwks_uri", found=type(bug).__name__)))

    def _land(self, flight: _Flight, result: Held | Failure) -> None:
        """Keep what landed in time. What lands later is dropped: a frozen environment may deliver it hours after."""
        with self._lock:
            if threading.current_thread() is self._worker:
                self._worker = None  # it has nothing left to do
            if self._flight is not flight:
                return
            self._flight = None
            flight.result = result
            if isinstance(result, Failure):
                self._failures, self._failure = self._failures + 1, result
            else:
                self._held, self._failures, self._failure = result, 0, None
        flight.landed.set()

    def _hold(self, keys: KeySet, now: float) -> Held:
        freshness = self._freshness
        return Held(keys, now, now + max(freshness.max_stale, freshness.max_age), now + freshness.max_age, "fresh")

    def _elapsed(self, now: float) -> float:
        """Seconds since the last attempt; a clock that went back counts as a long time."""
        if self._attempted_at is None or now < self._attempted_at - SIMULTANEOUS:
            return float("inf")
        return now - self._attempted_at

    def _pause(self, now: float) -> float:
        """Seconds to the next attempt. Where nothing can be served meanwhile, the pause does not grow."""
        if self._held is None or now >= self._held.usable_until:
            return self._freshness.backoff
        doubled = self._freshness.backoff * 2.0 ** min(self._failures - 1, 16)
        return min(doubled, self._freshness.max_backoff)


def _is_fresh(held: Held, now: float) -> bool:
    return held.fetched_at - SIMULTANEOUS <= now < held.refresh_at


def _state(held: Held, now: float) -> KeyState:
    name = held.origin if _is_fresh(held, now) else "stale"
    return KeyState(name=name, age=max(0.0, now - held.fetched_at))
