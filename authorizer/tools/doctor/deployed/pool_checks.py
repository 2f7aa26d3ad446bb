"""User pools that authorizers trust, and the functions that those call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from authorizer.tools.doctor.deployed.calls import FUNCTION_POLICY
from authorizer.tools.doctor.deployed.functions_reader import PERMISSION, FunctionArn, function_in
from authorizer.tools.doctor.deployed.pools_reader import PoolId, pool_of_arn, pool_of_issuer, triggers
from authorizer.tools.gateway.glob import matcher
from authorizer.tools.template import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from authorizer.tools.doctor.deployed.deployment import Deployment
    from authorizer.tools.doctor.deployed.view import DeployedView
    from authorizer.tools.template import ApiAuthorizer, Resource
    from authorizer.tools.template.model import Issuer
    from authorizer.tools.template_check.finding import Finding

_POOL: Final = "AWS::Cognito::UserPool"
_CALLER: Final = "cognito-idp.amazonaws.com"
_PRE_TOKEN: Final = "PreTokenGeneration"  # whose permission is looked at in templates too


def existence(one: Deployment, view: DeployedView) -> Iterator[Finding]:
    """User pools of the account that are gone, and app clients of those that are not."""
    for authorizer in one.served.authorizers:
        for pool in [pool_of_arn(str(arn)) for arn in authorizer.user_pools]:
            if pool is not None and pool.id in one.gone:
                yield deleted_pool(view, authorizer, pool)
        for issuer in authorizer.issuers:
            yield from _clients(one, view, authorizer, issuer)


def _clients(one: Deployment, view: DeployedView, authorizer: ApiAuthorizer, issuer: Issuer) -> Iterator[Finding]:
    pool = pool_of_issuer(str(issuer.issuer))
    for client in map(str, issuer.audience):
        if pool is not None and f"{pool.id} {client}" in one.gone:
            found = f"app client {client}, which {pool.id} does not have"
            yield view.finding("pool_client_deleted", authorizer.place, found=found, right="an app client of the pool")


def deleted_pool(view: DeployedView, authorizer: ApiAuthorizer, pool: PoolId) -> Finding:
    """A user pool that is nowhere."""
    found = f"user pool {pool.id}, which does not exist"
    return view.finding("pool_deleted", authorizer.place, found=found, right="a user pool that exists")


def trigger_functions(one: Deployment, view: DeployedView) -> Iterator[Finding]:
    """Triggers whose function is gone, or may not be called by the pool."""
    for pool in view.of_type(_POOL):
        for name, arn in triggers(pool.properties):
            function, place = function_in(arn), Place(pool.logical_id, ("Properties", "LambdaConfig", name))
            if function is None:
                continue
            if function.text in one.gone:
                found = f"{arn}, which does not exist"
                yield view.finding("trigger_deleted", place, found=found, right="a function that exists")
            elif name != _PRE_TOKEN and _is_known(one, view, function):
                yield from _invocation(view, pool, function.text, place)


def _is_known(one: Deployment, view: DeployedView, function: FunctionArn) -> bool:
    return view.document.function(function.name) is not None and one.saw(FUNCTION_POLICY, function.subject)


def _invocation(view: DeployedView, pool: Resource, function: str, place: Place) -> Iterator[Finding]:
    source = str(pool.attributes.get("Arn", ""))
    if any(_allows(it, function, source) for it in view.of_type(PERMISSION)):
        return
    yield view.finding(
        "trigger_not_invocable",
        place,
        found=f"no permission for {pool.logical_id} to invoke {function}",
        right=f"a permission for {_CALLER} from {source}",
        fix=(
            f"aws lambda add-permission --function-name {function} --statement-id user-pool \\",
            f"  --action lambda:InvokeFunction --principal {_CALLER} --source-arn {source}",
        ),
    )


def _allows(permission: Resource, function: str, source: str) -> bool:
    said = permission.properties
    if said.get("FunctionName") != function or said.get("Principal") not in (_CALLER, "*"):
        return False
    if said.get("Action") not in ("lambda:InvokeFunction", "lambda:*", "*"):
        return False
    return said.get("SourceArn") is None or matcher(str(said["SourceArn"]))(source)


CHECKS = (existence, trigger_functions)
