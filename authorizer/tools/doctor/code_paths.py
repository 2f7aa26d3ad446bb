"""What a handler's code reads of its event: `event["headers"]["authorization"]` as `("headers", "authorization")`."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from authorizer.tools.doctor.code_flow import behind, body_of, frames, is_assigned

if TYPE_CHECKING:
    from collections.abc import Iterator

    from authorizer.tools.doctor.code_flow import At, Frame
    from authorizer.tools.doctor.handler_code import Program

_LONG: Final = 12
Path = tuple[str, ...]
ARNS: Final[tuple[Path, ...]] = (("methodArn",), ("routeArn",))


@dataclass(frozen=True, slots=True)
class Read:
    """One way into the event. `strict`: what is not there raises KeyError, or TypeError."""

    node: ast.expr
    frame: Frame
    path: Path
    strict: bool


def path_of(at: At, depth: int = 0) -> Path | None:
    """The way into the event that an expression is; None for anything else."""
    node = at.node
    if depth > _LONG:
        return None
    if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.Or):  # `event.get("headers") or {}`
        return path_of(at.frame.at(node.values[0]), depth + 1)
    if isinstance(node, ast.Name):
        if is_event(at):
            return ()
        found = behind(node.id, at.frame)
        return path_of(found[0], depth + 1) if len(found) == 1 else None
    step = step_of(node)
    base = path_of(at.frame.at(step[0]), depth + 1) if step is not None else None
    return None if step is None or base is None else (*base, step[1])


def is_event(at: At) -> bool:
    """Whether it is the first parameter of the handler, which nothing else is assigned to."""
    if not isinstance(at.node, ast.Name) or not at.frame.is_handler:
        return False
    arguments = at.frame.function.args
    names = [one.arg for one in (*arguments.posonlyargs, *arguments.args)]
    return names[:1] == [at.node.id] and not is_assigned(at.node.id, at.frame)


def step_of(node: ast.AST) -> tuple[ast.expr, str] | None:
    """One step: `of["name"]`, `of[0]`, or `of.get("name")`."""
    match node:
        case ast.Subscript(value=base, slice=ast.Constant(value=str() | int() as key)):
            return base, str(key)
        case ast.Call(func=ast.Attribute(value=base, attr="get"), args=[ast.Constant(value=str(key)), *_]):
            return base, key
    return None


def reads(program: Program) -> Iterator[Read]:
    """All that is read of the event, each as far as it leads."""
    for frame in frames(program):
        for node in body_of(frame.function):
            if isinstance(node, ast.expr) and _is_read(node) and not _leads_on(program, node):
                path = path_of(frame.at(node))
                if path:
                    yield Read(node, frame, path, isinstance(node, ast.Subscript))


def _is_read(node: ast.expr) -> bool:
    return step_of(node) is not None and isinstance(getattr(node, "ctx", ast.Load()), ast.Load)


def _leads_on(program: Program, node: ast.expr) -> bool:
    """Whether the expression is only a part of a longer way."""
    above = program.parents.get(node)
    if isinstance(above, ast.Attribute):  # of `.get`
        above = program.parents.get(above)
    if isinstance(above, ast.BoolOp):
        above = program.parents.get(above)
        above = program.parents.get(above) if isinstance(above, ast.Attribute) else above
    return above is not None and step_of(above) is not None


def is_tried(program: Program, node: ast.AST) -> bool:
    """Whether a `try` with an `except` is around a node, in its own function."""
    below = node
    for above in program.around(node):
        if isinstance(above, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            return False
        if isinstance(above, ast.Try) and above.handlers and below in above.body:
            return True
        below = above
    return False


def is_asked_for(program: Program, node: ast.AST, name: str) -> bool:
    """Whether an `if`, or an `and` or `or`, that a node stands in also has to do with a name of the event."""
    for above in program.around(node):
        if isinstance(above, ast.FunctionDef | ast.AsyncFunctionDef):
            return False
        tests = [above.test] if isinstance(above, ast.If | ast.IfExp | ast.While) else []
        tests += above.values if isinstance(above, ast.BoolOp) else []
        if any(_mentions(test, node, name) for test in tests):
            return True
    return False


def _mentions(test: ast.expr, node: ast.AST, name: str) -> bool:
    inside = set(ast.walk(node))
    return any(isinstance(one, ast.Constant) and one.value == name for one in ast.walk(test) if one not in inside)


def escapes(frame: Frame) -> bool:
    """Whether what is raised in a function, outside of any `try`, comes out of the handler."""
    while frame.via is not None:
        if is_tried(frame.program, frame.via.node):
            return False
        frame = frame.via.frame
    return True
