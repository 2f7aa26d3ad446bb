"""The settings of user pool authorizers of REST APIs: pools by ARN, one header, and what counts for nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from authorizer.tools.doctor.native_settings import (
    header_lines,
    is_literal,
    lines,
    natives,
    place_of,
    spelled,
    written,
)
from authorizer.tools.doctor.told import told
from authorizer.tools.doctor.user_pools import user_pools
from authorizer.tools.template import Authorization, AuthorizerKind
from authorizer.tools.template.shape import as_map
from authorizer.tools.template_check.template_lines import Style, style_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from authorizer.tools.doctor.view import View
    from authorizer.tools.template import Api, ApiAuthorizer
    from authorizer.tools.template.unresolved import Text
    from authorizer.tools.template_check.finding import Finding

_ARN: Final = re.compile(r"arn:[^:]+:cognito-idp:([^:]+):[0-9]{12}:userpool/(.+)_[A-Za-z0-9]+")
_RIGHT: Final = "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_AbCdEfGhI"
_HEADER: Final = re.compile(r"method\.request\.header\.([A-Za-z0-9!#$%&'*+.^_`|~-]+)")
_POOLS: Final = AuthorizerKind.COGNITO_USER_POOLS


def pool_arns(view: View) -> Iterator[Finding]:
    """What stands where ARNs of user pools should."""
    for _, one in natives(view, _POOLS):
        if not one.user_pools:
            yield view.finding(
                "cognito_authorizer_without_pool",
                one.place,
                found=f"{one.name} without a user pool",
                right=f"the ARN of one, like {_RIGHT}",
                fix=_arn_lines(view, one),
            )
        for pool in one.user_pools:
            yield from _pool_arn(view, one, pool)


def _arn_lines(view: View, one: ApiAuthorizer) -> tuple[str, ...]:
    name = next((pool.name for pool in user_pools(view)), "UserPool")
    return lines(one, ("ProviderARNs",), f"[!GetAtt {name}.Arn]")


def _pool_arn(view: View, one: ApiAuthorizer, said: Text) -> Iterator[Finding]:
    arn = told(view, said)
    if arn is None:
        return
    match = _ARN.fullmatch(arn)
    if match is None:
        yield view.finding(
            "cognito_pool_arn_malformed",
            place_of(one, "ProviderARNs"),
            found=f"{spelled(str(said))[:120]}, which is no ARN of a user pool",
            right=f"an ARN like {_RIGHT}",
            fix=_arn_lines(view, one),
        )
    elif match[1] != match[2] and is_literal(view, place_of(one, "ProviderARNs")):
        yield view.finding(
            "cognito_pool_of_another_region",
            place_of(one, "ProviderARNs"),
            found=f"{arn}: the Region is {match[1]}, and the pool's id begins with {match[2]}",
            right="the same Region in both",
            fix=lines(one, ("ProviderARNs",), f"[{arn.replace(f':{match[1]}:', f':{match[2]}:')}]"),
        )


def header(view: View) -> Iterator[Finding]:
    """The place of the token: one header."""
    for api, one in natives(view, _POOLS):
        sources = one.identity_sources
        known = [source for source in (told(view, text) for text in sources) if source is not None]
        if not sources and style_of(one.place) is not Style.OPENAPI:  # there the scheme names it
            yield _source(view, api, one, "cognito_identity_source_missing", "no header")
        elif not sources or len(known) < len(sources):
            continue
        elif len(known) > 1 or _HEADER.fullmatch(known[0]) is None:
            yield _source(view, api, one, "cognito_identity_source_not_header", ", ".join(known))
        elif known[0].rpartition(".")[2].lower() != "authorization":
            yield _source(view, api, one, "cognito_header_other_than_authorization", known[0])


def _source(view: View, api: Api, one: ApiAuthorizer, code: str, found: str) -> Finding:
    return view.finding(
        code,
        place_of(one, "IdentitySource"),
        found=f"{found}, for the token",
        right="the header Authorization",
        fix=header_lines(one, api),
    )


def ttl_ignored(view: View) -> Iterator[Finding]:
    """`ReauthorizeEvery` of SAM, which it leaves out."""
    for _, one in natives(view, _POOLS):
        identity = as_map(as_map(written(view, one.place)).get("Identity"))
        if style_of(one.place) is Style.SAM and "ReauthorizeEvery" in identity:
            yield view.finding(
                "cognito_ttl_ignored",
                one.place / "Identity" / "ReauthorizeEvery",
                found=f"ReauthorizeEvery: {identity['ReauthorizeEvery']}, which SAM does not hand on",
                right="nothing: the pool's tokens count until they expire",
                fix=(f"# remove ReauthorizeEvery: {identity['ReauthorizeEvery']}",),
            )


def method_types(view: View) -> Iterator[Finding]:
    """Methods whose authorization type is another than that of the authorizer that they name."""
    for api, route in view.routes():
        authorizer = api.authorizer(route.authorizer)
        if authorizer is None or authorizer.kind.calls_function or not isinstance(route.authorization, Authorization):
            continue
        right = Authorization(authorizer.kind.value)
        if route.authorization not in (Authorization.NONE, Authorization.AWS_IAM, right):
            yield view.finding(
                "native_authorization_type_mismatch",
                route.place / "AuthorizationType",
                found=f"{route.authorization.value}, and {authorizer.name} is of type {authorizer.kind.value}",
                right=authorizer.kind.value,
                fix=(f"AuthorizationType: {authorizer.kind.value}",),
            )


CHECKS = (pool_arns, header, ttl_ignored, method_types)
