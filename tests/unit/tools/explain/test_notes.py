"""What a signature proves may lead to other settings; what anybody may have written never does."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from authorizer.testing import Call
from authorizer.tools.explain.near_miss import NearMiss
from authorizer.tools.explain.notes import MAX_NOTES
from tests.unit.tools.explain.sample_deployment import (
    COGNITO,
    FORM_POOL,
    ID_CLIENT,
    ISSUER,
    NOW,
    REALM,
    near_misses,
    of_call,
    of_token,
    token,
    user_token,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from authorizer.tools.explain.explanation import Explanation

ADMIN = Call(path="/admin/users", template="/admin/{proxy+}", route_method="ANY")
CREATE = Call(method="POST", path="/orders")
WITHHELD = NearMiss.UNPROVEN_DIFFERENCE.value


def orders(text: str) -> Explanation:
    return of_call(text)


def admin(text: str) -> Explanation:
    return of_call(text, ADMIN)


def create(text: str) -> Explanation:
    return of_call(text, CREATE)


PROVABLE: dict[NearMiss, tuple[Callable[[str], Explanation], dict[str, Any]]] = {
    NearMiss.ISSUER_SLASH: (of_token, {"iss": ISSUER[:-1]}),
    NearMiss.ISSUER_SCHEME: (of_token, {"iss": ISSUER.replace("https", "http")}),
    NearMiss.ISSUER_CASE: (of_token, {"iss": ISSUER.replace("issuer", "Issuer")}),
    NearMiss.ISSUER_COGNITO_FORM: (of_token, {"iss": f"{COGNITO.replace('//', '//issuer-')}/{FORM_POOL}"}),
    NearMiss.AUDIENCE_SLASH: (of_token, {"aud": "orders-api/"}),
    NearMiss.AUDIENCE_CASE: (of_token, {"aud": "Orders-API"}),
    NearMiss.SCOPE_CASE: (orders, {"scope": "Orders:Read"}),
    NearMiss.SCOPE_SEPARATOR: (orders, {"scope": "orders/read"}),
    NearMiss.SCOPE_PREFIX: (create, {"scope": "write openid"}),
    NearMiss.SCOPE_IN_SCP: (orders, {"scope": "openid", "scp": ["orders:read"]}),
    NearMiss.SCOPE_IN_OTHER_CLAIM: (orders, {"scope": "openid", "permissions": ["orders:read"]}),
    NearMiss.GROUP_CASE: (admin, {"groups": ["Admins"]}),
    NearMiss.GROUPS_IN_OTHER_CLAIM: (admin, {"roles": ["admins"]}),
    NearMiss.NAMES_IN_ONE_TEXT: (admin, {"groups": "readers,admins"}),
    NearMiss.CLIENT_OF_OTHER_ISSUER: (of_token, {"client_id": ID_CLIENT, "scope": "openid"}),
}
each = pytest.mark.parametrize("near_miss", PROVABLE, ids=lambda one: one.value)


def made(near_miss: NearMiss) -> str:
    claims = PROVABLE[near_miss][1]
    return user_token(**claims) if "client_id" in claims else token(**claims)


def forged(near_miss: NearMiss) -> str:
    """The same claims with the signature of another token of the same key."""
    other = user_token(sub="x") if near_miss is NearMiss.CLIENT_OF_OTHER_ISSUER else token(sub="x")
    return f"{made(near_miss).rpartition('.')[0]}.{other.rpartition('.')[2]}"


def test_table_has_all_that_needs_proof() -> None:
    assert set(PROVABLE) == {one for one in NearMiss if one.needs_proof}


@each
def test_difference_that_is_proven_is_told(near_miss: NearMiss) -> None:
    (note,) = PROVABLE[near_miss][0](made(near_miss)).notes
    assert (note.near_miss, note.unproven) == (near_miss, False)


@each
def test_difference_that_nothing_proves_is_withheld(near_miss: NearMiss) -> None:
    (note,) = PROVABLE[near_miss][0](forged(near_miss)).notes
    assert (note.near_miss.value, note.detail, note.unproven) == (WITHHELD, near_miss.value, True)


@pytest.mark.parametrize("near_miss", NearMiss, ids=lambda one: one.value)
def test_only_what_is_proven_leads_to_other_settings(near_miss: NearMiss) -> None:
    leads = re.search(r"in the settings\b|mend the other one|claim that it uses|`client_ids`|kind =", near_miss.fix)
    assert near_miss.needs_proof or leads is None or near_miss is NearMiss.ISSUER_HOST  # "get the token from …"


def test_several_differences_are_withheld_together() -> None:
    text = forged(NearMiss.AUDIENCE_SLASH)
    assert [note.detail for note in of_call(text).notes] == ["audience_slash"]
    claims = token(iss=ISSUER[:-1], aud="orders-api/", scope="Orders:Read").rpartition(".")[0]
    (note,) = of_call(f"{claims}.{token().rpartition('.')[2]}").notes
    assert note.detail == "issuer_slash, audience_slash, scope_case"


def test_what_is_told_all_the_same_is_marked() -> None:
    text = f"{token(exp=NOW - 74).rpartition('.')[0]}.{token().rpartition('.')[2]}"
    assert [(note.near_miss, note.unproven) for note in of_token(text).notes] == [(NearMiss.EXPIRED_JUST_NOW, True)]
    (note,) = of_token(token("stranger", iss=REALM.replace("orders", "x"))).notes
    assert (note.near_miss, note.unproven) == (NearMiss.ISSUER_HOST, True)
    assert [note.unproven for note in of_token(token(exp=NOW - 74)).notes] == [False]


def test_signer_is_proven_whatever_the_claims_are() -> None:
    (note,) = of_token(token("realm")).notes
    assert (note.near_miss, note.unproven) == (NearMiss.KEY_OF_OTHER_ISSUER, False)


def test_rules_are_spoken_of_only_where_a_token_opens_nothing() -> None:
    assert near_misses(of_token(token(scope="Orders:Read"))) == []
    closed = [{"match": "GET /orders/{id}", "scopes": ["orders:read"]}]
    assert near_misses(of_token(token(scope="Orders:Read"), route=closed)) == [NearMiss.SCOPE_CASE.value]


def test_allowed_call_is_near_to_nothing() -> None:
    explained = of_call(token(scope="orders:read Orders:Read orders/write", groups=["Admins"]))
    assert (explained.decision, explained.notes) == ("allow", ())


def test_notes_have_an_end() -> None:
    scopes = [f"s{number}" for number in range(MAX_NOTES + 9)]
    route = [{"match": "GET /orders/{id}", "scopes": scopes}]
    assert len(of_call(token(scope=" ".join(scopes).upper()), route=route).notes) == MAX_NOTES
