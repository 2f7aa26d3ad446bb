"""One stage of one deployed API: what it serves, what was changed since, and what AWS did not tell."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from authorizer.surface import Api as Kind
from authorizer.tools.doctor.deployed.account_reader import (
    read_log_groups,
    read_log_role,
    read_metrics,
    read_usage_plans,
)
from authorizer.tools.doctor.deployed.callers_reader import read_callers
from authorizer.tools.doctor.deployed.calls import (
    HTTP_AUTHORIZERS,
    HTTP_ROUTES,
    REST_API,
    REST_AUTHORIZERS,
    REST_RESOURCES,
    REST_RESPONSES,
)
from authorizer.tools.doctor.deployed.changes import Change, changes, policy_changes, response_changes
from authorizer.tools.doctor.deployed.functions_reader import function_in, read_function
from authorizer.tools.doctor.deployed.http_reader import read_http_api
from authorizer.tools.doctor.deployed.pools_reader import read_pools
from authorizer.tools.doctor.deployed.reading import Reading
from authorizer.tools.doctor.deployed.rest_reader import read_rest_api
from authorizer.tools.doctor.deployed.roles_reader import read_role
from authorizer.tools.doctor.deployed.snapshot import exported, put_over
from authorizer.tools.doctor.deployed.stage_variables import put_variables
from authorizer.tools.doctor.deployed.view import DeployedView
from authorizer.tools.template import AuthorizerKind
from authorizer.tools.terminal import CommandError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from authorizer.tools.doctor.deployed.access import Access
    from authorizer.tools.doctor.deployed.calls import Call
    from authorizer.tools.template import Api, Document, Resource

_SOME: Final = 25  # functions between two lines of progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """An API by its id. Without a stage it is the one that was changed last."""

    api: str
    rest: bool
    stage: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """`changes` are what was set up since the stage was deployed. `gone` is what something names and AWS does not have,
    `elsewhere` functions of other accounts. `stage` is empty where there is none."""

    document: Document
    given: Mapping[str, str]
    api: str
    stage: str
    changes: tuple[Change, ...]
    gone: frozenset[str]
    elsewhere: frozenset[str]
    access: Access = field(repr=False)

    @property
    def served(self) -> Api:
        """The API as the stage serves it."""
        return next(one for one in self.document.apis if one.logical_id == self.api)

    @property
    def stage_resource(self) -> Resource | None:
        """The stage."""
        return self.document.resources.get(f"{self.api}/{self.stage}")

    def view(self) -> DeployedView:
        """What checks look at."""
        return DeployedView(document=self.document, deployed=True, given=self.given)

    def saw(self, call: Call, subject: str) -> bool:
        """Whether it is known what a call tells of a subject."""
        return self.access.saw(call, subject)


def deployed_document(access: Access, *wanted: Wanted) -> Document:
    """All of several APIs in one document. `CommandError` for one that is not there."""
    reading = Reading.begun(access)
    for one in wanted:
        _read_api(reading, one)
    _read_around(reading)
    return reading.document()


def deployment(access: Access, wanted: Wanted) -> Deployment:
    """One API with everything that checks want to know of it. `CommandError` where it is not there, or has no such stage."""
    reading = Reading.begun(access)
    changed = _read_api(reading, wanted)
    stage = _stage(reading, wanted)
    _read_around(reading)
    read_callers(reading)
    read_log_groups(reading)
    read_metrics(reading)
    return Deployment(
        document=reading.document(),
        given=dict(reading.given),
        api=wanted.api,
        stage=stage,
        changes=changed,
        gone=frozenset(reading.gone),
        elsewhere=frozenset(reading.elsewhere),
        access=access,
    )


def stages(access: Access, wanted: Wanted) -> list[str]:
    """The stages to look at: the one that is wanted, else all of them; an empty name where there is none."""
    reading = Reading.begun(access)
    _read_set_up(reading, wanted)
    if wanted.stage is not None:
        return [_stage(reading, wanted)]
    return sorted(str(one.properties["StageName"]) for one in _stages(reading, wanted.api)) or [""]


def _read_api(reading: Reading, wanted: Wanted) -> tuple[Change, ...]:
    """The API as its stage serves it; what is set up otherwise."""
    _read_set_up(reading, wanted)
    stage = _stage(reading, wanted)
    now = _api(reading, wanted.api)
    found: tuple[Change, ...] = ()
    if _may_differ(reading, wanted.api, stage, now):
        body = exported(reading.access, wanted.api, now.kind, stage)
        if body is not None:
            found = _put_over(reading, now, body)
    if stage:
        put_variables(reading, wanted.api, stage)
    _note_untold(reading, wanted.api)
    return found


def _note_untold(reading: Reading, api: str) -> None:
    """JWT authorizers of REST APIs are newer than many a library, which then leaves out what they trust."""
    for one in _api(reading, api).authorizers:
        if one.kind is AuthorizerKind.JWT and not one.issuers:
            why = "the installed boto3 does not know JWT authorizers of REST APIs; a newer one does"
            reading.access.note(REST_AUTHORIZERS, f"{api}/{one.label}", why)


def _put_over(reading: Reading, now: Api, body: Mapping[str, Any]) -> tuple[Change, ...]:
    """What a stage serves in place of what is set up, and how they differ as far as both were seen."""
    api, before, saw = now.logical_id, dict(reading.resources), reading.access.saw
    put_over(reading, api, now.kind, body)
    found: list[Change] = []
    of_routes = (REST_RESOURCES, REST_AUTHORIZERS) if now.kind is Kind.REST else (HTTP_ROUTES, HTTP_AUTHORIZERS)
    if all(saw(call, api) for call in of_routes):
        found += changes(now, _api(reading, api))
    if now.kind is Kind.REST and saw(REST_RESPONSES, api):
        found += response_changes(api, before, reading.resources)
    if now.kind is Kind.REST and saw(REST_API, api):
        found += policy_changes(api, before, reading.resources)
    return tuple(found)


def _read_set_up(reading: Reading, wanted: Wanted) -> None:
    read = read_rest_api if wanted.rest else read_http_api
    if not read(reading, wanted.api):
        kind = "REST" if wanted.rest else "HTTP or WebSocket"
        hint = (
            "name its Region (--region) and its account (--profile); REST APIs are --rest-api-id, others --http-api-id"
        )
        raise CommandError(f"there is no {kind} API {wanted.api} in {reading.region}", hint)


def _api(reading: Reading, api: str) -> Api:
    return next(one for one in reading.apis() if one.logical_id == api)


def _stages(reading: Reading, api: str) -> Iterator[Resource]:
    start = f"{api}/"
    return (one for name, one in reading.resources.items() if one.type.endswith("::Stage") and name.startswith(start))


def _stage(reading: Reading, wanted: Wanted) -> str:
    found = sorted(_stages(reading, wanted.api), key=lambda one: str(one.attributes.get("Updated", "")))
    names = [str(one.properties["StageName"]) for one in found]
    if wanted.stage is None:
        return names[-1] if names else ""
    if names and wanted.stage not in names:
        raise CommandError(f"{wanted.api} has no stage {wanted.stage}", f"it has {', '.join(sorted(names))}")
    return wanted.stage


def _may_differ(reading: Reading, api: str, stage: str, now: Api) -> bool:
    """Whether what is served may differ from what is set up, and can be told: not of WebSocket APIs."""
    own = reading.resources.get(f"{api}/{stage}")
    if own is None or not own.properties.get("DeploymentId") or now.kind is Kind.WEBSOCKET:
        return False
    return now.kind is Kind.REST or own.properties.get("AutoDeploy") is not True


def _read_around(reading: Reading) -> None:
    """What the APIs name: functions, roles, user pools, and what of the account is about them."""
    apis = reading.apis()
    uris = dict.fromkeys(str(uri) for api in apis for uri in _uris(api) if uri is not None)
    for number, uri in enumerate(uris, start=1):
        read_function(reading, uri)
        if number % _SOME == 0:
            reading.access.progress(f"functions: {number:,} of {len(uris):,} read")
    for api in apis:
        _read_roles(reading, api)
        read_pools(reading, api)
        read_usage_plans(reading, api)
    if any(api.kind is not Kind.HTTP for api in apis):
        read_log_role(reading)


def _read_roles(reading: Reading, api: Api) -> None:
    """Those that API Gateway takes, and those that the functions of authorizers run with."""
    for one in api.authorizers:
        read_role(reading, str(one.credentials or ""))
        function = function_in(str(one.uri))
        own = reading.resources.get(function.name) if function is not None else None
        if own is not None:
            read_role(reading, str(own.properties.get("Role")))
    for route in api.routes:
        if route.backend is not None:
            given = route.backend.given
            read_role(reading, str(given.get("Credentials", given.get("CredentialsArn", ""))))


def _uris(api: Api) -> Iterator[object]:
    yield from (one.uri for one in api.authorizers)
    yield from (one.backend.uri for one in api.routes if one.backend is not None)
