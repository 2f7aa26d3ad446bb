"""The answer to `authorizer explain FILE --api ID`: the same of a deployed API, as AWS tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from authorizer.tools.doctor.deployed.access import Access, not_checked
from authorizer.tools.doctor.deployed.calls import REST_API
from authorizer.tools.doctor.deployed.clients import SessionClients
from authorizer.tools.doctor.deployed.deployment import Wanted, deployment
from authorizer.tools.explain_template.answer import read_question, told
from authorizer.tools.explain_template.scene import Scene
from authorizer.tools.terminal import CommandError, note

if TYPE_CHECKING:
    from authorizer.tools.doctor.deployed.view import DeployedView
    from authorizer.tools.explain.command import DeployedApi, Options


def answer(asked: Options, where: DeployedApi) -> int:
    """The exit status, after all was printed; `CommandError` for what cannot be explained."""
    if asked.parameters or asked.resources:
        raise CommandError("--parameter and --resource are of a template", "leave them out: AWS tells what is deployed")
    given, question = read_question(asked)
    access = Access(clients=SessionClients(region=where.region or ""), progress=note)
    view = deployed_view(access, where)
    for one in not_checked(access.unseen):
        note(f"not seen: {one}")
    return told(asked, given, Scene(document=view.document, names=view.names, asked=question))


def deployed_view(access: Access, where: DeployedApi) -> DeployedView:
    """The API, of whichever type it is; `CommandError` where there is none with this id."""
    access.caller()
    rest = not access.asked(REST_API, where.id, restApiId=where.id).gone
    return deployment(access, Wanted(api=where.id, rest=rest, stage=where.stage)).view()
