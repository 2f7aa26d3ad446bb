"""An API of a template → what answers its calls here."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
_STAGE_OF_ITS_OWN = {Kind.HTTP: DEFAULT_STAGE, Kind.REST: "prod", Kind.WEBSOCKET: "prod"}


def local_api(api: Api, document: Document, around: Surroundings, on_call: Callable[[Record], None]) -> LocalApi:
    """The API with everything that it sets; `CommandError` for what API Gateway would not create."""
    called = called_api(api, around.names)

    def integration(route: ApiRoute) -> Integration:
        return _integration(route, called, around)

    return LocalApi(
        called=called,
        routes=Routes.of(api.kind, api.routes),
        authorizers=authorizers(api, around),
        integration=integration,
        functions=around.functions,
        responses=gateway_responses(api, document, around.names),
        usage=usage_plans(api, document, around.names),
        policy=resource_policy(api, around.names) if api.kind is Kind.REST else None,
        cors=cors(api, around.names) if api.kind is Kind.HTTP else None,
        on_call=on_call,
    )


def called_api(api: Api, names: Names) -> CalledApi:
    """The API as a client sees it. One without a stage gets the usual one."""
    api_id = names.of(api.logical_id)
    stages = {
        names.text(stage.name): {name: names.text(value) for name, value in stage.variables.items()}
        for stage in api.stages
    }
    suffix = str(names.document.parameters.get("AWS::URLSuffix", "amazonaws.com"))
    return CalledApi(
        kind=api.kind,
        logical_id=api.logical_id or "api",
        id=api_id,
        arn=names.arn("execute-api", api_id),
        account=names.account,
        region=names.region,
        domain=f"{api_id}.execute-api.{names.region}.{suffix}",
        stages=stages or {_STAGE_OF_ITS_OWN[api.kind]: {}},
    )


def _integration(route: ApiRoute, called: CalledApi, around: Surroundings) -> Integration:
    names, backend = around.names, route.backend
    if backend is None:
        return Integration(kind=called.kind, type="none", missing="the route has no integration in the template")
    kind = names.text(backend.kind).upper() or PROXY
    name = around.function(backend.function, backend.uri) if backend.function is not None else None
    why = around.why_not(name) if name is not None else "no function is behind it"
    if kind != PROXY:
        why = f"{kind} is not run here"
    known = isinstance(backend.function, str) and "credentials" not in {one.lower() for one in backend.given}
    return Integration(
        kind=called.kind,
        type=kind,
        uri=names.text(backend.uri),
        function=name if why is None else None,
        missing=why,
        permitted=not known or around.permissions.covers(backend.uri, _source(route, called)),
        payload=_payload(route, called.kind, names),
        given=names.value(dict(backend.given)),
    )


def _payload(route: ApiRoute, kind: Kind, names: Names) -> str:
    """Payload format version. Quick create, which has no integration of its own, takes 2.0."""
    assert route.backend is not None
    if kind is not Kind.HTTP:
        return "1.0"
    return names.text(route.backend.payload_version) or ("1.0" if route.backend.kind else "2.0")


def _source(route: ApiRoute, called: CalledApi) -> str:
    """The SourceArn of an integration, in the stage that comes first."""
    stage, path = next(iter(called.stages)), str(route.path)
    if not path.startswith("/"):
        return f"{called.arn}/{stage}/{path}"
    return f"{called.arn}/{stage}/{'*' if route.method == ANY else route.method}{path}"
