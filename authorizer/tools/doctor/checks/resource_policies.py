"""The resource policy of a REST API beside its authorizers: what it refuses first, and what no silence stops."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from authorizer.surface import Api as Kind
from authorizer.tools.doctor.policy_statements import arns, meet, policy_place, statements, written_policy
from authorizer.tools.doctor.told import is_foreign, listed, of_own
from authorizer.tools.gateway.resource_policy import resource_policy
from authorizer.tools.template import Authorization, Place
from authorizer.tools.template.shape import as_list, as_map
from authorizer.tools.terminal import CommandError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from authorizer.tools.doctor.policy_statements import PolicyStatement
    from authorizer.tools.doctor.view import View
    from authorizer.tools.template import Api, ApiRoute
    from authorizer.tools.template_check.finding import Finding

_EVERYTHING: Final = "{Effect: Allow, Principal: '*', Action: execute-api:Invoke, Resource: execute-api:/*}"


def policies(view: View) -> Iterator[Finding]:
    """One thing of each policy: what else is wrong shows when that is mended."""
    for api in view.apis(Kind.REST):
        found = statements(view, api)
        if found is None:
            continue
        for finding in _wrong(view, api, found):
            yield finding
            break


def _wrong(view: View, api: Api, found: list[PolicyStatement]) -> Iterator[Finding]:
    yield from _unreadable(view, api)
    yield from _aside(view, api, found)
    yield from _all_denied(view, api, found)
    yield from _silent(view, api, found)
    yield from _allowed_beside(view, api, found)


def _unreadable(view: View, api: Api) -> Iterator[Finding]:
    try:
        resource_policy(api, view.names)
    except CommandError as error:
        yield view.finding(
            "resource_policy_malformed",
            policy_place(view, api),
            found=str(error).partition("cannot be read: ")[2],
            right="a policy that IAM can read",
            fix=("Version: '2012-10-17'", "Statement:", f"  - {_EVERYTHING}"),
        )


def _aside(view: View, api: Api, found: list[PolicyStatement]) -> Iterator[Finding]:
    """Statements that are about no call of the API."""
    called = [arn for route in api.routes for arn in arns(view, api, route)]
    own = view.names.arn("execute-api", f"{view.names.of(api.logical_id)}/*")
    for one in found:
        if one.not_resource or not one.resources or not called or any(map(one.may_mean, called)):
            continue
        elsewhere = not any(meet(resource, own) for resource in one.resources)
        yield view.finding(
            "resource_policy_other_api" if elsewhere else "resource_policy_fits_no_route",
            policy_place(view, api) / "Statement" / one.number,
            found=f"{' and '.join(one.resources)}, which {'is another API' if elsewhere else 'fits no method'}",
            right="execute-api:/STAGE/METHOD/PATH with `*` for what varies; the API itself is filled in",
            fix=("Resource: execute-api:/*",) if elsewhere else ("Resource: execute-api:/*/GET/orders/*",),
        )


def _all_denied(view: View, api: Api, found: list[PolicyStatement]) -> Iterator[Finding]:
    for one in found:
        if not one.denies or one.conditional or not one.anyone or not api.routes:
            continue
        if all(one.means_all(arn) for route in api.routes for arn in arns(view, api, route)):
            yield view.finding(
                "resource_policy_denies_everything",
                policy_place(view, api) / "Statement" / one.number,
                found=f"a Deny without a Condition that means every method of {api.logical_id}",
                right="a Condition that says who is denied",
                fix=("Condition:", "  NotIpAddress: {aws:SourceIp: [203.0.113.0/24]}"),
            )


def _silent(view: View, api: Api, found: list[PolicyStatement]) -> Iterator[Finding]:
    """Table B: where no function decides, the policy has to allow. One without any Allow beside a user pool is said to be so
    elsewhere."""
    asks_pools = any(one.authorization is Authorization.COGNITO_USER_POOLS for one in api.routes)
    if asks_pools and all(one.denies for one in found):
        return
    for kind, code in (
        (Authorization.COGNITO_USER_POOLS, "resource_policy_misses_cognito_route"),
        (Authorization.NONE, "resource_policy_silent_on_open_route"),
    ):
        silent = [one for one in api.routes if one.authorization is kind and not _allowed(view, api, one, found)]
        if silent:
            yield view.finding(
                code,
                policy_place(view, api),
                found=f"no Allow for anybody that means {listed(silent)}",
                right="an Allow for what may be called",
                fix=(_statements_name(view, api), f"  - {_EVERYTHING}"),
            )


def _statements_name(view: View, api: Api) -> str:
    return "CustomStatements:" if "ResourcePolicy" in policy_place(view, api).path else "Statement:"


def _allowed(view: View, api: Api, route: ApiRoute, found: list[PolicyStatement]) -> bool:
    allowing = [one for one in found if not one.denies and one.anyone]
    return any(one.may_mean(arn) for one in allowing for arn in arns(view, api, route))


def _allowed_beside(view: View, api: Api, found: list[PolicyStatement]) -> Iterator[Finding]:
    """Table A: an Allow here is enough where a function's policy says nothing."""
    for one in api.authorizers:
        routes = [route for route in view.guarded(api, one) if _allowed(view, api, route, found)]
        if routes and is_foreign(view, api, one):
            yield view.finding(
                "resource_policy_allows_beside_lambda",
                policy_place(view, api),
                found=f"an Allow that means {listed(routes)}, which {one.name} guards",
                right="a function that denies what it does not allow, in its policy; or no Allow for these methods",
                fix=(
                    "# in the policy of the function, beside what it allows:",
                    '{"Effect": "Deny", "Action": "execute-api:Invoke", "NotResource": [ALL_THAT_IT_ALLOWS]}',
                ),
            )


def private_apis(view: View) -> Iterator[Finding]:
    """A private API answers nobody without a policy."""
    for api in view.apis(Kind.REST):
        types = as_list(as_map(api.properties.get("EndpointConfiguration")).get("Types"))
        if types == ["PRIVATE"] and of_own(view, api) and not written_policy(api):
            yield view.finding(
                "private_api_without_policy",
                Place(api.logical_id, ("Properties",)),
                found=f"{api.logical_id} of type PRIVATE without a resource policy",
                right="a policy that allows the VPC endpoint",
                fix=(
                    "Policy:",
                    "  Version: '2012-10-17'",
                    "  Statement:",
                    f"    - {_EVERYTHING}",
                    "    - Effect: Deny",
                    "      Principal: '*'",
                    "      Action: execute-api:Invoke",
                    "      Resource: execute-api:/*",
                    "      Condition: {StringNotEquals: {aws:SourceVpce: !Ref VpcEndpoint}}",
                ),
            )


CHECKS = (policies, private_apis)
