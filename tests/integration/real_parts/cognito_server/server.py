"""moto's server, which is an Amazon Cognito of its own, as a process of its own behind TLS."""

from __future__ import annotations

import os
import re
import ssl
import sys
from typing import TYPE_CHECKING, Self
from urllib.request import urlopen

from authorizer.tools.child_process import ChildProcess
from tests.integration.real_parts.tls_files import write_tls_files

if TYPE_CHECKING:
    from pathlib import Path

START = 60.0  # seconds until it listens; usually 2
_LISTENS = re.compile(rb"Running on (https://127\.0\.0\.1:\d+)")


class MotoServer:
    """The server. A context manager; it forgets everything when it ends."""

    def __init__(self, folder: Path) -> None:
        """`folder` gets the certificates and the key of the TLS server, all made here."""
        self._folder = folder
        self._tls = write_tls_files(folder)
        self.url = ""
        self.ca_file = self._tls.authority

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "moto.server", "--host", "127.0.0.1", "--port", "0"]
        command += ["--ssl-cert", self._tls.certificate, "--ssl-key", self._tls.key]
        self._child = ChildProcess(command, {"PATH": os.environ.get("PATH", os.defpath)}, self._folder)
        self._child.stderr.wait_for(lambda log: _LISTENS.search(log) is not None, 0, START)
        found = _LISTENS.search(self._child.stderr.since(0))
        if found is None:
            self._child.end()
            raise RuntimeError("moto's server does not start:\n" + self._child.stderr.since(0).decode())
        self.url = found[1].decode()
        return self

    def get(self, url: str) -> str:
        """The document at one of its addresses."""
        with urlopen(url, timeout=START, context=ssl.create_default_context(cafile=self.ca_file)) as response:
            return str(response.read().decode())

    def __exit__(self, *_: object) -> None:
        self._child.end()
