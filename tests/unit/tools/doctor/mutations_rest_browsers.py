"""Mistakes that browsers meet at REST APIs: preflights, and refusals that no script may read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tests.unit.tools.doctor.mutation import Mutation
from tests.unit.tools.doctor.rest_edits import attribute, both, drop, put

if TYPE_CHECKING:
    from tests.unit.tools.doctor.rest_edits import Edit

SAM, RAW = "rest_sam.yaml", "rest_cloudformation.yaml"
_ANSWER: Final = ("Integration", "IntegrationResponses", 0, "ResponseParameters")
_HEADER: Final = "method.response.header.Access-Control-Allow"
_ORIGIN: Final = "gatewayresponse.header.Access-Control-Allow-Origin"


def _mutation(code: str, name: str, base: str, edit: Edit) -> Mutation:
    return Mutation(name=name, base=base, edit=edit, code=code)


PREFLIGHTS: Final = [
    _mutation(
        "options_has_authorizer",
        "SAM's default authorizer on preflights",
        SAM,
        drop("Api", "Auth", "AddDefaultAuthorizerToCorsPreflight"),
    ),
    _mutation(
        "options_has_authorizer",
        "an authorizer on a preflight",
        RAW,
        both(
            put("CUSTOM", "OrderPreflight", "AuthorizationType"),
            put({"Ref": "Token"}, "OrderPreflight", "AuthorizerId"),
        ),
    ),
    _mutation(
        "options_asks_for_api_key",
        "an API key on a preflight",
        RAW,
        put(True, "OrdersPreflight", "ApiKeyRequired"),
    ),
    _mutation(
        "any_method_guards_preflight",
        "a method for all methods",
        RAW,
        both(
            put("ANY", "ChangeOrder", "HttpMethod"),
            drop("OrderPreflight"),
            attribute(["ListOrders", "ChangeOrder", "OrdersPreflight"], "Deployment", "DependsOn"),
        ),
    ),
    _mutation(
        "preflight_missing",
        "a path without preflights",
        RAW,
        both(
            drop("OrderPreflight"),
            attribute(["ListOrders", "ChangeOrder", "OrdersPreflight"], "Deployment", "DependsOn"),
        ),
    ),
    _mutation(
        "cors_header_list_lacks_authorization",
        "a star for all headers",
        RAW,
        put("'*'", "OrdersPreflight", *_ANSWER, f"{_HEADER}-Headers"),
    ),
    _mutation(
        "cors_header_list_lacks_authorization",
        "a header of the authorizer that is not listed",
        SAM,
        put("'Authorization,Content-Type'", "Api", "Cors", "AllowHeaders"),
    ),
    _mutation(
        "cors_header_list_lacks_authorization",
        "no list of headers",
        SAM,
        drop("Api", "Cors", "AllowHeaders"),
    ),
    _mutation(
        "cors_method_list_lacks_method",
        "a method that is not listed",
        RAW,
        put("'GET,OPTIONS'", "OrderPreflight", *_ANSWER, f"{_HEADER}-Methods"),
    ),
    _mutation(
        "cors_credentials_with_star",
        "cookies from anywhere",
        RAW,
        put("'true'", "OrdersPreflight", *_ANSWER, f"{_HEADER}-Credentials"),
    ),
    _mutation("header_value_unquoted", "an origin without quotes", SAM, put("*", "Api", "Cors", "AllowOrigin")),
    _mutation(
        "header_value_unquoted",
        "an origin of refusals without quotes",
        RAW,
        put("*", "Refused", "ResponseParameters", _ORIGIN),
    ),
]
REFUSALS: Final = [
    _mutation("cors_missing_on_gateway_responses", "no origin on errors", RAW, drop("Failed")),
    _mutation("cors_missing_on_gateway_responses", "no gateway responses", SAM, drop("Api", "GatewayResponses")),
    _mutation(
        "cors_missing_on_gateway_responses",
        "no origin on refusals",
        RAW,
        put({"gatewayresponse.header.X-Reason": "context.error.responseType"}, "Refused", "ResponseParameters"),
    ),
    _mutation(
        "cors_lost_by_gateway_response",
        "no origin on a response that is set by itself",
        SAM,
        drop("Api", "GatewayResponses", "ACCESS_DENIED", "ResponseParameters"),
    ),
]
MUTATIONS: Final = [*PREFLIGHTS, *REFUSALS]
