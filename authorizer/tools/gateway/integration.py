"""What answers behind a route: a function of the template, API Gateway's own MOCK, or an echo of what would have been sent.

Sources: API Gateway Developer Guide, "Set up Lambda proxy integrations", "Create AWS Lambda proxy integrations for HTTP
APIs" (format of the answer; 2.0 has cookies, and no headers with several values), "Set up mock integrations".
"""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from authorizer.surface import Api as Kind
from authorizer.tools.gateway.failure import Failure, ResponseType
from authorizer.tools.gateway.message import HttpResponse, as_bytes, as_header, json_response
from authorizer.tools.invocation import GATEWAY_TIMEOUT
from authorizer.tools.template.shape import as_list, as_map, as_number
from authorizer.tools.terminal import without_tokens

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from authorizer.tools.gateway.lambda_authorizer import Functions
    from authorizer.tools.gateway.message import Headers
    from authorizer.tools.invocation import Invocation

PATIENCE: Final[Mapping[Kind, float]] = {Kind.REST: 29.0, Kind.HTTP: 30.0, Kind.WEBSOCKET: 29.0}  # seconds
ECHO_HEADER: Final = ("x-local-gateway", "echo")  # nothing that API Gateway sends
_JSON: Final = ("content-type", "application/json")
_SECRET: Final = {"authorization", "cookie", "cookies", "x-api-key"}
_CREDENTIAL: Final = re.compile(r"\A([A-Za-z][A-Za-z0-9-]* )?.*\Z", re.DOTALL)  # a scheme may be seen
_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110 section 5.6.2
_STATUSES: Final = range(200, 600)


class _MalformedError(Exception):
    """No proxy answer: the text says what is wrong, and repeats nothing of it."""


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
        try:
            invocation = functions.invoke(self.function, event, PATIENCE[self.kind])
            self._check(invocation)
            return self._read(invocation.document)
        except _MalformedError as error:
            raise self._failed(f"malformed Lambda proxy response: {error}") from None
        except (RecursionError, ValueError):  # nested more deeply, or a number with more digits, than anybody can read
            raise self._failed("the function was given, or answered, what cannot be read") from None

    def _check(self, invocation: Invocation) -> None:
        if invocation.error is None:
            return
        if invocation.error.kind == GATEWAY_TIMEOUT:
            raise self._timed_out()
        raise self._failed(f"the function failed with {invocation.error.kind or 'an error'}")

    def _read(self, document: Any) -> HttpResponse:
        """In payload format 2.0 what has no statusCode is the body of a 200."""
        second = self.kind is Kind.HTTP and self.payload == "2.0"
        if not second or (isinstance(document, dict) and "statusCode" in document):
            usual = "text/plain;charset=utf-8" if self.kind is Kind.HTTP else "application/json"
            return _proxied(document, second=second, content_type=usual)
        if isinstance(document, str):
            return HttpResponse(status=200, headers=(_JSON,), body=as_bytes(document))
        return json_response(200, document)

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


def _redacted(value: Any, *, secret: bool = False) -> Any:
    """Without JWTs anywhere, and without what is in the headers that are there for credentials."""
    if isinstance(value, dict):
        named = ((str(name), one) for name, one in value.items())
        return {without_tokens(name): _redacted(one, secret=name.lower() in _SECRET) for name, one in named}
    if isinstance(value, list):
        return [_redacted(one, secret=secret) for one in value]
    if not isinstance(value, str):
        return value
    return _CREDENTIAL.sub(r"\1[a credential]", value) if secret else without_tokens(value)


def _proxied(document: Any, *, second: bool, content_type: str) -> HttpResponse:
    """The response; `_MalformedError` otherwise. `second`: in format 2.0. `content_type` counts where none is given."""
    if not isinstance(document, dict):
        raise _MalformedError("no object")
    headers = tuple(_second(document) if second else _first(document))
    if not any(name.lower() == "content-type" for name, _ in headers):
        headers = (("Content-Type", content_type), *headers)
    return HttpResponse(status=_status(document.get("statusCode")), headers=headers, body=_body(document))


def _status(given: Any) -> int:
    """A number, also as text."""
    text = str(given) if type(given) is str or (type(given) is int and given in _STATUSES) else ""
    if re.fullmatch(r"[2-5][0-9]{2}", text, re.ASCII) is None:
        raise _MalformedError("no statusCode from 200 to 599")
    return int(text)


def _body(document: Mapping[str, Any]) -> bytes:
    body = document.get("body")
    if body is None:
        return b""
    if not isinstance(body, str):
        raise _MalformedError("a body that is no text")
    if document.get("isBase64Encoded") is not True:
        return as_bytes(body)
    try:
        return base64.b64decode(body, validate=True)
    except ValueError:
        raise _MalformedError("a body that is not in Base64") from None


def _first(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Both kinds of headers; a pair that is in both is sent once."""
    several = list(_several(document.get("multiValueHeaders")))
    yield from (pair for pair in _headers(document.get("headers")) if pair not in several)
    yield from several


def _second(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield from _headers(document.get("headers"))
    yield from (("set-cookie", _text(one)) for one in _listed(document.get("cookies") or []))


def _several(given: Any) -> Iterator[tuple[str, str]]:
    for name, values in _table(given):
        yield from ((name, _text(one)) for one in _listed(values))


def _headers(given: Any) -> Headers:
    return tuple((name, _text(value)) for name, value in _table(given) if value is not None)


def _table(given: Any) -> list[tuple[str, Any]]:
    if given is not None and not isinstance(given, dict):
        raise _MalformedError("headers that are no object")
    named = [(str(name), value) for name, value in (given or {}).items()]
    if not all(_NAME.fullmatch(name) for name, _ in named):
        raise _MalformedError("a header without a name that could be sent")
    return named


def _listed(given: Any) -> list[Any]:
    if not isinstance(given, list):
        raise _MalformedError("values of a header, or cookies, that are no list")
    return given


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return json.dumps(value)
    if not isinstance(value, str | int | float):
        raise _MalformedError("the value of a header that is no text, number or boolean")
    return as_header(str(value))


def _mock(given: Mapping[str, Any]) -> HttpResponse:
    """Its default response: status, static headers, and a template of a body without variables."""
    said = _lowered(given)
    responses = as_map(said.get("responses"))
    listed = as_list(said.get("integrationresponses"))
    chosen = responses.get("default") or next(iter([*responses.values(), *listed]), None)
    response = _lowered(as_map(chosen))
    headers = [
        (name.removeprefix("method.response.header."), as_header(str(value).strip("'")))
        for name, value in as_map(response.get("responseparameters")).items()
        if str(value).startswith("'")
    ]
    kind, body = next(iter(as_map(response.get("responsetemplates")).items()), ("application/json", ""))
    status = as_number(response.get("statuscode"))
    named = (("Content-Type", str(kind)), *headers)
    return HttpResponse(
        status=status if isinstance(status, int) and status in _STATUSES else 200,
        headers=named,
        body=as_bytes(str(body).strip()),
    )


def _lowered(given: Mapping[str, Any]) -> dict[str, Any]:
    return {str(name).lower(): value for name, value in given.items()}
