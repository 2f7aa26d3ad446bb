"""Intrinsic functions of plain values. Each gives None when its arguments do not tell the result."""

from __future__ import annotations

import base64
import json
import re
from typing import TYPE_CHECKING, Any, Final

from authorizer.tools.template.unresolved import Text, is_known, joined, spelled

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_VARIABLE: Final = re.compile(r"\$\{(!?)([^{}]*)\}")


def call(name: str, argument: Any) -> Any:
    """The result of a function for evaluated arguments; None when it cannot be told."""
    function = _FUNCTIONS.get(name)
    return None if function is None else function(argument)


def substituted(text: str, given: Mapping[str, Any], named: Callable[[str], Any]) -> Text:
    """Fn::Sub: `${name}` by what is given or what the template names so, `${!name}` by `${name}`."""
    parts: list[Any] = []
    end = 0
    for match in _VARIABLE.finditer(text):
        literal, name = match[1], match[2].strip()
        parts.append(text[end : match.start()])
        parts.append("${" + match[2] + "}" if literal else given[name] if name in given else named(name))
        end = match.end()
    return joined([*parts, text[end:]])


def _join(argument: Any) -> Any:
    match argument:
        case [str(separator), list(items)]:
            return joined(items, separator)
    return None


def _split(argument: Any) -> Any:
    match argument:
        case [str(separator), str(text)] if separator:
            return text.split(separator)
    return None


def _select(argument: Any) -> Any:
    match argument:
        case [index, list(items)] if re.fullmatch(r"[0-9]{1,6}", spelled(index)):
            return items[int(index)] if int(index) < len(items) else None
    return None


def _base64(argument: Any) -> Any:
    return base64.b64encode(argument.encode()).decode() if isinstance(argument, str) else None


def _length(argument: Any) -> Any:
    return len(argument) if isinstance(argument, list) else None


def _to_json(argument: Any) -> Any:
    structured = isinstance(argument, dict | list) and is_known(argument)
    return json.dumps(argument, default=str, separators=(",", ":")) if structured else None


_FUNCTIONS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "Fn::Join": _join,
    "Fn::Split": _split,
    "Fn::Select": _select,
    "Fn::Base64": _base64,
    "Fn::Length": _length,
    "Fn::ToJsonString": _to_json,
}
