"""What a finding rests on: where that was not seen, the finding is not said, for it may be wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from authorizer.tools.doctor.deployed import calls

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from authorizer.tools.doctor.deployed.calls import Call
    from authorizer.tools.doctor.deployed.deployment import Deployment
    from authorizer.tools.template_check.finding import Finding

_OF_TEMPLATES: Final = frozenset(
    {"client_before_resource_server"}
)  # about the order in which CloudFormation makes things
_SAID_BETTER: Final = {
    "jwt_audience_not_client": "pool_client_deleted"
}  # by a check that asked AWS for the very client
_STAGES: Final = ("api_without_stage", "stage_missing")
_AUTHORIZERS: Final = (
    "authorizer_named_but_not_asked",
    "jwt_audience_missing",
    "rest_jwt_algorithms_missing",
    "rest_jwt_algorithms_without_rs256",
    "route_names_missing_authorizer",
)
_ROUTES: Final = ("authorizer_unused",)
_CLIENTS: Final = (
    "cognito_access_token_without_scopes",
    "cognito_scopes_but_no_client_has_them",
    "cognito_scopes_need_oauth_flow",
    "jwt_audience_not_client",
    "jwt_scopes_but_no_client_has_them",
    "jwt_scopes_need_oauth_flow",
)
_RESTS_ON: Final[Mapping[Call, tuple[str, ...]]] = {
    calls.REST_RESOURCES: _ROUTES,
    calls.REST_AUTHORIZERS: _AUTHORIZERS,
    calls.REST_STAGES: _STAGES,
    calls.REST_RESPONSES: ("cors_lost_by_gateway_response", "cors_missing_on_gateway_responses"),
    calls.PLANS: ("api_key_without_usage_plan", "usage_plan_without_stage"),
    calls.PLAN_KEYS: ("api_key_in_no_plan",),
    calls.HTTP_API: ("http_default_route_catches_options",),  # unless the API answers preflights itself
    calls.HTTP_ROUTES: _ROUTES,
    calls.HTTP_AUTHORIZERS: _AUTHORIZERS,
    calls.HTTP_STAGES: _STAGES,
    calls.FUNCTION_POLICY: ("trigger_permission_missing", "trigger_permission_wrong_pool"),
    calls.POOL_CLIENT: _CLIENTS,
    calls.POOL_CLIENTS: _CLIENTS,
    calls.RESOURCE_SERVERS: (
        "client_scope_undefined",
        "cognito_scope_undefined",
        "jwt_scope_undefined",
        "scope_alternative_undefined",
    ),
}


def trusted(one: Deployment, findings: Iterable[Finding]) -> Iterator[Finding]:
    """Those that rest on nothing unseen, and are about what is deployed."""
    listed = list(findings)
    codes = {it.code for it in listed}
    unseen = {it.call for it in one.access.unseen}
    doubtful = _OF_TEMPLATES.union(*(_RESTS_ON.get(call, ()) for call in unseen))
    return (it for it in listed if it.code not in doubtful and _SAID_BETTER.get(it.code) not in codes)
