"""Which entry point an event is for."""

from __future__ import annotations

import pytest

from authorizer import handler
from authorizer.tools.entry_point import APIS, EntryPoint, called_arn, entry_point_of
from tests.unit.tools.sample_project import BUILDERS

BY_SHAPE = {**APIS, "http-policy": EntryPoint.HTTP}  # its events are those of http-simple


@pytest.mark.parametrize("api", APIS)
def test_every_event_is_known_by_its_shape(api: str) -> None:
    assert entry_point_of(BUILDERS[api]()) is BY_SHAPE[api]


@pytest.mark.parametrize("api", APIS)
def test_the_folder_decides_before_the_shape(api: str) -> None:
    assert entry_point_of({}, api) is APIS[api]


@pytest.mark.parametrize("event", [None, [], {}, {"type": "OTHER"}, {"version": "3.0", "type": "REQUEST"}])
def test_what_has_no_known_shape_has_no_entry_point(event: object) -> None:
    assert entry_point_of(event) is None


@pytest.mark.parametrize("entry_point", EntryPoint)
def test_every_entry_point_is_a_method_of_the_authorizer(entry_point: EntryPoint) -> None:
    module, _, attribute = entry_point.handler().rpartition(".")
    assert module == handler.__name__
    assert callable(getattr(handler.Authorizer, attribute))


@pytest.mark.parametrize("api", APIS)
def test_every_event_names_the_called_method(api: str) -> None:
    assert str(called_arn(BUILDERS[api]())).startswith("arn:aws:execute-api:")
