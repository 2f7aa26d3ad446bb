"""Runs in the account's environment: what MiniStack's evaluator of policies says of the cases on standard input."""

from __future__ import annotations

import json
import sys
from typing import Any

from ministack.core.iam_evaluator import EvalContext, evaluate, parse_policy_document


def decision(case: dict[str, Any]) -> str:
    """`Allow`, `Deny` or `ImplicitDeny`; the error's name where it ends with one."""
    keys = {key.lower(): value for key, value in case["conditions"].items()}
    context = EvalContext(
        principal_arn="",
        principal_type="",
        principal_account="123456789012",
        action=case["action"],
        resource_arn=case["arn"],
        region="us-east-1",
        source_ip=keys.get("aws:sourceip"),
        secure_transport=keys.get("aws:securetransport") == "true",
        service_context=keys,
    )
    try:
        return str(evaluate(context, [parse_policy_document(case["document"])]).decision)
    except Exception as error:  # noqa: BLE001 - whatever it raises is its vote
        return type(error).__name__


json.dump([decision(case) for case in json.load(sys.stdin)], sys.stdout)
