"""Callables in place of functions, in this very process."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

from authorizer.tools.local_functions.local_functions import LocalFunctions
from authorizer.tools.local_functions.setup import Override, Setup
from tests.unit.tools.local_functions.projects import document, sam_function

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from authorizer.tools.invocation import Invocation

ELSEWHERE = "arn:aws:lambda:eu-west-1:123456789012:function:elsewhere"


def invoke(folder: Path, override: Override, event: Mapping[str, Any] | None = None, name: str = "One") -> Invocation:
    one = sam_function(CodeUri="s3://bucket/key", FunctionName="orders", Timeout=7, MemorySize=256)
    with LocalFunctions(document(folder, One=one), Setup(overrides={name: override})) as functions:
        assert functions.has(name)
        return functions.invoke(name, event or {}, 1.0)


@pytest.mark.parametrize("name", ["One", "orders", ELSEWHERE])
def test_callable_is_called_here(tmp_path: Path, name: str) -> None:
    assert invoke(tmp_path, lambda event, _: [event, os.getpid()], {"a": 1}, name).answer == [{"a": 1}, os.getpid()]


def test_override_by_name_counts_for_the_logical_id(tmp_path: Path) -> None:
    read = document(tmp_path, One=sam_function(CodeUri="s3://bucket/key", FunctionName="orders"))
    with LocalFunctions(read, Setup(overrides={"orders": lambda *_: 1})) as functions:
        assert functions.has("One")
        assert functions.invoke("One", {}, 1.0).answer == 1


def test_event_and_answer_are_copies(tmp_path: Path) -> None:
    event, answer = {"list": [1]}, {"list": [2]}

    def override(event: dict[str, list[int]], _: object) -> object:
        event["list"].append(3)
        return answer

    result = invoke(tmp_path, override, event)
    assert event == {"list": [1]}
    assert result.answer == answer
    assert result.answer is not answer


def test_context_is_that_of_the_function(tmp_path: Path) -> None:
    def override(_: object, context: Any) -> object:
        assert 0 < context.get_remaining_time_in_millis() <= 7000
        return [context.function_name, context.memory_limit_in_mb]

    assert invoke(tmp_path, override).answer == ["orders", "256"]


def test_exception_is_the_functions_error(tmp_path: Path) -> None:
    def override(_: object, __: object) -> object:
        raise LookupError("nothing")

    result = invoke(tmp_path, override)
    assert result.error is not None
    assert (result.error.kind, result.error.message) == ("LookupError", "nothing")
    assert b"Traceback" in result.output


@pytest.mark.parametrize("answer", [object(), {1, 2}, {("a", "b"): 1}, "\ud800"])
def test_answer_that_is_no_json_is_the_functions_error(tmp_path: Path, answer: object) -> None:
    result = invoke(tmp_path, lambda *_: answer)
    assert result.error is not None
    assert result.error.kind == "Runtime.MarshalError"
