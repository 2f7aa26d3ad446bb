"""`authorizer why`: from a request id, a pasted response or log lines to the cause and the fix."""

from pathlib import Path
from typing import Annotated

import typer

from authorizer.surface import Api as Kind


def why(  # noqa: PLR0913  # a command has as many parameters as options
    request: Annotated[str | None, typer.Argument(metavar="REQUEST_ID", help="Of API Gateway.")] = None,
    response: Annotated[Path | None, typer.Option(help="What the client got; - is standard input.")] = None,
    log: Annotated[list[Path] | None, typer.Option(help="Lines of logs; may be given more than once.")] = None,
    log_group: Annotated[list[str] | None, typer.Option(metavar="NAME", help="Of CloudWatch Logs.")] = None,
    since: Annotated[str | None, typer.Option(help="How far back to look: 30m, 1h, 2d; default 1h.")] = None,
    api: Annotated[Kind | None, typer.Option(help="The type of API, where it is known.")] = None,
    region: Annotated[str | None, typer.Option(help="Of AWS.")] = None,
    profile: Annotated[str | None, typer.Option(help="Of AWS's configuration.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> int:
    """From 401, 403 or 500 to the cause and the fix: of one request, or of all in a log.

    Ends with 0: one clear cause, 1: several that cannot be told apart, 2: cannot tell.
    """
    from authorizer.tools.why.answer import Options, answer

    return answer(
        Options(
            request=request,
            response=response,
            logs=tuple(log or ()),
            groups=tuple(log_group or ()),
            since=since,
            api=api.value if api is not None else None,
            region=region,
            profile=profile,
            as_json=as_json,
        )
    )
