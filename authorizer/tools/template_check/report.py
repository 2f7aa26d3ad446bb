"""A template → everything that is found in it, authorizer by authorizer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from authorizer.errors import ConfigError
from authorizer.surface import Api
from authorizer.tools.template_check.answering import HANDLERS, answering
from authorizer.tools.template_check.cache_key import wrong_key, wrong_simple
from authorizer.tools.template_check.credential_places import wrong_places
from authorizer.tools.template_check.finding import Finding, Severity
from authorizer.tools.template_check.function_settings import own_settings
from authorizer.tools.template_check.guarded import Guarded
from authorizer.tools.template_check.kinds import wrong_kind
from authorizer.tools.template_check.lifetime import delays, wrong_lifetime
from authorizer.tools.template_check.route_coverage import open_routes, routes_without_rule, rules_without_route
from authorizer.tools.template_check.unread import lost

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from authorizer.tools.template import Api as TemplateApi
    from authorizer.tools.template import ApiAuthorizer, Document, Function


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What was checked, what is none of ours, and what was found, the worst first."""

    checked: Sequence[Guarded]
    foreign: Sequence[str]
    findings: Sequence[Finding]

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong; warnings and notes may be there."""
        return not any(one.severity is Severity.ERROR for one in self.findings)

    def files(self) -> set[Path]:
        """The settings files that were read."""
        return {one.own.file.resolve() for one in self.checked if one.own.file is not None}

    def document(self) -> dict[str, Any]:
        """For `--json`."""
        return {
            "ok": self.ok,
            "authorizers": [_row(one) for one in self.checked],
            "not_ours": list(self.foreign),
            "findings": [one.document() for one in self.findings],
        }


def _row(one: Guarded) -> dict[str, Any]:
    return {
        "api": one.api.logical_id,
        "kind": one.kind.value,
        "authorizer": one.authorizer.name,
        "function": one.function.logical_id,
        "settings": one.own.origin,
        "ttl": None if one.kind is Api.WEBSOCKET else one.ttl,
        "identity_sources": list(map(str, one.authorizer.identity_sources)),
        "delays": delays(one),
    }


def report(document: Document, file: Path | None = None) -> Report:
    """Everything about the authorizers of a document. `file`: the settings of functions that name none."""
    checked: list[Guarded] = []
    findings: dict[Finding, None] = dict.fromkeys(lost(document))
    foreign: list[str] = []
    for api in document.apis:
        for authorizer in api.authorizers:
            function = answering(document, api, authorizer)
            if function is None:
                foreign.append(_named(api, authorizer))
                continue
            if isinstance(function, Finding):
                findings[function] = None
                continue
            try:
                checked.append(_guarded(document, api, authorizer, function, file))
            except ConfigError as error:
                findings |= dict.fromkeys(_wrong_settings(document, function, error))
    for one in checked:
        findings |= dict.fromkeys(_findings(one))
    findings |= dict.fromkeys(rules_without_route(document, checked))
    order = list(Severity)
    return Report(
        checked=checked, foreign=foreign, findings=sorted(findings, key=lambda one: order.index(one.severity))
    )


def _named(api: TemplateApi, authorizer: ApiAuthorizer) -> str:
    return f"{api.logical_id} {authorizer.name}, {authorizer.kind.value}"


def _guarded(
    document: Document, api: TemplateApi, authorizer: ApiAuthorizer, function: Function, file: Path | None
) -> Guarded:
    return Guarded(
        document=document,
        api=api,
        authorizer=authorizer,
        function=function,
        entry_point=HANDLERS[str(function.handler)],
        own=own_settings(function, document, file),
    )


def _wrong_settings(document: Document, function: Function, error: ConfigError) -> Iterator[Finding]:
    for problem in error.problems:
        place = function.place / "Environment" / "Variables"
        yield Finding(
            code="settings_wrong",
            place=place,
            line=document.line(place),
            found=f"{problem.path}: {problem.found}",
            right=problem.right,
        )


def _findings(one: Guarded) -> Iterator[Finding]:
    wrong = list(wrong_kind(one))
    if wrong:  # what else is wrong shows when this is mended
        yield from wrong
        return
    yield from wrong_lifetime(one)
    yield from wrong_places(one)
    if one.caches:
        yield from wrong_key(one)
        yield from wrong_simple(one)
    yield from routes_without_rule(one)
    yield from open_routes(one)
