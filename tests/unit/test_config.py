from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from authorizer import config
from authorizer.config import MIN_FINGERPRINT_KEY
from authorizer.errors import ConfigError
from tests.outcomes import problem_paths

if TYPE_CHECKING:
    from pathlib import Path

TOML = "[require]\nany_valid_token = true\n"


def test_file_is_read_and_others_are_relative_to_it(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(TOML)
    (tmp_path / "keys.json").write_bytes(b"{}")
    section = config.from_file(file)
    assert section.section("require").flag("any_valid_token", False)
    assert section.file("keys.json") == b"{}"
    assert section.section("require").file("keys.json") == b"{}"


@pytest.mark.parametrize("content", [b"\xff\xfe[", b"[require", b"a = 1\na = 2", b"a = nope"])
def test_file_that_is_no_toml_is_a_problem_that_names_it(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "settings.toml"
    file.write_bytes(content)
    (path,) = problem_paths(lambda: config.from_file(file))
    assert path.endswith("settings.toml")


def test_file_that_is_not_there_is_a_problem_that_names_it(tmp_path: Path) -> None:
    assert problem_paths(lambda: config.from_file(tmp_path / "none.toml")) == [str(tmp_path / "none.toml")]
    assert problem_paths(lambda: config.from_file(tmp_path)) == [str(tmp_path)]


def test_environment_may_hold_the_text() -> None:
    assert "require" in config.from_environment({"AUTHORIZER_CONFIG": TOML})
    assert problem_paths(lambda: config.from_environment({"AUTHORIZER_CONFIG": "["})) == ["AUTHORIZER_CONFIG"]


def test_environment_may_name_a_file_beside_the_code(tmp_path: Path) -> None:
    (tmp_path / "other.toml").write_text(TOML)
    environ = {"LAMBDA_TASK_ROOT": str(tmp_path), "AUTHORIZER_CONFIG_FILE": "other.toml"}
    assert "require" in config.from_environment(environ)
    environ["AUTHORIZER_CONFIG_FILE"] = str(tmp_path / "other.toml")
    assert "require" in config.from_environment(environ)


def test_without_variables_the_file_beside_the_code_is_read(tmp_path: Path) -> None:
    environ = {"LAMBDA_TASK_ROOT": str(tmp_path), "AUTHORIZER_CONFIG": "", "AUTHORIZER_SCOPES": ""}
    assert problem_paths(lambda: config.from_environment(environ)) == [str(tmp_path / "authorizer.toml")]
    (tmp_path / "authorizer.toml").write_text(TOML)
    assert "require" in config.from_environment(environ)


@pytest.mark.parametrize(
    "environ",
    [
        {"AUTHORIZER_CONFIG": TOML, "AUTHORIZER_CONFIG_FILE": "x.toml"},
        {"AUTHORIZER_CONFIG": TOML, "AUTHORIZER_SCOPES": "a"},
        {"AUTHORIZER_CONFIG_FILE": "x.toml", "AUTHORIZER_ISSUER": "https://x/"},
        {"AUTHORIZER_CONFIG": TOML, "AUTHORIZER_SCOPE": "a"},
    ],
    ids=" and ".join,
)
def test_two_sources_are_a_problem_that_names_both(environ: dict[str, str]) -> None:
    with pytest.raises(ConfigError) as caught:
        config.from_environment(environ)
    (problem,) = caught.value.problems
    assert (problem.path, problem.found) == ("environment", " and ".join(environ))


def test_fingerprint_key_goes_with_every_source() -> None:
    key = {"AUTHORIZER_FINGERPRINT_KEY": "k" * MIN_FINGERPRINT_KEY}
    assert "require" in config.from_environment({"AUTHORIZER_CONFIG": TOML} | key)
    assert "require" in config.from_environment({"AUTHORIZER_SCOPES": "a"} | key)


@pytest.mark.parametrize("length", [MIN_FINGERPRINT_KEY, MIN_FINGERPRINT_KEY + 1, 500])
def test_fingerprint_key_is_taken_as_it_is(length: int) -> None:
    assert config.fingerprint_key({"AUTHORIZER_FINGERPRINT_KEY": "é" * length}) == ("é" * length).encode()


@pytest.mark.parametrize("length", [1, MIN_FINGERPRINT_KEY - 1])
def test_short_fingerprint_key_is_a_problem_that_does_not_show_it(length: int) -> None:
    with pytest.raises(ConfigError) as caught:
        config.fingerprint_key({"AUTHORIZER_FINGERPRINT_KEY": "s3cr" * 8 if length > 32 else "q" * length})
    assert [problem.path for problem in caught.value.problems] == ["AUTHORIZER_FINGERPRINT_KEY"]
    assert "qq" not in str(caught.value)


@pytest.mark.parametrize("environ", [{}, {"AUTHORIZER_FINGERPRINT_KEY": ""}])
def test_without_a_fingerprint_key_each_environment_has_its_own(environ: dict[str, str]) -> None:
    made = {config.fingerprint_key(environ) for _ in range(10)}
    assert len(made) == 10
    assert {len(key) for key in made} == {32}


def test_shadow_file_goes_with_every_source_and_is_beside_the_code(tmp_path: Path) -> None:
    (tmp_path / "next.toml").write_text(TOML)
    environ = {"LAMBDA_TASK_ROOT": str(tmp_path), "AUTHORIZER_CONFIG": TOML, "AUTHORIZER_SHADOW_FILE": "next.toml"}
    assert "require" in config.from_environment(environ)
    assert config.shadow_file(environ) == str(tmp_path / "next.toml")
    assert "require" in config.from_shadow_file(environ)
    environ["AUTHORIZER_SHADOW_FILE"] = str(tmp_path / "next.toml")
    assert "require" in config.from_shadow_file(environ)


@pytest.mark.parametrize("environ", [{}, {"AUTHORIZER_SHADOW_FILE": ""}, {"LAMBDA_TASK_ROOT": "/x"}])
def test_without_a_shadow_file_there_is_none(environ: dict[str, str]) -> None:
    assert config.shadow_file(environ) == ""


def test_shadow_gets_the_time_to_live_of_the_deployment(tmp_path: Path) -> None:
    (tmp_path / "next.toml").write_text(TOML)
    environ = {"LAMBDA_TASK_ROOT": str(tmp_path), "AUTHORIZER_SHADOW_FILE": "next.toml", "AUTHORIZER_CACHE_TTL": "300"}
    assert config.from_shadow_file(environ).section("cache").raw("ttl") == 300


def test_shadow_file_that_is_not_there_is_a_problem_that_names_it(tmp_path: Path) -> None:
    environ = {"AUTHORIZER_SHADOW_FILE": str(tmp_path / "none.toml")}
    assert problem_paths(lambda: config.from_shadow_file(environ)) == [str(tmp_path / "none.toml")]
