"""Authorization types that there are not, or that are not those of the authorizer: API Gateway refuses such a deployment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from authorizer.tools.template import Authorization, Unresolved
from authorizer.tools.template.api_parts import UNKNOWN_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from authorizer.tools.doctor.view import View
    from authorizer.tools.template_check.finding import Finding


def unknown_types(view: View) -> Iterator[Finding]:
    """Routes whose type is none of those that there are."""
    for _, route in view.routes():
        given = route.authorization
        if isinstance(given, Unresolved) and given.text.startswith(UNKNOWN_TYPE):
            yield view.finding(
                "authorization_type_unknown",
                route.place / "AuthorizationType",
                found=given.text.removeprefix(UNKNOWN_TYPE) or "an empty text",
                right=" or ".join(one.value for one in Authorization),
                fix=("AuthorizationType: CUSTOM  # for a Lambda authorizer",),
            )


def lambda_types(view: View) -> Iterator[Finding]:
    """Routes that name a Lambda authorizer and another type than CUSTOM."""
    for api, route in view.routes():
        authorizer = api.authorizer(route.authorizer)
        if authorizer is None or not authorizer.kind.calls_function:
            continue
        if route.authorization in (Authorization.JWT, Authorization.COGNITO_USER_POOLS):
            yield view.finding(
                "lambda_authorization_type_mismatch",
                route.place / "AuthorizationType",
                found=f"{route.authorization.value}, and {authorizer.name} is of type {authorizer.kind.value}",
                right="CUSTOM",
                fix=("AuthorizationType: CUSTOM",),
            )


CHECKS = (unknown_types, lambda_types)
