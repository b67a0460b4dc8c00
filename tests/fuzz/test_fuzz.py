"""libFuzzer on everything that reads bytes of unknown origin, under ASan and UBSan.

The quick form tries inputs that a fixed seed makes of the corpora in testdata/fuzz, the same ones every time; with
`--slow` each target runs ten minutes with a fresh seed. What breaks a target is kept and named.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from support.promises import Promises

REPOSITORY = Path(__file__).resolve().parent.parent.parent
CORPORA = REPOSITORY / "testdata" / "fuzz"
PROGRAMS = REPOSITORY / "build-fuzz" / "tests" / "fuzz"
FINDINGS = REPOSITORY / "build" / "fuzz-findings"
TARGETS = sorted(path.stem.removesuffix("_fuzz") for path in Path(__file__).parent.glob("*_fuzz.cc"))
INPUTS = 5000
# Each input of these looks at the disk, or compiles regular expressions.
SLOW_TARGETS = {"probe": 500, "exclude_patterns": 1000}
LIMITS = ("-timeout=60", "-rss_limit_mb=3000", "-max_len=8192", "-print_final_stats=1")


def run_target(target: str, *options: str) -> int:
    """Runs a target on its corpus; the number of inputs tried."""
    program = PROGRAMS / f"{target}_fuzz"
    if not program.exists():
        pytest.skip("not built: ./tw test, or cmake --preset fuzz && cmake --build --preset fuzz")
    work = FINDINGS / target
    shutil.rmtree(work, ignore_errors=True)
    found = work / "corpus"
    found.mkdir(parents=True)
    done = subprocess.run(
        [program, *LIMITS, *options, f"-artifact_prefix={work}/", found, CORPORA / target],
        cwd=work,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=3600,
    )
    output = done.stdout.decode(errors="backslashreplace")
    assert done.returncode == 0, f"{output[-6000:]}\nsee {work}"
    shutil.rmtree(work)
    tried = re.search(r"number_of_executed_units: (\d+)", output)
    assert tried, output[-2000:]
    return int(tried[1])


@pytest.mark.parametrize("target", TARGETS)
def test_inputs_made_of_the_corpus_break_nothing(target: str, promises: Promises) -> None:
    tried = run_target(target, "-seed=1", f"-runs={SLOW_TARGETS.get(target, INPUTS)}")
    promises.count("hostile bytes", inputs_fuzzed=tried)


@pytest.mark.slow
@pytest.mark.parametrize("target", TARGETS)
def test_ten_minutes_of_inputs_break_nothing(target: str, promises: Promises) -> None:
    seconds = os.environ.get("TYPEWAVE_FUZZ_SECONDS", "600")
    promises.count("hostile bytes", inputs_fuzzed=run_target(target, f"-max_total_time={seconds}"))


def test_every_target_has_a_small_corpus() -> None:
    assert sorted(path.name for path in CORPORA.iterdir()) == TARGETS
    assert sum(path.stat().st_size for path in CORPORA.rglob("*") if path.is_file()) < 300_000
