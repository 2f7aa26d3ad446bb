"""Any file in, a document or a `CommandError` out. Never anything else."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from authorizer.tools.openapi_rules import OpenApiRules
from authorizer.tools.template import Document, Unresolved, read_template
from authorizer.tools.template.intrinsics import Intrinsics
from authorizer.tools.template.yaml_text import parse
from authorizer.tools.terminal import CommandError

WORDS = (
    *(
        "Ref",
        "Fn::Sub",
        "Fn::If",
        "Fn::Join",
        "Fn::GetAtt",
        "Fn::Select",
        "Fn::Split",
        "Fn::FindInMap",
        "Fn::Transform",
    ),
    *("Type", "Properties", "Condition", "RestApiId", "ApiId", "ParentId", "ResourceId", "Body", "RouteKey", "Target"),
    *("AuthorizerId", "AuthorizerUri", "Type", "AuthorizerType", "IdentitySource", "JwtConfiguration", "StageName"),
    *("paths", "/a", "get", "x-amazon-apigateway-any-method", "security", "openapi", "components", "securitySchemes"),
    *("x-amazon-apigateway-authorizer", "x-amazon-apigateway-integration", "type", "name", "scheme", "issuers"),
)
TYPES = (
    *(
        "AWS::ApiGateway::RestApi",
        "AWS::ApiGateway::Method",
        "AWS::ApiGateway::Resource",
        "AWS::ApiGateway::Authorizer",
    ),
    *("AWS::ApiGatewayV2::Api", "AWS::ApiGatewayV2::Route", "AWS::ApiGatewayV2::Authorizer", "AWS::Lambda::Function"),
    *("AWS::ApiGateway::Stage", "AWS::ApiGatewayV2::Stage", "AWS::ApiGatewayV2::Integration", "AWS::Lambda::Alias"),
)
LEAVES = st.one_of(
    st.sampled_from(
        (*WORDS, *TYPES, "A", "B", "A.Id", "${A}", "${A.Arn}", "AWS::NoValue", "request", "oauth2", "$default")
    ),
    st.none() | st.booleans() | st.integers(-2, 400) | st.floats(allow_nan=False) | st.text(max_size=5),
)
VALUES: st.SearchStrategy[Any] = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=4),
    max_leaves=20,
)
RESOURCE = st.fixed_dictionaries(
    {"Type": st.sampled_from(TYPES) | LEAVES, "Properties": st.dictionaries(st.sampled_from(WORDS), VALUES) | VALUES}
)
TEMPLATES = st.fixed_dictionaries(
    {"Resources": st.dictionaries(st.sampled_from("ABC"), RESOURCE | VALUES)},
    optional={"Conditions": VALUES, "Mappings": VALUES, "Parameters": VALUES},
)
OPERATIONS = st.dictionaries(st.sampled_from(WORDS), VALUES)
OPENAPI = st.fixed_dictionaries(
    {
        "openapi": st.just("3.1.0"),
        "paths": st.dictionaries(st.sampled_from(("/a", "/b/{c}", "$default", "x")), OPERATIONS) | VALUES,
        "components": st.fixed_dictionaries(
            {"securitySchemes": st.dictionaries(st.sampled_from("st"), VALUES) | VALUES}
        ),
    },
    optional={"security": VALUES},
)


def read(text: str) -> Document:
    with TemporaryDirectory() as folder:
        file = Path(folder, "template.yaml")
        file.write_text(text, "utf-8", errors="surrogatepass")
        return read_template(file)


@given(TEMPLATES | OPENAPI)
def test_any_template_is_read(template: Any) -> None:
    with suppress(CommandError):
        document = read(json.dumps(template))
        for api in document.apis:
            for place in (*(one.place for one in api.routes), *(one.place for one in api.authorizers)):
                assert str(place)
                document.line(place)
            assert all(route.name for route in api.routes)


@given(OPENAPI)
def test_any_document_is_a_table_or_no_table(document: Any) -> None:
    with suppress(CommandError):
        table = OpenApiRules(document).table()
        assert all(row.key for row in table.rows)


@given(st.text(alphabet="{}[]!&*:,-? \n\t'\"<>|#%@`ab1RefSubGetAtt", max_size=60) | st.text(max_size=60))
def test_any_text_is_yaml_or_not(text: str) -> None:
    with suppress(CommandError):
        parse(text)


def without_intrinsics(value: Any) -> bool:
    if isinstance(value, dict):
        return all(
            name != "Ref" and not name.startswith("Fn::") and without_intrinsics(one) for name, one in value.items()
        )
    return not isinstance(value, list) or all(map(without_intrinsics, value))


@given(VALUES.filter(without_intrinsics))
def test_value_without_intrinsics_is_itself(value: Any) -> None:
    assert Intrinsics({}, {}).value(value) == value


@given(VALUES)
def test_opaque_values_compare_equal_when_evaluated_twice(value: Any) -> None:
    intrinsics = Intrinsics({"Conditions": {"A": value}}, {"B": Unresolved("Ref B")})
    assert intrinsics.value(value) == intrinsics.value(value)
    assert intrinsics.conditions.holds("A") in (True, False, None)
