"""Conditions of a template: true, false, or None when only a deployment knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from authorizer.tools.template.unresolved import is_known, same, spelled

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Conditions:
    """The conditions of one template, each evaluated once. `value` evaluates what they compare."""

    def __init__(self, definitions: Mapping[str, Any], value: Callable[[Any], Any]) -> None:
        self._definitions = definitions
        self._value = value
        self._known: dict[str, bool | None] = {}

    def holds(self, name: object) -> bool | None:
        """Whether the condition of this name is met; None for one that is not defined, or defined by itself."""
        if not isinstance(name, str):
            return None
        if name not in self._known:
            self._known[name] = None  # while it is being evaluated
            self._known[name] = self._met(self._definitions.get(name))
        return self._known[name]

    def _met(self, node: Any) -> bool | None:
        match node:
            case bool():
                return node
            case {"Condition": name}:
                return self.holds(name)
            case {"Fn::Equals": [left, right]}:
                return _equal(self._value(left), self._value(right))
            case {"Fn::Not": [one]}:
                met = self._met(one)
                return None if met is None else not met
            case {"Fn::And": list(several)}:
                return _all(list(map(self._met, several)))
            case {"Fn::Or": list(several)}:
                none = _all([None if met is None else not met for met in map(self._met, several)])
                return None if none is None else not none
        return None


def _all(several: list[bool | None]) -> bool | None:
    if False in several:
        return False
    return None if None in several else True


def _equal(left: object, right: object) -> bool | None:
    if same(left, right):
        return True
    if not (is_known(left) and is_known(right)):
        return None
    return spelled(left) == spelled(right)  # CloudFormation compares texts: `true` and "true" are equal
