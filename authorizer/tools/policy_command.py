"""`authorizer policy`: the policy that somebody with these scopes and groups gets, and why it is right for every route."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from authorizer import arn, clock, config, settings
from authorizer.errors import ConfigError, EventError
from authorizer.model import Principal, VerifiedClaims
from authorizer.policy import Policies
from authorizer.policy_document import MAX_BYTES, size
from authorizer.surface import Api
from authorizer.tools.policy_answer import PolicyAnswer, answer_for
from authorizer.tools.settings_source import function_environment
from authorizer.tools.terminal import CommandError, show, show_json, show_table

_STAGE = "arn:aws:execute-api:eu-west-1:123456789012:abcdef1234/prod"
_HINT = "docs/settings.md explains every setting; authorizer config check FILE tells all that is wrong"


def policy(
    config_file: Annotated[Path | None, typer.Option("--config", help="Settings; authorizer.toml by default.")] = None,
    env_vars: Annotated[Path | None, typer.Option(help="Variables, in the shape of `sam local invoke`.")] = None,
    scopes: Annotated[str, typer.Option(help="Scopes of the caller, separated by spaces.")] = "",
    groups: Annotated[str, typer.Option(help="Groups of the caller, separated by commas.")] = "",
    claim: Annotated[list[str] | None, typer.Option(help="Another claim, NAME=VALUE; VALUE as JSON or text.")] = None,
    api: Annotated[Api, typer.Option(help="Whose API is called.")] = Api.REST,
    stage: Annotated[str, typer.Option(help="The ARN of the stage.")] = _STAGE,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> int:
    """The policy for all routes of a caller with these scopes and groups, its size, and the proof for each wildcard."""
    policies = _policies(config_file, env_vars)
    who = principal(scopes, groups, claim or [])
    answer = answer_for(policies, who, api, _stage(stage), clock.now())
    show_json(answer.document()) if as_json else _show(answer)
    return 0 if answer.is_right else 1


def _policies(config_file: Path | None, env_vars: Path | None) -> Policies:
    variables = function_environment(config_file, env_vars).build()
    try:
        return Policies(rules=settings.read(config.from_environment(variables)).rules)
    except ConfigError as error:
        raise CommandError(f"the settings are wrong\n{error}", _HINT) from error


def principal(scopes: str, groups: str, claims: list[str]) -> Principal:
    """Somebody of whom this is all that is known."""
    given: dict[str, Any] = {}
    for text in claims:
        name, equals, value = text.partition("=")
        if not name or not equals:
            raise CommandError("--claim has no value", "give --claim NAME=VALUE")
        try:
            given[name] = json.loads(value)
        except ValueError:
            given[name] = value
    named = [name.strip() for name in groups.split(",") if name.strip()]
    return Principal(
        subject="somebody", scopes=frozenset(scopes.split()), groups=frozenset(named), claims=VerifiedClaims(given)
    )


def _stage(text: str) -> str:
    try:
        return arn.parse(text.rstrip("/") + "/GET/").stage_prefix
    except EventError:
        hint = "an ARN such as arn:aws:execute-api:eu-west-1:123456789012:abcdef1234/prod"
        raise CommandError("--stage is no ARN of a stage", hint) from None


def _show(answer: PolicyAnswer) -> None:
    show_table(("route", "allowed"), answer.routes)
    if answer.policy is None:
        show(
            "no policy for all routes: each answer is for the called method alone, and nobody may cache it",
            style="bold",
        )
        for conflict in answer.conflicts:
            show(f"because of {conflict}")
        return
    show_table(("methods", "wildcard", "is for", "matches too", "denied by"), answer.wildcard_rows())
    checked = f"{len(answer.trials)} paths, one of each kind: the policy says what the rules say"
    for wrong in answer.wrong:
        show(f"error: {wrong.call}: the rules say {wrong.by_rules}, the policy {wrong.by_policy}", style="red")
    show(f"{checked} about all but {len(answer.wrong)}" if answer.wrong else checked)
    show(f"a policy for all routes, {size(answer.policy):,} of {MAX_BYTES:,} bytes", style="bold")
    show(json.dumps(answer.policy, indent=2))
