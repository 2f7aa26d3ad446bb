"""The source of the package, as syntax trees."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import authorizer

PACKAGE = Path(authorizer.__file__).parent
PROJECT = PACKAGE.parent
BESIDE = ("tools", "testing")  # not in the layer


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def name(path: Path) -> str:
    """`jose/token.py`, for test ids and tables."""
    return path.relative_to(PACKAGE).as_posix()


def files(folder: Path = PACKAGE) -> list[Path]:
    return sorted(path for path in folder.rglob("*.py") if "__pycache__" not in path.parts)


CORE = [path for path in files() if name(path).split("/")[0] not in BESIDE]
PRODUCT = files()
TESTS = files(PROJECT / "tests")


@cache
def imported(module: ast.Module) -> set[str]:
    """The full names of all that a module imports, wherever the import stands."""
    found = set()
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


@cache
def called(module: ast.Module) -> set[str]:
    """What a module calls, as it writes it: `Allow`, `os.getenv`, `datetime.now`."""
    return {ast.unparse(node.func) for node in ast.walk(module) if isinstance(node, ast.Call)}


@cache
def mentioned(module: ast.Module) -> set[str]:
    """Every dotted name in a module: `os.environ`, `Reason.ALG_NONE`."""
    return {ast.unparse(node) for node in ast.walk(module) if isinstance(node, ast.Attribute)}


def functions(module: ast.Module) -> list[ast.FunctionDef]:
    return [node for node in ast.walk(module) if isinstance(node, ast.FunctionDef)]


def lines(function: ast.FunctionDef) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1
