"""Scenarios: several calls of one function, while its issuer fails, rotates its keys or lets time pass.

`events/scenarios/README.md` describes the format, `events/schema/scenario.json` defines it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from authorizer.testing import Fault
from authorizer.tools.demo.corpus import Expected
from authorizer.tools.entry_point import APIS, EntryPoint
from authorizer.tools.terminal import CommandError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from authorizer.testing.issuer import FaultFor
    from authorizer.tools.demo.schemas import Schemas

_HINT = "events/scenarios/README.md describes the format"


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRecipe:
    """A token to mint. A claim or header parameter of None is left out; a claim may be a number of seconds from now."""

    key: str
    claims: Mapping[str, Any] = field(default_factory=dict)
    header: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetFault:
    """From now on the issuer fails in this way; None: it works again."""

    fault: Fault | None
    fault_for: FaultFor


@dataclass(frozen=True, slots=True, kw_only=True)
class Publish:
    """From now on these are the issuer's keys."""

    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listen:
    """Whether the issuer takes connections."""

    on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Real seconds."""

    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One invocation and what must become of it. None: that is not looked at."""

    surface: str
    token: str | TokenRecipe | None
    expected: Expected
    within: float | None
    fetches: int | None
    keys: str | None


Step = SetFault | Publish | Listen | Wait | Call


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One scenario as it lies in its file."""

    name: str
    entry_point: EntryPoint
    config: str
    variables: Mapping[str, str]
    publish: tuple[str, ...]
    snapshot: tuple[str, ...]
    tokens: Mapping[str, TokenRecipe]
    steps: tuple[Step, ...]


def load_scenarios(folder: Path, schemas: Schemas) -> list[Scenario]:
    """All scenarios of a folder, by name; none where there is no folder."""
    return [_load(file, schemas) for file in sorted(folder.glob("*.json"))]


def _load(file: Path, schemas: Schemas) -> Scenario:
    try:
        expected, document = Expected.of(file.stem), json.loads(file.read_text("utf-8"))
    except ValueError as error:
        raise CommandError(f"{file}: {error}", _HINT) from error
    problems = schemas.scenario_problems(document)
    if problems:
        raise CommandError(f"{file}: {'; '.join(problems)}", _HINT)
    try:
        scenario = _scenario(file.stem, document)
    except ValueError as error:
        raise CommandError(f"{file}: {error}", _HINT) from error
    _check_promise(file, expected, scenario)
    return scenario


def _check_promise(file: Path, expected: Expected, scenario: Scenario) -> None:
    calls = [step for step in scenario.steps if isinstance(step, Call)]
    if expected not in [call.expected for call in calls]:
        raise CommandError(f"{file}: no call expects {expected}, which its name promises", _HINT)
    if any(APIS[call.surface] is not scenario.entry_point for call in calls):
        raise CommandError(f"{file}: a call is for another entry point than {scenario.entry_point.value}", _HINT)


def _scenario(name: str, document: Mapping[str, Any]) -> Scenario:
    return Scenario(
        name=name,
        entry_point=EntryPoint(document["handler"]),
        config="\n".join(document["config"]),
        variables=document.get("env", {}),
        publish=tuple(document.get("publish", ["k1"])),
        snapshot=tuple(document.get("snapshot", ())),
        tokens={label: TokenRecipe(**recipe) for label, recipe in document.get("tokens", {}).items()},
        steps=tuple(_step(step) for step in document["steps"]),
    )


def _step(step: Mapping[str, Any]) -> Step:
    match step:
        case {"fault": name}:
            fault = None if name is None else Fault(name)  # type: ignore[call-arg]  # looked up by its value
            return SetFault(fault=fault, fault_for=step.get("fault_for", "keys"))
        case {"publish": keys}:
            return Publish(keys=tuple(keys))
        case {"listen": on}:
            return Listen(on=on)
        case {"wait": seconds}:
            return Wait(seconds=seconds)
        case _:
            return _call(step)


def _call(step: Mapping[str, Any]) -> Call:
    token = step["invoke"].get("token")
    return Call(
        surface=step["invoke"]["surface"],
        token=TokenRecipe(**token) if isinstance(token, dict) else token,
        expected=Expected.of(step["expect"]),
        within=step.get("within"),
        fetches=step.get("fetches"),
        keys=step.get("keys"),
    )
