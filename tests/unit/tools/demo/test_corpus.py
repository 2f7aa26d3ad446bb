"""What the names of sample events promise, and that nothing is skipped."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from authorizer.reasons import Class, Reason
from authorizer.tools.demo.corpus import Expected, load_events
from authorizer.tools.entry_point import APIS
from authorizer.tools.terminal import CommandError

if TYPE_CHECKING:
    from pathlib import Path

OUTCOMES = {Class.AUTHN: "authn", Class.AUTHZ: "authz"}


@pytest.mark.parametrize("reason", Reason, ids=lambda reason: reason.value)
def test_every_reason_is_a_name(reason: Reason) -> None:
    assert Expected.of(reason.value) == Expected.of(f"{reason.value}--variant") == Expected(reason)
    assert Expected(reason).outcome == OUTCOMES.get(reason.klass, "error")


def test_allow_is_a_name() -> None:
    assert Expected.of("allow-anything") == Expected(None)
    assert Expected(None).outcome == "allow"


@pytest.mark.parametrize("name", ["", "token_expire", "deny", "allowed", "token_expired-variant"])
def test_other_names_promise_nothing(name: str) -> None:
    with pytest.raises(ValueError, match="neither"):
        Expected.of(name)


def test_events_are_loaded_by_api_and_name(events: Path) -> None:
    loaded = load_events(events)
    assert {event.api for event in loaded} == set(APIS)
    assert [(event.api, event.name) for event in loaded] == sorted((event.api, event.name) for event in loaded)


@pytest.mark.parametrize("stray", ["rest-token/unheard_of.json", "rest-token/token_expired--x.json", "soap/x.json"])
def test_stray_file_fails_the_run(events: Path, stray: str) -> None:
    (events / stray).parent.mkdir(exist_ok=True)
    (events / stray).write_text("no JSON")
    with pytest.raises(CommandError):
        load_events(events)


@pytest.mark.parametrize("folder", [".", "none"])
def test_no_events_is_an_error(tmp_path: Path, folder: str) -> None:
    with pytest.raises(CommandError):
        load_events(tmp_path / folder)
