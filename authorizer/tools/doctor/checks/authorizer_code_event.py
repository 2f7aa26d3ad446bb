"""What the code of an authorizer looks for in its event, and does not find there.

Source: API Gateway Developer Guide, "Input to an API Gateway Lambda authorizer", "Control access to HTTP APIs with AWS
Lambda authorizers".
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from authorizer.surface import Api as Kind
from authorizer.tools.doctor.code_flow import body_of, frames
from authorizer.tools.doctor.code_paths import ARNS, is_asked_for, is_tried, path_of, reads
from authorizer.tools.doctor.foreign_code import programs
from authorizer.tools.template import AuthorizerKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from authorizer.tools.doctor.asked import Asked, Use
    from authorizer.tools.doctor.code_flow import Frame
    from authorizer.tools.doctor.code_paths import Read
    from authorizer.tools.doctor.handler_code import Program
    from authorizer.tools.doctor.view import View
    from authorizer.tools.template_check.finding import Finding

_TOKEN: Final = ("type", "authorizationToken", "methodArn")  # all that a TOKEN event has
_OF_REQUESTS: Final = ("headers", "queryStringParameters", "pathParameters", "requestContext", "httpMethod", "path")
_LOWERING: Final = ("lower", "casefold", "get_header_value")
_PATH: Final = 5  # the part of an ARN that has the path
_SAFE: Final = (0, 1, 2)  # of that part: API, stage and method, which have no colon


def header_case(view: View) -> Iterator[Finding]:
    """Names of headers as people write them, in an event that has them in lower case."""
    for one, program in programs(view):
        if not all(use.kind is Kind.HTTP and use.payload == "2.0" for use in one.uses):
            continue
        if _lowers(program) or _is_for_several(program):
            continue
        for read in reads(program):
            name = read.path[1] if read.path[0] == "headers" and len(read.path) > 1 else ""
            if name != name.lower() and name.lower() not in program.texts:
                yield view.finding(
                    "code_header_case",
                    program.place,
                    found=f"{program.where(read.node)}: the header {name}, at {one.uses[0]}",
                    right=f"{name.lower()}: HTTP APIs write all names of headers in lower case",
                    fix=(f'event["headers"].get("{name.lower()}")',),
                )


def _lowers(program: Program) -> bool:
    return any(isinstance(node, ast.Attribute) and node.attr in _LOWERING for node in program.nodes())


def missing_fields(view: View) -> Iterator[Finding]:
    """Fields of another kind of event."""
    for one, program in programs(view):
        found = list(reads(program))
        for read in found:
            if _is_for_several(program) or _is_careful(program, read):
                continue
            yield from _of_sources(view, one, program, read)
            if all(_is_token(use) for use in one.uses) and read.path[0] in _OF_REQUESTS:
                yield _request_on_token(view, program, read)
            elif (
                read.path[0] == "authorizationToken"
                and not any(map(_has_token, one.uses))
                and not _reads_request(found)
            ):
                yield _token_on_request(view, program, read)
        yield from _arn(view, one, program, found)


def _is_for_several(program: Program) -> bool:
    """Whether the code tells kinds of events apart."""
    texts = program.texts
    return ("type" in texts and bool(texts & {"TOKEN", "REQUEST"})) or "version" in texts


def _reads_request(found: list[Read]) -> bool:
    return any(read.path[0] in (*_OF_REQUESTS, "identitySource") for read in found)


def _is_careful(program: Program, read: Read) -> bool:
    return is_tried(program, read.node) or is_asked_for(program, read.node, read.path[0])


def _is_token(use: Use) -> bool:
    return use.authorizer.kind is AuthorizerKind.TOKEN


def _has_token(use: Use) -> bool:
    """Whether the event has an `authorizationToken`: of TOKEN authorizers, and of HTTP APIs with payload 1.0."""
    return _is_token(use) or (use.kind is Kind.HTTP and use.payload != "2.0")


def _of_sources(view: View, one: Asked, program: Program, read: Read) -> Iterator[Finding]:
    bare = [use for use in one.uses if use.kind is Kind.HTTP and use.payload == "2.0" and not _sources(use)]
    if bare and read.path[0] == "identitySource" and len(read.path) > 1:
        yield view.finding(
            "code_identity_source_null",
            program.place,
            found=f"{program.where(read.node)}: identitySource[{read.path[1]}], and {bare[0]} has no identity source",
            right="$request.header.Authorization as identity source, or the header itself",
            fix=("IdentitySource: [$request.header.Authorization]",),
        )


def _sources(use: Use) -> bool:
    return bool(use.authorizer.identity_sources)


def _request_on_token(view: View, program: Program, read: Read) -> Finding:
    return view.finding(
        "code_request_field_on_token",
        program.place,
        found=f"{program.where(read.node)}: {read.path[0]}, in the event of a TOKEN authorizer",
        right=f"one of {', '.join(_TOKEN)}, or a REQUEST authorizer",
        fix=('token = event["authorizationToken"]',),
    )


def _token_on_request(view: View, program: Program, read: Read) -> Finding:
    return view.finding(
        "code_token_field_on_request",
        program.place,
        found=f"{program.where(read.node)}: authorizationToken, in the event of a REQUEST authorizer",
        right="the header, or a TOKEN authorizer",
        fix=('token = event["headers"].get("authorization")  # on REST as the client wrote it: Authorization, too',),
    )


def _arn(view: View, one: Asked, program: Program, found: list[Read]) -> Iterator[Finding]:
    versions = {use.payload for use in one.uses}
    names = {read.path[0] for read in found}
    if len(versions) != 1 or {"methodArn", "routeArn"} <= program.texts or _is_for_several(program):
        return
    wrong, right = ("methodArn", "routeArn") if versions == {"2.0"} else ("routeArn", "methodArn")
    if wrong in names and versions <= {"1.0", "2.0"}:
        read = next(read for read in found if read.path[0] == wrong)
        if not _is_careful(program, read):
            yield view.finding(
                "code_arn_of_other_payload",
                program.place,
                found=f"{program.where(read.node)}: {wrong}, at {one.uses[0]}",
                right=f"{right}, as payload {next(iter(versions))} calls it",
                fix=(f'event["{right}"]',),
            )


def split_arns(view: View) -> Iterator[Finding]:
    """Called ARNs cut at every colon, of which a path may have some."""
    for _, program in programs(view):
        for frame in frames(program):
            for node in body_of(frame.function):
                if _is_split(node, frame) and any(_uses_path(one, frame) for one in _parts(node, frame)):
                    yield view.finding(
                        "code_splits_arn_by_colon",
                        program.place,
                        found=f'{program.where(node)}: the called ARN, split(":") without a limit',
                        right='split(":", 5), so that the path keeps its colons',
                        fix=('region, account, path = event["methodArn"].split(":", 5)[3:]',),
                    )


def _is_split(node: ast.AST, frame: Frame) -> bool:
    match node:
        case ast.Call(func=ast.Attribute(value=text, attr="split"), args=[ast.Constant(value=":")], keywords=[]):
            return path_of(frame.at(text)) in ARNS
    return False


def _parts(split: ast.AST, frame: Frame) -> Iterator[ast.AST]:
    """Where the part with the path is taken from what a split gave; several variables at once are one too few."""
    for one in _taken(split, frame):
        match one:
            case ast.Subscript(slice=ast.Constant(value=int(index))) if index == _PATH:
                yield one
            case ast.Subscript(slice=ast.UnaryOp()) | ast.Assign(targets=[ast.Tuple() | ast.List()]):
                yield one


def _taken(node: ast.AST, frame: Frame) -> Iterator[ast.AST]:
    """What stands around an expression, or around the variable that it is assigned to."""
    parents = frame.program.parents
    match parents.get(node):
        case ast.Assign(targets=[ast.Name(id=name)]):
            for use in body_of(frame.function):
                if isinstance(use, ast.Name) and use.id == name and isinstance(use.ctx, ast.Load):
                    yield parents[use]
        case ast.AST() as above:
            yield above


def _uses_path(part: ast.AST, frame: Frame) -> bool:
    """Whether more than API, stage and method are taken from the part with the path."""
    parents = frame.program.parents
    above = parents.get(part)
    if not isinstance(above, ast.Attribute) or above.attr != "split":
        return True
    found = list(_taken(parents[above], frame))
    return not found or not all(_is_harmless(one, frame) for one in found)


def _is_harmless(node: ast.AST, frame: Frame) -> bool:
    """Whether it is not the path that is taken, or nothing becomes of the path, as in AWS's own sample."""
    match node:
        case ast.Subscript(slice=ast.Constant(value=int(index))) if index in _SAFE:
            return True
    match frame.program.parents.get(node):
        case ast.If(test=test):
            return test is node
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AugAssign(target=ast.Name(id=name)):
            used = (one for one in body_of(frame.function) if isinstance(one, ast.Name) and one.id == name)
            return not any(isinstance(one.ctx, ast.Load) for one in used)
    return False


CHECKS = (header_case, missing_fields, split_arns)
