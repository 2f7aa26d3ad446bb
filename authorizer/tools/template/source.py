"""A file with a template or an OpenAPI document: what it holds, and on which line."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from authorizer.tools.template import yaml_text
from authorizer.tools.terminal import CommandError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import yaml

    from authorizer.tools.template.place import Place

MAX_BYTES: Final = 10_000_000  # CloudFormation takes 1 MB, API Gateway 6 MB of OpenAPI
_HINT: Final = "give a CloudFormation or SAM template, or an OpenAPI document, in YAML or JSON"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What was read. `document` is as written, short forms written out."""

    file: Path
    document: Mapping[str, Any]
    nodes: yaml.Node | None = field(default=None, repr=False, compare=False)

    @property
    def is_openapi(self) -> bool:
        """Whether it is an OpenAPI (or Swagger) document; a template otherwise."""
        return "openapi" in self.document or "swagger" in self.document

    def line(self, place: Place) -> int | None:
        """The line that says it, or the nearest one above it in the same resource."""
        way = ("Resources", place.resource, *place.path) if place.resource else place.path
        node, lines = self.nodes, []
        for name in way:
            key, node = _step(node, name)
            if key is None:
                break
            lines.append(key.start_mark.line + 1)
        return lines[-1] if len(lines) > bool(place.resource) else None


def read_source(file: Path) -> Source:
    """The document in a file; `CommandError` when it holds none."""
    text = _text(file)
    document, nodes = _parsed(text, file)
    if not isinstance(document, dict):
        raise CommandError(f"{file} holds no template: it is not a table of names", _HINT)
    return Source(file=file, document=document, nodes=nodes)


def _text(file: Path) -> str:
    if file.exists() and not (file.is_file() or file.is_fifo()):  # a device may never end
        raise CommandError(f"{file} is no file", _HINT)
    try:
        with file.open("rb") as stream:
            body = stream.read(MAX_BYTES + 1)
        text = body.decode("utf-8-sig")
    except (OSError, ValueError) as error:
        raise CommandError(f"cannot read {file}: {type(error).__name__}", _HINT) from None
    if len(body) > MAX_BYTES:
        raise CommandError(f"{file} has more than {MAX_BYTES} bytes", _HINT)
    return text


def _parsed(text: str, file: Path) -> tuple[Any, yaml.Node | None]:
    if text.lstrip().startswith("{"):
        with suppress(ValueError, RecursionError):
            return json.loads(text), _lines_of_json(text)
    try:
        return yaml_text.parse(text)
    except CommandError as error:
        raise CommandError(f"{file} is {error}", error.hint) from None


def _lines_of_json(text: str) -> yaml.Node | None:
    """JSON is YAML but for a few forms; without its lines it is read all the same."""
    with suppress(CommandError):
        return yaml_text.parse(text)[1]
    return None


def _step(node: yaml.Node | None, name: str) -> tuple[yaml.Node | None, yaml.Node | None]:
    """The node that names a part and the part itself: of a mapping by its key, of a list by its index."""
    value = getattr(node, "value", None)
    if not isinstance(value, list):
        return None, None
    for index, one in enumerate(value):
        if isinstance(one, tuple):
            if one[0].value == name:
                return one
        elif str(index) == name:
            return one, one
    return None, None
