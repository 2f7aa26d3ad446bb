"""A network holds the addresses that `ipaddress` says, and no others."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

from hypothesis import assume, given
from hypothesis import strategies as st

from authorizer import request
from authorizer.errors import Refused
from authorizer.model import Principal
from authorizer.networks import FromNetworks, Network
from authorizer.requirement import Asked
from authorizer.surface import Surface
from authorizer.testing import Call, http_v2

ADDRESSES = st.ip_addresses()


@st.composite
def networks(draw: st.DrawFn) -> str:
    """Any network that settings may have, as text."""
    address = draw(ADDRESSES)
    length = draw(st.integers(0, address.max_prefixlen))
    network = ip_network((int(address), length) if address.version == 4 else (address, length), strict=False)
    assume(not (isinstance(network, IPv6Network) and network.network_address.ipv4_mapped is not None))
    return str(network)


def inside(address: str, *texts: str) -> bool:
    called = request.read(http_v2("a", Call(source_ip=address)), tuple(Surface))
    condition = FromNetworks(networks=tuple(map(Network.parse, texts)))
    try:
        condition.check(Asked(Principal(subject="u"), 0.0, called))
    except Refused:
        return False
    return True


@st.composite
def beside(draw: st.DrawFn, text: str) -> str:
    """An address in the network, at its border or one beyond; or any."""
    network = ip_network(text)
    kind = IPv4Address if network.version == 4 else IPv6Address
    first, last, top = int(network[0]), int(network[-1]), 2**network.max_prefixlen - 1
    border = [max(first - 1, 0), first, last, min(last + 1, top)]
    return str(draw(st.sampled_from(border).map(kind) | st.integers(first, last).map(kind) | ADDRESSES))


@given(st.data())
def test_addresses_of_a_network_are_those_of_ipaddress(data: st.DataObject) -> None:
    text = data.draw(networks())
    address = data.draw(beside(text))
    plain = ip_address(address)
    if isinstance(plain, IPv6Address) and plain.ipv4_mapped is not None:
        plain = plain.ipv4_mapped
    assert inside(address, text) == (plain in ip_network(text))


@given(st.data())
def test_one_of_several_networks_suffices(data: st.DataObject) -> None:
    texts = data.draw(st.lists(networks(), min_size=1, max_size=4))
    address = data.draw(beside(data.draw(st.sampled_from(texts))))
    assert inside(address, *texts) == any(inside(address, text) for text in texts)


@given(st.ip_addresses(v=4), networks())
def test_address_of_ipv4_may_be_written_as_ipv6(address: IPv4Address, text: str) -> None:
    assert inside(f"::ffff:{address}", text) == inside(str(address), text)


@given(ADDRESSES)
def test_one_address_is_a_network(address: IPv4Address | IPv6Address) -> None:
    assume(not (isinstance(address, IPv6Address) and address.ipv4_mapped is not None))
    assert inside(str(address), str(address))
    other = type(address)(int(address) ^ 1)
    assert not inside(str(other), str(address))
