"""Functions as they are now: deleted, failed, without concurrency, failing; and who may call them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from authorizer.surface import Api as Kind
from authorizer.tools.doctor.deployed.callers_reader import api_of_source
from authorizer.tools.doctor.deployed.functions_reader import PERMISSION, VERSION, function_in
from authorizer.tools.doctor.deployed.pools_reader import triggers
from authorizer.tools.template import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from authorizer.tools.doctor.deployed.deployment import Deployment
    from authorizer.tools.doctor.deployed.view import DeployedView
    from authorizer.tools.template import Resource
    from authorizer.tools.template_check.finding import Finding

_FUNCTION: Final = "AWS::Lambda::Function"


class _Use(NamedTuple):
    """Where a function is named: by an authorizer, or by the first route that it is behind."""

    place: Place
    arn: str
    name: str
    authorizer: bool


def existence(one: Deployment, view: DeployedView) -> Iterator[Finding]:
    """Functions that are gone, and those of other accounts, of which nothing can be seen."""
    for use in _uses(one):
        if use.arn in one.gone:
            yield view.finding(
                "function_deleted", use.place, found=f"{use.arn}, which does not exist", right="a function that exists"
            )
        if use.arn in one.elsewhere and use.authorizer:
            yield view.finding(
                "authorizer_url_of_another_account_unseen",
                use.place,
                found=f"{use.arn}, of another account",
                right="a look at that function from its own account",
                fix=(f"aws lambda get-policy --function-name {use.arn}",),
            )


def roles(one: Deployment, view: DeployedView) -> Iterator[Finding]:
    """Roles that are gone and that API Gateway should invoke authorizers with."""
    for authorizer in one.served.authorizers:
        if str(authorizer.credentials) in one.gone:
            found = f"{authorizer.credentials}, which does not exist"
            yield view.finding("credentials_role_deleted", authorizer.place, found=found, right="a role that exists")


def state(_: Deployment, view: DeployedView) -> Iterator[Finding]:
    """Functions that Lambda cannot run, or not as they were last set up."""
    for function in view.of_type(_FUNCTION, VERSION):
        facts, place = function.attributes, Place(function.logical_id, ("Properties",))
        why = facts.get("StateReason") or facts.get("StateReasonCode") or "no reason"
        if facts.get("State") == "Failed":
            yield view.finding("function_state_failed", place, found=f"state Failed: {why}", right="state Active")
        if facts.get("State") == "Inactive":
            yield view.finding("function_inactive", place, found=f"state Inactive: {why}", right="state Active")
        if facts.get("LastUpdateStatus") == "Failed":
            found = f"the last update failed: {facts.get('LastUpdateStatusReason') or 'no reason'}"
            yield view.finding("function_last_update_failed", place, found=found, right="an update that succeeds")


def concurrency(one: Deployment, view: DeployedView) -> Iterator[Finding]:
    """Functions of triggers and routes that may not run at all; those of authorizers are looked at in templates too."""
    deciding = {it.function for it in one.served.authorizers}
    for function in view.of_type(_FUNCTION):
        if function.properties.get("ReservedConcurrentExecutions") == 0 and function.logical_id not in deciding:
            name = function.properties["FunctionName"]
            yield view.finding(
                "function_no_concurrency",
                Place(function.logical_id, ("Properties", "ReservedConcurrentExecutions")),
                found="a reserved concurrency of 0",
                right="a number above 0, or none",
                fix=(f"aws lambda delete-function-concurrency --function-name {name}",),
            )


def lately(one: Deployment, view: DeployedView) -> Iterator[Finding]:
    """Authorizers and triggers that failed, or were throttled, within the last hour."""
    called = [
        function_in(arn) for pool in view.of_type("AWS::Cognito::UserPool") for _, arn in triggers(pool.properties)
    ]
    deciding = {use.arn for use in _uses(one) if use.authorizer}
    for function in view.of_type(_FUNCTION):
        place = Place(function.logical_id)
        if function.attributes.get("Throttles"):
            found = f"{function.attributes['Throttles']} calls throttled within an hour"
            yield view.finding("function_throttled_lately", place, found=found, right="none")
        errors, calls = (function.attributes.get(name) for name in ("Errors", "Invocations"))
        found = f"{errors} of {calls} calls within an hour failed"
        if function.logical_id in {it.name for it in called if it} and errors:
            yield view.finding("trigger_failing_lately", place, found=found, right="none")
        elif function.attributes.get("Arn") in deciding and _fails(one, function):
            yield view.finding("function_failing_lately", place, found=found, right="none")


def callers(one: Deployment, view: DeployedView) -> Iterator[Finding]:
    """Permissions for APIs that are gone: whoever gets their id next, in the same account, may call the function."""
    for permission in view.of_type(PERMISSION):
        source = api_of_source(permission.properties.get("SourceArn"))
        if source is not None and source[2] in one.gone:
            yield view.finding(
                "permission_of_deleted_api",
                Place(str(permission.properties.get("FunctionName"))),
                found=f"a permission for API {source[2]}, which does not exist",
                right="permissions for APIs that exist",
            )


def _fails(one: Deployment, function: Resource) -> bool:
    """On an HTTP API no error is meant; elsewhere a raised `Unauthorized` is one, so only all of them tell something."""
    errors, calls = (function.attributes.get(name) or 0 for name in ("Errors", "Invocations"))
    return bool(errors) and (one.served.kind is Kind.HTTP or errors >= calls)


def _uses(one: Deployment) -> Iterator[_Use]:
    seen: set[str] = set()
    named = [(it.place, it.uri, True) for it in one.served.authorizers]
    named += [(it.place, it.backend.uri, False) for it in one.served.routes if it.backend is not None]
    for place, uri, authorizer in named:
        function = function_in(str(uri))
        if function is not None and function.text not in seen:
            seen |= set() if authorizer else {function.text}
            yield _Use(place, function.text, function.name, authorizer)


CHECKS = (existence, roles, state, concurrency, lately, callers)
