"""One authorizer of an API with the function of ours that answers it, and all that its answers depend on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from authorizer.tools.entry_point import EntryPoint
from authorizer.tools.template import AuthorizerKind, Unresolved
from authorizer.tools.template_check.coverage import deciding
from authorizer.tools.template_check.finding import Finding, Severity
from authorizer.tools.template_check.identity import identities
from authorizer.tools.template_check.template_lines import Property, way
from authorizer.verifiers.trusted_issuers import TrustedIssuers

if TYPE_CHECKING:
    from authorizer.credential import Place as CredentialPlace
    from authorizer.route import Route
    from authorizer.rules import Rules
    from authorizer.surface import Api, Fact
    from authorizer.tools.template import Api as TemplateApi
    from authorizer.tools.template import ApiAuthorizer, ApiRoute, Document, Function
    from authorizer.tools.template_check.function_settings import OwnSettings
    from authorizer.tools.template_check.identity import Identity


@dataclass(frozen=True, slots=True, kw_only=True)
class Guarded:
    """An authorizer that one of our functions answers."""

    document: Document
    api: TemplateApi
    authorizer: ApiAuthorizer
    function: Function
    entry_point: EntryPoint
    own: OwnSettings

    @property
    def kind(self) -> Api:
        """The type of the API."""
        return self.api.kind

    @property
    def ttl(self) -> int | None:
        """How long the API keeps an answer, in seconds; None where only a deployment knows."""
        ttl = self.authorizer.ttl
        return None if isinstance(ttl, Unresolved) else ttl or 0

    @property
    def caches(self) -> bool:
        """Whether an answer may be given to another call. What only a deployment knows counts as a yes."""
        return self.ttl != 0

    @property
    def span(self) -> str:
        """How long the API keeps an answer, in words."""
        return "an unknown time" if self.ttl is None else f"{self.ttl} s"

    @property
    def is_token(self) -> bool:
        """Whether the event has one header and nothing else."""
        return self.authorizer.kind is AuthorizerKind.TOKEN

    @property
    def is_simple(self) -> bool:
        """Whether the function answers yes or no."""
        return self.entry_point is EntryPoint.HTTP

    @property
    def identities(self) -> frozenset[Identity]:
        """What answers are cached under."""
        return identities(self.authorizer)

    @property
    def places(self) -> tuple[CredentialPlace, ...]:
        """Where the function looks for the credential; of a TOKEN event it has the first header only."""
        places = self.own.checked.sources[self.kind].places
        return tuple(one for one in places if one.where.value == "header")[:1] if self.is_token else places

    @property
    def rules(self) -> Rules:
        """What the function decides by."""
        return self.own.checked.rules

    @property
    def routes(self) -> tuple[ApiRoute, ...]:
        """The routes that the authorizer guards, or may guard where only a deployment knows."""
        return tuple(one for one in self.api.routes if self._may_guard(one))

    def _may_guard(self, route: ApiRoute) -> bool:
        name = self.authorizer.name
        return (
            name in route.authorizer.resources if isinstance(route.authorizer, Unresolved) else name == route.authorizer
        )

    def deciding(self, route: ApiRoute) -> tuple[Route, ...]:
        """The rules that may decide for a route."""
        return deciding(self.rules.routes, route, self.api.routes)

    @property
    def reached(self) -> tuple[Route, ...]:
        """All rules that may decide for any of its routes."""
        return tuple(dict.fromkeys(rule for route in self.routes for rule in self.deciding(route)))

    def readers(self, *facts: Fact) -> list[str]:
        """What its answers depend on these facts for: rules by name, `require`, or the verifier of tokens."""
        wanted = frozenset(facts)
        found = [rule.name for rule in self.reached if not rule.deny and rule.requirement.reads & wanted]
        if self.rules.everywhere is not None and self.rules.everywhere.reads & wanted:
            found.append("[require]")
        return [*found, "the verifier of tokens"] if TrustedIssuers.reads & wanted else found

    def finding(
        self,
        code: str,
        what: Property,
        words: tuple[str, str],
        fix: tuple[str, ...],
        severity: Severity = Severity.ERROR,
    ) -> Finding:
        """Something about a property of the authorizer. `words`: what was found, what is right."""
        place = self.authorizer.place
        for name in way(place, what, self.kind):
            place = place / name
        line, (found, right) = self.document.line(place), words
        return Finding(code=code, severity=severity, place=place, line=line, found=found, right=right, fix=fix)
