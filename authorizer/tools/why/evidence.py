"""All that is known of one request, from all views, joined by its ids."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from authorizer.tools.why.access_fields import empty
from authorizer.tools.why.appearances import API_TYPES, Seen
from authorizer.tools.why.entry import Entry, Kind
from authorizer.tools.why.patterns import MOST_TEXT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from authorizer.tools.why.response import Response, Sent

AROUND: Final = 5.0  # seconds: a line without an id of API Gateway may be of a request that is so near
_STARTED: Final = "Starting authorizer"
_COMPLETED_AUTHORIZER: Final = "Successfully completed authorizer"
_CALLS: Final = re.compile(
    r"Sending request to https://lambda|Endpoint request URI|Authorizer result body", re.IGNORECASE
)
_DONE: Final = re.compile(
    r"Gateway response type|Method completed with status|not authorized to perform", re.IGNORECASE
)
_TYPE: Final = re.compile(
    r"Gateway response type:?\s*([A-Z_]{5,40})(?:\s+with status code:?\s*(\d{3}))?", re.IGNORECASE
)
_COMPLETED: Final = re.compile(r"Method completed with status:?\s*(\d{3})", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One request. `by_time`: some lines have no id of it, and were joined because they are near."""

    response: Response | None = None
    entries: tuple[Entry, ...] = ()
    given_apis: frozenset[str] = frozenset()
    by_time: bool = False
    execution: str = field(init=False, repr=False)
    function: str = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "execution", self._text(Kind.EXECUTION))
        object.__setattr__(self, "function", self._text(Kind.FUNCTION))

    def of(self, kind: Kind) -> tuple[Entry, ...]:
        """The lines of one log."""
        return tuple(one for one in self.entries if one.kind is kind)

    @property
    def sent(self) -> Sent | None:
        """What is known of the request."""
        return self.response.sent if self.response is not None else None

    @property
    def method(self) -> str | None:
        """The method of the call; None where nothing says it."""
        if self.sent is not None and self.sent.method is not None:
            return self.sent.method
        return next((one.get("httpMethod") for one in self.of(Kind.ACCESS) if one.get("httpMethod")), None)

    @property
    def apis(self) -> frozenset[str]:
        """The types of API that it may be of; none for all."""
        if self.given_apis:
            return self.given_apis
        found = [self.response.apis] if self.response is not None and self.response.apis else []
        found += [frozenset({one}) for one in map(_api, self.entries) if one is not None]
        if self.of(Kind.EXECUTION):  # HTTP APIs have no such log
            found.append(frozenset({"websocket"} if "$connect" in self.execution else {"rest", "websocket"}))
        return frozenset.intersection(*found) if found else frozenset()

    def seen(self) -> Iterator[Seen]:
        """Every word about what the client got."""
        apis = self.apis
        if self.response is not None:
            yield self.response.seen()
        for entry in self.of(Kind.ACCESS):
            yield _answered(entry, apis)
        yield from _in_execution(self.execution, apis)

    def asked(self) -> Iterator[tuple[bool, Kind]]:
        """Whether the authorizer's function was asked, and which log says so."""
        if self.of(Kind.DECISION):
            yield True, Kind.DECISION
        for entry in self.of(Kind.ACCESS):
            if "authorizer.requestId" in entry.fields:
                yield not empty(entry.fields["authorizer.requestId"]), Kind.ACCESS
        if _asked(self.execution):
            yield True, Kind.EXECUTION
        elif _STARTED in self.execution and _DONE.search(self.execution):
            yield False, Kind.EXECUTION

    def _text(self, kind: Kind) -> str:
        return "\n".join(one.text for one in self.entries if one.kind in (kind, Kind.OTHER))[:MOST_TEXT]


def _asked(text: str) -> bool:
    """Whether a call of the function stands between the authorizer's start and its end."""
    _, start, rest = text.partition(_STARTED)
    within = rest.partition(_COMPLETED_AUTHORIZER)[0] if start else ""
    return _CALLS.search(within) is not None or "Authorizer result body before parsing" in text


def _answered(entry: Entry, apis: frozenset[str]) -> Seen:
    fields = entry.fields
    status = entry.get("status")
    said = fields.get("error.responseType")
    message = fields.get("error.message")
    http = apis == {"http"}
    return Seen(
        status=int(status) if status.isdecimal() and len(status) == 3 else None,
        type=None if said is None or http else "" if empty(said) else str(said),
        message=None if message is None or empty(message) else str(message),
        apis=apis,
    )


def _in_execution(text: str, apis: frozenset[str]) -> Iterator[Seen]:
    found = _TYPE.search(text)
    if found is not None:
        yield Seen(type=found[1].upper(), status=int(found[2]) if found[2] else None, apis=apis)
        return
    completed = _COMPLETED.search(text)
    if completed is not None:
        yield Seen(status=int(completed[1]), apis=apis)


def _api(entry: Entry) -> str | None:
    """The type of API that a line is of; None where it does not say."""
    if entry.kind is Kind.DECISION:
        found = entry.get("surface").partition("_")[0]
        return found if found in API_TYPES else None
    if entry.kind is Kind.ACCESS:
        if entry.get("api") in API_TYPES:
            return entry.get("api")
        if not empty(entry.fields.get("connectionId")) or not empty(entry.fields.get("eventType")):
            return "websocket"
        return "rest" if "resourcePath" in entry.fields else None
    return None


class Requests:
    """The lines of a log by request: those that share an id, directly or by a line that names both."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._leader: dict[str, str] = {}
        self.entries = tuple(entries)
        for entry in self.entries:
            for one in entry.ids:
                self._join(entry.ids[0], one)

    def groups(self) -> list[tuple[Entry, ...]]:
        """The lines of each request, in the order of the first ones."""
        found: dict[str, list[Entry]] = {}
        for entry in self.entries:
            if entry.ids:
                found.setdefault(self._find(entry.ids[0]), []).append(entry)
        return [tuple(one) for one in found.values()]

    def nobodys(self) -> tuple[Entry, ...]:
        """The lines without an id."""
        return tuple(entry for entry in self.entries if not entry.ids)

    def of(self, ids: Sequence[str]) -> tuple[Entry, ...]:
        """The lines of the request with any of these ids."""
        leaders = {self._find(one) for one in ids}
        return tuple(entry for entry in self.entries if entry.ids and self._find(entry.ids[0]) in leaders)

    def near(self, own: Sequence[Entry]) -> tuple[Entry, ...]:
        """The decision of a TOKEN authorizer, whose event has no id of the request: the only one within seconds, and what
        else is of that invocation."""
        times = [one.at for one in own if one.at is not None]
        if not times or any(one.kind is Kind.DECISION for one in own):
            return ()
        known = (one for one in self.entries if one.kind is Kind.DECISION and one.fields.get("request_id") is None)
        close = [one for one in known if one.at is not None and min(abs(one.at - at) for at in times) <= AROUND]
        return self.of(close[0].ids) or tuple(close) if len(close) == 1 else ()

    def _find(self, one: str) -> str:
        while (leader := self._leader.get(one, one)) != one:
            self._leader[one] = self._leader.get(leader, leader)
            one = leader
        return one

    def _join(self, one: str, other: str) -> None:
        first, second = self._find(one), self._find(other)
        if first != second:
            self._leader[second] = first
