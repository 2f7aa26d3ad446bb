"""What the code of an authorizer does on its way: tokens in logs, and keys that are fetched again for every call."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from authorizer.tools.doctor.code_flow import body_of, frames, values
from authorizer.tools.doctor.code_paths import path_of
from authorizer.tools.doctor.foreign_code import programs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from authorizer.tools.doctor.code_flow import Frame
    from authorizer.tools.doctor.handler_code import Program
    from authorizer.tools.doctor.view import View
    from authorizer.tools.template_check.finding import Finding

_LOGGERS: Final = ("logger", "log", "logging")
_LEVELS: Final = ("info", "warning", "error", "critical", "exception")
_SHOWN: Final = ("dumps", "str", "repr", "pformat", "dict", "format")
_CREDENTIAL: Final = ("authorizationToken", "identitySource", "cookies")
_MAPS: Final = ("headers", "multiValueHeaders")
_SECRET: Final = ("authorization", "cookie", "x-api-key")
_FETCHERS: Final = ("get", "urlopen", "request")
_KEYS: Final = ("jwks", ".well-known")


def logs(view: View) -> Iterator[Finding]:
    """Tokens in the log, where they are good for whoever reads it until they end."""
    for _, program in programs(view):
        for node, what in _logged(program):
            yield view.finding(
                "code_prints_event",
                program.place,
                found=f"{program.where(node)}: logs {what}",
                right="what names no credential, such as the id of the request",
                fix=('print(event["requestContext"]["requestId"])  # a TOKEN event has none: print the methodArn',),
            )


def _logged(program: Program) -> Iterator[tuple[ast.AST, str]]:
    """Where the log gets a credential, and what it gets."""
    for decorator in program.handler.decorator_list if program.handler is not None else ():
        words = decorator.keywords if isinstance(decorator, ast.Call) else []
        if any(one.arg == "log_event" and ast.unparse(one.value) == "True" for one in words):
            yield decorator, "the event, by log_event=True"
    for frame in frames(program):
        for node in body_of(frame.function):
            shown = _shown(node, frame)
            if shown is not None:
                yield node, shown


def _shown(node: ast.AST, frame: Frame) -> str | None:
    """What of the event with a credential in it a call writes to the log."""
    if not isinstance(node, ast.Call) or not _is_log(node.func):
        return None
    parts = [one for given in (*node.args, *(word.value for word in node.keywords)) for one in _parts(given)]
    found = [path for one in parts if (path := path_of(frame.at(one))) is not None and _has_credential(path)]
    return " ".join(("the event", *found[0])) if found else None


def _is_log(function: ast.expr) -> bool:
    match function:
        case ast.Name(id="print"):
            return True
        case ast.Attribute(value=ast.Name(id=name), attr=level):
            return name.strip("_").lower() in _LOGGERS and level in _LEVELS
    return False


def _parts(node: ast.expr) -> Iterator[ast.expr]:
    """The expressions whose values a text shows as they are."""
    match node:
        case (
            ast.JoinedStr(values=several) | ast.Tuple(elts=several) | ast.List(elts=several) | ast.Dict(values=several)
        ):
            inner = list(several)
        case ast.BinOp(left=left, right=right):
            inner = [left, right]
        case ast.FormattedValue(value=value):
            inner = [value]
        case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name), args=several) if name in _SHOWN:
            inner = list(several)
        case _:
            inner = []
            yield node
    for one in inner:
        yield from _parts(one)


def _has_credential(path: tuple[str, ...]) -> bool:
    if not path or path[0] in _CREDENTIAL:
        return True
    return path[0] in _MAPS and (len(path) == 1 or path[1].lower() in _SECRET)


def fetches(view: View) -> Iterator[Finding]:
    """Keys that are fetched again for every call, with the patience of the API running."""
    for _, program in programs(view):
        for frame in frames(program):
            if any(isinstance(node, ast.Global) for node in body_of(frame.function)):
                continue  # which is how a cache is kept
            for node in body_of(frame.function):
                if isinstance(node, ast.Call) and _fetches(node, frame) and not _is_cached(program, node):
                    yield view.finding(
                        "code_fetches_keys_per_call",
                        program.place,
                        found=f"{program.where(node)}: {ast.unparse(node.func)}(…) in the handler",
                        right="the keys of the issuer outside of the handler, fetched once for each environment",
                        fix=("JWKS = PyJWKClient(JWKS_URI)  # at the top of the module; it keeps the keys",),
                    )


def _fetches(call: ast.Call, frame: Frame) -> bool:
    name = ast.unparse(call.func).rpartition(".")[2]
    if name == "PyJWKClient":
        return True
    if name not in _FETCHERS or not call.args or (name == "get" and path_of(frame.at(call)) is not None):
        return False
    found = [ast.unparse(at.node) for one in call.args for at in values(frame.at(one))]
    names = [ast.unparse(one) for one in call.args]
    is_url = any("http" in text or name == "urlopen" for text in found) or "requests" in ast.unparse(call.func)
    return is_url and any(key in text.lower() for key in _KEYS for text in (*found, *names))


def _is_cached(program: Program, node: ast.AST) -> bool:
    """Whether an `if` decides that it has to be done, as a cache does."""
    for above in program.around(node):
        if isinstance(above, ast.FunctionDef):
            return False
        if isinstance(above, ast.If | ast.IfExp | ast.BoolOp):
            return True
    return False


CHECKS = (logs, fetches)
