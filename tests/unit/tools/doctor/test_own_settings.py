"""What the check of our own settings can say is in the catalogue, and our own template has none of the errors."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from authorizer.tools import template as reading
from authorizer.tools import template_check
from authorizer.tools.doctor.catalogue import FOLDER, catalogue
from authorizer.tools.doctor.examination import examined
from authorizer.tools.doctor.view import View
from authorizer.tools.template import read_template
from authorizer.tools.template_check.finding import Severity
from authorizer.tools.template_check.unread import HINTS, LOST

ROOT = Path(__file__).resolve().parents[4]
_CODE = re.compile(r'(?:finding|_lacking|Finding)\(\s*(?:one,\s*)?(?:code=)?"([a-z_]+)"|code="([a-z_]+)"')
_LESS = {  # what is never an error
    "token_header_differs": Severity.WARNING,
    "public_route_needs_source": Severity.WARNING,
    "rule_without_route": Severity.WARNING,
    "route_without_authorizer": Severity.WARNING,
    "credential_unreachable": Severity.NOTE,
    "source_unread": Severity.NOTE,
}
_PROBLEM = re.compile(r'Problem\(\s*"([a-z_]+)"')


def _sources(package: str) -> str:
    return "\n".join(one.read_text("utf-8") for one in sorted(Path(package).glob("*.py")))


def _codes() -> set[str]:
    (check,) = template_check.__path__
    return {one or other for one, other in _CODE.findall(_sources(check))}


def _problems() -> set[str]:
    (folder,) = reading.__path__
    return set(_PROBLEM.findall(_sources(folder)))


def test_codes_are_found_in_the_source() -> None:
    assert {"ttl_differs", "path_not_in_key", "source_unread", "route_without_rule", "handler_unknown"} <= _codes()
    assert {"body_elsewhere", "authorizers_several"} <= _problems()


@pytest.mark.parametrize("code", sorted({*_codes(), *LOST, *(_problems() - set(HINTS))}))
def test_code_has_an_entry(code: str) -> None:
    assert code in catalogue()


def test_entries_are_of_codes_that_there_are() -> None:
    own = tomllib.loads((FOLDER / "own_settings.toml").read_text("utf-8"))
    assert own.keys() == {*_codes(), *LOST}


@pytest.mark.parametrize("code", sorted({*_codes(), *LOST}))
def test_severity_is_the_worst_that_the_check_gives(code: str) -> None:
    assert catalogue()[code].severity is _LESS.get(code, Severity.ERROR)


def test_own_template_has_no_error() -> None:
    found = examined(View(document=read_template(ROOT / "template.yaml", {"SampleApi": "yes"})))
    assert [str(one) for one in found.findings if one.severity is Severity.ERROR] == []
    assert found.status == 0
    assert found.apis == 3


@pytest.mark.parametrize(
    "template", sorted((ROOT / "examples").rglob("template.yaml")), ids=lambda one: one.parent.name
)
def test_examples_have_no_error(template: Path) -> None:
    found = examined(View(document=read_template(template)))
    assert [str(one) for one in found.findings if one.severity is Severity.ERROR] == []


def test_fixes_are_all_different() -> None:
    fixes = [entry.fix for entry in catalogue().values()]
    assert sorted(fixes) == sorted(set(fixes))
