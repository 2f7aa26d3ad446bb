"""Measures candidates in turns, so that what else the machine does hits all of them alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from time import perf_counter
from typing import TypeVar

Input = TypeVar("Input")
Measure = Callable[[], float]  # seconds of one round


def measure(candidates: Mapping[str, Measure], rounds: int) -> Mapping[str, Sequence[float]]:
    """The seconds of every round. Each round starts with another candidate; one round before them warms up."""
    names = list(candidates)
    for name in names:
        candidates[name]()
    seconds: dict[str, list[float]] = {name: [] for name in names}
    for number in range(rounds):
        start = number % len(names)
        for name in names[start:] + names[:start]:
            seconds[name].append(candidates[name]())
    return seconds


def per_call(call: Callable[[Input], object], inputs: Sequence[Input]) -> Measure:
    """A round of one call for each input: the seconds of one call."""

    def one_round() -> float:
        started = perf_counter()
        for one in inputs:
            call(one)
        return (perf_counter() - started) / len(inputs)

    return one_round
