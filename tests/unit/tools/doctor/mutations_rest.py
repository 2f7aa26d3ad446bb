"""Mistakes with Lambda authorizers of REST APIs: what they read, what is kept, and who may invoke their functions."""

from __future__ import annotations

from typing import Any, Final

from tests.unit.tools.doctor.mutation import Mutation
from tests.unit.tools.doctor.rest_edits import add, both, drop, put

SAM, RAW, OPENAPI = "rest_sam.yaml", "rest_cloudformation.yaml", "rest_openapi.yaml"
_SOURCE: Final = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}"
_PATH: Final = "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions"
_EXPRESSION: Final = "IdentityValidationExpression"
_IDENTITY: Final = ("Api", "Auth", "Authorizers", "Token", "Identity")
_SCHEME: Final = ("Body", "components", "securitySchemes", "decider", "x-amazon-apigateway-authorizer")


def sub(text: str) -> dict[str, Any]:
    """A text with references."""
    return {"Fn::Sub": text}


def _expression(name: str, text: str, base: str = RAW) -> Mutation:
    edit = put(text, "Token", _EXPRESSION) if base == RAW else put(text, *_IDENTITY, "ValidationExpression")
    return Mutation(name=f"expression {name}", base=base, edit=edit, code="validation_expression_rejects_bearer")


IDENTITY: Final = [
    _expression("of the word alone", "^Bearer "),
    _expression("of the first characters", r"\w{5}"),
    _expression("without - and _", "^Bearer [A-Za-z0-9.]+$"),
    _expression("in lower case", "^bearer [-0-9a-zA-Z._]*$", SAM),
    _expression("of two parts", r"^Bearer [-\w]+\.[-\w]+", SAM),
    Mutation(
        name="expression of a REQUEST authorizer",
        base=RAW,
        edit=put("Bearer .+", "Request", _EXPRESSION),
        code="validation_expression_unused",
    ),
    Mutation(
        name="expression of a REQUEST authorizer in OpenAPI",
        base=OPENAPI,
        edit=put("Bearer .+", "Api", *_SCHEME, "identityValidationExpression"),
        code="validation_expression_unused",
    ),
    Mutation(
        name="a path parameter as identity source",
        base=RAW,
        edit=put("method.request.header.Authorization,method.request.path.id", "Request", "IdentitySource"),
        code="identity_source_unknown",
    ),
    Mutation(
        name="the bare name of a header as identity source",
        base=OPENAPI,
        edit=put("Authorization", "Api", *_SCHEME, "identitySource"),
        code="identity_source_unknown",
    ),
    Mutation(
        name="a header and the path for a TOKEN authorizer",
        base=RAW,
        edit=put("method.request.header.Authorization,context.path", "Token", "IdentitySource"),
        code="identity_sources_several_on_token",
    ),
    Mutation(
        name="the query for a TOKEN authorizer",
        base=RAW,
        edit=put("method.request.querystring.token", "Token", "IdentitySource"),
        code="identity_sources_several_on_token",
    ),
    Mutation(
        name="no header for a TOKEN authorizer",
        base=RAW,
        edit=drop("Token", "IdentitySource"),
        code="identity_source_missing_on_token",
    ),
    Mutation(
        name="a cache without a key",
        base=RAW,
        edit=drop("Request", "IdentitySource"),
        code="identity_sources_missing_with_cache",
    ),
    Mutation(
        name="a variable as identity source that no stage has",
        base=RAW,
        edit=drop("Stage", "Variables", "tenant"),
        code="identity_source_variable_unset",
    ),
]
CACHE: Final = [
    Mutation(
        name="a TTL of two hours",
        base=RAW,
        edit=put(7200, "Token", "AuthorizerResultTtlInSeconds"),
        code="ttl_out_of_range",
    ),
    Mutation(
        name="a TTL below nothing",
        base=SAM,
        edit=put(-1, *_IDENTITY, "ReauthorizeEvery"),
        code="ttl_out_of_range",
    ),
    Mutation(
        name="no TTL",
        base=SAM,
        edit=drop(*_IDENTITY, "ReauthorizeEvery"),
        code="cache_default_unsaid",
    ),
    Mutation(
        name="no TTL with one route and a path parameter",
        base=OPENAPI,
        edit=drop("Api", *_SCHEME, "authorizerResultTtlInSeconds"),
        code="cache_default_unsaid",
    ),
    Mutation(
        name="the id of the request in the key",
        base=OPENAPI,
        edit=put("method.request.header.Authorization, context.requestId", "Api", *_SCHEME, "identitySource"),
        code="cache_never_hits",
    ),
]
PERMISSIONS: Final = [
    Mutation(
        name="no permission",
        base=RAW,
        edit=drop("DeciderPermission"),
        code="authorizer_permission_missing",
    ),
    Mutation(
        name="SAM told to give no permission",
        base=SAM,
        edit=put(True, "Api", "Auth", "Authorizers", "Request", "DisableFunctionDefaultPermissions"),
        code="authorizer_permission_missing",
    ),
    Mutation(
        name="a permission for routes",
        base=OPENAPI,
        edit=put(sub(f"{_SOURCE}:${{Api}}/*/*/*"), "DeciderPermission", "SourceArn"),
        code="authorizer_permission_for_routes_only",
    ),
    Mutation(
        name="a permission for another authorizer",
        base=RAW,
        edit=put(sub(f"{_SOURCE}:${{Api}}/authorizers/${{Request}}"), "DeciderPermission", "SourceArn"),
        code="authorizer_permission_for_routes_only",
    ),
    Mutation(
        name="an alias with the permission of its function",
        base=RAW,
        edit=put({"Fn::GetAtt": ["Decider", "Arn"]}, "DeciderPermission", "FunctionName"),
        code="authorizer_permission_unqualified",
    ),
    Mutation(
        name="a function with the permission of its alias",
        base=RAW,
        edit=put(sub(f"{_PATH}/${{Decider.Arn}}/invocations"), "Token", "AuthorizerUri"),
        code="authorizer_permission_unqualified",
    ),
    Mutation(
        name="a permission for Lambda",
        base=RAW,
        edit=put("lambda.amazonaws.com", "DeciderPermission", "Principal"),
        code="authorizer_permission_wrong_principal",
    ),
    Mutation(
        name="a permission for function URLs",
        base=OPENAPI,
        edit=put("lambda:InvokeFunctionUrl", "DeciderPermission", "Action"),
        code="authorizer_permission_wrong_principal",
    ),
    Mutation(
        name="a permission for another API",
        base=OPENAPI,
        edit=put(sub(f"{_SOURCE}:a1b2c3d4e5/authorizers/*"), "DeciderPermission", "SourceArn"),
        code="authorizer_permission_of_another_api",
    ),
    Mutation(
        name="no permission for a route",
        base=OPENAPI,
        edit=drop("BackendPermission"),
        code="integration_permission_missing",
    ),
    Mutation(
        name="a permission for other methods",
        base=OPENAPI,
        edit=put(sub(f"{_SOURCE}:${{Api}}/*/POST/*"), "BackendPermission", "SourceArn"),
        code="integration_permission_missing",
    ),
]
TARGETS: Final = [
    Mutation(
        name="no function",
        base=RAW,
        edit=both(drop("Token", "AuthorizerUri"), drop("DeciderPermission")),
        code="authorizer_function_missing",
    ),
    Mutation(
        name="a function that is not there",
        base=OPENAPI,
        edit=put(sub(f"{_PATH}/${{Guard.Arn}}/invocations"), "Api", *_SCHEME, "authorizerUri"),
        code="function_not_in_template",
    ),
    Mutation(
        name="a route to a function that is not there",
        base=RAW,
        edit=put(sub(f"{_PATH}/${{Orders.Arn}}/invocations"), "ChangeOrder", "Integration", "Uri"),
        code="function_not_in_template",
    ),
    Mutation(
        name="the ARN of the function as URI",
        base=RAW,
        edit=put({"Ref": "DeciderLive"}, "Token", "AuthorizerUri"),
        code="function_uri_malformed",
    ),
    Mutation(
        name="the ARN of the function behind a route",
        base=RAW,
        edit=put({"Fn::GetAtt": ["Backend", "Arn"]}, "ChangeOrder", "Integration", "Uri"),
        code="function_uri_malformed",
    ),
    Mutation(
        name="a stage without the name of the function",
        base=RAW,
        edit=drop("Stage", "Variables", "backend"),
        code="stage_variable_unset",
    ),
    Mutation(
        name="a role for Lambda",
        base=RAW,
        edit=put(
            {"Service": "lambda.amazonaws.com"}, "InvokeRole", "AssumeRolePolicyDocument", "Statement", 0, "Principal"
        ),
        code="credentials_role_untrusted",
    ),
    Mutation(
        name="a role without a policy",
        base=RAW,
        edit=drop("InvokePolicy"),
        code="credentials_role_without_invoke",
    ),
    Mutation(
        name="a role for the other function",
        base=RAW,
        edit=put({"Fn::GetAtt": ["Backend", "Arn"]}, "InvokePolicy", "PolicyDocument", "Statement", 0, "Resource"),
        code="credentials_role_without_invoke",
    ),
]
TLS: Final = [
    Mutation(
        name="a host beside the domain with mutual TLS",
        base=OPENAPI,
        edit=drop("Api", "DisableExecuteApiEndpoint"),
        code="mutual_tls_bypassed",
    ),
    Mutation(
        name="a domain with mutual TLS",
        base=RAW,
        edit=both(
            add(
                "Domain", "AWS::ApiGateway::DomainName", DomainName="a.example.com", MutualTlsAuthentication={"T": "s3"}
            ),
            add("Mapping", "AWS::ApiGateway::BasePathMapping", DomainName={"Ref": "Domain"}, RestApiId={"Ref": "Api"}),
        ),
        code="mutual_tls_bypassed",
    ),
]
MUTATIONS: Final = [*IDENTITY, *CACHE, *PERMISSIONS, *TARGETS, *TLS]
