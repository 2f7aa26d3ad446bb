"""The base path of an OpenAPI document, and what of it API Gateway puts before every path.

Source: API Gateway Developer Guide, "Set the OpenAPI basePath property"; `Parameters` of AWS::ApiGateway::RestApi and
`BasePath` of AWS::ApiGatewayV2::Api say how: not at all unless they do.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from authorizer.surface import Api as Kind
from authorizer.tools.template.shape import as_list, as_map, as_text
from authorizer.tools.template.unresolved import Text, Unresolved, described

if TYPE_CHECKING:
    from collections.abc import Mapping

_IGNORE, _PREPEND, _SPLIT = "ignore", "prepend", "split"
_VARIABLE: Final = "basePath"
_HOST: Final = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]*:)?//[^/?#]*")
_PATH: Final = re.compile(r"[^?#]*")


def how_imported(properties: Mapping[str, Any], kind: Kind) -> Any:
    """What the properties of an API say about the base path of its body; None where they say nothing."""
    if kind is not Kind.REST:
        return properties.get("BasePath")
    given = properties.get("Parameters")
    if isinstance(given, Unresolved):
        return given
    return next((value for name, value in as_map(given).items() if name.lower() == "basepath"), None)


def prefix(body: Mapping[str, Any], how: Any) -> Text:
    """What comes before each path of a document; opaque where it cannot be told."""
    if how is None or how == _IGNORE:
        return ""
    base = _base(body)
    if isinstance(base, Unresolved) or not base:
        return base
    if how == _PREPEND:
        return base
    if how == _SPLIT:  # the first part is meant to be the stage
        return "".join(f"/{part}" for part in base.split("/")[2:])
    return Unresolved(f"{base}, imported by {described(how)}")


def _base(body: Mapping[str, Any]) -> Text:
    if "swagger" in body:
        return _normal(body.get("basePath"))
    servers = body.get("servers")
    if isinstance(servers, Unresolved):
        return servers
    listed = as_list(servers)
    variables = [as_map(one).get("variables") for one in listed]
    opaque = [one for one in (*listed, *variables) if isinstance(one, Unresolved)]
    if opaque:
        return opaque[0]
    named = [as_map(one)[_VARIABLE] for one in variables if _VARIABLE in as_map(one)]
    if named:
        return _normal(as_map(named[0]).get("default", Unresolved(f"variable {_VARIABLE}")))
    return _normal(as_map(listed[0]).get("url") if listed else None, _HOST)


def _normal(given: Any, before: re.Pattern[str] | None = None) -> Text:
    """The path with a slash at its start and none at its end. An opaque host does no harm; braces in the path do."""
    if given is None:
        return ""
    text = as_text(given)
    if text is None or (isinstance(text, Unresolved) and not text.composed):
        return text or Unresolved(described(given))
    written = text.text if isinstance(text, Unresolved) else text
    host = before.match(written) if before is not None else None
    path = _PATH.match(written, host.end() if host else 0)
    parts = path[0].strip("/") if path else ""
    if "{" in parts or "}" in parts:
        return Unresolved(parts, composed=True)
    return f"/{parts}" if parts else ""
