"""`sam local invoke FUNCTION -e events/… --env-vars events/env.json`, all but Docker.

SAM's own classes find the function, its layer, handler and variables in what `sam build` made, and the runtime emulator runs
it with the runtime's Python.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from authorizer.tools.demo import verdict
from authorizer.tools.demo.corpus import load_events
from authorizer.tools.demo.schemas import Schemas
from authorizer.tools.function_environment import PROJECT
from layers.environment import available
from tests.integration.artifact.built_project import AUTHORIZERS, BuiltProject

if TYPE_CHECKING:
    from authorizer.tools.demo.corpus import SampleEvent
    from authorizer.tools.emulator import Emulator

pytestmark = pytest.mark.long

EVENTS = PROJECT / "events"
ENV_VARS = EVENTS / "env.json"


@pytest.fixture(scope="module")
def project() -> BuiltProject:
    return BuiltProject()


@pytest.fixture(scope="module")
def schemas() -> Schemas:
    return Schemas(EVENTS / "schema")


def problems(event: SampleEvent, function: Emulator, schemas: Schemas) -> list[str]:
    sent = verdict.Sent(api=event.api, expected=event.expected, event=event.event)
    return [f"{event.label}: {one}" for one in verdict.problems(sent, function.invoke(event.body), schemas)]


def events_of(function: str) -> list[SampleEvent]:
    return [event for event in load_events(EVENTS) if event.api in AUTHORIZERS[function]]


def test_minor_of_the_default_runtime_is_here() -> None:
    assert "3.13" in available()


@pytest.mark.parametrize("minor", available())
@pytest.mark.parametrize("function", AUTHORIZERS)
def test_built_function_answers(function: str, minor: str, project: BuiltProject, schemas: Schemas) -> None:
    """One allow and one deny for every function and every Python."""
    chosen = [event for event in events_of(function) if event.name in ("allow-jwt-access-token", "token_expired")]
    assert {event.expected.outcome for event in chosen} == {"allow", "authn"}
    with project.emulator(function, ENV_VARS, minor) as running:
        assert [problem for event in chosen for problem in problems(event, running, schemas)] == []


@pytest.mark.parametrize("function", AUTHORIZERS)
def test_every_event_is_answered_by_the_built_function(function: str, project: BuiltProject, schemas: Schemas) -> None:
    with project.emulator(function, ENV_VARS) as running:
        assert [problem for event in events_of(function) for problem in problems(event, running, schemas)] == []


@pytest.mark.parametrize("function", AUTHORIZERS)
def test_settings_file_of_the_build_is_read(function: str, project: BuiltProject) -> None:
    """Without variables the function takes authorizer.toml, which is in its code. It trusts another issuer than the samples
    have, and takes no token from a query."""
    event = next(event for event in events_of(function) if event.name == "token_expired")
    with project.emulator(function) as running:
        line = running.invoke(event.body).decision
    assert line is not None
    assert line["reason"] == ("credential_misplaced" if function == "WebsocketAuthorizer" else "issuer_unknown")


def test_parameters_become_variables() -> None:
    """UserPoolId and its like reach the function, which would not start with half of them."""
    parameters = {
        "UserPoolId": "eu-west-1_ZyXwVuTsR",
        "ClientIds": "7example,8example",
        "TokenUse": "access,id",
        "Scopes": "orders/read",
    }
    event = next(event for event in events_of("HttpAuthorizer") if event.name == "allow-public-route")
    with BuiltProject(parameters).emulator("HttpAuthorizer") as running:
        line = running.invoke(event.body).decision
    assert line is not None
    assert line["reason"] == "credential_missing"  # one requirement for all routes: none is public
