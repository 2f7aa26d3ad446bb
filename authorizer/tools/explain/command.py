"""`authorizer explain EVENT|TOKEN`: all that is wrong with it, and what it may do. What asks the stages is loaded when
it is run: `authorizer --help` needs no Powertools."""

from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from authorizer.tools.entry_point import EntryPoint

# What is too much is refused here, because the usual error repeats it, and it may be half a token.
EXTRA_ARGUMENTS = {"allow_extra_args": True}


class DeployedApi(NamedTuple):
    """A deployed API. The account is that of the usual variables, such as AWS_PROFILE."""

    id: str
    stage: str | None
    region: str | None


class Options(NamedTuple):
    """What was asked for."""

    file: Path
    others: tuple[str, ...]  # arguments that are too much
    handler: EntryPoint | None
    config: Path | None
    env_vars: Path | None
    now: str | None
    offline: bool
    pyjwt: bool
    as_json: bool
    template: Path | None = None
    parameters: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    deployed: DeployedApi | None = None


def explain(  # noqa: PLR0913  # a command has as many parameters as options
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="EVENT|TOKEN", help="One file; - is standard input.")],
    handler: Annotated[EntryPoint | None, typer.Option(help="Entry point; default: by the event's shape.")] = None,
    config: Annotated[Path | None, typer.Option(help="Settings; default: authorizer.toml here.")] = None,
    env_vars: Annotated[Path | None, typer.Option(help="Variables, as for sam local invoke.")] = None,
    now: Annotated[str | None, typer.Option(help="As of this time: seconds since 1970, or a date.")] = None,
    template: Annotated[Path | None, typer.Option(help="A template: what the token meets on each route.")] = None,
    parameter: Annotated[list[str] | None, typer.Option(metavar="NAME=VALUE", help="Of the template.")] = None,
    resource: Annotated[list[str] | None, typer.Option(metavar="ID=VALUE", help="Physical id of a resource.")] = None,
    api: Annotated[str | None, typer.Option(metavar="ID", help="The same of a deployed API.")] = None,
    stage: Annotated[str | None, typer.Option(help="Of it; default: what was changed last.")] = None,
    region: Annotated[str | None, typer.Option(help="Of it; default: AWS_REGION.")] = None,
    offline: Annotated[bool, typer.Option("--offline", help="Fetch no keys.")] = False,
    pyjwt: Annotated[bool, typer.Option("--second-opinion", help="Say what PyJWT says of the token.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> int:
    """All that is wrong with an event or a token, and what it may do. Ends with 0: allowed, 1: denied, 2: cannot tell.

    With --template or --api: what a token meets on each route, API Gateway's own authorizers included.
    """
    from authorizer.tools.explain.answer import answer

    others = tuple(context.args)
    given = tuple(parameter or ()), tuple(resource or ())
    options = Options(file, others, handler, config, env_vars, now, offline, pyjwt, as_json, template, *given)
    return answer(options if api is None else options._replace(deployed=DeployedApi(api, stage, region)))
