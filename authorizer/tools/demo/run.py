"""The whole demo: every event through its entry point, then every scenario."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from authorizer.tools.demo import verdict
from authorizer.tools.demo.corpus import SampleEvent, load_events
from authorizer.tools.demo.leaks import find_leaks, secrets_in, secrets_of
from authorizer.tools.demo.outcome import SCENARIOS, Outcome
from authorizer.tools.demo.scenario_file import Scenario, load_scenarios
from authorizer.tools.demo.scenarios import KeyRing, run_scenario
from authorizer.tools.demo.schemas import Schemas
from authorizer.tools.emulator import runs_here
from authorizer.tools.env_file import read_variables
from authorizer.tools.function_environment import FunctionEnvironment
from authorizer.tools.running import run
from authorizer.tools.terminal import note

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from authorizer.tools.entry_point import EntryPoint

    Report = Callable[[Outcome], None]  # called from several threads

SCENARIOS_AT_ONCE = 3  # they mostly wait; more would make their seconds unreliable


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """What is run, and how. Another `module` must have the entry points of `authorizer.handler`."""

    events: Sequence[SampleEvent]
    scenarios: Sequence[Scenario]
    schemas: Schemas
    environment: FunctionEnvironment
    in_process: bool
    module: str = "authorizer.handler"

    @property
    def sizes(self) -> Mapping[str, int]:
        """How many there are in each group."""
        sizes = Counter(event.api for event in self.events)
        return sizes + Counter({SCENARIOS: len(self.scenarios)})

    def run(self, report: Report) -> list[Outcome]:
        """All outcomes in order; each is reported as soon as it is known."""
        return [*self._run_events(report), *self._run_scenarios(report)]

    def _run_events(self, report: Report) -> list[Outcome]:
        """One function per entry point, all at once, as a deployment has them."""
        groups: dict[EntryPoint, list[SampleEvent]] = {}
        for event in self.events:
            groups.setdefault(event.entry_point, []).append(event)
        with ThreadPoolExecutor(len(groups)) as pool:
            runs = [pool.submit(self._run_group, group, report) for group in groups.values()]
            return sorted((outcome for run in runs for outcome in run.result()), key=lambda one: one.label)

    def _run_group(self, events: Sequence[SampleEvent], report: Report) -> list[Outcome]:
        handler = events[0].entry_point.handler(self.module)
        with run(handler, self.environment, in_process=self.in_process) as function:
            results = [(event, function.invoke(event.body)) for event in events]
        output = b"\n".join(result.all_bytes for _, result in results)
        shared = secrets_in(self.environment.variables)
        outcomes = []
        for event, result in results:
            sent = verdict.Sent(api=event.api, expected=event.expected, event=event.event)
            leaks = find_leaks(output, secrets_of(sent.event) | shared)
            problems = (*verdict.problems(sent, result, self.schemas), *(f"leak: {part}" for part in leaks))
            outcomes.append(Outcome(group=event.api, name=event.name, problems=problems))
            report(outcomes[-1])
        return outcomes

    def _run_scenarios(self, report: Report) -> list[Outcome]:
        keys = KeyRing()

        def run_one(scenario: Scenario) -> Outcome:
            outcome = run_scenario(scenario, self.schemas, keys, in_process=self.in_process)
            report(outcome)
            return outcome

        with ThreadPoolExecutor(SCENARIOS_AT_ONCE) as pool:
            return list(pool.map(run_one, self.scenarios))


def load_demo(folder: Path, *, in_process: bool) -> Demo:
    """The demo of a folder of events. File names in the functions' settings are relative to the folder's parent.

    Where the emulator cannot run, on macOS and Windows, the same events are run without it.
    """
    if not in_process and not runs_here():
        note("the Lambda runtime emulator runs on Linux only: running in-process")
    folder = folder.resolve()
    schemas = Schemas(folder / "schema")
    return Demo(
        events=load_events(folder),
        scenarios=load_scenarios(folder / SCENARIOS, schemas),
        schemas=schemas,
        environment=FunctionEnvironment(variables=read_variables(folder / "env.json"), task_root=folder.parent),
        in_process=in_process or not runs_here(),
    )
