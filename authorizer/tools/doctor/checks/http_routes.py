"""Routes of HTTP APIs with an authorizer: preflights of browsers, cached answers for several routes, and the access log.

Sources: API Gateway Developer Guide, "Configure CORS for HTTP APIs in API Gateway", "Customize HTTP API access logs"; Fetch
standard, "CORS protocol".
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from authorizer.surface import Api as Kind
from authorizer.tools.doctor.asked import Asked, Use, asked
from authorizer.tools.doctor.handler_code import program_of
from authorizer.tools.doctor.told import decided, property_place
from authorizer.tools.template import Authorization, Unresolved
from authorizer.tools.template.shape import as_flag, as_list, as_map
from authorizer.tools.template.unresolved import is_known
from authorizer.tools.template_check.identity import ROUTE_KEY, identities
from authorizer.tools.template_check.template_lines import Property, source_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from authorizer.tools.doctor.view import View
    from authorizer.tools.template import Api, ApiRoute, Place
    from authorizer.tools.template_check.finding import Finding

_PARAMETER: Final = re.compile(r"\{[^{}]*\}")
_OF_THE_ROUTE: Final = frozenset({"routeKey", "routeArn", "rawPath", "pathParameters", "http", "path", "methodArn"})
_NEVER_BY_STAR: Final = (
    "authorization"  # which has to be listed by name. Fetch, "CORS non-wildcard request-header name"
)
_PLACES: Final = ("CorsConfiguration", "Body", "DefinitionBody")


def preflights(view: View) -> Iterator[Finding]:
    """Routes for every method whose authorizer refuses what a browser asks first, without a credential."""
    for api in view.apis(Kind.HTTP):
        if not _cors(api):
            continue
        for route in api.routes:
            if route.method == "ANY" and _asks_function(api, route) and not _has_open_options(api, route):
                path = "/{proxy+}" if route.path == "$default" else route.path
                yield view.finding(
                    "http_default_route_catches_options",
                    route.place,
                    found=f"{route.name} with an authorizer, which takes OPTIONS too",
                    right=f"a route OPTIONS {path} without an authorizer beside it",
                    fix=(f'RouteKey: "OPTIONS {path}"', "AuthorizationType: NONE", "Target: integrations/…"),
                )


def _is_guarded(route: ApiRoute) -> bool:
    return isinstance(route.authorization, Authorization) and route.authorization is not Authorization.NONE


def _asks_function(api: Api, route: ApiRoute) -> bool:
    authorizer = api.authorizer(route.authorizer)
    return _is_guarded(route) and authorizer is not None and authorizer.kind.calls_function


def _has_open_options(api: Api, route: ApiRoute) -> bool:
    """Whether another route answers the preflights of this one; also yes where that cannot be told."""
    options = [one for one in api.routes if one.method == "OPTIONS" and one.authorization is Authorization.NONE]
    if isinstance(route.path, Unresolved) or any(isinstance(one.path, Unresolved) for one in options):
        return True
    paths = [str(one.path) for one in options]
    if route.path == "$default":
        return any(path.count("/") == 1 and path.endswith("+}") for path in paths)
    return any(_PARAMETER.sub("{}", path) == _PARAMETER.sub("{}", route.path) for path in paths)


def cors(view: View) -> Iterator[Finding]:
    """What the CORS configuration forgets, or asks of browsers that they refuse."""
    for api in view.apis(Kind.HTTP):
        given = _cors(api)
        if not given or not is_known(dict(given)):
            continue
        place = _cors_place(api, view)
        allowed = {str(one).lower() for one in as_list(given.get("allowheaders"))}
        missing = sorted(_credential_headers(api) & {_NEVER_BY_STAR} if "*" in allowed else _credential_headers(api))
        missing = [name for name in missing if name not in allowed]
        if missing:
            yield view.finding(
                "http_cors_lacks_authorization_header",
                place,
                found=f"AllowHeaders {', '.join(sorted(allowed)) or 'of none'}, without {' and '.join(missing)}",
                right="every header with a credential among AllowHeaders",
                fix=(f"AllowHeaders: [{', '.join(sorted({*allowed, *missing} - {'*'}))}]",),
            )
        if as_flag(given.get("allowcredentials", False)) is True and "*" in as_list(given.get("alloworigins")):
            yield view.finding(
                "http_cors_credentials_star",
                place,
                found="AllowCredentials: true with AllowOrigins: *",
                right="the origins by name, or no credentials: a token in a header is none of those that CORS means",
                fix=("AllowOrigins: [https://app.example.com]", "AllowCredentials: true"),
            )


def _cors(api: Api) -> Mapping[str, Any]:
    """The configuration with names in lower case; empty where there is none."""
    written = as_map(api.properties.get("CorsConfiguration") or api.body.get("x-amazon-apigateway-cors"))
    return {str(name).lower(): value for name, value in written.items()}


def _cors_place(api: Api, view: View) -> Place:
    written = as_map(as_map(view.document.source.document.get("Resources")).get(api.logical_id))
    properties = as_map(written.get("Properties"))
    name = next((name for name in _PLACES if name in properties), _PLACES[0])
    return api.place / "Properties" / name


def _credential_headers(api: Api) -> set[str]:
    """The headers that the authorizers of guarded routes need, in lower case."""
    used = {one.authorizer for one in api.routes if _is_guarded(one)}
    found = [source for one in api.authorizers if one.name in used for source in identities(one)]
    return {one.name for one in found if one.kind == "header"} - {"cookie", "origin", "user-agent", "host"}


def cached_yes(view: View) -> Iterator[Finding]:
    """A cached yes names no route. Of functions of ours the settings say whether that matters."""
    for one in asked(view):
        if one.is_ours or not _tells_routes_apart(view, one):
            continue
        for use in one.uses:
            if not use.is_simple or not use.ttl or ROUTE_KEY in identities(use.authorizer):
                continue
            routes = view.guarded(use.api, use.authorizer)
            if len(routes) > 1 and use.authorizer.identity_sources:
                yield _cached_yes(view, use, [route.name for route in routes])


def _tells_routes_apart(view: View, one: Asked) -> bool:
    """Whether the code of the function may decide by route; yes where it is not here."""
    program = program_of(view, one.function)
    return program is None or not _OF_THE_ROUTE.isdisjoint(program.texts)


def _cached_yes(view: View, use: Use, routes: list[str]) -> Finding:
    known = identities(use.authorizer)
    return view.finding(
        "http_cached_yes_for_every_route",
        property_place(use.api, use.authorizer, Property.SOURCES),
        found=f"simple responses kept for {use.ttl} s and used for {', '.join(routes[:4])} alike",
        right="$context.routeKey among the identity sources, or TTL 0",
        fix=source_lines(use.authorizer.place, Kind.HTTP, known | {ROUTE_KEY}),
    )


def access_log(view: View) -> Iterator[Finding]:
    """HTTP APIs have no execution log: what an authorizer did wrong is in `$context.authorizer.error` alone."""
    for api in view.apis(Kind.HTTP):
        guarded = {one.authorizer for one in api.routes}
        if not any(one.kind.calls_function and one.name in guarded for one in api.authorizers):
            continue
        for stage in api.stages:
            resource = view.document.resources.get(stage.place.resource)
            if resource is None or resource.type != "AWS::ApiGatewayV2::Stage":
                continue
            settings = resource.properties.get("AccessLogSettings")
            if settings is None and not decided(view, api, stage, "AccessLogSettings"):
                yield _log_missing(view, stage.place, api)
            elif _lacks_error(as_map(settings).get("Format")):
                yield _error_missing(view, stage.place)


def _lacks_error(given: Any) -> bool:
    return isinstance(given, str) and "$context.authorizer.error" not in given


def _log_missing(view: View, place: Place, api: Api) -> Finding:
    return view.finding(
        "http_access_log_missing",
        place / "AccessLogSettings",
        found=f"no access log at a stage of {api.logical_id}",
        right="an access log with $context.authorizer.error and $context.status",
        fix=("AccessLogSettings:", "  DestinationArn: !GetAtt AccessLogs.Arn", f"  Format: '{_FORMAT}'"),
    )


def _error_missing(view: View, place: Place) -> Finding:
    return view.finding(
        "http_access_log_without_authorizer_error",
        place / "AccessLogSettings" / "Format",
        found="a format without $context.authorizer.error",
        right="that variable in the format",
        fix=('"authorizer.error": "$context.authorizer.error"',),
    )


_FORMAT: Final = json.dumps(
    {name: f"$context.{name}" for name in ("requestId", "status", "routeKey", "authorizer.error", "error.message")}
)
CHECKS = (preflights, cors, cached_yes, access_log)
