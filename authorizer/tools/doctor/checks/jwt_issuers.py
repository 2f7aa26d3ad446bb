"""The issuer of JWT authorizers: compared with `iss` to the last character, and where API Gateway looks for the keys."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from authorizer.tools.doctor.native_settings import is_literal, jwt_lines, jwt_place, natives, spelled
from authorizer.tools.doctor.told import told
from authorizer.tools.doctor.user_pools import user_pools
from authorizer.tools.template import AuthorizerKind
from authorizer.tools.template.shape import as_map

if TYPE_CHECKING:
    from collections.abc import Iterator

    from authorizer.tools.doctor.view import View
    from authorizer.tools.template import Api, ApiAuthorizer
    from authorizer.tools.template_check.finding import Finding

_COGNITO: Final = re.compile(r"https://(issuer-)?cognito-idp\.([a-z0-9-]+)\.[^/]+/([a-z0-9-]+)_[A-Za-z0-9]+/?")
_WITH_SLASH: Final = ("auth0.com", "sts.windows.net")  # their `iss` ends with one
_WITHOUT_SLASH: Final = ("okta.com", "oktapreview.com", "accounts.google.com", "securetoken.google.com")
_KEYCLOAK: Final = re.compile(r"https://.+/realms/[^/]+/")
_LOGIN: Final = ".amazoncognito.com"


class _Stated(NamedTuple):
    """An issuer of an authorizer: as it is said, and with everything told."""

    api: Api
    authorizer: ApiAuthorizer
    said: str
    issuer: str


def issuers(view: View) -> Iterator[Finding]:
    """The first thing that is wrong with each."""
    for api, one in natives(view, AuthorizerKind.JWT):
        for text in (issuer.issuer for issuer in one.issuers):
            issuer = told(view, text)
            if issuer is not None:
                stated = _Stated(api, one, str(text), issuer)
                yield from _shape(view, stated) or _slash(view, stated) or _cognito(view, stated)


def _shape(view: View, one: _Stated) -> list[Finding]:
    if "/.well-known/" in one.issuer:
        return [_wrong(view, "jwt_issuer_is_discovery_url", one, one.said.partition("/.well-known/")[0])]
    if not one.issuer.startswith("https://"):
        bare = one.issuer.removeprefix("http://")
        is_host = "." in bare.partition("/")[0]
        right = f"https://{one.said.removeprefix('http://')}" if is_host else "https://…"
        return [_wrong(view, "jwt_issuer_not_https", one, right)]
    if _host(one.issuer).endswith(_LOGIN):
        pool = next((pool.name for pool in user_pools(view)), "UserPool")
        return [_wrong(view, "jwt_issuer_is_login_domain", one, f"${{GetAtt {pool}.ProviderURL}}")]
    return []


def _slash(view: View, one: _Stated) -> list[Finding]:
    host, issuer = _host(one.issuer), one.issuer
    if issuer.endswith("/") and (
        _COGNITO.fullmatch(issuer) or _is(host, _WITHOUT_SLASH) or _KEYCLOAK.fullmatch(issuer)
    ):
        return [_wrong(view, "jwt_issuer_trailing_slash", one, one.said.rstrip("/"))]
    if not issuer.endswith("/") and _is(host, _WITH_SLASH):
        return [_wrong(view, "jwt_issuer_slash_missing", one, f"{one.said}/")]
    return []


def _cognito(view: View, one: _Stated) -> list[Finding]:
    match = _COGNITO.fullmatch(one.issuer)
    if match is None:
        return []
    if match[2] != match[3]:
        if not is_literal(view, jwt_place(one.api, one.authorizer, "Issuer")):
            return []
        right = one.issuer.replace(f"cognito-idp.{match[2]}.", f"cognito-idp.{match[3]}.")
        return [_wrong(view, "jwt_issuer_of_another_region", one, right)]
    newer = match[1] is not None
    for pool in user_pools(view):
        form = told(view, as_map(pool.resource.properties.get("IssuerConfiguration")).get("Type"))
        if one.issuer.endswith(f"/{pool.id}") and form in ("ORIGINAL", "UPDATED") and newer != (form == "UPDATED"):
            right = f"https://{'' if newer else 'issuer-'}cognito-idp.{match[2]}.amazonaws.com/${{Ref {pool.name}}}"
            return [_wrong(view, "jwt_issuer_form_mismatch", one, right)]
    return []


def _wrong(view: View, code: str, one: _Stated, right: str) -> Finding:
    written = spelled(right)
    if written.startswith("!Sub"):  # of a pool of the template, which is where the template is deployed
        written = written.replace(f"idp.{view.names.region}.", "idp.${AWS::Region}.")
    return view.finding(
        code,
        jwt_place(one.api, one.authorizer, "Issuer"),
        found=f"the issuer {one.said[:200]}",
        right=written,
        fix=jwt_lines(one.api, one.authorizer, "Issuer", written),
    )


def _host(issuer: str) -> str:
    return issuer.removeprefix("https://").partition("/")[0].rpartition("@")[2].partition(":")[0].lower()


def _is(host: str, names: tuple[str, ...]) -> bool:
    return any(host == name or host.endswith(f".{name}") for name in names)


CHECKS = (issuers,)
