"""Known mistakes in the authorization types of routes, and in security that API Gateway does not heed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.unit.tools.doctor.mutation import Mutation

if TYPE_CHECKING:
    from collections.abc import Callable

Template = dict[str, Any]


def method_type(kind: object) -> Callable[[Template], None]:
    """Another type of the methods that ask a function."""

    def edit(template: Template) -> None:
        for one in template["Resources"].values():
            if one["Type"] == "AWS::ApiGateway::Method" and one["Properties"]["AuthorizationType"] == "CUSTOM":
                one["Properties"]["AuthorizationType"] = kind

    return edit


def route_type(kind: object) -> Callable[[Template], None]:
    """Another type of the routes that ask a function."""

    def edit(template: Template) -> None:
        for one in template["Resources"].values():
            if one["Type"] == "AWS::ApiGatewayV2::Route" and one["Properties"].get("AuthorizationType") == "CUSTOM":
                one["Properties"]["AuthorizationType"] = kind

    return edit


REST, HTTP = "rest_cloudformation.yaml", "http_lambda.yaml"
UNKNOWN, OTHER = "authorization_type_unknown", "lambda_authorization_type_mismatch"
MUTATIONS = [
    Mutation(name="type of a method misspelled", base=REST, edit=method_type("CUSTOMM"), code=UNKNOWN),
    Mutation(name="type of a method with a blank", base=REST, edit=method_type(" CUSTOM"), code=UNKNOWN),
    Mutation(name="type of a method in a list", base=REST, edit=method_type(["CUSTOM"]), code=UNKNOWN),
    Mutation(name="type of a route that is of authorizers", base=HTTP, edit=route_type("REQUEST"), code=UNKNOWN),
    Mutation(name="type of another authorizer", base=REST, edit=method_type("COGNITO_USER_POOLS"), code=OTHER),
    Mutation(name="JWT for a function", base=HTTP, edit=route_type("JWT"), code=OTHER),
]
