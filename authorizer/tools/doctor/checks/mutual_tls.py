"""Client certificates at a custom domain, and the way around it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from authorizer.surface import Api as Kind
from authorizer.tools.doctor.told import of_own, told
from authorizer.tools.template import Place
from authorizer.tools.template.shape import as_flag, as_list, as_map
from authorizer.tools.template.unresolved import resources_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from authorizer.tools.doctor.view import View
    from authorizer.tools.template import Api, Unresolved
    from authorizer.tools.template_check.finding import Finding

_DOMAINS: Final = ("AWS::ApiGateway::DomainName", "AWS::ApiGatewayV2::DomainName")
_MAPPINGS: Final = {"AWS::ApiGateway::BasePathMapping": "RestApiId", "AWS::ApiGatewayV2::ApiMapping": "ApiId"}
_ENDPOINT: Final = "DisableExecuteApiEndpoint"
_EXTENSION: Final = "x-amazon-apigateway-endpoint-configuration"


def default_endpoints(view: View) -> Iterator[Finding]:
    """APIs behind a domain that asks for a certificate, which answer at their own host without one."""
    domains = {one.logical_id for one in view.of_type(*_DOMAINS) if one.properties.get("MutualTlsAuthentication")}
    behind = {
        told(view, one.properties.get(_MAPPINGS[one.type]))
        for one in view.of_type(*_MAPPINGS)
        if resources_in(one.properties.get("DomainName")) & domains
    }
    for api in view.apis(Kind.REST, Kind.HTTP):
        if not of_own(view, api) or view.names.of(api.logical_id) not in behind:
            continue
        if not any(one is not False for one in _disabled(api)):
            yield view.finding(
                "mutual_tls_bypassed",
                Place(api.logical_id, ("Properties",)),
                found=f"{api.logical_id} behind a domain with MutualTlsAuthentication, and its own host left open",
                right=f"{_ENDPOINT}: true",
                fix=(f"{_ENDPOINT}: true",),
            )


def _disabled(api: Api) -> Iterator[bool | Unresolved]:
    """What the resource says of its own host, and its body, where SAM says it."""
    yield as_flag(api.properties.get(_ENDPOINT, False))
    servers = [as_map(one).get(_EXTENSION) for one in as_list(api.body.get("servers"))]
    for one in (api.body.get(_EXTENSION), *servers):
        yield as_flag(as_map(one).get("disableExecuteApiEndpoint", False))


CHECKS = (default_endpoints,)
