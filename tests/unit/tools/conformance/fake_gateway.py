"""A small gateway on a port of its own: it remembers what it got, and answers as it is told."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from authorizer.tools.conformance.row import Call, Confidence, Expected, Row
from authorizer.tools.gateway.message import HttpResponse, json_response
from authorizer.tools.serve.application import application
from authorizer.tools.serve.line_log import LineLog
from authorizer.tools.serve.server import Server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from authorizer.tools.gateway.message import HttpRequest

API: Final = "TokenRestApi"
SECRET: Final = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl"
STAND_IN: Final = {"name": "pool", "kind": "cognito", "clients": [{"id": "client"}]}


def fine(_: HttpRequest) -> HttpResponse:
    """What a gateway without any authorizer answers."""
    return json_response(200, {})


class FakeGateway:
    """One API at `/api/v1`, local issuers, and a cache to be flushed."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse] = fine, *apis: str) -> None:
        self.answer = answer
        self.requests: list[HttpRequest] = []
        self.forms: list[str] = []
        self.flushed = 0
        self._apis = apis or (API,)

    def handle(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/":
            return json_response(200, {"apis": [{"name": name, "paths": ["/api/v1"]} for name in self._apis]})
        if request.path == "/_cache":
            self.flushed += 1
            return HttpResponse(status=204)
        if request.path.startswith("/_issuer/"):
            return self._of_issuer(request)
        self.requests.append(request)
        return self.answer(request)

    def connect(self, request: HttpRequest) -> HttpResponse | FakeConnection:
        self.requests.append(request)
        answer = self.answer(request)
        return FakeConnection() if answer.status == 200 else answer

    def _of_issuer(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/_issuer/":
            return json_response(200, [STAND_IN])
        self.forms.append(request.body.decode())
        if "broken=unheard_of" in self.forms[-1]:
            return json_response(400, {"error": "invalid_request", "error_description": "there is no such reason"})
        return json_response(200, {"access_token": SECRET})


class FakeConnection:
    """Repeats every message."""

    id = "c1"

    def receive(self, text: str) -> Sequence[str]:
        return [text]

    def disconnect(self, code: int) -> None:
        pass


@contextmanager
def served(gateway: FakeGateway) -> Iterator[str]:
    """The URL of a server around it."""
    log = LineLog(quiet=True)
    with Server(application(gateway, gateway, log=log), port=0, log=log) as server:
        yield server.url


def row(**changed: Any) -> Row:
    """A row that a gateway without authorizers fulfils, but for what is changed."""
    given: dict[str, Any] = {
        "id": "a-row",
        "says": "something",
        "api": API,
        "call": Call(path="/a"),
        "expected": Expected(status=200),
        "source": "AWS: a page",
        "confidence": Confidence.DOC,
    }
    return Row(**given | changed)
