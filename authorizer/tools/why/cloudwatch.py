"""Lines of CloudWatch Logs, read only: those of one request, or those of a time. boto3 is loaded when it is needed.

All is bounded: log groups, pages, rounds. What was left out because of a bound is told in `notes`.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from authorizer import clock
from authorizer.tools.terminal import CommandError
from authorizer.tools.why.aws_errors import asking
from authorizer.tools.why.entry import Kind
from authorizer.tools.why.evidence import AROUND, Requests
from authorizer.tools.why.exports import Line, event_lines, seconds
from authorizer.tools.why.log_lines import LogReader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from authorizer.tools.why.entry import Entry

MOST_GROUPS: Final = 20
MOST_PAGES: Final = 20  # of one group in one round; a page without events counts too
MOST_ROUNDS: Final = 3  # ids that lines name lead to more lines
MOST_STREAMS: Final = 5
MOST_POLLS: Final = 60
MOST_ROWS: Final = 10_000
_PREFIXES: Final = ("/aws/lambda/", "API-Gateway-Execution-Logs_", "/aws/apigateway/")
_LAMBDA: Final = "/aws/lambda/"
_EXECUTION: Final = "API-Gateway-Execution-Logs_"
_SINCE: Final = re.compile(r"(\d{1,5})\s*([smhdw])")
_UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_QUERY: Final = (
    "fields @timestamp, @logStream, @message"
    ' | filter @message like /"decision"|[Ss]tatus|Execution failed|not authorized/'
    " or @message like /Unauthorized request|Task timed out|ERROR/"
    f" | sort @timestamp desc | limit {MOST_ROWS}"
)
_DONE: Final = frozenset({"Complete", "Failed", "Cancelled", "Timeout"})


def duration(text: str) -> int:
    """Seconds of `90s`, `30m`, `1h`, `2d`; `CommandError` for what is none."""
    match = _SINCE.fullmatch(text.strip())
    if match is None:
        raise CommandError("--since is no duration", "give a number and a unit: 30m, 1h, 2d")
    return int(match[1]) * _UNITS[match[2]]


def logs_client(region: str | None, profile: str | None) -> Any:
    """A client of CloudWatch Logs that retries when it is throttled; `CommandError` where there can be none."""
    try:
        import boto3
        from botocore.config import Config
    except ImportError:
        raise CommandError("boto3 is not installed", "pip install boto3, or give the log with --log FILE") from None
    with asking("logs:DescribeLogGroups", "CloudWatch Logs"):
        session = boto3.session.Session(region_name=region, profile_name=profile)
        return session.client("logs", config=Config(retries={"max_attempts": 8, "mode": "standard"}))


@dataclass(kw_only=True)
class CloudWatch:
    """The logs of one account and Region since a time (in seconds since 1970)."""

    client: Any = field(repr=False)
    since: float
    groups: Sequence[str] = ()
    now: Callable[[], float] = clock.now
    pause: Callable[[float], None] = time.sleep
    notes: list[str] = field(default_factory=list)

    def request(self, first: str) -> list[Entry]:
        """The lines of the request with an id, and those of the invocations that its lines name."""
        groups = self._groups()
        known: set[str] = set()
        new = {first}
        lines: list[Line] = []
        for _ in range(MOST_ROUNDS):
            known |= new
            lines += [line for group in groups for line in self._matching(group, sorted(new))]
            new = {one for entry in self._own(lines, first) for one in entry.ids} - known
            if not new:
                break
        lines += self._of_invocations(groups, self._own(lines, first))
        entries = self._own(lines, first)
        return [*entries, *self._near(groups, entries)]

    def everything(self) -> list[Entry]:
        """The lines that say what became of requests: a query of Logs Insights."""
        groups = list(self._groups())
        with asking("logs:StartQuery", ", ".join(groups)):
            query = self.client.start_query(
                logGroupNames=groups, startTime=int(self.since), endTime=int(self.now()) + 1, queryString=_QUERY
            )["queryId"]
        rows = self._results(query)
        if len(rows) >= MOST_ROWS:
            self.notes.append(f"only the last {MOST_ROWS} lines were read: give a shorter --since")
        fields = [{str(one.get("field")): str(one.get("value", "")) for one in row} for row in reversed(rows)]
        lines = (
            line
            for row in fields
            for line in event_lines(row.get("@message", ""), seconds(row.get("@timestamp")), row.get("@logStream"))
        )
        return list(LogReader().read(lines))

    def _results(self, query: str) -> list[Any]:
        for _ in range(MOST_POLLS):
            with asking("logs:GetQueryResults", "the query"):
                answer = self.client.get_query_results(queryId=query)
            if answer["status"] == "Complete":
                return list(answer["results"])
            if answer["status"] in _DONE:
                break
            self.pause(1.0)
        raise CommandError(
            "the query of CloudWatch Logs came to no end", "give a shorter --since, or fewer --log-group"
        )

    def _groups(self) -> Sequence[str]:
        if self.groups:
            return self.groups[:MOST_GROUPS]
        found = [name for prefix in _PREFIXES for name in self._named(prefix)]
        if not found:
            raise CommandError("there is no log group of an authorizer or API", "name one: --log-group NAME")
        if len(found) > MOST_GROUPS:
            self.notes.append(f"{len(found) - MOST_GROUPS} log groups were not searched: name those with --log-group")
        self.groups = found[:MOST_GROUPS]
        return self.groups

    def _named(self, prefix: str) -> Iterator[str]:
        token: dict[str, str] = {}
        for _ in range(MOST_PAGES):
            with asking("logs:DescribeLogGroups", f"log groups {prefix}*"):
                page = self.client.describe_log_groups(logGroupNamePrefix=prefix, **token)
            for one in page.get("logGroups", ()):
                name = str(one["logGroupName"])
                if prefix != _LAMBDA or "authorizer" in name.lower():
                    yield name
            if not page.get("nextToken"):
                return
            token = {"nextToken": page["nextToken"]}

    def _matching(self, group: str, ids: Sequence[str]) -> Iterator[Line]:
        pattern = f'"{ids[0]}"' if len(ids) == 1 else " ".join(f'?"{one}"' for one in ids)
        return self._events(group, filterPattern=pattern, startTime=int(self.since * 1000))

    def _events(self, group: str, **asked: Any) -> Iterator[Line]:
        for _ in range(MOST_PAGES):
            with asking("logs:FilterLogEvents", group):
                page = self.client.filter_log_events(logGroupName=group, **asked)
            for event in page.get("events", ()):
                at = event["timestamp"] / 1000 if "timestamp" in event else None
                yield from event_lines(str(event.get("message", "")), at, f"{group} {event.get('logStreamName')}")
            if not page.get("nextToken"):
                return
            asked["nextToken"] = page["nextToken"]
        self.notes.append(f"{group} was read in part: give a shorter --since")

    def _own(self, lines: Iterable[Line], first: str) -> list[Entry]:
        ordered = sorted(dict.fromkeys(lines), key=lambda line: line.at or 0.0)
        return list(Requests(LogReader().read(ordered)).of([first]))

    def _of_invocations(self, groups: Sequence[str], entries: Sequence[Entry]) -> list[Line]:
        """What functions wrote between START and END: a traceback does not name its invocation."""
        found: list[Line] = []
        ids = {one for entry in entries if entry.kind is Kind.FUNCTION for one in entry.ids}
        for group in _of_functions(groups) if ids else ():
            marks = list(self._matching(group, sorted(ids)))
            for stream in sorted({str(line.stream) for line in marks})[:MOST_STREAMS]:
                times = [line.at for line in marks if line.stream == stream and line.at is not None]
                if times:
                    found += self._stream(group, stream.removeprefix(f"{group} "), min(times), max(times))
        return found

    def _stream(self, group: str, stream: str, start: float, end: float) -> Iterator[Line]:
        asked = {"startTime": int(start * 1000), "endTime": int(end * 1000) + 1}
        return self._events(group, logStreamNames=[stream], **asked)

    def _near(self, groups: Sequence[str], entries: Sequence[Entry]) -> list[Entry]:
        """Decisions of TOKEN authorizers, whose events have no id of the request."""
        times = [one.at for one in entries if one.at is not None]
        if not times or any(one.kind is Kind.DECISION for one in entries):
            return []
        start, end = int((min(times) - AROUND) * 1000), int((max(times) + AROUND) * 1000)
        asked = {"filterPattern": '"rest_token"', "startTime": start, "endTime": end}
        lines = (line for group in _of_functions(groups) for line in self._events(group, **asked))
        return [one for one in LogReader().read(lines) if one.kind is Kind.DECISION]


def _of_functions(groups: Sequence[str]) -> list[str]:
    """The groups that may be of functions: whoever names one may have given it any name."""
    return [one for one in groups if not one.startswith(_EXECUTION)]
