"""Who may call: this machine, under a name that only this machine gives itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final

_HOST: Final = re.compile(r"(?:\[(?P<address>[0-9A-Fa-f:.]+)\]|(?P<name>[^:\[\]/@\s]+))(?::[0-9]{0,5})?", re.ASCII)
_LOCAL_NAMES: Final = ("localhost", ".localhost")  # RFC 6761 section 6.3: never another machine


def is_loopback(host: str) -> bool:
    """Whether a name or an address means this machine, whatever any DNS server says of it."""
    name = host.lower().removesuffix(".")
    if name == _LOCAL_NAMES[0] or name.endswith(_LOCAL_NAMES[1]):
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def name_in(header: str) -> str | None:
    """The host in a Host header, without its port; None when it is none."""
    found = _HOST.fullmatch(header)
    return found and (found["address"] or found["name"])


def warning_for(host: str) -> str | None:
    """What to say before listening on a host that others can reach; None for loopback."""
    if is_loopback(host):
        return None
    return f"{host} is not loopback: whoever reaches it runs your functions and gets tokens of your local issuers"


@dataclass(frozen=True, slots=True)
class HostRule:
    """Against DNS rebinding: a page whose name is made to point at this machine is of the same origin as the server, and
    its browser lets it read every answer. Only the Host header gives it away, so it must be a name of this machine.

    For APIs, Origin is not looked at: pages calling them are what CORS settings are tried with, and the browser keeps from
    them what those do not grant. Beyond loopback every name may be meant, and nothing is checked.
    """

    bound: str

    def admits(self, header: str | None) -> bool:
        """Whether a request with this Host header is meant for this server."""
        if not is_loopback(self.bound):
            return True
        name = name_in(header or "")
        return name is not None and (is_loopback(name) or name.lower() == self.bound.lower())


def is_own_place(path: str) -> bool:
    """Whether a path is none of an API's: the index, the cache, the issuers."""
    return path == "/" or path.startswith("/_")


def comes_from_here(origin: str | None, host: str | None) -> bool:
    """Whether no page of somebody else sent a request with these headers Origin and Host.

    Any page may send a form to this machine, without reading the answer; its browser says so in Origin (RFC 6454 section
    7.3), with `null` where it keeps the name to itself. Programs send none.
    """
    if origin is None:
        return True
    name = name_in(origin.partition("://")[2])
    return name is not None and (is_loopback(name) or name == name_in(host or ""))
