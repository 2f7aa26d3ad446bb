"""The pytest fixture `gateway`: the APIs of your template in your tests, without a server and without a socket.

pytest finds it by itself once the package is installed. In `pyproject.toml` or `pytest.ini`, all of it optional:

    gateway_template = template.yaml
    gateway_parameters =
        SampleApi=yes

A test changes it for itself: `@pytest.mark.gateway(overrides={"OrdersFunction": fake}, now=lambda: 1_800_000_000)`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from authorizer.tools.fixture import GatewayFixture, Gateways

TEMPLATE: Final = "gateway_template"
PARAMETERS: Final = "gateway_parameters"
OPTIONS: Final = ("template", "parameters", "kind", "overrides", "issuers", "variables", "network", "runtime", "now")
MARK: Final = f"gateway({', '.join(f'{name}=…' for name in OPTIONS)}): another stack for this test"


def pytest_addoption(parser: pytest.Parser) -> None:
    """The settings."""
    parser.addini(TEMPLATE, "the template whose APIs the fixture gateway serves", default="template.yaml")
    parser.addini(PARAMETERS, "its parameters, Name=Value, one per line", type="linelist", default=[])


def pytest_configure(config: pytest.Config) -> None:
    """The mark."""
    config.addinivalue_line("markers", MARK)


@pytest.fixture(scope="session")
def gateways() -> Iterator[Gateways]:
    """All stacks of a run; each is started once, by what it is made from."""
    from authorizer.tools.fixture import Gateways  # and the template reader: for those who use it

    with Gateways() as found:
        yield found


@pytest.fixture
def gateway(gateways: Gateways, request: pytest.FixtureRequest) -> GatewayFixture:
    """The APIs of the template, with an empty cache. `gateway.get("/orders/1", token=gateway.token())`."""
    config = request.config
    given: dict[str, Any] = {
        "template": config.rootpath / str(config.getini(TEMPLATE)),
        "parameters": dict(text.partition("=")[::2] for text in config.getini(PARAMETERS)),
    }
    for mark in reversed(list(request.node.iter_markers("gateway"))):
        unknown = [*mark.kwargs.keys() - set(OPTIONS), *map(repr, mark.args)]
        if unknown:
            raise pytest.UsageError(f"the mark gateway takes no {unknown[0]}, but {', '.join(OPTIONS)}, each as NAME=…")
        given |= mark.kwargs
    given["template"] = Path(given["template"])
    return gateways.get(**given)
