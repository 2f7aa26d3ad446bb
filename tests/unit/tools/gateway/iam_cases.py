"""What AWS's documentation says of policies, as data: statements, a call, the outcome, and where it is said."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from authorizer.tools.gateway.iam import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

ALLOW, DENY, SILENT = Outcome.ALLOW, Outcome.EXPLICIT_DENY, Outcome.IMPLICIT_DENY
API = "arn:aws:execute-api:us-east-1:123456789012:abcdef1234"
INVOKE = "execute-api:Invoke"

LOGIC = "IAM: Policy evaluation logic"
RESOURCE = "IAM JSON policy elements: Resource"
NOT_RESOURCE = "IAM JSON policy elements: NotResource"
ACTION = "IAM JSON policy elements: Action"
NOT_ACTION = "IAM JSON policy elements: NotAction"
EFFECT = "IAM JSON policy elements: Effect"
CONDITION = "IAM JSON policy elements: Condition operators"
MULTIPLE = "IAM: Conditions with multiple context keys or values"
SETS = "IAM: Set operators for multivalued context keys"
VARIABLES = "IAM policy elements: Variables and tags"
FORMAT = "API Gateway: Control access for invoking an API (resource format)"
OUTPUT = "API Gateway: Output from an API Gateway Lambda authorizer"
VERSION = "IAM JSON policy elements: Version"
PRINCIPAL = "IAM JSON policy elements: Principal"
KEYS = "API Gateway: AWS condition keys that can be used in resource policies"


class Case(NamedTuple):
    """One row. `conditions` are the values of condition keys."""

    name: str
    statements: list[dict[str, Any]]
    arn: str
    outcome: Outcome
    source: str
    conditions: Mapping[str, str | list[str]] = MappingProxyType({})
    action: str = INVOKE
    version: str = "2012-10-17"

    @property
    def document(self) -> dict[str, Any]:
        return {"Version": self.version, "Statement": self.statements}


def allow(resource: str | list[str], **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": INVOKE, "Resource": resource} | more


def deny(resource: str | list[str], **more: Any) -> dict[str, Any]:
    return {"Effect": "Deny", "Action": INVOKE, "Resource": resource} | more


def where(operator: str, key: str, value: Any) -> dict[str, Any]:
    return {"Condition": {operator: {key: value}}}


PETS = f"{API}/prod/GET/pets"
IP = "aws:SourceIp"
CASES = [
    Case("nothing said is an implicit deny", [], PETS, SILENT, LOGIC),
    Case("allow", [allow(PETS)], PETS, ALLOW, LOGIC),
    Case("allow of another resource", [allow(f"{API}/prod/GET/cats")], PETS, SILENT, LOGIC),
    Case("deny wins over allow", [allow("*"), deny(PETS)], PETS, DENY, LOGIC),
    Case("deny wins whatever the order", [deny(PETS), allow("*")], PETS, DENY, LOGIC),
    Case("deny of another resource", [allow("*"), deny(f"{API}/prod/GET/cats")], PETS, ALLOW, LOGIC),
    Case("deny alone", [deny("*")], PETS, DENY, LOGIC),
    Case("one of several allows is enough", [allow(f"{API}/x/GET/"), allow(PETS)], PETS, ALLOW, LOGIC),
    Case("list of resources", [allow([f"{API}/prod/GET/cats", PETS])], PETS, ALLOW, RESOURCE),
    Case("star is every resource", [allow("*")], PETS, ALLOW, RESOURCE),
    Case("star crosses slashes", [allow(f"{API}/prod/GET/pets/*")], f"{PETS}/1/owner/2", ALLOW, FORMAT),
    Case("star may be nothing", [allow(f"{API}/prod/GET/pets*")], PETS, ALLOW, RESOURCE),
    Case("star after a word takes longer words", [allow(f"{PETS}*")], f"{PETS}-admin", ALLOW, RESOURCE),
    Case("star after a slash wants the slash", [allow(f"{PETS}/*")], PETS, SILENT, RESOURCE),
    Case("star in the middle", [allow(f"{API}/prod/*/pets")], PETS, ALLOW, FORMAT),
    Case(
        "star in the place of the method reaches into paths",
        [allow(f"{API}/prod/*/pets")],
        f"{API}/prod/GET/x/pets",
        ALLOW,
        RESOURCE,
    ),
    Case("two stars", [allow(f"{API}/*/GET/*")], PETS, ALLOW, FORMAT),
    Case("question mark is one character", [allow(f"{API}/prod/GET/pet?")], PETS, ALLOW, RESOURCE),
    Case("question mark is not none", [allow(f"{PETS}?")], PETS, SILENT, RESOURCE),
    Case("question mark is not two", [allow(f"{API}/prod/GET/pe?")], PETS, SILENT, RESOURCE),
    Case("question mark is also a slash", [allow(f"{API}/prod/GET?pets")], PETS, ALLOW, RESOURCE),
    Case("pattern is anchored at its start", [allow("execute-api:*")], PETS, SILENT, RESOURCE),
    Case("pattern is anchored at its end", [allow(f"{API}/prod/GET/pet")], PETS, SILENT, RESOURCE),
    Case("path has case", [allow(f"{API}/prod/GET/Pets")], PETS, SILENT, RESOURCE),
    Case("method has case", [allow(f"{API}/prod/get/pets")], PETS, SILENT, FORMAT),
    Case("every API of a Region", [allow("arn:aws:execute-api:us-east-1:*:*")], PETS, ALLOW, FORMAT),
    Case("every stage of an API", [allow("arn:aws:execute-api:us-east-1:*:abcdef1234/*")], PETS, ALLOW, FORMAT),
    Case("another stage", [allow(f"{API}/test/*")], PETS, SILENT, FORMAT),
    Case("another Region", [allow("arn:aws:execute-api:eu-west-1:*:*")], PETS, SILENT, FORMAT),
    Case("another partition", [allow("arn:aws-cn:execute-api:*:*:*")], PETS, SILENT, FORMAT),
    Case("braces of a template are no wildcard", [allow(f"{API}/prod/GET/{{proxy+}}")], PETS, SILENT, FORMAT),
    Case("path with colons", [allow(f"{API}/prod/GET/urn:a:*")], f"{API}/prod/GET/urn:a:b:c", ALLOW, FORMAT),
    Case("root path", [allow(f"{API}/prod/GET/")], f"{API}/prod/GET/", ALLOW, FORMAT),
    Case(
        "stage $default is no variable", [allow(f"{API}/$default/GET/pets")], f"{API}/$default/GET/pets", ALLOW, FORMAT
    ),
    Case("WebSocket handshake", [allow(f"{API}/prod/$connect")], f"{API}/prod/$connect", ALLOW, OUTPUT),
    Case(
        "not resource: all others",
        [{"Effect": "Allow", "Action": INVOKE, "NotResource": f"{API}/prod/GET/cats"}],
        PETS,
        ALLOW,
        NOT_RESOURCE,
    ),
    Case(
        "not resource: not this",
        [{"Effect": "Allow", "Action": INVOKE, "NotResource": PETS}],
        PETS,
        SILENT,
        NOT_RESOURCE,
    ),
    Case(
        "deny with not resource closes the rest",
        [allow("*"), {"Effect": "Deny", "Action": INVOKE, "NotResource": PETS}],
        f"{PETS}/1",
        DENY,
        NOT_RESOURCE,
    ),
    Case(
        "deny with not resource leaves its own",
        [allow("*"), {"Effect": "Deny", "Action": INVOKE, "NotResource": [PETS]}],
        PETS,
        ALLOW,
        NOT_RESOURCE,
    ),
    Case("action has no case", [allow(PETS, Action="EXECUTE-API:invoke")], PETS, ALLOW, ACTION),
    Case("action with a star", [allow(PETS, Action="execute-api:*")], PETS, ALLOW, ACTION),
    Case("every action", [allow(PETS, Action="*")], PETS, ALLOW, ACTION),
    Case("another action", [allow(PETS, Action="execute-api:ManageConnections")], PETS, SILENT, ACTION),
    Case("list of actions", [allow(PETS, Action=["s3:GetObject", INVOKE])], PETS, ALLOW, ACTION),
    Case("not action", [{"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"}], PETS, ALLOW, NOT_ACTION),
    Case(
        "not action, and it is this",
        [{"Effect": "Deny", "NotAction": INVOKE, "Resource": "*"}],
        PETS,
        SILENT,
        NOT_ACTION,
    ),
    Case(
        "address in a network",
        [allow(PETS, **where("IpAddress", IP, "192.0.2.0/24"))],
        PETS,
        ALLOW,
        CONDITION,
        {IP: "192.0.2.7"},
    ),
    Case(
        "address outside",
        [allow(PETS, **where("IpAddress", IP, "192.0.2.0/24"))],
        PETS,
        SILENT,
        CONDITION,
        {IP: "203.0.113.7"},
    ),
    Case(
        "one of two networks",
        [allow(PETS, **where("IpAddress", IP, ["192.0.2.0/24", "203.0.113.0/24"]))],
        PETS,
        ALLOW,
        MULTIPLE,
        {IP: "203.0.113.7"},
    ),
    Case(
        "not in a network",
        [deny(PETS, **where("NotIpAddress", IP, "192.0.2.0/24"))],
        PETS,
        DENY,
        CONDITION,
        {IP: "203.0.113.7"},
    ),
    Case("key that is not there", [allow(PETS, **where("IpAddress", IP, "192.0.2.0/24"))], PETS, SILENT, CONDITION),
    Case(
        "key has no case",
        [allow(PETS, **where("IpAddress", "AWS:sourceip", "192.0.2.0/24"))],
        PETS,
        ALLOW,
        CONDITION,
        {IP: "192.0.2.7"},
    ),
    Case(
        "if exists, and it does not",
        [allow(PETS, **where("StringEqualsIfExists", "aws:Referer", "x"))],
        PETS,
        ALLOW,
        CONDITION,
    ),
    Case(
        "if exists, and it is another",
        [allow(PETS, **where("StringEqualsIfExists", "aws:Referer", "x"))],
        PETS,
        SILENT,
        CONDITION,
        {"aws:Referer": "y"},
    ),
    Case("null true: it is not there", [allow(PETS, **where("Null", "aws:SourceVpc", "true"))], PETS, ALLOW, CONDITION),
    Case(
        "null false: it is there",
        [allow(PETS, **where("Null", "aws:SourceVpc", "false"))],
        PETS,
        ALLOW,
        CONDITION,
        {"aws:SourceVpc": "vpc-1"},
    ),
    Case(
        "text has case",
        [allow(PETS, **where("StringEquals", "aws:UserAgent", "Curl"))],
        PETS,
        SILENT,
        CONDITION,
        {"aws:UserAgent": "curl"},
    ),
    Case(
        "text without case",
        [allow(PETS, **where("StringEqualsIgnoreCase", "aws:UserAgent", "Curl"))],
        PETS,
        ALLOW,
        CONDITION,
        {"aws:UserAgent": "curl"},
    ),
    Case(
        "text with wildcards",
        [allow(PETS, **where("StringLike", "aws:UserAgent", "curl/*"))],
        PETS,
        ALLOW,
        CONDITION,
        {"aws:UserAgent": "curl/8.1"},
    ),
    Case(
        "equal text has no wildcards",
        [allow(PETS, **where("StringEquals", "aws:UserAgent", "curl/*"))],
        PETS,
        SILENT,
        CONDITION,
        {"aws:UserAgent": "curl/8.1"},
    ),
    Case(
        "before a date",
        [allow(PETS, **where("DateLessThan", "aws:CurrentTime", "2026-01-01T00:00:00Z"))],
        PETS,
        ALLOW,
        KEYS,
        {"aws:CurrentTime": "2025-12-31T23:59:59Z"},
    ),
    Case(
        "at a date is not before it",
        [allow(PETS, **where("DateLessThan", "aws:CurrentTime", "2026-01-01T00:00:00Z"))],
        PETS,
        SILENT,
        KEYS,
        {"aws:CurrentTime": "2026-01-01T00:00:00Z"},
    ),
    Case(
        "number",
        [allow(PETS, **where("NumericGreaterThanEquals", "aws:EpochTime", "100"))],
        PETS,
        ALLOW,
        CONDITION,
        {"aws:EpochTime": "100"},
    ),
    Case(
        "boolean",
        [deny(PETS, **where("Bool", "aws:SecureTransport", "false"))],
        PETS,
        DENY,
        CONDITION,
        {"aws:SecureTransport": "false"},
    ),
    Case(
        "two operators must both hold",
        [allow(PETS, Condition={"Bool": {"aws:SecureTransport": "true"}, "IpAddress": {IP: "192.0.2.0/24"}})],
        PETS,
        SILENT,
        MULTIPLE,
        {"aws:SecureTransport": "true", IP: "203.0.113.7"},
    ),
    Case(
        "any value of several",
        [allow(PETS, **where("ForAnyValue:StringEquals", "aws:Referer", ["a", "b"]))],
        PETS,
        ALLOW,
        SETS,
        {"aws:Referer": ["x", "b"]},
    ),
    Case(
        "all values of several",
        [allow(PETS, **where("ForAllValues:StringEquals", "aws:Referer", ["a", "b"]))],
        PETS,
        SILENT,
        SETS,
        {"aws:Referer": ["x", "b"]},
    ),
    Case(
        "all values of none",
        [allow(PETS, **where("ForAllValues:StringEquals", "aws:Referer", ["a"]))],
        PETS,
        ALLOW,
        SETS,
    ),
    Case("star that is meant", [allow(f"{API}/prod/GET/${{*}}")], f"{API}/prod/GET/*", ALLOW, VARIABLES),
    Case("star that is meant is no wildcard", [allow(f"{API}/prod/GET/${{*}}")], PETS, SILENT, VARIABLES),
    Case("dollar that is meant", [allow(f"{API}/prod/GET/${{$}}{{a}}")], f"{API}/prod/GET/${{a}}", ALLOW, VARIABLES),
    Case("variable", [allow(f"{PETS}/${{aws:UserAgent}}")], f"{PETS}/rex", ALLOW, VARIABLES, {"aws:UserAgent": "rex"}),
    Case("variable has no case", [allow("*/${AWS:useragent}")], f"{PETS}/a", ALLOW, VARIABLES, {"aws:UserAgent": "a"}),
    Case(
        "variable, other", [allow(f"{PETS}/${{aws:UserAgent}}")], f"{PETS}/a", SILENT, VARIABLES, {"aws:UserAgent": "b"}
    ),
    Case("variable without a value", [allow("*/${aws:UserAgent}")], PETS, SILENT, VARIABLES),
    Case("variable without a value, and more", [allow([PETS, "*/${aws:UserAgent}"])], PETS, ALLOW, VARIABLES),
    Case(
        "not resource: variable without a value",
        [allow("*"), {"Effect": "Deny", "Action": INVOKE, "NotResource": "*/${aws:UserAgent}"}],
        PETS,
        DENY,
        VARIABLES,
    ),
    Case(
        "equal to a variable without a value",
        [allow(PETS, **where("StringEquals", "aws:Referer", "${aws:UserAgent}"))],
        PETS,
        SILENT,
        VARIABLES,
        {"aws:Referer": "a"},
    ),
    Case(
        "not equal to a variable without a value",
        [allow("*"), deny("*", **where("StringNotEquals", "aws:Referer", "${aws:UserAgent}"))],
        PETS,
        DENY,
        VARIABLES,
        {"aws:Referer": "a"},
    ),
    Case("variable's default", [allow("*/GET/${aws:UserAgent, 'pets'}")], PETS, ALLOW, VARIABLES),
    Case(
        "variable in a text to compare with",
        [allow(PETS, **where("StringEquals", "aws:Referer", "https://${aws:UserAgent}/"))],
        PETS,
        ALLOW,
        VARIABLES,
        {"aws:Referer": "https://a/", "aws:UserAgent": "a"},
    ),
    Case(
        "old versions have no variables",
        [allow(f"{PETS}/${{aws:UserAgent}}")],
        f"{PETS}/rex",
        SILENT,
        VERSION,
        {"aws:UserAgent": "rex"},
        version="2008-10-17",
    ),
    Case(
        "old versions spell them out",
        [allow(f"{PETS}/${{aws:UserAgent}}")],
        f"{PETS}/${{aws:UserAgent}}",
        ALLOW,
        VERSION,
        version="2008-10-17",
    ),
    Case("star takes a new line", [allow(f"{PETS}/*")], f"{PETS}/a\nb", ALLOW, RESOURCE),
    Case("principal is everyone", [allow(PETS, Principal="*")], PETS, ALLOW, PRINCIPAL),
    Case("principal is everyone, in a list", [allow(PETS, Principal={"AWS": ["*"]})], PETS, ALLOW, PRINCIPAL),
    Case("principal is a role", [allow(PETS, Principal={"AWS": "arn:aws:iam::1:role/a"})], PETS, SILENT, PRINCIPAL),
    Case("all but a role", [deny(PETS, NotPrincipal={"AWS": "arn:aws:iam::1:role/a"})], PETS, DENY, PRINCIPAL),
    Case(
        "key of callers with AWS credentials",
        [allow(PETS, **where("StringNotEquals", "aws:username", "ann"))],
        PETS,
        SILENT,
        KEYS,
    ),
    Case(
        "parts of an ARN are compared each for itself",
        [allow(PETS, **where("ArnLike", "aws:SourceArn", "arn:aws:*:b"))],
        PETS,
        SILENT,
        CONDITION,
        {"aws:SourceArn": "arn:aws:s3:::b"},
    ),
]
