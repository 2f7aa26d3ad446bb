"""Stages, and what they serve."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from authorizer.surface import Api as Kind
from authorizer.tools.doctor.deployed.calls import HTTP_STAGES, REST_STAGES
from authorizer.tools.template import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from authorizer.tools.doctor.deployed.deployment import Deployment
    from authorizer.tools.doctor.deployed.view import DeployedView
    from authorizer.tools.template_check.finding import Finding

_FAILED: Final = ("fail", "error", "unable", "invalid")


def redeployment(one: Deployment, view: DeployedView) -> Iterator[Finding]:
    """What was changed after the stage's deployment."""
    for change in one.changes:
        yield view.finding(
            "route_not_deployed" if change.added else "not_redeployed",
            change.place,
            found=f"stage {one.stage} serves {change.served}; set up is {change.now}",
            right=f"a deployment of {one.api} to {one.stage}",
            fix=(_deploy(one),),
        )


def stages(one: Deployment, view: DeployedView) -> Iterator[Finding]:
    """An API that nobody can call."""
    own, kind = one.stage_resource, one.served.kind
    if own is None:
        said_elsewhere = kind is Kind.REST and one.served.authorizers  # api_without_stage, which templates can have too
        if not said_elsewhere and one.saw(REST_STAGES if kind is Kind.REST else HTTP_STAGES, one.api):
            place = Place(one.api, ("Properties",))
            yield view.finding("stage_missing", place, found="no stage", right="a stage", fix=(_deploy(one),))
        return
    place = Place(own.logical_id, ("Properties",))
    if not own.properties.get("DeploymentId") and own.properties.get("AutoDeploy") is not True:
        found = f"stage {one.stage} without a deployment"
        yield view.finding("stage_without_deployment", place, found=found, right="a deployment", fix=(_deploy(one),))
    said = str(own.properties.get("LastDeploymentStatusMessage", ""))
    if any(word in said.lower() for word in _FAILED):
        yield view.finding("stage_deployment_failed", place, found=said, right="a deployment that succeeds")


def _deploy(one: Deployment) -> str:
    if one.served.kind is Kind.REST:
        return f"aws apigateway create-deployment --rest-api-id {one.api} --stage-name {one.stage or 'STAGE'}"
    return f"aws apigatewayv2 create-deployment --api-id {one.api} --stage-name {one.stage or 'STAGE'}"


CHECKS = (redeployment, stages)
