"""Which code of a function is read: its own, and not what is installed beside it, and never anything that is executed."""

from __future__ import annotations

import json
from textwrap import dedent
from typing import TYPE_CHECKING, Any

import pytest

from authorizer.tools.doctor.code_flow import Frame, returned, values
from authorizer.tools.doctor.code_paths import path_of
from authorizer.tools.doctor.code_tables import answers
from authorizer.tools.doctor.handler_code import fault_of, program_of
from authorizer.tools.doctor.view import View
from authorizer.tools.template import read_template

if TYPE_CHECKING:
    from pathlib import Path

    from authorizer.tools.doctor.handler_code import Program

_ANSWER = "def handler(event, context):\n    return {'isAuthorized': True}\n"


def _view(folder: Path, files: dict[str, str], **properties: Any) -> View:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(dedent(text), "utf-8")
    given = {"Runtime": "python3.11", "Handler": "app.handler", "Code": ".", **properties}
    template = {"Resources": {"Auth": {"Type": "AWS::Lambda::Function", "Properties": given}}}
    (folder / "template.json").write_text(json.dumps(template), "utf-8")
    return View(document=read_template(folder / "template.json"))


def _program(folder: Path, files: dict[str, str], **properties: Any) -> Program | None:
    view = _view(folder, files, **properties)
    return program_of(view, view.document.functions[0])


def _returned(folder: Path, code: str) -> list[str]:
    """All literal texts that a handler may return."""
    program = _program(folder, {"app.py": code})
    assert program is not None
    assert program.handler is not None
    frame = Frame(program, program.handler)
    return sorted(str(one.text) for at in returned(frame) for one in values(at))


def test_own_modules_are_followed(tmp_path: Path) -> None:
    files = {
        "app.py": "from lib import tokens\nfrom lib.more import other\nimport lib.tokens\n" + _ANSWER,
        "lib/__init__.py": "",
        "lib/tokens.py": "from . import keys\n",
        "lib/more.py": "from .keys import KEY\n",
        "lib/keys.py": "KEY = 'k'\n",
        "unused.py": "",
    }
    program = _program(tmp_path, files)
    assert program is not None
    assert sorted(one.name for one in program.modules) == [
        *("app.py", "lib/__init__.py", "lib/keys.py", "lib/more.py", "lib/tokens.py"),
    ]


def test_installed_packages_are_not_followed(tmp_path: Path) -> None:
    files = {
        "app.py": "import jwt, vendored, single, own\n" + _ANSWER,
        "jwt/__init__.py": "",
        "vendored/__init__.py": "",
        "single.py": "",
        "own.py": "",
        "vendored-1.0.dist-info/RECORD": "vendored/__init__.py,sha256=x,0\nsingle.py,,\n",
    }
    program = _program(tmp_path, files)
    assert program is not None
    assert [one.name for one in program.modules] == ["app.py", "own.py"]


def test_handler_in_a_folder(tmp_path: Path) -> None:
    program = _program(tmp_path, {"src/auth/app.py": _ANSWER}, Handler="src/auth/app.handler")
    assert program is not None
    assert program.handler is not None
    assert program.where(program.handler) == "src/auth/app.py:1"


@pytest.mark.parametrize(
    "properties",
    [
        {"Runtime": "nodejs22.x"},
        {"Handler": "authorizer.handler.rest"},
        {"Handler": "other.handler"},
        {"Handler": {"Ref": "Unknown"}},
        {"Code": {"S3Bucket": "a", "S3Key": "b"}},
        {"Code": "missing"},
        {"Code": {"ZipFile": _ANSWER}},  # whose module is index
    ],
)
def test_code_that_is_not_here(tmp_path: Path, properties: dict[str, Any]) -> None:
    assert _program(tmp_path, {"app.py": _ANSWER}, **properties) is None


def test_code_that_is_too_large(tmp_path: Path) -> None:
    assert _program(tmp_path, {"app.py": "#" * 200_000 + "\n" + _ANSWER}) is None


@pytest.mark.parametrize(("runtime", "expected"), [("python3.11", True), ("python3.99", False)])
def test_fault_counts_for_a_python_that_is_known(tmp_path: Path, runtime: str, *, expected: bool) -> None:
    view = _view(tmp_path, {"app.py": "def handler(event, context)\n"}, Runtime=runtime)
    assert (fault_of(view, view.document.functions[0]) is not None) is expected
    assert program_of(view, view.document.functions[0]) is None


@pytest.mark.parametrize("text", ["\0", "(" * 5000, "x = '\\d'\n"])
def test_odd_text_is_no_failure(tmp_path: Path, text: str) -> None:
    view = _view(tmp_path, {"app.py": text})
    fault_of(view, view.document.functions[0])
    program_of(view, view.document.functions[0])


@pytest.mark.parametrize("first", ["@app.middleware\n", "async ", ""])
def test_handler_that_others_change_is_not_followed(tmp_path: Path, first: str) -> None:
    text = first + (_ANSWER if first else "def handler(event, context):\n    yield 1\n")
    program = _program(tmp_path, {"app.py": text})
    assert program is not None
    assert program.handler is None
    assert answers(program) == []


def test_values_of_names_and_calls(tmp_path: Path) -> None:
    code = """
    TOP = "top"

    def inner(one, two="default", *, three):
        if one:
            return two
        return three

    def handler(event, context):
        if event:
            found = "a" if context else "b"
            return found
        if context:
            return TOP
        return inner(event, three="keyword")
    """
    assert _returned(tmp_path, code) == ["a", "b", "default", "keyword", "top"]


@pytest.mark.parametrize(
    "body",
    [
        'for found in ("a", "b"):\n        pass\n    return found',
        'found = "a"\n    found += "b"\n    return found',
        "found, _ = event\n    return found",
        "return handler(event, context)",
        "return missing",
        'x = "a"\n    y = x if event else y\n    return y if event else 1',
    ],
)
def test_what_is_not_plain_stays_unclear(tmp_path: Path, body: str) -> None:
    assert "b" not in _returned(tmp_path, f"def handler(event, context):\n    {body}\n")


def test_way_into_the_event(tmp_path: Path) -> None:
    code = """
    def inner(found):
        return found.get("authorization")

    def handler(event, context):
        headers = event.get("headers") or {}
        return inner(headers)
    """
    program = _program(tmp_path, {"app.py": code})
    assert program is not None
    assert program.handler is not None
    frame = Frame(program, program.handler)
    (found,) = [one for at in returned(frame) for one in values(at)]
    assert path_of(found) == ("headers", "authorization")


def test_event_that_is_replaced_is_no_event(tmp_path: Path) -> None:
    code = "def handler(event, context):\n    event = load(event)\n    return event['headers']\n"
    program = _program(tmp_path, {"app.py": code})
    assert program is not None
    assert program.handler is not None
    (found,) = returned(Frame(program, program.handler))
    assert path_of(found) is None


def test_tables_are_filled_by_steps(tmp_path: Path) -> None:
    code = """
    def handler(event, context):
        found = dict(one="a", **event)
        found["two"] = "b" if event else "c"
        return found
    """
    program = _program(tmp_path, {"app.py": code})
    assert program is not None
    (table,) = answers(program)
    assert {key: [one.text for one in table.values(key)] for key in table.items} == {"one": ["a"], "two": ["b", "c"]}
    assert not table.whole


@pytest.mark.parametrize(
    ("code", "texts"),
    [
        ("def other():\n    return 'other'\n" + _ANSWER, set()),
        ("def other():\n    return 'other'\nFOUND = {'isAuthorized': other}\n" + _ANSWER, {"other"}),
        ("def other():\n    return more()\ndef more():\n    return 'more'\n" + _ANSWER, set()),
        ("class Other:\n    text = 'other'\n" + _ANSWER, set()),
        ("@app.get\ndef other():\n    return 'other'\n" + _ANSWER, {"other"}),
        (
            "@logger.inject_lambda_context(log_event=True)\ndef other(event, context):\n    return 'other'\n" + _ANSWER,
            set(),
        ),
        ("def other():\n    return 'other'\nif True:\n    other()\n" + _ANSWER, {"other"}),
        ("from lib import other as one\none()\n" + _ANSWER, {"library"}),
        ("import lib\nlib.other()\n" + _ANSWER, {"library"}),
        ("import lib\ngetattr(lib, 'other')()\n" + _ANSWER, {"library", "other"}),
        ("from lib import other\n" + _ANSWER, set()),
        ("def other():\n    return 'other'\nhandler = print\n", {"other"}),
    ],
)
def test_what_the_handler_does_not_come_to_does_not_count(tmp_path: Path, code: str, texts: set[str]) -> None:
    program = _program(tmp_path, {"app.py": code, "lib.py": "def other():\n    return 'library'\n"})
    assert program is not None
    assert program.texts - {"isAuthorized"} == texts
