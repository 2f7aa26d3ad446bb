"""The JSON Schemas that answers and decision lines are held against."""

from __future__ import annotations

import json
from functools import cached_property
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from authorizer.tools.terminal import CommandError

if TYPE_CHECKING:
    from pathlib import Path

_SHARED = "answers.json"
_MAX_MESSAGE = 200  # characters: a message quotes what it complains about


class Schemas:
    """The schemas in a folder: `<api>.<outcome>.json`, written by hand, and strict."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._validators: dict[str, Draft202012Validator] = {}

    def answer_problems(self, document: object, api: str, outcome: str) -> list[str]:
        """What is wrong with an answer, or an error, for this API and outcome."""
        return _problems(self._validator(f"{api}.{outcome}.json"), document)

    def line_problems(self, line: object) -> list[str]:
        """What is wrong with a decision line."""
        return _problems(self._line, line)

    def scenario_problems(self, document: object) -> list[str]:
        """What is wrong with a scenario file."""
        return _problems(self._validator("scenario.json"), document)

    @cached_property
    def _line(self) -> Draft202012Validator:
        text = files("authorizer").joinpath("decision.schema.json").read_text("utf-8")
        return Draft202012Validator(json.loads(text))

    def _validator(self, name: str) -> Draft202012Validator:
        if name not in self._validators:
            self._validators[name] = Draft202012Validator(self._read(name), registry=self._registry)
        return self._validators[name]

    @cached_property
    def _registry(self) -> Registry[Any]:
        empty: Registry[Any] = Registry()
        registry: Registry[Any] = empty.with_resource(_SHARED, Resource.from_contents(self._read(_SHARED)))
        return registry

    def _read(self, name: str) -> Any:
        file = self._folder / name
        try:
            return json.loads(file.read_text("utf-8"))
        except (OSError, ValueError) as error:
            message = f"the schema {file} cannot be read ({type(error).__name__})"
            raise CommandError(message, "events/schema has one file per API and outcome") from error


def _problems(validator: Draft202012Validator, document: object) -> list[str]:
    return [f"{error.json_path}: {error.message[:_MAX_MESSAGE]}" for error in validator.iter_errors(document)]
