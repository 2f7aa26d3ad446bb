"""`authorizer policy`: the policy that somebody with these scopes and groups gets, and why it is right for every route."""

from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from authorizer.surface import Api

STAGE = "arn:aws:execute-api:eu-west-1:123456789012:abcdef1234/prod"


class Options(NamedTuple):
    """What was asked for."""

    config: Path | None
    env_vars: Path | None
    scopes: str
    groups: str
    claims: tuple[str, ...]
    api: Api
    stage: str
    as_json: bool


def policy(  # noqa: PLR0913  # a command has as many parameters as options
    config: Annotated[Path | None, typer.Option(help="Settings; default: authorizer.toml here.")] = None,
    env_vars: Annotated[Path | None, typer.Option(help="Variables, as for sam local invoke.")] = None,
    scopes: Annotated[str, typer.Option(help="Scopes of the caller, separated by spaces.")] = "",
    groups: Annotated[str, typer.Option(help="Groups of the caller, separated by commas.")] = "",
    claim: Annotated[list[str] | None, typer.Option(help="NAME=VALUE: another claim; VALUE is JSON or text.")] = None,
    api: Annotated[Api, typer.Option(help="The type of the API that is called.")] = Api.REST,
    stage: Annotated[str, typer.Option(help="The ARN of the stage.")] = STAGE,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> int:
    """The policy of a caller for all routes: its size, and the proof for each wildcard. Ends with 1 where there is none."""
    from authorizer.tools.policy_screen import answer

    return answer(Options(config, env_vars, scopes, groups, tuple(claim or ()), api, stage, as_json))
