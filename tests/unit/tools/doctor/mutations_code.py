"""Known mistakes in how the code of an authorizer ends, in what it logs, and in how it verifies tokens."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING

from tests.unit.tools.doctor.mutation import BASES, Mutation

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.tools.doctor.mutation import Template

_REST, _HTTP, _SIMPLE = "code_rest.yaml", "code_http.yaml", "http_lambda.yaml"
_FILES = {_REST: "token_auth.py", _HTTP: "orders_auth.py", _SIMPLE: "orders_auth.py"}


def _changed(base: str, was: str, now: str) -> str:
    """The code of a base with one change in it."""
    text = (Path(BASES) / base.removesuffix(".yaml") / _FILES[base]).read_text("utf-8")
    assert was in text, was
    return text.replace(was, now)


def _mutation(name: str, code: str, base: str, change: tuple[str, str]) -> Mutation:
    files = {_FILES[base]: _changed(base, *change)}
    return Mutation(name=f"code: {name}", base=base, edit=lambda template: None, code=code, files=files)


def _whole(name: str, code: str, base: str, text: str) -> Mutation:
    """With other code altogether."""
    files = {_FILES[base]: dedent(text)}
    return Mutation(name=f"code: {name}", base=base, edit=lambda template: None, code=code, files=files)


def _inline(text: str) -> Callable[[Template], object]:
    """The code in the template itself."""

    def edit(template: Template) -> None:
        given = template["Resources"]["OrdersAuth"]["Properties"]
        given["Handler"], given["Code"] = "index.handler", {"ZipFile": dedent(text)}

    return edit


_RAISE = 'raise Exception("Unauthorized") from None'
_DECODE = 'jwt.decode(token, key, algorithms=["RS256"], audience=AUDIENCE, issuer=ISSUER)'
_TOKEN = 'token = event["authorizationToken"].removeprefix("Bearer ")'
_REFUSED = 'print(f"refused: {type(error).__name__}")'

MUTATIONS = [
    _mutation(
        "another case of Unauthorized",
        "code_raises_other_text",
        _REST,
        (_RAISE, 'raise Exception("unauthorized") from None'),
    ),
    _mutation(
        "Unauthorized and why",
        "code_raises_other_text",
        _REST,
        (_RAISE, 'raise Exception(f"Unauthorized: {error}") from None'),
    ),
    _whole(
        "Unauthorized with a status, in a function of its own",
        "code_raises_other_text",
        _REST,
        """
        def handler(event, context):
            if event["authorizationToken"] != "7c5ef1":
                refuse()
            statement = {"Action": "execute-api:Invoke", "Effect": "Deny", "Resource": event["methodArn"]}
            return {"principalId": "a", "policyDocument": {"Version": "2012-10-17", "Statement": [statement]}}


        def refuse():
            message = "[401] Unauthorized"
            raise ValueError(message)
        """,
    ),
    _mutation(
        "an expired token that is told so",
        "code_raises_other_text",
        _REST,
        (_RAISE, 'raise Exception("Token expired") from None'),
    ),
    _mutation(
        "Unauthorized raised to an HTTP API",
        "code_raises_on_http",
        _HTTP,
        ('return policy("nobody", "Deny", event)', 'raise Exception("Unauthorized") from None'),
    ),
    _mutation(
        "a refusal that is nothing", "code_returns_none", _SIMPLE, ('return {"isAuthorized": False}', "return None")
    ),
    _mutation("no refusal at all", "code_returns_none", _SIMPLE, ('    return {"isAuthorized": False}\n', "")),
    _mutation(
        "an if without an else",
        "code_returns_none",
        _SIMPLE,
        ('    return {"isAuthorized": False}\n', '    if not given:\n        return {"isAuthorized": False}\n'),
    ),
    _mutation(
        "an except that allows",
        "code_except_allows",
        _HTTP,
        ('return policy("nobody", "Deny", event)', 'return policy("nobody", "Allow", event)'),
    ),
    _whole(
        "a bare except that allows",
        "code_except_allows",
        _SIMPLE,
        """
        def handler(event, context):
            try:
                known = event["headers"]["authorization"] == "7c5ef1"
            except:
                return {"isAuthorized": True}
            return {"isAuthorized": known}
        """,
    ),
    _mutation("the event in the log", "code_prints_event", _REST, (_TOKEN, f"print(event)\n    {_TOKEN}")),
    _mutation(
        "the token in the log",
        "code_prints_event",
        _REST,
        (_TOKEN, 'print("Client token: " + event["authorizationToken"])\n    ' + _TOKEN),
    ),
    _mutation(
        "the headers in the log, as JSON",
        "code_prints_event",
        _HTTP,
        ("    try:\n", '    logger.info("got %s", json.dumps(event["headers"]))\n    try:\n'),
    ),
    _mutation(
        "Powertools logs the event",
        "code_prints_event",
        _HTTP,
        ("def handler(", "@powertools.inject_lambda_context(log_event=True)\ndef handler("),
    ),
    _mutation(
        "a client of the keys for each call",
        "code_fetches_keys_per_call",
        _REST,
        ("key = JWKS.", 'key = jwt.PyJWKClient(f"{ISSUER}/.well-known/jwks.json").'),
    ),
    _mutation(
        "the keys are fetched for each call",
        "code_fetches_keys_per_call",
        _REST,
        (_TOKEN, f'keys = urllib.request.urlopen(f"{{ISSUER}}/.well-known/jwks.json").read()\n    {_TOKEN}'),
    ),
    _mutation(
        "no signature is verified",
        "code_verify_off",
        _REST,
        (_DECODE, 'jwt.decode(token, options={"verify_signature": False})'),
    ),
    _mutation("verify is off", "code_verify_off", _REST, (_DECODE, "jwt.decode(token, verify=False)")),
    _mutation("no algorithms", "code_algorithms_missing", _REST, ('algorithms=["RS256"], ', "")),
    _mutation("none is an algorithm", "code_algorithm_none", _REST, ('["RS256"]', '["RS256", "none"]')),
    _mutation(
        "the algorithm of the token",
        "code_algorithm_from_token",
        _REST,
        ('["RS256"]', '[jwt.get_unverified_header(token)["alg"]]'),
    ),
    _mutation(
        "no audience",
        "code_audience_unchecked",
        _REST,
        ("audience=AUDIENCE, issuer=ISSUER", 'issuer=ISSUER, options={"verify_aud": False}'),
    ),
    Mutation(
        name="code: inline code that logs its event",
        base=_SIMPLE,
        edit=_inline(
            """
            import json

            def handler(event, context):
                print(json.dumps(event))
                return {"isAuthorized": event["headers"].get("authorization") == "7c5ef1"}
            """
        ),
        code="code_prints_event",
    ),
]
