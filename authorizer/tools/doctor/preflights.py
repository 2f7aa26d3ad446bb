"""What a REST API answers to the preflights of browsers, and which headers its refusals have.

Sources: API Gateway Developer Guide, "CORS for REST APIs in API Gateway"; Fetch standard, "CORS protocol".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from authorizer.tools.doctor.told import is_sam, told, written
from authorizer.tools.template import Authorization, Place
from authorizer.tools.template.shape import as_list, as_map, as_number, as_text, properties_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from authorizer.tools.doctor.view import View
    from authorizer.tools.template import Api, ApiRoute

OPTIONS: Final = "OPTIONS"
ORIGIN: Final = "access-control-allow-origin"
_HEADER: Final = "method.response.header."
_OF_REFUSAL: Final = "gatewayresponse.header."
_BODY: Final = "x-amazon-apigateway-gateway-responses"
_RESOURCE: Final = "AWS::ApiGateway::GatewayResponse"
_MAPPED: Final = ("integration.response.", "context.", "stageVariables.", "method.request.")
_GUARDS: Final = (Authorization.CUSTOM, Authorization.JWT, Authorization.COGNITO_USER_POOLS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preflight:
    """An OPTIONS method that API Gateway answers itself. `headers` by name in lower case, as they are written, quotes
    included; None is what only a deployment knows."""

    route: ApiRoute
    headers: Mapping[str, str | None]

    def items(self, name: str) -> set[str] | None:
        """The items of a list in a header, in lower case, none where there is no such header; None where nobody can tell."""
        text = self.headers.get(name, "")
        return None if text is None else {one.strip().lower() for one in text.strip("'\"").split(",") if one.strip()}


def preflights(view: View, api: Api) -> Iterator[Preflight]:
    """Those that are for browsers: an origin is in their answer."""
    for route in api.routes:
        if route.method == OPTIONS and route.backend is not None and str(route.backend.kind).upper() == "MOCK":
            headers = _headers(view, route.backend.given)
            if ORIGIN in headers:
                yield Preflight(route=route, headers=headers)


def _headers(view: View, integration: Mapping[str, Any]) -> dict[str, str | None]:
    given = {name.lower(): value for name, value in integration.items()}
    responses = [*as_map(given.get("responses")).values(), *as_list(given.get("integrationresponses"))]
    found: dict[str, str | None] = {}
    for response in responses:
        said = {name.lower(): value for name, value in as_map(response).items()}
        for name, value in as_map(said.get("responseparameters")).items():
            found.setdefault(name.removeprefix(_HEADER).lower(), told(view, value))
    return found


def written_place(view: View, route: ApiRoute, name: str = "Cors") -> Place:
    """Where an OPTIONS method is written: SAM makes it from a property of its API."""
    by_sam = is_sam(view, route.place.resource) and "DefinitionBody" not in route.place.path
    return Place(route.place.resource, ("Properties", name)) if by_sam else route.place


def is_guarded(route: ApiRoute) -> bool:
    """Whether an authorizer is asked, and so a credential is sent."""
    return route.authorization in _GUARDS


def is_for_browsers(view: View, api: Api) -> bool:
    """Whether an API speaks CORS: a preflight, or a refusal that names an origin."""
    return any(True for _ in preflights(view, api)) or any(ORIGIN in one.headers for one in refusals(view, api))


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A gateway response that an API sets. `kind` is its type, `template` that for JSON, and `headers` are as those of a
    preflight. None is what only a deployment knows; of status and template, also what is not set."""

    kind: str | None
    place: Place
    status: int | None
    headers: Mapping[str, str | None]
    template: str | None


def refusals(view: View, api: Api) -> Iterator[Refusal]:
    """All of them, in the body of the API and as resources of their own."""
    for kind, one in as_map(api.body.get(_BODY)).items():
        yield _refusal(view, kind, as_map(one), _in_body(view, api, kind))
    for resource in view.of_type(_RESOURCE):
        given = resource.properties
        if told(view, given.get("RestApiId")) == view.names.of(api.logical_id):
            yield _refusal(view, given.get("ResponseType"), given, Place(resource.logical_id, ("Properties",)))


def _refusal(view: View, kind: object, given: Mapping[str, Any], place: Place) -> Refusal:
    said = {name.lower(): value for name, value in given.items()}
    status = as_number(said.get("statuscode"))
    parameters = as_map(said.get("responseparameters"))
    return Refusal(
        kind=told(view, kind),
        place=place,
        status=status if isinstance(status, int) else None,
        headers={name.removeprefix(_OF_REFUSAL).lower(): told(view, value) for name, value in parameters.items()},
        template=_told_template(as_map(said.get("responsetemplates")).get("application/json")),
    )


def _told_template(value: object) -> str | None:
    text = as_text(value)
    return text if isinstance(text, str) else None


def _in_body(view: View, api: Api, kind: str) -> Place:
    if not api.logical_id:
        return Place("") / _BODY / kind
    place = Place(api.logical_id, ("Properties",))
    if not is_sam(view, api.logical_id):
        return place / "Body" / _BODY / kind
    body = as_map(properties_of(written(view, api.logical_id)).get("DefinitionBody"))
    return (place / "DefinitionBody" / _BODY if _BODY in body else place / "GatewayResponses") / kind


def refusal_place(view: View, api: Api, kind: str) -> Place:
    """Where a gateway response is written, or would be."""
    return next((one.place for one in refusals(view, api) if one.kind == kind), _in_body(view, api, kind))


def refusal_lines(view: View, api: Api, kinds: Sequence[str], header: str, value: str) -> Iterator[str]:
    """Gateway responses with a header, in the words of SAM, OpenAPI or CloudFormation."""
    if is_sam(view, api.logical_id):
        yield "GatewayResponses:"
        for kind in kinds:
            yield from (f"  {kind}:", "    ResponseParameters:", "      Headers:", f"        {header}: {value}")
    elif api.body:
        yield f"{_BODY}:"
        for kind in kinds:
            yield from (f"  {kind}:", "    responseParameters:", f"      {_OF_REFUSAL}{header}: {value}")
    else:
        for kind in kinds:
            yield f"{kind.replace('_', '')}:"
            yield f"  Type: {_RESOURCE}"
            yield "  Properties:"
            yield f"    RestApiId: !Ref {api.logical_id}"
            yield f"    ResponseType: {kind}"
            yield f"    ResponseParameters: {{{_OF_REFUSAL}{header}: {value}}}"


def is_mapped(text: str) -> bool:
    """Whether API Gateway takes a value of a header: a text in single quotes, or something that it knows."""
    return (text.startswith("'") and text.endswith("'") and len(text) > 1) or text.startswith(_MAPPED)
