"""An OpenAPI document with API Gateway's extensions, as API Gateway imports it.

Source: API Gateway Developer Guide, "OpenAPI extensions for API Gateway". Security at the root of a document is not used:
"Amazon API Gateway important notes" says so for REST APIs, and nothing says otherwise for HTTP APIs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from authorizer.surface import Api as Kind
from authorizer.tools.template.authorizers import authorizer
from authorizer.tools.template.model import ApiAuthorizer, ApiRoute, AuthorizerKind, Backend
from authorizer.tools.template.openapi_paths import ANY_METHOD, METHODS, Operation, Paths
from authorizer.tools.template.openapi_security import (
    AUTHORIZER,
    Scheme,
    opaque_security,
    schemes_of,
    schemes_place,
    security_of,
    unread_schemes,
    written_schemes,
)
from authorizer.tools.template.place import Problem
from authorizer.tools.template.resources import function_of
from authorizer.tools.template.shape import as_map, as_text
from authorizer.tools.template.unresolved import Text, Unresolved, joined

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from authorizer.tools.template.place import Place
    from authorizer.tools.template.resources import Resources

_INTEGRATION: Final = "x-amazon-apigateway-integration"


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What API Gateway makes of a document."""

    routes: Sequence[ApiRoute]
    authorizers: Sequence[ApiAuthorizer]
    problems: Sequence[Problem]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenApi:
    """A document of one API, with where it stands and the resources that it may refer to. `prefix` is what of a base path
    comes before every path."""

    body: Mapping[str, Any]
    kind: Kind
    place: Place
    resources: Resources
    prefix: Text = ""

    def imported(self) -> Imported:
        """Routes and authorizers, and what API Gateway does otherwise than the document says."""
        found = dict(self._authorizers())
        authorizers = {name: one for name, one in found.items() if isinstance(one, ApiAuthorizer)}
        schemes = schemes_of(self.body, authorizers)
        paths = Paths(body=self.body, place=self.place).collect()
        return Imported(
            routes=[self._route(one, schemes) for one in paths.operations],
            authorizers=list(authorizers.values()),
            problems=[
                *(one for one in found.values() if isinstance(one, Problem)),
                *unread_schemes(self.body, self.place),
                *self._root_problems(),
                *paths.problems,
                *(problem for one in paths.operations for problem in self._problems(one, schemes)),
            ],
        )

    def _authorizers(self) -> Iterator[tuple[str, ApiAuthorizer | Problem]]:
        for name, written in written_schemes(self.body).items():
            if AUTHORIZER not in written or isinstance(written[AUTHORIZER], Unresolved):
                continue
            place = replace(self.place, path=(*self.place.path, *schemes_place(self.body), name))
            given = as_map(written[AUTHORIZER])
            found = authorizer(name, given, self.kind, place, self.resources)
            if isinstance(found, ApiAuthorizer) and not found.identity_sources:
                found = replace(found, identity_sources=_named_source(written, found.kind))
            yield name, found

    def _root_problems(self) -> Iterator[Problem]:
        if self.body.get("security"):
            message = "API Gateway uses the security of operations only"
            yield Problem("root_security_ignored", self.place / "security", message)
        if isinstance(self.prefix, Unresolved):
            message = f"a base path that only a deployment knows comes before every path: {self.prefix}"
            yield Problem("base_path_unresolved", self.place, message)

    def _problems(self, operation: Operation, schemes: Mapping[str, Scheme]) -> Iterator[Problem]:
        place = self.place / "paths" / operation.path / operation.method / "security"
        security = security_of(operation.given, schemes)
        if isinstance(operation.given, dict) and opaque_security(operation.given) is not None:
            yield Problem("security_unresolved", place, f"{security.authorizer}, which does not tell the authorizer")
        if security.unknown is not None:
            yield Problem("scheme_unknown", place, f"no security scheme is named {security.unknown}")
        if security.idle is not None:
            yield Problem("scheme_idle", place, f"{security.idle} means nothing to API Gateway: it has no authorizer")
        if security.several:
            message = f"an operation has one authorizer; here {security.authorizer} counts"
            yield Problem("authorizers_several", place, message)

    def _route(self, operation: Operation, schemes: Mapping[str, Scheme]) -> ApiRoute:
        security = security_of(operation.given, schemes)
        given = as_map(operation.given)
        return ApiRoute(
            method=method_of(operation.method),
            path=self._path(operation.path, given),
            place=self.place / "paths" / operation.path / operation.method,
            authorization=security.authorization,
            authorizer=security.authorizer,
            scopes=security.scopes,
            api_key_required=security.api_key,
            backend=self._backend(as_map(given.get(_INTEGRATION))),
        )

    def _path(self, path: str, operation: Mapping[str, Any]) -> Text:
        """With what comes before it; the default route has no path."""
        alone = route_path(path, operation, self.kind)
        if not alone.startswith("/"):
            return alone
        if isinstance(self.prefix, Unresolved):
            return joined([self.prefix, alone])
        return route_path(self.prefix + path, operation, self.kind)

    def _backend(self, integration: Mapping[str, Any]) -> Backend | None:
        if not integration:
            return None
        kind, uri = as_text(integration.get("type")), as_text(integration.get("uri"))
        return Backend(
            kind=kind.upper() if isinstance(kind, str) else kind,
            uri=uri,
            function=function_of(uri, self.resources),
            payload_version=as_text(integration.get("payloadFormatVersion")),
            given=integration,
        )


def operations_of(body: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Path, method as written, and operation, in the order of the document."""
    for path, item in as_map(body.get("paths")).items():
        for method, operation in as_map(item).items():
            if method.lower() in METHODS:
                yield path, method, as_map(operation)


def kind_of(body: Mapping[str, Any]) -> Kind:
    """The type of API that a document which stands alone is written for. HTTP APIs take OpenAPI 3 only."""
    if "swagger" in body:
        return Kind.REST
    schemes = [as_map(one.get(AUTHORIZER)) for one in written_schemes(body).values()]
    integrations = [as_map(one.get(_INTEGRATION)) for _, _, one in operations_of(body)]
    signs = (
        any(_is_for_http(one) for one in schemes),
        any("payloadFormatVersion" in one for one in integrations),
        any(path.endswith("$default") for path in as_map(body.get("paths"))),
        "x-amazon-apigateway-cors" in body or "x-amazon-apigateway-importexport-version" in body,
    )
    return Kind.HTTP if any(signs) else Kind.REST


def _is_for_http(given: Mapping[str, Any]) -> bool:
    only_there = {"authorizerPayloadFormatVersion", "enableSimpleResponses"} & set(given)
    return bool(only_there) or "issuer" in as_map(given.get("jwtConfiguration"))


def _named_source(written: Mapping[str, Any], kind: AuthorizerKind) -> tuple[str, ...]:
    """A TOKEN or user pool authorizer reads the header that its scheme names."""
    name = written.get("name")
    reads_it = kind in (AuthorizerKind.TOKEN, AuthorizerKind.COGNITO_USER_POOLS)
    return (f"method.request.header.{name}",) if reads_it and isinstance(name, str) else ()


def method_of(written: str) -> str:
    """The method as API Gateway names it."""
    return "ANY" if written.lower() == ANY_METHOD else written.upper()


def route_path(path: str, operation: Mapping[str, Any], kind: Kind) -> str:
    """The path as API Gateway names it once it has imported it."""
    if kind is Kind.HTTP and (path in ("$default", "/$default") or operation.get("isDefaultRoute") is True):
        return "$default"
    if kind is Kind.REST and len(path) > 1:
        return path.rstrip("/")  # REST APIs have no resource with a slash at its end
    return path
