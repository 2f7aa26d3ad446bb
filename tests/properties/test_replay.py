"""A thousand calls through API Gateway's cache beside the same calls without it, while tokens begin and end, keys come and
go, and a caller is locked out. Both say the same, but for what a cached answer cannot know yet."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from random import Random
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import pytest

from authorizer import Authorizer, Reason, settings
from authorizer.errors import Refused
from authorizer.jose.key_set import KeySet, build
from authorizer.jose.key_source import StaticKeys
from authorizer.response import Unauthorized
from authorizer.section import Section
from authorizer.surface import ANYTHING, Fact
from authorizer.testing import Call as ClientCall
from authorizer.testing import SigningKey, default_claims, mint, rest_request
from authorizer.tools.gateway.cache import CachingAuthorizer, IdentitySources, ResultCache, Visit
from authorizer.tools.gateway.iam import Call, Outcome, evaluate
from authorizer.verifiers.trusted_issuers import TrustedIssuers
from tests.journal import Journal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from authorizer.jose.key_source import FoundKey
    from authorizer.jose.token import Header
    from authorizer.model import Credential, Principal
    from authorizer.verifiers.base import NotMine, Verifier

TTL = 300  # seconds
START = 1_795_428_000.0
CALLS, SPAN = 1000, 1800  # calls, in seconds
WITHDRAWN, PUBLISHED, LOCKED = START + 900, START + 500, START + 700
ROUTES = [
    {"match": "GET /orders/{id}", "scopes": ["orders:read"]},
    {"match": "POST /orders", "scopes": ["orders:write"]},
    {"match": "ANY /admin/{proxy+}", "groups": ["admins"]},
    {"match": "GET /customers/{customer}/orders", "claims": {"customer": {"parameter": "customer"}}},
    {"match": "GET /files/{proxy+}", "any_valid_token": True},
]
CALLED = [
    ("GET", "/orders/{id}", "/orders/7"),
    ("GET", "/orders/{id}", "/orders/8/"),
    ("POST", "/orders", "/orders"),
    ("DELETE", "/admin/{proxy+}", "/admin/users/1"),
    ("GET", "/customers/{customer}/orders", "/customers/c1/orders"),
    ("GET", "/customers/{customer}/orders", "/customers/c2/orders"),
    ("GET", "/files/{proxy+}", "/files/a/b"),
    ("GET", "/files/{proxy+}", "/files/../admin"),
    ("GET", "/invoices", "/invoices"),
]


@dataclass
class Moving:
    """The time of all."""

    now: float = START

    def __call__(self) -> float:
        return self.now


@dataclass
class RotatingKeys:
    """Keys that come and go with the time."""

    keys: dict[str, KeySet]

    def find(self, header: Header, now: float) -> FoundKey:
        name = "old" if now < PUBLISHED else "both" if now < WITHDRAWN else "new"
        return StaticKeys(self.keys[name]).find(header, now)


@dataclass
class Lockable:
    """A verifier that refuses one subject from some time on, as after a revocation."""

    inner: Verifier
    subject: str
    reads: ClassVar[frozenset[Fact]] = ANYTHING

    def verify(self, credential: Credential, now: float) -> Principal | NotMine:
        answer = self.inner.verify(credential, now)
        if now >= LOCKED and getattr(answer, "subject", None) == self.subject:
            raise Refused(Reason.CLIENT_NOT_ALLOWED)
        return answer


class Caller(NamedTuple):
    """Who calls, and when something about them changes that a cached answer cannot know; None: never."""

    token: str
    changes: tuple[tuple[str, float], ...]


class Seen(NamedTuple):
    """What a client gets, and what the backend is told."""

    status: int
    context: Any


@dataclass
class World:
    """The function, and API Gateway with its cache before it."""

    authorizer: Authorizer
    clock: Moving
    cached: CachingAuthorizer
    asked_at: dict[str, float] = field(default_factory=dict)

    def through_the_cache(self, token: str, event: dict[str, Any]) -> Seen:
        def ask() -> dict[str, Any]:
            answer = self.authorizer.rest(event)
            self.asked_at[token] = self.clock.now
            return answer

        visit = Visit(headers={"authorization": f"Bearer {token}"})
        try:
            answer = self.cached.answer(visit, "prod", self.clock.now, ask)
        except Unauthorized:
            return Seen(401, None)
        return seen(answer, event)

    def directly(self, event: dict[str, Any]) -> Seen:
        try:
            return seen(self.authorizer.rest(event), event)
        except Unauthorized:
            return Seen(401, None)


def seen(answer: dict[str, Any], event: dict[str, Any]) -> Seen:
    allowed = evaluate(answer["policyDocument"], Call(arn=event["methodArn"])).outcome is Outcome.ALLOW
    return Seen(200 if allowed else 403, answer["context"] if allowed else None)


def callers(old: SigningKey, new: SigningKey) -> Iterator[Caller]:
    def made(key: SigningKey, number: int, *changes: tuple[str, float], **claims: Any) -> Caller:
        changed = {"exp": START + 3 * SPAN} | claims
        token = mint(key, default_claims(START - 100, sub=f"user-{number}", **changed))
        withdrawn = [("withdrawn", WITHDRAWN)] if key is old else []
        return Caller(token, (*changes, *withdrawn))

    yield made(old, 0, scope="orders:read orders:write")
    yield made(old, 1, scope="orders:read", groups=["admins"])
    yield made(old, 2, scope="", customer="c1")
    yield made(old, 3, ("exp", START + 430), scope="orders:read", exp=START + 400)
    yield made(old, 4, ("locked", LOCKED), scope="orders:read orders:write", customer="c2")
    yield made(new, 5, scope="orders:read", customer="c1")  # whose key is not published yet
    yield made(new, 6, scope="orders:write", groups=["admins"], nbf=START + 800)
    yield made(new, 7, ("exp", START + 1230), scope="orders:read", exp=START + 1200)
    yield made(new, 8, scope="orders:list")
    yield made(new, 9, scope="orders:read", groups="admins", customer="..")


@pytest.fixture(scope="module")
def keys() -> tuple[SigningKey, SigningKey]:
    return SigningKey.generate("EdDSA", kid="old"), SigningKey.generate("EdDSA", kid="new")


def world(keys: tuple[SigningKey, SigningKey], status: int) -> World:
    old, new = keys
    clock = Moving()
    issuer = {
        "kind": "jwt",
        "issuer": "https://issuer.example.com/",
        "audience": ["orders-api"],
        "algorithms": ["EdDSA"],
    }
    checked = settings.read(
        Section(
            {
                "issuer": [issuer | {"jwks": {"keys": [old.jwk()]}}],
                "route": ROUTES,
                "context": {"user": "sub", "customer": "customer"},
                "cache": {"ttl": TTL},
                "answers": {"rest": status},
            }
        )
    )
    made = Authorizer(checked, log=Journal().log)
    sets = {"old": [old], "both": [old, new], "new": [new]}
    rotating = RotatingKeys({name: build([key.jwk() for key in some]) for name, some in sets.items()})
    trusted = made._rest.verifiers[0]
    assert isinstance(trusted, TrustedIssuers)
    (issuer_,) = trusted._issuers.values()
    locked = Lockable(TrustedIssuers([replace(issuer_, keys=rotating)]), "user-4")
    made._rest = replace(made._rest, verifiers=[locked], clock=clock)
    sources = IdentitySources.parse("method.request.header.Authorization")
    return World(made, clock, CachingAuthorizer(name="a", sources=sources, ttl=TTL, cache=ResultCache()))


@pytest.mark.parametrize("status", [401, 403])
def test_cached_calls_are_answered_as_direct_ones(keys: tuple[SigningKey, SigningKey], status: int) -> None:
    here, random = world(keys, status), Random(4)
    everybody = list(callers(*keys))
    differing: Counter[str] = Counter()
    statuses: Counter[int] = Counter()
    for moment in sorted(START + random.random() * SPAN for _ in range(CALLS)):
        here.clock.now = moment
        who = random.choice(everybody)
        method, template, path = random.choice(CALLED)
        event = rest_request(who.token, ClientCall(method=method, path=path, template=template))
        cached, direct = here.through_the_cache(who.token, event), here.directly(event)
        statuses[direct.status] += 1
        if cached == direct:
            continue
        changed = [name for name, at in who.changes if here.asked_at[who.token] < at <= moment]
        assert changed, f"{method} {path}: {cached} from the cache, {direct} without it, {moment - START:.0f} s"
        assert moment < here.asked_at[who.token] + TTL
        assert direct.status in (status, 401)  # nobody knows the caller any more, but the cache
        differing[changed[0]] += 1
    assert set(differing) == {"exp", "locked", "withdrawn"}, differing
    assert min(statuses[200], statuses[403]) > CALLS / 10
