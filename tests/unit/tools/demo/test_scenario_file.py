"""The scenarios in events/ are right, and what is wrong in one is told when it is loaded."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from authorizer.tools.demo.scenario_file import Call, SetFault, load_scenarios
from authorizer.tools.demo.schemas import Schemas
from authorizer.tools.function_environment import PROJECT
from authorizer.tools.terminal import CommandError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SCHEMAS = Schemas(PROJECT / "events" / "schema")
CALL = {"invoke": {"surface": "http-simple", "token": {"key": "k1"}}, "expect": "keys_timeout"}
GOOD: dict[str, Any] = {"about": "Something happens here.", "handler": "http", "config": ["x"], "steps": [CALL]}
NEEDED = {
    "keys_unreachable",
    "keys_tls_failed",
    "keys_timeout",
    "keys_status",
    "keys_redirected",
    "keys_response_invalid",
    "keys_empty",
    "discovery_invalid",
    "discovery_issuer_mismatch",
    "key_cooldown",
    "key_unknown",
    "token_expired",
}


def load(tmp_path: Path, changes: Mapping[str, object], name: str = "keys_timeout") -> None:
    (tmp_path / f"{name}.json").write_text(json.dumps({**GOOD, **changes}))
    load_scenarios(tmp_path, SCHEMAS)


def test_scenarios_of_the_project_load() -> None:
    names = {scenario.name.partition("--")[0] for scenario in load_scenarios(PROJECT / "events/scenarios", SCHEMAS)}
    assert names >= NEEDED


def test_no_folder_has_no_scenarios(tmp_path: Path) -> None:
    assert load_scenarios(tmp_path / "none", SCHEMAS) == []


def test_good_scenario_loads(tmp_path: Path) -> None:
    load(tmp_path, {})


@pytest.mark.parametrize(
    "changes",
    [
        {"steps": []},
        {"steps": [{"sleep": 1}]},
        {"steps": [CALL | {"expects": "allow"}]},
        {"steps": [CALL | {"expect": "allow"}]},
        {"steps": [CALL | {"invoke": {"surface": "rest-token"}}]},
        {"steps": [{"wait": 3600}, CALL]},
        {"handler": "lambda"},
        {"about": ""},
        {"unknown": 1},
    ],
    ids=json.dumps,
)
def test_wrong_scenario_is_an_error(tmp_path: Path, changes: dict[str, object]) -> None:
    with pytest.raises(CommandError):
        load(tmp_path, changes)


def test_name_that_promises_nothing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CommandError):
        load(tmp_path, {}, "unheard_of")


@pytest.mark.parametrize("changes", [{"fault": "unheard_of"}, {"expect": "unheard_of"}])
def test_unknown_word_is_an_error(tmp_path: Path, changes: dict[str, str]) -> None:
    step = {"fault": changes["fault"]} if "fault" in changes else CALL | changes
    with pytest.raises(CommandError):
        load(tmp_path, {"steps": [step, CALL]})


def test_steps_are_read_by_kind(tmp_path: Path) -> None:
    (tmp_path / "keys_timeout.json").write_text(json.dumps(GOOD | {"steps": [{"fault": None}, CALL]}))
    (scenario,) = load_scenarios(tmp_path, SCHEMAS)
    assert [type(step) for step in scenario.steps] == [SetFault, Call]
