"""JWT authorizers of REST APIs: what `jwtConfiguration` may say, and what does not go with it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from authorizer.surface import Api as Kind
from authorizer.tools.doctor.native_settings import (
    given_settings,
    header_lines,
    jwt_lines,
    jwt_place,
    lines,
    lowered,
    natives,
    place_of,
    way,
)
from authorizer.tools.doctor.told import told
from authorizer.tools.doctor.user_pools import all_told, pools_asked
from authorizer.tools.gateway.native_jwt_rest import JWT_ALGORITHMS, RESERVED_CLAIMS
from authorizer.tools.template import AuthorizerKind, Unresolved
from authorizer.tools.template.shape import as_list, as_map

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from authorizer.tools.doctor.view import View
    from authorizer.tools.template import Api, ApiAuthorizer, Place
    from authorizer.tools.template_check.finding import Finding

_HEADER: Final = re.compile(r"method\.request\.header\.[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_USER: Final = re.compile(r"(?<=//)[^/]*@")
_TTL: Final = "AuthorizerResultTtlInSeconds"
_OF_OTHERS: Final = ("AuthorizerUri", "AuthorizerCredentials", "ProviderARNs", "IdentityValidationExpression")
_LISTS: Final = frozenset({"cognito:groups", "cognito:roles", "amr"})  # of user pools; never one text


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """A JWT authorizer with its settings by names in small letters."""

    view: View
    api: Api
    one: ApiAuthorizer
    given: Mapping[str, Any]

    @property
    def jwt(self) -> Mapping[str, Any]:
        """`jwtConfiguration`."""
        return lowered(self.given.get("jwtconfiguration"))

    def claims(self) -> Iterator[Mapping[str, Any]]:
        """All additional claims."""
        for issuer in as_list(self.jwt.get("issuers")):
            yield from map(lowered, as_list(lowered(issuer).get("additionalclaims")))

    def finding(self, code: str, place: Place, *, found: str, right: str, fix: tuple[str, ...]) -> Finding:
        """A finding of the catalogue."""
        return self.view.finding(code, place, found=found, right=right, fix=fix)


def algorithms(view: View) -> Iterator[Finding]:
    """`defaultAlgorithms`."""
    for it in _all(view):
        given = all_told(view, as_list(it.jwt.get("defaultalgorithms")))
        if given is None or isinstance(it.given.get("jwtconfiguration"), Unresolved):
            continue
        unsupported = [name for name in given if name not in JWT_ALGORITHMS]
        if not given or unsupported:
            code = "rest_jwt_algorithms_unsupported" if unsupported else "rest_jwt_algorithms_missing"
            yield _algorithms(it, code, ", ".join(unsupported) or "no algorithm")
        elif "RS256" not in given and pools_asked(view, it.one):
            yield _algorithms(it, "rest_jwt_algorithms_without_rs256", f"{', '.join(given)} for a user pool")


def _algorithms(it: _Told, code: str, found: str) -> Finding:
    names = ("JwtConfiguration", "DefaultAlgorithms")
    place = place_of(it.one, *names)
    return it.finding(code, place, found=found, right="[RS256]", fix=lines(it.one, names, "[RS256]"))


def claims(view: View) -> Iterator[Finding]:
    """`additionalClaims`."""
    for it in _all(view):
        for claim in it.claims():
            name, kind = told(view, claim.get("claimname")), told(view, claim.get("format"))
            values = as_list(claim.get("expectedvalues"))
            if name in RESERVED_CLAIMS:
                yield _claim(it, "rest_jwt_reserved_claim", claim, right="a claim that is not checked anyway")
            elif name in _LISTS and pools_asked(view, it.one):
                yield _claim(it, "rest_jwt_claim_is_list", claim, right="a claim that is one text, such as client_id")
            elif len(values) > 1:
                yield _claim(it, "rest_jwt_expected_values_several", claim, right="one value")
            elif kind is not None and kind != "SINGLE_STRING":
                yield _claim(it, "rest_jwt_claim_format", claim, right="SINGLE_STRING")


def _claim(it: _Told, code: str, claim: Mapping[str, Any], *, right: str) -> Finding:
    name, kind = (str(claim.get(one)) for one in ("claimname", "format"))
    values = [str(one) for one in as_list(claim.get("expectedvalues"))]
    tables = [way(it.one, one)[-1] for one in ("AdditionalClaims", "ClaimName", "Format", "ExpectedValues")]
    fix: tuple[str, ...] = (f"# remove {name} from {tables[0]}",)
    if code in ("rest_jwt_expected_values_several", "rest_jwt_claim_format"):
        fix = (f"{tables[0]}:", f"  - {tables[1]}: {name}", f"    {tables[2]}: SINGLE_STRING")
        fix += (f"    {tables[3]}: [{values[0]}]",) if values else ()
    found = f"the claim {name} of the format {kind}" + (f" with the values {', '.join(values)}" if values else "")
    return it.finding(code, jwt_place(it.api, it.one, "Issuer"), found=found, right=right, fix=fix)


def identity_source(view: View) -> Iterator[Finding]:
    """The place of the token: one header."""
    for it in _all(view):
        source = told(view, it.one.identity_sources[0]) if len(it.one.identity_sources) == 1 else None
        if source is not None and not _HEADER.fullmatch(source):
            fix = header_lines(it.one, it.api)
            place = place_of(it.one, "IdentitySource")
            code = "rest_jwt_identity_source_not_header"
            yield it.finding(code, place, found=source, right="method.request.header.Authorization", fix=fix)


def foreign_settings(view: View) -> Iterator[Finding]:
    """What belongs to other types of authorizer."""
    for it in _all(view):
        if _TTL.lower() in it.given:
            yield _foreign(it, "rest_jwt_ttl_set", _TTL)
        for name in _OF_OTHERS:
            if name.lower() in it.given:
                yield _foreign(it, "rest_jwt_setting_of_others", name)


def _foreign(it: _Told, code: str, name: str) -> Finding:
    written = way(it.one, name)[-1]
    return it.finding(code, place_of(it.one, name), found=written, right=f"no {written}", fix=(f"# remove {written}",))


def issuer_urls(view: View) -> Iterator[Finding]:
    """What no issuer may have: a query, a fragment, a user."""
    for it in _all(view):
        for issuer in (told(view, said.issuer) for said in it.one.issuers):
            right = _USER.sub("", re.split("[?#]", issuer or "")[0])
            if issuer is not None and issuer != right:
                place, fix = jwt_place(it.api, it.one, "Issuer"), jwt_lines(it.api, it.one, "Issuer", right)
                yield it.finding("rest_jwt_issuer_query", place, found=issuer[:200], right=right, fix=fix)


def _all(view: View) -> Iterator[_Told]:
    for api, one in natives(view, AuthorizerKind.JWT, Kind.REST):
        yield _Told(view=view, api=api, one=one, given=as_map(given_settings(view, api, one)))


CHECKS = (algorithms, claims, identity_source, foreign_settings, issuer_urls)
