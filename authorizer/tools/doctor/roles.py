"""Roles of a template that API Gateway is to take: who may take them, and what they may do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from authorizer.tools.doctor.told import told
from authorizer.tools.gateway.glob import matcher
from authorizer.tools.template import Unresolved
from authorizer.tools.template.shape import as_list, as_map
from authorizer.tools.template.unresolved import is_known, resources_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from authorizer.tools.doctor.view import View
    from authorizer.tools.template import Resource

_ROLE: Final = "AWS::IAM::Role"
_ATTACHED: Final = {
    "AWS::IAM::Policy": "Roles",
    "AWS::IAM::ManagedPolicy": "Roles",
    "AWS::IAM::RolePolicy": "RoleName",
}
_MANAGED: Final = "AWS::IAM::ManagedPolicy"
_WITHOUT_INVOKE: Final = (
    "AWSLambdaBasicExecutionRole",
    "AWSLambdaVPCAccessExecutionRole",
    "AWSXRayDaemonWriteAccess",
    "AmazonAPIGatewayPushToCloudWatchLogs",
)
GATEWAY: Final = "apigateway.amazonaws.com"


def role_of(view: View, value: object) -> Resource | None:
    """The role of the template that a value is the ARN of, or the one that was read with this ARN."""
    if not isinstance(value, Unresolved):
        return next((one for one in view.of_type(_ROLE) if value and one.attributes.get("Arn") == value), None)
    if len(value.resources) != 1:
        return None
    resource = view.document.resources.get(next(iter(value.resources)))
    return resource if resource is not None and resource.type == _ROLE else None


def trusts_gateway(role: Resource) -> bool | None:
    """Whether API Gateway may take a role; None where only a deployment knows."""
    document = role.properties.get("AssumeRolePolicyDocument")
    if not isinstance(document, dict) or not is_known(document):
        return None
    return any(map(_lets_gateway, _allowing(document)))


def _lets_gateway(statement: Mapping[str, Any]) -> bool:
    principal = statement.get("Principal", statement.get("NotPrincipal"))
    services = as_list(principal.get("Service")) if isinstance(principal, dict) else as_list(principal)
    return "NotPrincipal" in statement or any(one in (GATEWAY, "*") for one in services)


def allows(view: View, role: Resource, action: str, arn: str | None) -> bool:
    """Whether a role may do something with an ARN (None: with anything), or only a deployment knows."""
    for given in as_list(role.properties.get("ManagedPolicyArns")):
        text = told(view, given)
        if not _is_of_template(view, given) and (text is None or not text.endswith(_WITHOUT_INVOKE)):
            return True
    return any(_permits(view, statement, action, arn) for one in _policies(view, role) for statement in _allowing(one))


def _is_of_template(view: View, given: object) -> bool:
    return any(_is_managed(view, name) for name in resources_in(given))


def _is_managed(view: View, name: str) -> bool:
    return name in view.document.resources and view.document.resources[name].type == _MANAGED


def _policies(view: View, role: Resource) -> Iterator[Mapping[str, Any]]:
    for inline in as_list(role.properties.get("Policies")):
        yield as_map(as_map(inline).get("PolicyDocument"))
    named = resources_in(as_list(role.properties.get("ManagedPolicyArns")))
    for one in view.of_type(*_ATTACHED):
        if one.logical_id in named or role.logical_id in resources_in(as_list(one.properties.get(_ATTACHED[one.type]))):
            yield as_map(one.properties.get("PolicyDocument"))


def _allowing(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    statements = (as_map(one) for one in as_list(document.get("Statement")))
    return (one for one in statements if one.get("Effect") == "Allow")


def _permits(view: View, statement: Mapping[str, Any], action: str, arn: str | None) -> bool:
    if "NotAction" not in statement:
        actions = [told(view, one) for one in as_list(statement.get("Action"))]
        if not any(one is None or matcher(one, fold=True)(action) for one in actions):
            return False
    if "NotResource" in statement or arn is None:
        return True
    resources = [told(view, one) for one in as_list(statement.get("Resource"))]
    return any(one is None or matcher(one)(arn) for one in resources)
