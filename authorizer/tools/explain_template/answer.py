"""The answer to `authorizer explain FILE --template TEMPLATE`."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from authorizer.section import nearest
from authorizer.tools.event_file import name_of
from authorizer.tools.explain.input_file import GivenEvent, read_input
from authorizer.tools.explain.moment import moment
from authorizer.tools.explain.report import EXIT_STATUS
from authorizer.tools.explain_template.engine import verdicts
from authorizer.tools.explain_template.fetched_keys import FetchedKeys, NoKeys
from authorizer.tools.explain_template.scene import Asked, Scene
from authorizer.tools.explain_template.screen import show_verdicts
from authorizer.tools.explain_template.unknown import POOL, pool_of
from authorizer.tools.explain_template.verdict import decision
from authorizer.tools.gateway.names import Names
from authorizer.tools.template import read_template
from authorizer.tools.terminal import CommandError, note, show, show_json, without_tokens

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from authorizer.tools.explain.command import Options
    from authorizer.tools.explain.input_file import GivenToken
    from authorizer.tools.template import Document

_REGION: Final = "AWS::Region"
_POOL_ID: Final = re.compile(r"([a-z]{2,}(?:-[a-z]+)+-\d+)_[A-Za-z0-9]+", re.ASCII)
_ALONE: Final = (
    "leave out --config, --env-vars, --handler and --second-opinion: functions have their settings in their variables"
)


def answer(asked: Options, template: Path) -> int:
    """The exit status, after all was printed; `CommandError` for what cannot be explained."""
    given, question = read_question(asked)
    return told(asked, given, _scene(question, asked, template))


def read_question(asked: Options) -> tuple[GivenToken, Asked]:
    """The token, and what is asked of it; `CommandError` for an event, and for options that are of something else."""
    if any((asked.config, asked.env_vars, asked.handler, asked.pyjwt)):
        raise CommandError("APIs and settings of their own were given", _ALONE)
    given = read_input(asked.file, None)
    if isinstance(given, GivenEvent):
        hint = "give a file with the bare token, or leave out --template to explain the event"
        raise CommandError("an event is of one route, and this asks about all", hint)
    issuers = NoKeys() if asked.offline else FetchedKeys()
    return given, Asked(token=given.text, now=moment(asked.now), issuers=issuers, offline=asked.offline)


def told(asked: Options, given: GivenToken, scene: Scene) -> int:
    """The exit status, after the verdict of each route was printed."""
    found = verdicts(scene)
    said = decision(found)
    if asked.as_json:
        show_json(_document(asked, given, scene, [one.document() for one in found], said))
    else:
        _show_before(asked, given, scene)
        show_verdicts(found)
    return EXIT_STATUS[said]


def _scene(question: Asked, asked: Options, template: Path) -> Scene:
    parameters = pairs(asked.parameters, "--parameter")
    resources = pairs(asked.resources, "--resource")
    document = read_template(template, parameters)
    _check_resources(resources, document)
    region = _region(resources, question.claims)
    if region is not None and _REGION not in parameters and _pools(document):
        document = read_template(template, {**parameters, _REGION: region})
    for problem in document.problems:
        note(f"{template}: {problem}")
    return Scene(document=document, names=Names(document, resources), asked=question)


def pairs(texts: Sequence[str], option: str) -> dict[str, str]:
    """`Name=Value`, by name. What is none is not repeated: it may be anything."""
    found = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not name or not equals or re.fullmatch(r"[A-Za-z0-9:]{1,255}", name) is None:
            raise CommandError(f"{option} is no name with a value", f"{option} Name=Value, once for each")
        found[name] = value
    return found


def _region(resources: Mapping[str, str], claims: Mapping[str, Any]) -> str | None:
    """A pool of the template is in its Region: so who tells the pool has told the Region."""
    told = [match[1] for value in resources.values() if (match := _POOL_ID.fullmatch(value)) is not None]
    match = _POOL_ID.fullmatch(pool_of(claims) or "")
    return told[0] if told else match[1] if match is not None else None


def _pools(document: Document) -> list[str]:
    return [name for name, resource in document.resources.items() if resource.type == POOL]


def _check_resources(resources: Mapping[str, str], document: Document) -> None:
    for name in resources:
        if name not in document.resources:
            known = sorted(document.resources)
            hint = f"it may be {nearest(name, known)}" if known else "give a template with resources"
            raise CommandError(f"the template has no resource {name[:60]}", hint)


def _document(
    asked: Options, given: GivenToken, scene: Scene, routes: list[dict[str, Any]], said: str
) -> dict[str, Any]:
    return {
        "file": name_of(asked.file),
        "template": without_tokens(str(asked.template)) if asked.template is not None else None,
        "api": asked.deployed.id if asked.deployed is not None else None,
        "now": _time(scene),
        "offline": scene.asked.offline,
        "decision": said,
        "notes": [one.document() for one in given.notes],
        "routes": routes,
    }


def _show_before(asked: Options, given: GivenToken, scene: Scene) -> None:
    if asked.now is not None:
        show(f"as of {_time(scene)}")
    for one in given.notes:
        show(f"note {one.near_miss.value}: {one.near_miss.says} ({one.detail})")


def _time(scene: Scene) -> str:
    return f"{datetime.fromtimestamp(scene.asked.now, UTC):%Y-%m-%dT%H:%M:%SZ}"
