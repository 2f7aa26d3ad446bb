"""Random policies with calls, over every element and operator that both evaluators read; the same ones in every run."""

from __future__ import annotations

from random import Random
from typing import Any

from tests.unit.tools.gateway.iam_cases import API, INVOKE

PARTS = ("GET", "pets", "a", "b/c", "x:y", "", "admin")
WILD = ("*", "?", "?*", "pet?", "a*", "*c")
ACTIONS = (INVOKE, "execute-api:*", "*", "EXECUTE-API:INVOKE", "execute-api:ManageConnections", "s3:Get????ct")
VALUES = {
    "aws:SourceIp": ("192.0.2.7", "203.0.113.7", "2001:db8::7"),
    "aws:UserAgent": ("curl/8", "Curl/8", "wget"),
    "aws:SourceVpc": ("1", "2", "10"),
    "aws:SourceArn": ("arn:aws:s3:::a", "arn:aws:s3:::b", "arn:aws:sns:eu-west-1:123456789012:a"),
    "aws:Referer": (["a"], ["a", "b"], ["c", "b"], ["x"]),
    "aws:SecureTransport": ("true", "false"),
}
WANTED = {
    "aws:SourceIp": ("192.0.2.0/24", "203.0.113.7", "2001:db8::/32", "0.0.0.0/0"),
    "aws:UserAgent": ("curl/8", "curl*", "?get", "CURL/8", "*"),
    "aws:SourceVpc": ("1", "2", "3.0", "10"),
    "aws:SourceArn": ("arn:aws:s3:::*", "arn:aws:s*:*:*:a", "arn:aws:s3:::b"),
    "aws:Referer": ("a", "b", "c"),
    "aws:SecureTransport": ("true", "false"),
}
COMPARED = ("Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals")
OPERATORS = {
    "aws:SourceIp": ("IpAddress", "NotIpAddress"),
    "aws:UserAgent": (
        *(f"String{one}" for one in ("Equals", "NotEquals", "Like", "NotLike")),
        *("StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"),
    ),
    "aws:SourceVpc": tuple(f"Numeric{one}" for one in COMPARED),
    "aws:SourceArn": ("ArnEquals", "ArnNotEquals", "ArnLike", "ArnNotLike"),
    "aws:Referer": tuple(
        f"{many}:String{one}" for many in ("ForAnyValue", "ForAllValues") for one in ("Equals", "NotEquals", "Like")
    ),
    "aws:SecureTransport": ("Bool",),
}
ALWAYS = ("aws:SecureTransport",)  # the other evaluator has it in every call


def random_cases(count: int, seed: int = 7) -> list[dict[str, Any]]:
    random = Random(seed)
    return [_case(random) for _ in range(count)]


def _case(random: Random) -> dict[str, Any]:
    keys = [key for key in VALUES if key in ALWAYS or random.random() < 0.7]
    return {
        "document": {"Version": "2012-10-17", "Statement": [_statement(random) for _ in range(random.randint(1, 4))]},
        "arn": _path(random, PARTS),
        "action": random.choice((INVOKE, INVOKE, INVOKE, "s3:GetObject")),
        "conditions": {key: random.choice(VALUES[key]) for key in keys},
    }


def _path(random: Random, parts: tuple[str, ...]) -> str:
    return f"{API}/prod/" + "/".join(random.choice(parts) for _ in range(random.randint(1, 4)))


def _statement(random: Random) -> dict[str, Any]:
    resource = random.choice(("Resource", "Resource", "NotResource"))
    action = random.choice(("Action", "Action", "Action", "NotAction"))
    made: dict[str, Any] = {
        "Effect": random.choice(("Allow", "Allow", "Deny")),
        action: random.sample(ACTIONS, random.randint(1, 2)) if random.random() < 0.5 else INVOKE,
        resource: [_path(random, (*PARTS, *WILD)) for _ in range(random.randint(1, 3))],
    }
    if random.random() < 0.4:
        made["Condition"] = {}
        for key in random.sample(list(VALUES), random.randint(1, 2)):
            made["Condition"] |= _operator(random, key)
    return made


def _operator(random: Random, key: str) -> dict[str, Any]:
    if random.random() < 0.1:
        return {"Null": {key: random.choice(("true", "false"))}}
    if_exists = random.choice(("", "", "IfExists"))
    wanted = random.sample(WANTED[key], random.randint(1, 2))
    return {random.choice(OPERATORS[key]) + if_exists: {key: wanted}}
