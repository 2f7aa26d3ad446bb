"""What only one file may do: read the time, open a socket, read the environment, prove claims, grant a request."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest

from authorizer.reasons import Reason
from tests.architecture.sources import CORE, called, functions, imported, mentioned, name, tree

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

each_file = pytest.mark.parametrize("path", CORE, ids=name)


def where(found: Callable[[ast.Module], set[str]], names: set[str]) -> dict[str, set[str]]:
    """The files in which any of the names is found, and which."""
    return {name(path): hits for path in CORE if (hits := found(tree(path)) & names)}


def test_only_the_clock_reads_the_time() -> None:
    clocks = {"time", "time.time", "time.monotonic", "time.perf_counter", "time.time_ns", "timeit"}
    assert set(where(imported, clocks)) == {"clock.py"}
    spelled = {f"datetime.{name}" for name in ("now", "utcnow", "today")} | {"date.today", "datetime.datetime.now"}
    assert where(mentioned, spelled) == {}


def test_only_fetch_opens_a_socket() -> None:
    network = {"socket", "ssl", "http.client", "urllib.request", "asyncio", "selectors", "requests", "urllib3", "httpx"}
    assert set(where(imported, network)) == {"jose/fetch.py"}


def test_only_config_reads_the_environment() -> None:
    environment = {"os.environ", "os.environb", "os.getenv", "os.getenvb", "os.putenv"}
    assert set(where(mentioned, environment)) <= {"config.py", "variables.py"}
    assert where(imported, {f"os.{name}" for name in ("environ", "getenv", "environb")}) == {}


def test_only_one_function_proves_claims() -> None:
    assert set(where(called, {"VerifiedClaims"})) == {"jose/signature.py", "model.py"}
    provers = {
        (name(path), function.name)
        for path in CORE
        for function in functions(tree(path))
        for node in ast.walk(function)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "VerifiedClaims"
    }
    assert provers == {("jose/signature.py", "prove")}, "in model.py only a constant without any claim"


def test_only_rules_grant_a_request() -> None:
    assert set(where(called, {"Allow", "model.Allow", "Allow._make"})) == {"rules.py"}


@each_file
def test_no_value_is_copied_with_a_change(path: Path) -> None:
    """`_replace` of a grant or a principal would be a second way to make one."""
    assert not [written for written in called(tree(path)) if written.endswith(("._replace", "._make"))]


def test_only_the_seam_knows_cryptography() -> None:
    libraries = {"jwt", "jose", "joserfc", "authlib"}
    assert where(imported, libraries) == {}
    users = {name(path) for path in CORE if any(one.startswith("cryptography") for one in imported(tree(path)))}
    assert users == {"jose/keys.py", "jose/signature.py", "fingerprint.py"}


@each_file
def test_strangers_are_caught_only_where_they_are_turned_into_errors(path: Path) -> None:
    broad = {
        ast.unparse(node.type) if node.type else "everything"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ExceptHandler)
    } & {"everything", "Exception", "BaseException"}
    assert not broad or name(path) in ("pipeline.py", "shadow.py", "jose/key_source.py", "jose/fetch.py")


@each_file
def test_nothing_is_printed(path: Path) -> None:
    assert not called(tree(path)) & {
        "print",
        "sys.stdout.write",
        "sys.stderr.write",
        "traceback.print_exc",
        "breakpoint",
    }


@each_file
def test_protocol_has_one_method(path: Path) -> None:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ClassDef) and "Protocol" in map(ast.unparse, node.bases):
            assert len([item for item in node.body if isinstance(item, ast.FunctionDef)]) == 1


@pytest.mark.parametrize("reason", Reason, ids=lambda reason: reason.value)
def test_every_reason_is_given_by_the_core(reason: Reason) -> None:
    users = [name(path) for path in CORE if f"Reason.{reason.name}" in mentioned(tree(path))]
    assert users
