"""Real trees, on request: TYPEWAVE_REAL_TREES names them, one a line, as `directory argument argument ...`.

Prints what the work costs beside cold mypy, how large used sets are beside mypy's own record, and what tracking takes.
"""

from __future__ import annotations

import os
import resource
import shlex
from pathlib import Path

import pytest

from coordinator import Coordinator
from orders import check_in_order, check_shuffled, check_some, differences
from test_orders import cold_lines, comparable

TREES = [line for line in os.environ.get("TYPEWAVE_REAL_TREES", "").splitlines() if line.strip()]


@pytest.mark.skipif(not TREES, reason="TYPEWAVE_REAL_TREES is not set")
@pytest.mark.parametrize("line", TREES)
def test_a_real_tree_in_every_order(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    directory, *arguments = shlex.split(line)
    coordinator = Coordinator(Path(directory), arguments)
    first = check_in_order(coordinator, share=False)
    assert [outcome.failed for outcome in first[0] if outcome.failed] == []

    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    cold = cold_lines(Path(directory), arguments)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    own = [k for k, names in enumerate(coordinator.components) if not coordinator.is_constant(names[0])]
    used = sum(len(first[0][k].used) for k in own) / max(1, len(own))
    with capsys.disabled():
        print(
            f"\n{directory}: {len(coordinator.graph)} modules, {len(cold)} lines;",
            f"cold {after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime:.1f} CPU s,",
            f"worker {sum(outcome.cpu for outcome in first[0]):.1f},",
            f"of it tracking {sum(outcome.tracking for outcome in first[0]):.2f}; used modules {used:.1f}",
        )
    assert comparable(coordinator.format(first[0])) == comparable(cold)

    watched = check_in_order(coordinator, {"TYPEWAVE_CHECK_TOUCHES": "1"}, share=False)
    assert [outcome.missed for outcome in watched[0] if outcome.missed] == []
    for other in (
        watched,
        check_shuffled(coordinator, seed=1),
        check_shuffled(coordinator, seed=2, workers=2),
        check_some(coordinator, first, seed=3),
    ):
        assert differences(coordinator, first, other) == []
