"""What answers behind a route: a function of the template, API Gateway's own MOCK, or an echo of what would have been sent.

Sources: API Gateway Developer Guide, "Set up Lambda proxy integrations", "Create AWS Lambda proxy integrations for HTTP
APIs" (format of the answer), "Set up mock integrations".
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from authorizer.surface import Api as Kind
from authorizer.tools.gateway.failure import Failure, ResponseType
from authorizer.tools.gateway.message import Headers, HttpResponse, json_response
from authorizer.tools.template.shape import as_map
from authorizer.tools.terminal import without_tokens

if TYPE_CHECKING:
    from collections.abc import Mapping

    from authorizer.tools.gateway.lambda_authorizer import Functions
    from authorizer.tools.invocation import Invocation

TIMED_OUT: Final = "Gateway.Timeout"
PATIENCE: Final[Mapping[Kind, float]] = {Kind.REST: 29.0, Kind.HTTP: 30.0, Kind.WEBSOCKET: 29.0}  # seconds
ECHO_HEADER: Final = ("x-local-gateway", "echo")  # nothing that API Gateway sends


@dataclass(frozen=True, slots=True, kw_only=True)
class Integration:
    """One integration. `function` is None where no function of the template is behind it, for the reason `missing`."""

    kind: Kind
    type: str
    uri: str = ""
    function: str | None = None
    missing: str | None = None
    permitted: bool = True
    payload: str = "1.0"
    given: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def answer(self, event: Mapping[str, Any], functions: Functions) -> HttpResponse:
        """The response; a `Failure` where API Gateway answers itself."""
        if self.type == "MOCK":
            return _mock(self.given)
        if self.function is None:
            return self._echo(event)
        if not self.permitted:
            raise self._failed(
                "API Gateway may not invoke the function: no permission of the template covers the route", 500
            )
        invocation = functions.invoke(self.function, event, PATIENCE[self.kind])
        self._check(invocation)
        if self.kind is Kind.HTTP and self.payload == "2.0":
            return _inferred(invocation.document)
        return self._proxied(invocation.document)

    def _check(self, invocation: Invocation) -> None:
        if invocation.error is None:
            return
        if invocation.error.kind == TIMED_OUT:
            raise self._timed_out()
        raise self._failed(f"the function failed with {invocation.error.kind or 'an error'}")

    def _proxied(self, document: Any) -> HttpResponse:
        if not isinstance(document, dict) or not _is_status(document.get("statusCode")):
            raise self._failed("the function's answer has no statusCode: malformed Lambda proxy response")
        try:
            return _response(document)
        except (TypeError, ValueError):
            raise self._failed("the function's answer has headers or a body of the wrong type") from None

    def _failed(self, cause: str, status: int = 502) -> Failure:
        if self.kind is Kind.HTTP:
            return Failure(type=ResponseType.API_CONFIGURATION_ERROR, message="Internal Server Error", cause=cause)
        kind = ResponseType.INTEGRATION_FAILURE if status == 502 else ResponseType.API_CONFIGURATION_ERROR
        return Failure(type=kind, message="Internal server error", cause=cause)

    def _timed_out(self) -> Failure:
        cause = f"the function took longer than {PATIENCE[self.kind]:g} s"
        if self.kind is Kind.HTTP:
            return Failure(type=ResponseType.UNAVAILABLE, message="Service Unavailable", cause=cause)
        return Failure(type=ResponseType.INTEGRATION_TIMEOUT, message="Endpoint request timed out", cause=cause)

    def _echo(self, event: Mapping[str, Any]) -> HttpResponse:
        """What the integration would have received. Whoever reads it, in a log of tests too, reads no token."""
        said = {"integration": {"type": self.type, "uri": self.uri, "missing": self.missing}, "event": event}
        return json_response(200, _redacted(said), ECHO_HEADER)


def _redacted(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _redacted(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_redacted(one) for one in value]
    return without_tokens(value) if isinstance(value, str) else value


def _is_status(value: object) -> bool:
    text = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    return text.isascii() and text.isdigit() and 100 <= int(text[:4]) <= 599


def _response(document: Mapping[str, Any]) -> HttpResponse:
    body = document.get("body")
    if body is None:
        content = b""
    elif not isinstance(body, str):
        raise TypeError("body")
    else:
        content = base64.b64decode(body) if document.get("isBase64Encoded") is True else body.encode()
    headers = (*_single(document.get("headers")), *_multiple(document.get("multiValueHeaders")), *_cookies(document))
    if not any(name.lower() == "content-type" for name, _ in headers):
        headers = (("Content-Type", "application/json" if content else "text/plain"), *headers)
    return HttpResponse(status=int(document["statusCode"]), headers=headers, body=content)


def _single(given: Any) -> Headers:
    return tuple((str(name), _scalar(value)) for name, value in (given or {}).items())


def _multiple(given: Any) -> Headers:
    return tuple((str(name), _scalar(value)) for name, values in (given or {}).items() for value in values)


def _cookies(document: Mapping[str, Any]) -> Headers:
    return tuple(("set-cookie", _scalar(one)) for one in document.get("cookies") or ())


def _scalar(value: Any) -> str:
    if isinstance(value, dict | list):
        raise TypeError("header")
    return json.dumps(value) if isinstance(value, bool) else str(value)


def _inferred(document: Any) -> HttpResponse:
    """Payload format 2.0: what has no statusCode is the body of a 200."""
    if isinstance(document, dict) and _is_status(document.get("statusCode")):
        try:
            return _response(document)
        except (TypeError, ValueError):
            failure = Failure(type=ResponseType.API_CONFIGURATION_ERROR, message="Internal Server Error")
            failure.cause = "the function's answer has headers or a body of the wrong type"
            raise failure from None
    if isinstance(document, str):
        return HttpResponse(status=200, headers=(("content-type", "application/json"),), body=document.encode())
    return json_response(200, document)


def _mock(given: Mapping[str, Any]) -> HttpResponse:
    """Its default response: status, static headers, and a template of a body without variables."""
    said = {name.lower(): value for name, value in given.items()}
    responses = as_map(said.get("responses"))
    chosen = as_map(responses.get("default") or next(iter(responses.values()), {}))
    if not responses:
        listed = said.get("integrationresponses") or [{}]
        chosen = as_map(listed[0])
    response = {name.lower(): value for name, value in chosen.items()}
    headers = [
        (name.removeprefix("method.response.header."), str(value).strip("'"))
        for name, value in as_map(response.get("responseparameters")).items()
        if str(value).startswith("'")
    ]
    templates = as_map(response.get("responsetemplates"))
    kind, body = next(iter(templates.items()), ("application/json", ""))
    named = (("Content-Type", str(kind)), *headers)
    return HttpResponse(status=int(response.get("statuscode") or 200), headers=named, body=str(body).strip().encode())
