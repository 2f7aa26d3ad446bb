"""Which authorizer of the project each authorizer of an API calls, and that it may."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from authorizer.tools.function_environment import PROJECT
from tests.integration.sam_project import of_type, read

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.integration.sam_project import Document

AUTHORIZERS = ("AWS::ApiGateway::Authorizer", "AWS::ApiGatewayV2::Authorizer")
PROTECTED = ("AWS::ApiGateway::Method", "AWS::ApiGatewayV2::Route")


def attachments(resources: Document) -> Mapping[str, Document]:
    """Export of the project's stack → the authorizer of an API that imports it. Each has exactly its own permission."""
    found = {}
    for name, resource in resources.items():
        if resource["Type"] in AUTHORIZERS:
            (export,) = _imported(resource["Properties"]["AuthorizerUri"])
            assert _permitted(resources, name, _api(resource["Properties"])) == {export}
            found[export] = resource["Properties"]
    return found


def exports() -> set[str]:
    """What the project's own template exports."""
    outputs = read(PROJECT / "template.yaml")["Outputs"].values()
    return {
        output["Export"]["Name"]["Fn::Sub"].removeprefix("${AWS::StackName}-")
        for output in outputs
        if "Export" in output
    }


def unprotected(resources: Document) -> list[Document]:
    """The methods and routes that anybody may call."""
    called = [properties for kind in PROTECTED for properties in of_type(resources, kind)]
    assert called
    return [one for one in called if one.get("AuthorizationType") != "CUSTOM" or "AuthorizerId" not in one]


def _api(authorizer: Document) -> str:
    """The logical name of the API that an authorizer belongs to."""
    (reference,) = (authorizer[name] for name in ("RestApiId", "ApiId") if name in authorizer)
    return str(reference["Ref"])


def _permitted(resources: Document, authorizer: str, api: str) -> set[str]:
    """The exports that API Gateway may invoke for this authorizer of this API."""
    permissions = of_type(resources, "AWS::Lambda::Permission")
    assert all(one["Principal"] == "apigateway.amazonaws.com" for one in permissions)
    assert all(one["Action"] == "lambda:InvokeFunction" for one in permissions)
    mine = [one for one in permissions if _comes_from(one["SourceArn"], api, authorizer)]
    return {export for one in mine for export in _imported(one["FunctionName"])}


def _comes_from(source_arn: object, api: str, authorizer: str) -> bool:
    before, found, after = json.dumps(source_arn).partition("/authorizers/")
    return bool(found) and all(re.search(rf"\b{name}\b", part) for name, part in ((api, before), (authorizer, after)))


def _imported(value: object) -> set[str]:
    """The exports in a value, without the name of the stack."""
    return set(re.findall(r'-(\w+AuthorizerArn)"', json.dumps(value)))
