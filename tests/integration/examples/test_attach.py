"""examples/attach: an API of one stack, the authorizers of another, by CloudFormation and by CDK."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.integration.examples.attachments import attachments, exports, unprotected
from tests.integration.examples.cdk_app import APP, CdkApp, resources
from tests.integration.sam_project import EXAMPLES, read, validate

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.sam_project import Document

pytestmark = pytest.mark.long

TEMPLATE = EXAMPLES / "attach" / "cloudformation-cross-stack" / "template.yaml"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> CdkApp:
    return CdkApp(tmp_path_factory.mktemp("cdk"))


@pytest.fixture(scope="module")
def synthesized(app: CdkApp) -> Path:
    return app.synthesize()


@pytest.fixture(params=["cloudformation", "cdk"])
def stack(request: pytest.FixtureRequest) -> Document:
    if request.param == "cdk":
        return resources(request.getfixturevalue("synthesized"))
    described: Document = read(TEMPLATE)["Resources"]
    return described


def test_every_authorizer_may_invoke_the_function_that_it_calls(stack: Document) -> None:
    expected = {"RestTokenAuthorizerArn", "RestRequestAuthorizerArn", "HttpAuthorizerArn", "WebsocketAuthorizerArn"}
    assert set(attachments(stack)) == expected
    assert expected <= exports()


def test_answers_are_cached_as_the_functions_know(stack: Document) -> None:
    found = dict(attachments(stack))
    assert "AuthorizerResultTtlInSeconds" not in found.pop("WebsocketAuthorizerArn")  # which API Gateway never caches
    assert {name: one["AuthorizerResultTtlInSeconds"] for name, one in found.items()} == dict.fromkeys(found, 300)


def test_each_has_the_event_that_its_function_answers(stack: Document) -> None:
    found = attachments(stack)
    assert found["RestTokenAuthorizerArn"]["Type"] == "TOKEN"
    assert found["RestRequestAuthorizerArn"]["Type"] == "REQUEST"
    assert found["HttpAuthorizerArn"]["AuthorizerPayloadFormatVersion"] == "2.0"
    assert found["HttpAuthorizerArn"]["EnableSimpleResponses"] is True


def test_call_without_a_token_ends_before_the_function(stack: Document) -> None:
    found = {name: one["IdentitySource"] for name, one in attachments(stack).items()}
    assert found == {
        "RestTokenAuthorizerArn": "method.request.header.Authorization",
        "RestRequestAuthorizerArn": "method.request.header.Authorization",
        "HttpAuthorizerArn": ["$request.header.Authorization", "$context.routeKey", "$context.path"],
        "WebsocketAuthorizerArn": ["route.request.querystring.access_token"],
    }


def test_nothing_is_left_open(stack: Document) -> None:
    assert unprotected(stack) == []


def test_sam_finds_nothing_wrong() -> None:
    validate(TEMPLATE)


def test_sam_finds_nothing_wrong_with_what_cdk_makes(synthesized: Path) -> None:
    validate(synthesized)


def test_types_of_the_cdk_app_are_right(app: CdkApp) -> None:
    app.check_types()


def test_packages_are_pinned_and_name_no_registry() -> None:
    lock = json.loads((APP / "package-lock.json").read_text("utf-8"))
    packages = [one for name, one in lock["packages"].items() if name]
    assert [one["version"] for one in packages if not (one.get("inBundle") or "integrity" in one)] == []
    assert [one["resolved"] for one in packages if "resolved" in one] == []
    described = json.loads((APP / "package.json").read_text("utf-8"))
    versions = [*described["dependencies"].values(), *described["devDependencies"].values()]
    assert all(version.replace(".", "").isdigit() for version in versions)
