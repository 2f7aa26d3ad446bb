"""An API of a template → what answers its calls here."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from authorizer.surface import Api as Kind
from authorizer.tools.gateway.build_authorizers import Surroundings, authorizers
from authorizer.tools.gateway.called_api import CalledApi
from authorizer.tools.gateway.cors import cors
from authorizer.tools.gateway.gateway_responses import gateway_responses
from authorizer.tools.gateway.integration import Integration
from authorizer.tools.gateway.local_api import LocalApi, Record
from authorizer.tools.gateway.received import DEFAULT_STAGE
from authorizer.tools.gateway.resource_policy import resource_policy
from authorizer.tools.gateway.routing import ANY, Routes
from authorizer.tools.gateway.usage_plans import usage_plans

if TYPE_CHECKING:
    from collections.abc import Callable

    from authorizer.tools.gateway.names import Names
    from authorizer.tools.template import Api, ApiRoute, Document

PROXY = "AWS_PROXY"
_UNNAMEABLE: Final = re.compile(r"[^A-Za-z0-9_.-]+")
_STAGE_OF_ITS_OWN = {Kind.HTTP: DEFAULT_STAGE, Kind.REST: "prod", Kind.WEBSOCKET: "prod"}


def local_api(api: Api, document: Document, around: Surroundings, on_call: Callable[[Record], None]) -> LocalApi:
    """The API with everything that it sets; `CommandError` for what API Gateway would not create."""
    called = called_api(api, around.names)

    def integration(route: ApiRoute, stage: str) -> Integration:
        return _integration(route, stage, called, around)

    return LocalApi(
        called=called,
        routes=Routes.of(api.kind, routes(api, around.names)),
        authorizers=authorizers(api, around),
        types={one.name: one.kind.authorization for one in api.authorizers},
        integration=integration,
        functions=around.functions,
        responses=gateway_responses(api, document, around.names),
        usage=usage_plans(api, document, around.names),
        policy=resource_policy(api, around.names) if api.kind is Kind.REST else None,
        cors=cors(api, around.names) if api.kind is Kind.HTTP else None,
        on_call=on_call,
    )


def routes(api: Api, names: Names) -> list[ApiRoute]:
    """The routes of an API, with everything made up that only a deployment knows: what tokens are held against."""
    return [_known(one, names) for one in api.routes]


def _known(route: ApiRoute, names: Names) -> ApiRoute:
    method, path = route.method, names.text(route.path)
    if " /" in path:  # a route key as a whole, which the template alone does not tell
        method, _, path = path.partition(" ")
    return replace(route, method=method, path=path, scopes=tuple(map(names.text, route.scopes)))


def called_api(api: Api, names: Names) -> CalledApi:
    """The API as a client sees it. One without a stage gets the usual one, one from elsewhere a name that a URL can have."""
    api_id = names.of(api.logical_id)
    stages = {
        names.text(stage.name): {name: names.text(value) for name, value in stage.variables.items()}
        for stage in api.stages
    }
    return CalledApi(
        kind=api.kind,
        logical_id=_UNNAMEABLE.sub("-", api.logical_id.removeprefix("Ref ")) or "api",
        id=api_id,
        arn=names.arn("execute-api", api_id),
        account=names.account,
        region=names.region,
        domain=names.domain(api_id),
        stages=stages or {_STAGE_OF_ITS_OWN[api.kind]: {}},
    )


def _integration(route: ApiRoute, stage: str, called: CalledApi, around: Surroundings) -> Integration:
    names, backend = around.names, route.backend
    if backend is None:
        return Integration(kind=called.kind, type="none", missing="the route has no integration in the template")
    kind = names.text(backend.kind).upper() or PROXY
    name = around.function(backend.function, backend.uri) if backend.function is not None else None
    why = around.why_not(name) if name is not None else "no function is behind it"
    if kind != PROXY:
        why = f"{kind} is not run here"
    own_role = {"credentials", "credentialsarn"} & {one.lower() for one in backend.given}
    known = isinstance(backend.function, str) and not own_role  # else only a deployment knows who may invoke it
    return Integration(
        kind=called.kind,
        type=kind,
        uri=names.text(backend.uri),
        function=name if why is None else None,
        missing=why,
        permitted=not known or around.permissions.covers(backend.uri, _source(route, stage, called)),
        payload=_payload(route, called.kind, names),
        given=names.value(dict(backend.given)),
    )


def _payload(route: ApiRoute, kind: Kind, names: Names) -> str:
    """Payload format version. Quick create, which has no integration of its own, takes 2.0."""
    assert route.backend is not None
    if kind is not Kind.HTTP:
        return "1.0"
    return names.text(route.backend.payload_version) or ("1.0" if route.backend.kind else "2.0")


def _source(route: ApiRoute, stage: str, called: CalledApi) -> str:
    """The SourceArn of an integration."""
    path = str(route.path)
    if not path.startswith("/"):
        return f"{called.arn}/{stage}/{path}"
    return f"{called.arn}/{stage}/{'*' if route.method == ANY else route.method}{path}"
