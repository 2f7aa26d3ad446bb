"""What `authorizer policy` prints."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from authorizer import arn, clock, config, settings
from authorizer.errors import ConfigError, EventError
from authorizer.model import Principal, VerifiedClaims
from authorizer.policy import Policies
from authorizer.policy_document import MAX_BYTES, size
from authorizer.tools.policy_answer import PolicyAnswer, answer_for
from authorizer.tools.settings_source import function_environment
from authorizer.tools.terminal import CommandError, show, show_json, show_table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from authorizer.tools.policy_command import Options

_HINT = "docs/settings.md explains every setting; authorizer config check FILE tells all that is wrong"


def answer(options: Options) -> int:
    """Prints it. 0: there is a policy for all routes; 1: there is none."""
    policies = _policies(options.config, options.env_vars)
    who = principal(options.scopes, options.groups, options.claims)
    found = answer_for(policies, who, options.api, _stage(options.stage), clock.now())
    if options.as_json:
        show_json(found.document())
    else:
        _show(found)
    return 0 if found.is_right else 1


def _policies(config_file: Path | None, env_vars: Path | None) -> Policies:
    variables = function_environment(config_file, env_vars).build()
    try:
        return Policies(rules=settings.read(config.from_environment(variables)).rules)
    except ConfigError as error:
        raise CommandError(f"the settings are wrong\n{error}", _HINT) from error


def principal(scopes: str, groups: str, claims: Sequence[str]) -> Principal:
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
