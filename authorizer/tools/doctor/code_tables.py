"""The tables in a handler's code, such as its answers: literals, `dict(…)`, and what is added to one by literal keys."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from authorizer.tools.doctor.code_flow import Frame, body_of, returned, values

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from authorizer.tools.doctor.code_flow import At
    from authorizer.tools.doctor.handler_code import Program


@dataclass(frozen=True, slots=True)
class Table:
    """A table of literal keys with all that each may hold. `whole`: there are no other keys."""

    at: At
    items: Mapping[str, list[At]]
    whole: bool

    def values(self, key: str) -> list[At]:
        """All that a key may hold, followed to its end."""
        return [one for at in self.items.get(key, ()) for one in values(at)]

    def tables(self, key: str) -> Iterator[Table]:
        """The tables that a key may hold, alone or in a list."""
        for one in self.values(key):
            for node in one.node.elts if isinstance(one.node, ast.List | ast.Tuple) else [one.node]:
                whole = one if node is one.node else None
                for value in [whole] if whole is not None else values(one.frame.at(node)):
                    found = table(value)
                    if found is not None:
                        yield found


def answers(program: Program) -> list[Table]:
    """The tables that the handler may return; what else it returns is left out."""
    if program.handler is None:
        return []
    found = (table(one) for source in returned(Frame(program, program.handler)) for one in values(source))
    return [one for one in found if one is not None]


def table(at: At) -> Table | None:
    """The table that an expression is: a literal, `dict(…)`, and what is added to its variable by literal keys."""
    items: dict[str, list[At]] = {}
    whole = _collect(at, items)
    if whole is None:
        return None
    if at.name:
        for node in body_of(at.frame.function):
            key = _filled(node, at.name)
            if key is not None and isinstance(node, ast.Assign):
                items.setdefault(key, []).append(at.frame.at(node.value))
            whole = whole and not _escapes(node, at.name)
    return Table(at, items, whole)


def _collect(at: At, items: dict[str, list[At]]) -> bool | None:
    """The items of a literal; whether these are all, and None when it is no table."""
    if isinstance(at.node, ast.Dict):
        whole = True
        for key, value in zip(at.node.keys, at.node.values, strict=True):
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                items.setdefault(key.value, []).append(at.frame.at(value))
            else:
                whole = False
        return whole
    if isinstance(at.node, ast.Call) and isinstance(at.node.func, ast.Name) and at.node.func.id == "dict":
        for one in at.node.keywords:
            if one.arg is not None:
                items.setdefault(one.arg, []).append(at.frame.at(one.value))
        return not at.node.args and all(one.arg is not None for one in at.node.keywords)
    return None


def _filled(node: ast.AST, name: str) -> str | None:
    """The literal key that a statement sets in a table of this name."""
    match node:
        case ast.Assign(targets=[ast.Subscript(value=ast.Name(id=found), slice=ast.Constant(value=str(key)))]):
            return key if found == name else None
    return None


def _escapes(node: ast.AST, name: str) -> bool:
    """Whether a table may be filled in another way: by a method, or by a function that it is given to."""
    if not isinstance(node, ast.Call):
        return False
    method = (
        isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name) and node.func.value.id == name
    )
    return method or any(isinstance(one, ast.Name) and one.id == name for one in node.args)
