"""The resource policy of a REST API, statement by statement, held against the ARNs of its methods.

An ARN here is a pattern too: a greedy path parameter is `*`, and any other, ANY and a stage that nobody knows are `SEGMENT`,
which is any text without a slash.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from authorizer.tools.doctor.told import is_sam, stages, told, written
from authorizer.tools.gateway.glob import matcher
from authorizer.tools.gateway.iam import INVOKE
from authorizer.tools.template import Place
from authorizer.tools.template.shape import as_list, as_map, properties_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from authorizer.tools.doctor.view import View
    from authorizer.tools.template import Api, ApiRoute

_SHORT: Final = "execute-api:/"
_BODY: Final = "x-amazon-apigateway-policy"
_PARAMETER: Final = re.compile(r"\{[^{}]*\}")
SEGMENT: Final = "\0"
_SAMPLE: Final = "q7"  # what a path parameter may be, and no pattern names


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyStatement:
    """One statement. `anyone`: it means callers without AWS credentials too, as those of an authorizer are."""

    number: int
    denies: bool
    anyone: bool
    conditional: bool
    resources: tuple[str, ...]
    not_resource: bool

    def may_mean(self, arn: str) -> bool:
        """Whether it may decide for a call of a method."""
        return self.not_resource or any(meet(one, arn) for one in self.resources if "{" not in one)

    def means_all(self, arn: str) -> bool:
        """Whether it decides for every call of a method."""
        sample = arn.replace("*", _SAMPLE).replace(SEGMENT, _SAMPLE)
        return any(matcher(one)(sample) for one in self.resources) != self.not_resource


def written_policy(api: Api) -> object:
    """The policy as the template has it; nothing where there is none."""
    return api.properties.get("Policy", api.body.get(_BODY))


def policy_place(view: View, api: Api) -> Place:
    """Where the policy is written: SAM has words of its own for it."""
    place = Place(api.logical_id, ("Properties",)) if api.logical_id else Place("")
    if "Policy" in api.properties:
        return place / "Policy"
    if not is_sam(view, api.logical_id):
        return place / "Body" / _BODY
    body = as_map(properties_of(written(view, api.logical_id)).get("DefinitionBody"))
    return place / "DefinitionBody" / _BODY if _BODY in body else place / "Auth" / "ResourcePolicy"


def statements(view: View, api: Api) -> list[PolicyStatement] | None:
    """All of them that are about calls; None where there is no policy, or only a deployment knows a part of it."""
    policy = written_policy(api)
    if not isinstance(policy, dict):
        return None
    found = []
    for number, one in enumerate(as_list(policy.get("Statement"))):
        statement = _statement(view, api, number, as_map(one))
        if statement is None:
            return None
        if _is_about_calls(as_map(one)):
            found.append(statement)
    return found


def _statement(view: View, api: Api, number: int, given: Mapping[str, Any]) -> PolicyStatement | None:
    prefix = view.names.arn("execute-api", f"{view.names.of(api.logical_id)}/")
    texts = [told(view, one) for one in as_list(given.get("Resource", given.get("NotResource")))]
    if None in texts or not isinstance(given.get("Effect"), str):
        return None
    full = (prefix + text.removeprefix(_SHORT) if text.startswith(_SHORT) else text for text in filter(None, texts))
    return PolicyStatement(
        number=number,
        denies=given["Effect"] == "Deny",
        anyone=_is_anyone(given),
        conditional=bool(given.get("Condition")),
        resources=tuple(full),
        not_resource="NotResource" in given,
    )


def _is_anyone(given: Mapping[str, Any]) -> bool:
    principal = given.get("Principal")
    named = as_list(principal.get("AWS")) if isinstance(principal, dict) else as_list(principal)
    return "*" in named or "NotPrincipal" in given


def _is_about_calls(given: Mapping[str, Any]) -> bool:
    actions = (matcher(str(one), fold=True)(INVOKE) for one in as_list(given.get("Action")))
    return "NotAction" in given or any(actions)


def arns(view: View, api: Api, route: ApiRoute) -> Iterator[str]:
    """The ARNs of a method, one for each stage."""
    path = _PARAMETER.sub(lambda found: "*" if found[0].endswith("+}") else SEGMENT, told(view, route.path) or "/*")
    method = SEGMENT if route.method == "ANY" else route.method
    for stage in [told(view, one.name) or SEGMENT for one in stages(view, api)] or [SEGMENT]:
        yield view.names.arn("execute-api", f"{view.names.of(api.logical_id)}/{stage}/{method}{path}")


def meet(pattern: str, arn: str) -> bool:
    """Whether some text fits a pattern with `*` and `?`, and an ARN with holes."""
    row = [True]
    for hole in arn:
        row.append(row[-1] and hole in ("*", SEGMENT))
    for wanted in pattern:
        above, row = row, [row[0] and wanted == "*"]
        for column, hole in enumerate(arn):
            row.append(_meets(wanted, hole, (above[column], above[column + 1], row[column])))
    return row[-1]


def _meets(wanted: str, hole: str, before: tuple[bool, bool, bool]) -> bool:
    """One step. `before`: whether the texts meet without both characters, without the first, and without the second."""
    without_both, without_first, without_second = before
    if "*" in (wanted, hole):
        return without_first or without_second
    if hole == SEGMENT:
        return without_second or (without_first and wanted != "/")
    return without_both and ("?" in (wanted, hole) or wanted == hole)
