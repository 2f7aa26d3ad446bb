"""`authorizer explain EVENT|TOKEN`: all that is wrong with it, and what it may do."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from authorizer.tools.entry_point import EntryPoint
from authorizer.tools.event_file import name_of
from authorizer.tools.explain.deployment import Deployment, deployment
from authorizer.tools.explain.explanation import Explanation, explain_event, explain_token
from authorizer.tools.explain.input_file import GivenEvent, GivenToken, read_input, refuse_tokens
from authorizer.tools.explain.moment import moment
from authorizer.tools.explain.report import EXIT_STATUS, report
from authorizer.tools.explain.screen import show_explanation
from authorizer.tools.settings_source import function_environment
from authorizer.tools.terminal import CommandError, show_json

# What is too much is refused here, because the usual error repeats it, and it may be half a token.
EXTRA_ARGUMENTS = {"allow_extra_args": True}


def explain(  # noqa: PLR0913  # a command has as many parameters as options
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="EVENT|TOKEN", help="One file; - is standard input.")],
    handler: Annotated[EntryPoint | None, typer.Option(help="Entry point; default: by the event's shape.")] = None,
    config: Annotated[Path | None, typer.Option(help="Settings; default: authorizer.toml here.")] = None,
    env_vars: Annotated[Path | None, typer.Option(help="Variables, as for sam local invoke.")] = None,
    now: Annotated[str | None, typer.Option(help="As of this time: seconds since 1970, or a date.")] = None,
    offline: Annotated[bool, typer.Option("--offline", help="Fetch no keys.")] = False,
    pyjwt: Annotated[bool, typer.Option("--second-opinion", help="Say what PyJWT says of the token.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> int:
    """All that is wrong with an event or a token, and what it may do. Ends with 0: allowed, 1: denied, 2: cannot tell."""
    refuse_tokens([file, *map(Path, context.args), *(path for path in (config, env_vars) if path is not None)])
    if context.args:
        raise CommandError("one thing is explained at a time", "give one file, or - for standard input")
    given = read_input(file, handler)
    functions = deployment(function_environment(config, env_vars), moment(now), offline=offline)
    explained = _explained(given, functions, ask_pyjwt=pyjwt)
    document = report(name_of(file), explained, functions.now)
    if as_json:
        show_json(document)
    else:
        show_explanation(document, explained)
    return EXIT_STATUS[explained.decision]


def _explained(given: GivenEvent | GivenToken, functions: Deployment, *, ask_pyjwt: bool) -> Explanation:
    if isinstance(given, GivenEvent):
        return explain_event(given.event, given.entry_point, functions, ask_pyjwt=ask_pyjwt)
    explained = explain_token(given.text, functions, ask_pyjwt=ask_pyjwt)
    return replace(explained, notes=(*given.notes, *explained.notes))
