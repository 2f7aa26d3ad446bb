"""There is a schema for each API and outcome, each is a schema, and each is strict."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator

from authorizer.tools.demo.schemas import Schemas
from authorizer.tools.entry_point import APIS
from authorizer.tools.function_environment import PROJECT
from authorizer.tools.terminal import CommandError

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = PROJECT / "events" / "schema"
OUTCOMES = ("allow", "authn", "authz", "error")
NAMES = [f"{api}.{outcome}.json" for api in APIS for outcome in OUTCOMES]


def test_there_is_one_per_api_and_outcome_and_no_other() -> None:
    assert sorted(file.name for file in FOLDER.glob("*.json")) == sorted([*NAMES, "answers.json", "scenario.json"])


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.json")), ids=lambda file: file.stem)
def test_each_is_a_schema(file: Path) -> None:
    Draft202012Validator.check_schema(json.loads(file.read_text()))


@pytest.mark.parametrize("outcome", OUTCOMES)
@pytest.mark.parametrize("api", APIS)
@pytest.mark.parametrize("document", [None, {}, [], {"isAuthorized": True, "policyDocument": {}}, {"statusCode": 401}])
def test_none_takes_anything(api: str, outcome: str, document: object) -> None:
    assert Schemas(FOLDER).answer_problems(document, api, outcome)


def test_missing_schema_is_an_error() -> None:
    with pytest.raises(CommandError):
        Schemas(FOLDER).answer_problems({}, "soap", "allow")
