"""Whether a block of statements may come to its end, so that its function returns nothing."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_LEVELS: Final = ("debug", "info", "warning", "error", "critical", "exception", "log")


def falls_through(block: Sequence[ast.stmt]) -> bool:
    """Whether it is clear that some way leads to the end. A call at the end may never come back, which is not clear."""
    if any(isinstance(one, ast.Return | ast.Raise) for one in block):
        return False
    return not block or _falls(block[-1])


def _falls(last: ast.stmt) -> bool:
    match last:
        case ast.Return() | ast.Raise() | ast.Assert():
            return False
        case ast.Expr(value=value):
            return not isinstance(value, ast.Call) or _is_log(value.func)
        case ast.If(body=body, orelse=orelse):
            return falls_through(body) or falls_through(orelse)
        case ast.With(body=body):
            return falls_through(body)
        case ast.While(test=ast.Constant()):
            return False
        case ast.Try():
            return _falls_of_try(last)
        case ast.Match(cases=cases):
            return any(falls_through(one.body) for one in cases) or not _takes_all(cases[-1])
    return True


def _falls_of_try(block: ast.Try) -> bool:
    if block.finalbody and not falls_through(block.finalbody):
        return False
    return falls_through([*block.body, *block.orelse]) or any(falls_through(one.body) for one in block.handlers)


def _takes_all(case: ast.match_case) -> bool:
    return isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None and case.guard is None


def _is_log(function: ast.expr) -> bool:
    name = function.id if isinstance(function, ast.Name) else ""
    return name == "print" or (isinstance(function, ast.Attribute) and function.attr in _LEVELS)
