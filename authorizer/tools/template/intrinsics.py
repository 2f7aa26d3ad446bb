"""Intrinsic functions of CloudFormation, as far as a template tells their value. The rest stays opaque; nothing is refused.

Source: AWS CloudFormation template reference, "Intrinsic function reference".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from authorizer.tools.template import text_functions
from authorizer.tools.template.conditions import Conditions
from authorizer.tools.template.shape import as_map
from authorizer.tools.template.unresolved import Unresolved, described, joined, resources_in, spelled

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_NO_VALUE: Final = object()  # AWS::NoValue: the property is not there


class Intrinsics:
    """Evaluates values of one template."""

    def __init__(self, template: Mapping[str, Any], parameters: Mapping[str, Any]) -> None:
        self._parameters = parameters
        self._mappings = as_map(template.get("Mappings"))
        self.conditions = Conditions(as_map(template.get("Conditions")), self.value)
        self._own: dict[str, Callable[[Any], Any]] = {
            "Ref": self._ref,
            "Fn::GetAtt": self._get_att,
            "Fn::Sub": self._sub,
            "Fn::If": self._if,
            "Fn::FindInMap": self._find_in_map,
        }

    def value(self, node: Any) -> Any:
        """The value: plain JSON with `Unresolved` where it is opaque, and without what AWS::NoValue stands for."""
        found = self._evaluated(node)
        return None if found is _NO_VALUE else found

    def _evaluated(self, node: Any) -> Any:
        if isinstance(node, list):
            return [one for one in map(self._evaluated, node) if one is not _NO_VALUE]
        if not isinstance(node, dict):
            return node
        if len(node) == 1:
            name, argument = next(iter(node.items()))
            if name == "Ref" or (isinstance(name, str) and name.startswith("Fn::")):
                return self._call(name, argument)
        pairs = ((spelled(name), self._evaluated(one)) for name, one in node.items())
        return {name: one for name, one in pairs if one is not _NO_VALUE}

    def _call(self, name: str, argument: Any) -> Any:
        if name in self._own:
            found = self._own[name](argument)
        else:
            argument = self.value(argument)
            found = text_functions.call(name, argument)
        return _opaque(name, self._inner(argument)) if found is None else found

    def _inner(self, argument: Any) -> Any:
        """An argument of a function that cannot be told: what is in it is evaluated still."""
        return [self.value(one) for one in argument] if isinstance(argument, list) else self.value(argument)

    def _ref(self, name: Any) -> Any:
        if name == "AWS::NoValue":
            return _NO_VALUE
        if not isinstance(name, str):
            return None
        return self._parameters[name] if name in self._parameters else Unresolved(f"Ref {name}", frozenset({name}))

    def _get_att(self, argument: Any) -> Any:
        match argument:
            case [str(resource), *attribute]:
                text = joined((self.value(one) for one in attribute), ".")
            case str() if "." in argument:
                resource, text = argument.split(".", 1)
            case _:
                return None
        return Unresolved(f"GetAtt {resource}.{described(text)}", frozenset({resource}))

    def _sub(self, argument: Any) -> Any:
        match argument:
            case str(text):
                return text_functions.substituted(text, {}, self._named)
            case [str(text), dict(given)]:
                return text_functions.substituted(text, {k: self.value(v) for k, v in given.items()}, self._named)
        return None

    def _named(self, name: str) -> Any:
        """What `${name}` stands for in Fn::Sub."""
        if "." in name and "::" not in name:
            return self._get_att(name)
        found = self._ref(name)
        return "" if found is _NO_VALUE else found

    def _if(self, argument: Any) -> Any:
        match argument:
            case [str(name), met, otherwise]:
                holds = self.conditions.holds(name)
                if holds is not None:
                    return self._evaluated(met if holds else otherwise)
                return _either(name, [self._evaluated(met), self._evaluated(otherwise)])
        return None

    def _find_in_map(self, argument: Any) -> Any:
        match self._inner(argument):
            case [table, first, second, *default]:
                row = as_map(as_map(self._mappings.get(described(table))).get(described(first)))
                if described(second) in row:
                    return row[described(second)]
                return as_map(default[0]).get("DefaultValue") if default else None
        return None


def _either(condition: str, branches: list[Any]) -> Any:
    """What an `If` stands for when its condition is not known: a table that may not be there counts as there, as resources
    do; anything else stays opaque."""
    given = [one for one in branches if one is not _NO_VALUE]
    if not given:
        return _NO_VALUE
    if len(given) == 1 and isinstance(given[0], dict):
        return given[0]
    return Unresolved(f"If {condition}", resources_in(given))


def _opaque(name: str, argument: Any) -> Unresolved:
    return Unresolved(f"{name.removeprefix('Fn::')} {described(argument)}", resources_in(argument))
