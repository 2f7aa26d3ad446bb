"""API keys: whether a method that asks for one can be called by anybody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from authorizer.errors import ConfigError
from authorizer.surface import Api as Kind
from authorizer.tools.doctor.told import is_sam, listed, of_own, stages, told
from authorizer.tools.template import Authorization, Function, Place, Unresolved
from authorizer.tools.template.shape import as_flag, as_list, as_map
from authorizer.tools.template_check.answering import answering
from authorizer.tools.template_check.function_settings import own_settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from authorizer.tools.doctor.view import View
    from authorizer.tools.template import Api, ApiRoute, Resource
    from authorizer.tools.template_check.finding import Finding

_PLAN, _LINK, _KEY = "AWS::ApiGateway::UsagePlan", "AWS::ApiGateway::UsagePlanKey", "AWS::ApiGateway::ApiKey"
_BODY: Final = "x-amazon-apigateway-api-key-source"


def plans(view: View) -> Iterator[Finding]:
    """Methods that ask for a key, and no plan that a key could be of."""
    for api in view.apis(Kind.REST):
        asking = _asking(api)
        if not asking or not of_own(view, api):
            continue
        linked = [one for one in view.of_type(_PLAN) if _may_be_of(view, one, api)]
        if not linked:
            yield view.finding(
                "api_key_without_usage_plan",
                asking[0].place,
                found=f"{listed(asking)} with an API key required, and no usage plan for {api.logical_id}",
                right="a usage plan for the stage, and a key in it",
                fix=tuple(_plan_lines(view, api)),
            )
        else:
            yield from _left_out(view, api, linked)


def _asking(api: Api) -> list[ApiRoute]:
    return [one for one in api.routes if one.api_key_required is True and one.method != "OPTIONS"]


def _links(plan: Resource) -> list[Mapping[str, Any]] | None:
    """The stages of a plan; None where only a deployment knows."""
    given = plan.properties.get("ApiStages")
    unknown = isinstance(given, Unresolved) or any(isinstance(one, Unresolved) for one in as_list(given))
    return None if unknown else [as_map(one) for one in as_list(given)]


def _may_be_of(view: View, plan: Resource, api: Api) -> bool:
    links = _links(plan)
    return links is None or any(_may_link(view, one, api) for one in links)


def _may_link(view: View, link: Mapping[str, Any], api: Api) -> bool:
    return told(view, link.get("ApiId")) in (None, view.names.of(api.logical_id))


def _left_out(view: View, api: Api, linked: list[Resource]) -> Iterator[Finding]:
    """Stages that no plan of the API has."""
    links = [link for plan in linked for link in _links(plan) or [{}] if _may_link(view, link, api)]
    named = [told(view, link.get("Stage")) for link in links]
    known = {told(view, one.name): one for one in stages(view, api)}
    left = [(name, one) for name, one in known.items() if name not in named]
    if left and None not in named and None not in known:
        name, stage = left[0]
        yield view.finding(
            "usage_plan_without_stage",
            Place(linked[0].logical_id, ("Properties", "ApiStages")),
            found=f"{linked[0].logical_id} for {', '.join(map(str, named))}, while {api.logical_id} has a stage {name}",
            right=f"{name} among its stages",
            fix=("ApiStages:", f"  - {{ApiId: !Ref {api.logical_id}, Stage: !Ref {stage.place.resource}}}"),
        )


def _plan_lines(view: View, api: Api) -> Iterator[str]:
    if is_sam(view, api.logical_id):
        yield "Auth:"
        yield "  UsagePlan: {CreateUsagePlan: PER_API}"
        return
    stage = next((one.place.resource for one in stages(view, api)), "Stage")
    yield "UsagePlan:"
    yield f"  Type: {_PLAN}"
    yield f"  Properties: {{ApiStages: [{{ApiId: !Ref {api.logical_id}, Stage: !Ref {stage}}}]}}"
    yield "UsagePlanKey:"
    yield f"  Type: {_LINK}"
    yield "  Properties: {KeyId: !Ref ApiKey, KeyType: API_KEY, UsagePlanId: !Ref UsagePlan}"


def keys(view: View) -> Iterator[Finding]:
    """Keys of the template that nobody can use."""
    links = list(view.of_type(_LINK))
    for one in view.of_type(_KEY):
        place = Place(one.logical_id, ("Properties", "Enabled"))
        if as_flag(one.properties.get("Enabled", False)) is False:
            yield view.finding(
                "api_key_disabled",
                place,
                found=f"{one.logical_id}, which is not enabled{'' if 'Enabled' in one.properties else ' by default'}",
                right="an enabled key",
                fix=("Enabled: true",),
            )
        elif not any(
            told(view, link.properties.get("KeyId")) in (None, view.names.of(one.logical_id)) for link in links
        ):
            yield view.finding(
                "api_key_in_no_plan",
                Place(one.logical_id, ("Properties",)),
                found=f"{one.logical_id}, which no usage plan has",
                right="a usage plan that has it",
                fix=(
                    f"{one.logical_id}InPlan:",
                    f"  Type: {_LINK}",
                    f"  Properties: {{KeyId: !Ref {one.logical_id}, KeyType: API_KEY, UsagePlanId: !Ref UsagePlan}}",
                ),
            )


def key_source(view: View) -> Iterator[Finding]:
    """Who says the key: a header, or an authorizer, which then has to."""
    for api in view.apis(Kind.REST):
        source = told(view, api.properties.get("ApiKeySourceType", api.body.get(_BODY, "HEADER")))
        if source is None:
            continue
        by_authorizer = source.upper() == "AUTHORIZER"
        for route in _asking(api):
            says = _says_key(view, api, route)
            if by_authorizer and says is False:
                yield _nobody_says(view, api, route)
                break
            if not by_authorizer and says is True:
                yield _unheard(view, api, route)
                break


def _nobody_says(view: View, api: Api, route: ApiRoute) -> Finding:
    ours = route.authorization is Authorization.CUSTOM
    return view.finding(
        "api_key_source_authorizer_without_key",
        route.place,
        found=f"{route.name} of {api.logical_id}, whose {'function has no [usage_key]' if ours else 'authorizer says none'}",
        right="a Lambda authorizer that returns usageIdentifierKey, or HEADER as source",
        fix=("[usage_key]  # in the settings of the function", 'claim = "…"')
        if ours
        else ("ApiKeySourceType: HEADER  # and clients send x-api-key",),
    )


def _unheard(view: View, api: Api, route: ApiRoute) -> Finding:
    return view.finding(
        "api_key_source_header_beside_usage_key",
        route.place,
        found=f"{route.name} of {api.logical_id}, which reads x-api-key, while {route.authorizer} says a key",
        right="AUTHORIZER as source of keys",
        fix=("ApiKeySourceType: AUTHORIZER",),
    )


def _says_key(view: View, api: Api, route: ApiRoute) -> bool | None:
    """Whether the authorizer of a route says a key; None where nobody can tell."""
    if isinstance(route.authorization, Unresolved):
        return None
    if route.authorization is not Authorization.CUSTOM:
        return False
    authorizer = api.authorizer(route.authorizer)
    function = answering(view.document, api, authorizer) if authorizer is not None else None
    if not isinstance(function, Function):
        return None
    try:
        return own_settings(function, view.document, view.settings).checked.usage_key is not None
    except ConfigError:  # said elsewhere
        return None


CHECKS = (plans, keys, key_source)
