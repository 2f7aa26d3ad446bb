"""What people who run `authorizer serve` are told: why a call was refused, what its authorizer decided, what is assumed."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from threading import local
from typing import TYPE_CHECKING, Any

from authorizer.tools.gateway.assumptions import Once
from authorizer.tools.gateway.message import HttpResponse
from authorizer.tools.serve.backend import NOTE_HEADER
from authorizer.tools.terminal import note, without_tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from authorizer.tools.gateway.local_api import LocalApi, Record
    from authorizer.tools.gateway.local_gateway import LocalGateway
    from authorizer.tools.gateway.message import HttpRequest
    from authorizer.tools.gateway.websocket_calls import Connection


class _Last(local):
    record: Record | None = None


@dataclass(slots=True)
class Told:
    """Collects what a call has to tell, and puts it where the server's log finds it. `say` writes a line of its own."""

    say: Callable[[str], Any] = note
    quiet: bool = False
    _last: _Last = field(default_factory=_Last)
    _once: Once = field(init=False)
    _apis: Mapping[str, LocalApi] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._once = Once(self.say)

    def on_call(self, record: Record) -> None:
        """Of the gateway: one call has been answered."""
        self._last.record = record
        api = self._apis.get(record.received.api.logical_id)
        if api is not None:
            self._once.note(record, api)

    def on_output(self, function: str, output: bytes) -> None:
        """Of the functions: what one has written. Decisions of ours are shortened; no token of anybody is shown."""
        for line in () if self.quiet else output.decode("utf-8", "replace").splitlines():
            shown = _shown(line)
            if shown:
                self.say(f"  {function}: {without_tokens(shown)}")

    def watch(self, gateway: LocalGateway) -> Gateway:
        """The gateway, with a note for each call that it refuses."""
        self._apis = {name: calls.api for name, calls in gateway.calls.items()}
        return Gateway(gateway, self)

    def detail(self) -> str:
        """Why the last call of this thread was refused; nothing where it was not. Forgotten once told."""
        record, self._last.record = self._last.record, None
        if record is None or record.failure is None:
            return ""
        return f"{record.failure.type.value}: {record.failure.cause or record.failure.message}"


@dataclass(frozen=True, slots=True)
class Gateway:
    """A gateway whose responses carry a note for the log of the server, which takes it off again."""

    gateway: LocalGateway
    told: Told

    def handle(self, request: HttpRequest) -> HttpResponse:
        """The response with its note."""
        response = self.gateway.handle(request)
        detail = self.told.detail()
        return replace(response, headers=(*response.headers, (NOTE_HEADER, detail))) if detail else response

    def connect(self, request: HttpRequest) -> HttpResponse | Connection:
        """The connection, or the refusal of a handshake with its note."""
        answer = self.gateway.connect(request)
        detail = self.told.detail()
        if not detail or not isinstance(answer, HttpResponse):
            return answer
        return replace(answer, headers=(*answer.headers, (NOTE_HEADER, detail)))


_EMULATOR = " (rapid) "  # its own lines, between a date and what happened
_RUNTIME = ("END RequestId", "START RequestId", "REPORT RequestId", "INIT_REPORT")


def _shown(line: str) -> str:
    """One line of a function's output: nothing for what only the runtime says."""
    if not line.strip() or line.startswith(_RUNTIME) or _EMULATOR in line:
        return ""
    if not line.startswith("{"):
        return line
    try:
        document = json.loads(line)
    except ValueError:
        return line
    if not isinstance(document, dict) or "decision" not in document:
        return line
    told = [str(document.get("message", document["decision"]))]
    told += [f"{name} {document[name]}" for name in ("claim", "expected", "found", "fix") if document.get(name)]
    return "; ".join(told)
