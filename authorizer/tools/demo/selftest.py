"""Whether the demo notices: `python -m authorizer.tools.demo.selftest` spoils six things and expects those six reports."""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, NoReturn

import typer

from authorizer.tools import cli
from authorizer.tools.demo.report import Progress
from authorizer.tools.demo.run import load_demo
from authorizer.tools.demo.spoiling import MODULE, spoil_copy
from authorizer.tools.function_environment import PROJECT
from authorizer.tools.terminal import show, show_json


def selftest(
    events: Annotated[Path, typer.Option(help="The folder of events.", show_default="events")] = PROJECT / "events",
    in_process: Annotated[bool, typer.Option("--in-process", help="Without the Lambda runtime emulator.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> int:
    """Spoil one byte of five events and the answer to a sixth; end with 0 when the demo reports exactly these."""
    with TemporaryDirectory(prefix="selftest-") as folder:
        spoiled = spoil_copy(events, Path(folder))
        reported = _reported(Path(folder), in_process=in_process)
    if as_json:
        show_json({"spoiled": sorted(spoiled), "reported": sorted(reported)})
    else:
        _show(spoiled, reported)
    return int(spoiled != reported)


def _reported(folder: Path, *, in_process: bool) -> frozenset[str]:
    demo = load_demo(folder / "events", in_process=in_process)
    environment = replace(demo.environment, import_paths=(folder,))
    with Progress(demo.sizes) as progress:
        outcomes = replace(demo, module=MODULE, environment=environment).run(progress)
    return frozenset(outcome.label for outcome in outcomes if outcome.problems)


def _show(spoiled: frozenset[str], reported: frozenset[str]) -> None:
    for label in sorted(spoiled | reported):
        show(f"{label}: {_verdict(label, spoiled, reported)}")
    show(f"{len(spoiled)} spoiled, {len(spoiled & reported)} reported, {len(reported - spoiled)} reported by mistake")


def _verdict(label: str, spoiled: frozenset[str], reported: frozenset[str]) -> str:
    if label not in reported:
        return "spoiled, but not reported"
    return "spoiled and reported" if label in spoiled else "reported, but not spoiled"


def main() -> NoReturn:
    """Runs the selftest and ends with its status."""
    command = cli.group("Whether the demo notices what is wrong.")
    command.command()(selftest)
    cli.main(command, "python -m authorizer.tools.demo.selftest")


if __name__ == "__main__":
    main()
