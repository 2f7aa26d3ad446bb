"""The policies that a handler may return: statements, whether they allow, and for what."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from authorizer.tools.doctor.code_flow import values
from authorizer.tools.doctor.code_tables import answers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from authorizer.tools.doctor.code_flow import At
    from authorizer.tools.doctor.code_tables import Table
    from authorizer.tools.doctor.handler_code import Program

ALLOW = "Allow"


def statements(program: Program) -> Iterator[Table]:
    """Of all policies that the handler may return."""
    for answer in answers(program):
        yield from statements_of(answer)


def statements_of(answer: Table) -> Iterator[Table]:
    """Of the policy in one answer."""
    for document in answer.tables("policyDocument"):
        yield from document.tables("Statement")


def may_allow(statement: Table) -> bool:
    """Whether a statement may be an allow. An effect that nobody can tell is none."""
    return ALLOW in [one.text for one in statement.values("Effect")]


def allows_for_certain(answer: Table) -> bool:
    """Whether an answer can be nothing but an allow."""
    simple = answer.values("isAuthorized")
    if simple:
        return all(isinstance(one.node, ast.Constant) and one.node.value is True for one in simple)
    effects = [one.text for statement in statements_of(answer) for one in statement.values("Effect")]
    return bool(effects) and set(effects) == {ALLOW}


def resources(statement: Table) -> list[At]:
    """What a statement is about, one by one."""
    found: list[At] = []
    for one in statement.values("Resource"):
        if isinstance(one.node, ast.List | ast.Tuple):
            found += [each for node in one.node.elts for each in values(one.frame.at(node))]
        else:
            found.append(one)
    return found


def literals(at: At) -> list[str]:
    """The literal texts that a text is put together from, in their order."""
    found = (node.value for node in _in_order(at.node) if isinstance(node, ast.Constant))
    return [one for one in found if isinstance(one, str)]


def end_of(at: At) -> str:
    """The literal text that a text ends with; empty where it ends with anything else."""
    node: ast.expr | None = at.node
    while isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        node = node.right
    if isinstance(node, ast.JoinedStr):
        node = node.values[-1] if node.values else None
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
        node = node.func.value
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _in_order(node: ast.expr) -> Iterator[ast.expr]:
    """The parts of a text that are in it as they are: not those of calls and of subscripts."""
    match node:
        case ast.JoinedStr(values=several):
            inner = several
        case ast.BinOp(left=left, right=right):
            inner = [left, right]
        case ast.FormattedValue(value=value):
            inner = [value]
        case _:
            yield node
            return
    for one in inner:
        yield from _in_order(one)
