"""JWT authorizers of HTTP APIs: where the token is, what an import may drop, and algorithms."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from authorizer.errors import ConfigError
from authorizer.surface import Api as Kind
from authorizer.tools.doctor.native_settings import header_lines, jwt_place, natives, place_of
from authorizer.tools.doctor.told import told
from authorizer.tools.template import AuthorizerKind, Unresolved
from authorizer.tools.template.shape import as_flag
from authorizer.tools.template_check.answering import HANDLERS
from authorizer.tools.template_check.function_settings import own_settings
from authorizer.tools.template_check.template_lines import Style, style_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from authorizer.tools.doctor.view import View
    from authorizer.tools.template import Api, ApiAuthorizer
    from authorizer.tools.template_check.finding import Finding
    from authorizer.verifiers.trusted_issuers import TrustedIssuer

_SOURCE: Final = re.compile(r"\$request\.(header|querystring)\.[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_JWT: Final = AuthorizerKind.JWT


def identity_source(view: View) -> Iterator[Finding]:
    """The place of the token: one header or parameter of the query."""
    for api, one in natives(view, _JWT):
        sources = [told(view, source) for source in one.identity_sources]
        if not sources:
            yield _source(view, api, one, "jwt_identity_source_missing", "no identity source")
        elif len(sources) > 1:
            found = f"{len(sources)} identity sources: {', '.join(map(str, one.identity_sources))}"
            yield _source(view, api, one, "jwt_identity_source_several", found)
        elif api.kind is Kind.HTTP and sources[0] is not None and not _SOURCE.fullmatch(sources[0]):
            yield _source(view, api, one, "jwt_identity_source_malformed", sources[0])


def _source(view: View, api: Api, one: ApiAuthorizer, code: str, found: str) -> Finding:
    fix = header_lines(one, api)
    return view.finding(code, place_of(one, "IdentitySource"), found=found, right=fix[-1].strip(), fix=fix)


def imports(view: View) -> Iterator[Finding]:
    """An OpenAPI document with a JWT authorizer, which API Gateway imports without it where the issuer does not answer."""
    for api in view.apis(Kind.HTTP):
        written = [one for one in api.authorizers if one.kind is _JWT and one.name not in view.document.resources]
        said = as_flag(api.properties.get("FailOnWarnings"))
        if written and api.properties and not view.deployed and not isinstance(said, Unresolved) and not said:
            yield view.finding(
                "jwt_fail_on_warnings_absent",
                api.place / "Properties" / "FailOnWarnings",
                found=f"{written[0].name} in the document of {api.logical_id}, and warnings of its import are passed over",
                right="a deployment that fails when the issuer cannot be asked",
                fix=("FailOnWarnings: true",),
            )


def algorithms(view: View) -> Iterator[Finding]:
    """An issuer that our own settings, or a function of ours in the document, know to sign with another family than RSA."""
    known = list(_trusted(view))
    for api, one in natives(view, _JWT, Kind.HTTP):
        for issuer in (told(view, said.issuer) for said in one.issuers):
            for function, trusted in known:
                if issuer in trusted.issuers and not any(name.startswith("RS") for name in trusted.algorithms):
                    yield view.finding(
                        "jwt_algorithm_not_rsa",
                        jwt_place(api, one, "Issuer"),
                        found=f"{issuer}, whose tokens are signed with {', '.join(sorted(trusted.algorithms))}",
                        right="an issuer that signs with RS256, a JWT authorizer of a REST API, or a Lambda authorizer",
                        fix=_lambda_lines(one, function),
                    )
                    break


def _lambda_lines(one: ApiAuthorizer, function: str) -> tuple[str, ...]:
    version = 'AuthorizerPayloadFormatVersion: "2.0"'
    if style_of(one.place) is Style.SAM:
        return f"FunctionArn: !GetAtt {function}.Arn", version, "EnableFunctionDefaultPermissions: true"
    return (
        "AuthorizerType: REQUEST",
        version,
        f"AuthorizerUri: …{function}…",
        "IdentitySource: [$request.header.Authorization]",
    )


def _trusted(view: View) -> Iterator[tuple[str, TrustedIssuer]]:
    """The issuers that functions of ours trust, with the function."""
    for function in view.document.functions:
        if function.handler in HANDLERS:
            try:
                checked = own_settings(function, view.document, view.settings).checked
                yield from ((function.logical_id, one) for one in checked.issuers)
            except ConfigError:  # a finding about the settings themselves
                continue


CHECKS = (identity_source, imports, algorithms)
