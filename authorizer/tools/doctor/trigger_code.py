"""The code of a function, read as text: whether it says a word, and what its handler gives back."""

from __future__ import annotations

import ast
import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from authorizer.tools.doctor.view import View
    from authorizer.tools.template import Function

_SUFFIXES: Final = (".py", ".js", ".mjs", ".cjs", ".ts", ".mts")
_NOT_OURS: Final = frozenset({"node_modules", ".venv", "venv", ".git", ".aws-sam", "tests", "test"})
_MAX_FILES, _MAX_BYTES = 200, 200_000  # of one function; what has more is not read


def says(view: View, function: Function, *words: str) -> bool:
    """Whether the file of the handler says one of the words; no where it cannot be read."""
    text = _handler_text(view, function)
    return text is not None and any(word in text for word in words)


def mentions(view: View, function: Function, *words: str) -> bool | None:
    """Whether any file of the function says one of the words; None where not all of them can be read."""
    texts = _texts(view, function)
    if texts is None:
        return None
    if any(word in text for text in texts for word in words):
        return True
    return None if function.layers else False


def python_handler(view: View, function: Function) -> ast.FunctionDef | None:
    """The function that Lambda calls, of code in Python; None for any other, and for one with decorators."""
    name = str(function.handler or "").rpartition(".")[2]
    text = _handler_text(view, function)
    if text is None or not str(function.runtime).startswith("python"):
        return None
    with suppress(SyntaxError, ValueError):
        found = [one for one in ast.parse(text).body if isinstance(one, ast.FunctionDef) and one.name == name]
        return found[-1] if found and not found[-1].decorator_list else None
    return None


def returns_a_value(handler: ast.FunctionDef) -> bool:
    """Whether some path through a function gives back a value; functions inside of it do not count."""
    return any(isinstance(one, ast.Return) and one.value is not None for one in _own(handler))


def _own(node: ast.AST) -> Iterator[ast.AST]:
    for one in ast.iter_child_nodes(node):
        yield one
        if not isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            yield from _own(one)


def _handler_text(view: View, function: Function) -> str | None:
    if function.inline is not None:
        return function.inline
    folder, module = _folder(view, function), str(function.handler or "").rpartition(".")[0]
    if folder is None or not module:
        return None
    names = [f"{one}{suffix}" for one in (module.replace(".", "/"), module) for suffix in _SUFFIXES]
    files = [folder / name for name in names if (folder / name).is_file()]
    return _read(files[0]) if files else None


def _texts(view: View, function: Function) -> list[str] | None:
    if function.inline is not None:
        return [function.inline]
    folder = _folder(view, function)
    if folder is None:
        return None
    files = [folder] if folder.is_file() else _files(folder)
    if not 0 < len(files) <= _MAX_FILES:
        return None
    found = [_read(one) for one in files]
    return None if None in found else [one for one in found if one is not None]


def _folder(view: View, function: Function) -> Path | None:
    if not isinstance(function.code, str) or "://" in function.code:
        return None
    path = view.document.file.parent / function.code
    return path if path.exists() else None


def _files(folder: Path) -> list[Path]:
    found: list[Path] = []
    for above, folders, names in os.walk(folder):
        folders[:] = sorted(set(folders) - _NOT_OURS)
        found += [Path(above, name) for name in sorted(names) if name.endswith(_SUFFIXES)]
        if len(found) > _MAX_FILES:
            break
    return found


def _read(path: Path) -> str | None:
    with suppress(OSError, ValueError):
        return path.read_text("utf-8") if path.stat().st_size <= _MAX_BYTES else None
    return None
