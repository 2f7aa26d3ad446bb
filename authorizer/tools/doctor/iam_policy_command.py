"""`authorizer doctor iam-policy`: the least that `authorizer doctor api` has to be allowed."""

from typing import Annotated

import typer

from authorizer.tools.terminal import note, show_json


def iam_policy(
    as_json: Annotated[bool, typer.Option("--json", help="Print the policy alone, without notes.")] = False,
) -> int:
    """Print the IAM policy that `authorizer doctor api` needs, which lets it read and nothing else.

    Every statement may be left out or narrowed: what it tells is then listed as not checked.
    """
    from authorizer.tools.doctor.deployed.least_policy import SECRETS, least_policy

    show_json(least_policy())
    if not as_json:
        note(
            "Everything reads. Narrow each * to your Region, account and names; what is left out is listed as not checked."
        )
        for sid, what in SECRETS.items():
            note(f"{sid} would also let its holder read {what}; the doctor does not keep them.")
    return 0
