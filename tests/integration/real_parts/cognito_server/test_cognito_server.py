"""Tokens of moto's Cognito, judged by functions on the Lambda runtime emulator that fetch its keys.

Real in this: pools, app clients, groups and sign-in through AWS's own API, and the form of ids and of `iss`. Pool ids have
32 hexadecimal digits here and nine letters and digits on AWS; both are what `user_pool_id` takes. Not real: all pools have
one key, whose private half everybody finds in the package, so that moto's keys must never be trusted by anything deployed;
and keys are at moto's own address, not at the one that `iss` names, which is what `jwks_uri` is for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import jwt
import pytest

from authorizer.testing import Call, cognito_access_claims, cognito_id_claims, http_v2
from tests.integration.real_parts.cognito_server.server import MotoServer
from tests.integration.real_parts.cognito_server.user_pool import UserPool
from tests.integration.real_parts.decisions import ALLOW, decide, function

if TYPE_CHECKING:
    from collections.abc import Iterator

    from authorizer.tools.invocation import Function
    from tests.integration.real_parts.tokens import Tokens

pytestmark = pytest.mark.long

SDK_SCOPE = "aws.cognito.signin.user.admin"  # the only one of a user who signed in without the token endpoint
OWN = Call(method="GET", path="/profile", template="/profile")
ORDERS = Call(method="GET", path="/orders/1", template="/orders/{id}")
ADMIN = Call(method="GET", path="/admin/users", template="/admin/{proxy+}")
FILES = Call(method="GET", path="/files", template="/files")


def settings(pool: UserPool, use: str, keys: str) -> str:
    return f"""
        route = [
            {{ match = "GET /profile", scopes = ["{SDK_SCOPE}"] }},
            {{ match = "GET /orders/{{id}}", scopes = ["orders/read"] }},
            {{ match = "ANY /admin/{{proxy+}}", groups = ["admins"] }},
            {{ match = "GET /files", any_valid_token = true }},
        ]
        [[issuer]]
        kind = "cognito"
        user_pool_id = "{pool.id}"
        client_ids = ["{pool.web}"]
        token_use = ["{use}"]
        {keys}
    """


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MotoServer]:
    with MotoServer(tmp_path_factory.mktemp("moto")) as running:
        yield running


@pytest.fixture(scope="module")
def pool(server: MotoServer) -> Iterator[UserPool]:
    made = UserPool(server)
    yield made
    made.close()


@pytest.fixture(scope="module")
def jane(pool: UserPool) -> Tokens:
    return pool.sign_in("jane", pool.web)


@pytest.fixture(scope="module")
def access(pool: UserPool, server: MotoServer) -> Iterator[Function]:
    """The function that wants access tokens."""
    keys = f'jwks_uri = "{pool.jwks_uri}"'
    with function("http", settings(pool, "access", keys), {"SSL_CERT_FILE": server.ca_file}) as running:
        yield running


@pytest.fixture(scope="module")
def identity(pool: UserPool, server: MotoServer) -> Iterator[Function]:
    """The function that wants ID tokens."""
    keys = f'jwks_uri = "{pool.jwks_uri}"'
    with function("http", settings(pool, "id", keys), {"SSL_CERT_FILE": server.ca_file}) as running:
        yield running


def test_each_use_is_allowed_where_it_is_wanted(access: Function, identity: Function, jane: Tokens) -> None:
    assert decide(access, http_v2(jane.access, FILES)) == ALLOW
    assert decide(identity, http_v2(jane.id, FILES)) == ALLOW


def test_other_use_is_refused(access: Function, identity: Function, jane: Tokens) -> None:
    assert decide(access, http_v2(jane.id, FILES)) == "token_use_mismatch"
    assert decide(identity, http_v2(jane.access, FILES)) == "token_use_mismatch"


def test_other_client_of_the_pool_is_refused(pool: UserPool, access: Function, identity: Function) -> None:
    """Named in `client_id` of access tokens, in `aud` of ID tokens."""
    tokens = pool.sign_in("jane", pool.other)
    assert decide(access, http_v2(tokens.access, FILES)) == "client_not_allowed"
    assert decide(identity, http_v2(tokens.id, FILES)) == "client_not_allowed"


def test_pool_with_the_same_key_is_another_issuer(server: MotoServer, access: Function, jane: Tokens) -> None:
    another = UserPool(server)
    token = another.sign_in("jane", another.web).access
    another.close()
    assert jwt.get_unverified_header(token) == jwt.get_unverified_header(jane.access)
    assert decide(access, http_v2(token, FILES)) == "issuer_unknown"


@pytest.mark.parametrize(
    ("user", "outcome"), [("jane", ALLOW), ("joe", "group_required"), ("jim", "group_missing")], ids=str
)
def test_group_decides_who_administers(
    pool: UserPool, access: Function, identity: Function, user: str, outcome: str
) -> None:
    """A user who is in no group has no claim `cognito:groups` at all."""
    tokens = pool.sign_in(user, pool.web)
    assert decide(access, http_v2(tokens.access, ADMIN)) == outcome
    assert decide(identity, http_v2(tokens.id, ADMIN)) == outcome


def test_sign_in_with_a_password_gives_the_scope_of_the_sdk_only(
    access: Function, identity: Function, jane: Tokens
) -> None:
    """On AWS, too. Scopes of a resource server come from the token endpoint, which moto has not."""
    assert decide(access, http_v2(jane.access, OWN)) == ALLOW
    assert decide(access, http_v2(jane.access, ORDERS)) == "scope_insufficient"
    assert decide(identity, http_v2(jane.id, ORDERS)) == "scope_missing"


def test_keys_in_the_settings_are_as_good_as_fetched_ones(pool: UserPool, server: MotoServer, jane: Tokens) -> None:
    with function("http", settings(pool, "access", f"jwks = '{server.get(pool.jwks_uri)}'")) as offline:
        assert decide(offline, http_v2(jane.access, FILES)) == ALLOW


def test_signed_out_user_is_allowed_until_the_token_expires(pool: UserPool, access: Function) -> None:
    """As with every verifier that does not ask the issuer; Cognito itself refuses the token at once."""
    token = pool.sign_in("joe", pool.web).access
    assert pool.knows(token)
    pool.sign_out("joe")
    assert not pool.knows(token)
    assert decide(access, http_v2(token, FILES)) == ALLOW


def claims(token: str) -> set[str]:
    return set(jwt.decode(token, options={"verify_signature": False}))


def test_tokens_have_all_claims_of_cognito_but_those_that_we_never_ask(jane: Tokens) -> None:
    """By AWS's documentation, as the builders of our test kit have it. Only those have an attribute of the pool."""
    of_access, of_id = set(cognito_access_claims()), set(cognito_id_claims()) - {"custom:tenant"}
    assert of_access - claims(jane.access) == {"event_id", "version"}
    assert of_id - claims(jane.id) == {"event_id", "at_hash"}
    assert claims(jane.access) | claims(jane.id) <= of_access | of_id


def test_header_has_a_type_that_cognito_does_not_write(jane: Tokens) -> None:
    assert jwt.get_unverified_header(jane.access) == {"alg": "RS256", "kid": "dummy", "typ": "JWT"}
