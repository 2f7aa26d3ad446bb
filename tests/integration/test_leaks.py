"""However loud a function is made, no credential leaves it: all events and scenarios, every byte searched."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from authorizer.tools.demo.run import Demo, load_demo
from authorizer.tools.emulator import runs_here

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(not runs_here(), reason="the Lambda runtime emulator runs on Linux only"),
]

EVENTS = Path(__file__).parents[2] / "events"
SECRET = "a-fingerprint-key-that-nobody-may-see"
LOUD = {
    "POWERTOOLS_LOGGER_LOG_EVENT": "true",
    "POWERTOOLS_DEBUG": "true",
    "POWERTOOLS_LOG_LEVEL": "DEBUG",
    "LOG_LEVEL": "DEBUG",
    "AWS_LAMBDA_LOG_LEVEL": "TRACE",
    "AUTHORIZER_FINGERPRINT_KEY": SECRET,
}


def loud(demo: Demo, variables: dict[str, str]) -> Demo:
    environment = replace(demo.environment, variables={**demo.environment.variables, **variables})
    scenarios = [replace(one, variables={**one.variables, **variables}) for one in demo.scenarios]
    return replace(demo, environment=environment, scenarios=scenarios)


@pytest.mark.parametrize("more", [{}, {"POWERTOOLS_DEV": "true"}, {"AWS_LAMBDA_LOG_FORMAT": "JSON"}], ids=str)
def test_nothing_leaks_from_a_loud_function(more: dict[str, str]) -> None:
    outcomes = loud(load_demo(EVENTS, in_process=False), LOUD | more).run(lambda _: None)
    leaks = [(one.label, problem) for one in outcomes for problem in one.problems if problem.startswith("leak")]
    assert leaks == []
    assert len(outcomes) > 70
