"""The demo on the real emulator: all events as expected, every fault of the product reported, the selftest passes."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from authorizer.testing import SigningKey
from authorizer.tools.demo import selftest
from authorizer.tools.demo.run import load_demo
from authorizer.tools.demo.scenario_file import load_scenarios
from authorizer.tools.demo.scenarios import KeyRing, run_scenario
from authorizer.tools.demo.schemas import Schemas
from authorizer.tools.function_environment import PROJECT
from tests.unit.tools.sample_project import write_events

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the emulator runs on Linux only")

EVENTS = PROJECT / "events"
SCHEMAS = Schemas(EVENTS / "schema")
SCENARIOS = {scenario.name: scenario for scenario in load_scenarios(EVENTS / "scenarios", SCHEMAS)}
QUICK = ("keys_redirected", "keys_timeout", "allow-snapshot")  # a fault, a deadline, a story of several calls


@pytest.fixture(scope="module")
def keys() -> KeyRing:
    return KeyRing()


@pytest.fixture
def events(tmp_path: Path) -> Path:
    return write_events(tmp_path, SigningKey.generate("ES256", kid="k1"))


def demo(events: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "authorizer.tools.demo", "--events", str(events), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_every_event_of_the_project_is_as_expected(tmp_path: Path) -> None:
    shutil.copytree(EVENTS, tmp_path / "events", ignore=shutil.ignore_patterns("scenarios"))
    result = demo(tmp_path / "events", "--json")
    assert json.loads(result.stdout)["mismatches"] == []
    assert result.returncode == 0


def test_last_line_and_status_when_all_are_as_expected(events: Path) -> None:
    result = demo(events)
    assert result.stdout.splitlines()[-1] == "24 events, 24 as expected"
    assert result.returncode == 0


def test_both_ways_judge_the_same(events: Path) -> None:
    (events / "rest-token" / "token_not_yet_valid.json").write_bytes(
        (events / "rest-token/allow-good.json").read_bytes()
    )
    documents = [json.loads(demo(events, "--json", *way).stdout) for way in ((), ("--in-process",))]
    assert documents[0] == documents[1]
    assert [row["event"] for row in documents[0]["mismatches"]] == ["rest-token/token_not_yet_valid"]


def test_mismatch_is_told_in_full_and_ends_with_status_1(events: Path) -> None:
    (events / "http-simple" / "token_expired.json").rename(events / "http-simple" / "token_too_old.json")
    result = demo(events)
    lines = result.stdout.splitlines()
    assert lines[-1] == "24 events, 23 as expected"
    assert lines[-2].startswith("http-simple/token_too_old: ")
    assert result.returncode == 1


def test_leak_in_the_log_is_reported(events: Path, tmp_path: Path) -> None:
    (tmp_path / "leaky.py").write_text(
        "from authorizer import handler\n"
        "def http(event, context):\n"
        "    print('see', event.get('headers', {}).get('authorization', '').rpartition('.')[2])\n"
        "    return handler.http(event, context)\n"
        "def __getattr__(name):\n"
        "    return getattr(handler, name)\n"
    )
    loaded = load_demo(events, in_process=False)
    environment = replace(loaded.environment, import_paths=(tmp_path,))
    outcomes = replace(loaded, module="leaky", environment=environment).run(lambda _: None)
    leaking = {outcome.label for outcome in outcomes if any(one.startswith("leak") for one in outcome.problems)}
    assert leaking == {f"http-simple/{name}" for name in ("allow-good", "token_expired", "scope_insufficient")}


def test_wrong_settings_are_reported_for_every_event(events: Path) -> None:
    (events / "env.json").write_text('{"Parameters": {"AUTHORIZER_CONFIG": "[require]"}}')
    result = demo(events)
    assert result.stdout.splitlines()[-1] == "24 events, 0 as expected"
    assert "ConfigError" in result.stdout


def test_stray_file_ends_with_status_2(events: Path) -> None:
    (events / "rest-token" / "unheard_of.json").write_text("{}")
    result = demo(events)
    assert result.returncode == 2
    assert result.stderr.splitlines()[-1].startswith("hint: ")


def test_selftest_finds_exactly_what_was_spoiled(events: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert selftest.selftest(events) == 0
    assert "6 spoiled, 6 reported, 0 reported by mistake" in capsys.readouterr().out


@pytest.mark.parametrize("name", QUICK)
def test_scenario_is_as_expected(name: str, keys: KeyRing) -> None:
    assert run_scenario(SCENARIOS[name], SCHEMAS, keys, in_process=False).problems == ()


@pytest.mark.long
@pytest.mark.parametrize("name", sorted(SCENARIOS.keys() - set(QUICK)))
def test_every_scenario_is_as_expected(name: str, keys: KeyRing) -> None:
    assert run_scenario(SCENARIOS[name], SCHEMAS, keys, in_process=False).problems == ()


WRONG_STEPS: dict[str, dict[str, object]] = {
    "reason": {"expect": "token_expired"},
    "within": {"expect": "allow", "within": 0.0001},
    "fetches": {"expect": "allow", "fetches": 0},
    "keys": {"expect": "allow", "keys": "stale"},
}


@pytest.mark.parametrize("respect", WRONG_STEPS)
def test_scenario_that_is_not_as_expected_is_reported(respect: str, tmp_path: Path, keys: KeyRing) -> None:
    document = json.loads((EVENTS / "scenarios" / "keys_status.json").read_text())
    call = {"invoke": {"surface": "http-policy", "token": {"key": "k1"}}} | WRONG_STEPS[respect]
    name = "token_expired" if respect == "reason" else "allow-wrong"
    (tmp_path / f"{name}.json").write_text(json.dumps(document | {"steps": [call]}))
    (scenario,) = load_scenarios(tmp_path, SCHEMAS)
    problems = run_scenario(scenario, SCHEMAS, keys, in_process=True).problems
    assert problems
    assert all(problem.startswith("step 1: ") for problem in problems)
