"""Security schemes of an OpenAPI document, and what of them an operation asks for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from authorizer.tools.template.model import ApiAuthorizer, Authorization
from authorizer.tools.template.place import Problem
from authorizer.tools.template.shape import as_list, as_map, as_text, as_texts
from authorizer.tools.template.unresolved import Text, Unresolved, described, is_known

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from authorizer.tools.template.place import Place

AUTHORIZER: Final = "x-amazon-apigateway-authorizer"
AUTH_TYPE: Final = "x-amazon-apigateway-authtype"
_OPERATION_AUTH: Final = "x-amazon-apigateway-auth"
_NOBODY: Final = "NONE"  # SAM writes so for `Authorizer: NONE`, without such a scheme


def written_schemes(body: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    """All schemes as they are written, of OpenAPI 3 (`components.securitySchemes`) and 2 (`securityDefinitions`)."""
    return {name: as_map(one) for name, one in _all_schemes(body).items()}


def _all_schemes(body: Mapping[str, Any]) -> Mapping[str, Any]:
    newer = as_map(as_map(body.get("components")).get("securitySchemes"))
    return {**as_map(body.get("securityDefinitions")), **newer}


def schemes_place(body: Mapping[str, Any]) -> tuple[str, ...]:
    """The way to the schemes."""
    return ("components", "securitySchemes") if "components" in body else ("securityDefinitions",)


def unread_schemes(body: Mapping[str, Any], place: Place) -> Iterator[Problem]:
    """Schemes, or all of them, that only a deployment knows: an authorizer may be among them."""
    components = body.get("components")
    for way, value in (
        (("components",), components),
        (("components", "securitySchemes"), as_map(components).get("securitySchemes")),
        (("securityDefinitions",), body.get("securityDefinitions")),
    ):
        if isinstance(value, Unresolved):
            yield _unread(replace(place, path=(*place.path, *way)))
    for name, one in _all_schemes(body).items():
        if not _is_readable(one):
            yield _unread(replace(place, path=(*place.path, *schemes_place(body), name)))


def _unread(place: Place) -> Problem:
    return Problem("authorizer_unresolved", place, "it does not tell whether an authorizer is meant")


def _is_readable(written: Any) -> bool:
    """Whether a scheme tells what it is; what is in its authorizer is another matter."""
    if not isinstance(written, dict) or "$ref" in written:
        return False
    return is_known(written.get(AUTH_TYPE)) and not isinstance(written.get(AUTHORIZER), Unresolved)


@dataclass(frozen=True, slots=True)
class Scheme:
    """What a scheme means to API Gateway: an authorizer, IAM, an API key, or nothing at all."""

    authorization: Authorization | Unresolved | None = None
    api_key: bool = False


def schemes_of(body: Mapping[str, Any], authorizers: Mapping[str, ApiAuthorizer]) -> Mapping[str, Scheme]:
    """The meaning of all schemes, with the authorizers that could be read."""
    return {name: _scheme(name, one, authorizers.get(name)) for name, one in _all_schemes(body).items()}


def _scheme(name: str, written: Any, authorizer: ApiAuthorizer | None) -> Scheme:
    """The meaning of one scheme; opaque when it has an authorizer that could not be read."""
    if not _is_readable(written):
        return Scheme(Unresolved(f"scheme {name}"))
    kind = str(written.get(AUTH_TYPE, "")).lower()
    if kind == "awssigv4":
        return Scheme(Authorization.AWS_IAM)
    if authorizer is not None:
        return Scheme(authorizer.kind.authorization)
    if AUTHORIZER in written:
        return Scheme(Unresolved(f"scheme {name}"))
    return Scheme(api_key=is_api_key(written))


def is_api_key(written: Mapping[str, Any]) -> bool:
    """Whether a scheme is the API key of a usage plan, which API Gateway checks itself."""
    named = str(written.get("name", "")).lower() == "x-api-key" and written.get("in") == "header"
    return named and written.get("type") == "apiKey" and AUTHORIZER not in written


@dataclass(frozen=True, slots=True, kw_only=True)
class Security:
    """What an operation asks for. `several` says that it names more authorizers than the one that counts; `unknown` and
    `idle` name a scheme that is not there, and one that means nothing to API Gateway."""

    authorization: Authorization | Unresolved = Authorization.NONE
    authorizer: Text | None = None
    scopes: tuple[Text, ...] = ()
    api_key: bool = False
    several: bool = False
    unknown: str | None = None
    idle: str | None = None


def security_of(operation: Mapping[str, Any] | Unresolved, schemes: Mapping[str, Scheme]) -> Security:
    """What API Gateway makes of the operation's own `security`; opaque where only a deployment knows it."""
    if isinstance(operation, Unresolved):
        return Security(authorization=operation, authorizer=operation)
    opaque = opaque_security(operation)
    if opaque is not None:
        return Security(authorization=opaque, authorizer=opaque)
    asked = [(name, scopes, schemes.get(name)) for name, scopes in _asked(operation)]
    deciding = [
        (name, scopes, one.authorization)
        for name, scopes, one in asked
        if one is not None and one.authorization is not None
    ]
    security = Security(
        authorization=_own(operation),
        api_key=any(one is not None and one.api_key for _, _, one in asked),
        several=len({name for name, _, _ in deciding}) > 1,
        unknown=next((name for name, _, one in asked if one is None), None),
        idle=next((name for name, _, one in asked if one == Scheme()), None),
    )
    if not deciding:
        return security
    name, scopes, kind = deciding[0]
    return replace(
        security,
        authorization=kind,
        authorizer=None if kind is Authorization.AWS_IAM else name,
        scopes=as_texts(scopes),
    )


def opaque_security(operation: Mapping[str, Any]) -> Unresolved | None:
    """What of the `security` of an operation only a deployment knows, or nobody can read: a text where a table should be."""
    given = operation.get("security")
    found = next((one for one in (given, *as_list(given)) if isinstance(one, Unresolved)), None)
    odd = next((one for one in as_list(given) if not isinstance(one, dict)), None)
    return Unresolved(f"security {described(odd)[:60]}") if found is None and odd is not None else found


def _asked(operation: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for alternative in as_list(operation.get("security")):
        yield from ((name, scopes) for name, scopes in as_map(alternative).items() if name != _NOBODY)


def _own(operation: Mapping[str, Any]) -> Authorization | Unresolved:
    """`x-amazon-apigateway-auth` of an operation: NONE or AWS_IAM."""
    given = operation.get(_OPERATION_AUTH)
    kind = given if isinstance(given, Unresolved) else as_text(as_map(given).get("type"))
    if isinstance(kind, Unresolved):
        return kind
    known = {"AWS_IAM": Authorization.AWS_IAM, "NONE": Authorization.NONE}
    return (
        Authorization.NONE if given is None else known.get(str(kind).upper(), Unresolved(f"{_OPERATION_AUTH} {kind}"))
    )
