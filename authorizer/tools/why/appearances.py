"""What answers look like: which of the known ones an answer is, by everything that is known of it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from authorizer.tools.why.patterns import compiled, found

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FILE: Final = Path(__file__).with_name("appearances.toml")
API_TYPES: Final = frozenset({"rest", "http", "websocket"})
ANY: Final = "any"
_FIELDS: Final = frozenset({"api", "status", "type", "error_type", "message", "challenge", "backend", "source"})


class Fit(IntEnum):
    """How well an answer is one that we know; the value is what it weighs."""

    NO = 0
    STATUS = 1  # nothing is known but the status
    REWORDED = 2  # the body says something else: a gateway response of the API changed it
    RESTATED = 3  # the same for the status
    EXACT = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What is known of an answer: None is not known, the empty text is known to be missing. `message` is that of the body;
    `text` all that was pasted, where it is no HTTP. `apis`: the types of API that it may be of; none for all."""

    status: int | None = None
    type: str | None = None
    error_type: str | None = None
    message: str | None = field(default=None, repr=False)
    challenge: str | None = field(default=None, repr=False)
    text: str | None = field(default=None, repr=False)
    apis: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Appearance:
    """One answer that can be told from all others; fields as in `appearances.toml`, None where nothing is said."""

    code: str
    api: str
    source: str
    status: tuple[int, ...] = ()
    type: str | None = None
    error_type: str | None = None
    message: str | None = None
    challenge: str | None = None
    backend: bool = False

    @property
    def apis(self) -> frozenset[str]:
        """The types of API."""
        return API_TYPES if self.api == ANY else frozenset({self.api})

    def fit(self, seen: Seen) -> Fit:
        """How well the answer is this one."""
        if self.backend:
            return Fit.NO
        if self.api not in API_TYPES | {ANY} and self.message is not None and seen.text is not None:
            return Fit.EXACT if found(self.message, seen.text) else Fit.NO
        if seen.apis and not seen.apis & self.apis:
            return Fit.NO
        compared = dict(self._compared(seen))
        if not all(compared[name] is not False for name in ("type", "error_type", "challenge")):
            return Fit.NO
        named = bool(compared["type"] or compared["error_type"] or compared["challenge"])
        fit = self._fit(seen.status, message=compared["message"], named=named)
        return fit if self.apis <= API_TYPES or fit is Fit.EXACT else Fit.NO

    def _fit(self, status: int | None, *, message: bool | None, named: bool) -> Fit:
        if message is False:
            return Fit.REWORDED if named else Fit.NO
        other = status is not None and bool(self.status) and status not in self.status
        if message or named:
            return Fit.RESTATED if other else Fit.EXACT
        if other:
            return Fit.NO
        return Fit.STATUS if status is not None and self.status else Fit.NO

    def _compared(self, seen: Seen) -> Iterator[tuple[str, bool | None]]:
        """For each field whether it is as it should be; None where that is not known, or where nothing is as it should be
        and nothing is there: it says little that a header is not sent."""
        for name in ("type", "error_type", "message", "challenge"):
            pattern, value = getattr(self, name), getattr(seen, name)
            if pattern is None or value is None:
                yield name, None
            elif name == "type":
                yield name, pattern == value
            else:
                met = found(pattern, value)
                yield name, None if met and not value and name != "message" else met


@cache
def appearances() -> Mapping[str, Appearance]:
    """All of them; `ValueError` for an entry that is not whole."""
    return {code: _appearance(code, given) for code, given in tomllib.loads(FILE.read_text("utf-8")).items()}


def recognised(seen: Seen) -> Mapping[str, Fit]:
    """The answers that it may be: those that fit best, or the backend's own where none of API Gateway's does."""
    fits = {code: one.fit(seen) for code, one in appearances().items()}
    best = max(fits.values())
    if best is Fit.NO and (seen.status or 0) >= 400:
        sure = seen.error_type == "" or seen.type == ""
        return {code: Fit.EXACT if sure else Fit.STATUS for code, one in appearances().items() if one.backend}
    return {code: fit for code, fit in fits.items() if fit is best and fit is not Fit.NO}


def _appearance(code: str, given: Mapping[str, Any]) -> Appearance:
    if not given.keys() <= _FIELDS or not {"api", "source"} <= given.keys():
        raise ValueError(f"{FILE.name}: {code} has other fields than {', '.join(sorted(_FIELDS))}")
    for name in ("error_type", "message", "challenge"):
        compiled(given.get(name, ""))
    return Appearance(code=code, **{**given, "status": tuple(given.get("status", ()))})
