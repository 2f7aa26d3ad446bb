"""Source networks: the caller's address, as API Gateway saw it, lies in one of them. RFC 4632, RFC 4291 section 2.3."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from authorizer.conditions import require
from authorizer.errors import EventError, Fault, Refused
from authorizer.reasons import Reason
from authorizer.surface import Fact

if TYPE_CHECKING:
    from authorizer.requirement import Asked


class Network(NamedTuple):
    """One network, ready to be compared."""

    text: str
    version: int
    mask: int
    address: int

    @classmethod
    def parse(cls, text: str) -> Network:
        """`192.0.2.0/24`, `2001:db8::/32`, or one address; `ValueError` for others, also for bits beside the mask, and for
        what no caller has (`_address`): IPv4 written as IPv6, and zones."""
        from ipaddress import ip_network  # some milliseconds that only a deployment with networks pays

        network = ip_network(text)
        if network.version == 6 and (network.network_address.ipv4_mapped is not None or "%" in text):
            raise ValueError("IPv4 written as IPv6, or an address with a zone")
        return cls(text, network.version, int(network.netmask), int(network.network_address))


@dataclass(frozen=True, slots=True, kw_only=True)
class FromNetworks:
    """The caller's address lies in one of these networks."""

    networks: tuple[Network, ...]
    reads: ClassVar[frozenset[Fact]] = frozenset({Fact.SOURCE_IP})

    def check(self, asked: Asked) -> None:
        """`Refused` with `network_not_permitted`; `EventError` where the event has no address that can be read."""
        assert asked.request is not None  # it reads the address, so it is asked about single requests only
        require(asked.request, self.reads, "networks")
        version, address = _address(asked.request.fields.source_ip())
        if not any(one.version == version and address & one.mask == one.address for one in self.networks):
            expected = " or ".join(one.text for one in self.networks)
            raise Refused(
                Reason.NETWORK_NOT_PERMITTED, Fault(claim="sourceIp", expected=expected, found="another network")
            )

    def __str__(self) -> str:
        return "a caller in " + " or ".join(one.text for one in self.networks)


def _address(text: str) -> tuple[int, int]:
    """Version and number; an IPv4 address that is written as IPv6 is IPv4."""
    from ipaddress import IPv6Address, ip_address

    try:
        address = ip_address(text)
    except ValueError:
        fault = Fault(claim="sourceIp", expected="an IP address", found="another text")
        raise EventError(Reason.EVENT_UNKNOWN, fault) from None
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return 4, int(address.ipv4_mapped)
    return address.version, int(address)
