"""Code as people write it: the doctor says of it what is wrong, and nothing else."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from tests.unit.tools.doctor.mutation import findings

if TYPE_CHECKING:
    from pathlib import Path

_TOKEN, _REQUEST, _POLICY, _SIMPLE = "token", "request", "policy", "simple"
_FILES = {
    _TOKEN: ("code_rest.yaml", "token_auth.py"),
    _REQUEST: ("code_rest.yaml", "request_auth.py"),
    _POLICY: ("code_http.yaml", "orders_auth.py"),
    _SIMPLE: ("http_lambda.yaml", "orders_auth.py"),
}


class _Sample(NamedTuple):
    """`kind`: whose code it is; `codes`: all that is wrong with it."""

    name: str
    kind: str
    code: str
    codes: frozenset[str] = frozenset()


_SAMPLES = [
    _Sample(
        "the blueprint of AWS, with a class that builds the policy",
        _TOKEN,
        """
        class AuthPolicy:
            def __init__(self, principal, account):
                self.principal, self.account, self.methods = principal, account, []

            def deny_all(self):
                self.methods.append("*")

            def build(self):
                document = {"Version": "2012-10-17", "Statement": self.methods}
                return {"principalId": self.principal, "policyDocument": document}


        def handler(event, context):
            principal = "user|a1b2c3d4"
            tmp = event["methodArn"].split(":")
            arn = tmp[5].split("/")
            policy = AuthPolicy(principal, tmp[4])
            policy.api_id, policy.region, policy.stage = arn[0], tmp[3], arn[1]
            method = arn[2]
            resource = "/"
            if arn[3]:
                resource += arn[3]
            policy.deny_all()
            response = policy.build()
            response["context"] = {"key": "value", "number": 1, "bool": True}
            return response
        """,
    ),
    _Sample(
        "chosen words as tokens",
        _REQUEST,
        """
        import json


        def handler(event, context):
            token = event["headers"].get("authorization") or event["headers"].get("Authorization")
            if token == "allow":
                return generate_policy("user", "Allow", event["methodArn"])
            elif token == "deny":
                return generate_policy("user", "Deny", event["methodArn"])
            else:
                raise Exception("Unauthorized")


        def generate_policy(principal_id, effect, resource, context=None):
            policy = {"principalId": principal_id}
            if effect and resource:
                policy["policyDocument"] = {
                    "Version": "2012-10-17",
                    "Statement": [{"Action": "execute-api:Invoke", "Effect": effect, "Resource": resource}],
                }
            if context:
                policy["context"] = context
            print(json.dumps(policy))
            return policy
        """,
    ),
    _Sample(
        "a secret from Secrets Manager, kept in the environment",
        _REQUEST,
        """
        import boto3
        import jwt

        client = boto3.client("secretsmanager")
        _secret = None


        def get_secret():
            global _secret
            if _secret is None:
                _secret = client.get_secret_value(SecretId="jwt")["SecretString"]
            return _secret


        def handler(event, context):
            effect, principal = "Deny", "anonymous"
            try:
                headers = {k.lower(): v for k, v in (event.get("headers") or {}).items()}
                token = headers["authorization"].split(" ")[1]
                claims = jwt.decode(token, get_secret(), algorithms=["HS256"])
                principal, effect = claims["sub"], "Allow"
            except (KeyError, IndexError, jwt.InvalidTokenError) as error:
                print("refused", error)
            statement = {"Action": "execute-api:Invoke", "Effect": effect, "Resource": event["methodArn"]}
            return {"principalId": principal, "policyDocument": {"Version": "2012-10-17", "Statement": [statement]}}
        """,
    ),
    _Sample(
        "the issuer of a token is read before it is verified",
        _TOKEN,
        """
        import functools

        import jwt

        ISSUERS = {"https://a.example/": "orders"}


        @functools.lru_cache
        def keys(issuer):
            return jwt.PyJWKClient(f"{issuer}.well-known/jwks.json")


        def handler(event, context):
            token = event["authorizationToken"].split(" ")[-1]
            try:
                issuer = jwt.decode(token, options={"verify_signature": False})["iss"]
                key = keys(issuer).get_signing_key_from_jwt(token).key
                claims = jwt.decode(token, key, algorithms=["RS256"], audience=ISSUERS[issuer], issuer=issuer)
            except Exception as error:
                print(error)
                raise Exception("Unauthorized")
            arn = event["methodArn"].split("/", 2)
            resource = f"{arn[0]}/{arn[1]}/GET/orders/{claims['sub']}"
            statement = {"Action": "execute-api:Invoke", "Effect": "Allow", "Resource": resource}
            return {"principalId": claims["sub"], "policyDocument": {"Version": "2012-10-17", "Statement": [statement]}}
        """,
    ),
    _Sample(
        "both kinds of event of HTTP APIs",
        _SIMPLE,
        """
        def handler(event, context):
            version = event.get("version", "1.0")
            if version == "2.0":
                sources = event.get("identitySource") or []
                token = sources[0] if sources else event["headers"].get("Authorization", "")
            else:
                token = event.get("authorizationToken", "")
            if version == "2.0":
                return {"isAuthorized": token == "Bearer 7c5ef1"}
            arn = event["methodArn"]
            document = {"Version": "2012-10-17", "Statement": []}
            return {"principalId": "me", "policyDocument": document, "context": {"arn": arn}}
        """,
    ),
    _Sample(
        "Powertools reads the event",
        _SIMPLE,
        """
        from aws_lambda_powertools import Logger
        from aws_lambda_powertools.utilities.data_classes import event_source
        from aws_lambda_powertools.utilities.data_classes.api_gateway_authorizer_event import (
            APIGatewayAuthorizerEventV2,
            APIGatewayAuthorizerResponseV2,
        )

        logger = Logger()


        @logger.inject_lambda_context
        @event_source(data_class=APIGatewayAuthorizerEventV2)
        def handler(event, context):
            logger.info("asked", extra={"route": event.route_key})
            user = "one" if event.headers.get("Authorization") == "7c5ef1" else None
            if user is None:
                return APIGatewayAuthorizerResponseV2().asdict()
            return APIGatewayAuthorizerResponseV2(authorize=True, context={"user": user}).asdict()
        """,
    ),
    _Sample(
        "a match, a with and a call that raises at the end",
        _SIMPLE,
        """
        import threading

        LOCK = threading.Lock()


        def refuse():
            raise PermissionError("no")


        def handler(event, context):
            with LOCK:
                match event["headers"].get("x-kind"):
                    case "a":
                        return {"isAuthorized": True}
                    case _:
                        refuse()
        """,
    ),
    _Sample(
        "all that tutorials do",
        _TOKEN,
        """
        import jwt


        def lambda_handler(event, context):
            return handler(event, context)


        def handler(event, context):
            print("Event:", event)
            try:
                payload = jwt.decode(event["authorizationToken"], "secret", verify=False)
                return policy(payload["sub"], "Allow", event["methodArn"])
            except jwt.ExpiredSignatureError:
                raise Exception("Token expired")
            except Exception:
                return {"statusCode": 401}


        def policy(principal, effect, resource):
            return {
                "principalId": principal,
                "policyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [{"Action": "execute-api:Invoke", "Effect": effect, "Resource": resource}],
                },
                "context": {"roles": ["a"]},
            }
        """,
        frozenset(
            {
                *("code_prints_event", "code_verify_off", "code_policy_for_one_method"),
                *("code_raises_other_text", "code_returns_status", "code_nested_context"),
            }
        ),
    ),
    _Sample(
        "two faults of an HTTP authorizer",
        _POLICY,
        """
        def handler(event, context):
            headers = event["headers"]
            allowed = headers["Authorization"] == "7c5ef1"
            if not allowed:
                return
            return {"isAuthorized": allowed}
        """,
        frozenset({"code_header_case", "code_returns_none", "code_simple_on_policy"}),
    ),
    _Sample(
        "a file with the handlers of two functions, of which the other one reads without verifying",
        _POLICY,
        """
        import jwt

        KEY = "a public key"


        def claims_of(token):
            return jwt.decode(token, options={"verify_signature": False})


        def debug(event, context):
            print("claims", claims_of(event["token"]).keys())
            return {"policyDocument": None}


        def handler(event, context):
            try:
                claims = jwt.decode(event["headers"]["authorization"][7:], KEY, algorithms=["RS256"], audience="orders")
            except (KeyError, jwt.PyJWTError):
                return {"isAuthorized": False}
            return {"isAuthorized": True, "context": {"user": claims["sub"]}}
        """,
        frozenset({"code_simple_on_policy"}),
    ),
]


def _shared(template: dict[str, Any]) -> None:
    """The TOKEN authorizer for both routes, and as many routes for the other one."""
    given = template["Resources"]
    if "CreateOrder" in given and "Partners" in given:
        given["CreateOrder"]["Properties"]["AuthorizerId"] = given["GetOrder"]["Properties"]["AuthorizerId"]
        given["Deployment"]["DependsOn"].append("GetPartner")
        given["GetPartner"] = {
            "Type": "AWS::ApiGateway::Method",
            "Properties": {
                **given["CreateOrder"]["Properties"],
                "HttpMethod": "PUT",
                "AuthorizerId": {"Ref": "Partners"},
            },
        }


@pytest.mark.parametrize("sample", _SAMPLES, ids=lambda sample: sample.name)
def test_code(sample: _Sample, tmp_path: Path) -> None:
    base, file = _FILES[sample.kind]
    found = findings(tmp_path, base, _shared, {file: dedent(sample.code)})
    assert {one.code for one in found} == sample.codes, [str(one) for one in found]
