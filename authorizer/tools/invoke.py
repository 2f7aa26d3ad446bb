"""`authorizer invoke EVENT…`: sends sample events through the functions and says what became of each."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import typer

from authorizer.tools.entry_point import EntryPoint
from authorizer.tools.event_file import entry_point_for, name_of, read_bytes
from authorizer.tools.function_environment import FunctionEnvironment
from authorizer.tools.invocation import Invocation
from authorizer.tools.running import run
from authorizer.tools.settings_source import function_environment
from authorizer.tools.terminal import CANNOT_TELL, CommandError, show, show_json, show_table

_STATUS = {"allow": 0, "deny": 1}
_COLUMNS = ("event", "decision", "reason", "claim", "fix")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One event and the entry point that is to answer it."""

    name: str
    event: bytes = field(repr=False)
    entry_point: EntryPoint


def invoke(  # noqa: PLR0913  # a command has as many parameters as options
    events: Annotated[list[Path], typer.Argument(help="Files with one event each; - is standard input.")],
    handler: Annotated[EntryPoint | None, typer.Option(help="Entry point; default: by the event's shape.")] = None,
    config: Annotated[Path | None, typer.Option(help="Settings; default: authorizer.toml here.")] = None,
    env_vars: Annotated[Path | None, typer.Option(help="Variables, as for sam local invoke.")] = None,
    in_process: Annotated[bool, typer.Option("--in-process", help="Without the Lambda runtime emulator.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show the answers too.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> int:
    """Run the authorizer with events, on the Lambda runtime emulator. Ends with 0: all allowed, 1: a deny, 2: an error."""
    cases = [_case(path, handler) for path in events]
    environment = function_environment(config, env_vars)
    rows = [_row(case, result) for case, result in _results(cases, environment, in_process=in_process)]
    if as_json:
        show_json(rows)
    else:
        _show(rows, verbose=verbose)
    return max(_STATUS.get(row["decision"], CANNOT_TELL) for row in rows)


def _case(path: Path, chosen: EntryPoint | None) -> Case:
    name = name_of(path)
    try:
        body = read_bytes(path)
        event = json.loads(body)
    except (OSError, ValueError) as error:
        hint = "an event is one JSON object; events/ has samples of every API"
        raise CommandError(f"{name} cannot be read as an event ({type(error).__name__})", hint) from error
    return Case(name=name, event=body, entry_point=entry_point_for(event, path, chosen))


def _results(
    cases: Sequence[Case], environment: FunctionEnvironment, *, in_process: bool
) -> Iterator[tuple[Case, Invocation]]:
    with ExitStack() as stack:
        functions = {
            entry_point: stack.enter_context(run(entry_point.handler(), environment, in_process=in_process))
            for entry_point in {case.entry_point for case in cases}
        }
        for case in cases:
            yield case, functions[case.entry_point].invoke(case.event)


def _row(case: Case, result: Invocation) -> dict[str, Any]:
    line = result.decision
    told = _without_line(result) if line is None else {name: line.get(name) for name in _TOLD}
    outcome = {"error": {"type": result.error.kind, "message": result.error.message}} if result.error else {}
    return {"event": case.name, "handler": case.entry_point.value, **told, "answer": result.answer, **outcome}


_TOLD = ("decision", "reason", "claim", "expected", "found", "fix", "route", "docs")


def _without_line(result: Invocation) -> Mapping[str, Any]:
    """The function said nothing about the event: usually it could not be built."""
    reason = result.error.kind if result.error else "no decision line"
    message = result.error.message.splitlines() if result.error else []
    fix = "authorizer config check FILE" if reason == "ConfigError" else None
    return dict.fromkeys(_TOLD) | {"decision": "error", "reason": reason, "found": "; ".join(message), "fix": fix}


def _show(rows: Sequence[Mapping[str, Any]], *, verbose: bool) -> None:
    show_table(_COLUMNS, ([row[name] for name in _COLUMNS] for row in rows))
    for row in rows:
        if row["found"] and row["decision"] != "allow":
            expected = f", expected {row['expected']}" if row["expected"] else ""
            show(f"{row['event']}: found {row['found']}{expected}")
        if verbose:
            outcome = row["answer"] if row["answer"] is not None else row.get("error")
            show(f"{row['event']}: {json.dumps(outcome, indent=2)}")
