"""The only place that reads the time. Nothing a deployment can set moves it."""

from time import perf_counter, time
from typing import Protocol


class Clock(Protocol):
    """Seconds since 1970-01-01T00:00:00Z, as in RFC 7519 section 2 "NumericDate"."""

    def __call__(self) -> float: ...


# Wall clock on purpose: a frozen Lambda environment stops a monotonic clock, not the expiry of keys and tokens.
now: Clock = time

# For durations within one invocation only.
stopwatch: Clock = perf_counter
