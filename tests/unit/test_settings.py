from __future__ import annotations

import tomllib
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from authorizer import config, settings
from authorizer.context import MAX_KEYS, RESERVED
from authorizer.credential import AUTHORIZATION, Place, Where
from authorizer.jose.algorithms import ALGORITHMS
from authorizer.jose.claims import LEEWAY, PLAIN_TYPES
from authorizer.requirement import Requirement
from authorizer.section import Section
from authorizer.surface import Api
from authorizer.telemetry import SubjectLogging
from tests.outcomes import problem_paths

POOL = {
    "kind": "cognito",
    "user_pool_id": "eu-west-1_AbCdEfGhI",
    "client_ids": ["client-1"],
    "token_use": ["access"],
}
OIDC = {"kind": "oidc", "issuer": "https://login.example.com/", "audience": ["orders-api"]}
JWT = {
    "kind": "jwt",
    "issuer": "https://jwt.example.com/",
    "audience": ["orders-api"],
    "jwks_uri": "https://jwt.example.com/keys",
}
KINDS: dict[str, dict[str, Any]] = {"cognito": POOL, "oidc": OIDC, "jwt": JWT}
ANY = {"require": {"any_valid_token": True}}
BASE: dict[str, Any] = {"issuer": [POOL, OIDC, JWT], **ANY}
DOCS = Path(config.__file__).parents[1] / "docs" / "settings.md"
LAST = "issuer[2]"  # the one of kind jwt
each_kind = pytest.mark.parametrize("kind", KINDS)


def read(values: dict[str, Any], base: str = "") -> settings.Settings:
    return settings.read(Section(values, base=base))


def one(kind: str = "jwt", /, **changes: Any) -> dict[str, Any]:
    """Settings with one issuer, changed; `...` drops a setting."""
    issuer = {name: value for name, value in {**KINDS[kind], **changes}.items() if value is not ...}
    return {"issuer": [issuer], **ANY}


def wrong(values: dict[str, Any]) -> list[str]:
    return problem_paths(lambda: read(values))


def put(path: str, value: object) -> dict[str, Any]:
    """The settings of all kinds with one of them changed: `issuer[0].keys.timeout`."""
    values: Any = deepcopy(BASE)
    *parents, name = path.replace("[", ".[").split(".")
    target = values
    for parent in parents:
        target = target[int(parent[1:-1])] if parent.startswith("[") else target.setdefault(parent, {})
    target[name] = value
    return {"issuer": values["issuer"], **values}


def test_settings_of_all_kinds_are_read() -> None:
    made = read(BASE)
    names = [name for issuer in made.issuers for name in issuer.issuers]
    assert names == [
        "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI",
        "https://issuer-cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI",
        "https://login.example.com/",
        "https://jwt.example.com/",
    ]


def test_defaults_are_strict() -> None:
    made = read(one())
    assert {api: sources.places for api, sources in made.sources.items()} == dict.fromkeys(Api, (AUTHORIZATION,))
    assert (made.log.service, made.log.allows, made.log.subject) == ("authorizer", 1.0, SubjectLogging.HASHED)
    (issuer,) = made.issuers
    profile = issuer.profile
    assert issuer.algorithms == {"RS256"}
    assert (profile.leeway, profile.token_types) == (LEEWAY, PLAIN_TYPES | {None})
    assert (profile.principal_claim, profile.groups_claim) == ("sub", "groups")
    assert (profile.audience, profile.max_age, profile.max_lifetime) == (frozenset({"orders-api"}), None, None)


def test_example_with_every_setting_is_read() -> None:
    example = """
    [credential]
    from = ["header:X-Token", "query:access_token"]
    websocket = ["cookie:Session"]
    max_bytes = 4096
    [answers]
    rest = 403
    http = 401
    [log]
    allows = 0.1
    subject = "plain"
    service = "orders"
    [context]
    user = "sub"
    [[route]]
    match = "GET /orders/{id}"
    scopes = ["orders:read"]
    any_scopes = ["a", "b"]
    groups = ["admins"]
    [[route]]
    match = "$connect"
    any_valid_token = true
    [[route]]
    match = "GET /health"
    public = true
    [[issuer]]
    kind = "oidc"
    issuer = "https://login.example.com/"
    audience = "ANY_AUDIENCE"
    algorithms = ["ES256", "EdDSA"]
    token_types = ["application/at+JWT"]
    required_claims = ["email"]
    expected_claims = { tenant = ["a", "b"], azp = "x", level = 3, mfa = true }
    groups_claim = "roles"
    principal_claim = "client_id"
    leeway = 0
    max_age = 3600
    max_lifetime = 86400
      [issuer.keys]
      max_age = 60
      timeout = 1.5
    """
    made = read(tomllib.loads(example))
    assert made.sources[Api.WEBSOCKET].places == (Place(Where.COOKIE, "Session"),)
    assert made.sources[Api.REST].places == (Place(Where.HEADER, "x-token"), Place(Where.QUERY, "access_token"))
    assert {sources.max_bytes for sources in made.sources.values()} == {4096}
    assert [made.statuses.of(api) for api in (Api.REST, Api.WEBSOCKET, Api.HTTP)] == [403, 401, 401]
    assert (made.log.allows, made.log.subject, made.log.service) == (0.1, SubjectLogging.PLAIN, "orders")
    assert [route.name for route in made.rules.routes] == ["GET /orders/{id}", "$connect", "GET /health"]
    assert [route.public for route in made.rules.routes] == [False, False, True]
    assert made.rules.routes[0].requirement == Requirement(
        scopes=frozenset({"orders:read"}), any_scopes=frozenset("ab"), groups=frozenset({"admins"})
    )
    (issuer,) = made.issuers
    profile = issuer.profile
    assert (issuer.algorithms, profile.audience, profile.token_types) == (
        frozenset({"ES256", "Ed25519"}),
        None,
        frozenset({"at+jwt"}),
    )
    assert profile.expected == (("tenant", ("a", "b")), ("azp", ("x",)), ("level", (3,)), ("mfa", (True,)))
    assert (profile.required, profile.groups_claim, profile.principal_claim) == (("email",), "roles", "client_id")
    assert (profile.leeway, profile.max_age, profile.max_lifetime) == (0, 3600, 86400)


# One thing wrong each: the path of the setting is told exactly

WRONG: list[tuple[str, object]] = [
    # unknown names, wherever they stand
    ("isuer", []),
    ("now", 0),
    ("clock", "2020-01-01"),
    ("credential.form", ["header:x"]),
    ("answers.soap", 401),
    ("log.level", "DEBUG"),
    ("require.scope", ["a"]),
    ("issuer[0].client_id", ["x"]),
    ("issuer[0].algorithms", ["RS256"]),
    ("issuer[1].audiance", ["x"]),
    ("issuer[2].jwks_url", "https://x/"),
    ("issuer[2].verify", False),
    ("issuer[2].keys.ttl", 5),
    ("issuer[2].now", 0),
    # wrong types and empty lists
    ("issuer", []),
    ("issuer", {}),
    ("issuer", [5]),
    ("issuer", "https://x/"),
    ("credential", []),
    ("credential.from", []),
    ("credential.from", "header:Authorization"),
    ("credential.from", [""]),
    ("credential.from", [5]),
    ("credential.rest", []),
    ("credential.max_bytes", "8192"),
    ("credential.max_bytes", True),
    ("answers", 403),
    ("answers.rest", True),
    ("answers.rest", "401"),
    ("answers.websocket", 404),
    ("answers.http", [401]),
    ("log", "all"),
    ("log.allows", "some"),
    ("log.allows", True),
    ("log.allows", None),
    ("log.subject", "raw"),
    ("log.service", ""),
    ("context", ["sub"]),
    ("context.user", 5),
    ("context.user", ""),
    ("context.user", ["sub"]),
    ("require", []),
    ("require.any_valid_token", "true"),
    ("require.any_valid_token", 1),
    ("issuer[0].kind", "saml"),
    ("issuer[0].kind", ["cognito"]),
    ("issuer[0].user_pool_id", "AbCdEfGhI"),
    ("issuer[0].user_pool_id", 5),
    ("issuer[0].client_ids", []),
    ("issuer[0].client_ids", "client-1"),
    ("issuer[0].client_ids", "any_client"),
    ("issuer[0].client_ids", [""]),
    ("issuer[0].token_use", []),
    ("issuer[0].token_use", "access"),
    ("issuer[0].token_use", ["refresh"]),
    ("issuer[0].token_use", ["access", "access"]),
    ("issuer[0].audience", []),
    ("issuer[1].issuer", ""),
    ("issuer[1].issuer", ["https://x/"]),
    ("issuer[1].issuer", "http://login.example.com/"),
    ("issuer[1].issuer", "https://login.example.com/?a=b"),
    ("issuer[1].issuer", "https://login.example.com/#a"),
    ("issuer[1].issuer", "https://user@login.example.com/"),
    ("issuer[1].audience", []),
    ("issuer[1].audience", ""),
    ("issuer[1].audience", "orders-api"),
    ("issuer[1].audience", "any_audience"),
    ("issuer[2].algorithms", []),
    ("issuer[2].algorithms", "RS256"),
    ("issuer[2].algorithms", ["none"]),
    ("issuer[2].algorithms", ["HS256"]),
    ("issuer[2].algorithms", ["RS256", "HS512"]),
    ("issuer[2].algorithms", ["rs256"]),
    ("issuer[2].algorithms", ["ES256K"]),
    ("issuer[2].token_types", []),
    ("issuer[2].token_types", "JWT"),
    ("issuer[2].profile", "rfc9069"),
    ("issuer[2].profile", True),
    ("issuer[2].required_claims", []),
    ("issuer[2].required_claims", "email"),
    ("issuer[2].expected_claims", ["tenant"]),
    ("issuer[2].expected_claims.tenant", []),
    ("issuer[2].expected_claims.tenant", 1.5),
    ("issuer[2].expected_claims.tenant", {"a": 1}),
    ("issuer[2].expected_claims.tenant", ["a", None]),
    ("issuer[2].groups_claim", ""),
    ("issuer[2].principal_claim", 5),
    ("issuer[2].jwks_uri", "http://jwt.example.com/keys"),
    ("issuer[2].jwks_uri", "file:///etc/keys.json"),
    ("issuer[2].jwks_uri", "https:///keys"),
    ("issuer[2].jwks_uri", "https://jwt.example.com/keys\n"),
    ("issuer[2].jwks_uri", "https://[x/keys"),
    ("issuer[2].keys", 5),
    ("issuer[2].keys.snapshot", "no-such-file.json"),
    ("issuer[2].keys.snapshot", 5),
    # contradictions
    ("require.scopes", ["a"]),
    ("require.groups", ["a"]),
    ("issuer[2].jwks", '{"keys":[]}'),
    ("issuer[2].jwks_file", "keys.json"),
]
ALSO = {  # what is told about beside the changed setting
    "require": "require",
    "require.scopes": "require.any_valid_token",
    "require.groups": "require.any_valid_token",
    "issuer[2].jwks": "issuer[2].jwks_uri",
    "issuer[2].jwks_file": "issuer[2].jwks_uri",
}


@pytest.mark.parametrize(("path", "value"), WRONG)
def test_wrong_setting_is_named_by_its_path(path: str, value: object) -> None:
    found = wrong(put(path, value))
    if path in ALSO:
        assert found[0] == ALSO[path]
    else:
        assert set(found) == {path}


LIMITS = [
    # path, minimum, maximum
    ("credential.max_bytes", 256, 10_240),
    ("issuer[2].leeway", 0, 600),
    ("issuer[2].max_age", 1, 31_536_000),
    ("issuer[2].max_lifetime", 1, 31_536_000),
    ("issuer[2].keys.max_age", 1, 86_400),
    ("issuer[2].keys.max_stale", 0, 604_800),
    ("issuer[2].keys.unknown_kid_interval", 1, 3600),
    ("issuer[2].keys.timeout", 0.1, 8),
    ("issuer[2].keys.max_bytes", 1024, 16_777_216),
    ("issuer[2].keys.backoff", 1, 300),
    ("issuer[2].keys.snapshot_max_age", 1, 31_536_000),
    ("log.allows", 0, 1),
]


@pytest.mark.parametrize(("path", "minimum", "maximum"), LIMITS)
def test_number_has_limits(path: str, minimum: float, maximum: float) -> None:
    for value in (minimum, minimum + 0.01, maximum - 0.01, maximum):
        read(put(path, value))
    for value in (minimum - 0.01, maximum + 0.01, float("nan"), float("inf"), -1, 10**400):
        assert set(wrong(put(path, value))) == {path}, value


@pytest.mark.parametrize(("text", "share"), [("all", 1.0), ("none", 0.0), ("0.5", 0.5), (0, 0.0), (1, 1.0), (0.1, 0.1)])
def test_share_of_allows(text: object, share: float) -> None:
    assert read(put("log.allows", text)).log.allows == share


@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize("api", Api, ids=lambda api: api.value)
def test_status_is_401_or_403(api: Api, status: int) -> None:
    assert read(put(f"answers.{api.value}", status)).statuses.of(api) == status


@pytest.mark.parametrize(
    "place", ["Authorization", "header", "header:", ":x", "body:x", "Header:x", "path:x", "header;x", "\nheader:x"]
)
def test_place_has_a_kind_and_a_name(place: str) -> None:
    assert wrong(put("credential.from", [place])) == ["credential.from"]


@pytest.mark.parametrize("places", [["header:X", "header:x"], ["query:a", "query:a"]])
def test_one_place_twice_is_wrong(places: list[str]) -> None:
    assert wrong(put("credential.http", places)) == ["credential.http"]


def test_names_of_parameters_and_cookies_keep_their_case() -> None:
    places = read(put("credential.from", ["query:A", "query:a", "cookie:A", "header:A"])).sources[Api.HTTP].places
    assert [place.name for place in places] == ["A", "a", "A", "a"]


@pytest.mark.parametrize("key", [*sorted(RESERVED), "a-b", "a b", "", "1a", "é", "a.b"])
def test_context_key_is_a_free_name(key: str) -> None:
    assert wrong(BASE | {"context": {key: "sub"}}) == [f"context.{key}"]


@pytest.mark.parametrize("count", [MAX_KEYS - 1, MAX_KEYS])
def test_context_has_room(count: int) -> None:
    assert len(read(BASE | {"context": {f"k{number}": "sub" for number in range(count)}}).rules.context.claims) == count


def test_context_has_a_limit() -> None:
    assert wrong(BASE | {"context": {f"k{number}": "sub" for number in range(MAX_KEYS + 1)}}) == ["context"]


# Issuers


@each_kind
def test_required_settings_have_no_default(kind: str) -> None:
    for name in KINDS[kind]:
        assert wrong(one(kind, **{name: ...})) == [f"issuer[0].{name}"], name


@pytest.mark.parametrize("kind", ["oidc", "jwt"])
@pytest.mark.parametrize("algorithm", [*ALGORITHMS, "EdDSA"])
def test_every_algorithm_of_the_table_may_be_named(kind: str, algorithm: str) -> None:
    (issuer,) = read(one(kind, algorithms=[algorithm])).issuers
    assert issuer.algorithms == {"Ed25519" if algorithm == "EdDSA" else algorithm}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (OIDC, OIDC),
        (OIDC, {**JWT, "issuer": OIDC["issuer"]}),
        (POOL, {**POOL, "client_ids": ["other"]}),
        (POOL, {**JWT, "issuer": "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI"}),
        (POOL, {**OIDC, "issuer": "https://issuer-cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI"}),
    ],
)
def test_one_issuer_twice_is_wrong(first: dict[str, Any], second: dict[str, Any]) -> None:
    for issuers in ([first, second], [second, first]):
        assert set(wrong({"issuer": issuers, **ANY})) == {"issuer"}


@pytest.mark.parametrize(
    "near", ["https://login.example.com", "https://LOGIN.example.com/", "https://login.example.com/a"]
)
def test_issuers_that_differ_are_two(near: str) -> None:
    assert len(read({"issuer": [OIDC, {**OIDC, "issuer": near}], **ANY}).issuers) == 2


def test_code_may_give_issuers_but_not_the_same_again() -> None:
    given = read(one()).issuers
    assert settings.read(Section(ANY), given).issuers == given
    assert problem_paths(lambda: settings.read(Section(one()), given)) == ["issuer"]
    assert settings.read(Section(ANY), has_others=True).issuers == ()
    assert wrong(ANY) == ["issuer"]


def test_documentation_names_every_setting() -> None:
    text = DOCS.read_text("utf-8")
    for path, _, _ in LIMITS:
        assert f"`{path.rpartition('.')[2]}`" in text
