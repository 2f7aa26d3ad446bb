from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import pytest

import authorizer
from authorizer import (
    ANY_AUDIENCE,
    ANY_CLIENT,
    NOT_MINE,
    Credential,
    Fact,
    Principal,
    Reason,
    Refused,
    cognito,
    http_authorizer,
    http_policy_authorizer,
    jwt,
    oidc,
    rest_authorizer,
    websocket_authorizer,
)
from authorizer.testing import SigningKey, cognito_access_claims, key_set, mint
from authorizer.testing.cognito import CLIENT_ID, USER_POOL_ID
from tests.entries import ENTRIES, NAMES, Entry, allows
from tests.outcomes import problem_paths

if TYPE_CHECKING:
    from authorizer.verifiers.base import NotMine
    from authorizer.verifiers.trusted_issuers import TrustedIssuer

FACTORIES: dict[str, Any] = {
    "rest": rest_authorizer,
    "websocket": websocket_authorizer,
    "http": http_authorizer,
    "http_policy": http_policy_authorizer,
}
QUIET = {"require": {"any_valid_token": True}, "log": {"service": "api-tests"}}
each_entry = pytest.mark.parametrize("entry", ENTRIES, ids=NAMES)


class Password:
    """A verifier of opaque tokens, as a user would write one."""

    reads: ClassVar[frozenset[Fact]] = frozenset({Fact.CREDENTIAL})

    def verify(self, credential: Credential, now: float) -> Principal | NotMine:
        if not credential.value.startswith("pw-"):
            return NOT_MINE
        if credential.value != "pw-right":
            raise Refused(Reason.SIGNATURE_INVALID)
        return Principal(subject="somebody", scopes=frozenset({"a"}))


@pytest.fixture
def issuer(key: SigningKey) -> TrustedIssuer:
    return jwt("https://issuer.example.com/", audience=["orders-api"], jwks=key_set(key))


def arn(event: Any) -> str:
    return str(event.get("routeArn") or event["methodArn"])


@each_entry
def test_handler_of_an_issuer_needs_no_settings(entry: Entry, issuer: TrustedIssuer, key: SigningKey) -> None:
    event = entry.build(mint(key))
    assert allows(FACTORIES[entry.method](issuer)(event, None), arn(event))


@each_entry
def test_every_valid_token_and_no_other_passes_by_default(entry: Entry, issuer: TrustedIssuer, key: SigningKey) -> None:
    handler = FACTORIES[entry.method](issuer, config=QUIET | {"answers": {entry.surface.api.value: 403}})
    assert handler(entry.build(mint(key, scope=...)), None).get("isAuthorized", True)
    assert handler(entry.build(mint(key, aud="x")), None)["context"]["reason"] == "audience_mismatch"


@each_entry
def test_plug_in_is_asked_for_what_is_no_jwt(entry: Entry, issuer: TrustedIssuer, key: SigningKey) -> None:
    config = QUIET | {"answers": {entry.surface.api.value: 403}}
    handler = FACTORIES[entry.method](issuer, Password(), config=config)
    for token in ("pw-right", mint(key)):
        event = entry.build(token)
        assert allows(handler(event, None), arn(event))
    reasons = {
        token: handler(entry.build(token), None)["context"]["reason"]
        for token in ("pw-wrong", "opaque", mint(key, iss="https://other/"))
    }
    assert list(reasons.values()) == ["signature_invalid", "credential_kind_unknown", "issuer_unknown"]


def test_plug_in_alone_needs_no_issuer() -> None:
    handler = http_authorizer(Password(), config={"require": {"scopes": ["a"]}, "log": {"service": "api-tests"}})
    assert handler(ENTRIES[3].build("pw-right"), None)["isAuthorized"] is True
    assert handler(ENTRIES[3].build("pw-wrong"), None)["isAuthorized"] is False


@pytest.mark.parametrize("name", FACTORIES)
def test_handler_without_verifiers_is_wrong(name: str) -> None:
    assert problem_paths(FACTORIES[name]) == ["issuer"]


@pytest.mark.parametrize("name", FACTORIES)
def test_wrong_settings_are_told_when_the_handler_is_made(name: str, issuer: TrustedIssuer) -> None:
    assert problem_paths(lambda: FACTORIES[name](issuer, config={"require": {}})) == ["require.any_valid_token"]
    assert problem_paths(lambda: FACTORIES[name](issuer, issuer)) == ["issuer"]


def test_pool(key: SigningKey) -> None:
    pool = cognito(USER_POOL_ID, client_ids=[CLIENT_ID], token_use=["access"], jwks=key_set(key))
    handler = http_authorizer(pool, config=QUIET)
    token = mint(key, cognito_access_claims(), header={"typ": ...})
    assert handler(ENTRIES[3].build(token), None)["isAuthorized"] is True


def test_options_are_those_of_the_settings(key: SigningKey) -> None:
    made = jwt(
        "https://issuer.example.com/",
        audience=ANY_AUDIENCE,
        jwks=key_set(key),
        algorithms=["ES256"],
        leeway=5,
        expected_claims={"tenant": "a"},
        token_types=["JWT"],
    )
    assert (made.algorithms, made.profile.audience, made.profile.leeway) == (frozenset({"ES256"}), None, 5)
    assert (made.profile.expected, made.profile.token_types) == ((("tenant", ("a",)),), frozenset({"jwt"}))


WRONG: list[tuple[Any, list[str]]] = [
    (lambda: cognito("x", client_ids=["a"], token_use=["access"]), ["cognito.user_pool_id"]),
    (lambda: cognito(USER_POOL_ID, client_ids=[], token_use=["access"]), ["cognito.client_ids"]),
    (lambda: cognito(USER_POOL_ID, client_ids="a", token_use=["access"]), ["cognito.client_ids"]),
    (lambda: cognito(USER_POOL_ID, client_ids=ANY_CLIENT, token_use=[]), ["cognito.token_use"]),
    (lambda: cognito(USER_POOL_ID, client_ids=ANY_CLIENT, token_use=["access"], audience=[]), ["cognito.audience"]),
    (lambda: oidc("http://x/", audience=["a"]), ["oidc.issuer"]),
    (lambda: oidc("https://x/", audience=[]), ["oidc.audience"]),
    (lambda: oidc("https://x/", audience="a"), ["oidc.audience"]),
    (lambda: oidc("https://x/", audience=["a"], leeway=-1), ["oidc.leeway"]),
    (lambda: oidc("https://x/", audience=["a"], keys={"timeout": 9}), ["oidc.keys.timeout"]),
    (lambda: jwt("https://x/", audience=["a"]), ["jwt.jwks_uri"]),
    (lambda: jwt("https://x/", audience=["a"], jwks={}), ["jwt.jwks"]),
    (
        lambda: jwt("https://x/", audience=["a"], jwks_uri="https://x/", jwks_file="x"),
        ["jwt.jwks_uri", "jwt.jwks_file"],
    ),
    (lambda: jwt("", audience=["a"], jwks_uri="https://x/"), ["jwt.issuer"]),
    (lambda: jwt("https://x/", audience=["a"], jwks_uri="https://x/", algorithms=["none"]), ["jwt.algorithms"]),
]


@pytest.mark.parametrize(("build", "paths"), WRONG, ids=[paths[-1] for _, paths in WRONG])
def test_wrong_argument_is_named(build: Any, paths: list[str]) -> None:
    assert problem_paths(build) == paths


def test_names_of_the_package_are_there() -> None:
    for name in authorizer.__all__:
        assert getattr(authorizer, name) is not None
    assert dir(authorizer) == sorted(authorizer.__all__)
    with pytest.raises(AttributeError):
        _ = authorizer.Autorizer
