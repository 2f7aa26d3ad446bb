"""What REST APIs answer where something goes wrong: status, headers and body, by default and as an API sets them.

Source: API Gateway Developer Guide, "Gateway responses in API Gateway", "x-amazon-apigateway-gateway-responses"; the bodies
and `x-amzn-ErrorType` are those of captured responses.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from authorizer.tools.gateway.message import HttpResponse, as_bytes, as_header
from authorizer.tools.template.shape import as_map, as_number, as_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from authorizer.tools.gateway.failure import Failure
    from authorizer.tools.gateway.names import Names
    from authorizer.tools.gateway.received import Received
    from authorizer.tools.template import Api, Document

_VARIABLE: Final = re.compile(r"\$(\{)?(context|stageVariables)\.([\w-]+(?:\.[\w-]+)*)(?(1)\})")
_STATUSES: Final = range(200, 600)
_JSON: Final = "application/json"
_HEADER: Final = "gatewayresponse.header."
_BODY: Final = "x-amazon-apigateway-gateway-responses"
_RESOURCE: Final = "AWS::ApiGateway::GatewayResponse"


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomResponse:
    """What an API sets for one type of response; `status` is None where it keeps the usual one."""

    status: int | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)
    templates: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GatewayResponses:
    """All that an API sets, by type."""

    custom: Mapping[str, CustomResponse] = field(default_factory=dict)

    def response(self, failure: Failure, received: Received, variables: Mapping[str, Any]) -> HttpResponse:
        """What the client gets. `variables` are those of `$context`, what an authorizer said among them."""
        usual = _usual_headers(failure, received)
        custom = self._custom(failure)
        body = _compact({"Message" if failure.capital else "message": failure.message})
        if custom is None:
            return _response(failure.type.status, usual, {}, body, _JSON)
        variables = {**variables, **_of_error(failure)}
        content_type, template = _chosen(custom.templates, received)
        if template is not None:
            body = _filled(template, variables, received.stage_variables)
        own = {name: _parameter(text, received, variables) for name, text in custom.parameters.items()}
        return _response(custom.status or failure.type.status, usual, own, body, content_type)

    def _custom(self, failure: Failure) -> CustomResponse | None:
        default = failure.type.default
        if default is None:
            return None
        return self.custom.get(failure.type.value) or self.custom.get(default)


def gateway_responses(api: Api, document: Document, names: Names) -> GatewayResponses:
    """What the template sets for an API: in the body of the API, and as resources of their own."""
    found = {str(kind): _custom(as_map(one), names) for kind, one in as_map(api.body.get(_BODY)).items()}
    for one in document.resources.values():
        if one.type == _RESOURCE and names.text(one.properties.get("RestApiId")) == names.of(api.logical_id):
            found[names.text(one.properties.get("ResponseType"))] = _custom(one.properties, names)
    return GatewayResponses(found)


def _custom(given: Mapping[str, Any], names: Names) -> CustomResponse:
    said = {name.lower(): names.value(value) for name, value in given.items()}
    status = as_number(said.get("statuscode"))
    return CustomResponse(
        status=status if isinstance(status, int) and status in _STATUSES else None,
        parameters=dict(_texts(said.get("responseparameters"))),
        templates=dict(_texts(said.get("responsetemplates"))),
    )


def _texts(given: object) -> Iterable[tuple[str, str]]:
    return ((str(name), str(as_text(value) or "")) for name, value in as_map(given).items())


def _compact(document: Mapping[str, str | None]) -> str:
    return json.dumps(document, separators=(",", ":"))


def _usual_headers(failure: Failure, received: Received) -> dict[str, str]:
    found = {"x-amzn-RequestId": received.request_id, "x-amz-apigw-id": received.extended_request_id}
    return found | {"x-amzn-ErrorType": failure.type.error_type} if failure.type.error_type else found


def _of_error(failure: Failure) -> dict[str, Any]:
    return {
        "error.message": failure.message or "",
        "error.messageString": json.dumps(failure.message),
        "error.responseType": failure.type.value,
        "error.validationErrorString": "",
    }


def _chosen(templates: Mapping[str, str], received: Received) -> tuple[str, str | None]:
    """By the client's `Accept`, else JSON, else the first."""
    accepted = [one.partition(";")[0].strip() for one in (received.request.header("Accept") or "").split(",")]
    for content_type in (*accepted, _JSON, *templates):
        if content_type in templates:
            return content_type, templates[content_type]
    return _JSON, None


def _filled(template: str, variables: Mapping[str, Any], stage_variables: Mapping[str, str]) -> str:
    """The template with its variables; there is nothing else in it, and what is not known is empty."""

    def value(match: re.Match[str]) -> str:
        return str((variables if match[2] == "context" else stage_variables).get(match[3], ""))

    return _VARIABLE.sub(value, template)


def _parameter(text: str, received: Received, variables: Mapping[str, Any]) -> str:
    """The value of a header: a text in single quotes, or a part of the request."""
    if text.startswith("'") and text.endswith("'") and len(text) > 1:
        return text[1:-1]
    kind, _, name = text.partition(".")
    if kind in ("context", "stageVariables"):
        return str((variables if kind == "context" else received.stage_variables).get(name, ""))
    place, _, name = text.removeprefix("method.request.").partition(".")
    if place == "header":
        return received.request.header(name) or ""
    return dict(received.query if place == "querystring" else received.parameters.items()).get(name, "")


def _response(
    status: int, usual: Mapping[str, str], own: Mapping[str, str], body: str, content_type: str
) -> HttpResponse:
    named = {name.removeprefix(_HEADER): as_header(value) for name, value in own.items()}
    taken = {name.lower() for name in named}
    headers = {"Content-Type": content_type, **usual}
    kept = [(name, value) for name, value in headers.items() if name.lower() not in taken]
    return HttpResponse(status=status, headers=(*kept, *named.items()), body=as_bytes(body))
