"""The Python code of a function as syntax trees: of inline code, or of files on this machine. Nothing of it is executed."""

from __future__ import annotations

import ast
import sys
import warnings
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from authorizer.tools.doctor.code_reach import plain_name, reached
from authorizer.tools.template_check.answering import HANDLERS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from authorizer.tools.doctor.view import View
    from authorizer.tools.template import Function, Place

_MAX_FILES: Final = 20
_MAX_BYTES: Final = 200_000
_PACKAGES: Final = frozenset(  # what is often beside the code of authorizers
    (
        *(
            "authlib",
            "aws_lambda_powertools",
            "boto3",
            "botocore",
            "certifi",
            "cffi",
            "charset_normalizer",
            "cryptography",
        ),
        *("ecdsa", "httpx", "idna", "jose", "jwcrypto", "jwt", "pyasn1", "pydantic", "requests", "rsa", "s3transfer"),
        *("six", "typing_extensions", "urllib3"),
    )
)
_INLINE: Final = "index.py"  # what Lambda calls the file of inline code
_TRANSPARENT: Final = ("inject_lambda_context", "capture_lambda_handler", "log_metrics", "event_source")
Definition = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """One file. `name` is as people see it, beside the template."""

    name: str
    tree: ast.Module = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Program:
    """The module of a handler, first, and those that it imports from its own folder. `place` is where the template names the
    code, `handler` None when it is no plain function. `parents` leads from every node to the one around it."""

    name: str  # the logical id of the function
    place: Place
    modules: tuple[Module, ...]
    handler: ast.FunctionDef | None = None
    functions: Mapping[str, ast.FunctionDef] = field(default_factory=dict, repr=False)
    parents: Mapping[ast.AST, ast.AST] = field(default_factory=dict, repr=False)
    reached: tuple[ast.stmt, ...] = field(default=(), repr=False)
    texts: frozenset[str] = field(default_factory=frozenset, repr=False)

    def nodes(self) -> Iterator[ast.AST]:
        """Everything in all modules but the definitions that the handler does not come to."""
        return (node for one in self.reached for node in ast.walk(one))

    def around(self, node: ast.AST) -> Iterator[ast.AST]:
        """What a node stands in, from the inside out."""
        while (above := self.parents.get(node)) is not None:
            yield above
            node = above

    def module_of(self, node: ast.AST) -> Module:
        """The file of a node."""
        top = node
        for above in self.around(node):
            top = above
        return next((one for one in self.modules if one.tree is top), self.modules[0])

    def where(self, node: ast.AST) -> str:
        """File and line."""
        return f"{self.module_of(node).name}:{getattr(node, 'lineno', 1)}"

    def imports(self, package: str) -> bool:
        """Whether any module imports a package, or something of it."""
        for node in self.nodes():
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module or ""]
            if any(name.split(".")[0] == package for name in names):
                return True
        return False


def program_of(view: View, function: Function) -> Program | None:
    """The code of a function that is no entry point of ours; None when it is not here, no Python, or cannot be read."""
    try:
        modules = _modules(view, function)
    except SyntaxError:
        return None
    if not modules:
        return None
    place = function.place / "Handler" if function.inline is None else function.place / "Code" / "ZipFile"
    return _program(modules, str(function.handler).rpartition(".")[2], function.logical_id, place)


@lru_cache(maxsize=32)
def _program(modules: tuple[Module, ...], name: str, logical_id: str, place: Place) -> Program:
    functions = _functions(modules)
    own = [one for one in modules[0].tree.body if isinstance(one, ast.FunctionDef) and one.name == name]
    handler = own[0] if len(own) == 1 and _is_plain(own[0]) else None
    runs = tuple(reached((one.tree for one in modules), handler, _TRANSPARENT))
    return Program(
        name=logical_id,
        place=place,
        modules=modules,
        handler=handler,
        functions=functions,
        parents={child: node for one in modules for node in ast.walk(one.tree) for child in ast.iter_child_nodes(node)},
        reached=runs,
        texts=frozenset(
            node.value
            for one in runs
            for node in ast.walk(one)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        ),
    )


def fault_of(view: View, function: Function) -> SyntaxError | None:
    """What Python says of code that it cannot read. A newer Python than the one here may be able to."""
    version = str(function.runtime).removeprefix("python3.")
    if not version.isdigit() or int(version) > sys.version_info.minor:
        return None
    try:
        _modules(view, function)
    except SyntaxError as error:
        return error
    return None


def folder_of(view: View, function: Function) -> Path | None:
    """The folder of a function's code, where it is one on this machine."""
    code = function.code
    if function.inline is not None or not isinstance(code, str) or "://" in code:
        return None
    folder = view.document.file.parent / code
    return folder if folder.is_dir() else None


def module_name(function: Function) -> str:
    """The module of the handler with dots: `src.app` of `src/app.handler`; empty where only a deployment knows."""
    handler = function.handler
    return handler.rpartition(".")[0].replace("/", ".") if isinstance(handler, str) else ""


def is_python(function: Function) -> bool:
    """Whether Lambda runs it with Python."""
    return isinstance(function.runtime, str) and function.runtime.startswith("python")


@lru_cache(maxsize=64)
def parsed(text: str, name: str) -> ast.Module:
    """The tree; `SyntaxError` when it is none. What Python warns of is the author's business."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(text, name)
        except (ValueError, RecursionError, MemoryError) as error:  # a NUL, or nested too deeply
            raise SyntaxError(str(error)) from None


def _modules(view: View, function: Function) -> tuple[Module, ...]:
    name = module_name(function)
    if not name or function.handler in HANDLERS or not is_python(function):
        return ()
    if function.inline is not None:
        return (Module(name=_INLINE, tree=parsed(function.inline, _INLINE)),) if name == "index" else ()
    folder = folder_of(view, function)
    return tuple(_imported(folder, name)) if folder is not None else ()


def _imported(folder: Path, first: str) -> Iterator[Module]:
    """The module, and those of the same author that it imports."""
    others, waiting = installed(folder), [first]
    for name in waiting:
        file = _file(folder, name)
        text = _text(file) if file is not None else None
        if file is None or text is None:
            continue
        module = Module(name=file.relative_to(folder).as_posix(), tree=parsed(text, file.name))
        yield module
        for found in _names(module.tree, name):
            own = found.split(".")[0] not in others and found not in waiting
            if own and len(waiting) < _MAX_FILES and _file(folder, found) is not None:
                waiting.append(found)


def installed(folder: Path) -> frozenset[str]:
    """The packages in a folder that pip put there."""
    records = [text for file in folder.glob("*.dist-info/RECORD") if (text := _text(file)) is not None]
    tops = {line.split(",")[0].split("/")[0].removesuffix(".py") for text in records for line in text.splitlines()}
    ours = {"authorizer"} if (folder / "authorizer" / "pipeline.py").is_file() else set()
    return frozenset(tops) | _PACKAGES | ours


def _file(folder: Path, module: str) -> Path | None:
    base = folder.joinpath(*module.split("."))
    files = (base.with_name(f"{base.name}.py"), base / "__init__.py")
    return next((file for file in files if file.is_file()), None)


def _text(file: Path) -> str | None:
    try:
        body = file.read_bytes()
        return body.decode("utf-8-sig") if len(body) <= _MAX_BYTES else None
    except (OSError, ValueError):
        return None


def _names(tree: ast.Module, module: str) -> Iterator[str]:
    """The modules that a module imports, by their whole names; those that are not in the folder are no files."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = module.split(".")[: -node.level] if node.level else []
            base = ".".join([*above, *filter(None, [node.module])])
            yield from filter(None, [base, *(f"{base}.{one.name}".lstrip(".") for one in node.names)])


def _functions(modules: tuple[Module, ...]) -> dict[str, ast.FunctionDef]:
    """The functions of all modules by name; a name that two have means neither."""
    found: dict[str, list[ast.FunctionDef]] = {}
    for module in modules:
        for node in module.tree.body:
            if isinstance(node, ast.FunctionDef):
                found.setdefault(node.name, []).append(node)
    return {name: several[0] for name, several in found.items() if len(several) == 1}


def _is_plain(handler: ast.FunctionDef) -> bool:
    """Whether nothing around the handler changes its event or its answer, and it is no generator."""
    names = map(plain_name, handler.decorator_list)
    yields = any(isinstance(node, ast.Yield | ast.YieldFrom) for node in ast.walk(handler))
    return all(name in _TRANSPARENT for name in names) and not yields
