"""oidc-provider as it runs: a process of its own behind TLS, with fresh keys at every start."""

from __future__ import annotations

from itertools import count
from secrets import token_urlsafe
from typing import TYPE_CHECKING, Self

from authorizer.tools.child_process import ChildProcess
from tests.integration.real_parts.tls_files import write_tls_files

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.real_parts.openid_provider.node import Node

START = 30.0  # seconds until it listens; usually 0.5
PATIENCE = 5.0  # seconds until it has written down a request that it has answered


class OpenIdProvider:
    """A provider at one address. A context manager; `restart` forgets all keys, sessions and codes."""

    def __init__(self, node: Node, installation: Path, folder: Path) -> None:
        """`folder` gets the certificates and the key of the TLS server, all made here."""
        self._node = node
        self._installation = installation
        self._tls = write_tls_files(folder)
        self._port = "0"  # until it was started for the first time; then always the same
        self._marks = count()
        self.client_secret = token_urlsafe(32)
        self.issuer = ""
        self.ca_file = self._tls.authority

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Starts it and waits until it serves."""
        command = [str(self._node.program), "server.mjs"]
        self._child = ChildProcess(command, self._node.environment() | self._variables(), self._installation)
        if not self._child.stdout.wait_for(lambda log: log.endswith(b"\n"), 0, START):
            self._child.end()
            raise RuntimeError("oidc-provider does not start:\n" + self._child.stderr.since(0).decode())
        self.issuer = self._log()[0].removeprefix("issuer ")
        self._port = self.issuer.rpartition(":")[2]

    def stop(self) -> None:
        """Ends it with all that it started: connections to its port are refused. May be called again."""
        self._child.end()

    def restart(self) -> None:
        """The same address and certificate, new keys."""
        self.stop()
        self.start()

    def mark(self) -> str:
        """A path that nobody else asks for: to ask for it is to find the place in the list of requests."""
        return f"/mark-{next(self._marks)}"

    def requests_until(self, mark: str) -> list[str]:
        """All requests since the start, such as `GET /jwks`, up to the one for this path."""
        last = f"request GET {mark}"
        self._child.stdout.wait_for(lambda log: f"{last}\n".encode() in log, 0, PATIENCE)
        lines = self._log()
        return [line.removeprefix("request ") for line in lines[: lines.index(last)] if line.startswith("request ")]

    def _log(self) -> list[str]:
        return self._child.stdout.since(0).decode().splitlines()

    def _variables(self) -> dict[str, str]:
        return {
            "PORT": self._port,
            "CERTIFICATE": self._tls.certificate,
            "CERTIFICATE_KEY": self._tls.key,
            "CLIENT_SECRET": self.client_secret,
        }
