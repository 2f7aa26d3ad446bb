"""The sample events of the project, each with the surfaces that its entry point answers."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from authorizer.tools.demo.corpus import SampleEvent, load_events
from authorizer.tools.function_environment import PROJECT
from tests.entries import ENTRIES
from tests.pipelines import SURFACES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from authorizer.surface import Surface

EVENTS = PROJECT / "events"


@cache
def samples() -> list[SampleEvent]:
    return load_events(EVENTS)


def answered(sample: SampleEvent) -> Sequence[Surface]:
    """What the entry point of the sample's folder answers."""
    return SURFACES[sample.entry_point.attribute]


def surface_of(sample: SampleEvent) -> Surface:
    """What the folder's name says that the events in it are."""
    return next(entry.surface for entry in ENTRIES if entry.name == sample.api)
