"""One known mistake in a template that has none: what the doctor must find, and that it finds nothing else."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from authorizer.tools.doctor.examination import examined
from authorizer.tools.doctor.view import View
from authorizer.tools.template import read_template

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from authorizer.tools.template_check.finding import Finding

BASES = Path(__file__).with_name("bases")
Template = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutation:
    """`base` is a file in bases/, written with long intrinsics only; `edit` changes its document in place; `files` are files
    beside the template, by name, in place of those of the base (its folder of the same name without .yaml, if any)."""

    name: str
    base: str
    edit: Callable[[Template], object]
    code: str
    files: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.name


def bases() -> list[str]:
    """All templates that are right."""
    return sorted(one.name for one in BASES.glob("*.yaml"))


def findings(folder: Path, base: str, edit: Callable[[Template], object], files: Mapping[str, str]) -> list[Finding]:
    """What the doctor says of a base after an edit."""
    template: Template = yaml.safe_load((BASES / base).read_text("utf-8"))
    edit(template)
    beside = {one.name: one.read_text("utf-8") for one in (BASES / base.removesuffix(".yaml")).glob("*.py")}
    for name, text in {**beside, **files}.items():
        (folder / name).write_text(text, "utf-8")
    (folder / "template.json").write_text(json.dumps(template), "utf-8")
    return list(examined(View(document=read_template(folder / "template.json"))).findings)
