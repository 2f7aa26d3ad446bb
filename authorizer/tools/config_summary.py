"""What settings mean, in words: who is trusted, what is asked for, what a refused caller gets, and what to know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from authorizer.jose.key_source import Freshness
from authorizer.requirement import ANY_VALID_TOKEN
from authorizer.surface import Api, Surface
from authorizer.tools.key_places import KeyPlace, key_places

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from authorizer.requirement import Requirement
    from authorizer.route import Route
    from authorizer.rules import Rules
    from authorizer.settings import Settings
    from authorizer.verifiers.trusted_issuers import TrustedIssuer

_ANY = "any"
DENIED: Final = "refused: route_denied (403)"


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuerSummary:
    """Whom we trust, and how far."""

    place: KeyPlace
    audience: str
    algorithms: str

    def row(self) -> tuple[str, ...]:
        """As a row of a table."""
        return self.place.issuer, self.place.kind, self.audience, self.algorithms, str(self.place)


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """All of it. Rules are (route, what it needs); APIs are (name, places of the credential, status)."""

    issuers: Sequence[IssuerSummary]
    rules: Sequence[tuple[str, str]]
    apis: Sequence[tuple[str, str, int]]
    notes: Sequence[str]

    def issuer_rows(self) -> list[tuple[str, ...]]:
        """The issuers as rows of a table."""
        return [issuer.row() for issuer in self.issuers]

    def document(self) -> dict[str, Any]:
        """For `--json`."""
        names = ("issuer", "kind", "audience", "algorithms", "keys")
        return {
            "issuers": [dict(zip(names, row, strict=True)) for row in self.issuer_rows()],
            "rules": [{"route": route, "needs": needs} for route, needs in self.rules],
            "apis": [{"api": api, "credential": places, "refused": status} for api, places, status in self.apis],
            "notes": list(self.notes),
        }


def summary(file: Path, checked: Settings) -> Summary:
    """What the checked settings of a file mean."""
    pairs = zip(checked.issuers, key_places(file), strict=True)
    issuers = [_issuer(issuer, place) for issuer, place in pairs]
    return Summary(
        issuers=issuers,
        rules=list(_rules(checked.rules)),
        apis=[_api(api, checked) for api in Api],
        notes=[*_trust_notes(issuers), *_rule_notes(checked.rules), *_api_notes(checked)],
    )


def _issuer(issuer: TrustedIssuer, place: KeyPlace) -> IssuerSummary:
    clients = {name for check in issuer.profile.checks for name in getattr(check, "clients", None) or ()}
    accepted = sorted((issuer.profile.audience or frozenset()) | clients)
    return IssuerSummary(
        place=place,
        audience=" ".join(accepted) or _ANY,
        algorithms=" ".join(sorted(issuer.algorithms)),
    )


def _api(api: Api, checked: Settings) -> tuple[str, str, int]:
    places = " or ".join(map(str, checked.sources[api].places))
    return api.value, places, checked.statuses.of(api)


def _rules(rules: Rules) -> Iterator[tuple[str, str]]:
    if rules.everywhere is not None:
        yield "every route", needs(rules.everywhere)
    for route in rules.routes:
        yield route.name, _needs(route)
    if rules.everywhere is None:
        yield "every other route", "refused: route_unknown (403)"


def _needs(route: Route) -> str:
    if route.deny:
        return DENIED
    return "nothing: it is public" if route.public else needs(route.requirement)


def needs(requirement: Requirement) -> str:
    """What a requirement asks for, in words."""
    if requirement == ANY_VALID_TOKEN:
        return "a valid token, whatever it may do"
    parts = (
        ("all of the scopes", requirement.scopes),
        ("one of the scopes", requirement.any_scopes),
        ("all of the groups", requirement.all_groups),
        ("one of the groups", requirement.groups),
    )
    named = [f"{words} {' '.join(sorted(names))}" for words, names in parts if names]
    return "; ".join([*named, *map(str, requirement.conditions)])


def _trust_notes(issuers: Sequence[IssuerSummary]) -> Iterator[str]:
    for issuer in issuers:
        name = issuer.place.issuer
        if issuer.audience == _ANY:
            yield f"{name}: tokens for every audience or client are accepted, those meant for other APIs too"
        if issuer.place.static:
            yield f"{name}: the keys change with a deployment only, so a rotation by the issuer refuses everybody"
            continue
        plain = Freshness()
        max_age = issuer.place.freshness.get("max_age", plain.max_age)
        stale = issuer.place.freshness.get("max_stale", plain.max_stale)
        yield (
            f"{name}: a withdrawn key is refused {max_age:g} s after the last fetch, or {stale:g} s while fetching fails; "
            "the authorizer's TTL comes on top of that"
        )


def _rule_notes(rules: Rules) -> Iterator[str]:
    if rules.everywhere == ANY_VALID_TOKEN:
        yield "every valid token may call everything"
    public = [route.name for route in rules.routes if route.public]
    if public:
        yield f"no credential is asked for at {', '.join(public)}"
    beyond = [route.name for route in rules.routes if not (route.public or route.deny) and _lacks(route.requirement)]
    if rules.everywhere is not None and _lacks(rules.everywhere):
        beyond.append("any route")
    if beyond:
        yield f"a TOKEN authorizer cannot judge {', '.join(beyond)}: its event lacks what they read, so the answer is 500"


def _lacks(requirement: Requirement) -> bool:
    """Whether the event of a TOKEN authorizer does not carry what a requirement reads."""
    return not requirement.reads <= Surface.REST_TOKEN.facts


def _api_notes(checked: Settings) -> Iterator[str]:
    if not any(str(place).startswith("header:") for place in checked.sources[Api.REST].places):
        yield "a TOKEN authorizer cannot be used: its event holds one header and nothing else"
    if checked.statuses.of(Api.HTTP) == 401:
        yield "that a raised Unauthorized becomes a 401 on HTTP APIs is not proven on AWS"
