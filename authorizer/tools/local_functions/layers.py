"""The layers of a function that are folders on this machine."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from authorizer.tools.template import Unresolved
from authorizer.tools.template.resources import referred
from authorizer.tools.template.shape import as_map, properties_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from authorizer.tools.template import Document, Function
    from authorizer.tools.template.unresolved import Text

MAKEFILE: Final = "makefile"
_RENAMED: Final = re.compile(r"[0-9a-f]{10}")  # what SAM appends to a layer's logical id
_OURS: Final = ("authorizer/handler.py", "authorizer/pipeline.py")  # our own package, which is here already
_SITE: Final = f"lib/python{sys.version_info.major}.{sys.version_info.minor}/site-packages"


@dataclass(frozen=True, slots=True, kw_only=True)
class Layers:
    """`import_paths` in the order of Lambda; `missing` are those that are elsewhere, as the template calls them."""

    folders: tuple[Path, ...] = ()
    import_paths: tuple[Path, ...] = ()
    missing: tuple[str, ...] = ()


def layers_of(function: Function, document: Document) -> Layers:
    """The layers of a function; one that holds this package is left out, for it may be built for another system."""
    folders, missing = [], []
    for layer in function.layers:
        folder = _folder(layer, document)
        if folder is None:
            missing.append(str(layer))
        else:
            folders.append(folder)
    paths = [path for folder in folders if not _is_ours(folder) for path in _import_paths(folder)]
    return Layers(folders=tuple(folders), import_paths=tuple(paths), missing=tuple(missing))


def _folder(layer: Text, document: Document) -> Path | None:
    resource = referred(layer, dict(document.resources)) if isinstance(layer, Unresolved) else None
    if resource is None:
        return None
    written = _as_written(resource.logical_id, document)
    content = properties_of(written).get("ContentUri", properties_of(written).get("Content"))
    content = _parameter(content, document)
    if not isinstance(content, str) or "://" in content:
        return None
    folder = document.file.parent / content
    unbuilt = (
        as_map(as_map(written).get("Metadata")).get("BuildMethod") == MAKEFILE and not (folder / "python").is_dir()
    )
    return folder if folder.is_dir() and not unbuilt else None


def _as_written(logical_id: str, document: Document) -> Mapping[str, Any]:
    """The layer as the template has it, by the logical id that SAM gave it."""
    resources = as_map(document.source.document.get("Resources"))
    if logical_id not in resources and _RENAMED.fullmatch(logical_id[-10:]):
        logical_id = logical_id[:-10]
    return as_map(resources.get(logical_id))


def _parameter(value: object, document: Document) -> object:
    name = as_map(value).get("Ref")
    return document.parameters.get(name) if isinstance(name, str) else value


def _import_paths(folder: Path) -> tuple[Path, ...]:
    root = folder / "python"
    if not root.is_dir():
        return (folder,)
    return (root / _SITE, root) if (root / _SITE).is_dir() else (root,)


def _is_ours(folder: Path) -> bool:
    root = folder / "python"
    return all((root / name).is_file() for name in _OURS)
