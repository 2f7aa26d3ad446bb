"""The resource policy of a REST API, and how it goes together with what an authorizer says.

Source: API Gateway Developer Guide, "How API Gateway resource policies affect authorization workflow" (tables A and B),
"Amazon API Gateway resource policy examples" (`execute-api:/stage/METHOD/path`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from authorizer.tools.gateway.failure import denied_by_resource_policy
from authorizer.tools.gateway.iam import Call, Outcome, Policy, combined
from authorizer.tools.template.shape import as_list, as_map
from authorizer.tools.terminal import CommandError

if TYPE_CHECKING:
    from authorizer.tools.gateway.names import Names
    from authorizer.tools.gateway.received import Received
    from authorizer.tools.template import Api

_SHORT: Final = "execute-api:/"
_BODY: Final = "x-amazon-apigateway-policy"


@dataclass(frozen=True, slots=True)
class ResourcePolicy:
    """The policy of one API."""

    policy: Policy

    def before(self, received: Received) -> Outcome:
        """What it says of a call. An explicit denial is a `Failure` before any authorizer is asked."""
        outcome = self.policy.evaluate(Call(arn=received.arn, conditions=received.conditions())).outcome
        if outcome is Outcome.EXPLICIT_DENY:
            raise denied_by_resource_policy(received.arn, explicit=True)
        return outcome


def alone(outcome: Outcome | None, received: Received) -> None:
    """Table B, and methods without an authorizer: a policy that is there has to allow. A `Failure` when it does not."""
    if outcome is Outcome.IMPLICIT_DENY:
        raise denied_by_resource_policy(received.arn, explicit=False)


def beside(outcome: Outcome | None, authorizer: Outcome) -> bool:
    """Table A: whether a call goes through with a Lambda authorizer whose policy says this."""
    return combined(outcome, authorizer) is Outcome.ALLOW


def resource_policy(api: Api, names: Names) -> ResourcePolicy | None:
    """The policy that a template gives an API; `CommandError` for one that API Gateway would not take."""
    written = names.value(api.properties.get("Policy", api.body.get(_BODY)))
    if not written:
        return None
    prefix = names.arn("execute-api", f"{names.of(api.logical_id)}/")
    try:
        document = json.loads(written) if isinstance(written, str) else written
        return ResourcePolicy(Policy.parse(_in_full(document, prefix)))
    except ValueError as error:  # of JSON, and `MalformedPolicy`
        message = f"the resource policy of {api.logical_id} cannot be read: {error}"
        raise CommandError(message, "mend it in the template: API Gateway would refuse it") from None


def _in_full(written: Any, prefix: str) -> Any:
    if not isinstance(written, dict):
        return written
    statements = [dict(as_map(one)) for one in as_list(written.get("Statement"))]
    for statement in statements:
        for element in ("Resource", "NotResource"):
            if element in statement:
                texts = [str(one) for one in as_list(statement[element])]
                statement[element] = [
                    prefix + one.removeprefix(_SHORT) if one.startswith(_SHORT) else one for one in texts
                ]
    return {**written, "Statement": statements}
