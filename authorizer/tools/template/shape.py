"""Values of unknown shape, taken as what they should be. What has another shape counts as nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from authorizer.tools.template.unresolved import Text, Unresolved, spelled

if TYPE_CHECKING:
    from collections.abc import Mapping


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
    """A whole number, also one written as text; None for what is none."""
    if isinstance(value, Unresolved):
        return value
    text = as_text(value)
    return int(text) if isinstance(text, str) and text.isascii() and text.isdigit() and len(text) < 10 else None


def as_flag(value: object) -> bool | Unresolved:
    """Whether something is said to be true, which texts can say too."""
    return value if isinstance(value, Unresolved) else as_text(value) == "true"
