"""Whether API Gateway may invoke the functions: a missing permission is a 500 for every client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from authorizer.surface import Api as Kind
from authorizer.tools.doctor.invocation import Flaw, commands, invoked, permission_lines, refusal, source_arn
from authorizer.tools.doctor.told import is_known, listed, stages, told
from authorizer.tools.gateway.build_authorizers import authorizer_arn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from authorizer.tools.doctor.invocation import Refusal
    from authorizer.tools.doctor.view import View
    from authorizer.tools.template import Api, ApiAuthorizer, ApiRoute
    from authorizer.tools.template_check.finding import Finding

_OWN: Final = "an AWS::Lambda::Permission whose SourceArn is …/authorizers/*"
_CODES: Final = {
    None: "authorizer_permission_missing",
    Flaw.QUALIFIER: "authorizer_permission_unqualified",
    Flaw.PRINCIPAL: "authorizer_permission_wrong_principal",
    Flaw.API: "authorizer_permission_of_another_api",
    Flaw.SOURCE: "authorizer_permission_for_routes_only",
}
_CALLER: Final = ("Action: lambda:InvokeFunction", "Principal: apigateway.amazonaws.com")
_OF_HTTP: Final = ("EnableFunctionDefaultPermissions: true",)
_OF_REST: Final = ("DisableFunctionDefaultPermissions: false",)


def authorizer_permission(view: View) -> Iterator[Finding]:
    """Of the functions of authorizers that are in the document and that no role of the authorizer invokes."""
    for api, one in view.authorizers():
        if not one.kind.calls_function or view.function(one) is None or one.credentials is not None:
            continue
        refused = refusal(view, one.uri, authorizer_arn(one, api, view.names) if is_known(api) else None)
        if refused is not None:
            function = invoked(view, one.uri, str(one.function))
            source = authorizer_arn(one, api, view.names)
            yield view.finding(
                _CODES[refused.flaw],
                one.place,
                found=_found(refused, api, one),
                right=_right(refused, function),
                fix=commands(view, one.uri, source) if view.deployed else _fix(refused, api, one, function),
            )


def _found(refused: Refusal, api: Api, one: ApiAuthorizer) -> str:
    permission = refused.nearest
    if permission is None:
        return f"no permission for {one.name} of {api.logical_id} to invoke {one.function}"
    match refused.flaw:
        case Flaw.QUALIFIER:
            return (
                f"{permission.logical_id} with FunctionName {refused.given('FunctionName')}, while the URI is {one.uri}"
            )
        case Flaw.PRINCIPAL:
            said = " and ".join(str(refused.given(name)) for name in ("Action", "Principal"))
            return f"{permission.logical_id} with {said}"
    return f"{permission.logical_id} with SourceArn {refused.given('SourceArn')}"


def _right(refused: Refusal, function: str) -> str:
    if refused.flaw is Flaw.QUALIFIER:
        return f"FunctionName {function}"
    return " and ".join(_CALLER) if refused.flaw is Flaw.PRINCIPAL else _OWN


def _fix(refused: Refusal, api: Api, one: ApiAuthorizer, function: str) -> tuple[str, ...]:
    source = source_arn(api, "authorizers/*")
    match refused.flaw:
        case Flaw.QUALIFIER:
            return (f"FunctionName: {function}",)
        case Flaw.PRINCIPAL:
            return _CALLER
        case Flaw.API | Flaw.SOURCE:
            return (f"SourceArn: {source}",)
    if "Auth" in one.place.path:
        return _OF_HTTP if api.kind is Kind.HTTP else _OF_REST
    return tuple(permission_lines(f"{one.function}Permission", function, source))


def integration_permission(view: View) -> Iterator[Finding]:
    """Of the functions behind routes: one finding per API and function, with all routes that it is about."""
    for api in view.apis():
        refused: dict[str, list[ApiRoute]] = {}
        for route in api.routes:
            if _is_refused(view, api, route):
                assert route.backend is not None
                refused.setdefault(str(route.backend.function), []).append(route)
        for function, routes in refused.items():
            assert routes[0].backend is not None
            uri = routes[0].backend.uri
            named = invoked(view, uri, function)
            everything = view.names.arn("execute-api", f"{view.names.of(api.logical_id)}/*")
            yield view.finding(
                "integration_permission_missing",
                routes[0].place,
                found=f"no permission of {function} that covers {listed(routes)} of {api.logical_id}",
                right="an AWS::Lambda::Permission for the stages, methods and paths of the API",
                fix=commands(view, uri, everything)
                if view.deployed
                else tuple(permission_lines(f"{function}Permission", named, source_arn(api, "*"))),
            )


def _is_refused(view: View, api: Api, route: ApiRoute) -> bool:
    backend = route.backend
    if backend is None or view.document.function(backend.function) is None or told(view, route.path) is None:
        return False
    if any(name.lower() in ("credentials", "credentialsarn") for name in backend.given):
        return False
    named = [told(view, one.name) for one in stages(view, api)] or ["prod"]
    return any(refusal(view, backend.uri, _source(view, api, route, stage)) is not None for stage in named if stage)


def _source(view: View, api: Api, route: ApiRoute, stage: str) -> str | None:
    if not is_known(api):
        return None
    path = view.names.text(route.path)
    method = "*" if route.method == "ANY" else route.method
    rest = f"{stage}/{method}{path}" if path.startswith("/") else f"{stage}/{path}"
    return view.names.arn("execute-api", f"{view.names.of(api.logical_id)}/{rest}")


CHECKS = (authorizer_permission, integration_permission)
