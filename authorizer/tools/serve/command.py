"""`authorizer serve`: the APIs of a template on this machine, with issuers that stand in for those they trust."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from authorizer.surface import Api as Kind
from authorizer.tools.terminal import note, show, show_table

if TYPE_CHECKING:
    from authorizer.tools.local_stack import LocalStack, StackOptions
    from authorizer.tools.serve.told import Told

_LOOPBACK = "127.0.0.1"


def serve(  # noqa: PLR0913  # a command has as many parameters as options
    template: Annotated[Path, typer.Option(help="SAM, CloudFormation or OpenAPI.")] = Path("template.yaml"),
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 3000,
    parameter: Annotated[list[str] | None, typer.Option(metavar="NAME=VALUE", help="Of the template.")] = None,
    env_vars: Annotated[Path | None, typer.Option(help="Variables, as for sam local start-api.")] = None,
    issuer: Annotated[list[str] | None, typer.Option(help="One more issuer to stand in for.")] = None,
    kind: Annotated[Kind | None, typer.Option(help="Of an OpenAPI document; default: by what it says.")] = None,
    runtime: Annotated[bool, typer.Option("--runtime", help="Functions on the Lambda runtime emulator.")] = False,
    network: Annotated[bool, typer.Option("--network", help="Functions reach the Internet too.")] = False,
    host: Annotated[str, typer.Option(help="Any but loopback lets others in.")] = _LOOPBACK,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No line per call.")] = False,
) -> int:
    """Serve the APIs of a template as API Gateway does, until Ctrl-C.

    Parameters: --parameter, else those of local_start_api in samconfig.toml. Nothing is asked of AWS or the Internet.
    """
    asked = Asked(template, parameter or (), env_vars, issuer or (), kind, runtime, network)
    return _run(asked, (host, port), quiet=quiet)


class Asked(NamedTuple):
    """What was asked for."""

    template: Path
    parameters: Sequence[str]
    env_vars: Path | None
    issuers: Sequence[str]
    kind: Kind | None
    runtime: bool
    network: bool


def _options(asked: Asked, told: "Told") -> "StackOptions":
    from authorizer.tools.env_file import read_all
    from authorizer.tools.local_stack import StackOptions
    from authorizer.tools.sam_config import local_parameters
    from authorizer.tools.template.parameters import given_parameters

    return StackOptions(
        template=asked.template,
        parameters={**local_parameters(asked.template), **given_parameters(asked.parameters)},
        kind=asked.kind,
        runtime=asked.runtime,
        variables=read_all(asked.env_vars) if asked.env_vars is not None else {},
        issuers=tuple(asked.issuers),
        network=asked.network,
        on_call=told.on_call,
        on_output=told.on_output,
    )


def _run(asked: Asked, address: tuple[str, int], *, quiet: bool) -> int:
    from authorizer.tools.local_stack import LocalStack
    from authorizer.tools.serve.application import application
    from authorizer.tools.serve.line_log import LineLog
    from authorizer.tools.serve.server import Server, warning_for
    from authorizer.tools.serve.told import Told

    host, port = address
    told = Told(quiet=quiet)
    warning = warning_for(host)
    if warning is not None:
        note(f"warning: {warning}")
    log = LineLog(quiet=quiet)
    with LocalStack(_options(asked, told)) as stack:
        gateway = told.watch(stack.gateway)
        server = Server(application(gateway, gateway, host=host, log=log), host, port, log=log)

        def started(url: str) -> None:
            stack.move(url)
            _show(stack, url)

        server.run(started)
    return 0


def _show(stack: "LocalStack", url: str) -> None:
    index: dict[str, Any] = stack.gateway.index()
    rows = [
        (one["name"], one["type"], _scheme(url, one["type"]) + path) for one in index["apis"] for path in one["paths"]
    ]
    show_table(("API", "type", "URL"), rows)
    issuers = [(one.name, one.issuer, ", ".join(client.id for client in one.clients)) for one in stack.issuers]
    show_table(("stands in as", "for", "clients"), issuers)
    for text in stack.warnings:
        note(f"note: {text}")
    show(f"Serving on {url}; Ctrl-C ends it. A token: authorizer token --url {url}")


def _scheme(url: str, kind: str) -> str:
    return url.replace("http:", "ws:", 1) if kind == "websocket" else url
