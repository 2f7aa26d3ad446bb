"""Where the code of a backend looks for what an authorizer said of the caller, and whether it answers as a backend.

Source: API Gateway Developer Guide, "Output from an API Gateway Lambda authorizer", "Create AWS Lambda proxy integrations
for HTTP APIs".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from authorizer.surface import Api as Kind
from authorizer.tools.doctor.code_paths import is_asked_for, is_tried, reads
from authorizer.tools.doctor.code_tables import answers
from authorizer.tools.doctor.handler_code import program_of
from authorizer.tools.template import Authorization

if TYPE_CHECKING:
    from collections.abc import Iterator

    from authorizer.tools.doctor.code_paths import Read
    from authorizer.tools.doctor.handler_code import Program
    from authorizer.tools.doctor.view import View
    from authorizer.tools.template import Api, ApiRoute, Function
    from authorizer.tools.template_check.finding import Finding

_WAY: Final = ("requestContext", "authorizer")
_FLAT, _LAMBDA = "flat", "lambda"
_ELSEWHERE: Final = ("context", "lambda", "jwt", "claims")  # where others have it


def context_paths(view: View) -> Iterator[Finding]:
    """Ways that lead nowhere: in other APIs, or with other authorizers, they lead to the context."""
    for function, shape in _backends(view):
        program = program_of(view, function)
        if program is None:
            continue
        found = [read for read in reads(program) if read.path[:2] == _WAY and len(read.path) > 2]
        for read in found:
            careful = is_tried(program, read.node) or is_asked_for(program, read.node, "authorizer")
            if _is_wrong(read, shape) and not careful and not _is_also_right(read, found, shape):
                yield _finding(view, program, read, shape)


def _backends(view: View) -> Iterator[tuple[Function, str]]:
    """The functions that get what one kind of Lambda authorizer said, always in the same shape."""
    for function in view.document.functions:
        routes = [
            (api, one) for api, one in view.routes() if one.backend and one.backend.function == function.logical_id
        ]
        shapes = {_shape(api, route) for api, route in routes}
        shape = shapes.pop() if len(shapes) == 1 else None
        if shape is not None:
            yield function, shape


def _shape(api: Api, route: ApiRoute) -> str | None:
    """Where the context is in the event of an integration; None without a Lambda authorizer, or with another event."""
    authorizer, backend = api.authorizer(route.authorizer), route.backend
    if route.authorization is not Authorization.CUSTOM or authorizer is None or backend is None:
        return None
    if not authorizer.kind.calls_function or backend.kind != "AWS_PROXY":
        return None
    if api.kind is not Kind.HTTP:
        return _FLAT
    return {"2.0": _LAMBDA, "1.0": _FLAT}.get(str(backend.payload_version))


def _is_wrong(read: Read, shape: str) -> bool:
    """A flat context has no parts, so that what is looked for within a key of it is not there."""
    key = read.path[2]
    return key in _ELSEWHERE and len(read.path) > len(_WAY) + 1 if shape == _FLAT else key != _LAMBDA


def _is_also_right(read: Read, found: list[Read], shape: str) -> bool:
    """Whether the code is made for several kinds of API: it looks for the same in the right place too."""
    if shape == _LAMBDA:
        return any(one.path[2] == _LAMBDA for one in found)
    return any(one.path[-1] == read.path[-1] and not _is_wrong(one, shape) for one in found)


def _finding(view: View, program: Program, read: Read, shape: str) -> Finding:
    key = read.path[-1]
    way = "".join(f'["{name}"]' for name in (*_WAY, *([] if shape == _FLAT else [_LAMBDA])))
    return view.finding(
        "code_backend_reads_wrong_context",
        program.place,
        found=f"{program.where(read.node)}: {'.'.join(read.path)}, behind a Lambda authorizer",
        right=f"{'.'.join(_WAY)}{'' if shape == _FLAT else '.lambda'}.{key}",
        fix=(f'event{way}["{key}"]',),
    )


def answers_without_status(view: View) -> Iterator[Finding]:
    """Answers that a REST API cannot read: a fault of the backend that looks like one of the authorizer."""
    for function, shape in _backends(view):
        program = program_of(view, function)
        if shape != _FLAT or program is None or "statusCode" in program.texts:
            continue
        found = answers(program)
        if found and all(one.whole for one in found):
            yield view.finding(
                "code_backend_answers_without_status",
                program.place,
                found=f"{program.where(found[0].at.node)}: an answer without statusCode, and none in all of the code",
                right="statusCode, and a body that is a text",
                fix=('return {"statusCode": 200, "body": json.dumps(…)}',),
            )


CHECKS = (context_paths, answers_without_status)
