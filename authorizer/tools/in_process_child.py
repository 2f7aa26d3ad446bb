"""The child of `in_process.py`: `python -m authorizer.tools.in_process_child authorizer.handler.rest`.

Events come on standard input, answers go to what was standard output. Whatever the function itself prints goes to
standard error, so that it cannot be taken for an answer.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any, BinaryIO
from uuid import uuid4

from authorizer.clock import stopwatch
from authorizer.tools.frames import frame, next_frame

Handler = Callable[[Any, object], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What Lambda hands to a handler beside the event."""

    aws_request_id: str
    function_name: str
    function_version: str
    memory_limit_in_mb: str
    invoked_function_arn: str
    ends: float

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until the timeout."""
        return max(0, int((self.ends - stopwatch()) * 1000))


def serve(handler: str, requests: BinaryIO, answers: BinaryIO) -> None:
    """Answers events until there are no more."""
    while (event := next_frame(requests)) is not None:
        context = _context()
        answer = _answer(handler, event, context)
        sys.stdout.flush()
        sys.stderr.write(f"END RequestId: {context.aws_request_id}\n")
        sys.stderr.flush()
        answers.write(frame(answer))
        answers.flush()


def _answer(handler: str, event: bytes, context: Context) -> bytes:
    try:
        return json.dumps(_load(handler)(json.loads(event), context), ensure_ascii=False).encode()
    except Exception as error:  # noqa: BLE001  # the runtime's part: whatever a handler raises is the function's error
        trace = traceback.format_exc().replace("\n", "\r")
        sys.stdout.write(f"[ERROR] {type(error).__name__}: {error}\r{trace}\n")
        document = {
            "errorMessage": str(error),
            "errorType": type(error).__name__,
            "requestId": context.aws_request_id,
            "stackTrace": traceback.format_tb(error.__traceback__),
        }
        return json.dumps(document).encode()


def _load(handler: str) -> Handler:
    module, _, attribute = handler.rpartition(".")
    loaded: Handler = getattr(import_module(module), attribute)
    return loaded


def _context() -> Context:
    name = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
    return Context(
        aws_request_id=str(uuid4()),
        function_name=name,
        function_version=os.environ["AWS_LAMBDA_FUNCTION_VERSION"],
        memory_limit_in_mb=os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"],
        invoked_function_arn=f"arn:aws:lambda:{os.environ['AWS_REGION']}:012345678912:function:{name}",
        ends=stopwatch() + int(os.environ["AWS_LAMBDA_FUNCTION_TIMEOUT"]),
    )


def main() -> None:
    """Keeps the way back for answers only, then serves."""
    with os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(2, 1)
        serve(sys.argv[1], sys.stdin.buffer, answers)


if __name__ == "__main__":
    main()
