"""Values of unknown shape, taken as what they should be. What has another shape counts as nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from authorizer.tools.template.unresolved import Text, Unresolved, described, resources_in, spelled

if TYPE_CHECKING:
    from collections.abc import Mapping

_NUMBER: Final = re.compile(r"([0-9]{1,9})(?:\.0+)?")


def as_map(value: object) -> Mapping[str, Any]:
    """A table, empty when it is none."""
    return value if isinstance(value, dict) else {}


def type_of(resource: object) -> str:
    """The type of a resource, empty when it has none."""
    kind = as_map(resource).get("Type")
    return kind if isinstance(kind, str) else ""


def properties_of(resource: object) -> Mapping[str, Any]:
    """The properties of a resource."""
    return as_map(as_map(resource).get("Properties"))


def as_list(value: object) -> list[Any]:
    """A list; nothing is an empty one, and anything else a list of itself."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def as_text(value: object) -> Text | None:
    """A scalar as text, what is opaque as it is; None for nothing, tables and lists."""
    if isinstance(value, Unresolved):
        return value
    return None if value is None or isinstance(value, dict | list) else spelled(value)


def as_texts(value: object) -> tuple[Text, ...]:
    """The scalars of a list, or one of them alone."""
    return tuple(text for text in map(as_text, as_list(value)) if text is not None)


def as_number(value: object) -> int | Unresolved | None:
    """A whole number, also one written as `300.0` or as text; None for nothing, and opaque what is there but is none."""
    if value is None or isinstance(value, Unresolved):
        return value
    text = as_text(value)
    found = _NUMBER.fullmatch(text.strip()) if isinstance(text, str) else None
    return int(found[1]) if found else Unresolved(described(value), resources_in(value), composed=True)


def as_flag(value: object) -> bool | Unresolved:
    """Whether something is said to be true, which texts can say too; opaque where it is neither true nor false."""
    if value is None or isinstance(value, Unresolved):
        return value if value is not None else False
    text = str(as_text(value)).lower()
    known = text in ("true", "false")
    return text == "true" if known else Unresolved(described(value), resources_in(value), composed=True)
