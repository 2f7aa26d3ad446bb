"""Spoils a copy of the sample events: one byte in five of them, and the answer to a sixth."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from authorizer.tools.demo.corpus import SampleEvent, load_events
from authorizer.tools.terminal import CommandError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

MODULE: Final = "spoiled_handler"
_ALLOW: Final = "allow-"
_SIGNATURE: Final = (
    rb"ey[\w-]+\.[\w-]+\.[\w-]{20,}?([A-Za-z0-9])"  # in the middle: the last character may hold unused bits
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoil:
    """Which event of an API is spoiled, and which byte: the one group of the pattern. It is a letter or a digit that
    becomes another one, so that the event stays JSON; but it means another thing."""

    api: str
    name: str  # the beginning of the file name
    pattern: bytes


SPOILS: Final = (
    Spoil(api="rest-token", name=_ALLOW, pattern=_SIGNATURE),
    Spoil(api="rest-token", name="token_expired", pattern=_SIGNATURE),
    Spoil(api="rest-request", name=_ALLOW, pattern=rb'"methodArn":\s*"arn:[^"]+:execute-ap(i)'),
    Spoil(api="websocket", name=_ALLOW, pattern=rb'"methodArn":\s*"[^"]+/\$conn(e)ct"'),
    Spoil(api="http-policy", name=_ALLOW, pattern=rb'"version":\s*"2\.(0)"'),
)
_ANSWERED: Final = Spoil(api="http-simple", name=_ALLOW, pattern=rb'"version":\s*"2\.(0)"')

_STUB: Final = '''\
"""The entry points of `authorizer.handler`, but for one event the answer is not quite right."""

import json
from pathlib import Path

from authorizer import handler

EVENT = json.loads(Path(__file__).with_name("spoiled_event.json").read_text("utf-8"))


def __getattr__(name):
    entry_point = getattr(handler, name)

    def spoiled(event, context):
        answer = entry_point(event, context)
        return {**answer, "isAuthorized": "true"} if event == EVENT else answer

    return spoiled
'''


def spoil_copy(events: Path, folder: Path) -> frozenset[str]:
    """Copies the events into the folder, spoils them there, and puts the module with the spoiled answer beside them. The
    labels of all that is spoiled. Scenarios are left out: they take their time, and show nothing more about the demo."""
    copy = folder / "events"
    shutil.copytree(events, copy, ignore=shutil.ignore_patterns("scenarios"))
    samples = load_events(copy)
    labels = [_spoil(copy, samples, spoil) for spoil in SPOILS]
    answered = _find(samples, _ANSWERED)
    (folder / "spoiled_event.json").write_bytes(answered.body)
    (folder / f"{MODULE}.py").write_text(_STUB, "utf-8")
    return frozenset({*labels, answered.label})


def _spoil(copy: Path, samples: Sequence[SampleEvent], spoil: Spoil) -> str:
    sample = _find(samples, spoil)
    match = re.search(spoil.pattern, sample.body)
    assert match is not None  # `_find` looked
    other = b"B" if match[1] == b"A" else b"A"
    body = sample.body[: match.start(1)] + other + sample.body[match.end(1) :]
    (copy / sample.api / f"{sample.name}.json").write_bytes(body)
    return sample.label


def _find(samples: Sequence[SampleEvent], spoil: Spoil) -> SampleEvent:
    for sample in samples:
        wanted = sample.api == spoil.api and sample.name.startswith(spoil.name)
        if wanted and "public" not in sample.name and re.search(spoil.pattern, sample.body):
            return sample
    message = f"there is no event {spoil.api}/{spoil.name}… that could be spoiled"
    raise CommandError(message, "`make events` makes them")
