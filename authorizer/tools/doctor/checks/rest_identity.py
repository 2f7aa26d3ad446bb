"""What an authorizer of a REST API reads before its function is asked: a missing or unfit credential is a 401."""

from __future__ import annotations

import re
import warnings
from typing import TYPE_CHECKING, Final

from authorizer.surface import Api as Kind
from authorizer.tools.doctor.told import property_place, stages
from authorizer.tools.template import AuthorizerKind
from authorizer.tools.template_check.identity import AUTHORIZATION, identities, parsed
from authorizer.tools.template_check.template_lines import (
    Property,
    Style,
    property_lines,
    source_lines,
    style_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from authorizer.tools.doctor.view import View
    from authorizer.tools.template import Api, ApiAuthorizer, Place
    from authorizer.tools.template_check.finding import Finding

_SOURCE: Final = re.compile(
    r"method\.request\.(?:multivalue)?(?:header|querystring)\.[^\s,]+|stageVariables\.\w+|context\.[\w.-]+",
)
_HEADER: Final = re.compile(r"method\.request\.header\.[^\s,]+")
_VARIABLE: Final = re.compile(r"stageVariables\.(\w+)")
_JWT: Final = f"eyJhbGciOiJSUzI1NiIsImtpZCI6ImsxIn0.eyJzdWIiOiJh{'LWJfYyJ9' * 20}.k-9_{'Rk3xQ0' * 56}"
_PLAIN: Final = re.sub("[-_]", "0", _JWT)
_OPAQUE: Final = [(text * 8)[:length] for text in ("0a1b2c3d4e5f6789", "Zx9Yw8Vu7Ts6Rq5P") for length in range(8, 129)]
_OTHERS: Final = (*_OPAQUE, *(f"Bearer {one}" for one in _OPAQUE), "Basic dXNlcjpwYXNzd29yZA==")
_FITTING: Final = r"Bearer [A-Za-z0-9._~+/-]+=*"


def identity_sources(view: View) -> Iterator[Finding]:
    """Of functions: whether API Gateway takes the identity sources, and whether they suffice."""
    for api, one in view.authorizers(Kind.REST):
        if not one.kind.calls_function:
            continue
        unknown = [text for text in one.identity_sources if isinstance(text, str) and not _SOURCE.fullmatch(text)]
        if any(map(parsed, unknown)):  # in the words of another type of API, which is said elsewhere
            continue
        if unknown:
            yield view.finding(
                "identity_source_unknown",
                property_place(api, one, Property.SOURCES),
                found=" and ".join(unknown),
                right="method.request.header.NAME, method.request.querystring.NAME, stageVariables.NAME or context.NAME",
                fix=source_lines(one.place, api.kind, identities(one) or {AUTHORIZATION}),
            )
        elif one.kind is AuthorizerKind.TOKEN:
            yield from _of_token(view, api, one)
        elif not one.identity_sources and one.ttl != 0:
            yield view.finding(
                "identity_sources_missing_with_cache",
                property_place(api, one, Property.SOURCES),
                found=f"no identity source, and answers kept for {one.ttl} s",
                right="the header that the function decides by as identity source, or a TTL of 0",
                fix=source_lines(one.place, api.kind, {AUTHORIZATION}),
            )


def _of_token(view: View, api: Api, one: ApiAuthorizer) -> Iterator[Finding]:
    sources = one.identity_sources
    if not sources:
        yield view.finding(
            "identity_source_missing_on_token",
            property_place(api, one, Property.SOURCES),
            found=f"no identity source of {one.name}, which is a TOKEN authorizer",
            right="the header with the token",
            fix=source_lines(one.place, api.kind, {AUTHORIZATION}),
        )
    elif len(sources) > 1 or (isinstance(sources[0], str) and not _HEADER.fullmatch(sources[0])):
        yield view.finding(
            "identity_sources_several_on_token",
            property_place(api, one, Property.SOURCES),
            found=", ".join(map(str, sources)),
            right="one header, or a REQUEST authorizer, which has several sources of all kinds",
            fix=property_lines(one.place, Property.KIND, api.kind, "REQUEST"),
        )


def identity_variables(view: View) -> Iterator[Finding]:
    """Variables of stages as identity sources: without a value every call is one without a credential."""
    for api, one in view.authorizers(Kind.REST):
        names = [found[1] for text in one.identity_sources if (found := _VARIABLE.fullmatch(str(text)))]
        for stage in stages(view, api):
            missing = [name for name in names if not stage.variables.get(name)]
            if missing:
                yield view.finding(
                    "identity_source_variable_unset",
                    property_place(api, one, Property.SOURCES),
                    found=f"stageVariables.{missing[0]}, which the stage {stage.name} of {api.logical_id} does not set",
                    right=f"{missing[0]} among the variables of every stage, or no such source",
                    fix=("Variables:", f"  {missing[0]}: …"),
                )


def validation_expression(view: View) -> Iterator[Finding]:
    """The pattern that a token has to fit as a whole before a function is asked."""
    for _, one in view.authorizers(Kind.REST):
        if one.validation_expression is None or not one.kind.calls_function:
            continue
        if one.kind is AuthorizerKind.REQUEST:
            yield view.finding(
                "validation_expression_unused",
                one.place,
                found=f"a validation expression of {one.name}, which is a {one.kind.value} authorizer",
                right="none, or a TOKEN authorizer, which alone applies it",
                fix=tuple(
                    f"# remove: {line}" for line in _expression_lines(one.place, f"'{one.validation_expression}'")
                ),
            )
        elif isinstance(one.validation_expression, str) and _refuses_tokens(one):
            yield view.finding(
                "validation_expression_rejects_bearer",
                one.place,
                found=f"{one.validation_expression!r}, which fits neither `Bearer <JWT>` nor a JWT as a whole",
                right=f"an expression that fits all of the header, such as {_FITTING}",
                fix=_expression_lines(one.place, f"'{_FITTING}'"),
            )


def _refuses_tokens(one: ApiAuthorizer) -> bool:
    """Whether a pattern is meant for tokens and refuses them: it fits their begin alone, another case, or none with - and _.
    A pattern for another scheme, or for opaque tokens, is none of these."""
    if identities(one) != {AUTHORIZATION}:
        return False
    pattern = _compiled(str(one.validation_expression))
    if pattern is None or _fits(pattern, _JWT):
        return False
    if _fits(pattern, _PLAIN):
        return True
    if any(map(pattern.fullmatch, _OTHERS)):
        return False
    folded = _compiled(f"(?i:{one.validation_expression})")
    begins = (found for text in (f"Bearer {_JWT}", _JWT) if (found := pattern.match(text)))
    return any(found[0] for found in begins) or (folded is not None and _fits(folded, _JWT))


def _fits(pattern: re.Pattern[str], token: str) -> bool:
    return any(map(pattern.fullmatch, (f"Bearer {token}", token)))


def _compiled(expression: str) -> re.Pattern[str] | None:
    """The pattern; None where it is in Java's words only, which nobody can try here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return re.compile(expression)
        except re.error:
            return None


def _expression_lines(place: Place, value: str) -> tuple[str, ...]:
    match style_of(place):
        case Style.SAM:
            return "Identity:", f"  ValidationExpression: {value}"
        case Style.OPENAPI:
            return "x-amazon-apigateway-authorizer:", f"  identityValidationExpression: {value}"
    return (f"IdentityValidationExpression: {value}",)


CHECKS = (identity_sources, identity_variables, validation_expression)
