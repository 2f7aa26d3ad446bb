"""The real Lambda runtime emulator: what it answers, what it writes, and that nothing of it remains."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from authorizer.testing import SigningKey, http_v2, mint, rest_token
from authorizer.tools.cli import commands, run
from authorizer.tools.emulator import Emulator
from authorizer.tools.function_environment import FunctionEnvironment
from authorizer.tools.in_process import InProcess
from authorizer.tools.terminal import CommandError
from tests.unit.tools.sample_project import YEAR_2100, settings

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the emulator runs on Linux only")

FUNCTION = """
import json, os, subprocess, sys, time

def echo(event, context):
    print("to standard output")
    print("to standard error", file=sys.stderr)
    return {"event": event, "environment": dict(os.environ), "pid": os.getpid()}

def fail(event, context):
    raise ValueError("wrong")

def sleep(event, context):
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    print(f"pid {child.pid}", flush=True)
    time.sleep(event)
"""


@pytest.fixture
def environment(tmp_path: Path) -> FunctionEnvironment:
    (tmp_path / "emulated_function.py").write_text(FUNCTION)
    return FunctionEnvironment(variables={"GIVEN": "1"}, import_paths=(tmp_path,), timeout=1)


@pytest.fixture(scope="module")
def key() -> SigningKey:
    return SigningKey.generate("ES256")


@pytest.fixture
def authorizer(key: SigningKey) -> FunctionEnvironment:
    return FunctionEnvironment(variables={"AUTHORIZER_CONFIG": settings(key)})


def processes_with(argument: str) -> list[int]:
    """The processes that have this text in their command line."""
    found = []
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if argument.encode() in file.read_bytes():
                found.append(int(file.parent.name))
        except OSError:
            continue  # it ended while we looked
    return found


def test_one_process_answers_many_events(environment: FunctionEnvironment) -> None:
    with Emulator("emulated_function.echo", environment) as function:
        answers = [function.invoke(b'{\n"a": %d}' % number).answer for number in range(3)]
    assert [answer["event"] for answer in answers] == [{"a": 0}, {"a": 1}, {"a": 2}]
    assert len({answer["pid"] for answer in answers}) == 1


def test_function_sees_the_given_environment_only(
    environment: FunctionEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTHORIZER_CONFIG", "the user's")
    with Emulator("emulated_function.echo", environment) as function:
        seen = function.invoke(b"{}").answer["environment"]
    assert seen["GIVEN"] == "1"
    assert "the user's" not in seen.values()


def test_output_of_both_streams_belongs_to_its_invocation(environment: FunctionEnvironment) -> None:
    with Emulator("emulated_function.echo", environment) as function:
        outputs = [function.invoke(b"{}").output for _ in range(5)]
    for output in outputs:
        assert output.count(b"to standard output") == output.count(b"to standard error") == 1
        assert output.count(b"REPORT RequestId: ") == 1


def test_raised_error_is_told(environment: FunctionEnvironment) -> None:
    with Emulator("emulated_function.fail", environment) as function:
        result = function.invoke(b"{}")
    assert result.answer is None
    assert (result.document["errorType"], result.document["errorMessage"]) == ("ValueError", "wrong")


def test_function_that_cannot_be_loaded_is_told(environment: FunctionEnvironment) -> None:
    with Emulator("emulated_function.missing", environment) as function:
        errors = [function.invoke(b"{}").error for _ in range(2)]
    assert None not in errors


def test_function_that_takes_too_long_is_ended(environment: FunctionEnvironment) -> None:
    with Emulator("emulated_function.sleep", environment) as function:
        result = function.invoke(b"60")
        assert result.error is not None
        assert "timed out" in result.error.message
        assert function.invoke(b"0").error is None


def test_nothing_remains(environment: FunctionEnvironment) -> None:
    with Emulator("emulated_function.sleep", environment) as function:
        function.invoke(b"0")
        assert processes_with("emulated_function.sleep")
    assert processes_with("emulated_function.sleep") == []


def test_nothing_remains_of_what_the_function_started(environment: FunctionEnvironment) -> None:
    with Emulator("emulated_function.sleep", environment) as function:
        lines = function.invoke(b"0").log_lines
    (pid,) = [line.removeprefix("pid ") for line in lines if line.startswith("pid ")]
    assert not Path(f"/proc/{pid}/exe").exists()


def test_emulator_that_does_not_start_is_told(environment: FunctionEnvironment, tmp_path: Path) -> None:
    broken = FunctionEnvironment(variables={}, task_root=tmp_path / "none")
    with pytest.raises((CommandError, OSError)), Emulator("emulated_function.echo", broken):
        pass


@pytest.mark.parametrize("place", [Emulator, InProcess])
def test_both_ways_give_the_same_answers(
    place: Callable[..., Emulator | InProcess], authorizer: FunctionEnvironment, key: SigningKey
) -> None:
    tokens = (mint(key, exp=YEAR_2100), mint(key, exp=1000), None)
    with place("authorizer.handler.http", authorizer) as function:
        results = [function.invoke(json.dumps(http_v2(token)).encode()) for token in tokens]
    assert [result.answer["isAuthorized"] for result in results] == [True, False, False]
    reasons = [(result.decision or {}).get("reason") for result in results]
    assert reasons == [None, "token_expired", "credential_missing"]


def test_invoke_uses_the_emulator(tmp_path: Path, key: SigningKey) -> None:
    (tmp_path / "event.json").write_text(json.dumps(http_v2(mint(key, exp=1000))))
    (tmp_path / "settings.toml").write_text(settings(key))
    arguments = ["invoke", str(tmp_path / "event.json"), "--config", str(tmp_path / "settings.toml")]
    assert run(commands, "authorizer", arguments) == 1


@pytest.mark.parametrize("place", [Emulator, InProcess])
def test_unauthorized_is_raised_with_exactly_that_text(
    place: Callable[..., Emulator | InProcess], authorizer: FunctionEnvironment, key: SigningKey
) -> None:
    with place("authorizer.handler.rest", authorizer) as function:
        result = function.invoke(json.dumps(rest_token(mint(key, exp=1000))).encode())
    assert result.error is not None
    assert result.error.message == "Unauthorized"
    assert (result.decision or {})["reason"] == "token_expired"
