"""Functions of authorizers in a VPC: whether there is a way to the issuer's keys.

Source: AWS Lambda Developer Guide, "Enable internet access for VPC-connected Lambda functions".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from authorizer.tools.doctor.asked import asked
from authorizer.tools.doctor.reaching_out import reaches_out
from authorizer.tools.template.resources import referred
from authorizer.tools.template.shape import as_list, as_map

if TYPE_CHECKING:
    from collections.abc import Iterator

    from authorizer.tools.doctor.view import View
    from authorizer.tools.template import Resource
    from authorizer.tools.template_check.finding import Finding

_EVERYWHERE: Final = ("0.0.0.0/0", "::/0")
_SUBNET, _TABLE = "AWS::EC2::Subnet", "AWS::EC2::RouteTable"


def egress(view: View) -> Iterator[Finding]:
    """Subnets of the template whose routes all stay inside: fetching keys ends in a timeout."""
    for one in asked(view):
        resource = view.document.resources.get(one.function.logical_id)
        given = as_list(as_map(resource.properties.get("VpcConfig")).get("SubnetIds")) if resource is not None else []
        shut = [subnet.logical_id for value in given if (subnet := _shut(view, value)) is not None]
        if shut and reaches_out(view, one):
            yield view.finding(
                "function_in_vpc_without_egress",
                one.function.place / "VpcConfig",
                found=f"{one.function.logical_id} in {', '.join(shut)}, from where no route leads to a NAT gateway",
                right="subnets with a route to a NAT gateway, or no VPC: an authorizer seldom needs one",
                fix=(
                    "PrivateRoute:",
                    "  Type: AWS::EC2::Route",
                    "  Properties:",
                    "    RouteTableId: !Ref PrivateRouteTable",
                    "    DestinationCidrBlock: 0.0.0.0/0",
                    "    NatGatewayId: !Ref NatGateway",
                ),
            )


def _shut(view: View, value: object) -> Resource | None:
    """The subnet, when all of its ways are in the template and none leads out."""
    subnet = referred(value, view.document.resources)
    if subnet is None or subnet.type != _SUBNET or _has_endpoints(view):
        return None
    tables = _tables(view, subnet)
    if not tables:  # the main table of the VPC, which leads nowhere in a VPC of the template
        return subnet if referred(subnet.properties.get("VpcId"), view.document.resources) is not None else None
    known = [table for table in tables if table is not None]
    return subnet if len(known) == len(tables) and not any(_leads_out(view, table) for table in known) else None


def _has_endpoints(view: View) -> bool:
    """An endpoint of the VPC may be the way that is needed."""
    return any(True for _ in view.of_type("AWS::EC2::VPCEndpoint"))


def _tables(view: View, subnet: Resource) -> list[Resource | None]:
    """The route tables of a subnet; None for one that is not in the template."""
    found: list[Resource | None] = []
    for one in view.of_type("AWS::EC2::SubnetRouteTableAssociation"):
        if referred(one.properties.get("SubnetId"), view.document.resources) is subnet:
            table = referred(one.properties.get("RouteTableId"), view.document.resources)
            found.append(table if table is not None and table.type == _TABLE else None)
    return found


def _leads_out(view: View, table: Resource) -> bool:
    for route in view.of_type("AWS::EC2::Route"):
        given = route.properties
        if referred(given.get("RouteTableId"), view.document.resources) is not table:
            continue
        to = given.get("DestinationCidrBlock", given.get("DestinationIpv6CidrBlock"))
        if (to in _EVERYWHERE or not isinstance(to, str)) and not _is_internet(view, given.get("GatewayId")):
            return True
    return False


def _is_internet(view: View, gateway: object) -> bool:
    """A gateway that leads out for what has a public address, which functions have not."""
    found = referred(gateway, view.document.resources)
    return found is not None and found.type == "AWS::EC2::InternetGateway"


CHECKS = (egress,)
