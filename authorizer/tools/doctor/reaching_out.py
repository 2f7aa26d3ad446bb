"""Whether a function of an authorizer asks somebody else while it answers: for keys, a secret, or a row of a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from authorizer.tools.doctor.handler_code import program_of

if TYPE_CHECKING:
    from authorizer.tools.doctor.asked import Asked
    from authorizer.tools.doctor.view import View

_CLIENTS: Final = ("requests", "httpx", "urllib3", "aiohttp", "boto3", "cognitojwt", "http")
_KEYS_HERE: Final = ("AUTHORIZER_JWKS", "AUTHORIZER_JWKS_FILE", "AUTHORIZER_SNAPSHOT")
_IN_SETTINGS: Final = ("jwks_file", "jwks =")


def reaches_out(view: View, one: Asked) -> bool:
    """Whether it surely does: an entry point of ours without keys of its own, or code that says so."""
    if one.is_ours:
        variables = one.function.environment
        settings = str(variables.get("AUTHORIZER_CONFIG", ""))
        return not any(variables.get(name) for name in _KEYS_HERE) and not any(
            text in settings for text in _IN_SETTINGS
        )
    program = program_of(view, one.function)
    if program is None:
        return False
    if any(program.imports(name) for name in _CLIENTS):
        return True
    return any(getattr(node, "attr", getattr(node, "id", "")) in ("PyJWKClient", "urlopen") for node in program.nodes())
