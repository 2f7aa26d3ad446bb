"""Runs a scenario: a function on the emulator, and the test kit's issuer, which fails as the scenario says."""

from __future__ import annotations

import json
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from time import sleep
from typing import TYPE_CHECKING, Any

from authorizer import clock
from authorizer.testing import FakeIssuer, SigningKey, default_claims, mint
from authorizer.testing.events import http_v1, http_v2, rest_request, rest_token, websocket_connect
from authorizer.tools.demo import verdict
from authorizer.tools.demo.leaks import find_leaks, secrets_of
from authorizer.tools.demo.outcome import SCENARIOS, Outcome
from authorizer.tools.demo.scenario_file import Call, Listen, Publish, Scenario, SetFault, Step, TokenRecipe, Wait
from authorizer.tools.function_environment import FunctionEnvironment
from authorizer.tools.keys_snapshot import Source, snapshot_of
from authorizer.tools.running import run

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from authorizer.tools.demo.schemas import Schemas
    from authorizer.tools.invocation import Function, Invocation

_EVENTS = {
    "rest-token": rest_token,
    "rest-request": rest_request,
    "websocket": websocket_connect,
    "http-simple": http_v2,
    "http-policy": http_v2,
    "http-policy-1.0": http_v1,
}


class KeyRing:
    """Keys by name, made when first asked for. Shared, because RSA keys are slow to make."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._keys: dict[str, SigningKey] = {}

    def __getitem__(self, name: str) -> SigningKey:
        with self._lock:
            if name not in self._keys:
                self._keys[name] = SigningKey.generate(kid=name)
            return self._keys[name]


def run_scenario(scenario: Scenario, schemas: Schemas, keys: KeyRing, *, in_process: bool) -> Outcome:
    """What became of it, with the problems of every step."""
    with ExitStack() as stack:
        issuer = stack.enter_context(FakeIssuer(*(keys[name] for name in scenario.publish)))
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="scenario-")))
        environment = _environment(scenario, issuer, _snapshot(scenario, issuer, keys, folder))
        function = stack.enter_context(run(scenario.entry_point.handler(), environment, in_process=in_process))
        problems = tuple(_Run(scenario, issuer, function, keys, schemas).problems())
    return Outcome(group=SCENARIOS, name=scenario.name, problems=problems)


class _Run:
    """One run of a scenario, with what it has minted and seen so far."""

    def __init__(
        self, scenario: Scenario, issuer: FakeIssuer, function: Function, keys: KeyRing, schemas: Schemas
    ) -> None:
        self._scenario = scenario
        self._issuer = issuer
        self._function = function
        self._keys = keys
        self._schemas = schemas
        self._minted: dict[str, str] = {}
        self._secrets: frozenset[str] = frozenset()
        self._output = b""

    def problems(self) -> Iterator[str]:
        """Those of all steps, then the leaks of the whole run."""
        for number, step in enumerate(self._scenario.steps, start=1):
            yield from (f"step {number}: {problem}" for problem in self._take(step))
        yield from (f"leak: {part}" for part in find_leaks(self._output, self._secrets))

    def _take(self, step: Step) -> Iterator[str]:
        match step:
            case SetFault():
                self._issuer.fault, self._issuer.fault_for = step.fault, step.fault_for
            case Publish():
                self._issuer.publish(*(self._keys[name] for name in step.keys))
            case Listen():
                self._issuer.start() if step.on else self._issuer.stop()
            case Wait():
                sleep(step.seconds)
            case Call():
                yield from self._call(step)

    def _call(self, call: Call) -> Iterator[str]:
        event = _EVENTS[call.surface](self._token(call.token))
        self._issuer.forget()
        result = self._function.invoke(json.dumps(event).encode())
        self._secrets |= secrets_of(event)
        self._output += result.all_bytes
        sent = verdict.Sent(api=call.surface, expected=call.expected, event=event)
        yield from verdict.problems(sent, result, self._schemas)
        yield from _differences(call, result, self._issuer.connections)

    def _token(self, token: str | TokenRecipe | None) -> str | None:
        if isinstance(token, str):
            if token not in self._minted:
                self._minted[token] = self._mint(self._scenario.tokens[token])
            return self._minted[token]
        return None if token is None else self._mint(token)

    def _mint(self, recipe: TokenRecipe) -> str:
        now = clock.now()
        claims = {"iss": self._issuer.url, **_values(recipe.claims, now)}
        return mint(self._keys[recipe.key], default_claims(now, **claims), header=_values(recipe.header, now))


def _differences(call: Call, result: Invocation, fetches: int) -> Iterator[str]:
    if call.within is not None and result.seconds > call.within:
        yield f"took {result.seconds:.2f} s, not within {call.within} s"
    if call.fetches is not None and fetches != call.fetches:
        yield f"made {fetches} connections to the issuer, not {call.fetches}"
    keys = (result.decision or {}).get("keys")
    if call.keys is not None and keys != call.keys:
        yield f"used {keys} keys, not {call.keys}"


def _values(members: Mapping[str, Any], now: float) -> dict[str, Any]:
    """`{"now": 2}` is two seconds from now; null leaves a member out."""
    return {name: _value(value, now) for name, value in members.items()}


def _value(value: Any, now: float) -> Any:
    if isinstance(value, dict) and value.keys() == {"now"}:
        return now + value["now"]
    return ... if value is None else value


def _environment(scenario: Scenario, issuer: FakeIssuer, snapshot: str) -> FunctionEnvironment:
    config = scenario.config
    for name, value in {"issuer": issuer.url, "jwks_uri": issuer.jwks_uri, "snapshot": snapshot}.items():
        config = config.replace("{" + name + "}", value)
    variables = {"AUTHORIZER_CONFIG": config, "SSL_CERT_FILE": issuer.ca_file, **scenario.variables}
    return FunctionEnvironment(variables=variables)


def _snapshot(scenario: Scenario, issuer: FakeIssuer, keys: KeyRing, folder: Path) -> str:
    """The path of a snapshot as `authorizer keys snapshot` writes it; of none where the scenario wants none."""
    file = folder / "keys.json"
    if scenario.snapshot:
        source = Source(issuer=issuer.url, jwks_uri=issuer.jwks_uri)
        file.write_text(json.dumps(snapshot_of([keys[name].jwk() for name in scenario.snapshot], source)), "utf-8")
    return str(file)
