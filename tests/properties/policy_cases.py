"""Random route tables, principals and paths: the cases on which compiled policies are held against direct decisions."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING

from authorizer import arn
from authorizer.conditions import ClaimIsParameter
from authorizer.context import ContextMap
from authorizer.errors import Refused
from authorizer.model import Principal, Request, VerifiedClaims
from authorizer.path import folded, split
from authorizer.policy import Policies
from authorizer.requirement import Requirement
from authorizer.route import Route
from authorizer.rules import Rules
from authorizer.surface import Api, Surface
from authorizer.template import LITERAL, PARAMETER, parse_match
from authorizer.tools.gateway.iam import Call, Outcome, Policy

if TYPE_CHECKING:
    from collections.abc import Iterator

STAGE = "arn:aws:execute-api:eu-west-1:123456789012:abcdef1234/prod/"
LITERALS = ("a", "b", "ab", "orders", "me", "A", "export")
ODD = ("", ":", "x:y", "*", "?", "%2F", "%2f", ".", "..", "é", "a%20b", "b;c", "x\\y", "100%", "%%32f", "%2%46", "%61")
SCOPES = ("s1", "s2", "s3")
NOW = 1_795_428_000.0


@dataclass
class Report:
    """What the cases were, so that a test can tell whether they say anything."""

    tables: int = 0
    inexpressible: int = 0
    cases: int = 0
    allowed: int = 0
    values: int = 0
    literals: int = 0
    differences: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.cases} cases, {self.allowed} allowed; {self.inexpressible} of {self.tables} entitlements inexpressible; "
            f"{self.literals / max(self.values, 1):.0%} of {self.values} values met a literal of the table"
        )


class Generator:
    """Makes tables and paths from one seed."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)
        self.report = Report()

    def rules(self) -> Rules:
        """Nested, greedy and sibling routes with mixed demands. No two of them are the same, also not by case."""
        routes = {}
        for _ in range(self._random.randint(1, 6)):
            match = f"{self._random.choice(('GET', 'ANY', 'POST'))} {self._template()}"
            method, template = parse_match(match)
            segments = tuple((rank, folded(text)) for rank, text in template.segments)
            deny = self._random.random() < 0.1
            routes[segments] = Route(method=method, template=template, requirement=self._demand(segments), deny=deny)
        exact, complete = self._random.random() < 0.5, self._random.random() < 0.5
        return Rules(routes=tuple(routes.values()), context=ContextMap(), exact=exact, complete=complete)

    def _template(self) -> str:
        parts = [self._random.choice((*LITERALS, "{x}", "{y}", "{z}")) for _ in range(self._random.randint(0, 4))]
        if self._random.random() < 0.25:
            return "/" + "/".join([*parts, "{rest+}"])
        return "/" + "/".join([*parts, ""] if parts and self._random.random() < 0.1 else parts)

    def _demand(self, segments: tuple[tuple[int, str], ...]) -> Requirement:
        scopes = frozenset(self._random.sample(SCOPES, self._random.choice((0, 1, 1, 2))))
        places = [at for at, (rank, _) in enumerate(segments) if rank == PARAMETER]
        if not places or self._random.random() < 0.8:
            return Requirement(scopes=scopes)
        own = ClaimIsParameter(claim="customer", parameter="x", index=self._random.choice(places))
        return Requirement(scopes=scopes, conditions=(own,))

    def principal(self) -> Principal:
        """Somebody with some of the scopes."""
        scopes = frozenset(self._random.sample(SCOPES, self._random.randint(0, 3)))
        customer = self._random.choice((*LITERALS, "c-1", "..", "é", 7, None))
        return Principal(subject="user-1", scopes=scopes, claims=VerifiedClaims({"customer": customer}))

    def call(self, rules: Rules) -> Request:
        """A call near a route of the table, now and then with a segment more or less, or a slash at the end."""
        route = self._random.choice(rules.routes)
        literals = sorted({text for one in rules.routes for rank, text in one.template.segments if rank == LITERAL})
        parts: list[str] = []
        for rank, text in route.template.segments:
            if rank == LITERAL:
                parts.append(text)
            else:
                count = 1 if rank == PARAMETER else self._random.randint(1, 4)
                parts += [self._value(literals) for _ in range(count)]
        if self._random.random() < 0.3:
            parts.insert(self._random.randint(0, len(parts)), self._value(literals))
        if self._random.random() < 0.1:
            del parts[-1:]
        path = "/" + "/".join(parts) + ("/" if self._random.random() < 0.1 else "")
        return request(self._random.choice(("GET", "POST", "PUT")), path)

    def _value(self, literals: list[str]) -> str:
        self.report.values += 1
        kind = self._random.random()
        if literals and kind < 0.35:
            self.report.literals += 1
            return self._random.choice(literals)
        if literals and kind < 0.5:  # a part of a literal, or one in another case
            text = self._random.choice(literals)
            return self._random.choice((text[:-1] or "o", text + "x", text.upper(), text.title()))
        return self._random.choice(ODD) if kind < 0.7 else f"v{self._random.randint(0, 9)}"

    def run(self, cases: int) -> Report:
        """Holds compiled policies against direct decisions until there were so many cases."""
        while self.report.cases < cases:
            rules = self.rules()
            for _ in range(2):
                self._run(rules, self.principal(), min(20, cases - self.report.cases))
        return self.report

    def _run(self, rules: Rules, who: Principal, cases: int) -> None:
        self.report.tables += 1
        document = Policies(rules=rules).of(who, arn.parse(f"{STAGE}GET/"), Api.REST, NOW)
        if document is None:
            self.report.inexpressible += 1
            return
        policy = Policy.parse(document)
        for _ in range(cases):
            self.report.cases += 1
            asked = self.call(rules)
            self.report.differences += differences(rules, policy, who, asked)
            self.report.allowed += decided(rules, who, asked)


def request(method: str, path: str) -> Request:
    """A TOKEN event's request, which has nothing but the ARN."""
    called = arn.MethodArn(f"{STAGE}{method}{path}", *arn.parse(f"{STAGE}{method}/")[1:6], method, path[1:])
    return Request(surface=Surface.REST_TOKEN, arn=called, method=method, template=None)


def decided(rules: Rules, who: Principal, asked: Request) -> bool:
    """What the rules say."""
    try:
        rules.decide(who, asked, NOW)
    except Refused:
        return False
    return True


def differences(rules: Rules, policy: Policy, who: Principal, asked: Request) -> Iterator[str]:
    """Where the policy says something else than the rules.

    Where the table is complete, a path that no rule covers as it is spelled does not exist: it may be allowed unless another
    spelling of it is refused.
    """
    compiled = policy.evaluate(Call(arn=asked.arn.text)).outcome is Outcome.ALLOW
    direct = decided(rules, who, asked)
    if compiled is direct:
        return
    covered = any(route.template.matches(split(asked.arn.path)) for route in rules.routes if _callable(route, asked))
    if rules.complete and compiled and not covered and not _refused_reading(rules, who, asked):
        return
    names = [f"{route.name} {sorted(route.requirement.scopes)}" for route in rules.routes]
    yield f"{asked.method} {asked.arn.path}: rules {direct}, policy {compiled}; {names}, {sorted(who.scopes or ())}"


def _callable(route: Route, asked: Request) -> bool:
    return route.method in ("ANY", asked.method)


def _refused_reading(rules: Rules, who: Principal, asked: Request) -> bool:
    """Whether the path without a slash at its end, or in the form in which case does not count, is refused by a rule."""
    path = asked.arn.path
    spellings = {path.rstrip("/") or "/"} | (set() if rules.exact else {folded(path), folded(path).rstrip("/") or "/"})
    lower = rules if rules.exact else _folded(rules)
    for spelling in spellings:
        read = request(asked.method, spelling)
        for table in (rules, lower):
            if table.table.select(asked.method, spelling).route is not None and not decided(table, who, read):
                return True
    return False


def _folded(rules: Rules) -> Rules:
    """The same rules with every literal in lower case."""
    routes = []
    for route in rules.routes:
        method, template = parse_match(f"{route.method} {route.template.text.lower()}")
        routes.append(Route(method=method, template=template, requirement=route.requirement, deny=route.deny))
    return Rules(routes=tuple(routes), context=rules.context, exact=True, complete=rules.complete)
