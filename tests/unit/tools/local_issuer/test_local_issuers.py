"""Who answers for which issuer; keys, rotation, outage."""

from __future__ import annotations

from threading import Thread

import pytest

from authorizer.testing import cognito_issuer
from authorizer.tools.gateway.issuers import Issuers, Unreachable
from authorizer.tools.local_issuer.client import Client
from authorizer.tools.local_issuer.key_ring import KeyRing
from authorizer.tools.local_issuer.local_issuers import LocalIssuers
from authorizer.tools.local_issuer.stand_in import StandIn
from tests.unit.tools.local_issuer.sample_stand_ins import LOGIN, POOL, issuers, pool, provider


def kids(made: LocalIssuers, issuer: str = LOGIN) -> list[str]:
    return [key["kid"] for key in made.key_set(issuer)["keys"]]


def test_every_form_of_the_issuer_is_answered_with_the_same_keys() -> None:
    made: Issuers = issuers()
    sets = [made.key_set(issuer) for issuer in pool().issuers]
    assert len(sets) == 2
    assert sets[0] == sets[1]


def test_stand_ins_are_found_by_issuer_and_by_name() -> None:
    made = issuers()
    assert made.of(cognito_issuer(POOL)) is made.named("users")
    assert made.of("https://login.example.com") is None
    assert made.named("nobody") is None
    assert [one.name for one in made] == ["users", "login"]


def test_nobody_else_can_be_reached() -> None:
    with pytest.raises(Unreachable):
        issuers().key_set("https://login.example.com")


def test_outage_ends() -> None:
    made = issuers()
    made.outage = True
    with pytest.raises(Unreachable):
        made.key_set(LOGIN)
    made.outage = False
    assert kids(made)


def test_rotation_keeps_the_keys_before_or_drops_them() -> None:
    made = LocalIssuers([provider(keys=KeyRing())])
    first = kids(made)
    made.rotate("login", keep=True)
    second = kids(made)
    assert second[2:] == first
    made.rotate("login", keep=False)
    assert len(kids(made)) == 2
    assert not set(kids(made)) & set(second)


def test_rotation_of_nobody_is_an_error() -> None:
    with pytest.raises(KeyError):
        issuers().rotate("nobody")


def test_watchers_hear_of_what_others_may_have_read() -> None:
    ring = KeyRing()
    made, heard = LocalIssuers([provider(keys=ring)]), list[str]()
    watcher = lambda: heard.append("changed")  # noqa: E731  # the same one twice
    made.watch(watcher)
    ring.signing("RS256", "access")
    assert heard == []
    ring.signing("EdDSA", "access")
    ring.signing("EdDSA", "id")
    assert len(heard) == 1
    made.outage = True
    made.rotate("login")
    assert len(heard) == 3
    made.unwatch(watcher)
    made.outage = False
    assert len(heard) == 3


def test_threads_share_one_pair_of_keys() -> None:
    ring, found = KeyRing(), list[str]()
    threads = [Thread(target=lambda: found.append(ring.signing("ES256", "access").kid)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1


@pytest.mark.parametrize("name", ["", "Users", "a/b", "-a", "a" * 64, "é"])
def test_name_that_is_no_part_of_a_path_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="name"):
        provider(name=name)


def test_stand_in_for_nobody_is_refused() -> None:
    with pytest.raises(ValueError, match="issuer"):
        StandIn(name="a", kind="oidc", issuers=())


@pytest.mark.parametrize(
    "others",
    [[provider(), provider(issuers=("https://other.example.com",))], [provider(), provider(name="other")]],
    ids=["name", "issuer"],
)
def test_two_stand_ins_for_the_same_are_refused(others: list[StandIn]) -> None:
    with pytest.raises(ValueError, match="same"):
        LocalIssuers(others)


def test_secret_is_compared_and_never_shown() -> None:
    client = Client(id="a", secret="hidden")
    assert client.knows("hidden")
    assert not client.knows("hiddem")
    assert not client.knows(None)
    assert not Client(id="b").knows("hidden")
    assert "hidden" not in repr(client)
