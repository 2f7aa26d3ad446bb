"""Function processes take the stand-ins for the real issuers, and reach nothing else."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from authorizer import clock
from authorizer.testing import Call, cognito_issuer, http_v2
from authorizer.tools.child_process import ChildProcess
from authorizer.tools.function_environment import FunctionEnvironment
from authorizer.tools.in_process import InProcess
from authorizer.tools.local_issuer.key_ring import KeyRing
from authorizer.tools.local_issuer.local_issuers import LocalIssuers
from authorizer.tools.local_issuer.minting import MintRequest, minted
from authorizer.tools.local_issuer.sandbox_files import SandboxFiles
from tests.unit.tools.local_issuer.sample_stand_ins import LOGIN, POOL, issuers, pool, provider

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from authorizer.tools.local_issuer.stand_in import StandIn

KEYS = f"{cognito_issuer(POOL)}/.well-known/jwks.json"
SETTINGS = f"""
[[issuer]]
kind = "cognito"
user_pool_id = "{POOL}"
client_ids = ["web"]
token_use = ["access"]
[[issuer]]
kind = "oidc"
issuer = "{LOGIN}"
audience = ["orders-api"]
[require]
any_valid_token = true
"""
PRELUDE = """
import json, socket, sys, urllib.request
def outcome(call, *arguments):
    try:
        return call(*arguments)
    except OSError as error:
        return getattr(error, "code", None) or type(getattr(error, "reason", error)).__name__
def fetch(url):
    with urllib.request.urlopen(url, timeout=10) as response:
        return json.load(response)
def answer(value):
    json.dump(value, sys.stdout)
    sys.stdout.flush()
"""


@pytest.fixture(scope="module")
def files() -> Iterator[SandboxFiles]:
    with SandboxFiles(issuers()) as made:
        yield made


def variables(files: SandboxFiles, *paths: Path, **others: str) -> dict[str, str]:
    path = os.pathsep.join(map(str, (files.import_path, *paths)))
    return {"PATH": os.defpath, "PYTHONPATH": path} | files.environment() | others


def child(program: str, environment: Mapping[str, str]) -> Any:
    """What a fresh process answers; nothing is on its standard error."""
    command = [sys.executable, "-c", PRELUDE + program]
    run = subprocess.run(command, env=dict(environment), capture_output=True, text=True, check=False, timeout=60)
    assert (run.returncode, run.stderr) == (0, "")
    return json.loads(run.stdout)


def test_documents_of_the_issuers_are_fetched_as_from_the_internet(files: SandboxFiles) -> None:
    discovery = f"{LOGIN}.well-known/openid-configuration"
    urls = [KEYS, KEYS.replace("https://", "https://issuer-"), discovery, f"{KEYS}?a=b", f"{LOGIN}other"]
    found = child(f"answer([outcome(fetch, url) for url in {urls}])", variables(files))
    keys = pool().keys.published()
    assert found[:2] == [keys, keys]
    assert (found[2]["issuer"], found[2]["jwks_uri"]) == (LOGIN, f"{LOGIN}.well-known/jwks.json")
    assert found[3:] == [keys, 404]


def test_names_are_resolved_to_this_machine_or_not_at_all(files: SandboxFiles) -> None:
    host = cognito_issuer(POOL).split("/")[2]
    asked: list[list[Any]] = [
        [host, 443],
        [host.upper() + ".", "https"],
        [host, 80],
        ["example.com", 443],
        ["xn--nxasmq6b.example.com", 443],
        ["localhost", 1],
        ["127.0.0.1", 2],
        ["192.0.2.1", 3],
        [None, 4],
    ]
    program = f"""
look_up = lambda *of: socket.getaddrinfo(*of, family=socket.AF_INET, type=socket.SOCK_STREAM)[0][4]
with_bytes = lambda host, port: look_up(host.encode(), port)
answer([outcome(look_up, *one) for one in json.loads({json.dumps(asked)!r})] + [outcome(with_bytes, "{host}", 443)])
"""
    found = child(program, variables(files))
    address = found[0]
    assert address[0] == "127.0.0.1"
    assert found[1:] == [
        address,
        *["gaierror"] * 3,
        ["127.0.0.1", 1],
        ["127.0.0.1", 2],
        ["192.0.2.1", 3],
        ["127.0.0.1", 4],
        address,
    ]


def test_port_of_an_issuer_is_part_of_its_name() -> None:
    stand_in = provider(issuers=("https://login.example.com:8443/realms/a",), keys_at=("https://keys.example.com/k",))
    with SandboxFiles(LocalIssuers([stand_in])) as files:
        urls = [f"{stand_in.issuer}/.well-known/jwks.json", "https://keys.example.com/k", "https://login.example.com/"]
        found = child(f"answer([outcome(fetch, url) for url in {urls}])", variables(files))
    keys = provider().keys.published()
    assert found == [keys, keys, "gaierror"]


def test_running_process_sees_rotation_and_outage(tmp_path: Path) -> None:
    """One process, which does what each line of its standard input says; the answers are lines too."""
    program = f"""
for line in sys.stdin:
    answer(outcome(fetch, "{LOGIN}.well-known/jwks.json"))
    sys.stdout.write("\\n")
    sys.stdout.flush()
"""
    stand_in = provider(keys=KeyRing())
    made = LocalIssuers([stand_in])
    with SandboxFiles(made) as files:
        command = [sys.executable, "-c", PRELUDE + program]
        with ChildProcess(command, variables(files), tmp_path) as process:
            first = fetched(process)
            made.rotate("login", keep=False)
            second = fetched(process)
            made.outage = True
            third = fetched(process)
            made.outage = False
            stand_in.keys.signing("EdDSA", "access")
            fourth = fetched(process)
    assert first["keys"] != second["keys"]
    assert third == "gaierror"
    assert [key["alg"] for key in fourth["keys"]] == ["RS256", "RS256", "EdDSA", "EdDSA"]


def fetched(process: ChildProcess) -> Any:
    """The answer to one more line."""
    before = len(process.stdout)
    process.send(b"\n")
    assert process.stdout.wait_for(lambda data: data.endswith(b"\n"), before, 30)
    return json.loads(process.stdout.since(before))


def test_forked_process_has_a_server_of_its_own(files: SandboxFiles) -> None:
    program = f"""
import os
first = fetch("{KEYS}")
if os.fork() == 0:
    answer(outcome(fetch, "{KEYS}") == first)
    os._exit(0)
os.wait()
"""
    assert child(program, variables(files)) is True


def invoked(files: SandboxFiles, token: str) -> tuple[str, str | None]:
    """What our own function says in a fresh process."""
    environment = FunctionEnvironment(
        variables={"AUTHORIZER_CONFIG": SETTINGS} | files.environment(), import_paths=(files.import_path,)
    )
    event = json.dumps(http_v2(token, Call(method="GET", path="/orders/1", template="/orders/{id}"))).encode()
    with InProcess("authorizer.handler.http", environment) as function:
        line = function.invoke(event).decision
    assert line is not None
    return line["decision"], line.get("reason")


@pytest.mark.parametrize("stand_in", [pool(), provider()], ids=["cognito", "oidc"])
def test_our_own_function_verifies_with_the_keys_of_a_stand_in(stand_in: StandIn) -> None:
    made, request = issuers(), MintRequest(client_id="web")
    with SandboxFiles(made) as files:
        assert invoked(files, minted(stand_in, request, clock.now()))[0] == "allow"
        made.outage = True
        assert invoked(files, minted(stand_in, request, clock.now())) == ("error", "keys_unreachable")


def test_without_a_table_nothing_is_touched(files: SandboxFiles) -> None:
    program = 'answer([socket.getaddrinfo.__module__, "authorizer_names" in sys.modules])'
    assert child(program, {"PYTHONPATH": str(files.import_path)}) == ["socket", False]


def test_start_loads_what_serves_only_when_it_is_needed(files: SandboxFiles) -> None:
    command = [sys.executable, "-c", "import json, sys; print(json.dumps(sorted(sys.modules)))"]
    heavy = {"ssl", "http.server", "http.client", "email"}
    for environment in (variables(files), {"PYTHONPATH": str(files.import_path)}):
        run = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        modules = set(json.loads(run.stdout))
        assert not modules & heavy
        assert ("authorizer_names" in modules) == (len(environment) > 1)


def test_hidden_sitecustomize_is_run_as_well(files: SandboxFiles, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("import sys\nsys.from_the_other = __name__\nVALUE = 7\n")
    program = "import sitecustomize\nanswer([sys.from_the_other, sitecustomize.VALUE])"
    for environment in (variables(files, tmp_path), variables(files, files.import_path, tmp_path)):
        assert child(program, environment) == ["sitecustomize", 7]


def test_table_that_is_gone_means_that_nothing_is_reached() -> None:
    with SandboxFiles(issuers()) as files:
        environment = variables(files)
    assert child(f'answer(outcome(fetch, "{KEYS}"))', environment) == "gaierror"


def test_network_can_be_let_in() -> None:
    program = """
names = socket.getaddrinfo.__self__
names._resolve = lambda host, *_: host
answer(socket.getaddrinfo("example.com", 443))
"""
    with SandboxFiles(issuers(), network=True) as files:
        environment = variables(files)
        trusted = Path(environment["SSL_CERT_FILE"]).read_text("utf-8").count("BEGIN CERTIFICATE")
    assert trusted >= 1
    assert environment["LOCAL_NETWORK"] == "1"
    assert child(program, environment) == "example.com"


def test_files_are_private_and_gone_afterwards(files: SandboxFiles) -> None:
    made = issuers()
    with SandboxFiles(made) as own:
        table = Path(own.environment()["LOCAL_ISSUERS"])
        assert stat.S_IMODE(table.parent.stat().st_mode) == 0o700
        document = json.loads(table.read_text("utf-8"))
        assert document.keys() == {"hosts", "down", "certificate", "ca"}
        assert '"d"' not in table.read_text("utf-8")
        made.outage = True
        assert json.loads(table.read_text("utf-8"))["down"] is True
    assert not table.parent.exists()
    made.outage = False
    own.refresh()
    assert not table.parent.exists()


def test_emulator_without_issuers_has_files_too() -> None:
    with SandboxFiles(LocalIssuers([])) as files:
        assert child(f'answer(outcome(fetch, "{KEYS}"))', variables(files)) == "gaierror"
