"""There is no second code path: of every sample event the first thing said is what its name promises of the Lambda."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from authorizer import clock
from authorizer.tools.demo.corpus import SampleEvent, load_events
from authorizer.tools.demo.leaks import find_leaks, secrets_of
from authorizer.tools.entry_point import APIS
from authorizer.tools.env_file import read_variables
from authorizer.tools.explain.deployment import Deployment, deployment
from authorizer.tools.explain.explanation import Explanation, explain_event
from authorizer.tools.explain.report import EXIT_STATUS, report
from authorizer.tools.function_environment import FunctionEnvironment

EVENTS = Path(__file__).parents[4] / "events"
STATUS = {"allow": 0, "authn": 1, "authz": 1, "error": 2}


@cache
def functions() -> Deployment:
    return deployment(FunctionEnvironment(variables=read_variables(EVENTS / "env.json")), clock.now())


@cache
def explained() -> list[tuple[SampleEvent, Explanation]]:
    """All of the corpus, without exception."""
    events = load_events(EVENTS)
    return [(one, explain_event(one.event, one.entry_point, functions(), ask_pyjwt=True)) for one in events]


def of(api: str) -> list[tuple[SampleEvent, Explanation]]:
    return [(sample, explanation) for sample, explanation in explained() if sample.api == api]


each_api = pytest.mark.parametrize("api", APIS)


@each_api
def test_first_reason_is_the_one_of_the_lambda(api: str) -> None:
    said = {sample.name: str(one.first.reason.value if one.first else "allow") for sample, one in of(api)}
    assert said == {sample.name: str(sample.expected) for sample, _ in of(api)}
    assert len(said) > 50


@each_api
def test_status_is_what_became_of_it(api: str) -> None:
    statuses = {sample.name: EXIT_STATUS[one.decision] for sample, one in of(api)}
    assert statuses == {sample.name: STATUS[sample.expected.outcome] for sample, _ in of(api)}


@each_api
def test_nothing_of_a_credential_is_in_a_report(api: str) -> None:
    leaks = {}
    for sample, one in of(api):
        text = json.dumps(report(sample.label, one, functions().now)).encode()
        leaks[sample.name] = find_leaks(text, secrets_of(sample.event))
    assert {name: found for name, found in leaks.items() if found} == {}


@each_api
def test_call_that_is_allowed_is_near_to_nothing(api: str) -> None:
    assert [sample.name for sample, one in of(api) if one.first is None and one.notes] == []


def test_pyjwt_differs_only_where_it_asks_for_less() -> None:
    """Names of one algorithm apart, it refuses nothing that is allowed here."""
    stricter: list[Any] = [
        (sample.name, one.opinion.pyjwt)
        for sample, one in explained()
        if one.opinion is not None and one.opinion.ours == "accepted" and one.opinion.agrees is False
    ]
    assert {name for name, _ in stricter} == {"allow-alg-ed25519"}
