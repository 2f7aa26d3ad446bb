"""Policies that the authorizer of the conformance stack returns, by name: each about one thing that may go wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

Document = dict[str, Any]
Rule = Callable[[str], Document]

VERSION: Final = "2012-10-17"
INVOKE: Final = "execute-api:Invoke"
ELSEWHERE: Final = "192.0.2.0/24"  # RFC 5737: nobody calls from there
LONG_AGO, FAR_AWAY = "2020-01-01T00:00:00Z", "2099-01-01T00:00:00Z"


def stage_of(arn: str) -> str:
    """The ARN of a method → that of its stage. A path may have colons and slashes, so only the first two are looked at."""
    return "/".join(arn.split("/", 2)[:2])


def policy(*statements: Mapping[str, Any]) -> Document:
    """A policy document."""
    return {"Version": VERSION, "Statement": list(statements)}


def statement(effect: str, resource: str | list[str], **more: Any) -> Document:
    """A statement about calls of an API."""
    return {"Effect": effect, "Action": INVOKE, "Resource": resource, **more}


def _allow(path: str) -> Rule:
    """Allows a path pattern of the stage: `GET/items/*`."""
    return lambda arn: policy(statement("Allow", f"{stage_of(arn)}/{path}"))


def _everything(**elements: Any) -> Rule:
    """Allows all of the stage, with elements changed or, with None, left out."""

    def made(arn: str) -> Document:
        changed = statement("Allow", f"{stage_of(arn)}/*") | elements
        return policy({name: value for name, value in changed.items() if value is not None})

    return made


def _beside(**denied: Any) -> Rule:
    """Allows all of the stage beside a denial, whose resources are given after the stage."""

    def made(arn: str) -> Document:
        stage = stage_of(arn)
        denial = {"Effect": "Deny", "Action": INVOKE} | {name: f"{stage}/{path}" for name, path in denied.items()}
        return policy(statement("Allow", f"{stage}/*"), denial)

    return made


def _document(**members: Any) -> Rule:
    """Allows all, with members of the document itself changed or, with None, left out."""

    def made(arn: str) -> Document:
        changed = policy(statement("Allow", f"{stage_of(arn)}/*")) | members
        return {name: value for name, value in changed.items() if value is not None}

    return made


def _condition(operator: str, key: str, value: str) -> Rule:
    return _everything(Condition={operator: {key: value}})


POLICIES: Final[Mapping[str, Rule]] = {
    "allow": _allow("*"),
    "deny": lambda arn: policy(statement("Deny", f"{stage_of(arn)}/*")),
    "silent": _allow("GET/nothing-of-this-name"),
    "empty": lambda _: policy(),
    "called-only": lambda arn: policy(statement("Allow", arn)),
    "anything": lambda _: policy(statement("Allow", "*")),
    "allow-and-deny": _beside(Resource="*"),
    "deny-called": lambda arn: policy(statement("Allow", f"{stage_of(arn)}/*"), statement("Deny", arn)),
    "deny-secrets": _beside(Resource="*/secret*"),
    "deny-all-but-items": _beside(NotResource="*/items/*"),
    "template": _allow("GET/token/items/{id}"),
    "items": _allow("GET/token/items/*"),
    "items-prefix": _allow("GET/token/items*"),
    "one-character": _allow("GET/token/items/?"),
    "post-only": _allow("POST/*"),
    "lower-verb": _allow("get/*"),
    "upper-path": _allow("GET/TOKEN/*"),
    "other-stage": lambda arn: policy(statement("Allow", f"{arn.split('/', 1)[0]}/elsewhere/*")),
    "other-partition": lambda arn: policy(statement("Allow", "arn:aws-cn:" + stage_of(arn).split(":", 2)[2] + "/*")),
    "cut-at-colon": lambda arn: policy(statement("Allow", ":".join(arn.split(":")[:6]))),
    "short-arn": lambda arn: policy(statement("Allow", f"arn:{arn.split(':')[1]}:execute-api:*:*:*")),
    "two-resources": lambda arn: policy(statement("Allow", [f"{stage_of(arn)}/POST/*", f"{stage_of(arn)}/GET/*"])),
    "not-resource": lambda arn: policy(
        {"Effect": "Allow", "Action": INVOKE, "NotResource": f"{stage_of(arn)}/*/secret*"}
    ),
    "not-action": _everything(Action=None, NotAction="execute-api:ManageConnections"),
    "not-invoke": _everything(Action=None, NotAction=INVOKE),
    "action-star": _everything(Action="execute-api:*"),
    "any-action": _everything(Action="*"),
    "action-case": _everything(Action="EXECUTE-API:invoke"),
    "actions": _everything(Action=["execute-api:ManageConnections", INVOKE]),
    "another-action": _everything(Action="execute-api:ManageConnections"),
    "from-elsewhere": _condition("IpAddress", "aws:SourceIp", ELSEWHERE),
    "not-from-elsewhere": _condition("NotIpAddress", "aws:SourceIp", ELSEWHERE),
    "until-long-ago": _condition("DateLessThan", "aws:CurrentTime", LONG_AGO),
    "until-far-away": _condition("DateLessThan", "aws:CurrentTime", FAR_AWAY),
    "over-tls": _condition("Bool", "aws:SecureTransport", "true"),
    "unknown-key": _condition("StringEquals", "aws:NothingOfThisName", "x"),
    "unknown-operator": _condition("TextEquals", "aws:SourceIp", "x"),
    "statement-object": lambda arn: policy() | {"Statement": statement("Allow", f"{stage_of(arn)}/*")},
    "old-version": _document(Version="2008-10-17"),
    "no-version": _document(Version=None),
    "bad-version": _document(Version="2020-01-01"),
    "no-statement": _document(Statement=None),
    "text-statement": _document(Statement="Allow"),
    "bad-effect": _everything(Effect="Permit"),
    "no-effect": _everything(Effect=None),
    "no-action": _everything(Action=None),
    "no-resource": _everything(Resource=None),
    "long-resource": lambda arn: policy(statement("Allow", f"{stage_of(arn)}/*{'x' * 600}*")),
}
