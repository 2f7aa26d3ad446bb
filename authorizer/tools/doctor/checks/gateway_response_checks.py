"""What a REST API answers by itself where an authorizer says no: whether clients, and browsers, can tell what it was."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from authorizer.surface import Api as Kind
from authorizer.tools.doctor.preflights import (
    ORIGIN,
    is_guarded,
    is_mapped,
    preflights,
    refusal_lines,
    refusal_place,
    refusals,
    written_place,
)
from authorizer.tools.gateway.failure import ResponseType

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from authorizer.tools.doctor.preflights import Refusal
    from authorizer.tools.doctor.view import View
    from authorizer.tools.template import Api, Place
    from authorizer.tools.template_check.finding import Finding

_DEFAULTS: Final = ("DEFAULT_4XX", "DEFAULT_5XX")
_REFUSALS: Final = (
    ResponseType.UNAUTHORIZED,
    ResponseType.ACCESS_DENIED,
    ResponseType.AUTHORIZER_CONFIGURATION_ERROR,
)
_TYPES: Final = frozenset(
    {one.value for one in ResponseType if one.error_type}
    | {"AUTHORIZER_FAILURE", "BAD_REQUEST_BODY", "BAD_REQUEST_PARAMETERS", "RESOURCE_NOT_FOUND"}
    | {"UNSUPPORTED_MEDIA_TYPE", "WAF_FILTERED", *_DEFAULTS}
)
_VARIABLE: Final = re.compile(r"\$(\{)?(context|stageVariables)\.([\w-]+(?:\.[\w-]+)*)(?(1)\})")
_DIRECTIVE: Final = re.compile(r"#(?:set|if|foreach|end|else)\b|\$(?:input|util)\b")
_NUMBER: Final = re.compile(r"(?:Epoch|[Ll]atency|[Ss]tatus)$")
_JSON: Final = "application/json"
_ORIGIN: Final = ("Access-Control-Allow-Origin", "\"'https://app.example.com'\"")


def _refusals(view: View) -> Iterator[Refusal]:
    return (one for api in view.apis(Kind.REST) for one in refusals(view, api))


def types(view: View) -> Iterator[Finding]:
    """Types that are none."""
    for one in _refusals(view):
        if one.kind is not None and one.kind not in _TYPES:
            yield view.finding(
                "gateway_response_type_unknown",
                one.place,
                found=one.kind,
                right="a type of gateway response, such as UNAUTHORIZED, ACCESS_DENIED or DEFAULT_4XX",
                fix=("ResponseType: ACCESS_DENIED",),
            )


def statuses(view: View) -> Iterator[Finding]:
    """Statuses that say something else than what happened."""
    for one in _refusals(view):
        if one.status is None or one.kind is None or one.kind not in _TYPES:
            continue
        if one.status < 400:
            yield view.finding(
                "refusal_with_success_status",
                one.place,
                found=f"{one.status} for {one.kind}",
                right="a status from 400 on",
                fix=(f"StatusCode: {_usual(one.kind)}",),
            )
        elif one.kind in _DEFAULTS:
            yield view.finding(
                "default_4xx_status_overridden",
                one.place,
                found=f"{one.status} for {one.kind}, and so for each type that is not set by itself",
                right=f"no StatusCode in {one.kind}",
                fix=(f"# remove from {one.kind}: StatusCode: {one.status}",),
            )


def _usual(kind: str) -> int:
    return next((one.status for one in ResponseType if one.value == kind), 500 if kind.endswith("5XX") else 403)


def templates(view: View) -> Iterator[Finding]:
    """Bodies that no client can read."""
    for one in _refusals(view):
        if one.template is None or not one.template.strip():
            continue
        directive = _DIRECTIVE.search(one.template)
        if directive is not None:
            yield view.finding(
                "gateway_response_template_has_logic",
                one.place,
                found=f"{directive[0]} in the template of {one.kind}",
                right="variables of $context and $stageVariables alone, which are put in as they are",
                fix=('{"message": $context.error.messageString}',),
            )
        elif not _is_json(_VARIABLE.sub(_value, one.template)):
            yield view.finding(
                "gateway_response_template_broken",
                one.place,
                found=f"{one.template.strip()} for {one.kind}, which is no JSON once its variables are put in",
                right="quotes around each variable but $context.error.messageString, which has its own",
                fix=('{"message": $context.error.messageString, "type": "$context.error.responseType"}',),
            )


def _value(found: re.Match[str]) -> str:
    """What a variable may stand for: a text in quotes, a text, or a number, as variables of stages and what authorizers say
    may be too."""
    if found[3] == "error.messageString":
        return '"Unauthorized"'
    may_count = found[2] == "stageVariables" or found[3].startswith("authorizer.") or _NUMBER.search(found[3])
    return "0" if may_count else "text"


def _is_json(text: str) -> bool:
    try:
        json.loads(text, strict=False)
    except ValueError:
        return False
    return True


def origins(view: View) -> Iterator[Finding]:
    """Refusals without an origin, at an API whose preflights have one."""
    for api in view.apis(Kind.REST):
        said = {one.kind: one for one in refusals(view, api)}
        if None in said or not any(map(is_guarded, api.routes)) or not any(True for _ in preflights(view, api)):
            continue
        with_origin = {kind for kind, one in said.items() if ORIGIN in one.headers}
        lacking = {one.default for one in _REFUSALS if one.value not in said and one.default not in with_origin}
        lost = [kind for kind in said if kind in _TYPES.difference(_DEFAULTS, with_origin)]
        if lacking:
            yield _missing(view, api, sorted(map(str, lacking)))
        elif lost:
            yield view.finding(
                "cors_lost_by_gateway_response",
                refusal_place(view, api, str(lost[0])),
                found=f"no Access-Control-Allow-Origin on {' and '.join(map(str, lost))}, which get none of the defaults",
                right="the header on each response that is set by itself",
                fix=tuple(refusal_lines(view, api, list(map(str, lost)), *_ORIGIN)),
            )


def _missing(view: View, api: Api, kinds: list[str]) -> Finding:
    return view.finding(
        "cors_missing_on_gateway_responses",
        refusal_place(view, api, kinds[0]),
        found=f"no Access-Control-Allow-Origin on {' and '.join(kinds)} of an API that answers preflights",
        right="the origin of the preflights on refusals too",
        fix=tuple(refusal_lines(view, api, kinds, *_ORIGIN)),
    )


def unquoted(view: View) -> Iterator[Finding]:
    """Values of headers that are neither quoted nor a part of the request."""
    for api in view.apis(Kind.REST):
        for refusal in refusals(view, api):
            yield from _unquoted(view, refusal.place, refusal.headers)
        for one in preflights(view, api):
            yield from _unquoted(view, written_place(view, one.route), one.headers)


def _unquoted(view: View, place: Place, headers: Mapping[str, str | None]) -> Iterator[Finding]:
    wrong = {name: text for name, text in headers.items() if text is not None and not is_mapped(text)}
    if wrong:
        name, text = next(iter(wrong.items()))
        yield view.finding(
            "header_value_unquoted",
            place,
            found=" and ".join(f"{name}: {text}" for name, text in wrong.items()),
            right=f"'{text}', in single quotes that are part of the value",
            fix=(f"{_spelled(name, place)}: \"'{text}'\"",),
        )


def _spelled(name: str, place: Place) -> str:
    """The name of a header, or what SAM calls it among those of CORS."""
    cased = "-".join(part.capitalize() for part in name.split("-"))
    return cased.removeprefix("Access-Control-").replace("-", "") if place.path[-1:] == ("Cors",) else cased


CHECKS = (types, statuses, templates, origins, unquoted)
