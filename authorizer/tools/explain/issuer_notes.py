"""Near misses of an issuer that is not configured."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import urlsplit

from authorizer.jose.fetch import is_https
from authorizer.tools.explain.near_miss import NearMiss
from authorizer.tools.explain.note import Note, listed, quoted
from authorizer.verifiers.cognito import issuer_urls

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_SCHEME: Final = re.compile(r"https?://", re.IGNORECASE | re.ASCII)


class _Name(NamedTuple):
    """An issuer's name in its parts. Only scheme and host have no case (RFC 3986 section 6.2.2.1)."""

    scheme: str
    host: str  # with its port
    path: str

    @property
    def bare(self) -> tuple[str, str]:
        """What tells one issuer from another."""
        return self.host.lower(), self.path.rstrip("/")


def same_issuer(name: str, configured: Iterable[str]) -> str | None:
    """The configured issuer that a token almost names: the same one, spelled in another way."""
    parts, pool = _parts(name), _pool(name)
    for one in configured:
        known = _parts(one)
        if parts is not None and known is not None and parts.bare == known.bare:
            return one
        if pool is not None and pool == _pool(one):
            return one
    return None


def issuer_notes(name: str, configured: Iterable[str]) -> Iterator[Note]:
    """What an unknown issuer's name has to do with the configured ones."""
    known = tuple(configured)
    near = same_issuer(name, known)
    pools = [one for one in known if _pool(one) is not None]
    if near is not None:
        yield from _spelling(name, near)
    elif _pool(name) is not None and pools:
        yield Note(NearMiss.ISSUER_COGNITO_POOL, f"the token says {quoted(name)}, the settings say {listed(pools)}")
    elif same_host := [one for one in known if _host(one) is not None and _host(one) == _host(name)]:
        yield Note(NearMiss.ISSUER_HOST, f"the token says {quoted(name)}, the settings say {listed(same_host)}")


def _spelling(name: str, near: str) -> Iterator[Note]:
    detail = f"the token says {quoted(name)}, the settings say {quoted(near)}"
    ours, theirs = _parts(name), _parts(near)
    if ours is None or theirs is None or ours.bare != theirs.bare:
        yield Note(NearMiss.ISSUER_COGNITO_FORM, detail)
        return
    slash = ours.path != theirs.path
    scheme = ours.scheme.lower() != theirs.scheme.lower()
    if slash:
        yield Note(NearMiss.ISSUER_SLASH, detail)
    if scheme:
        yield Note(NearMiss.ISSUER_SCHEME, detail)
    if ours.host != theirs.host or not (slash or scheme):
        yield Note(NearMiss.ISSUER_CASE, detail)


def _parts(name: str) -> _Name | None:
    """None for what is no URL that keys would be fetched from, but for its scheme: the host is where it looks to be."""
    match = _SCHEME.match(name)
    scheme = match[0] if match is not None else ""
    rest = name[len(scheme) :]
    if "\\" in rest or not is_https(f"https://{rest}"):
        return None
    host, slash, path = rest.partition("/")
    return _Name(scheme, host, slash + path)


def _host(name: str) -> str | None:
    parts = _parts(name)
    return urlsplit(f"https://{parts.host}").hostname if parts is not None else None


def _pool(name: str) -> str | None:
    """The user pool of Cognito that a name is one of the names of."""
    pool = name.rpartition("/")[2]
    return pool if name in issuer_urls(pool) else None
