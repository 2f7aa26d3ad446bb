from __future__ import annotations

import pytest

from authorizer.errors import Refused, Unavailable
from authorizer.model import Credential, Principal
from authorizer.reasons import Reason
from authorizer.verifiers.base import NOT_MINE, NotMine, prove
from tests.outcomes import refused
from tests.pipelines import NOW, SOMEBODY, Says

CREDENTIAL = Credential("secret-a.b.c", "header:authorization")


def test_first_responsible_verifier_decides_and_the_rest_are_not_asked() -> None:
    verifiers = [Says(NOT_MINE), Says(NotMine(issuer="x")), Says(SOMEBODY), Says(Principal(subject="other"))]
    assert prove(verifiers, CREDENTIAL, NOW) is SOMEBODY
    assert [len(verifier.asked) for verifier in verifiers] == [1, 1, 1, 0]
    assert verifiers[0].asked == [(CREDENTIAL, NOW)]


@pytest.mark.parametrize(
    "error", [Refused(Reason.TOKEN_EXPIRED), Unavailable(Reason.KEYS_TIMEOUT), ValueError("x")], ids=type
)
def test_what_a_responsible_verifier_raises_is_final(error: Exception) -> None:
    other = Says(SOMEBODY)
    with pytest.raises(type(error)):
        prove([Says(NOT_MINE), Says(error), other], CREDENTIAL, NOW)
    assert other.asked == []


@pytest.mark.parametrize("count", [0, 1, 3])
def test_when_nobody_is_responsible_the_kind_is_unknown(count: int) -> None:
    with refused(Reason.CREDENTIAL_KIND_UNKNOWN):
        prove([Says(NOT_MINE)] * count, CREDENTIAL, NOW)


def test_when_a_jwt_is_nobodys_its_issuer_is_unknown() -> None:
    for verifiers in (
        [Says(NOT_MINE), Says(NotMine(issuer="https://x/"))],
        [Says(NotMine(issuer="https://x/")), Says(NOT_MINE)],
    ):
        with refused(Reason.ISSUER_UNKNOWN) as caught:
            prove(verifiers, CREDENTIAL, NOW)
        assert (caught.value.fault.claim, caught.value.fault.found) == ("iss", "https://x/")


def test_issuer_that_is_an_empty_text_is_unknown_too() -> None:
    with refused(Reason.ISSUER_UNKNOWN):
        prove([Says(NotMine(issuer=""))], CREDENTIAL, NOW)
