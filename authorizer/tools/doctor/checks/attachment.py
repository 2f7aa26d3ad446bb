"""Whether routes ask the authorizers that are there: what is not attached, or not deployed, guards nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from authorizer.surface import Api as Kind
from authorizer.tools.doctor.told import listed, of_own, stages, told
from authorizer.tools.template import Authorization, Place, Unresolved
from authorizer.tools.template.resources import referred
from authorizer.tools.template.shape import as_list, as_map

if TYPE_CHECKING:
    from collections.abc import Iterator

    from authorizer.tools.doctor.view import View
    from authorizer.tools.template import Api, ApiRoute, Resource
    from authorizer.tools.template_check.finding import Finding

_ASKING: Final = (Authorization.CUSTOM, Authorization.JWT, Authorization.COGNITO_USER_POOLS)
_DEPLOYMENT, _METHOD = "AWS::ApiGateway::Deployment", "AWS::ApiGateway::Method"
_CHANGING: Final = re.compile(r".*(?:[0-9a-f]{8,}|\d{6,})")  # a hash, or a date, that a tool puts into a name
_PUBLIC: Final = re.compile(
    r"(?:^|/)(?:health|healthz|healthcheck|ping|status|alive|live|livez|ready|readyz|version|favicon\.ico|robots\.txt|docs"
    r"|swagger|openapi|openapi\.json|login|logout|signin|signup|register|token|oauth2?|callback|public|webhooks?"
    r"|\.well-known)(?:/|$)",
    re.IGNORECASE,
)


def unused(view: View) -> Iterator[Finding]:
    """Authorizers that no route asks; of WebSocket APIs, whose authorizers are for one route, it is said elsewhere."""
    for api in view.apis(Kind.REST, Kind.HTTP):
        if api.external or any(_unknown(one) for one in api.routes) or not api.routes:
            continue
        for one in api.authorizers:
            if not view.guarded(api, one):
                yield view.finding(
                    "authorizer_unused",
                    one.place,
                    found=f"{one.name}, which no route of {api.logical_id or 'the API'} asks",
                    right="an authorizer that a route names, or none",
                    fix=_attached(api.routes[0], api, one.name),
                )


def _unknown(route: ApiRoute) -> bool:
    return isinstance(route.authorization, Unresolved) or isinstance(route.authorizer, Unresolved)


def _attached(route: ApiRoute, api: Api, name: str) -> tuple[str, ...]:
    """A route that asks an authorizer, in the words of the place."""
    if "Events" in route.place.path:
        return "Auth:", f"  Authorizer: {name}"
    if "paths" in route.place.path:
        return "security:", f"  - {name}: []"
    return f"AuthorizationType: {_type_of(api, name)}", f"AuthorizerId: !Ref {name}"


def _type_of(api: Api, name: str) -> str:
    authorizer = api.authorizer(name)
    return "CUSTOM" if authorizer is None or authorizer.kind.calls_function else authorizer.kind.value


def open_beside_guarded(view: View) -> Iterator[Finding]:
    """Open routes of a guarded API that nobody said are meant to be open."""
    for api in view.apis(Kind.REST, Kind.HTTP):
        guarded = [one for one in api.routes if one.authorization in _ASKING]
        open_ = [one for one in api.routes if _is_open(one) and not _is_said_open(api, one)]
        if guarded and open_:
            yield view.finding(
                "route_without_authorizer_beside_guarded",
                open_[0].place,
                found=f"{listed(open_)} without an authorizer, beside {listed(guarded)}",
                right=f"{guarded[0].authorizer}, or a word that it is meant so",
                fix=_attached(open_[0], api, str(guarded[0].authorizer)),
            )


def _is_open(route: ApiRoute) -> bool:
    bare = route.authorization is Authorization.NONE and route.authorizer is None and route.api_key_required is False
    return bare and route.method not in ("OPTIONS", "HEAD") and not _PUBLIC.search(str(route.path))


def _is_said_open(api: Api, route: ApiRoute) -> bool:
    """Whether a document says `security: []`, or SAM's `Authorizer: NONE`."""
    operations = as_map(as_map(api.body.get("paths")).get(str(route.path)))
    methods = {"x-amazon-apigateway-any-method": "ANY"}
    written = {methods.get(name.lower(), name.upper()): one for name, one in operations.items()}
    return "security" in as_map(written.get(route.method))


def missing(view: View) -> Iterator[Finding]:
    """Routes that name an authorizer that their API does not have, or that do not ask the one that they name."""
    for api, route in view.routes():
        if isinstance(route.authorization, Unresolved) or api.external:
            continue
        if route.authorization in _ASKING:
            if _lacks(view, api, route):
                yield _missing(view, api, route)
        elif route.authorizer is not None and route.authorization is Authorization.NONE:
            yield view.finding(
                "authorizer_named_but_not_asked",
                route.place,
                found=f"{route.name} with AuthorizerId {route.authorizer} and AuthorizationType NONE",
                right="the AuthorizationType of the authorizer",
                fix=(f"AuthorizationType: {_type_of(api, str(route.authorizer))}",),
            )


def _lacks(view: View, api: Api, route: ApiRoute) -> bool:
    if api.authorizer(route.authorizer) is not None:
        return False
    if isinstance(route.authorizer, Unresolved):
        known = view.document.resources.keys() | view.document.parameters.keys()
        return bool(route.authorizer.resources) and not route.authorizer.resources <= known
    if route.authorizer is None:
        return True
    resource = view.document.resources.get(route.authorizer)  # one of this API may be of a type that nobody can tell
    return resource is not None and _owner(view, resource) != api.logical_id


def _owner(view: View, resource: Resource) -> str | None:
    """The API of a resource, where it is in the template."""
    given = resource.properties.get("RestApiId", resource.properties.get("ApiId"))
    owner = referred(given, view.document.resources)
    return owner.logical_id if owner is not None else told(view, given)


def _missing(view: View, api: Api, route: ApiRoute) -> Finding:
    known = ", ".join(one.name for one in api.authorizers) or "none is there"
    return view.finding(
        "route_names_missing_authorizer",
        route.place,
        found=f"{route.name} with {route.authorizer or 'no authorizer'} for {_asked(route)}",
        right=f"an authorizer of {api.logical_id}: {known}",
        fix=_attached(route, api, api.authorizers[0].name if api.authorizers else "…"),
    )


def _asked(route: ApiRoute) -> str:
    return route.authorization.value if isinstance(route.authorization, Authorization) else str(route.authorization)


def scopes(view: View) -> Iterator[Finding]:
    """Scopes at routes whose authorizer is a function: nobody looks at them."""
    for api, route in view.routes(Kind.REST, Kind.HTTP):
        if route.authorization is Authorization.CUSTOM and route.scopes:
            yield view.finding(
                "scopes_on_lambda_authorizer",
                route.place,
                found=f"{' '.join(map(str, route.scopes))} for {route.name} of {api.logical_id}",
                right="scopes that the function checks, or a native authorizer",
                fix=(
                    "[[route]]  # in the settings of the function",
                    f'match = "{route.name}"',
                    f"scopes = {_list(route)}",
                ),
            )


def _list(route: ApiRoute) -> str:
    return "[" + ", ".join(f'"{one}"' for one in route.scopes) + "]"


def signed_beside_tokens(view: View) -> Iterator[Finding]:
    """Routes for signed requests in an API whose clients send tokens."""
    for api in view.apis(Kind.REST):
        tokens = [one for one in api.routes if one.authorization in _ASKING]
        signed = [one for one in api.routes if one.authorization is Authorization.AWS_IAM and one.method != "OPTIONS"]
        if tokens and signed:
            yield view.finding(
                "iam_route_with_bearer_clients",
                signed[0].place,
                found=f"AWS_IAM for {listed(signed)}, while {listed(tokens)} take a token",
                right="to know: the clients of these routes have to sign (SigV4)",
                fix=_attached(signed[0], api, str(tokens[0].authorizer)),
            )


def stale_deployments(view: View) -> Iterator[Finding]:
    """Deployments that CloudFormation may make before the methods, and never again."""
    for one in view.of_type(_DEPLOYMENT):
        api = referred(one.properties.get("RestApiId"), view.document.resources)
        if api is None or view.deployed or _CHANGING.fullmatch(one.logical_id):
            continue
        methods = {method.logical_id for method in view.of_type(_METHOD) if _owner(view, method) == api.logical_id}
        left = sorted(methods - set(map(str, as_list(one.attributes.get("DependsOn")))))
        if left:
            yield view.finding(
                "deployment_stale",
                Place(one.logical_id),
                found=f"{one.logical_id}, which does not wait for {', '.join(left[:3])}",
                right="DependsOn with all methods, and another logical id with each change",
                fix=(f"DependsOn: [{', '.join(sorted(methods))}]",),
            )


def undeployed(view: View) -> Iterator[Finding]:
    """APIs that nobody can call, for want of a stage."""
    for api in view.apis(Kind.REST):
        if of_own(view, api) and api.authorizers and not any(True for _ in stages(view, api)):
            if any(_may_be_of(view, api)):
                continue
            yield view.finding(
                "api_without_stage",
                api.place,
                found=f"{api.logical_id} without a stage",
                right="a deployment and a stage",
                fix=(f"aws apigateway create-deployment --rest-api-id ID_OF_{api.logical_id} --stage-name v1",),
            )


def _may_be_of(view: View, api: Api) -> Iterator[bool]:
    """Stages whose API only a deployment knows."""
    for one in view.of_type("AWS::ApiGateway::Stage", _DEPLOYMENT):
        yield told(view, one.properties.get("RestApiId")) in (None, view.names.of(api.logical_id))


CHECKS = (unused, open_beside_guarded, missing, scopes, signed_beside_tokens, stale_deployments, undeployed)
