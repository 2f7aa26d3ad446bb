"""A function in a process of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from authorizer.tools.function_environment import FunctionEnvironment
from authorizer.tools.in_process import InProcess

if TYPE_CHECKING:
    from pathlib import Path

FUNCTION = """
import json, os, sys, time

def echo(event, context):
    print("to standard output")
    print("to standard error", file=sys.stderr)
    return {"event": event, "pid": os.getpid(), "id": context.aws_request_id}

def fail(event, context):
    raise ValueError("wrong")

def end(event, context):
    os._exit(3)

def nothing(event, context):
    return b""

def sleep(event, context):
    time.sleep(event)
"""


@pytest.fixture
def environment(tmp_path: Path) -> FunctionEnvironment:
    (tmp_path / "sample_function.py").write_text(FUNCTION)
    return FunctionEnvironment(variables={}, import_paths=(tmp_path,), timeout=1)


def test_one_process_answers_many_events(environment: FunctionEnvironment) -> None:
    with InProcess("sample_function.echo", environment) as function:
        answers = [function.invoke(b'{\n"a": %d}' % number).answer for number in range(3)]
    assert [answer["event"] for answer in answers] == [{"a": 0}, {"a": 1}, {"a": 2}]
    assert len({answer["pid"] for answer in answers}) == 1
    assert len({answer["id"] for answer in answers}) == 3


def test_output_belongs_to_its_invocation(environment: FunctionEnvironment) -> None:
    with InProcess("sample_function.echo", environment) as function:
        outputs = [function.invoke(b"{}").output for _ in range(2)]
    for output in outputs:
        assert output.count(b"to standard output") == output.count(b"to standard error") == 1


def test_raised_error_is_a_document_as_on_lambda(environment: FunctionEnvironment) -> None:
    with InProcess("sample_function.fail", environment) as function:
        result = function.invoke(b"{}")
    assert (result.document["errorType"], result.document["errorMessage"]) == ("ValueError", "wrong")
    assert b"Traceback" in result.output


@pytest.mark.parametrize("handler", ["no_such_module.echo", "sample_function.no_such_function"])
def test_function_that_cannot_be_loaded_is_an_error(environment: FunctionEnvironment, handler: str) -> None:
    with InProcess(handler, environment) as function:
        assert function.invoke(b"{}").error is not None


def test_function_that_ends_its_process_is_an_error_and_starts_anew(environment: FunctionEnvironment) -> None:
    with InProcess("sample_function.end", environment) as function:
        errors = [function.invoke(b"{}").error for _ in range(2)]
    assert [error and error.kind for error in errors] == ["Sandbox.Failure"] * 2


def test_function_that_takes_too_long_is_ended(environment: FunctionEnvironment) -> None:
    with InProcess("sample_function.sleep", environment) as function:
        function.invoke(b"0")
        result = function.invoke(b"60")
        assert result.error is not None
        assert "timed out" in result.error.message
        assert function.invoke(b"0").error is None


def test_timeout_holds_in_the_first_invocation_too(environment: FunctionEnvironment) -> None:
    with InProcess("sample_function.sleep", environment) as function:
        result = function.invoke(b"3")
    assert result.error is not None
    assert "timed out after 1.00 seconds" in result.error.message


def test_time_to_load_the_function_is_not_its_timeout(environment: FunctionEnvironment) -> None:
    slow = "import time\ntime.sleep(1.3)\nfrom sample_function import echo\n"
    environment.import_paths[0].joinpath("slow_function.py").write_text(slow)
    with InProcess("slow_function.echo", environment) as function:
        assert function.invoke(b"{}").error is None


def test_empty_answer_is_not_taken_for_the_word_that_the_function_is_loaded(environment: FunctionEnvironment) -> None:
    with InProcess("sample_function.nothing", environment) as function:
        errors = [function.invoke(b"{}").error for _ in range(2)]
    assert [error and error.message for error in errors] == ["", ""]  # no JSON, and no timeout
