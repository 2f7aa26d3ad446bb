"""What came of one invocation of a function: the answer or the error, and everything that was written meanwhile."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

GATEWAY_TIMEOUT: Final = "Gateway.Timeout"  # API Gateway did not wait any longer; the function knows nothing of that


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionError:
    """How Lambda reports that a handler raised, could not be loaded or took too long."""

    kind: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Invocation:
    """One invocation. `document` is what Lambda hands to API Gateway: the answer, or the error as a document."""

    document: Any
    error: FunctionError | None
    output: bytes = field(repr=False)  # of the function and of what runs it, both streams
    seconds: float

    @property
    def answer(self) -> Any:
        """The handler's answer; None when it raised."""
        return None if self.error else self.document

    @property
    def log_lines(self) -> tuple[str, ...]:
        """What was written, line by line. The runtime puts \\r between the lines of a traceback: that is one line."""
        return tuple(self.output.decode("utf-8", "replace").split("\n"))

    @property
    def all_bytes(self) -> bytes:
        """Everything that left the function."""
        return self.output + json.dumps(self.document, ensure_ascii=False).encode("utf-8", "surrogatepass")

    @property
    def decision(self) -> Mapping[str, Any] | None:
        """The decision line; None when there is none, or more than one."""
        lines = [line for line in map(_json_object, self.log_lines) if line is not None and "decision" in line]
        return lines[0] if len(lines) == 1 else None


class Function(Protocol):
    """A function that can be invoked, as Lambda does it: one event after another, in one process."""

    def invoke(self, event: bytes) -> Invocation:
        """What came of one event."""
        ...


def read_invocation(body: bytes, output: bytes, seconds: float) -> Invocation:
    """The invocation whose response has this body: JSON, or a text where the runtime was ended."""
    try:
        document = json.loads(body)
    except ValueError:
        text = body.decode("utf-8", "replace")
        document = {"errorType": "Sandbox.Failure", "errorMessage": text}
    return Invocation(document=document, error=_error(document), output=output, seconds=seconds)


def failed(kind: str, message: str, output: bytes, seconds: float) -> Invocation:
    """An invocation that came to nothing."""
    body = json.dumps({"errorType": kind, "errorMessage": message})
    return read_invocation(body.encode(), output, seconds)


def gave_up(patience: float, output: bytes, seconds: float) -> Invocation:
    """An invocation for which API Gateway did not wait any longer."""
    return failed(GATEWAY_TIMEOUT, f"no answer within {patience:.3g} s", output, seconds)


def _error(document: object) -> FunctionError | None:
    if not isinstance(document, dict) or "errorMessage" not in document:
        return None
    return FunctionError(kind=str(document.get("errorType", "")), message=str(document["errorMessage"]))


def _json_object(line: str) -> Mapping[str, Any] | None:
    if not line.startswith("{"):
        return None
    try:
        value = json.loads(line)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None
