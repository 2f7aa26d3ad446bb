"""The conformance stack on this machine: the local gateway with its APIs, over real HTTP, on a port that is free."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from authorizer.tools.local_stack import LocalStack, StackOptions
from authorizer.tools.serve.application import application
from authorizer.tools.serve.line_log import LineLog
from authorizer.tools.serve.server import Server

if TYPE_CHECKING:
    from collections.abc import Iterator

TEMPLATE: Final = Path(__file__).parent / "stack" / "template.yaml"
ISSUER: Final = "https://issuer.conformance.example/"  # RFC 2606; with a slash at its end, as some real ones have


@contextmanager
def local_gateway(template: Path = TEMPLATE) -> Iterator[str]:
    """The URL of a local gateway, until it is left."""
    log = LineLog(quiet=True)
    options = StackOptions(template=template, parameters={"Issuer": ISSUER})
    with (
        LocalStack(options) as stack,
        Server(application(stack.gateway, stack.gateway, log=log), port=0, log=log) as server,
    ):
        yield server.url
