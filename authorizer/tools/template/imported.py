"""The body of an API in a template: an OpenAPI document that API Gateway imports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from authorizer.tools.template.base_path import how_imported, prefix
from authorizer.tools.template.openapi import Imported, OpenApi
from authorizer.tools.template.place import Problem

if TYPE_CHECKING:
    from authorizer.surface import Api as Kind
    from authorizer.tools.template.api_parts import Parts

_NOTHING = Imported(routes=(), authorizers=(), problems=())


def imported_body(parts: Parts, kind: Kind) -> Imported:
    """What the `Body` of an API's resource says; nothing where it has none."""
    if "Body" not in parts.properties:
        return _NOTHING
    place = parts.place / "Properties" / "Body"
    if not isinstance(parts.properties["Body"], dict):
        problem = Problem("body_unreadable", place, "the OpenAPI document is not in the template")
        return Imported(routes=(), authorizers=(), problems=(problem,))
    before = prefix(parts.body, how_imported(parts.properties, kind))
    return OpenApi(body=parts.body, kind=kind, place=place, resources=parts.resources, prefix=before).imported()
