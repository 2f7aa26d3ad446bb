"""Whether API Gateway may invoke the functions: a missing permission is a 500 for every client."""

from __future__ import annotations

from typing import TYPE_CHECKING

from authorizer.surface import Api as Kind
from authorizer.tools.gateway.build_authorizers import authorizer_arn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from authorizer.tools.doctor.view import View
    from authorizer.tools.template import Api, ApiAuthorizer
    from authorizer.tools.template_check.finding import Finding


def authorizer_permission(view: View) -> Iterator[Finding]:
    """Of the functions of authorizers that are in the document and that no role of the authorizer invokes."""
    for api, one in view.authorizers():
        if not one.kind.calls_function or view.function(one) is None or one.credentials is not None:
            continue
        if view.permissions.covers(one.uri, authorizer_arn(one, api, view.names)):
            continue
        yield view.finding(
            "authorizer_permission_missing",
            one.place,
            found=f"no permission for {one.name} of {api.logical_id} to invoke {one.function}",
            right="an AWS::Lambda::Permission whose SourceArn is …/authorizers/*",
            fix=_fix(api, one),
        )


def _fix(api: Api, one: ApiAuthorizer) -> tuple[str, ...]:
    if api.kind is Kind.HTTP and "Auth" in one.place.path:
        return ("EnableFunctionDefaultPermissions: true",)
    stack = "${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}"
    source = f"!Sub arn:{stack}:${{{api.logical_id}}}/authorizers/*"
    return (
        f"{one.function}Permission:",
        "  Type: AWS::Lambda::Permission",
        "  Properties:",
        "    Action: lambda:InvokeFunction",
        f"    FunctionName: !GetAtt {one.function}.Arn",
        "    Principal: apigateway.amazonaws.com",
        f"    SourceArn: {source}",
    )


CHECKS = (authorizer_permission,)
