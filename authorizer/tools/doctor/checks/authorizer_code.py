"""How the code of an authorizer ends: with an exception, with nothing, or with an allow where it should not.

Source: API Gateway Developer Guide, "Output from an API Gateway Lambda authorizer"; the code is read, never executed.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from authorizer.surface import Api as Kind
from authorizer.tools.doctor.asked import asked
from authorizer.tools.doctor.code_ends import falls_through
from authorizer.tools.doctor.code_flow import body_of, frames, values
from authorizer.tools.doctor.code_paths import escapes, is_tried
from authorizer.tools.doctor.code_policy import allows_for_certain
from authorizer.tools.doctor.code_tables import table
from authorizer.tools.doctor.foreign_code import backends, programs
from authorizer.tools.doctor.handler_code import fault_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from authorizer.tools.doctor.asked import Asked
    from authorizer.tools.doctor.code_flow import At, Frame
    from authorizer.tools.doctor.handler_code import Program
    from authorizer.tools.doctor.view import View
    from authorizer.tools.template_check.finding import Finding

UNAUTHORIZED: Final = "Unauthorized"  # the one message that is a 401
_PLAIN: Final = ("Exception", "ValueError", "RuntimeError", "PermissionError")  # whose message is their text
_ALL: Final = ("", "Exception", "BaseException")
_OF_TOKENS: Final = (
    *("PyJWTError", "InvalidTokenError", "JWTError", "JWTClaimsError", "JOSEError", "DecodeError"),
    *("InvalidSignatureError", "ExpiredSignatureError", "InvalidAudienceError", "InvalidIssuerError"),
)


def syntax(view: View) -> Iterator[Finding]:
    """Code that Python cannot even read."""
    for one in asked(view):
        fault = fault_of(view, one.function)
        if fault is not None:
            yield view.finding(
                "code_syntax_error",
                one.function.place / "Handler",
                found=f"{fault.filename}:{fault.lineno}: {fault.msg}",
                right="code that `python -m py_compile` accepts",
                fix=(f"python -m py_compile {fault.filename}",),
            )


def raises(view: View) -> Iterator[Finding]:
    """Messages that look like the one of a 401, and are a 500."""
    for one, program in programs(view):
        for frame in frames(program):
            for node in body_of(frame.function):
                text = _raised(node, frame)
                if text is not None and not is_tried(program, node) and _means_401(program, node, text):
                    yield from _raise(view, one, program, (node, text))


def _raised(node: ast.AST, frame: Frame) -> str | None:
    """The literal message, or its literal beginning, of an exception that leaves the handler."""
    if not isinstance(node, ast.Raise) or not isinstance(node.exc, ast.Call) or not escapes(frame):
        return None
    call = node.exc
    if not isinstance(call.func, ast.Name) or call.func.id not in _PLAIN or len(call.args) != 1:
        return None
    texts = [_beginning(one) for one in values(frame.at(call.args[0]))]
    return texts[0] if len(texts) == 1 else None


def _means_401(program: Program, node: ast.AST, text: str) -> bool:
    """Whether it says so, or is what becomes of a token that does not verify."""
    around = (one for one in program.around(node) if isinstance(one, ast.ExceptHandler))
    caught = [name for one in around for name in _names(one.type)]
    return UNAUTHORIZED.lower() in text.lower() or (bool(caught) and all(name in _OF_TOKENS for name in caught))


def _names(caught: ast.expr | None) -> list[str]:
    """The names of the exceptions that an `except` is for; empty names for one that is for all."""
    several = caught.elts if isinstance(caught, ast.Tuple) else [caught]
    return [ast.unparse(one).rpartition(".")[2] if one is not None else "" for one in several]


def _beginning(at: At) -> str | None:
    """A literal text; with `…` at its end where more follows."""
    match at.node:
        case ast.JoinedStr(values=[ast.Constant(value=str(text)), *_]) | ast.BinOp(left=ast.Constant(value=str(text))):
            return f"{text}…"
    return at.text


def _raise(view: View, one: Asked, program: Program, what: tuple[ast.AST, str]) -> Iterator[Finding]:
    node, text = what
    on_http = [use for use in one.uses if use.kind is Kind.HTTP]
    if on_http:
        yield view.finding(
            "code_raises_on_http",
            program.place,
            found=f"{program.where(node)}: raises “{text}” to {on_http[0]}",
            right="a refusal that is returned: of what is raised an HTTP API makes a 500, or a 401 that nobody promises",
            fix=('return {"isAuthorized": False}',),
        )
    elif text != UNAUTHORIZED:
        yield view.finding(
            "code_raises_other_text",
            program.place,
            found=f"{program.where(node)}: raises “{text}”",
            right=f"“{UNAUTHORIZED}” to the letter, and the details in the log",
            fix=(f'raise Exception("{UNAUTHORIZED}")',),
        )


def endings(view: View) -> Iterator[Finding]:
    """Ways through the handler that return nothing, which no API can read."""
    for _, program in programs(view):
        if program.handler is None or program.name in backends(view):
            continue
        bare = [node for node in body_of(program.handler) if isinstance(node, ast.Return) and _is_nothing(node)]
        where = program.where(bare[0]) if bare else None
        if where is None and falls_through(program.handler.body):
            where = f"{program.where(program.handler)}: the end of {program.handler.name}"
        if where is not None:
            yield view.finding(
                "code_returns_none",
                program.place,
                found=f"{where} returns nothing",
                right="an answer on every way, a refusal at the end",
                fix=('return deny  # {"isAuthorized": False}, or a policy with "Effect": "Deny"',),
            )


def _is_nothing(node: ast.Return) -> bool:
    return node.value is None or (isinstance(node.value, ast.Constant) and node.value.value is None)


def excepting(view: View) -> Iterator[Finding]:
    """Errors that let the caller in."""
    for _, program in programs(view):
        for frame in frames(program):
            for caught in (node for node in body_of(frame.function) if isinstance(node, ast.ExceptHandler)):
                returns = [node for part in caught.body for node in ast.walk(part) if isinstance(node, ast.Return)]
                found = [one for one in returns if _is_broad(caught) and _lets_in(frame, one)]
                if found:
                    yield view.finding(
                        "code_except_allows",
                        program.place,
                        found=f"{program.where(found[0])}: an allow after an exception",
                        right="a refusal: whatever cannot be verified is not allowed",
                        fix=("except Exception:", '    raise Exception("Unauthorized") from None  # or return a deny'),
                    )


def _is_broad(caught: ast.ExceptHandler) -> bool:
    return any(name in (*_ALL, *_OF_TOKENS) for name in _names(caught.type))


def _lets_in(frame: Frame, node: ast.Return) -> bool:
    found = values(frame.at(node.value)) if node.value is not None else []
    tables = [table(one) for one in found]
    return bool(tables) and all(one is not None and allows_for_certain(one) for one in tables)


CHECKS = (syntax, raises, endings, excepting)
