"""Every known mistake of a deployment is found, as exactly that; where nothing is wrong, nothing is found."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from authorizer.tools.doctor.catalogue import FOLDER
from tests.unit.tools.doctor.deployed.asking import APIS, codes, examination
from tests.unit.tools.doctor.deployed.mistakes import OWN, SEVERAL, SHARED, Mistake
from tests.unit.tools.doctor.deployed.right import right
from tests.unit.tools.doctor.deployed.test_issuers import ISSUER_MISTAKES

TOLD = set(tomllib.loads(Path(FOLDER, "deployed.toml").read_text("utf-8")))


@pytest.mark.parametrize("api", APIS)
def test_nothing_is_found_where_nothing_is_wrong(api: str) -> None:
    found = examination(right(), api)
    assert [str(one) for one in found.findings] == []
    assert found.unseen == []
    assert (found.status, found.apis) == (0, 1)


@pytest.mark.parametrize("mistake", [*OWN, *SHARED], ids=str)
def test_mistake_is_found_as_what_it_is(mistake: Mistake) -> None:
    account = right()
    mistake.edit(account)
    found = examination(account, mistake.api, mistake.get)
    assert {one.code for one in found.findings} == {mistake.code}, [str(one) for one in found.findings]
    assert found.unseen == []


@pytest.mark.parametrize("name", SEVERAL)
def test_mistake_that_is_several_things(name: str) -> None:
    api, edit, expected = SEVERAL[name]
    account = right()
    edit(account)
    assert codes(account, api) == expected


def test_every_code_has_a_mistake() -> None:
    assert {one.code for one in OWN} | ISSUER_MISTAKES == TOLD
