"""Browsers before REST APIs: a refused preflight, and a refusal that no script may read, look like errors of CORS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from authorizer.surface import Api as Kind
from authorizer.tools.doctor.preflights import OPTIONS, ORIGIN, is_for_browsers, is_guarded, preflights, written_place
from authorizer.tools.doctor.told import is_sam, listed
from authorizer.tools.template import Authorization, Unresolved
from authorizer.tools.template_check.identity import identities

if TYPE_CHECKING:
    from collections.abc import Iterator

    from authorizer.tools.doctor.preflights import Preflight
    from authorizer.tools.doctor.view import View
    from authorizer.tools.template import Api, ApiRoute, Place
    from authorizer.tools.template_check.finding import Finding

_CREDENTIALS: Final = "access-control-allow-credentials"
_HEADERS: Final = "access-control-allow-headers"
_METHODS: Final = "access-control-allow-methods"
_SIMPLE: Final = ("get", "head", "post")  # methods that need no permission. Fetch, "CORS-safelisted method"
_UNSET_BY_SCRIPTS: Final = frozenset({"cookie", "host", "origin", "referer", "user-agent", "accept", "accept-language"})


def guarded_options(view: View) -> Iterator[Finding]:
    """A preflight has no credential and no API key."""
    for api in view.apis(Kind.REST):
        options = [one for one in api.routes if one.method == OPTIONS]
        guarded = [one for one in options if isinstance(one.authorization, Authorization) and _asks(one)]
        with_key = [one for one in options if one.api_key_required is True and one not in guarded]
        if guarded:
            yield view.finding(
                "options_has_authorizer",
                written_place(view, guarded[0], "Auth"),
                found=f"{listed(guarded)} with {guarded[0].authorizer or 'AWS_IAM'}",
                right="no authorizer for OPTIONS",
                fix=_open_lines(view, api, guarded[0]),
            )
        if with_key:
            yield view.finding(
                "options_asks_for_api_key",
                written_place(view, with_key[0], "Auth"),
                found=f"{listed(with_key)} with an API key required",
                right="no API key for OPTIONS",
                fix=("Auth:", "  AddApiKeyRequiredToCorsPreflight: false")
                if is_sam(view, api.logical_id)
                else ("ApiKeyRequired: false",),
            )


def _asks(route: ApiRoute) -> bool:
    return route.authorization is not Authorization.NONE


def _open_lines(view: View, api: Api, route: ApiRoute) -> tuple[str, ...]:
    if is_sam(view, api.logical_id):
        return "Auth:", "  AddDefaultAuthorizerToCorsPreflight: false"
    return ("security: []",) if "paths" in route.place.path else ("AuthorizationType: NONE",)


def uncovered_paths(view: View) -> Iterator[Finding]:
    """Guarded paths of an API for browsers where no preflight is answered, or only by the function of the route."""
    for api in view.apis(Kind.REST):
        if not is_for_browsers(view, api) or any(isinstance(one.path, Unresolved) for one in api.routes):
            continue
        answered = {one.path for one in api.routes if one.method == OPTIONS}
        left = [one for one in api.routes if is_guarded(one) and one.path not in answered]
        caught = [one for one in left if one.method == "ANY"]
        missing = [one for one in left if one.path not in {other.path for other in caught}]
        for code, routes, what in (
            ("any_method_guards_preflight", caught, "whose authorizer is asked for OPTIONS too"),
            ("preflight_missing", missing, "whose path has no OPTIONS"),
        ):
            if routes:
                yield view.finding(
                    code,
                    routes[0].place,
                    found=f"{listed(routes)}, {what}",
                    right="a method OPTIONS without an authorizer, with the headers of CORS",
                    fix=_options_lines(view, api, routes[0]),
                )


def _options_lines(view: View, api: Api, route: ApiRoute) -> tuple[str, ...]:
    if "paths" in route.place.path:
        return (
            f"{route.path}:",
            "  options:",
            "    x-amazon-apigateway-integration: {type: mock, …}  # with the headers",
        )
    if is_sam(view, api.logical_id):
        return "Cors:", "  AllowOrigin: \"'https://app.example.com'\"", "  AllowHeaders: \"'Authorization'\""
    return (
        f"# for {route.path}:",
        "HttpMethod: OPTIONS",
        "AuthorizationType: NONE",
        "Integration: {Type: MOCK, …}  # with the headers",
    )


def preflight_answers(view: View) -> Iterator[Finding]:
    """What the answers to preflights lack for the routes of their paths. SAM writes them all from one property."""
    for api in view.apis(Kind.REST):
        together: dict[tuple[Place, str | None, str | None], list[Preflight]] = {}
        for one in preflights(view, api):
            lists = (one.headers.get(_HEADERS, ""), one.headers.get(_METHODS, ""))
            together.setdefault((written_place(view, one.route), *lists), []).append(one)
        for several in together.values():
            paths = [one.route.path for one in several]
            routes = [one for one in api.routes if one.path in paths and is_guarded(one) and one.method != OPTIONS]
            yield from _headers(view, api, several[0], routes)
            yield from _methods(view, api, several[0], routes)


def _headers(view: View, api: Api, one: Preflight, routes: list[ApiRoute]) -> Iterator[Finding]:
    allowed = one.items(_HEADERS)
    if allowed is None:
        return
    needed = {name for route in routes for name in _sent(api, route)}
    missing = (needed & {"authorization"} if "*" in allowed else needed) - allowed
    if missing:
        wanted = ",".join(_cased(name) for name in sorted(needed | (allowed - {"*"})))
        yield view.finding(
            "cors_header_list_lacks_authorization",
            written_place(view, one.route),
            found=f"{one.headers.get(_HEADERS, 'no Access-Control-Allow-Headers')}, without {' and '.join(sorted(missing))}",
            right=f"'{wanted}'" + ("; a star does not mean Authorization" if "*" in allowed else ""),
            fix=_answer_lines(view, api, one, "Headers", f"'{wanted}'"),
        )


def _sent(api: Api, route: ApiRoute) -> set[str]:
    """The headers that a script has to set for an authorizer, in lower case."""
    authorizer = api.authorizer(route.authorizer)
    found = identities(authorizer) if authorizer is not None else frozenset()
    return {source.name for source in found if source.kind == "header"} - _UNSET_BY_SCRIPTS


def _methods(view: View, api: Api, one: Preflight, routes: list[ApiRoute]) -> Iterator[Finding]:
    allowed = one.items(_METHODS)
    if allowed is None or "*" in allowed:
        return
    used = {route.method for route in routes} - {"ANY"}
    missing = sorted(name for name in used if name.lower() not in (*_SIMPLE, *allowed))
    if missing:
        wanted = ",".join(sorted({*(name.upper() for name in allowed), *missing, OPTIONS}))
        yield view.finding(
            "cors_method_list_lacks_method",
            written_place(view, one.route),
            found=f"{one.headers.get(_METHODS, 'no Access-Control-Allow-Methods')}, without {' and '.join(missing)}",
            right=f"'{wanted}'",
            fix=_answer_lines(view, api, one, "Methods", f"'{wanted}'"),
        )


def _answer_lines(view: View, api: Api, one: Preflight, name: str, value: str) -> tuple[str, ...]:
    if is_sam(view, api.logical_id) and one.route.place != written_place(view, one.route):
        return "Cors:", f'  Allow{name}: "{value}"'
    parameters = "responseParameters:" if "paths" in one.route.place.path else "ResponseParameters:"
    return parameters, f'  method.response.header.Access-Control-Allow-{name}: "{value}"'


def credentials(view: View) -> Iterator[Finding]:
    """Cookies and a star exclude each other: browsers refuse the answer."""
    for api in view.apis(Kind.REST):
        for one in preflights(view, api):
            with_credentials = one.items(_CREDENTIALS) or set()
            if "true" in with_credentials and "*" in (one.items(ORIGIN) or ()):
                yield view.finding(
                    "cors_credentials_with_star",
                    written_place(view, one.route),
                    found="Access-Control-Allow-Credentials: true with Access-Control-Allow-Origin: *",
                    right="one origin by name, or no credentials: a token in a header is none of those that CORS means",
                    fix=_answer_lines(view, api, one, "Origin", "'https://app.example.com'"),
                )


def _cased(name: str) -> str:
    return "-".join(part.capitalize() for part in name.split("-"))


CHECKS = (guarded_options, uncovered_paths, preflight_answers, credentials)
