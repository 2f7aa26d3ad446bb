"""Near misses of an issuer that is not configured."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from authorizer.tools.explain.near_miss import NearMiss
from authorizer.tools.explain.note import Note, brief, briefly

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_COGNITO: Final = re.compile(r"https?://(?:issuer-)?cognito-idp\.[a-z0-9.-]+/([\w-]+)/?", re.ASCII)
_SCHEME: Final = re.compile(r"https?://", re.IGNORECASE)


def same_issuer(name: str, configured: Iterable[str]) -> str | None:
    """The configured issuer that a token almost names: the same one, spelled in another way."""
    known = tuple(configured)
    near = [one for one in known if _loose(one) == _loose(name)] or [one for one in known if _pool(name, one)]
    return near[0] if near else None


def issuer_notes(name: str, configured: Iterable[str]) -> Iterator[Note]:
    """What an unknown issuer's name has to do with the configured ones."""
    known = tuple(configured)
    near = same_issuer(name, known)
    if near is not None:
        yield from _spelling(name, near)
    elif _COGNITO.fullmatch(name) and any(map(_COGNITO.fullmatch, known)):
        pools = briefly(one for one in known if _COGNITO.fullmatch(one))
        yield Note(NearMiss.ISSUER_COGNITO_POOL, f"the token says {brief(name)}, the settings say {pools}")
    elif same_host := [one for one in known if _host(one) is not None and _host(one) == _host(name)]:
        yield Note(NearMiss.ISSUER_HOST, f"the token says {brief(name)}, the settings say {briefly(same_host)}")


def _spelling(name: str, near: str) -> Iterator[Note]:
    detail = f"the token says {brief(name)}, the settings say {brief(near)}"
    if _loose(name) != _loose(near):
        yield Note(NearMiss.ISSUER_COGNITO_FORM, detail)
        return
    slash, scheme = _slashes(name) != _slashes(near), _scheme(name) != _scheme(near)
    if slash:
        yield Note(NearMiss.ISSUER_SLASH, detail)
    if scheme:
        yield Note(NearMiss.ISSUER_SCHEME, detail)
    if _bare(name) != _bare(near) or not (slash or scheme):
        yield Note(NearMiss.ISSUER_CASE, detail)


def _pool(name: str, other: str) -> bool:
    """Whether both name one user pool of Cognito."""
    pools = [match[1] for one in (name, other) if (match := _COGNITO.fullmatch(one))]
    return len(pools) == 2 and pools[0] == pools[1]


def _loose(name: str) -> str:
    return _bare(name).casefold()


def _bare(name: str) -> str:
    return _SCHEME.sub("", name, count=1).rstrip("/")


def _scheme(name: str) -> str:
    match = _SCHEME.match(name)
    return match[0].lower() if match else ""


def _slashes(name: str) -> int:
    return len(name) - len(name.rstrip("/"))


def _host(name: str) -> str | None:
    try:
        return urlsplit(name).hostname
    except ValueError:  # half an IPv6 address
        return None
