"""The ways to deploy that need no flags: `sam deploy --guided`, answered with Enter, and the sections of samconfig.toml."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from layers.parameters_page import read_template
from tests.integration.account.local_account import REGION

if TYPE_CHECKING:
    from tests.integration.account.local_account import LocalAccount

pytestmark = pytest.mark.long

ANSWERS = {"SampleApi": "yes", "Architecture": "x86_64"}


def test_guided_deployment_asks_and_deploys(account: LocalAccount) -> None:
    asked = [ANSWERS.get(name, "") for name in read_template()["Parameters"]]
    # Stack, Region; the parameters; confirm changes, create roles, disable rollback, save the answers.
    account.sam("deploy", "--guided", answers=["guided", REGION, *asked, "n", "y", "n", "n"])
    assert "SampleRestUrl" in account.outputs("guided")


SECTIONS = {"default": "lambda-authorizers", "dev": "lambda-authorizers-dev", "prod": "lambda-authorizers-prod"}


@pytest.mark.parametrize("section", SECTIONS)
def test_sections_of_samconfig_deploy(section: str, account: LocalAccount) -> None:
    """With nothing on the command line but the section and, as nobody is here to say yes, no confirmation."""
    account.sam("deploy", "--config-env", section, "--no-confirm-changeset")
    assert ("SampleRestUrl" in account.outputs(SECTIONS[section])) == (section == "dev")
