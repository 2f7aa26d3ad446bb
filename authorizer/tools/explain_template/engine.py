"""A token, and the APIs of a document → what the token meets on each route. Where the APIs come from makes no difference.

Not asked about: resource policies, WAF, usage plans, and answers that API Gateway has in its cache.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from authorizer.surface import Api as Kind
from authorizer.tools.explain_template.function_outcomes import function_outcomes
from authorizer.tools.explain_template.native_outcomes import native_outcome
from authorizer.tools.explain_template.scene import Scene, Seat
from authorizer.tools.explain_template.unknown import made_up
from authorizer.tools.explain_template.verdict import Case, Outcome, RouteVerdict
from authorizer.tools.gateway.lambda_authorizer import LambdaAuthorizer
from authorizer.tools.gateway.names import Names
from authorizer.tools.gateway.websocket_calls import CONNECT
from authorizer.tools.template import Authorization, Unresolved
from authorizer.tools.template_check.answering import answering
from authorizer.tools.template_check.finding import Finding
from authorizer.tools.terminal import CommandError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from authorizer.tools.explain_template.function_outcomes import Row
    from authorizer.tools.template import Api, ApiAuthorizer, ApiRoute

_OPEN = Outcome(case=Case.OPEN, status=200, why="no authorizer: anybody")
_IAM = Outcome(
    case=Case.IAM,
    status=None,
    why="AWS_IAM: a signature of AWS is asked for, which is no matter of this token",
    fix="Sign the call (SigV4) with credentials that may call execute-api:Invoke.",
)
_AUTHORIZATION_UNKNOWN = Outcome(
    case=Case.DEPLOYMENT_KNOWS,
    status=None,
    why="only a deployment knows which authorizer the route has",
    fix="Give the values that the template leaves open with --parameter Name=Value.",
)


def verdicts(scene: Scene) -> tuple[RouteVerdict, ...]:
    """All routes of all APIs, in the order of the document."""
    return tuple(one for api in scene.document.apis for one in verdicts_of(api, scene))


def verdicts_of(api: Api, scene: Scene) -> Iterator[RouteVerdict]:
    """The routes of one API. A route has several verdicts where several rules mean parts of it."""
    if api.kind is not Kind.WEBSOCKET:
        for route in api.routes:
            yield from _of_route(route, api, scene)
        return
    connect = next((one for one in api.routes if one.path == CONNECT), None)
    handshake = list(_of_route(connect, api, scene)) if connect is not None else []
    yield from handshake
    outcome = _of_connection(handshake)
    for route in api.routes:
        if route.path != CONNECT:
            yield RouteVerdict(api=api.logical_id, api_kind=api.kind, route=route.name, outcome=outcome)


def _of_connection(handshake: Sequence[RouteVerdict]) -> Outcome:
    """Messages are not authorized: who has a connection may send them."""
    if not handshake:
        return _OPEN
    said = handshake[0]
    why = "a message: what $connect says of the token holds for the connection"
    return Outcome(case=Case.CONNECTION, status=said.status, why=why, unproven=said.outcome.unproven)


def _of_route(route: ApiRoute, api: Api, scene: Scene) -> Iterator[RouteVerdict]:
    authorizer = api.authorizer(route.authorizer) if route.authorizer is not None else None
    for rule, outcome in _rows(route, authorizer, api, scene):
        yield RouteVerdict(
            api=api.logical_id,
            api_kind=api.kind,
            route=route.name,
            outcome=outcome,
            authorizer=str(route.authorizer) if _asks_authorizer(route) else None,
            authorizer_kind=_kind(route, authorizer),
            rule=rule,
            api_key=route.api_key_required is True,
        )


def _asks_authorizer(route: ApiRoute) -> bool:
    return route.authorizer is not None and route.authorization not in (Authorization.NONE, Authorization.AWS_IAM)


def _kind(route: ApiRoute, authorizer: ApiAuthorizer | None) -> str | None:
    if route.authorization is Authorization.NONE or isinstance(route.authorization, Unresolved):
        return None
    return authorizer.kind.value if authorizer is not None else route.authorization.value


def _rows(route: ApiRoute, authorizer: ApiAuthorizer | None, api: Api, scene: Scene) -> list[Row]:
    if route.authorization is Authorization.NONE:
        return [(None, _OPEN)]
    if route.authorization is Authorization.AWS_IAM:
        return [(None, _IAM)]
    if authorizer is None:
        return [(None, _AUTHORIZATION_UNKNOWN if _is_open_question(route, scene) else _missing(route))]
    seat = Seat(scene=scene, api=api, route=route, authorizer=authorizer)
    try:
        return _asked(seat)
    except CommandError as error:
        return [(None, Outcome(case=Case.NOT_CREATED, status=None, why=str(error), fix=f"{error.hint}."))]


def _is_open_question(route: ApiRoute, scene: Scene) -> bool:
    """Whether a deployment may know more. A `Ref` of what is neither parameter nor resource names nothing."""
    if isinstance(route.authorization, Unresolved):
        return True
    if not isinstance(route.authorizer, Unresolved):
        return False
    named = made_up([route.authorizer], Names(scene.document))
    document = scene.document
    return not named or any(one in document.parameters or one in document.resources for one in named)


def _asked(seat: Seat) -> list[Row]:
    if not seat.authorizer.kind.calls_function:
        return [(None, native_outcome(seat))]
    built = seat.built()
    assert isinstance(built, LambdaAuthorizer)
    if not built.permitted:
        return [(None, _forbidden(seat))]
    function = answering(seat.scene.document, seat.api, seat.authorizer)
    if function is None:
        return [(None, _foreign(seat))]
    if isinstance(function, Finding):
        return [(None, _untold(function))]
    return function_outcomes(seat, built, function)


def _missing(route: ApiRoute) -> Outcome:
    return Outcome(
        case=Case.AUTHORIZER_MISSING,
        status=500,
        why=f"the API has no authorizer {route.authorizer or 'for this route'}",
        fix="Name one in the template that the same API has; until then every call of the route ends so.",
    )


def _forbidden(seat: Seat) -> Outcome:
    function = seat.authorizer.function
    return Outcome(
        case=Case.NO_PERMISSION,
        status=500,
        why=f"API Gateway may not invoke {function}: no permission of the template covers the authorizer",
        fix=f"Add an AWS::Lambda::Permission for {function} with Principal apigateway.amazonaws.com and as SourceArn the"
        " API's ARN with /authorizers/*.",
    )


def _untold(finding: Finding) -> Outcome:
    return Outcome(
        case=Case.DEPLOYMENT_KNOWS,
        status=None,
        why=f"the function is not known: {finding.found}",
        fix=f"Right would be {finding.right}.",
    )


def _foreign(seat: Seat) -> Outcome:
    sources = " and ".join(map(str, seat.authorizer.identity_sources))
    where = f"; it is asked with {sources}" if sources else ""
    return Outcome(
        case=Case.FOREIGN_FUNCTION,
        status=None,
        why=f"the function behind the authorizer is none of ours{where}",
        fix="Try it: authorizer serve runs the function here, and answers as API Gateway would.",
    )
