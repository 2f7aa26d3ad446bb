"""The form that a token endpoint is sent (RFC 6749 section 3.2), and what of it says how a token is to be."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl

from authorizer.testing import ALGORITHMS
from authorizer.tools.local_issuer.key_ring import ALWAYS, USES
from authorizer.tools.local_issuer.minting import LIFETIME

if TYPE_CHECKING:
    from collections.abc import Mapping

    from authorizer.tools.gateway.message import HttpRequest
    from authorizer.tools.local_issuer.key_ring import TokenUse

FORM: Final = "application/x-www-form-urlencoded"
_MAX_FIELDS: Final = 100
_MAX_LIFETIME: Final = 10 * 31_536_000  # seconds


class FormError(Exception):
    """What was sent is no form, or a parameter is not what it should be. The text is ours: nothing of what was sent."""


def read_form(request: HttpRequest) -> Mapping[str, str]:
    """The parameters; `FormError` when the body is no form, or has a parameter twice. Empty ones count as left out."""
    if (request.header("content-type") or "").partition(";")[0].strip().lower() != FORM:
        raise FormError(f"the body is not {FORM}")
    try:
        text = request.body.decode("utf-8")
        pairs = parse_qsl(text, errors="strict", max_num_fields=_MAX_FIELDS)
    except ValueError:
        raise FormError("the body is no form in UTF-8") from None
    form = dict(pairs)
    if len(form) != len(pairs):
        raise FormError("a parameter is there twice")
    return form


@dataclass(frozen=True, slots=True, kw_only=True)
class Extensions:
    """What only our own token endpoint understands: how the token differs from what the issuer would usually sign."""

    subject: str | None = None
    groups: tuple[str, ...] = ()
    claims: Mapping[str, object] = field(default_factory=dict, repr=False)
    lifetime: int = LIFETIME
    algorithm: str = ALWAYS
    token_use: TokenUse = "access"
    audience: tuple[str, ...] | None = None
    broken: str | None = None

    @classmethod
    def of(cls, form: Mapping[str, str]) -> Extensions:
        """The extensions in a form; `FormError` when one is not what it should be."""
        algorithm, use = form.get("alg", ALWAYS), form.get("token_use", "access")
        if algorithm not in ALGORITHMS:
            raise FormError(f"alg is one of {', '.join(ALGORITHMS)}")
        if use not in USES:
            raise FormError(f"token_use is one of {', '.join(USES)}")
        return cls(
            subject=form.get("subject"),
            groups=words(form.get("groups")),
            claims=_claims(form.get("claims")),
            lifetime=_lifetime(form.get("expires_in")),
            algorithm=algorithm,
            token_use=use,
            audience=words(form.get("audience")) or None,
            broken=form.get("broken"),
        )


def words(text: str | None) -> tuple[str, ...]:
    """What blanks separate, each once (RFC 6749 section 3.3: the order of scopes does not matter)."""
    return tuple(dict.fromkeys((text or "").split()))


def flag(form: Mapping[str, str], name: str, default: bool | None = None) -> bool:
    """A parameter that is `true` or `false`; `FormError` otherwise, and when it is left out without a default."""
    value = form.get(name)
    if value is None and default is not None:
        return default
    if value not in ("true", "false"):
        raise FormError(f"{name} is true or false")
    return value == "true"


def _claims(text: str | None) -> dict[str, Any]:
    try:
        claims = json.loads(text or "{}")
    except (ValueError, RecursionError):
        claims = None
    if not isinstance(claims, dict):
        raise FormError("claims is a JSON object")
    return claims


def _lifetime(text: str | None) -> int:
    if text is None:
        return LIFETIME
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(_MAX_LIFETIME)) and int(text) > 0):
        raise FormError("expires_in is a number of seconds")
    return min(int(text), _MAX_LIFETIME)
