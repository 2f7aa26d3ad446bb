"""The catalogue of causes: `causes.toml`, and the reasons of our own functions."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from authorizer.reasons import Class, Reason
from authorizer.tools.why.appearances import appearances
from authorizer.tools.why.patterns import compiled

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

FILE: Final = Path(__file__).with_name("causes.toml")
DECISIONS: Final = frozenset({"allow", "deny", "error"})
NOTHING: Final = "nothing"
_TEXTS: Final = ("title", "why", "fix", "source")
_LISTS: Final = ("see", "client", "rows")
_MORE: Final = ("apis", "asks", "decides", "access", "execution", "function", "request", "general", "finding")
_REFUSED: Final = (
    "rest_explicit_deny",
    "rest_implicit_deny",
    "http_forbidden",
    "websocket_forbidden",
)
_BROKEN: Final = ("rest_authorizer_error", "http_error", "websocket_error")
_CLIENT: Final = {
    Class.AUTHN: ("rest_unauthorized", "http_unauthorized", "websocket_unauthorized", *_REFUSED),
    Class.AUTHZ: _REFUSED,
}
_DECIDES: Final = {Class.AUTHN: "deny", Class.AUTHZ: "deny"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """Expressions of which all, and expressions of which none is found in the lines of one request."""

    all: tuple[str, ...]
    none: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What was sent: names of headers that are there and that are not, and expressions for method and path."""

    has: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    method: str | None = None
    path: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """One cause; fields as in `causes.toml`. `reason`: it is one of our own functions' reasons, which only a line names."""

    code: str
    title: str
    why: str
    fix: str
    source: str
    see: tuple[str, ...] = ()
    rows: tuple[int, ...] = ()
    client: tuple[str, ...] = ()
    apis: frozenset[str] = frozenset()
    asks: bool | None = None
    decides: str | None = None
    access: tuple[Mapping[str, str], ...] = ()
    execution: tuple[Lines, ...] = ()
    function: tuple[Lines, ...] = ()
    request: Request = field(default_factory=Request)
    general: bool = False
    finding: str | None = None
    reason: str | None = None


@cache
def causes() -> Mapping[str, Cause]:
    """All causes by code, those of the file first; `ValueError` for an entry that is not whole."""
    written = tomllib.loads(FILE.read_text("utf-8"))
    own = {one.value: _of(one) for one in Reason}
    if twice := own.keys() & written.keys():
        raise ValueError(f"{FILE.name}: {', '.join(sorted(twice))} are reasons of our own")
    return {code: _cause(code, given) for code, given in written.items()} | own


def _cause(code: str, given: Mapping[str, Any]) -> Cause:
    known = {*_TEXTS, *_LISTS, *_MORE}
    if not given.keys() <= known or not set(_TEXTS) <= given.keys():
        raise ValueError(f"{FILE.name}: {code} has other fields than {', '.join(sorted(known))}")
    if given.get("decides", NOTHING) not in DECISIONS | {NOTHING}:
        raise ValueError(f"{FILE.name}: {code} decides {given['decides']}")
    client = tuple(given.get("client", ()))
    kinds = frozenset(given.get("apis", ())) or frozenset(api for one in client for api in appearances()[one].apis)
    for record in given.get("access", ()):
        for pattern in record.values():
            compiled(pattern)
    plain = {name: given[name] for name in (*_TEXTS, "asks", "decides", "general", "finding") if name in given}
    return Cause(
        code=code,
        **plain,
        see=tuple(given.get("see", ())),
        rows=tuple(given.get("rows", ())),
        client=client,
        apis=kinds,
        access=tuple(given.get("access", ())),
        execution=_lines(given.get("execution", ())),
        function=_lines(given.get("function", ())),
        request=_request(given.get("request", {})),
    )


def _lines(given: Iterable[Mapping[str, Any]]) -> tuple[Lines, ...]:
    made = tuple(Lines(all=tuple(one["all"]), none=tuple(one.get("none", ()))) for one in given)
    for one in made:
        for pattern in (*one.all, *one.none):
            compiled(pattern)
    return made


def _request(given: Mapping[str, Any]) -> Request:
    names = {name: tuple(given.get(name, ())) for name in ("has", "lacks")}
    return Request(**names, method=given.get("method"), path=given.get("path"))


def _of(reason: Reason) -> Cause:
    """A reason of our own functions: without their line, or the access log's copy of it, nobody can know it."""
    remedy = reason.remedy
    client = _CLIENT.get(reason.klass, _BROKEN)
    return Cause(
        code=reason.value,
        title=remedy.cause,
        why=remedy.symptom,
        fix=remedy.fix,
        source=reason.docs,
        see=(f"authorizer reasons {reason.value}", "authorizer explain EVENT_OR_TOKEN_FILE"),
        client=client,
        apis=frozenset(api for one in client for api in appearances()[one].apis),
        decides=_DECIDES.get(reason.klass, "error"),
        reason=reason.value,
    )
