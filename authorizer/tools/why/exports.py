"""The forms in which logs leave CloudWatch: what `aws logs` prints, the console's CSV, `sam logs`, and plain lines."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from authorizer.tools.why.pasted_text import as_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_STREAM: Final = re.compile(r"^(\d{4}/\d\d/\d\d/\[[^\]]{1,40}\][0-9a-f]{6,40}|[0-9a-f]{32})\s+")
_TIME: Final = re.compile(r"^(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?)[\s,|]+")
_EPOCH: Final = re.compile(r"^(1\d{12})[\s,|]+")
_MESSAGES: Final = ("@message", "message", "Message")
_ESCAPE: Final = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a log, without what an export put before it. `at` is in seconds since 1970."""

    text: str = field(repr=False)
    at: float | None = None
    stream: str | None = None


def lines(text: str) -> Iterator[Line]:
    """The lines of a text, in whichever form it is."""
    document = as_json(text) if text.lstrip()[:1] in ("{", "[") else None
    events = list(_events(document))
    if events:
        yield from events
        return
    head = text.lstrip().partition("\n")[0]
    if "," in head and any(name in (one.strip('"') for one in head.strip().split(",")) for name in _MESSAGES):
        yield from _table(text.lstrip())
        return
    for one in text.split("\n"):
        yield _line(one)


def seconds(value: object) -> float | None:
    """A time as logs write it: milliseconds since 1970, ISO 8601, or `05/Oct/2026:12:00:00 +0000`."""
    text = str(value).strip()
    if re.fullmatch(r"\d{10}(?:\.\d{1,6})?", text):
        return float(text)
    if re.fullmatch(r"\d{13}", text):
        return int(text) / 1000
    try:
        if "/" in text:
            return datetime.strptime(text, "%d/%b/%Y:%H:%M:%S %z").timestamp()
        moment = datetime.fromisoformat(text.replace(",", "."))
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None


def _line(text: str) -> Line:
    rest = _ESCAPE.sub("", text).strip("\r")
    at, stream = None, None
    for _ in range(3):  # a stream and a time, in either order
        for pattern in (_STREAM, _TIME, _EPOCH):
            match = pattern.match(rest)
            if match is None:
                continue
            rest = rest[match.end() :]
            if pattern is _STREAM:
                stream = stream or match[1]
            else:
                at = seconds(match[1]) if at is None else at
    return Line(text=rest, at=at, stream=stream)


def _events(document: object) -> Iterator[Line]:
    """The events of `aws logs filter-log-events`, `get-log-events` and `get-query-results`, and lists of them."""
    if isinstance(document, list):
        for one in document:
            yield from _events(one)
    elif isinstance(document, dict):
        for one in _list(document.get("events")) or _list(document.get("logEvents")):
            yield from _event(one)
        for row in _list(document.get("results")):
            fields = {str(one.get("field")): one.get("value") for one in _list(row) if isinstance(one, dict)}
            yield from _event(fields)
        if isinstance(document.get("message"), str) and {"timestamp", "eventId", "ingestionTime"} <= document.keys():
            yield from _event(document)


def _event(event: object) -> Iterator[Line]:
    if not isinstance(event, dict):
        return
    message = next((event[name] for name in _MESSAGES if isinstance(event.get(name), str)), None)
    if message is None:
        return
    at = seconds(event.get("timestamp", event.get("@timestamp")))
    stream = event.get("logStreamName", event.get("@logStream"))
    yield from event_lines(message, at, stream if isinstance(stream, str) else None)


def event_lines(message: str, at: float | None, stream: str | None) -> Iterator[Line]:
    """The lines of one event; a traceback has several."""
    for one in message.rstrip("\n").replace("\r", "\n").split("\n"):
        line = _line(one)
        yield Line(text=line.text, at=at if at is not None else line.at, stream=stream or line.stream)


def _table(text: str) -> Iterator[Line]:
    for row in _rows(text):
        yield from _event(row)


def _rows(text: str) -> Iterable[Mapping[str, Any]]:
    reader = csv.DictReader(io.StringIO(text))
    try:
        yield from reader
    except csv.Error:  # a field without an end: what was read counts
        return


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
