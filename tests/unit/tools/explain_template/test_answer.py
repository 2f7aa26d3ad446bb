"""`authorizer explain FILE --template TEMPLATE`, from the arguments to the status; and that it tells nobody's secrets."""

from __future__ import annotations

import io
import json
import re
import shlex
import sys
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from authorizer.testing import FakeIssuer, SigningKey, cognito_access_claims, cognito_id_claims, http_v2, mint
from authorizer.testing.cognito import CLIENT_ID, USER_POOL_ID
from authorizer.tools.cli import commands, run
from authorizer.tools.explain_template.verdict import Case
from authorizer.tools.function_environment import PROJECT
from tests.unit.tools.explain_template.templates import NOW, cognito, http_jwt, our_http, our_rest, settings_of, write

if TYPE_CHECKING:
    from pathlib import Path

SAMPLE = (PROJECT / "template.yaml", "--parameter", "SampleApi=yes")
TOLD = ("--resource", f"SampleUserPool={USER_POOL_ID}", "--resource", f"SampleWebClient={CLIENT_ID}")
PLANTED: dict[str, Any] = {
    "sub": "planted-subject-1",
    "email": "planted-email@example.com",
    "cognito:groups": ["planted-group-1"],
}
FIELDS = {
    *("api", "api_kind", "route", "rule", "authorizer", "authorizer_kind", "status", "code"),
    *("reason", "why", "fix", "unproven", "place", "api_key"),
}


def explain(file: object, *arguments: object) -> int:
    return run(commands, "authorizer", ["explain", str(file), "--now", str(int(NOW)), *map(str, arguments)])


@pytest.fixture(scope="module")
def rsa(keys: dict[str, SigningKey]) -> SigningKey:
    return keys["RS256"]


def token_file(folder: Path, text: str | bytes) -> Path:
    file = folder / "token.txt"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def pool_token(key: SigningKey, *, use: str = "access", **claims: Any) -> str:
    made = cognito_access_claims(now=NOW) if use == "access" else cognito_id_claims(now=NOW)
    return mint(key, made | claims, header={"typ": ...})


def document(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


@pytest.mark.parametrize(
    ("claims", "status"),
    [({}, 0), ({"exp": NOW - 31}, 1), ({"client_id": "another"}, 1)],
    ids=["good", "old", "client"],
)
def test_status(claims: dict[str, Any], status: int, rsa: SigningKey, tmp_path: Path) -> None:
    template = write(tmp_path, our_rest(settings_of(rsa)))
    assert explain(token_file(tmp_path, pool_token(rsa, **claims)), "--template", template) == status


def test_status_of_what_nobody_can_tell(rsa: SigningKey, tmp_path: Path) -> None:
    file = token_file(tmp_path, pool_token(rsa, use="id"))
    assert explain(file, "--template", write(tmp_path, cognito()), "--offline") == 2
    assert explain(file, "--template", write(tmp_path, cognito(scopes=("x",))), "--offline") == 1


def test_sample_template(rsa: SigningKey, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = token_file(tmp_path, pool_token(rsa))
    assert explain(file, "--template", *SAMPLE, *TOLD, "--offline", "--json") == 2
    found = {(one["api"], one["route"]): (one["status"], one["reason"]) for one in document(capsys)["routes"]}
    assert found["SampleRestApi", "GET /health"] == (200, None)
    assert found["SampleRestApi", "GET /native/id"] == (401, "token_use_mismatch")
    assert found["SampleRestApi", "GET /native/access"] == (200, None)
    assert found["SampleRestApi", "GET /token/orders/{id}"] == (200, None)
    assert found["SampleRestApi", "GET /request/admin/{proxy+}"] == (403, "group_required")
    assert found["SampleHttpApi", "GET /native/any"] == (200, None)
    assert found["SampleHttpApi", "GET /simple/orders/{id}"] == (200, None)
    assert found["SampleHttpApi", "GET /policy/admin/{proxy+}"] == (403, "group_required")
    assert found["SampleWebsocketApi", "$connect"] == (200, None)


def test_sample_template_without_its_pool(rsa: SigningKey, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert explain(token_file(tmp_path, pool_token(rsa)), "--template", *SAMPLE, "--offline", "--json") == 2
    codes = {one["route"]: one["code"] for one in document(capsys)["routes"] if one["api"] == "SampleHttpApi"}
    assert codes["GET /native/access"] == codes["GET /simple/orders/{id}"] == "deployment_knows"
    assert codes["GET /simple/admin/{proxy+}"] == "refused"


@pytest.mark.parametrize("told", [USER_POOL_ID, "eu-west-1_AnotherOne"])
def test_region_is_that_of_the_pool(
    told: str, rsa: SigningKey, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = token_file(tmp_path, pool_token(rsa))
    explain(file, "--template", *SAMPLE, *TOLD, "--resource", f"SampleUserPool={told}", "--offline", "--json")
    (found,) = [one for one in document(capsys)["routes"] if one["route"] == "GET /native/any"]
    assert found["status"] == (200 if told == USER_POOL_ID else 401)


def test_keys_are_fetched_from_the_issuer_itself(
    rsa: SigningKey, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with FakeIssuer(rsa) as issuer:
        monkeypatch.setenv("SSL_CERT_FILE", issuer.ca_file)
        template = write(tmp_path, http_jwt(issuer.url))
        file = token_file(tmp_path, mint(rsa, now=NOW, iss=issuer.url))
        assert explain(file, "--template", template, "--json") == 0
        assert explain(file, "--template", template, "--json", "--offline") == 2
        issuer.stop()
        capsys.readouterr()
        assert explain(file, "--template", template, "--json") == 2
        assert [one["code"] for one in document(capsys)["routes"]] == ["keys_unknown"]


def test_json_has_every_field(rsa: SigningKey, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = token_file(tmp_path, f'"{pool_token(rsa)}"')
    explain(file, "--template", write(tmp_path, our_http(settings_of(rsa))), "--json")
    found = document(capsys)
    assert set(found) == {"file", "template", "api", "now", "offline", "decision", "notes", "routes"}
    assert (found["decision"], found["offline"], found["now"]) == ("allow", False, "2027-01-15T08:00:00Z")
    assert [one["code"] for one in found["notes"]] == ["credential_quoted"]
    assert [set(one) for one in found["routes"]] == [FIELDS]


def test_token_is_read_from_standard_input(
    rsa: SigningKey, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(pool_token(rsa).encode())))
    assert explain("-", "--template", write(tmp_path, our_rest(settings_of(rsa))), "--json") == 0
    assert document(capsys)["file"] == "standard input"


def test_fix_is_told_once_with_all_of_its_routes(
    rsa: SigningKey, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    resources = our_http(settings_of(rsa))
    resources["Second"] = {
        **resources["Route"],
        "Properties": resources["Route"]["Properties"] | {"RouteKey": "GET /b"},
    }
    explain(token_file(tmp_path, pool_token(rsa, exp=NOW - 31)), "--template", write(tmp_path, resources))
    lines = capsys.readouterr().out.splitlines()
    fixes = [index for index, line in enumerate(lines) if line.startswith("fix: ")]
    assert len(fixes) == 1
    assert lines[fixes[0] + 1] == "  Api: GET /orders, GET /b"


@pytest.mark.parametrize(
    "wrong",
    [
        ("--config", "x.toml"),
        ("--env-vars", "x.json"),
        ("--handler", "rest"),
        ("--second-opinion",),
        ("--parameter", "nonsense"),
        ("--parameter", "Nonsense=x"),
        ("--resource", "nonsense"),
        ("--resource", "Nonsense=x"),
        ("--resource", "=x"),
    ],
)
def test_what_does_not_go_with_a_template(
    wrong: tuple[str, ...], rsa: SigningKey, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert explain(token_file(tmp_path, pool_token(rsa)), "--template", write(tmp_path, cognito()), *wrong) == 2
    assert "hint: " in capsys.readouterr().err


@pytest.mark.parametrize("option", ["--parameter", "--resource"])
def test_parameters_need_a_template(
    option: str, rsa: SigningKey, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert explain(token_file(tmp_path, pool_token(rsa)), option, "A=b") == 2
    assert "--template" in capsys.readouterr().err


def test_event_is_refused(rsa: SigningKey, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = token_file(tmp_path, json.dumps(http_v2(pool_token(rsa))))
    assert explain(file, "--template", write(tmp_path, cognito())) == 2
    assert "hint: " in capsys.readouterr().err


def test_template_that_is_none(rsa: SigningKey, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = token_file(tmp_path, pool_token(rsa))
    assert explain(file, "--template", tmp_path / "none.yaml") == 2
    assert explain(file, "--template", file) == 2
    assert capsys.readouterr().err.count("hint: ") == 2


def leaks(text: str, told: str) -> list[str]:
    """What must not be there and is."""
    return [part for part in text.split(".") if len(part) >= 8 and part in told] + (["planted-"] * ("planted-" in told))


@pytest.mark.parametrize("option", [(), ("--json",)], ids=["text", "json"])
@pytest.mark.parametrize("use", ["access", "id"])
@pytest.mark.parametrize("claims", [{}, {"exp": 1}, {"iss": "https://x.example.com"}, {"scope": "other"}])
def test_no_secret_is_told(
    claims: dict[str, Any],
    use: str,
    option: tuple[str, ...],
    rsa: SigningKey,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    text = pool_token(rsa, use=use, **PLANTED, **claims)
    file = token_file(tmp_path, text)
    for resources in (cognito(), http_jwt(), our_http(settings_of(rsa)), our_rest(settings_of(rsa))):
        explain(file, "--template", write(tmp_path, resources), "--offline", *option)
    assert leaks(text, "".join(capsys.readouterr())) == []


def test_no_error_repeats_a_token(rsa: SigningKey, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = pool_token(rsa, **PLANTED)
    good, template = token_file(tmp_path, text), write(tmp_path, cognito())
    wrong: list[tuple[object, ...]] = [
        (text, "--template", template),
        (good, "--template", text),
        (good, "--template", template, "--parameter", text),
        (good, "--template", template, "--parameter", f"{text}=x"),
        (good, "--template", template, "--resource", text),
        (good, "--template", template, "--resource", f"{text}=x"),
        (good, "--template", template, "--resource", f"Nobody={text}"),
        (good, "--template", template, text),
    ]
    assert [explain(*arguments) for arguments in wrong] == [2] * len(wrong)
    assert leaks(text, "".join(capsys.readouterr())) == []


@cache
def template_of_all(folder: Path, key: SigningKey) -> Path:
    """One template with an API of each kind."""
    apis = (cognito(), http_jwt(), our_rest(settings_of(key)), our_http(settings_of(key)))
    resources: dict[str, dict[str, Any]] = {}
    for number, one in enumerate(apis):
        text = json.dumps(one)
        for name in one:
            text = text.replace(f'"{name}"', f'"{name}{number}"').replace(f"${{{name}.", f"${{{name}{number}.")
        resources |= json.loads(text)
    return write(folder, resources)


ANY = (
    st.binary(max_size=200)
    | st.text('eyJhbGciOiJub25lIn0.{}[]":,Bearer\n %', max_size=200).map(str.encode)
    | st.lists(
        st.sampled_from([b"eyJhbGciOiJSUzI1NiIsImtpZCI6ImsifQ", b".", b"e30", b"=", b" ", b"+", b'"', b"%2E"]),
        max_size=9,
    ).map(b"".join)
)
SECRET = b"cGxhbnRlZC1zZWNyZXQ"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=ANY, behind=ANY)
def test_any_bytes_end_in_a_status_and_are_not_repeated(
    before: bytes,
    behind: bytes,
    rsa: SigningKey,
    tmp_path_factory: pytest.TempPathFactory,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = tmp_path_factory.getbasetemp()
    file = token_file(folder, before + SECRET + behind)
    status = explain(file, "--template", template_of_all(folder, rsa), "--offline", "--json")
    told = capsys.readouterr()
    assert status in (1, 2)
    assert "this command failed" not in told.err
    if not told.err:
        assert {one["status"] for one in json.loads(told.out)["routes"]} <= {401, 403}
    assert SECRET.decode() not in told.out + told.err


def test_template_of_all_has_four_apis(rsa: SigningKey, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = token_file(tmp_path, pool_token(rsa))
    explain(file, "--template", template_of_all(tmp_path, rsa), "--offline", "--json")
    assert [one["status"] for one in document(capsys)["routes"]] == [401, 200, 401, 200]


def test_session_of_the_page_is_what_the_command_prints(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(PROJECT)
    page = (PROJECT / "docs" / "explain.md").read_text("utf-8").partition("## Each route of a template")[2]
    session, _, expected = page.partition("```console\n$ ")[2].partition("\n```\n")[0].partition("\n")
    source, _, command = session.partition(" | authorizer ")
    event = json.loads((PROJECT / shlex.split(source)[-1]).read_text("utf-8"))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(event["headers"]["authorization"].encode())))
    assert run(commands, "authorizer", shlex.split(command)) == 2
    assert [line.rstrip() for line in capsys.readouterr().out.splitlines()] == expected.splitlines()


def test_page_lists_every_code() -> None:
    page = (PROJECT / "docs" / "explain.md").read_text("utf-8").partition("## Each route of a template")[2]
    rows = re.findall(r"^\| [^|]* \| `([a-z_]+)` \| .* \|$", page, re.MULTILINE)
    assert rows == [one.value for one in Case]
