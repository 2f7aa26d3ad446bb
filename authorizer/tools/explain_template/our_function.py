"""A function of ours behind an authorizer, with the settings that its template gives it, ready to be asked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from authorizer.cache_settings import check_cache
from authorizer.errors import ConfigError
from authorizer.section import Section
from authorizer.tools.explain.deployment import Deployment, deployed
from authorizer.tools.explain.note import brief
from authorizer.tools.explain_template.verdict import Case, Outcome
from authorizer.tools.template_check.answering import HANDLERS
from authorizer.tools.template_check.function_settings import own_settings
from authorizer.tools.template_check.guarded import Guarded
from authorizer.tools.template_check.kinds import wrong_kind

if TYPE_CHECKING:
    from authorizer.settings import Settings
    from authorizer.tools.explain_template.scene import Scene, Seat
    from authorizer.tools.template import Function
    from authorizer.tools.template_check.function_settings import OwnSettings

# What the explanation of an event cannot find: the event is right, and the answer is in words that the API does not read.
_BROKEN: Final = frozenset(
    {"function_of_other_api", "payload_version", "simple_responses_needed", "simple_responses_refused"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OurFunction:
    """The parts that answer."""

    guarded: Guarded
    deployment: Deployment


def our_function(seat: Seat, function: Function) -> OurFunction | Outcome:
    """The function; or what every call ends with, where it does not start or answers wrongly."""
    started = _started(seat.scene, function)
    if isinstance(started, Outcome):
        return started
    own, deployment = started
    guarded = Guarded(
        document=seat.scene.document,
        api=seat.api,
        authorizer=seat.authorizer,
        function=function,
        entry_point=HANDLERS[str(function.handler)],
        own=own,
    )
    wrong = next((one for one in wrong_kind(guarded) if one.code in _BROKEN), None)
    if wrong is not None:
        why = f"the API cannot read the answer: found {brief(wrong.found)}"
        return Outcome(case=Case.WRONG_FUNCTION, status=500, why=why, fix=f"Right would be {wrong.right}.")
    return OurFunction(guarded=guarded, deployment=deployment)


def _started(scene: Scene, function: Function) -> tuple[OwnSettings, Deployment] | Outcome:
    """The function with the settings that it reads, made ready once for all of its routes."""
    if function.logical_id not in scene.kept:
        scene.kept[function.logical_id] = _ready(scene, function)
    found: tuple[OwnSettings, Deployment] | Outcome = scene.kept[function.logical_id]
    return found


def _ready(scene: Scene, function: Function) -> tuple[OwnSettings, Deployment] | Outcome:
    variables = {name: scene.names.text(value) for name, value in function.environment.items()}
    try:
        own = own_settings(replace(function, environment=variables), scene.document, None)
        _check_start(own.checked)
    except ConfigError as error:
        return _not_started(error)
    checked = replace(
        own.checked, usage_key=None
    )  # whose API key a call counts against is none of the token's business
    return own, deployed(checked, scene.asked.now, offline=scene.asked.offline)


def _check_start(checked: Settings) -> None:
    """`ConfigError` for rules that cannot be cached, where that is wrong: `own_settings` lets them pass."""
    root = Section({})
    check_cache(root, checked.cache, checked.rules)
    root.raise_problems()


def _not_started(error: ConfigError) -> Outcome:
    problem = error.problems[0]
    more = f" (and {len(error.problems) - 1} more)" if len(error.problems) > 1 else ""
    return Outcome(
        case=Case.SETTINGS_WRONG,
        status=500,
        why=f"the function does not start: {brief(problem.path)}: found {brief(problem.found)}{more}",
        fix=f"Mend its settings, right would be {brief(problem.right)}: authorizer config check --template tells all of it.",
    )
