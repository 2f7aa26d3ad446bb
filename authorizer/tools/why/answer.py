"""What `authorizer why` does: evidence from what was given, then the causes of one request, or a summary of many."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from authorizer import clock
from authorizer.tools.event_file import STANDARD_INPUT
from authorizer.tools.terminal import CommandError, note, show_json
from authorizer.tools.why.cloudwatch import CloudWatch, duration, logs_client
from authorizer.tools.why.evidence import Evidence, Requests
from authorizer.tools.why.log_lines import parse_log
from authorizer.tools.why.pasted_text import read_text, request_id
from authorizer.tools.why.ranking import rank
from authorizer.tools.why.response import parse_response
from authorizer.tools.why.screen import details, show_ranking, show_summary
from authorizer.tools.why.summary import summarised

if TYPE_CHECKING:
    from pathlib import Path

    from authorizer.tools.why.entry import Entry
    from authorizer.tools.why.response import Response

SINCE: Final = "1h"
_NOTHING: Final = "give a request id, --response FILE, --log FILE, or --log-group NAME"


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What was asked for."""

    request: str | None = None
    response: Path | None = None
    logs: tuple[Path, ...] = ()
    groups: tuple[str, ...] = ()
    since: str | None = None
    api: str | None = None
    region: str | None = None
    profile: str | None = None
    as_json: bool = False


def answer(options: Options) -> int:
    """The report, and its status: 0 one clear cause or a summary, 1 several that cannot be told apart, 2 none."""
    _check(options)
    response = parse_response(read_text(options.response)) if options.response is not None else None
    notes: list[str] = []
    entries = [entry for file in options.logs for entry in parse_log(read_text(file))]
    if options.groups or not options.logs:
        entries += _from_cloudwatch(options, response, notes)
    for text in notes:
        note(text)
    evidence = _evidence(options, response, entries)
    if evidence is None:
        return _summary(options, entries, notes)
    ranking = rank(evidence)
    if options.as_json:
        show_json({**ranking.document(), "decision": details(evidence), "notes": notes})
    else:
        show_ranking(ranking)
    return ranking.status


def _check(options: Options) -> None:
    if options.request is not None and request_id(options.request) is None:
        raise CommandError("that is no request id", "it is in x-amzn-RequestId, apigw-requestid or x-amz-apigw-id")
    if not (options.request or options.response or options.logs or options.groups or options.since):
        raise CommandError("there is nothing to look at", _NOTHING)
    given = [str(one) for one in (options.response, *options.logs) if one is not None]
    if given.count(STANDARD_INPUT) > 1:
        raise CommandError("standard input can be one thing only", "give the other one as a file")


def _from_cloudwatch(options: Options, response: Response | None, notes: list[str]) -> list[Entry]:
    """The lines of the request, or of the time. A response alone is judged without asking AWS."""
    ids = [*([options.request] if options.request else []), *(response.ids if response is not None else ())]
    if response is not None and not (options.groups or options.request):
        return []
    try:
        since = clock.now() - duration(options.since or SINCE)
        logs = CloudWatch(client=logs_client(options.region, options.profile), since=since, groups=options.groups)
        found = logs.request(ids[0]) if ids else logs.everything()
    except CommandError as error:
        if response is None:
            raise
        notes.append(f"CloudWatch was not asked: {error}; {error.hint}")
        return []
    notes += logs.notes
    return found


def _evidence(options: Options, response: Response | None, entries: list[Entry]) -> Evidence | None:
    """The evidence of one request; None where the lines are of many, and none of them is asked for."""
    requests = Requests(entries)
    given: dict[str, Any] = {"response": response}
    given["given_apis"] = frozenset({options.api}) if options.api is not None else frozenset()
    ids = [*([options.request] if options.request else []), *(response.ids if response is not None else ())]
    own = requests.of(ids) if ids else ()
    if own:
        near = requests.near(own)
        return Evidence(entries=(*own, *near), by_time=bool(near), **given)
    if options.request is not None and response is None:
        hint = (
            "look further back (--since 1d), or in other logs; a call that was refused early is in the access log alone"
        )
        raise CommandError("no line has this request id", hint)
    groups = requests.groups()
    if len(groups) <= 1 and (not ids or not groups):
        return Evidence(entries=requests.entries, **given) if response is not None or entries else None
    if response is None:
        return None
    note(f"the lines are of {len(groups)} requests, none of which is that of the response: give its id")
    return Evidence(**given)


def _summary(options: Options, entries: list[Entry], notes: list[str]) -> int:
    if not entries:
        raise CommandError("there are no lines of a log", "look further back (--since 1d), or give another log")
    summary = summarised(entries, notes)
    if options.as_json:
        show_json(summary.document())
    else:
        show_summary(summary)
    return 0
