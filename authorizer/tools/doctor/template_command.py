"""`authorizer doctor template PATH`: what a template will do to its clients, before it is deployed."""

from pathlib import Path
from typing import Annotated

import typer

from authorizer.surface import Api as Kind
from authorizer.tools.terminal import CommandError, show_json


def template(  # noqa: PLR0913  # a command has as many parameters as options
    file: Annotated[Path, typer.Argument(help="SAM, CloudFormation or OpenAPI.")] = Path("template.yaml"),
    parameter: Annotated[list[str] | None, typer.Option(metavar="NAME=VALUE", help="Of the template.")] = None,
    settings: Annotated[Path | None, typer.Option(help="Of functions of ours that name none.")] = None,
    kind: Annotated[Kind | None, typer.Option(help="Of an OpenAPI document; default: by what it says.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    as_sarif: Annotated[bool, typer.Option("--sarif", help="Print SARIF 2.1.0.")] = False,
) -> int:
    """Find what is wrong with the authorizers of a template: native ones, ours and anybody's. Nothing is asked of AWS.

    Ends with 0: no error, 1: an error, 2: cannot tell.
    """
    from authorizer.tools.doctor.examination import examined
    from authorizer.tools.doctor.sarif import sarif
    from authorizer.tools.doctor.screen import show_examination
    from authorizer.tools.doctor.view import View
    from authorizer.tools.template import read_template
    from authorizer.tools.template.parameters import given_parameters

    document = read_template(file, given_parameters(parameter or ()), kind)
    if not document.apis:
        raise CommandError(f"{file} has no API", "give the parameters that make some, --parameter Name=Value")
    found = examined(View(document=document, settings=settings))
    if as_sarif:
        show_json(sarif(str(file), found.findings))
    elif as_json:
        show_json({"file": str(file), **found.document()})
    else:
        show_examination(str(file), found)
    return found.status
