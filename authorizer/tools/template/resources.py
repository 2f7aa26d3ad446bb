"""The resources of a template that would be deployed, evaluated, and the ways between them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from authorizer.tools.template.model import Resource
from authorizer.tools.template.shape import as_map, type_of
from authorizer.tools.template.unresolved import Text, Unresolved

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from authorizer.tools.template.intrinsics import Intrinsics

FUNCTION: Final = "AWS::Lambda::Function"
_THROUGH: Final = ("AWS::Lambda::Alias", "AWS::Lambda::Version")  # these name a function in their FunctionName

_OF_LAMBDA: Final = ":lambda:"
_NAME: Final = re.compile(r":function:([A-Za-z0-9_-]+)")

_ID: Final = re.compile(r"Ref (\w+)|GetAtt (\w+)\.(?:RestApi|Api|Resource|Authorizer|Integration)Id")

Resources = dict[str, Resource]


def evaluated(template: Mapping[str, Any], intrinsics: Intrinsics) -> Resources:
    """The resources whose condition is met, or not known."""
    found: Resources = {}
    for logical_id, written in as_map(template.get("Resources")).items():
        resource = as_map(written)
        kind, condition = type_of(resource), resource.get("Condition")
        if not kind or (condition is not None and intrinsics.conditions.holds(condition) is False):
            continue
        found[str(logical_id)] = Resource(
            logical_id=str(logical_id),
            type=kind,
            properties=as_map(intrinsics.value(resource.get("Properties"))),
            attributes={name: value for name, value in resource.items() if name not in ("Type", "Properties")},
        )
    return found


def of_type(resources: Resources, *kinds: str) -> Iterator[Resource]:
    """All resources of these types."""
    return (one for one in resources.values() if one.type in kinds)


def referred(value: object, resources: Resources) -> Resource | None:
    """The resource whose id a value is, by `Ref` or by an attribute such as `RestApiId`."""
    found = _ID.fullmatch(value.text) if isinstance(value, Unresolved) else None
    return resources.get(found[1] or found[2]) if found else None


def function_of(uri: Text | None, resources: Resources) -> Text | None:
    """The logical id of the function that an integration's or authorizer's URI leads to, `Unresolved` for a function that
    is not in the template, and None where there is no function at all."""
    if isinstance(uri, Unresolved):
        leads = {one for name in uri.resources for one in _functions(name, resources)}
        if len(leads) == 1:
            return leads.pop()
        return uri if not uri.composed or _OF_LAMBDA in uri.text else None
    if uri is None or _OF_LAMBDA not in uri:
        return None
    named = (one for one in of_type(resources, FUNCTION) if _is_named(one, uri))
    return next((one.logical_id for one in named), Unresolved(uri, composed=True))


def _functions(logical_id: str, resources: Resources, depth: int = 0) -> frozenset[str]:
    resource = resources.get(logical_id)
    if resource is None or depth > 2:  # an alias, its version, its function
        return frozenset()
    if resource.type == FUNCTION:
        return frozenset({logical_id})
    behind = resource.properties.get("FunctionName") if resource.type in _THROUGH else None
    if isinstance(behind, Unresolved):
        return frozenset().union(*(_functions(name, resources, depth + 1) for name in behind.resources))
    return frozenset()


def _is_named(function: Resource, uri: str) -> bool:
    found = _NAME.search(uri)
    return found is not None and function.properties.get("FunctionName") == found[1]
