"""Fetch functions for `RemoteKeys` that do what a test says, without a network; and the threads that call them."""

from __future__ import annotations

from functools import cache
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING

from authorizer.errors import Fault, Refused, Unavailable
from authorizer.jose import key_set
from authorizer.jose.token import Header
from authorizer.reasons import Reason
from authorizer.testing import SigningKey

if TYPE_CHECKING:
    from collections.abc import Callable

    from authorizer.jose.fetch import Deadline
    from authorizer.jose.key_set import KeySet
    from authorizer.jose.key_source import KeySource

PATIENCE = 10.0  # seconds until a test gives up on a thread: never reached when all is well

DOWN = Unavailable(Reason.KEYS_STATUS, Fault(claim="jwks_uri", expected="status 200", found="status 503"))


class ScriptedFetch:
    """Answers with `keys`, or fails with `fault`. Counts its calls."""

    def __init__(self, keys: KeySet) -> None:
        self.keys = keys
        self.fault: Exception | None = None
        self._lock = Lock()
        self._calls = 0

    @property
    def calls(self) -> int:
        """How many fetches began."""
        with self._lock:
            return self._calls

    def __call__(self, deadline: Deadline) -> KeySet:
        with self._lock:
            self._calls += 1
        if self.fault is not None:
            raise self.fault
        return self.keys


class HeldFetch(ScriptedFetch):
    """Waits in every fetch until `release` is set. `arrived` is set as soon as one waits."""

    def __init__(self, keys: KeySet) -> None:
        super().__init__(keys)
        self.arrived = Event()
        self.release = Event()

    def __call__(self, deadline: Deadline) -> KeySet:
        self.arrived.set()
        assert self.release.wait(PATIENCE)
        return super().__call__(deadline)


class Caller(Thread):
    """A call in a thread of its own, and its outcome."""

    def __init__(self, call: Callable[[], str]) -> None:
        super().__init__(name="caller", daemon=True)
        self._call = call
        self._outcome = "no outcome"
        self.start()

    def run(self) -> None:
        self._outcome = self._call()

    def outcome(self) -> str:
        """What the call ended with; waits for it."""
        self.join(PATIENCE)
        return "still waiting" if self.is_alive() else self._outcome


@cache
def members(*kids: str) -> KeySet:
    """A key set with one key for each kid: the same key for the same kid."""
    return key_set.build([_key(kid).jwk() for kid in kids])


@cache
def _key(kid: str) -> SigningKey:
    return SigningKey.generate("ES256", kid=kid)


def header(kid: str | None) -> Header:
    """The header of a token that names `kid`."""
    return Header(algorithm="ES256", kid=kid, typ=None)


def ask(source: KeySource, kid: str | None, now: float) -> str:
    """The state of the found key ("fresh", "stale", …), or the class of failure and its reason code."""
    try:
        return source.find(header(kid), now).state.name
    except Refused as refused:
        return f"refused {refused.reason.value}"
    except Unavailable as unavailable:
        return f"unavailable {unavailable.reason.value}"
