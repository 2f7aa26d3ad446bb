"""Log text, line by line: which log each line is of, and of which request.

Known are our decision lines, what Lambda writes (START, END, REPORT, its JSON format, tracebacks), execution logs of API
Gateway, and access logs as JSON in any naming, CLF, XML and CSV. A line that is none of these is kept: it may be part of
one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from authorizer.tools.why.access_fields import from_json, from_text, own_format
from authorizer.tools.why.causes import DECISIONS
from authorizer.tools.why.entry import Entry, Kind
from authorizer.tools.why.exports import Line, lines, seconds
from authorizer.tools.why.pasted_text import json_objects, request_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_MOST_LINE: Final = 65_536  # characters; CloudWatch takes 1 MB, and cuts execution logs at 1024 bytes
_EXECUTION: Final = re.compile(r"^\(([A-Za-z0-9_+/=-]{8,60})\)\s+(.*)", re.DOTALL)
_CONSOLE: Final = re.compile(r"^\w{3} \w{3} +\d{1,2} [\d:]{8} \w{3,4} \d{4} : (.*)", re.DOTALL)
_ALSO_ID: Final = re.compile(
    r"(?:Extended Request Id|Lambda request id|x-amzn-Request-?Id)\s*[:=]\s*([A-Za-z0-9_+/=-]{8,60})", re.IGNORECASE
)
_PLATFORM: Final = re.compile(r"^(START|END|REPORT|INIT_START|INIT_REPORT|EXTENSION|XRAY)\b")
_FUNCTION_ID: Final = re.compile(r"RequestId:?\s*([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")
_LEADING_ID: Final = re.compile(
    r"^(?:\[?(?:ERROR|WARNING|INFO|DEBUG)\]?\s+)?(?:\S+Z\s+)?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\s"
)
_CODE: Final = re.compile(r"^(?:\[ERROR\]|Traceback |\w*(?:Error|Exception): |Runtime\.\w+|Task timed out|\s+File \")")


class LogReader:
    """Lines in their order. A context: what stands between START and END of an invocation is of that invocation."""

    def __init__(self) -> None:
        self._running: dict[str | None, str] = {}  # the invocation of each log stream
        self._names: dict[str, str] = {}  # of the access log format, where the text has it

    def read(self, given: Iterable[Line]) -> Iterator[Entry]:
        """The entries; none for what says nothing."""
        for line in given:
            if line.text.strip():
                yield from self._entry(line)

    def _entry(self, line: Line) -> Iterator[Entry]:
        text = line.text[:_MOST_LINE]
        match = _EXECUTION.match(text) or _CONSOLE.match(text)
        if match is not None:
            yield _execution(match, line.at)
            return
        document = next((one for _, one in json_objects(text)), None) if "{" in text else None
        if document is not None:
            entry = self._document(document, line)
            if entry is not None:
                yield entry
                return
        fields = from_text(text)
        yield _access(fields, line.at) if fields is not None else self._text(text, line)

    def _document(self, document: Mapping[str, Any], line: Line) -> Entry | None:
        """The entry of a line of JSON; None for one that is none that we know."""
        if document.get("decision") in DECISIONS:
            return _decision(document, line.at)
        if str(document.get("type", "")).startswith("platform.") and isinstance(document.get("record"), dict):
            return _platform(document["record"], str(document["type"]), line)
        names = own_format(document)
        if names is not None:
            self._names.update(names)
            return None
        if "level" in document or "errorMessage" in document:
            return self._code(document, line)
        fields = from_json(document, self._names)
        return _access(fields, line.at) if fields is not None else None

    def _code(self, document: Mapping[str, Any], line: Line) -> Entry:
        """A line that code wrote as JSON: only its error counts."""
        names = ("errorType", "errorMessage", "exception_name", "exception", "message", "stackTrace")
        said = [str(document[name]) for name in names if name in document]
        given = document.get("requestId", document.get("function_request_id", document.get("AWSRequestId")))
        ids = _ids(given) or self._current(line)
        return Entry(kind=Kind.FUNCTION, ids=ids, at=line.at, text="\n".join(_as_text(document, said)))

    def _text(self, text: str, line: Line) -> Entry:
        match = _FUNCTION_ID.search(text) or _LEADING_ID.match(text)
        if match is not None:
            self._follow(text, match[1], line.stream)
            return Entry(kind=Kind.FUNCTION, ids=(match[1],), at=line.at, text=text)
        ids = self._current(line)
        known = ids or _PLATFORM.match(text) or _CODE.match(text)
        return Entry(kind=Kind.FUNCTION if known else Kind.OTHER, ids=ids, at=line.at, text=text)

    def _follow(self, text: str, invocation: str, stream: str | None) -> None:
        if text.startswith("START"):
            self._running[stream] = invocation
        elif text.startswith("END"):
            self._running.pop(stream, None)

    def _current(self, line: Line) -> tuple[str, ...]:
        return (self._running[line.stream],) if line.stream in self._running else ()


def parse_log(text: str) -> tuple[Entry, ...]:
    """The entries of a log in any of its forms."""
    return tuple(LogReader().read(lines(text)))


def _as_text(document: Mapping[str, Any], said: list[str]) -> list[str]:
    """Lambda's JSON logs say the type and the text of an error apart; elsewhere they stand together."""
    if "errorType" in document and "errorMessage" in document:
        return [f"[ERROR] {document['errorType']}: {document['errorMessage']}", *said[2:]]
    return said


def _ids(*values: object) -> tuple[str, ...]:
    found = (request_id(value) for value in values)
    return tuple(dict.fromkeys(one for one in found if one is not None))


def _execution(match: re.Match[str], at: float | None) -> Entry:
    own = (match[1],) if match.re is _EXECUTION else ()
    text = match[match.re.groups]
    return Entry(kind=Kind.EXECUTION, ids=_ids(*own, *_ALSO_ID.findall(text)), at=at, text=text)


def _decision(document: Mapping[str, Any], at: float | None) -> Entry:
    ids = _ids(document.get("request_id"), document.get("function_request_id"))
    metric = document.get("_aws")
    times = (metric.get("Timestamp") if isinstance(metric, dict) else None, document.get("timestamp"))
    found = next((moment for moment in map(seconds, times) if moment is not None), None)
    return Entry(kind=Kind.DECISION, ids=ids, at=found if found is not None else at, fields=document)


def _access(fields: Mapping[str, str], at: float | None) -> Entry:
    names = ("requestId", "extendedRequestId", "authorizer.requestId", "integration.requestId")
    times = (seconds(fields[name]) for name in ("requestTimeEpoch", "requestTime") if name in fields)
    found = next((moment for moment in times if moment is not None), at)
    return Entry(kind=Kind.ACCESS, ids=_ids(*(fields.get(name) for name in names)), at=found, fields=fields)


def _platform(record: Mapping[str, Any], kind: str, line: Line) -> Entry:
    """Lambda's own lines in its JSON format, as its text format says the same."""
    said = [kind, f"Status: {record.get('status', '')}", str(record.get("errorType", ""))]
    return Entry(kind=Kind.FUNCTION, ids=_ids(record.get("requestId")), at=line.at, text=" ".join(said))
