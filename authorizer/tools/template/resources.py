"""The resources of a template that would be deployed, evaluated, and the ways between them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from authorizer.tools.template.model import Resource
from authorizer.tools.template.place import Place, Problem
from authorizer.tools.template.shape import as_map, as_text, type_of
from authorizer.tools.template.unresolved import Text, Unresolved, described

if TYPE_CHECKING:
    from collections.abc import Iterator

    from authorizer.tools.template.intrinsics import Intrinsics

FUNCTION: Final = "AWS::Lambda::Function"
_THROUGH: Final = ("AWS::Lambda::Alias", "AWS::Lambda::Version")  # these name a function in their FunctionName

_OF_LAMBDA: Final = ":lambda:"
_NAME: Final = re.compile(r":function:([^:/]+)")
_BY_STAGE: Final = re.compile(r":function:[^:/]*\$\{stageVariables\.")

_ID: Final = re.compile(r"(\$\{)?(?:Ref (\w+)|GetAtt (\w+)\.(?:RestApi|Api|Resource|Authorizer|Integration)Id)(?(1)\})")
_TOLD: Final = ("AWS::ApiGateway", FUNCTION, *_THROUGH)  # resources whose properties are all that matters

Resources = Mapping[str, Resource]


def evaluated(template: Mapping[str, Any], intrinsics: Intrinsics, problems: list[Problem]) -> Resources:
    """The resources whose condition is met, or not known. What cannot be read is added to the problems."""
    found: dict[str, Resource] = {}
    for logical_id, written in as_map(template.get("Resources")).items():
        resource = as_map(written)
        kind, condition = type_of(resource), resource.get("Condition")
        if not kind or (condition is not None and intrinsics.conditions.holds(condition) is False):
            continue
        properties = intrinsics.value(resource.get("Properties"))
        if properties is not None and not isinstance(properties, dict) and kind.startswith(_TOLD):
            message = f"{described(properties)}, which tells no properties"
            problems.append(Problem("properties_unresolved", Place(str(logical_id), ("Properties",)), message))
        found[str(logical_id)] = Resource(
            logical_id=str(logical_id),
            type=kind,
            properties=as_map(properties),
            attributes={name: value for name, value in resource.items() if name not in ("Type", "Properties")},
        )
    return found


def of_type(resources: Resources, *kinds: str) -> Iterator[Resource]:
    """All resources of these types."""
    return (one for one in resources.values() if one.type in kinds)


def referred(value: object, resources: Resources) -> Resource | None:
    """The resource whose id a value is, by `Ref` or by an attribute such as `RestApiId`."""
    found = _ID.fullmatch(value.text) if isinstance(value, Unresolved) else None
    return resources.get(found[2] or found[3]) if found else None


def function_of(uri: Text | None, resources: Resources) -> Text | None:
    """The logical id of the function that an integration's or authorizer's URI leads to, `Unresolved` for a function that
    is not in the template, and None where there is no function at all."""
    behind = functions_behind(uri, resources)
    if len(behind) == 1:
        return next(iter(behind))
    if isinstance(uri, Unresolved):
        return uri if behind or not uri.composed or _OF_LAMBDA in uri.text else None
    return None if uri is None or _OF_LAMBDA not in uri else Unresolved(uri, composed=True)


def functions_behind(uri: Text | None, resources: Resources) -> frozenset[str]:
    """The functions of the template that a URI may lead to; several where an `If` or a variable of the stage chooses."""
    if isinstance(uri, Unresolved):
        leads = frozenset(one for name in uri.resources for one in _functions(name, resources))
        if leads:
            return leads
    functions = list(of_type(resources, FUNCTION))
    if _BY_STAGE.search(str(uri)):
        return frozenset(one.logical_id for one in functions)
    named = _NAME.search(str(uri))
    return frozenset(one.logical_id for one in functions if named is not None and _name(one) == named[1])


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


def _name(function: Resource) -> str | None:
    name = as_text(function.properties.get("FunctionName"))
    return None if name is None else str(name)
