"""The child of `in_process.py`, which hands it the name of a handler such as `authorizer.handler.rest`.

Events come on what was standard input, answers go to what was standard output. Whatever the function itself prints goes to
standard error, so that it cannot be taken for an answer. Errors have the names that Lambda's runtime gives them.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from importlib import import_module
from importlib.machinery import PathFinder
from typing import Any, BinaryIO
from uuid import uuid4

from authorizer.clock import stopwatch
from authorizer.tools.frames import frame, next_frame

Handler = Callable[[Any, Any], Any]

_PACKAGE = "authorizer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What Lambda hands to a handler beside the event."""

    aws_request_id: str
    function_name: str
    function_version: str
    memory_limit_in_mb: str
    invoked_function_arn: str
    ends: float
    log_group_name: str | None = None
    log_stream_name: str | None = None
    identity: object = None
    client_context: object = None

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until the timeout."""
        return max(0, int((self.ends - stopwatch()) * 1000))


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a handler answered, or the error as a document, and what the runtime writes about an error."""

    body: bytes
    log: bytes = b""


class Fault(Exception):
    """An error of the runtime's own, with the name that it has there."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


def serve(handler: str, requests: BinaryIO, answers: BinaryIO) -> None:
    """Answers events until there are no more. An empty message before the first answer says that the function is loaded."""
    function: Handler | None = None

    def load() -> Handler:
        nonlocal function
        if function is None:
            function = _load(handler)
            _send(answers, b"")
        return function

    while (event := next_frame(requests)) is not None:
        context = new_context(os.environ)
        answer = answered(load, event, context)
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError):  # the function may have closed it
                stream.flush()
        os.write(2, answer.log + f"END RequestId: {context.aws_request_id}\n".encode())
        _send(answers, answer.body)


def _send(answers: BinaryIO, message: bytes) -> None:
    answers.write(frame(message))
    answers.flush()


def answered(load: Callable[[], Handler], event: bytes, context: Context) -> Answer:
    """What a handler answers to an event, or the error that Lambda would make of what it raises."""
    try:
        return Answer(body=_marshalled(load()(json.loads(event), context)))
    except Exception as error:  # noqa: BLE001  # the runtime's part: whatever a handler raises is the function's error
        kind = error.kind if isinstance(error, Fault) else type(error).__name__
        trace = traceback.format_exc().replace("\n", "\r")
        document = {
            "errorMessage": str(error),
            "errorType": kind,
            "requestId": context.aws_request_id,
            "stackTrace": traceback.format_tb(error.__traceback__),
        }
        log = f"[ERROR] {kind}: {error}\r{trace}\n".encode("utf-8", "backslashreplace")
        return Answer(body=json.dumps(document).encode(), log=log)


def new_context(variables: Mapping[str, str]) -> Context:
    """The context of an invocation that begins now, in an environment with these variables."""
    name, region = variables["AWS_LAMBDA_FUNCTION_NAME"], variables["AWS_REGION"]
    return Context(
        aws_request_id=str(uuid4()),
        function_name=name,
        function_version=variables["AWS_LAMBDA_FUNCTION_VERSION"],
        memory_limit_in_mb=variables["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"],
        invoked_function_arn=f"arn:aws:lambda:{region}:012345678912:function:{name}",
        ends=stopwatch() + int(variables["AWS_LAMBDA_FUNCTION_TIMEOUT"]),
        log_group_name=variables.get("AWS_LAMBDA_LOG_GROUP_NAME"),
        log_stream_name=variables.get("AWS_LAMBDA_LOG_STREAM_NAME"),
    )


def _marshalled(answer: object) -> bytes:
    if isinstance(answer, bytes):
        return answer
    try:
        return json.dumps(answer, ensure_ascii=False, default=_number).encode()
    except Exception as error:
        raise Fault("Runtime.MarshalError", f"Unable to marshal response: {error}") from error


def _number(value: object) -> float:
    """DynamoDB's numbers, which Lambda's runtime writes too."""
    if not isinstance(value, Decimal):
        raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")
    return int(value) if value.is_finite() and value == value.to_integral_value() else float(value)


def _load(handler: str) -> Handler:
    name, dot, attribute = handler.rpartition(".")
    if not dot:
        raise Fault("Runtime.MalformedHandlerName", f"Bad handler '{handler}': it has no dot")
    try:
        module = import_module(name.replace("/", "."))
    except ImportError as error:
        raise Fault("Runtime.ImportModuleError", f"Unable to import module '{name}': {error}") from error
    except SyntaxError as error:
        raise Fault("Runtime.UserCodeSyntaxError", f"Syntax error in module '{name}': {error}") from error
    try:
        loaded: Handler = getattr(module, attribute)
    except AttributeError as error:
        raise Fault("Runtime.HandlerNotFound", f"Handler '{attribute}' missing on module '{name}'") from error
    return loaded


def _make_way() -> None:
    """Forgets this package where the function has an `authorizer` of its own, a usual name for such a function."""
    found = PathFinder.find_spec(_PACKAGE)
    origin = found.origin if found else None
    if origin is None or os.path.realpath(origin) == os.path.realpath(str(sys.modules[_PACKAGE].__file__)):
        return
    for name in [name for name in sys.modules if name.partition(".")[0] == _PACKAGE]:
        del sys.modules[name]


def main() -> None:
    """Keeps both pipes for events and answers only, then serves."""
    _make_way()
    with os.fdopen(os.dup(0), "rb") as requests, os.fdopen(os.dup(1), "wb") as answers:
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.close(nothing)
        os.dup2(2, 1)
        serve(sys.argv[1], requests, answers)


if __name__ == "__main__":
    main()
