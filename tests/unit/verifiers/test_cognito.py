from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from authorizer import ANY_AUDIENCE, ANY_CLIENT, cognito
from authorizer.jose.claims import ANY_AUDIENCE as SPELLED
from authorizer.model import Credential, Principal
from authorizer.reasons import Reason
from authorizer.testing import (
    SigningKey,
    cognito_access_claims,
    cognito_client_credentials_claims,
    cognito_id_claims,
    cognito_issuer,
    cognito_resource_bound_claims,
    key_set,
    mint,
)
from authorizer.testing.cognito import CLIENT_ID, USER_POOL_ID
from authorizer.verifiers.base import prove
from authorizer.verifiers.cognito import issuer_urls
from authorizer.verifiers.trusted_issuers import TrustedIssuers
from tests.outcomes import problem_paths, refused
from tests.pipelines import NOW

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Claims = dict[str, object]
RESOURCE = "https://api.example.com"
POOLS = [
    ("eu-west-1_AbCdEfGhI", "eu-west-1.amazonaws.com"),
    ("us-gov-west-1_AbCdEfGhI", "us-gov-west-1.amazonaws.com"),
    ("cn-north-1_AbCdEfGhI", "cn-north-1.amazonaws.com.cn"),
    ("cn-northwest-1_AbCdEfGhI", "cn-northwest-1.amazonaws.com.cn"),
    ("us-iso-east-1_AbCdEfGhI", "us-iso-east-1.c2s.ic.gov"),
    ("us-isob-east-1_AbCdEfGhI", "us-isob-east-1.sc2s.sgov.gov"),
    ("us-isof-south-1_AbCdEfGhI", "us-isof-south-1.csp.hci.ic.gov"),
    ("eu-isoe-west-1_AbCdEfGhI", "eu-isoe-west-1.cloud.adc-e.uk"),
    ("eusc-de-east-1_AbCdEfGhI", "eusc-de-east-1.amazonaws.eu"),
    ("ap-southeast-7_x0", "ap-southeast-7.amazonaws.com"),
    ("eu-west-1_" + "a1" * 16, "eu-west-1.amazonaws.com"),
]


def verify(
    key: SigningKey,
    claims: Mapping[str, object],
    *,
    clients: Any = (CLIENT_ID,),
    token_use: Any = ("access", "id"),
    header: Mapping[str, object] | None = None,
    **settings: Any,
) -> Principal:
    pool = cognito(USER_POOL_ID, client_ids=clients, token_use=token_use, jwks=key_set(key), **settings)
    token = mint(key, claims, header={"typ": ...} if header is None else header)
    return prove([TrustedIssuers([pool])], Credential(token, "header:authorization"), NOW)


def access(**changes: Any) -> Claims:
    return cognito_access_claims(now=NOW, **changes)


def identity(**changes: Any) -> Claims:
    return cognito_id_claims(now=NOW, **changes)


def machine(**changes: Any) -> Claims:
    return cognito_client_credentials_claims(now=NOW, **changes)


def bound(resource: str = RESOURCE, **changes: Any) -> Claims:
    return cognito_resource_bound_claims(resource, now=NOW, **changes)


@pytest.mark.parametrize(("pool", "host"), POOLS)
def test_both_hosts_of_every_partition(pool: str, host: str) -> None:
    assert issuer_urls(pool) == (f"https://cognito-idp.{host}/{pool}", f"https://issuer-cognito-idp.{host}/{pool}")


NO_POOLS = ["", "x", "AbCdEfGhI", "eu-west-1", "eu-west-1_", "_AbC", "eu-west-1_Ab-C", "eu-west-1_Ab_C"]
NO_POOLS += ["EU-WEST-1_AbC", "eu-west_AbC", "eu-west-1_AbC/", "eu-west-1_AbC/..", " eu-west-1_AbC"]
NO_POOLS += ["eu-west-1_AbC\n", "eu-west-1.evil.example_AbC", "eu-west-1_AbCé", "eu-west-\u0661_AbC"]
NO_POOLS += ["https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbC", "eu_west_1_AbC"]
NO_POOLS += ["evil.example/eu-west-1_AbC"]


@pytest.mark.parametrize(
    "pool",
    NO_POOLS,
    ids=ascii,
)
def test_what_is_no_pool_id_has_no_issuer(pool: str) -> None:
    assert issuer_urls(pool) == ()
    assert problem_paths(lambda: cognito(pool, client_ids=["a"], token_use=["id"])) == ["cognito.user_pool_id"]


@pytest.mark.parametrize("issuer", issuer_urls(USER_POOL_ID))
@pytest.mark.parametrize("claims", [access, identity, machine], ids=["access", "id", "machine"])
def test_both_forms_of_the_issuer_are_accepted(key: SigningKey, claims: Callable[..., Claims], issuer: str) -> None:
    assert verify(key, claims(iss=issuer)).provenance


@pytest.mark.parametrize(
    "issuer",
    [
        cognito_issuer("eu-west-1_Other0000"),
        cognito_issuer("eu-west-2_AbCdEfGhI"),
        cognito_issuer() + "/",
        cognito_issuer().replace("https", "http"),
        cognito_issuer().replace("AbCdEfGhI", "abcdefghi"),
        cognito_issuer().replace("cognito-idp.", "xcognito-idp."),
        "https://auth.example.com",
        f"https://pool.auth.eu-west-1.amazoncognito.com/{USER_POOL_ID}",
    ],
)
def test_other_issuers_are_unknown(key: SigningKey, issuer: str) -> None:
    with refused(Reason.ISSUER_UNKNOWN):
        verify(key, access(iss=issuer))


def test_access_token_of_a_user(key: SigningKey) -> None:
    who = verify(key, access(**{"cognito:groups": ["admins", "readers"]}), token_use=["access"])
    assert (who.scopes, who.groups) == (frozenset({"openid", "orders/read"}), frozenset({"admins", "readers"}))


def test_id_token_of_a_user(key: SigningKey) -> None:
    who = verify(key, identity(), token_use=["id"])
    assert (who.scopes, who.groups) == (None, frozenset({"readers"}))


def test_token_of_a_machine(key: SigningKey) -> None:
    who = verify(key, machine(), token_use=["access"])
    assert (who.subject, who.scopes, who.groups) == (CLIENT_ID, frozenset({"orders/read"}), None)


@pytest.mark.parametrize(("claims", "wanted"), [(access, "id"), (identity, "access"), (machine, "id")])
def test_other_kind_of_token_is_refused(key: SigningKey, claims: Callable[..., Claims], wanted: str) -> None:
    with refused(Reason.TOKEN_USE_MISMATCH):
        verify(key, claims(), token_use=[wanted])


@pytest.mark.parametrize(
    "value", [..., None, "", "ID", "Access", "access ", "refresh", 5, True, [], ["access"], {"access": 1}], ids=repr
)
def test_token_use_that_is_none_is_refused(key: SigningKey, value: object) -> None:
    for claims in (access, identity):
        with refused(Reason.TOKEN_USE_MISMATCH) as caught:
            verify(key, claims(token_use=value))
        assert "refresh" not in str(caught.value.fault)


@pytest.mark.parametrize("client", ["other", "", CLIENT_ID.upper(), CLIENT_ID + " ", CLIENT_ID[:-1], ANY_CLIENT])
def test_other_client_is_refused(key: SigningKey, client: str) -> None:
    for claims in (access(client_id=client), machine(client_id=client), identity(aud=client)):
        with refused(Reason.CLIENT_NOT_ALLOWED):
            verify(key, claims)


def test_one_of_several_clients_is_enough(key: SigningKey) -> None:
    assert verify(key, access(), clients=["other", CLIENT_ID])
    assert verify(key, access(client_id="whoever"), clients=ANY_CLIENT)
    assert verify(key, identity(aud="whoever"), clients=ANY_CLIENT)


@pytest.mark.parametrize("value", [5, True, [CLIENT_ID], {CLIENT_ID: 1}, []], ids=repr)
def test_client_of_another_type_is_refused(key: SigningKey, value: object) -> None:
    for clients in ([CLIENT_ID], ANY_CLIENT):
        for claims in (access(client_id=value), identity(aud=value)):
            with refused(Reason.CLAIM_TYPE_INVALID):
                verify(key, claims, clients=clients)


@pytest.mark.parametrize("value", [None, ...])
def test_client_that_is_missing_is_refused_as_missing(key: SigningKey, value: object) -> None:
    for claims, claim in ((access(client_id=value), "client_id"), (identity(aud=value), "aud")):
        with refused(Reason.CLAIM_MISSING) as caught:
            verify(key, claims, clients=ANY_CLIENT)
        assert caught.value.fault.claim == claim


def test_client_of_the_other_kind_does_not_count(key: SigningKey) -> None:
    with refused(Reason.CLIENT_NOT_ALLOWED):
        verify(key, access(client_id="other", aud=CLIENT_ID))
    with refused(Reason.CLIENT_NOT_ALLOWED):
        verify(key, identity(aud="other", client_id=CLIENT_ID))


# Access tokens that are bound to a resource (RFC 8707)


def test_bound_token_is_refused_until_the_resource_is_named(key: SigningKey) -> None:
    with refused(Reason.AUDIENCE_MISMATCH):
        verify(key, bound())
    assert verify(key, bound(), audience=[RESOURCE])
    assert verify(key, bound(), audience=["https://other", RESOURCE])
    assert verify(key, bound(), audience=ANY_AUDIENCE)
    assert ANY_AUDIENCE == SPELLED


@pytest.mark.parametrize(
    "aud", ["https://other", RESOURCE + "/", RESOURCE.upper(), CLIENT_ID, "", [], ["https://other"]]
)
def test_token_bound_to_another_resource_is_refused(key: SigningKey, aud: object) -> None:
    with refused(Reason.AUDIENCE_MISMATCH):
        verify(key, bound(aud=aud), audience=[RESOURCE])


def test_list_that_holds_the_resource_is_enough(key: SigningKey) -> None:
    assert verify(key, bound(aud=["https://other", RESOURCE]), audience=[RESOURCE])


@pytest.mark.parametrize("aud", [5, True, {}, [5], [RESOURCE, None], [[RESOURCE]]], ids=repr)
def test_resource_of_another_type_is_refused(key: SigningKey, aud: object) -> None:
    for audience in ([RESOURCE], ANY_AUDIENCE):
        with refused(Reason.CLAIM_TYPE_INVALID):
            verify(key, bound(aud=aud), audience=audience)


def test_where_a_resource_is_demanded_a_token_without_one_is_refused(key: SigningKey) -> None:
    for claims in (access(), machine(), access(aud=None)):
        with refused(Reason.AUDIENCE_MISSING):
            verify(key, claims, audience=[RESOURCE])
        assert verify(key, claims, audience=ANY_AUDIENCE)


def test_resource_does_not_count_for_id_tokens(key: SigningKey) -> None:
    assert verify(key, identity(), audience=[RESOURCE])
    with refused(Reason.CLIENT_NOT_ALLOWED):
        verify(key, identity(aud=RESOURCE), audience=[RESOURCE])


# Everything that other tokens must be


@pytest.mark.parametrize("claims", [access, identity, machine, bound], ids=["access", "id", "machine", "bound"])
def test_other_checks_count_too(key: SigningKey, claims: Callable[..., Claims]) -> None:
    for changes, reason in (
        ({"exp": NOW - 31}, Reason.TOKEN_EXPIRED),
        ({"exp": ...}, Reason.CLAIM_MISSING),
        ({"iat": NOW + 60}, Reason.TOKEN_ISSUED_IN_FUTURE),
        ({"sub": ...}, Reason.SUBJECT_MISSING),
        ({"cnf": {}}, Reason.TOKEN_SENDER_CONSTRAINED),
    ):
        with refused(reason):
            verify(key, claims(**changes), audience=ANY_AUDIENCE)


@pytest.mark.parametrize("algorithm", ["RS384", "PS256", "ES256"])
def test_pool_signs_with_rs256_only(keys: dict[str, SigningKey], algorithm: str) -> None:
    with refused(Reason.ALG_NOT_ALLOWED):
        verify(keys[algorithm], access())


@pytest.mark.parametrize("typ", ["logout+jwt", "dpop+jwt"])
def test_types_are_those_of_all_issuers(key: SigningKey, typ: str) -> None:
    with refused(Reason.TOKEN_TYPE_REJECTED):
        verify(key, access(), header={"typ": typ})
    assert verify(key, access(), header={"typ": "JWT"})


def test_principal_may_be_the_user_name(key: SigningKey) -> None:
    assert verify(key, access(), principal_claim="username").subject == "jane"
    assert verify(key, identity(), principal_claim="cognito:username").subject == "jane"
