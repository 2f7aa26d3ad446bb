"""The whole of what is said about one event or one token, made from the stages of the Lambda."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from authorizer import request
from authorizer.credential import AUTHORIZATION, Sources
from authorizer.fields import Fields
from authorizer.requirement import Asked
from authorizer.surface import Api, Surface
from authorizer.tools.explain.examination import Proof, examine
from authorizer.tools.explain.facts import facts
from authorizer.tools.explain.finding import Finding, Findings, quietly
from authorizer.tools.explain.judgement import NOBODY, Judgement, client_statuses, judge
from authorizer.tools.explain.notes import every_note
from authorizer.tools.explain.routes import RouteAnswer, called_with, route_answers
from authorizer.tools.explain.second_opinion import SecondOpinion, second_opinion
from authorizer.tools.explain.sent_credential import SentCredential, sent_credential

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from authorizer.model import Request
    from authorizer.pipeline import Pipeline
    from authorizer.response import Statuses
    from authorizer.tools.entry_point import EntryPoint
    from authorizer.tools.explain.deployment import Deployment
    from authorizer.tools.explain.examination import Examination
    from authorizer.tools.explain.note import Note


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What an event is about: which surface and route, where its credential was, which rule decides."""

    request: Request = field(repr=False)
    place: str | None
    judgement: Judgement


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """`routes` of a bare token whose claims can be read, `call` of an event that names one."""

    findings: Sequence[Finding]  # in the order of the Lambda's stages
    notes: Sequence[Note] = ()
    statuses: Mapping[str, int | None]  # what the client sees, by API; None: the call goes through
    facts: Mapping[str, Any] | None = None
    call: Call | None = None
    routes: Sequence[RouteAnswer] | None = None
    opinion: SecondOpinion | None = None

    @property
    def first(self) -> Finding | None:
        """What the Lambda says."""
        return self.findings[0] if self.findings else None

    @property
    def opens_nothing(self) -> bool:
        """Whether a bare token is good, and of no use."""
        return self.first is None and usefulness(self.routes) == "deny"

    @property
    def depends(self) -> bool:
        """Whether a bare token is good, and nobody can tell without a call whether it is of use."""
        return self.first is None and usefulness(self.routes) == "error"

    @property
    def decision(self) -> str:
        """As in the log line: `allow`, `deny`, or `error` for what nobody can tell."""
        if self.first is None:
            return usefulness(self.routes)
        return "deny" if self.first.denies else "error"


def usefulness(routes: Sequence[RouteAnswer] | None) -> str:
    """`allow` where a good token opens a route, or there is a call to ask about; `error` where all depends on one."""
    if routes is None or any(route.opens for route in routes):
        return "allow"
    return "error" if any(route.depends_on for route in routes) else "deny"


def explain_event(
    event: object, entry_point: EntryPoint, deployment: Deployment, *, ask_pyjwt: bool = False
) -> Explanation:
    """What an entry point makes of an event."""
    findings = Findings()
    pipeline = deployment.pipeline(entry_point)
    called = findings.passed(lambda: request.read(event, pipeline.surfaces))
    if called is None:  # say the rest as the right entry point would
        called = quietly(lambda: request.read(event, tuple(Surface)))
        if called is None:
            return Explanation(findings=tuple(findings), statuses={pipeline.surfaces[0].api.value: 500})
        pipeline = deployment.pipeline_of(called.surface)
    return _explain_call(called, pipeline, deployment, findings, ask_pyjwt=ask_pyjwt)


def _explain_call(
    called: Request, pipeline: Pipeline, deployment: Deployment, findings: Findings, *, ask_pyjwt: bool
) -> Explanation:
    public = pipeline.rules.is_public(called)
    sent = SentCredential() if public else sent_credential(called, pipeline.sources, findings)
    examination = examine(sent, deployment, findings)
    unproven = examination.proof is not Proof.PROVEN
    judgement = judge(
        Asked(examination.principal or NOBODY, deployment.now, called), pipeline, findings, unproven=unproven
    )
    requirements = [judgement.requirement] if judgement.requirement is not None and len(findings) else []
    return Explanation(
        findings=tuple(findings),
        notes=every_note(sent, examination, requirements, findings, deployment),
        statuses=client_statuses(next(iter(findings), None), [called.surface.api], pipeline.respond.statuses),
        facts=facts(examination, deployment.now),
        call=Call(request=called, place=sent.place, judgement=judgement),
        opinion=_opinion(sent, examination, findings, deployment) if ask_pyjwt else None,
    )


def explain_token(text: str, deployment: Deployment, *, ask_pyjwt: bool = False) -> Explanation:
    """What becomes of a bare token in an Authorization header, and which routes it opens."""
    findings = Findings()
    pipeline = next(iter(deployment.pipelines.values()))
    sources = Sources(places=(AUTHORIZATION,), max_bytes=pipeline.sources.max_bytes)
    called = called_with("GET", "/", Fields({"headers": {"authorization": f"Bearer {text}"}}))
    sent = sent_credential(called, sources, findings)
    examination = examine(sent, deployment, findings)
    who = examination.principal
    routes = None if who is None else tuple(route_answers(pipeline.rules, who, deployment.now))
    of_no_use = routes is not None and usefulness(routes) == "deny"
    requirements = [route.requirement for route in routes or () if of_no_use and route.requirement is not None]
    return Explanation(
        findings=tuple(findings),
        notes=every_note(sent, examination, requirements, findings, deployment),
        statuses=_statuses(findings, routes, pipeline.respond.statuses),
        facts=facts(examination, deployment.now),
        routes=routes,
        opinion=_opinion(sent, examination, findings, deployment) if ask_pyjwt else None,
    )


def _statuses(findings: Findings, routes: Sequence[RouteAnswer] | None, statuses: Statuses) -> dict[str, int | None]:
    """By API. A good token that opens nothing gets what callers without the right get; nothing where it depends."""
    first = next(iter(findings), None)
    useful = usefulness(routes)
    if first is None and useful != "allow":
        return dict.fromkeys((api.value for api in Api), 403) if useful == "deny" else {}
    return client_statuses(first, Api, statuses)


def _opinion(
    sent: SentCredential, examination: Examination, findings: Findings, deployment: Deployment
) -> SecondOpinion:
    token = sent.found.value if sent.found is not None else sent.token
    return second_opinion(token, examination, findings, deployment.now)
