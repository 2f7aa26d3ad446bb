"""MiniStack, with the resource types that a WebSocket API needs on AWS and that its CloudFormation does not know.

Run with the interpreter that has MiniStack: `python completed_ministack.py`, the settings in its variables. The template is
deployed as it is; what the emulator lacks is added to the emulator, through its own calls of API Gateway.
"""

import json

from ministack import app
from ministack.services import apigateway
from ministack.services.cloudformation import provisioners


def _deployment(logical_id, props, stack_name):
    _, _, body = apigateway._create_deployment(props["ApiId"], {"description": props.get("Description", "")})
    identifier = json.loads(body)["deploymentId"]
    return identifier, {"DeploymentId": identifier}


def _route_response(logical_id, props, stack_name):
    route = props["RouteId"].rpartition("/")[2]
    _, _, body = apigateway._create_route_response(
        props["ApiId"], route, {"routeResponseKey": props["RouteResponseKey"]}
    )
    identifier = json.loads(body)["routeResponseId"]
    return identifier, {"RouteResponseId": identifier}


def _gone_with_its_api(physical_id, props):
    """Nothing is left to delete."""


ADDED = {"AWS::ApiGatewayV2::Deployment": _deployment, "AWS::ApiGatewayV2::RouteResponse": _route_response}

if __name__ == "__main__":
    for name, create in ADDED.items():
        if name in provisioners._RESOURCE_HANDLERS:
            raise SystemExit(f"MiniStack knows {name} by now: delete it here")
        provisioners._RESOURCE_HANDLERS[name] = {"create": create, "delete": _gone_with_its_api}
    app.main()
