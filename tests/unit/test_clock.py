from __future__ import annotations

import os
import subprocess
import sys
from time import perf_counter, time

from authorizer import clock

MOVERS = {
    "AUTHORIZER_NOW": "0",
    "AUTHORIZER_CLOCK": "0",
    "AUTHORIZER_TIME": "0",
    "SOURCE_DATE_EPOCH": "0",
    "TZ": "Pacific/Kiritimati",
    "FAKETIME": "-10y",
    "POWERTOOLS_DEV": "true",
}


def test_clock_is_that_of_the_machine() -> None:
    assert clock.now is time
    assert clock.stopwatch is perf_counter


def test_nothing_in_the_environment_moves_it() -> None:
    program = "from authorizer.clock import now; import authorizer.handler; print(now())"
    run = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, **MOVERS},
        capture_output=True,
        text=True,
        check=True,
    )
    assert abs(float(run.stdout) - time()) < 60
