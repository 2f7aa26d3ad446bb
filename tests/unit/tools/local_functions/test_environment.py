"""What a function of a template is run with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from authorizer.tools.env_file import read_all
from authorizer.tools.function_environment import PROJECT, FunctionEnvironment
from authorizer.tools.local_functions.code import Code
from authorizer.tools.local_functions.environment import environment, environment_of_override
from authorizer.tools.local_functions.setup import Setup
from tests.unit.tools.local_functions.projects import document, function

CODE = Code(handler="app.handler", task_root=Path("/code"), import_paths=(Path("/code"), Path("/layer")))


def built(folder: Path, setup: Setup | None = None, **properties: Any) -> FunctionEnvironment:
    read = document(folder, One=function(Code="src", **properties))
    return environment(read.functions[0], CODE, read, setup or Setup())


def test_limits_and_names_are_the_templates(tmp_path: Path) -> None:
    variables = built(tmp_path, FunctionName="orders", Timeout=9, MemorySize=256).build()
    assert variables["AWS_LAMBDA_FUNCTION_NAME"] == "orders"
    assert variables["AWS_LAMBDA_FUNCTION_TIMEOUT"] == "9"
    assert variables["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] == "256"
    assert variables["AWS_REGION"] == variables["AWS_DEFAULT_REGION"] == "us-east-1"
    assert variables["LAMBDA_TASK_ROOT"] == "/code"
    assert variables["_HANDLER"] == "app.handler"


def test_defaults_are_those_of_aws_and_the_logical_id(tmp_path: Path) -> None:
    found = built(tmp_path, Timeout=None)
    assert (found.timeout, found.memory, found.name) == (3, 128, "One")


def test_region_may_be_given(tmp_path: Path) -> None:
    assert built(tmp_path, Setup(region="eu-north-1")).region == "eu-north-1"


def test_what_the_template_does_not_tell_is_resolved(tmp_path: Path) -> None:
    asked = {"Ref": "Elsewhere"}
    given = {"Environment": {"Variables": {"A": asked, "B": "as it is"}}, "FunctionName": asked}
    found = built(tmp_path, Setup(resolve=lambda text: f"<{text}>"), **given, MemorySize=asked)
    assert (found.variables["A"], found.variables["B"]) == ("<${Ref Elsewhere}>", "as it is")
    assert found.name == "<${Ref Elsewhere}>"
    assert found.memory == 128


def test_limit_that_is_resolved_to_a_number_counts(tmp_path: Path) -> None:
    assert built(tmp_path, Setup(resolve=lambda _: "7"), Timeout={"Ref": "Elsewhere"}).timeout == 7


def test_variables_of_a_file_count_more_and_extra_most(tmp_path: Path) -> None:
    file = tmp_path / "env.json"
    shared = {"A": "all", "B": "all", "C": "all", "D": "all"}
    file.write_text(json.dumps({"Parameters": shared, "One": {"B": 1, "C": "own"}, "Other": {"D": "other"}}))
    setup = Setup(variables=read_all(file), extra={"C": "extra"})
    found = built(tmp_path, setup, Environment={"Variables": {"A": "template", "E": "template"}}).variables
    assert [found[name] for name in "ABCDE"] == ["all", "1", "extra", "all", "template"]


def test_variables_may_be_given_by_the_functions_name(tmp_path: Path) -> None:
    setup = Setup(variables={"orders": {"A": "named"}})
    assert built(tmp_path, setup, FunctionName="orders").variables["A"] == "named"


def test_import_paths_are_extra_then_code_then_the_functions_own(tmp_path: Path) -> None:
    setup = Setup(extra_import_paths=(Path("/extra"),))
    variables = {"PYTHONPATH": "/var/task/vendored:other:/opt/python"}
    found = built(tmp_path, setup, Environment={"Variables": variables})
    own = ("/code/vendored", "/code/other", "/opt/python")
    assert found.import_paths == tuple(map(Path, ("/extra", "/code", "/layer", *own)))
    assert str(PROJECT) in found.build()["PYTHONPATH"]


def test_override_knows_the_function_that_it_stands_for(tmp_path: Path) -> None:
    read = document(tmp_path, One=function(Code="src", FunctionName="orders", Timeout=9, MemorySize=256))
    found = environment_of_override("orders", read.functions[0], read, Setup())
    assert (found.name, found.timeout, found.memory) == ("orders", 9, 256)
    assert environment_of_override("elsewhere", None, read, Setup()).name == "elsewhere"
