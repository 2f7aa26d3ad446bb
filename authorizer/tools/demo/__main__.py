"""`python -m authorizer.tools.demo`."""

from pathlib import Path
from typing import Annotated, NoReturn

import typer

from authorizer.tools import cli
from authorizer.tools.demo.report import Progress, report_document, show_report
from authorizer.tools.demo.run import load_demo
from authorizer.tools.function_environment import PROJECT
from authorizer.tools.terminal import show_json


def demo(
    events: Annotated[Path, typer.Option(help="The folder of events.", show_default="events")] = PROJECT / "events",
    in_process: Annotated[bool, typer.Option("--in-process", help="Without the Lambda runtime emulator.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> int:
    """Send every sample event and play every scenario; end with 0 when all are as expected, else with 1."""
    loaded = load_demo(events, in_process=in_process)
    with Progress(loaded.sizes) as progress:
        outcomes = loaded.run(progress)
    if as_json:
        show_json(report_document(outcomes))
    else:
        show_report(outcomes)
    return int(any(outcome.problems for outcome in outcomes))


def main() -> NoReturn:
    """Runs the demo and ends with its status."""
    command = cli.group("Every sample event and scenario.")
    command.command()(demo)
    cli.main(command, "python -m authorizer.tools.demo")


if __name__ == "__main__":
    main()
