"""A deployed conformance stack: where its APIs are, read from its outputs and nothing else."""

from __future__ import annotations

from authorizer.tools.conformance.target import Target
from authorizer.tools.terminal import CommandError


def deployed_target(stack: str) -> Target:
    """The stack with a name, in the account and Region that the environment says; `CommandError` where it cannot be read."""
    try:
        import boto3
        from botocore.exceptions import BotoCoreError, ClientError
    except ImportError:
        raise CommandError("boto3 is not installed", "pip install boto3") from None
    try:
        found = boto3.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
    except (BotoCoreError, ClientError) as error:
        hint = "check AWS_PROFILE and AWS_REGION; it takes cloudformation:DescribeStacks"
        raise CommandError(f"the stack {stack} cannot be read ({type(error).__name__})", hint) from None
    outputs = {str(one["OutputKey"]): str(one["OutputValue"]) for each in found for one in each.get("Outputs", ())}
    bases = {name: value for name, value in outputs.items() if value.startswith(("https://", "wss://"))}
    if not bases:
        hint = "deploy authorizer/tools/conformance/stack/template.yaml, and give the name of that stack"
        raise CommandError(f"the stack {stack} has no APIs among its outputs", hint)
    return Target(bases=bases)
