"""Which functions and classes a handler may come to: a file may hold the handlers of several functions."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def reached(
    trees: Iterable[ast.Module], handler: ast.FunctionDef | None, transparent: Collection[str]
) -> list[ast.stmt]:
    """The statements of modules without the definitions that nothing names which may run.

    What a decorator other than the `transparent` ones gets may be called by it. Without a handler everything counts.
    """
    statements = [node for tree in trees for node in tree.body]
    waiting = {node for node in statements if handler and _is_idle(node, transparent)} - {handler}
    runs = [node for node in statements if node not in waiting]
    for node in runs:
        named = set(_names(node)) if waiting else set()
        found = [one for one in waiting if isinstance(one, Definition) and one.name in named]
        runs += found
        waiting.difference_update(found)
    return [node for node in statements if node not in waiting]


def _is_idle(node: ast.stmt, transparent: Collection[str]) -> bool:
    """Whether a definition does nothing until its name is used."""
    if not isinstance(node, Definition):
        return False
    return all(plain_name(one) in transparent for one in node.decorator_list)


def plain_name(decorator: ast.expr) -> str:
    """`log_metrics` of `@metrics.log_metrics(…)`."""
    return ast.unparse(decorator).partition("(")[0].rpartition(".")[2]


def _names(node: ast.AST) -> Iterator[str]:
    """All that may be the name of something: of `import … as`, too, and texts, as for `getattr`."""
    for one in ast.walk(node):
        match one:
            case ast.Name(id=name) | ast.Attribute(attr=name):
                yield name
            case ast.alias(name=name, asname=str()):
                yield name
            case ast.Constant(value=str(text)):
                yield text
