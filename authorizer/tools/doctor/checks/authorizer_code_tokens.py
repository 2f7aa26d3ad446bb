"""How the code of an authorizer verifies tokens: with PyJWT or python-jose, by `jwt.decode`.

Sources: RFC 8725, "JSON Web Token Best Current Practices"; PyJWT, "Usage Examples"; python-jose, "JSON Web Token".
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, Final

from authorizer.tools.doctor.foreign_code import programs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from authorizer.tools.doctor.handler_code import Program
    from authorizer.tools.doctor.view import View
    from authorizer.tools.template_check.finding import Finding

_LIBRARIES: Final = ("jwt", "jose")
_OFF: Final = ("verify_signature", "verify")
_OTHERS: Final = ("verify", "validate", "check", "introspect", "decode_complete", "compare_digest")
_VERIFIERS: Final = ("authorizer", "authlib", "cognitojwt", "jwcrypto", "joserfc", "google")  # packages that verify too
_NAMES_OF_CLIENTS: Final = frozenset({"aud", "client_id", "azp", "cid", "appid"})
_ALGORITHMS: Final = 2  # its place among the arguments of decode


def decoding(view: View) -> Iterator[Finding]:
    """Tokens that are read and not verified, or verified by what the token itself says."""
    for _, program in programs(view):
        calls = _decodes(program)
        verified = [one for one in calls if not _is_off(one)]
        off = [one for one in calls if _is_off(one)]
        if off and not verified and not _verifies_otherwise(program, off):
            yield _unverified(view, program, off[0])
        for one in verified:
            yield from _algorithms(view, program, one)
            if _option(one, "verify_aud") is False and not _NAMES_OF_CLIENTS & program.texts:
                yield view.finding(
                    "code_audience_unchecked",
                    program.place,
                    found=f'{program.where(one)}: "verify_aud": False, and no look at aud or client_id',
                    right="the audience of this API",
                    fix=("jwt.decode(token, key, algorithms=[…], audience=AUDIENCE, issuer=ISSUER)",),
                )


def _decodes(program: Program) -> list[ast.Call]:
    """The calls of the `decode` of a library that is imported here, by whatever name."""
    names = {name for node in program.nodes() for name in _names(node)}
    calls = (node for node in program.nodes() if names and isinstance(node, ast.Call))
    return [one for one in calls if ast.unparse(one.func) in names]


def _names(node: ast.AST) -> set[str]:
    """What an import calls the function `decode` of a library."""
    if isinstance(node, ast.Import):
        return {f"{one.asname or one.name}.decode" for one in node.names if one.name in ("jwt", "jose.jwt")}
    if not isinstance(node, ast.ImportFrom) or (node.module or "").split(".")[0] not in _LIBRARIES:
        return set()
    found = {(one.asname or one.name, one.name) for one in node.names}
    return {alias if name == "decode" else f"{alias}.decode" for alias, name in found if name in ("decode", "jwt")}


def _argument(call: ast.Call, name: str) -> ast.expr | None:
    return next((one.value for one in call.keywords if one.arg == name), None)


def _is_open(call: ast.Call) -> bool:
    """Whether some arguments are elsewhere."""
    return any(one.arg is None for one in call.keywords) or any(isinstance(one, ast.Starred) for one in call.args)


def _option(call: ast.Call, name: str) -> Any:
    """What the literal `options` say."""
    options = _argument(call, "options")
    if not isinstance(options, ast.Dict):
        return None
    pairs = zip(options.keys, options.values, strict=True)
    found = (value for key, value in pairs if isinstance(key, ast.Constant) and key.value == name)
    return next((one.value for one in found if isinstance(one, ast.Constant)), None)


def _is_off(call: ast.Call) -> bool:
    verify = _argument(call, "verify")
    return (isinstance(verify, ast.Constant) and verify.value is False) or _option(call, _OFF[0]) is False


def _verifies_otherwise(program: Program, off: list[ast.Call]) -> bool:
    """Whether the program calls, or defines, anything that by its name may verify the token."""
    if any(map(program.imports, _VERIFIERS)):
        return True
    texts = [node.name for node in program.nodes() if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    texts += [ast.unparse(node.func) for node in program.nodes() if isinstance(node, ast.Call) and node not in off]
    callees = [text.rpartition(".")[2].lower() for text in texts if text.rpartition(".")[2]]
    inside = {one.name for call in off for one in program.around(call) if isinstance(one, ast.FunctionDef)}
    return any(other in name for name in callees if name not in inside for other in _OTHERS)


def _unverified(view: View, program: Program, call: ast.Call) -> Finding:
    return view.finding(
        "code_verify_off",
        program.place,
        found=f"{program.where(call)}: {ast.unparse(call.func)} that verifies no signature",
        right="a signature that is verified by a key of the issuer",
        fix=(
            "key = JWKS.get_signing_key_from_jwt(token).key",
            'claims = jwt.decode(token, key, algorithms=["RS256"], audience=AUDIENCE, issuer=ISSUER)',
        ),
    )


def _algorithms(view: View, program: Program, call: ast.Call) -> Iterator[Finding]:
    where = program.where(call)
    given = _argument(call, "algorithms") or next(iter(call.args[_ALGORITHMS : _ALGORITHMS + 1]), None)
    if given is None and not _is_open(call):
        yield view.finding(
            "code_algorithms_missing",
            program.place,
            found=f"{where}: {ast.unparse(call.func)} without algorithms",
            right="the algorithms that the issuer signs with",
            fix=('algorithms=["RS256"]',),
        )
    elif given is not None and "none" in _texts(given):
        yield view.finding(
            "code_algorithm_none",
            program.place,
            found=f"{where}: none among the algorithms",
            right="algorithms that sign",
            fix=('algorithms=["RS256"]  # and no "none": whoever writes a token chooses its header',),
        )
    elif given is not None and _is_of_token(given):
        yield view.finding(
            "code_algorithm_from_token",
            program.place,
            found=f"{where}: algorithms={ast.unparse(given)}, which the token says",
            right="the algorithms that the issuer signs with, written in the code",
            fix=('ALGORITHMS = ["RS256"]  # not what the header of the token says',),
        )


def _texts(node: ast.expr) -> set[str]:
    return {str(one.value).lower() for one in ast.walk(node) if isinstance(one, ast.Constant)}


def _is_of_token(given: ast.expr) -> bool:
    """Whether a list has the `alg` of a header: `[header["alg"]]`."""
    items = given.elts if isinstance(given, ast.List | ast.Tuple) else [given]
    for one in items:
        match one:
            case ast.Subscript(value=of, slice=ast.Constant(value="alg")):
                return "key" not in ast.unparse(of).lower() and "jwk" not in ast.unparse(of).lower()
            case ast.Call(func=ast.Attribute(value=of, attr="get"), args=[ast.Constant(value="alg"), *_]):
                return "key" not in ast.unparse(of).lower() and "jwk" not in ast.unparse(of).lower()
    return False


CHECKS = (decoding,)
