"""Ways to run all components of a tree; every one has to give the same outcomes."""

from __future__ import annotations

import random

from coordinator import Coordinator, Outcome
from worker_process import WorkerProcess

Run = tuple[list[Outcome], dict[str, bytes]]

# Outcomes of typeshed's components by options and name; what they are does not depend on the tree under test.
_typeshed: dict[tuple[str, str], Outcome] = {}


def check_in_order(coordinator: Coordinator, environment: dict[str, str] | None = None, *, share: bool = True) -> Run:
    """One worker, mypy's own order; what it checks it then loads. Without `share` typeshed is checked anew."""
    return _run(coordinator, list(range(len(coordinator.components))), 1, environment, share=share)


def check_shuffled(coordinator: Coordinator, seed: int, workers: int = 1) -> Run:
    """A random topological order; with several workers each component goes to a random one."""
    chance = random.Random(seed)
    return _run(coordinator, coordinator.shuffled(chance), workers, None, chance)


def check_some(coordinator: Coordinator, stored: Run, seed: int) -> Run:
    """Loads most components from an earlier run and checks a random few, as after an edit."""
    chance = random.Random(seed)
    outcomes, store = list(stored[0]), dict(stored[1])
    worker = coordinator.start()
    try:
        for k in coordinator.shuffled(chance):
            if chance.random() < 0.3 and coordinator.components[k][0] not in worker.loaded:
                outcomes[k] = coordinator.check(worker, k, store)
    finally:
        assert worker.stop() == 0
    return outcomes, store


def _run(
    coordinator: Coordinator,
    order: list[int],
    count: int,
    environment: dict[str, str] | None,
    chance: random.Random | None = None,
    share: bool = True,
) -> Run:
    store: dict[str, bytes] = {}
    outcomes: dict[int, Outcome] = {}
    workers: list[WorkerProcess] = [coordinator.start(environment) for _ in range(count)]
    try:
        for k in order:
            worker = chance.choice(workers) if chance else workers[0]
            key = coordinator.flags(), coordinator.components[k][0]
            known = _typeshed.get(key) if coordinator.is_constant(key[1]) else None
            if known is None or not share:
                outcomes[k] = coordinator.check(worker, k, store)
            else:
                outcomes[k] = known
                store.update(known.interfaces)
            if coordinator.is_constant(key[1]):
                _typeshed[key] = outcomes[k]
    finally:
        for worker in workers:
            assert worker.stop() == 0
    return [outcomes[k] for k in range(len(order))], store


def differences(coordinator: Coordinator, one: Run, other: Run) -> list[str]:
    """What differs between two runs of the same tree, in words."""
    found = []
    for k, (a, b) in enumerate(zip(one[0], other[0], strict=True)):
        name = coordinator.components[k][0]
        for what in ("failed", "interfaces", "errors", "used", "touched"):
            if getattr(a, what) != getattr(b, what):
                found.append(f"{what} of {name}")
    return found
