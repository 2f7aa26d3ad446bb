"""What expressions of a handler's code may stand for: names followed to what is assigned, parameters to what is given.

Only what is written plainly is followed, such as local functions by name. What is not clear stays so.
"""

from __future__ import annotations

import ast
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from authorizer.tools.doctor.handler_code import Definition, Program

_DEPTH: Final = 5  # of names behind names, and of calls in calls
_WIDE: Final = 6  # things that one name may be; more are not followed
_MANY: Final = 200  # calls of one program
_SCOPES = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """A function as it is called in one place: what its parameters stand for."""

    program: Program
    function: ast.FunctionDef
    given: Mapping[str, At] = field(default_factory=dict)
    via: At | None = None  # the call, in the frame of who calls

    @property
    def depth(self) -> int:
        """How many calls it is away from the handler."""
        return 0 if self.via is None else self.via.frame.depth + 1

    @property
    def is_handler(self) -> bool:
        """Whether Lambda calls it."""
        return self.function is self.program.handler

    def at(self, node: ast.expr) -> At:
        """An expression in this function."""
        return At(node, self)


@dataclass(frozen=True, slots=True, eq=False)
class At:
    """An expression in a frame; `name` is the variable that it was found behind, which may be filled further."""

    node: ast.expr
    frame: Frame
    name: str = ""

    @property
    def text(self) -> str | None:
        """The text, when it is a literal one."""
        constant = self.node.value if isinstance(self.node, ast.Constant) else None
        return constant if isinstance(constant, str) else None


@lru_cache(maxsize=1024)
def body_of(function: Definition) -> tuple[ast.AST, ...]:
    """Everything in a function but what is in functions and classes within it."""
    return _within(function)


@lru_cache(maxsize=32)
def frames(program: Program) -> list[Frame]:
    """The handler and the local functions that it calls, once for each call."""
    if program.handler is None:
        return []
    found = [Frame(program, program.handler)]
    for frame in found:
        if frame.depth >= _DEPTH or len(found) > _MANY:
            break
        calls = [node for node in body_of(frame.function) if isinstance(node, ast.Call)]
        found += [one for call in calls if (one := called(frame.at(call))) is not None]
    return found


def called(at: At) -> Frame | None:
    """The local function that an expression calls."""
    call, frame = at.node, at.frame
    if not isinstance(call, ast.Call) or frame.depth >= _DEPTH:
        return None
    function = frame.program.functions.get(_name_of(call.func))
    if function is None or function is frame.function or function.decorator_list:
        return None
    return Frame(frame.program, function, _bound(function, call, frame), at)


def _name_of(function: ast.expr) -> str:
    """`build` of `build(…)` and of `policies.build(…)`."""
    if isinstance(function, ast.Name):
        return function.id
    return function.attr if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name) else ""


def _bound(function: ast.FunctionDef, call: ast.Call, frame: Frame) -> dict[str, At]:
    names = [one.arg for one in (*function.args.posonlyargs, *function.args.args)]
    given: dict[str, At] = {}
    for name, default in zip(reversed(names), reversed(function.args.defaults), strict=False):
        given[name] = frame.at(default)
    for name, node in zip(names, call.args, strict=False):
        if isinstance(node, ast.Starred):
            break
        given[name] = frame.at(node)
    return given | {one.arg: frame.at(one.value) for one in call.keywords if one.arg is not None}


def values(at: At, depth: int = 0) -> list[At]:
    """All that an expression may be, as far as it is plain; itself where that ends."""
    if depth > _DEPTH:
        return [at]
    if isinstance(at.node, ast.IfExp):
        return [one for node in (at.node.body, at.node.orelse) for one in values(at.frame.at(node), depth + 1)]
    if isinstance(at.node, ast.Name):
        sources = behind(at.node.id, at.frame)
        return [_named(one, at) for source in sources for one in values(source, depth + 1)] or [at]
    frame = called(at)
    if frame is not None:
        return [one for source in returned(frame) for one in values(source, depth + 1)] or [at]
    return [at]


def _named(found: At, name: At) -> At:
    """With the name of a local variable, unless it was found behind another function's own."""
    own = found.frame is name.frame and not found.name and isinstance(name.node, ast.Name)
    return At(found.node, found.frame, name.node.id) if own and isinstance(name.node, ast.Name) else found


def behind(name: str, frame: Frame) -> list[At]:
    """What a name is set to; nothing when it is set in ways that do not tell."""
    assigned = _assignments(frame.function).get(name, ())
    if assigned is None or len(assigned) > _WIDE:
        return []
    if assigned:
        return [frame.at(node) for node in assigned]
    if name in frame.given:
        return [frame.given[name]]
    if name in _parameters(frame.function):
        return []
    constants = _assignments(frame.program.module_of(frame.function).tree).get(name)
    return [frame.at(node) for node in constants or ()]


def is_assigned(name: str, frame: Frame) -> bool:
    """Whether a function sets a name itself."""
    return name in _assignments(frame.function)


def _parameters(function: ast.FunctionDef) -> set[str]:
    arguments = function.args
    several = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg)
    return {one.arg for one in several if one is not None}


@lru_cache(maxsize=1024)
def _assignments(scope: Definition | ast.Module) -> Mapping[str, tuple[ast.expr, ...] | None]:
    """The values of plain assignments by name; None for one that is also set otherwise, as in a loop."""
    nodes = _within(scope)
    stored = Counter(one.id for one in nodes if isinstance(one, ast.Name) and not isinstance(one.ctx, ast.Load))
    found: dict[str, list[ast.expr]] = {}
    for node in nodes:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        value = node.value if isinstance(node, ast.Assign | ast.AnnAssign | ast.NamedExpr) else None
        for one in targets:
            if isinstance(one, ast.Name) and value is not None:
                found.setdefault(one.id, []).append(value)
    plain = {name: tuple(found.get(name, ())) for name in stored}
    return {name: values if len(values) == stored[name] else None for name, values in plain.items()}


def _within(scope: Definition | ast.Module) -> tuple[ast.AST, ...]:
    found: list[ast.AST] = list(scope.body)
    for node in found:
        if not isinstance(node, _SCOPES):
            found += ast.iter_child_nodes(node)
    return tuple(found)


def returned(frame: Frame) -> list[At]:
    """What a function returns, return by return."""
    returns = (node for node in body_of(frame.function) if isinstance(node, ast.Return))
    return [frame.at(one.value) for one in returns if one.value is not None]
