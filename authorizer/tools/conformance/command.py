"""`authorizer conformance`: holds a gateway against the table of what API Gateway does with authorizers."""

from pathlib import Path
from typing import Annotated

import typer


def conformance(
    url: Annotated[str | None, typer.Option(help="A local gateway that serves the conformance stack already.")] = None,
    stack: Annotated[str | None, typer.Option(help="A deployed conformance stack; its outputs are read.")] = None,
    tokens: Annotated[Path | None, typer.Option(help="Tokens for --stack: a JSON object, name → token.")] = None,
    only: Annotated[str, typer.Option(help="Only rows whose id begins so.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> int:
    """What API Gateway does with authorizers, as a table of requests and answers: held against a gateway.

    By default against the local gateway, which is started for it. With --stack against the same APIs, deployed: nobody has
    tried that yet. Status 0: all as expected; 1: differences; 2: cannot tell.
    """
    from authorizer.tools.conformance.play import play  # and the gateway with all it needs: for those who ask for it

    return play(url=url, stack=stack, tokens=tokens, only=only, as_json=as_json)
