"""The answer to one call of the command: from what was asked for to the exit status."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from authorizer.tools.event_file import name_of
from authorizer.tools.explain.deployment import deployment
from authorizer.tools.explain.explanation import explain_event, explain_token
from authorizer.tools.explain.input_file import GivenEvent, read_input, refuse_tokens
from authorizer.tools.explain.moment import moment
from authorizer.tools.explain.report import EXIT_STATUS, report
from authorizer.tools.explain.screen import show_explanation
from authorizer.tools.settings_source import function_environment
from authorizer.tools.terminal import CommandError, show_json

if TYPE_CHECKING:
    from authorizer.tools.explain.command import Options
    from authorizer.tools.explain.deployment import Deployment
    from authorizer.tools.explain.explanation import Explanation
    from authorizer.tools.explain.input_file import GivenToken


def answer(asked: Options) -> int:
    """The exit status, after all was printed; `CommandError` for what cannot be explained."""
    files = (asked.file, *map(Path, asked.others), asked.config, asked.env_vars, asked.template)
    refuse_tokens(file for file in files if file is not None)
    if asked.others:
        raise CommandError("one thing is explained at a time", "give one file, or - for standard input")
    if asked.template is not None and asked.deployed is not None:
        raise CommandError("the token is held against one thing at a time", "give a template, or the id of an API")
    if asked.template is not None:
        from authorizer.tools.explain_template.answer import answer as of_template  # for those who ask for it

        return of_template(asked, asked.template)
    if asked.deployed is not None:
        from authorizer.tools.explain_template.deployed import answer as of_account

        return of_account(asked, asked.deployed)
    if asked.parameters or asked.resources:
        raise CommandError("--parameter and --resource are of a template", "add --template FILE, or leave them out")
    given = read_input(asked.file, asked.handler)
    environment = function_environment(asked.config, asked.env_vars)
    functions = deployment(environment, moment(asked.now), offline=asked.offline)
    explained = _explained(given, functions, ask_pyjwt=asked.pyjwt)
    document = report(name_of(asked.file), explained, functions.now)
    if asked.as_json:
        show_json(document)
    else:
        show_explanation(document, explained, as_of=asked.now is not None)
    return EXIT_STATUS[explained.decision]


def _explained(given: GivenEvent | GivenToken, functions: Deployment, *, ask_pyjwt: bool) -> Explanation:
    if isinstance(given, GivenEvent):
        return explain_event(given.event, given.entry_point, functions, ask_pyjwt=ask_pyjwt)
    explained = explain_token(given.text, functions, ask_pyjwt=ask_pyjwt)
    return replace(explained, notes=(*given.notes, *explained.notes))
