"""Runs every stage of the test suite and ends with one line that adds them up; `./tw test` calls it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
RESULTS = REPOSITORY / "build" / "test-results"
CPP_FOLDERS = ("graph", "scheduler", "runner", "tests")
UNIT_TEST_SECONDS = 600
PROCESSORS = len(os.sched_getaffinity(0))


@dataclass
class Outcome:
    """What one stage counted, and its output when something failed."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    output: str = ""

    def __add__(self, other: Outcome) -> Outcome:
        return Outcome(
            self.passed + other.passed,
            self.failed + other.failed,
            self.skipped + other.skipped,
            self.output + other.output,
        )

    def counts(self) -> str:
        skipped = f", {self.skipped} skipped" if self.skipped else ""
        return f"{self.passed} passed, {self.failed} failed{skipped}"


def run(arguments: list[str], timeout: float | None = None, folder: Path = REPOSITORY) -> tuple[int, str]:
    """Runs a command; gives its exit status and everything it printed."""
    try:
        done = subprocess.run(
            arguments,
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=timeout,
        )
    except FileNotFoundError:
        return 127, f"{arguments[0]}: not found\n"
    except subprocess.TimeoutExpired as late:
        printed = late.stdout.decode(errors="replace") if isinstance(late.stdout, bytes) else ""
        return 124, f"{printed}\n{arguments[0]}: ended after {timeout:.0f} seconds\n"
    return done.returncode, done.stdout


def verdict(arguments: list[str]) -> Outcome:
    """One command as one test: its exit status decides."""
    status, output = run(arguments)
    return Outcome(passed=1) if status == 0 else Outcome(failed=1, output=output)


def python_tool(*arguments: str) -> list[str]:
    return [sys.executable, "-m", *arguments]


def check_format() -> Outcome:
    files = sorted(
        str(path.relative_to(REPOSITORY))
        for folder in CPP_FOLDERS
        for path in (REPOSITORY / folder).rglob("*")
        if path.suffix in (".cc", ".h")
    )
    tool = shutil.which("clang-format-14") or "clang-format"
    return verdict([tool, "--dry-run", "--Werror", "--ferror-limit=3", *files])


def check_python() -> Outcome:
    return verdict(python_tool("ruff", "check")) + verdict(python_tool("mypy"))


def build_folder(preset: str) -> Path:
    return REPOSITORY / ("build" if preset == "release" else f"build-{preset}")


def build(preset: str, target: str) -> Outcome:
    """Builds a target with a preset; counts only when that fails."""
    commands = (
        ["cmake", "--preset", preset],
        ["cmake", "--build", str(build_folder(preset)), "--target", target, "--parallel", str(PROCESSORS)],
    )
    for command in commands:
        status, output = run(command)
        if status != 0:
            return Outcome(failed=1, output=output)
    return Outcome()


def unit_tests(preset: str, *filters: str) -> Outcome:
    """Builds the unit tests with a preset and runs them."""
    built = build(preset, "unit_tests")
    if built.failed:
        return built
    program = str(build_folder(preset) / "unit_tests")
    status, output = run([program, "--no-colors", *filters], UNIT_TEST_SECONDS)
    counted = re.search(r"test cases:\s*\d+ \|\s*(\d+) passed \|\s*(\d+) failed", output)
    passed, failed = (int(counted[1]), int(counted[2])) if counted else (0, 0)
    if status != 0 and failed == 0:
        failed = 1  # A sanitizer, a crash or a hang: doctest itself saw no failure.
    return Outcome(passed, failed, output=output if failed else "")


def python_tests(arguments: list[str]) -> Outcome:
    """Fetches and builds what the Python tests compare with, and runs them; their output goes to the terminal."""
    fetch = python_tool("support.corpora", *(["--slow"] if os.environ.get("TYPEWAVE_SLOW") else []))
    status, output = run(fetch, folder=REPOSITORY / "tests")
    prepared = build("release", "differential_programs")
    if not arguments or any("fuzz" in argument for argument in arguments):
        prepared += build("fuzz", "fuzz_targets")
    if status != 0:
        prepared += Outcome(failed=1, output=output)
    sys.stdout.write(prepared.output)
    os.environ["TYPEWAVE_CORPORA"] = str(REPOSITORY / "build" / "corpora")
    RESULTS.mkdir(parents=True, exist_ok=True)
    report = RESULTS / "pytest.xml"
    report.unlink(missing_ok=True)
    command = python_tool("pytest", f"--junitxml={report}", *(arguments or ["-n", str(PROCESSORS)]))
    status = subprocess.run(command, cwd=REPOSITORY).returncode
    if not report.exists():
        return Outcome(failed=prepared.failed + 1)
    suites = list(ElementTree.parse(report).getroot().iter("testsuite"))

    def total(attribute: str) -> int:
        return sum(int(suite.get(attribute, "0")) for suite in suites)

    failed, skipped = total("failures") + total("errors"), total("skipped")
    passed = total("tests") - failed - skipped
    if status != 0 and failed == 0:
        failed = 1  # Interrupted, or nothing was collected.
    return Outcome(passed, failed + prepared.failed, skipped)


def stages(pytest_arguments: list[str]) -> list[tuple[str, Callable[[], Outcome]]]:
    last = ("pytest", lambda: python_tests(pytest_arguments))
    if pytest_arguments:
        return [last]
    return [
        ("clang-format", check_format),
        ("ruff and mypy --strict", check_python),
        ("unit tests", lambda: unit_tests("release")),
        ("unit tests under ASan and UBSan", lambda: unit_tests("asan")),
        # Debian's TBB is not instrumented, so what enters it would only raise false alarms.
        ("unit tests under TSan", lambda: unit_tests("tsan", "--test-suite-exclude=tbb")),
        last,
    ]


def main(arguments: list[str]) -> int:
    if "--slow" in arguments:
        arguments = [argument for argument in arguments if argument != "--slow"]
        os.environ["TYPEWAVE_SLOW"] = os.environ["TYPEWAVE_FRESH_ANSWERS"] = "1"
    total = Outcome()
    summary = []
    for name, stage in stages(arguments):
        print(f"== {name}", flush=True)
        start = time.monotonic()
        outcome = stage()
        sys.stdout.write(outcome.output)
        line = f"{name}: {outcome.counts()} ({time.monotonic() - start:.0f} s)"
        print(line, flush=True)
        summary.append(("FAILED  " if outcome.failed else "ok      ") + line)
        total += outcome
    print("\n" + "\n".join(summary))
    print(total.counts())
    return 1 if total.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
