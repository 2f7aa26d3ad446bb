"""What a function process finds behind the names of hosts: the stand-ins of this machine, and by default nothing else.

Only names are taken over, in `socket.getaddrinfo`. Addresses and the names of this machine stay what they are. Whoever
leads to an address behind Python's back is not stopped: this keeps accidents from happening, it is no jail.
"""

from __future__ import annotations

import json
import os
import socket
import threading
from typing import Any

HTTPS = (443, "443", "https", None, 0)  # None and 0: whoever asks wants to know the host only


class Names:
    """Names as a table says, which is read again at each look-up."""

    def __init__(self, table: str, *, others_too: bool) -> None:
        self._table = table
        self._others_too = others_too
        self._resolve = socket.getaddrinfo
        self._lock = threading.Lock()
        self._server = (0, 0)  # the process that it runs in (a fork has no thread of its parent), and its port

    def getaddrinfo(  # noqa: PLR0913  # it stands in for a function of the standard library
        self,
        host: Any,
        port: Any,
        family: int = 0,
        type: int = 0,  # noqa: A002  # callers name it
        proto: int = 0,
        flags: int = 0,
    ) -> Any:
        """The addresses of a host: our own server for those of the table; `socket.gaierror` for what is not reached."""
        name = _name(host)
        if is_local(name):
            return self._resolve(host, port, family, type, proto, flags)
        table = read_table(self._table)
        if (name if port in HTTPS else f"{name}:{port}") in table.get("hosts", {}):
            if table.get("down"):
                raise socket.gaierror(socket.EAI_AGAIN, "the issuers are down, as asked for")
            return self._resolve("127.0.0.1", self._port(), family, type, proto, flags)
        if self._others_too:
            return self._resolve(host, port, family, type, proto, flags)
        raise socket.gaierror(socket.EAI_NONAME, "a function that runs here reaches its issuers only")

    def _port(self) -> int:
        with self._lock:
            process, port = self._server
            if process != os.getpid():
                port = __import__("authorizer_documents").start(self._table, read_table)
                self._server = (os.getpid(), port)
            return port


def install(table: str, *, others_too: bool) -> None:
    """From now on this process resolves names with the table in this file."""
    socket.getaddrinfo = Names(table, others_too=others_too).getaddrinfo


def read_table(path: str) -> dict[str, Any]:
    """The table as it is now; an empty one when it cannot be read, so that nothing is reached."""
    try:
        with open(path, encoding="utf-8") as file:
            table = json.load(file)
    except (OSError, ValueError):
        return {}
    return table if isinstance(table, dict) else {}


def is_local(name: str) -> bool:
    """Whether a name is an address, or means this machine (RFC 6761 section 6.3)."""
    return name == "" or name == "localhost" or name.endswith(".localhost") or _is_address(name)


def _name(host: Any) -> str:
    """The name in lower case, without the dot at the end; empty for none."""
    text = host.decode("ascii", "replace") if isinstance(host, bytes | bytearray) else host or ""
    return str(text).lower().removesuffix(".")


def _is_address(name: str) -> bool:
    for family, text in ((socket.AF_INET, name), (socket.AF_INET6, name.partition("%")[0])):
        try:
            socket.inet_pton(family, text)
        except (OSError, ValueError):
            continue
        return True
    return False
