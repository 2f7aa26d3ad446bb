"""Small changes of a template, as edits of mutations: what is set, taken away or added in the properties of a resource."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.tools.doctor.mutation import Template

    Edit = Callable[[Template], object]


def put(value: Any, resource: str, *way: str | int) -> Edit:
    """Sets what is at the end of a way into the properties of a resource; what is missing on it is made."""

    def edit(template: Template) -> None:
        node, last = _before(template, resource, way)
        node[last] = value

    return edit


def drop(resource: str, *way: str | int) -> Edit:
    """Takes away what is at the end of a way, or all of a resource."""

    def edit(template: Template) -> None:
        if not way:
            del template["Resources"][resource]
            return
        node, last = _before(template, resource, way)
        del node[last]

    return edit


def attribute(value: Any, resource: str, name: str) -> Edit:
    """Sets what is beside the properties of a resource."""
    return lambda template: template["Resources"][resource].update({name: value})


def add(resource: str, kind: str, **properties: Any) -> Edit:
    """Adds a resource."""
    return lambda template: template["Resources"].update({resource: {"Type": kind, "Properties": properties}})


def both(*edits: Edit) -> Edit:
    """Several changes that make one mistake together."""

    def edit(template: Template) -> None:
        for one in edits:
            one(template)

    return edit


def _before(template: Template, resource: str, way: tuple[str | int, ...]) -> tuple[Any, str | int]:
    node = template["Resources"][resource]["Properties"]
    for name in way[:-1]:
        node = node[name] if isinstance(name, int) else node.setdefault(name, {})
    return node, way[-1]
