from __future__ import annotations

import pytest

from authorizer import request
from authorizer.errors import EventError, Refused
from authorizer.model import Principal
from authorizer.networks import FromNetworks, Network
from authorizer.reasons import Reason
from authorizer.requirement import Asked
from authorizer.surface import Surface
from authorizer.testing import Call
from tests.entries import BUILDERS

CONDITION = FromNetworks(networks=(Network.parse("192.0.2.0/30"), Network.parse("2001:db8::/32")))


def check(address: str, surface: Surface = Surface.HTTP_V2) -> None:
    called = request.read(BUILDERS[surface]("a", Call(source_ip=address)), tuple(Surface))
    CONDITION.check(Asked(Principal(subject="u"), 0.0, called))


@pytest.mark.parametrize("surface", [one for one in Surface if one.has_fields], ids=lambda one: one.value)
@pytest.mark.parametrize(
    ("address", "inside"),
    [
        ("192.0.1.255", False),
        ("192.0.2.0", True),
        ("192.0.2.3", True),
        ("192.0.2.4", False),
        ("::ffff:192.0.2.1", True),
        ("2001:db8::7", True),
        ("2001:db9::7", False),
    ],
)
def test_address_is_in_a_network_or_not(address: str, inside: bool, surface: Surface) -> None:
    if inside:
        check(address, surface)
        return
    with pytest.raises(Refused) as caught:
        check(address, surface)
    assert caught.value.reason is Reason.NETWORK_NOT_PERMITTED


def test_token_event_and_odd_address_are_errors() -> None:
    for address, surface in (("192.0.2.1", Surface.REST_TOKEN), ("nowhere", Surface.HTTP_V2)):
        with pytest.raises(EventError):
            check(address, surface)


@pytest.mark.parametrize(
    "text", ["", "x", "192.0.2.1/24", "192.0.2.0/33", "::ffff:192.0.2.0/120", " 192.0.2.0/24", "192.0.2.0/24/8"]
)
def test_text_that_is_no_network(text: str) -> None:
    with pytest.raises(ValueError, match=r"^"):
        Network.parse(text)
