"""What our Lambda authorizers say of the token: the function's own settings, asked about a call of the route."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from authorizer.reasons import Class, Reason
from authorizer.surface import Api as Kind
from authorizer.tools.explain.explanation import explain_event
from authorizer.tools.explain.judgement import client_statuses
from authorizer.tools.explain.near_miss import NearMiss
from authorizer.tools.explain.note import brief, quoted
from authorizer.tools.explain_template.calls import received, targets
from authorizer.tools.explain_template.our_function import OurFunction, our_function
from authorizer.tools.explain_template.sending import Sending, of_function, of_token_event, sent
from authorizer.tools.explain_template.unknown import unknown
from authorizer.tools.explain_template.verdict import Case, Outcome
from authorizer.tools.gateway.cache import MissingIdentity
from authorizer.tools.gateway.events import connect_event, http_event, request_event, token_event
from authorizer.tools.template import AuthorizerKind
from authorizer.tools.template_check.coverage import template_of
from authorizer.variables import BESIDE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from authorizer.tools.explain.explanation import Explanation
    from authorizer.tools.explain.finding import Finding
    from authorizer.tools.explain_template.calls import Target
    from authorizer.tools.explain_template.scene import Seat
    from authorizer.tools.gateway.lambda_authorizer import LambdaAuthorizer
    from authorizer.tools.gateway.received import Received
    from authorizer.tools.template import Function
    from authorizer.tools.template.unresolved import Text

# What a call decides, and no token: an address, a parameter of the path, or code that looks at the request.
_OF_THE_CALL: Final = frozenset({Reason.PARAMETER_MISMATCH, Reason.NETWORK_NOT_PERMITTED, Reason.CHECK_REFUSED})
_TELLING: Final = frozenset({NearMiss.ID_TOKEN_SENT, NearMiss.ACCESS_TOKEN_SENT, NearMiss.SCOPE_SDK_ONLY})
_TOLD_OF: Final = frozenset({Reason.TOKEN_USE_MISMATCH, Reason.SCOPE_MISSING, Reason.SCOPE_INSUFFICIENT})
_PATH_UNKNOWN: Final = Outcome(
    case=Case.DEPLOYMENT_KNOWS,
    status=None,
    why="only a deployment knows the path of the route, and the function's rules go by paths",
    fix="Give the values that the template leaves open with --parameter Name=Value.",
)
Row = tuple[str | None, Outcome]  # the rule, where a route has several


def function_outcomes(seat: Seat, built: LambdaAuthorizer, function: Function) -> list[Row]:
    """One outcome, or one for each rule that means a part of the route."""
    if template_of(seat.route) is None:
        return [(None, _PATH_UNKNOWN)]
    rows = list(_rows(seat, built, function))
    hidden = unknown(_settings(function), seat.scene) if any(map(_is_no, rows)) else None
    if hidden is None:
        return rows
    plain = dict(rows)
    tried = [dict(_rows(seat.supposing(names), built, function)) for names in hidden.supposed]
    kept = {rule: outcome for rule, outcome in rows if not _is_no((rule, outcome))}
    rules = max((plain, *tried), key=len)  # settings that cannot be read with made-up names have none
    return [
        (rule, kept.get(rule) or hidden.settled(plain.get(rule), (one[rule] for one in tried if rule in one)))
        for rule in rules
    ]


def _settings(function: Function) -> list[Text]:
    return [one for name, one in function.environment.items() if name.startswith("AUTHORIZER_") and name not in BESIDE]


def _is_no(row: Row) -> bool:
    return row[1].case in (Case.REFUSED, Case.SETTINGS_WRONG)


def _rows(seat: Seat, built: LambdaAuthorizer, function: Function) -> Iterator[Row]:
    ours = our_function(seat, function)
    if isinstance(ours, Outcome):
        yield None, ours
        return
    for target in targets(ours.guarded, seat.route):
        yield target.rule, _Call(seat=seat, built=built, ours=ours, target=target).outcome()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Call:
    """One call of a route with the token."""

    seat: Seat
    built: LambdaAuthorizer
    ours: OurFunction
    target: Target

    @property
    def is_token(self) -> bool:
        return self.built.type is AuthorizerKind.TOKEN

    def sending(self) -> Sending:
        """The token in its place."""
        texts, places = self.built.caching.sources.texts, self.ours.guarded.places
        if self.is_token:
            scheme = not places or places[0].has_scheme
            return sent(self.seat.scene.asked.token, of_token_event(texts, places), texts, scheme=scheme)
        place = of_function(texts, places)
        return sent(self.seat.scene.asked.token, place, texts, scheme=place is not None and place.has_scheme)

    def outcome(self) -> Outcome:
        """What comes of it."""
        sending = self.sending()
        place = None if sending.place is None else str(sending.place)
        call = received(self.seat, self.target, sending)
        try:
            identity = self.built.caching.sources.values(call.visit())
        except MissingIdentity as missing:
            fix = "Drop it from the identity sources, or have every call and stage bring it."
            why = sending.told(f"the identity source {missing.source} is empty, and the function is not called")
            return Outcome(case=Case.IDENTITY_MISSING, status=401, why=why, fix=fix, place=place)
        expression = self.built.validation if self.is_token else None
        if expression is not None and expression.fullmatch(identity[0]) is None:
            return _unmatched(sending, place)
        event = self._event(call, identity)
        explained = explain_event(event, self.ours.guarded.entry_point, self.ours.deployment)
        return self._explained(explained, sending)

    def _event(self, call: Received, identity: tuple[str, ...]) -> Mapping[str, Any]:
        if self.is_token:
            return token_event(call, identity[0])
        if self.built.kind is Kind.WEBSOCKET:
            return connect_event(call, call.extended_request_id)
        if self.built.kind is Kind.HTTP:
            return http_event(call, self.built.payload, identity)
        return request_event(call)

    def _explained(self, explained: Explanation, sending: Sending) -> Outcome:
        place = None if sending.place is None else str(sending.place)
        first = next((one for one in explained.findings if one.reason.klass is not Class.DEPENDENCY), None)
        keyless = next((one for one in explained.findings if one.reason.klass is Class.DEPENDENCY), None)
        if first is not None:
            return self._refused(first, explained, sending, unproven=keyless is not None)
        if explained.call is not None and explained.call.judgement.public:
            return Outcome(case=Case.PUBLIC, status=200, why="a public rule: no credential is looked at")
        if keyless is None or keyless.by_choice:
            why = sending.told("the function allows it")
            return Outcome(case=Case.PASSES, status=200, why=why, unproven=keyless is not None, place=place)
        return Outcome(
            case=Case.KEYS_UNKNOWN,
            status=None,
            reason=keyless.reason.value,
            why="the issuer's keys cannot be had from here; the rest of the token is right for this route",
            fix=keyless.fix,
            place=place,
        )

    def _refused(self, first: Finding, explained: Explanation, sending: Sending, *, unproven: bool) -> Outcome:
        statuses = self.ours.deployment.pipeline(self.ours.guarded.entry_point).respond.statuses
        kind = self.built.kind
        status = client_statuses(first, [kind], statuses)[kind.value]
        case = Case.REFUSED if first.denies else Case.WRONG_FUNCTION
        if first.reason in _OF_THE_CALL:
            case, status = Case.DEPENDS_ON_REQUEST, None
        return Outcome(
            case=case,
            status=status,
            reason=first.reason.value,
            why=sending.told(_why(first)),
            fix=_fix(first, explained),
            unproven=unproven and first.reason.klass is Class.AUTHZ,
            place=None if sending.place is None else str(sending.place),
        )


def _unmatched(sending: Sending, place: str | None) -> Outcome:
    return Outcome(
        case=Case.EXPRESSION,
        status=401,
        why=sending.told("the validation expression does not match what is sent, and the function is not called"),
        fix="Mend identityValidationExpression: it has to match the whole of what clients send, such as `Bearer <token>`.",
        place=place,
    )


def _why(first: Finding) -> str:
    fault = first.fault
    if fault.claim is None or fault.found is None:
        return first.reason.remedy.cause
    found = quoted(fault.found) if first.reason is Reason.ISSUER_UNKNOWN else brief(fault.found)
    return f"{brief(fault.claim)}: found {found}" + (f", expected {brief(fault.expected)}" if fault.expected else "")


def _fix(first: Finding, explained: Explanation) -> str:
    """The near miss that tells more than the reason does, where there is one."""
    near = (note.near_miss for note in explained.notes if note.near_miss in _TELLING)
    found = next(near, None) if first.reason in _TOLD_OF else None
    return found.fix if found is not None else first.fix
