"""The catalogue is whole: every entry can be reached, and names what there is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from authorizer.reasons import Reason
from authorizer.tools.doctor.catalogue import catalogue
from authorizer.tools.why import appearances as appearances_module
from authorizer.tools.why import causes as causes_module
from authorizer.tools.why.appearances import API_TYPES, Appearance, appearances
from authorizer.tools.why.causes import Cause, causes
from authorizer.tools.why.doctor_findings import doctor_findings

if TYPE_CHECKING:
    from pathlib import Path

WRITTEN = [one for one in causes().values() if one.reason is None]
NO_REQUEST = {37, 38, 54, 68, 69}  # rows about missing logs, changed responses, and what is refused at its creation
COMMANDS = re.compile(r"(authorizer (doctor|explain|reasons|invoke|policy|serve|config|keys)|aws|curl) ?")


def test_there_are_enough() -> None:
    assert len(WRITTEN) >= 60
    assert len(causes()) == len(WRITTEN) + len(Reason)


def test_every_row_of_the_tree_of_failures_has_a_cause() -> None:
    assert {row for one in WRITTEN for row in one.rows} == set(range(1, 94)) - NO_REQUEST


@pytest.mark.parametrize("cause", WRITTEN, ids=lambda one: one.code)
def test_entry_is_for_people(cause: Cause) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9_]+", cause.code)
    assert cause.apis
    assert cause.client
    assert len(cause.fix) <= 160
    assert all(COMMANDS.match(one) for one in cause.see)


@pytest.mark.parametrize("cause", WRITTEN, ids=lambda one: one.code)
def test_finding_is_one_of_the_doctor(cause: Cause) -> None:
    assert cause.finding is None or cause.finding in catalogue()
    assert (cause.code in catalogue()) <= (cause.finding == cause.code)
    assert set(doctor_findings(cause)) <= catalogue().keys()


def test_finding_comes_before_those_of_the_same_rows() -> None:
    found = doctor_findings(causes()["authorizer_permission_missing"])
    assert found[0] == "authorizer_permission_missing"
    assert len(set(found)) == len(found)


@pytest.mark.parametrize("appearance", appearances().values(), ids=lambda one: one.code)
def test_every_appearance_has_a_cause(appearance: Appearance) -> None:
    assert [one.code for one in WRITTEN if appearance.code in one.client]
    assert appearance.apis
    assert appearance.backend or appearance.status or appearance.message


@pytest.mark.parametrize("reason", Reason, ids=lambda one: one.value)
def test_every_reason_is_a_cause(reason: Reason) -> None:
    cause = causes()[reason.value]
    assert (cause.reason, cause.fix) == (reason.value, reason.remedy.fix)
    assert cause.apis == API_TYPES


@pytest.mark.parametrize(
    "text",
    [
        '[a]\ntitle = "a"',
        '[a]\ntitle = "a"\nwhy = "a"\nfix = "a"\nsource = "a"\nother = 1',
        '[a]\ntitle = "a"\nwhy = "a"\nfix = "a"\nsource = "a"\ndecides = "perhaps"',
        '[a]\ntitle = "a"\nwhy = "a"\nfix = "a"\nsource = "a"\nexecution = [{ all = ["("] }]',
        '[a]\ntitle = "a"\nwhy = "a"\nfix = "a"\nsource = "a"\naccess = [{ status = "[" }]',
        '[token_expired]\ntitle = "a"\nwhy = "a"\nfix = "a"\nsource = "a"',
    ],
)
def test_entry_that_is_not_whole_is_refused(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "causes.toml"
    file.write_text(text, "utf-8")
    monkeypatch.setattr(causes_module, "FILE", file)
    with pytest.raises(ValueError, match=r"causes\.toml|expression"):
        causes_module.causes.__wrapped__()


@pytest.mark.parametrize(
    "text", ['[a]\napi = "rest"', '[a]\napi = "rest"\nsource = "a"\nmessage = "("', '[a]\nsource = "a"']
)
def test_appearance_that_is_not_whole_is_refused(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "appearances.toml"
    file.write_text(text, "utf-8")
    monkeypatch.setattr(appearances_module, "FILE", file)
    with pytest.raises(ValueError, match=r"appearances\.toml|expression"):
        appearances_module.appearances.__wrapped__()
