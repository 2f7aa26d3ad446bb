"""Roles that API Gateway assumes to invoke functions → AWS::IAM::Role, with all of its policies written out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from authorizer.tools.doctor.deployed.calls import (
    MANAGED_POLICY,
    POLICY_VERSION,
    ROLE,
    ROLE_ATTACHED,
    ROLE_POLICIES,
    ROLE_POLICY,
)
from authorizer.tools.doctor.deployed.reading import arn_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from authorizer.tools.doctor.deployed.reading import Reading

_CALLER: Final = "arn:aws:iam::*:user/*"  # the role is whoever calls


def read_role(reading: Reading, text: str) -> None:
    """Takes the role of an ARN down; nothing for what is no role of this account."""
    arn = arn_of(text)
    if text == _CALLER or arn is None or arn.account != reading.account or not arn.rest.startswith("role/"):
        return
    name = arn.rest.rpartition("/")[2]
    answer = reading.access.asked(ROLE, name, RoleName=name)
    if answer.gone:
        reading.gone.add(text)
    if answer.value is None:
        return
    policies = _policies(reading, name)
    if policies is not None:
        trust = answer.value["Role"].get("AssumeRolePolicyDocument")
        said = {"RoleName": name, "AssumeRolePolicyDocument": trust, "Policies": policies}
        reading.mark(reading.add("AWS::IAM::Role", name, said), Arn=text)


def _policies(reading: Reading, role: str) -> list[dict[str, Any]] | None:
    """All of them; None where one could not be seen, for then nothing can be said of what the role may not do."""
    names = reading.access.listed(ROLE_POLICIES, role, RoleName=role)
    attached = reading.access.listed(ROLE_ATTACHED, role, RoleName=role)
    if names.value is None or attached.value is None:
        return None
    found = [_own(reading, role, name) for name in names.value]
    found += [_managed(reading, one) for one in attached.value]
    known = [one for one in found if one is not None]
    return known if len(known) == len(found) else None


def _own(reading: Reading, role: str, name: str) -> dict[str, Any] | None:
    policy = reading.access.asked(ROLE_POLICY, f"{role}/{name}", RoleName=role, PolicyName=name).value
    return {"PolicyName": name, "PolicyDocument": policy["PolicyDocument"]} if policy is not None else None


def _managed(reading: Reading, attached: Mapping[str, Any]) -> dict[str, Any] | None:
    arn = attached["PolicyArn"]
    policy = reading.access.asked(MANAGED_POLICY, arn, PolicyArn=arn).value
    if policy is None:
        return None
    number = policy["Policy"]["DefaultVersionId"]
    version = reading.access.asked(POLICY_VERSION, arn, PolicyArn=arn, VersionId=number).value
    if version is None:
        return None
    return {"PolicyName": attached["PolicyName"], "PolicyDocument": version["PolicyVersion"]["Document"]}
