"""The functions of a template, invoked as API Gateway invokes them."""

from __future__ import annotations

import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from authorizer.tools.invocation import GATEWAY_TIMEOUT
from authorizer.tools.local_functions.local_functions import NOT_HERE, LocalFunctions
from authorizer.tools.local_functions.setup import Setup
from tests.unit.tools.local_functions.projects import ECHO, document, function, sam_function

if TYPE_CHECKING:
    from authorizer.tools.invocation import Invocation

LONG = 20.0
NAME = "import os, sys\n\ndef handler(event, context):\n    return {!r}\n"
FUNCTION = """
import decimal, os, sys, threading

def handler(event, context):
    return globals()[event["do"]](event, context)

def fail(event, context):
    raise ValueError("wrong")

def end(event, context):
    os._exit(3)

def hang(event, context):
    print("before", flush=False)
    threading.Event().wait()

def say(event, context):
    print("out")
    print("err", file=sys.stderr)
    sys.stdout.write("no line end")

def about(event, context):
    return {"name": context.function_name, "memory": context.memory_limit_in_mb, "left":
            context.get_remaining_time_in_millis(), "environ": dict(os.environ), "cwd": os.getcwd()}

def read(event, context):
    return sys.stdin.read()

def decimals(event, context):
    return [decimal.Decimal("2"), decimal.Decimal("0.5")]

def document(event, context):
    return b'{"written": "by hand"}'

def objects(event, context):
    return object()

def circle(event, context):
    answer = []
    answer.append(answer)
    return answer

def surrogate(event, context):
    return "\\ud800"

def fail_strangely(event, context):
    raise ValueError("\\ud800")
"""


def kind(result: Invocation) -> str:
    return result.error.kind if result.error else ""


def invoke(folder: Path, do: str, patience: float = LONG, **properties: Any) -> Invocation:
    read = document(folder, {"src/app.py": FUNCTION}, One=function(Code="src", **properties))
    with LocalFunctions(read) as functions:
        return functions.invoke("One", {"do": do}, patience)


def test_function_answers(tmp_path: Path) -> None:
    with LocalFunctions(document(tmp_path, {"src/app.py": ECHO}, One=sam_function(CodeUri="src"))) as functions:
        first, second = (functions.invoke("One", {"number": number}, LONG).answer for number in range(2))
    assert [first["event"], second["event"]] == [{"number": 0}, {"number": 1}]
    assert first["pid"] == second["pid"]


@pytest.mark.parametrize(
    ("do", "expected"),
    [
        ("fail", "ValueError"),
        ("fail_strangely", "ValueError"),
        ("missing", "KeyError"),
        ("end", "Sandbox.Failure"),
        ("objects", "Runtime.MarshalError"),
        ("circle", "Runtime.MarshalError"),
        ("surrogate", "Runtime.MarshalError"),
    ],
)
def test_error_is_named_as_on_lambda(tmp_path: Path, do: str, expected: str) -> None:
    assert kind(invoke(tmp_path, do)) == expected


@pytest.mark.parametrize(
    ("handler", "expected"),
    [
        ("nowhere.handler", "Runtime.ImportModuleError"),
        ("needs.handler", "Runtime.ImportModuleError"),
        ("broken.handler", "Runtime.UserCodeSyntaxError"),
        ("app.nothing", "Runtime.HandlerNotFound"),
        ("app", "Runtime.MalformedHandlerName"),
    ],
)
def test_function_that_cannot_be_loaded_is_named_as_on_lambda(tmp_path: Path, handler: str, expected: str) -> None:
    files = {"src/broken.py": "def", "src/needs.py": "import no_such_module"}
    (tmp_path / "src").mkdir()
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    assert kind(invoke(tmp_path, "fail", Handler=handler)) == expected


@pytest.mark.parametrize(
    ("do", "expected"), [("read", ""), ("decimals", [2, 0.5]), ("document", {"written": "by hand"})]
)
def test_answers_of_every_kind(tmp_path: Path, do: str, expected: object) -> None:
    assert invoke(tmp_path, do).answer == expected


def test_hang_is_given_up_and_what_was_printed_is_kept(tmp_path: Path) -> None:
    read = document(tmp_path, {"src/app.py": FUNCTION}, One=function(Code="src"))
    with LocalFunctions(read) as functions:
        functions.invoke("One", {"do": "say"}, LONG)
        result = functions.invoke("One", {"do": "hang"}, 0.2)
        assert functions.invoke("One", {"do": "say"}, LONG).error is None
    assert kind(result) == GATEWAY_TIMEOUT
    assert b"before" in result.output


def test_functions_own_timeout_is_lambdas_and_not_the_gateways(tmp_path: Path) -> None:
    read = document(tmp_path, {"src/app.py": FUNCTION}, One=function(Code="src", Timeout=1))
    with LocalFunctions(read) as functions:
        functions.invoke("One", {"do": "say"}, LONG)
        assert kind(functions.invoke("One", {"do": "hang"}, LONG)) == "Sandbox.Failure"
        assert functions.invoke("One", {"do": "say"}, LONG).error is None


def test_layers_and_what_the_caller_adds_are_imported(tmp_path: Path) -> None:
    files = {
        "src/app.py": "import builtins, dep\ndef handler(*_): return [dep.WHO, builtins.sandbox]",
        "layer/python/dep.py": "WHO = 'layer'",
        "sandbox/sitecustomize.py": "import builtins, os\nbuiltins.sandbox = os.environ['ISSUERS']",
    }
    layer = {"Type": "AWS::Serverless::LayerVersion", "Properties": {"ContentUri": "layer"}}
    read = document(tmp_path, files, Layer=layer, One=sam_function(CodeUri="src", Layers=[{"Ref": "Layer"}]))
    setup = Setup(extra={"ISSUERS": "local"}, extra_import_paths=(tmp_path / "sandbox",))
    with LocalFunctions(read, setup) as functions:
        assert functions.invoke("One", {}, LONG).answer == ["layer", "local"]


def test_output_goes_to_who_wants_it(tmp_path: Path) -> None:
    heard: list[tuple[str, bytes]] = []
    read = document(tmp_path, {"src/app.py": FUNCTION}, One=function(Code="src"))
    with LocalFunctions(read, Setup(on_output=lambda *said: heard.append(said))) as functions:
        output = functions.invoke("One", {"do": "say"}, LONG).output
    assert output.startswith(b"out\nerr\nno line end")
    assert heard == [("One", output)]


def test_function_sees_its_own_variables_and_none_of_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AUTHORIZER_CONFIG", "AWS_PROFILE", "AWS_SECRET_ACCESS_KEY", "HOME", "PYTHONSTARTUP"):
        monkeypatch.setenv(name, "the user's")
    given: dict[str, Any] = {"FunctionName": "orders", "MemorySize": 256, "Environment": {"Variables": {"TABLE": "t"}}}
    about = invoke(tmp_path, "about", **given).answer
    assert "the user's" not in about["environ"].values()
    assert about["environ"]["TABLE"] == "t"
    assert (about["name"], about["memory"], about["cwd"]) == ("orders", "256", str(tmp_path / "src"))
    assert 0 < about["left"] <= 5000


def test_modules_of_the_same_name_do_not_mix(tmp_path: Path) -> None:
    files = {"one/app.py": NAME.format("one"), "two/app.py": NAME.format("two")}
    read = document(tmp_path, files, One=sam_function(CodeUri="one"), Two=sam_function(CodeUri="two"))
    with LocalFunctions(read) as functions:
        assert [functions.invoke(name, {}, LONG).answer for name in ("One", "Two", "One")] == ["one", "two", "one"]


@pytest.mark.parametrize("files", [{"src/authorizer.py": ECHO}, {"src/authorizer/__init__.py": ECHO}])
def test_module_of_the_user_named_authorizer_is_his(tmp_path: Path, files: dict[str, str]) -> None:
    read = document(tmp_path, files, One=sam_function(CodeUri="src", Handler="authorizer.handler"))
    with LocalFunctions(read) as functions:
        assert functions.invoke("One", {"a": 1}, LONG).answer["event"] == {"a": 1}


def test_inline_code_runs_and_leaves_nothing(tmp_path: Path) -> None:
    code = {"ZipFile": "def handler(event, context):\n    return __file__\n"}
    with LocalFunctions(document(tmp_path, One=function(Handler="index.handler", Code=code))) as functions:
        file = Path(functions.invoke("One", {}, LONG).answer)
        assert file.name == "index.py"
        assert file.exists()
    assert not file.parent.exists()


def test_changed_code_counts_with_the_next_event(tmp_path: Path) -> None:
    now = [0.0]
    read = document(tmp_path, {"src/app.py": NAME.format("old")}, One=sam_function(CodeUri="src"))
    with LocalFunctions(read, Setup(clock=lambda: now[0])) as functions:
        assert functions.invoke("One", {}, LONG).answer == "old"
        (tmp_path / "src" / "app.py").write_text(NAME.format("new"))
        assert functions.invoke("One", {}, LONG).answer == "old"
        now[0] += 1
        assert functions.invoke("One", {}, LONG).answer == "new"


def test_recycled_function_starts_anew(tmp_path: Path) -> None:
    with LocalFunctions(document(tmp_path, {"src/app.py": ECHO}, One=sam_function(CodeUri="src"))) as functions:
        before = functions.invoke("One", {}, LONG).answer["pid"]
        functions.recycle()
        assert functions.invoke("One", {}, LONG).answer["pid"] != before


def test_many_callers_share_two_environments(tmp_path: Path) -> None:
    read = document(tmp_path, {"src/app.py": ECHO}, One=sam_function(CodeUri="src"))
    with LocalFunctions(read) as functions, ThreadPoolExecutor(20) as threads:
        results = list(threads.map(lambda number: functions.invoke("One", {"number": number}, LONG), range(20)))
    assert [result.answer["event"]["number"] for result in results] == list(range(20))
    assert len({result.answer["pid"] for result in results}) <= 2


def test_what_is_not_here_says_why(tmp_path: Path) -> None:
    read = document(tmp_path, Far=sam_function(CodeUri="s3://bucket/key"), Near=sam_function(InlineCode=ECHO))
    with LocalFunctions(read) as functions:
        assert [functions.has(name) for name in ("Far", "Near", "Unknown")] == [False, True, False]
        assert functions.why_not("Far")
        assert functions.why_not("Near") is None
        assert [kind(functions.invoke(name, {}, LONG)) for name in ("Far", "Unknown")] == [NOT_HERE] * 2


def test_function_may_be_called_by_its_name(tmp_path: Path) -> None:
    read = document(tmp_path, {"src/app.py": ECHO}, One=sam_function(CodeUri="src", FunctionName="orders"))
    with LocalFunctions(read) as functions:
        assert functions.has("orders")
        assert functions.invoke("orders", {}, LONG).error is None


def test_each_warning_is_given_once(tmp_path: Path) -> None:
    one = sam_function(CodeUri="src", Runtime="python3.99")
    with LocalFunctions(document(tmp_path, {"src/app.py": ECHO}, One=one, Two=one)) as functions:
        assert len(functions.warnings) == 1


def test_code_that_went_away_is_an_error_of_the_function(tmp_path: Path) -> None:
    read = document(tmp_path, {"src/app.py": ECHO}, One=sam_function(CodeUri="src"))
    with LocalFunctions(read) as functions:
        (tmp_path / "src" / "app.py").unlink()
        (tmp_path / "src").rmdir()
        assert kind(functions.invoke("One", {}, LONG)) == "Sandbox.Failure"


def test_functions_after_the_end_are_an_error_and_start_nothing(tmp_path: Path) -> None:
    threads = threading.active_count()
    with LocalFunctions(document(tmp_path, {"src/app.py": ECHO}, One=sam_function(CodeUri="src"))) as functions:
        functions.invoke("One", {}, LONG)
    assert kind(functions.invoke("One", {}, LONG)) == "Sandbox.Failure"
    assert threading.active_count() == threads


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="the emulator runs on Linux only")
def test_runtime_emulator_runs_them_too(tmp_path: Path) -> None:
    read = document(tmp_path, {"src/app.py": FUNCTION}, One=function(Code="src", Timeout=30))
    with LocalFunctions(read, Setup(runtime=True)) as functions:
        kinds = [kind(functions.invoke("One", {"do": do}, LONG)) for do in ("say", "fail", "objects", "end", "say")]
        assert kinds[:3] == ["", "ValueError", "Runtime.MarshalError"]
        assert kinds[3]
        assert not kinds[4]
        assert kind(functions.invoke("One", {"do": "hang"}, 0.5)) == GATEWAY_TIMEOUT
        assert functions.invoke("One", {"do": "say"}, LONG).error is None
