"""What to write into a template, in the words of the place where the authorizer stands: SAM, OpenAPI or CloudFormation."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Final

from authorizer.surface import Api
from authorizer.tools.template_check.identity import spelled

if TYPE_CHECKING:
    from collections.abc import Iterable

    from authorizer.tools.template import Place
    from authorizer.tools.template_check.identity import Identity

_OPENAPI: Final = ("securityDefinitions", "securitySchemes")
_EXTENSION: Final = "x-amazon-apigateway-authorizer"


class Style(Enum):
    """Who defined the words."""

    SAM = "sam"
    OPENAPI = "openapi"
    CLOUDFORMATION = "cloudformation"


class Property(Enum):
    """What can be wrong about an authorizer, in CloudFormation's words."""

    TTL = "AuthorizerResultTtlInSeconds"
    SOURCES = "IdentitySource"
    FUNCTION = "AuthorizerUri"
    SIMPLE = "EnableSimpleResponses"
    PAYLOAD = "AuthorizerPayloadFormatVersion"
    KIND = "Type"


_OF_SAM: Final = {
    Property.TTL: ("Identity", "ReauthorizeEvery"),
    Property.SOURCES: ("Identity",),
    Property.FUNCTION: ("FunctionArn",),
    Property.KIND: ("FunctionPayloadType",),
}
_OF_IDENTITY: Final = {
    "header": "Headers",
    "querystring": "QueryStrings",
    "stageVariables": "StageVariables",
    "context": "Context",
}


def style_of(place: Place) -> Style:
    """The words that count at a place."""
    if "Authorizers" in place.path:
        return Style.SAM
    return Style.OPENAPI if any(name in place.path for name in _OPENAPI) else Style.CLOUDFORMATION


def way(place: Place, what: Property, api: Api) -> tuple[str, ...]:
    """The names from an authorizer to one of its properties."""
    match style_of(place):
        case Style.SAM:
            return _OF_SAM.get(what, (what.value,))
        case Style.OPENAPI:
            return _EXTENSION, what.value[0].lower() + what.value[1:]
    return ("AuthorizerType" if what is Property.KIND and api is not Api.REST else what.value,)


def property_lines(place: Place, what: Property, api: Api, value: object) -> tuple[str, ...]:
    """A property with a value."""
    *tables, name = way(place, what, api)
    text = f'"{value}"' if what is Property.PAYLOAD else str(value).lower() if isinstance(value, bool) else str(value)
    return *(f"{'  ' * depth}{table}:" for depth, table in enumerate(tables)), f"{'  ' * len(tables)}{name}: {text}"


def source_lines(place: Place, api: Api, several: Iterable[Identity]) -> tuple[str, ...]:
    """The identity sources, all of them."""
    several = set(several)
    if style_of(place) is Style.SAM:
        lines = ["Identity:"]
        for kind, name in _OF_IDENTITY.items():
            named = [one for one in several if one.kind == kind]
            if named:
                texts = [text.rpartition(f"{kind}.")[2] for text in spelled(named, api)]
                lines.append(f"  {name}: [{', '.join(texts)}]")
        return tuple(lines)
    written = ", ".join(spelled(several, api))
    as_list = style_of(place) is Style.CLOUDFORMATION and api is not Api.REST
    return property_lines(place, Property.SOURCES, api, f"[{written}]" if as_list else written)


def variable_lines(name: str, value: object) -> tuple[str, ...]:
    """A variable of a function."""
    return "Environment:", "  Variables:", f'    {name}: "{value}"'
