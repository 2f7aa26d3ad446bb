"""Settings of API Gateway's own authorizers: where each stands, as it was written, and the lines that say it right."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from authorizer.surface import Api as Kind
from authorizer.tools.template import AuthorizerKind
from authorizer.tools.template.shape import as_map
from authorizer.tools.template_check.template_lines import Style, style_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from authorizer.tools.doctor.view import View
    from authorizer.tools.template import Api, ApiAuthorizer, Place

EXTENSION: Final = "x-amazon-apigateway-authorizer"
_REFERENCE: Final = re.compile(r"\$\{(?:Ref|GetAtt) ([\w.]+)\}")
_ALONE: Final = re.compile(r"\$\{(\w+)(\.[\w.]+)?\}")
_OF_SAM: Final = {
    ("ProviderARNs",): ("UserPoolArn",),
    ("IdentityValidationExpression",): ("Identity", "ValidationExpression"),
    ("JwtConfiguration", "Issuer"): ("JwtConfiguration", "issuer"),
    ("JwtConfiguration", "Audience"): ("JwtConfiguration", "audience"),
}


def way(authorizer: ApiAuthorizer, *names: str) -> tuple[str, ...]:
    """The names from an authorizer to one of its settings, which CloudFormation calls by `names`."""
    match style_of(authorizer.place):
        case Style.SAM if names == ("IdentitySource",) and authorizer.kind is AuthorizerKind.COGNITO_USER_POOLS:
            return "Identity", "Header"
        case Style.SAM:
            return _OF_SAM.get(names, names)
        case Style.OPENAPI:
            return EXTENSION, *(one[0].lower() + one[1:] for one in names)
    return names


def place_of(authorizer: ApiAuthorizer, *names: str) -> Place:
    """Where a setting stands."""
    place = authorizer.place
    for name in way(authorizer, *names):
        place = place / name
    return place


def lines(authorizer: ApiAuthorizer, names: Iterable[str], value: object) -> tuple[str, ...]:
    """A setting with a value."""
    *tables, name = way(authorizer, *names)
    return *(f"{'  ' * depth}{table}:" for depth, table in enumerate(tables)), f"{'  ' * len(tables)}{name}: {value}"


def header_lines(authorizer: ApiAuthorizer, api: Api, header: str = "Authorization") -> tuple[str, ...]:
    """The one header that a native authorizer reads, as its API wants it."""
    style = style_of(authorizer.place)
    if authorizer.kind is AuthorizerKind.COGNITO_USER_POOLS and style is Style.OPENAPI:
        return f"name: {header}", "in: header"
    if authorizer.kind is AuthorizerKind.COGNITO_USER_POOLS and style is Style.SAM:
        return lines(authorizer, ("IdentitySource",), header)
    if api.kind is Kind.REST:
        return lines(authorizer, ("IdentitySource",), f"method.request.header.{header}")
    value = f"$request.header.{header}"
    return lines(authorizer, ("IdentitySource",), f"[{value}]" if style is Style.CLOUDFORMATION else value)


def jwt_place(api: Api, authorizer: ApiAuthorizer, what: str) -> Place:
    """Where `Issuer` or `Audience` of a JWT authorizer stands; REST APIs have a list of issuers."""
    return place_of(authorizer, "JwtConfiguration", "Issuers" if api.kind is Kind.REST else what)


def jwt_lines(api: Api, authorizer: ApiAuthorizer, what: str, value: object) -> tuple[str, ...]:
    """`Issuer` or `Audience` of a JWT authorizer with a value."""
    if api.kind is not Kind.REST:
        return lines(authorizer, ("JwtConfiguration", what), value)
    *_, name = way(authorizer, "Audiences" if what == "Audience" else what)
    above = [line.rstrip() for line in lines(authorizer, ("JwtConfiguration", "Issuers"), "")]
    return *above, f"{'  ' * len(above)}- {name}: {value}"


def spelled(text: str) -> str:
    """A text with `${Ref …}` and `${GetAtt …}` as a template writes it."""
    plain = _REFERENCE.sub(r"${\1}", text)
    alone = _ALONE.fullmatch(plain)
    if plain == text:
        return text
    return f'!Sub "{plain}"' if alone is None else f"!GetAtt {alone[1]}{alone[2]}" if alone[2] else f"!Ref {alone[1]}"


def written(view: View, place: Place) -> Any:
    """What the file itself says at a place, before anything is evaluated; None where it is in another file."""
    node: Any = view.document.source.document
    for name in ("Resources", place.resource, *place.path) if place.resource else place.path:
        if isinstance(node, list):
            node = node[int(name)] if name.isdigit() and int(name) < len(node) else None
        else:
            table = as_map(node)
            node = table.get(name, lowered(table).get(name.lower()))
    return node


def is_literal(view: View, place: Place) -> bool:
    """Whether nothing at a place depends on the Region, a parameter or a resource."""
    if view.deployed:
        return True
    found = written(view, place)
    text = json.dumps(found, default=str)
    return found is not None and not any(mark in text for mark in ('"Ref"', "Fn::", "${"))


def given_settings(view: View, api: Api, authorizer: ApiAuthorizer) -> Mapping[str, Any]:
    """All that is said of an authorizer, evaluated, by names in small letters: of its resource or its security scheme."""
    resource = view.document.resources.get(authorizer.name)
    if resource is not None and resource.type.endswith("::Authorizer"):
        return lowered(resource.properties)
    newer = as_map(as_map(api.body.get("components")).get("securitySchemes"))
    scheme = {**as_map(api.body.get("securityDefinitions")), **newer}.get(authorizer.name)
    return lowered(as_map(scheme).get(EXTENSION))


def lowered(given: object) -> dict[str, Any]:
    """A table with its names in small letters: CloudFormation and OpenAPI differ in nothing else."""
    return {str(name).lower(): value for name, value in as_map(given).items()}


def natives(view: View, kind: AuthorizerKind, *apis: Kind) -> Iterator[tuple[Api, ApiAuthorizer]]:
    """The authorizers of a kind that API Gateway is itself."""
    return ((api, one) for api, one in view.authorizers(*apis) if one.kind is kind)
