"""What a policy says of a call: IAM's evaluation logic, as API Gateway applies it to what authorizers return.

An explicit Deny wins, then an Allow counts, and silence is an implicit denial. Written from AWS's documentation and not from
the code that makes our policies, so that the one can be held against the other.
AWS: "Policy evaluation logic", "IAM JSON policy elements", "API Gateway authorization workflow" (table A).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from authorizer.tools.gateway.glob import matcher
from authorizer.tools.gateway.iam_conditions import Condition, UnknownOperator, condition
from authorizer.tools.gateway.iam_variables import all_resolved, has_variables, literal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

INVOKE: Final = "execute-api:Invoke"
VERSIONS: Final = ("2008-10-17", "2012-10-17")
_TOP: Final = frozenset({"Version", "Id", "Statement"})
_ELEMENTS: Final = frozenset(
    {"Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"}
)


class Outcome(Enum):
    """What becomes of a call."""

    ALLOW = "allow"
    EXPLICIT_DENY = "explicit deny"
    IMPLICIT_DENY = "implicit deny"


class MalformedPolicy(ValueError):
    """A policy that API Gateway cannot read: it answers 500. Says where, what was found, and what would be right."""

    def __init__(self, where: str, found: str, right: str) -> None:
        super().__init__(f"{where}: found {found}; right would be {right}")


class Call(NamedTuple):
    """One call: the ARN of the method, and the values of condition keys (`aws:SourceIp`), as far as they are known."""

    arn: str
    action: str = INVOKE
    conditions: Mapping[str, str | Sequence[str]] = {}


class Verdict(NamedTuple):
    """The outcome, the index of the statement that decided (None: none did), and what could not be judged."""

    outcome: Outcome
    statement: int | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One statement. Negated elements match what their patterns do not."""

    denies: bool
    actions: tuple[Callable[[str], bool], ...]
    not_action: bool
    resources: tuple[Callable[[str], bool], ...]
    not_resource: bool
    templates: tuple[str, ...] = ()  # resources with variables, read anew for each call
    conditions: tuple[Condition, ...] = ()
    anyone: bool = True  # a principal is named otherwise, and a call that asks an authorizer has none

    def applies(self, call: Call, warnings: list[str]) -> bool:
        """Whether it counts for a call: principal, action, resource and conditions are all meant."""
        if any(matches(call.action) for matches in self.actions) == self.not_action:
            return False
        if not self._concerns(call, warnings):
            return False
        if not all(one.holds(call.conditions, warnings) for one in self.conditions):
            return False
        if not self.anyone:
            warnings.append("a statement names principals: calls that ask an authorizer come from none of them")
        return self.anyone

    def _concerns(self, call: Call, warnings: list[str]) -> bool:
        resources = self.resources
        if self.templates:
            resources += tuple(map(matcher, all_resolved(self.templates, call.conditions, warnings)))
        return any(matches(call.arn) for matches in resources) != self.not_resource


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy document, read once."""

    statements: tuple[Statement, ...] = field(default=())

    @classmethod
    def parse(cls, document: object) -> Policy:
        """The policy; `MalformedPolicy` when API Gateway could not read it."""
        policy = _object("policyDocument", document)
        version = policy.get("Version", VERSIONS[0])
        if version not in VERSIONS:
            raise MalformedPolicy("Version", repr(version), " or ".join(VERSIONS))
        given = policy.get("Statement")
        statements = [given] if isinstance(given, dict) else given
        if not isinstance(statements, list):
            raise MalformedPolicy("Statement", _kind(given), "a list of statements")
        _known("", policy, _TOP)
        variables = version == VERSIONS[1]
        return cls(tuple(_statement(f"Statement[{at}]", one, variables=variables) for at, one in enumerate(statements)))

    def evaluate(self, call: Call) -> Verdict:
        """What it says of a call."""
        warnings: list[str] = []
        allowing: int | None = None
        for index, statement in enumerate(self.statements):
            if not statement.applies(call, warnings):
                continue
            if statement.denies:
                return Verdict(Outcome.EXPLICIT_DENY, index, tuple(dict.fromkeys(warnings)))
            allowing = index if allowing is None else allowing
        outcome = Outcome.IMPLICIT_DENY if allowing is None else Outcome.ALLOW
        return Verdict(outcome, allowing, tuple(dict.fromkeys(warnings)))


def evaluate(document: object, call: Call) -> Verdict:
    """What a policy document says of a call; `MalformedPolicy` when it cannot be read."""
    return Policy.parse(document).evaluate(call)


def combined(resource_policy: Outcome | None, authorizer: Outcome) -> Outcome:
    """Table A: an API's resource policy (None: it has none) beside the policy of a Lambda authorizer.

    Any Deny denies, any Allow allows: beside a resource policy that allows, an authorizer's silence lets calls through.
    """
    both = (resource_policy or Outcome.IMPLICIT_DENY, authorizer)
    if Outcome.EXPLICIT_DENY in both:
        return Outcome.EXPLICIT_DENY
    return Outcome.ALLOW if Outcome.ALLOW in both else Outcome.IMPLICIT_DENY


def _statement(where: str, value: object, *, variables: bool) -> Statement:
    given = _object(where, value)
    _known(f"{where}.", given, _ELEMENTS)
    if given.get("Effect") not in ("Allow", "Deny"):
        raise MalformedPolicy(f"{where}.Effect", repr(given.get("Effect")), "Allow or Deny")
    actions, not_action = _patterns(where, given, "Action")
    resources, not_resource = _patterns(where, given, "Resource")
    spelled = resources if variables else list(map(literal, resources))
    return Statement(
        denies=given["Effect"] == "Deny",
        actions=tuple(matcher(literal(one), fold=True) for one in actions),
        not_action=not_action,
        resources=tuple(matcher(one) for one in spelled if not has_variables(one)),
        templates=tuple(filter(has_variables, spelled)),
        not_resource=not_resource,
        conditions=tuple(_conditions(f"{where}.Condition", given.get("Condition", {}), variables=variables)),
        anyone=_anyone(where, given),
    )


def _known(where: str, given: Mapping[str, Any], elements: frozenset[str]) -> None:
    unknown = sorted(map(str, given.keys() - elements))
    if unknown:
        raise MalformedPolicy(where + unknown[0], "an unknown element", "one of " + ", ".join(sorted(elements)))


def _anyone(where: str, given: Mapping[str, Any]) -> bool:
    """Whether callers without AWS credentials are meant, as those of an API with an authorizer are."""
    if "Principal" in given and "NotPrincipal" in given:
        raise MalformedPolicy(where, "both of Principal and NotPrincipal", "one of them, or neither")
    named = given.get("NotPrincipal", given.get("Principal", "*"))
    listed = named.get("AWS", ()) if isinstance(named, dict) else named
    everyone = "*" in listed if isinstance(listed, list) else listed == "*"
    return everyone != ("NotPrincipal" in given)


def _patterns(where: str, given: Mapping[str, Any], element: str) -> tuple[list[str], bool]:
    negated = f"Not{element}"
    if (element in given) == (negated in given):
        found = "both" if element in given else "neither"
        raise MalformedPolicy(where, f"{found} of {element} and {negated}", "exactly one of them")
    name = element if element in given else negated
    values = [given[name]] if isinstance(given[name], str) else given[name]
    if not isinstance(values, list) or not values or not all(isinstance(one, str) and one for one in values):
        raise MalformedPolicy(f"{where}.{name}", _kind(given[name]), "a text, or a list of one or more texts")
    return values, name == negated


def _conditions(where: str, value: object, *, variables: bool) -> list[Condition]:
    made = []
    for operator, keys in _object(where, value).items():
        for key, values in _object(f"{where}.{operator}", keys).items():
            try:
                made.append(condition(operator, key, values, variables=variables))
            except UnknownOperator:
                raise MalformedPolicy(f"{where}.{operator}", "an unknown operator", "an operator of IAM") from None
            except ValueError as error:
                raise MalformedPolicy(f"{where}.{operator}.{key}", str(error), "values of that operator") from None
    return made


def _object(where: str, value: object) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise MalformedPolicy(where, _kind(value), "an object")
    return value


def _kind(value: object) -> str:
    return "nothing" if value is None else "an empty list" if value == [] else f"a {type(value).__name__}"
