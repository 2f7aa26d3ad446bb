"""`authorizer doctor api --rest-api-id ID`: what is wrong with a deployed API, as AWS tells it."""

from typing import Annotated

import typer

from authorizer.tools.terminal import CommandError, note, show_json


def api(  # noqa: PLR0913  # a command has as many parameters as options
    rest_api_id: Annotated[str | None, typer.Option(metavar="ID", help="Of a REST API.")] = None,
    http_api_id: Annotated[str | None, typer.Option(metavar="ID", help="Of an HTTP or WebSocket API.")] = None,
    stage: Annotated[str | None, typer.Option(help="Default: all stages.")] = None,
    region: Annotated[str | None, typer.Option(help="Default: AWS_REGION, or that of the profile.")] = None,
    profile: Annotated[str | None, typer.Option(help="Of the AWS configuration; default: AWS_PROFILE.")] = None,
    endpoint_url: Annotated[str | None, typer.Option(metavar="URL", help="Of an account on this machine.")] = None,
    no_network: Annotated[bool, typer.Option("--no-network", help="Ask no issuer for its keys.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> int:
    """Find what is wrong with a deployed API and its authorizers. AWS is only asked, nothing is changed.

    Ends with 0: no error, 1: an error, 2: something could not be checked, or cannot tell.
    """
    if (rest_api_id is None) == (http_api_id is None):
        raise CommandError("which API?", "give --rest-api-id or --http-api-id, one of them")
    from authorizer.tools.doctor.deployed.access import Access
    from authorizer.tools.doctor.deployed.clients import SessionClients
    from authorizer.tools.doctor.deployed.deployment import Wanted
    from authorizer.tools.doctor.deployed.examined_api import examined_api
    from authorizer.tools.doctor.screen import show_examination

    wanted = Wanted(api=rest_api_id or http_api_id or "", rest=rest_api_id is not None, stage=stage)
    clients = SessionClients(region=region or "", profile=profile, endpoint_url=endpoint_url)
    found = examined_api(Access(clients=clients, progress=note), wanted, network=not no_network)
    if as_json:
        show_json({"api": wanted.api, "region": clients.region, **found.document()})
    else:
        show_examination(wanted.api, found)
    return found.status
