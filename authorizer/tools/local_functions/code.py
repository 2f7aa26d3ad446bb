"""Where the code of a template's function is on this machine."""

from __future__ import annotations

import sys
import zipfile
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

import authorizer
from authorizer.tools.local_functions.layers import MAKEFILE, layers_of
from authorizer.tools.template import Unresolved
from authorizer.tools.template.shape import as_map

if TYPE_CHECKING:
    from collections.abc import Iterator

    from authorizer.tools.local_functions.layers import Layers
    from authorizer.tools.local_functions.setup import Resolve
    from authorizer.tools.template import Document, Function
    from authorizer.tools.template.unresolved import Text

_PYTHON: Final = "python"
_HERE: Final = f"python{sys.version_info.major}.{sys.version_info.minor}"
_PACKAGE: Final = "authorizer."
_SOURCE: Final = Path(authorizer.__file__).resolve().parent
_SETTINGS: Final = "authorizer.toml"
_NAMED: Final = ("AUTHORIZER_CONFIG_FILE", "AUTHORIZER_SHADOW_FILE", "AUTHORIZER_JWKS_FILE", "AUTHORIZER_SNAPSHOT")
_BESIDE: Final = ("*.toml", "*.json")  # settings, and keys that they name
_BUILD: Final = "run `sam build` and give .aws-sam/build/template.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """What is started. A change of what is `watched` calls for a new start; `warnings` say what differs from Lambda."""

    handler: str
    task_root: Path
    import_paths: tuple[Path, ...] = ()
    watched: tuple[Path, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NotHere:
    """A function that cannot be run here, and why."""

    why: str


def located(function: Function, document: Document, resolve: Resolve, *, scratch: Path) -> Code | NotHere:
    """Where the code is. What has to be written or unpacked goes to a folder in `scratch`, which is the caller's."""
    why = _unfit(function, document, resolve)
    if why is not None:
        return NotHere(why=why)
    handler, layers = said(function.handler, resolve), layers_of(function, document)
    place = _place(function, document, resolve)
    if _is_ours(handler) and not (place and has_module(place, handler)):
        found: Code | NotHere = _ours(handler, place, function, document)
    else:
        folder = _folder(function, place, scratch / function.logical_id)
        found = folder if isinstance(folder, NotHere) else _user_code(handler, folder, layers, function, document)
    return found if isinstance(found, NotHere) else replace(found, warnings=tuple(_warnings(function, found, layers)))


def said(text: Text | None, resolve: Resolve) -> str:
    """A text of the template, also one that the template alone does not tell; empty for none."""
    if text is None:
        return ""
    return resolve(text) if isinstance(text, Unresolved) else text


def has_module(folder: Path, handler: str) -> bool:
    """Whether a folder holds the module of a handler such as `app.handler` or `src/app.handler`."""
    module = folder.joinpath(*handler.rpartition(".")[0].replace("/", ".").split("."))
    return module.is_dir() or module.with_name(module.name + ".py").is_file()


def _unfit(function: Function, document: Document, resolve: Resolve) -> str | None:
    resource = document.resources.get(function.logical_id)
    properties = resource.properties if resource else {}
    if properties.get("PackageType") == "Image" or "ImageUri" in as_map(properties.get("Code")):
        return "it is a container image, and only Python code runs here"
    runtime = said(function.runtime, resolve)
    if not runtime.startswith(_PYTHON):
        return f"its runtime is {runtime}, and only Python runs here" if runtime else "the template names no runtime"
    return None if said(function.handler, resolve) else "the template names no handler"


def _place(function: Function, document: Document, resolve: Resolve) -> Path | None:
    """What the template names, whether it exists or not; None for inline code and for what is in S3."""
    code = said(function.code, resolve)
    if function.inline is not None or not code or "://" in code:
        return None
    return (document.file.parent / code).resolve()


def _is_ours(handler: str) -> bool:
    """Whether the handler is one of this package: `authorizer.handler.rest`, and not a function in an `authorizer.py`."""
    module = handler.rpartition(".")[0]
    try:
        return module.startswith(_PACKAGE) and find_spec(module) is not None
    except ImportError:
        return False


def _ours(handler: str, place: Path | None, function: Function, document: Document) -> Code:
    """This package is importable here. Relative files in settings are beside built code, else beside the template."""
    root = document.file.resolve().parent
    values = [function.environment.get(name) for name in _NAMED]
    names = [_SETTINGS, *(value for value in values if isinstance(value, str) and value)]
    if place is not None and any((place / name).is_file() for name in names):
        root = place
    files = {path for pattern in _BESIDE for path in root.glob(pattern)} | {root / name for name in names}
    if _SOURCE.is_relative_to(root):  # somebody works on this very package
        files.add(_SOURCE)
    return Code(handler=handler, task_root=root, watched=tuple(sorted(files)))


def _folder(function: Function, place: Path | None, scratch: Path) -> Path | NotHere:
    if function.inline is not None:
        scratch.mkdir(mode=0o700, parents=True, exist_ok=True)
        (scratch / "index.py").write_text(function.inline, "utf-8")
        return scratch
    if place is None:
        return NotHere(why="its code is in S3, not on this machine")
    if place.is_file():
        return _unpacked(place, scratch)
    return place if place.is_dir() else NotHere(why=f"there is no {place}")


def _unpacked(archive: Path, folder: Path) -> Path | NotHere:
    try:
        with zipfile.ZipFile(archive) as opened:
            opened.extractall(folder)
    except (OSError, ValueError, RuntimeError, NotImplementedError, zipfile.BadZipFile) as error:
        return NotHere(why=f"{archive.name} is no .zip file that can be unpacked ({type(error).__name__})")
    return folder


def _user_code(handler: str, folder: Path, layers: Layers, function: Function, document: Document) -> Code | NotHere:
    resource = document.resources.get(function.logical_id)
    metadata = as_map(resource.attributes.get("Metadata") if resource else None)
    paths, root = (folder, *layers.import_paths), folder
    hidden = folder / _PACKAGE[:-1]
    if handler.startswith(_PACKAGE) and hidden.is_dir() and not (hidden / "__init__.py").is_file():
        return NotHere(why=f"this tool's package hides its {hidden.name}/, unless that has an __init__.py")
    if metadata.get("BuildMethod") == MAKEFILE and not has_module(folder, handler):
        paths, root = layers.import_paths, document.file.resolve().parent
        if not any(has_module(path, handler) for path in paths):
            return NotHere(why=f"a makefile builds its code, and {handler} is not in {folder.name}/: {_BUILD}")
    watched = () if function.inline is not None else paths
    return Code(handler=handler, task_root=root, import_paths=paths, watched=watched)


def _warnings(function: Function, found: Code, layers: Layers) -> Iterator[str]:
    if isinstance(function.runtime, str) and function.runtime != _HERE:
        yield f"functions for {function.runtime} run on {_HERE} here"
    if found.import_paths:
        for layer in layers.missing:
            yield f"{function.logical_id}: the layer {layer} is not on this machine; what it brings has to be installed"
