"""Repositories of any size and shape: bounded memory, descriptors and stack, time in proportion."""

from __future__ import annotations

import json
import os
import resource
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from bench.generated import write_graph
from support.answers import difference
from support.fake_checker import install
from support.project import Project
from support.promises import Promises

DESCRIPTORS = 256
SMALL_STACK = 256 << 10
PROMISE = "load"


@dataclass
class Run:
    """What one run of typewave on a generated graph took; its own process alone."""

    status: int
    output: str
    summary: dict[str, int]
    cpu: float  # seconds
    megabytes: float


class Load:
    """Generated sources, checked by the fake checker under the limits of a small machine."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.python = install(project.python, project.root / "fake")

    def write(self, files: Iterable[tuple[str, str]]) -> None:
        made: set[Path] = set()
        for name, text in files:
            path = self.project.folder / name
            if path.parent not in made:
                path.parent.mkdir(parents=True, exist_ok=True)
                made.add(path.parent)
            path.write_text(text, encoding="utf-8")

    def run(self, *arguments: str, stack: int = 8 << 20, store: str = "store") -> Run:
        summary = self.project.summary_file
        summary.unlink(missing_ok=True)

        def limit() -> None:
            resource.setrlimit(resource.RLIMIT_NOFILE, (DESCRIPTORS, DESCRIPTORS))
            resource.setrlimit(resource.RLIMIT_STACK, (stack, stack))

        output = self.project.root / "output"
        with output.open("wb") as file:
            process = subprocess.Popen(
                [
                    *(str(self.project.binary), "check", f"--python={self.python}", "--jobs=2"),
                    *(f"--store={self.project.root / store}", f"--summary-json={summary}", *arguments),
                ],
                cwd=self.project.folder,
                env=self.project.environment(),
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                preexec_fn=limit,
            )
            _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        return Run(
            process.returncode,
            output.read_text(encoding="utf-8", errors="backslashreplace"),
            json.loads(summary.read_text(encoding="utf-8")) if summary.exists() else {},
            usage.ru_utime + usage.ru_stime,
            usage.ru_maxrss / 1024,
        )

    def check(self, modules: int, *arguments: str, stack: int = 8 << 20, store: str = "store") -> Run:
        """A run that finds nothing wrong with so many modules."""
        run = self.run(*(arguments or (".",)), stack=stack, store=store)
        assert run.status == 0, run.output[-2000:]
        assert run.output == f"Success: no issues found in {modules} source file{'s'[: modules != 1]}\n"
        return run


@pytest.fixture
def load(project: Project) -> Load:
    return Load(project)


def chain(length: int) -> Iterable[tuple[str, str]]:
    for i in range(length):
        text = f"from part_{(i + 1) // 1000} import m{i + 1}\n" if i + 1 < length else "x = 1\n"
        yield f"part_{i // 1000}/m{i}.py", text
    for part in range((length - 1) // 1000 + 1):
        yield f"part_{part}/__init__.py", ""


def cycle(length: int) -> Iterable[tuple[str, str]]:
    for i in range(length):
        yield f"ring/m{i}.py", f"from ring import m{(i + 1) % length}\nx: int = {i}\n"
    yield "ring/__init__.py", ""


def grown(project: Project, sizes: Mapping[str, int]) -> None:
    for name, modules in sizes.items():
        write_graph(project.folder / name, "generated", modules, seed=1)


def linear(load: Load, small: int, large: int, megabytes: int) -> None:
    """Several times as many modules take about as many times the processor's time, cold and without a change."""
    grown(load.project, {"small": small, "large": large})
    extra = {name: sum(1 for _ in (load.project.folder / name).rglob("__init__.py")) for name in ("small", "large")}
    factor = large / small
    first: dict[str, Run] = {}
    again: dict[str, Run] = {}
    for name, size in (("small", small), ("large", large)):
        for runs in (first, again):
            runs[name] = load.check(size + extra[name], name)
    assert first["large"].summary["checked"] > 0.8 * large - 700
    for runs in (first, again):
        # What every run takes, whatever its size, is left out; what is left may grow by half more than the graph.
        assert runs["large"].cpu <= 1.6 * factor * max(runs["small"].cpu, 0.2), (runs["small"].cpu, runs["large"].cpu)
        assert runs["large"].megabytes <= megabytes, runs["large"].megabytes


def test_time_grows_with_the_graph(load: Load, promises: Promises) -> None:
    with promises.attempt(PROMISE, "graphs"):
        linear(load, 1000, 5000, megabytes=400)


@pytest.mark.slow
@pytest.mark.parametrize(("small", "large", "megabytes"), [(5000, 20_000, 700), (20_000, 100_000, 3000)])
def test_time_grows_with_a_large_graph(load: Load, promises: Promises, small: int, large: int, megabytes: int) -> None:
    with promises.attempt(PROMISE, "graphs"):
        linear(load, small, large, megabytes)


def in_a_row(load: Load, length: int, megabytes: int) -> None:
    load.write(chain(length))
    packages = (length - 1) // 1000 + 1
    for _ in range(2):
        run = load.check(length + packages, stack=SMALL_STACK)
        assert run.megabytes <= megabytes, run.megabytes
    (load.project.folder / f"part_{(length - 1) // 1000}" / f"m{length - 1}.py").write_text("x = 'edited'\n")
    edited = load.check(length + packages, stack=SMALL_STACK)
    assert edited.summary["checked"] == 2  # The fake checker's interfaces change with the source.


def test_a_chain_of_imports_needs_no_stack(load: Load, promises: Promises) -> None:
    with promises.attempt(PROMISE, "graphs"):
        in_a_row(load, 3000, megabytes=300)


@pytest.mark.slow
def test_a_chain_of_a_hundred_thousand_imports(load: Load, promises: Promises) -> None:
    with promises.attempt(PROMISE, "graphs"):
        in_a_row(load, 100_000, megabytes=3000)


def test_a_cycle_of_five_thousand_modules_needs_no_stack(load: Load, promises: Promises) -> None:
    with promises.attempt(PROMISE, "graphs"):
        load.write(cycle(5000))
        run = load.check(5001, stack=SMALL_STACK)
        assert run.megabytes <= 400, run.megabytes


@pytest.mark.slow
def test_mypy_itself_checks_a_cycle_of_five_thousand_modules(project: Project, promises: Promises) -> None:
    Load(project).write(cycle(5000))
    with promises.attempt(PROMISE, "trees compared with mypy"):
        project.same(".")


def test_a_cycle_of_three_hundred_modules(project: Project, promises: Promises) -> None:
    Load(project).write(cycle(300))
    project.write({"ring/m7.py": "from ring import m8\nx: str = m8.x\n"})
    with promises.attempt(PROMISE, "trees compared with mypy"):
        project.same(".")


def test_ten_thousand_files_in_one_folder(load: Load, promises: Promises) -> None:
    with promises.attempt(PROMISE, "graphs"):
        load.write((f"flat/m{i}.py", "") for i in range(10_000))
        load.check(10_000)


def test_five_hundred_packages_deep(project: Project, promises: Promises) -> None:
    folder = "p"
    files = {}
    for _ in range(500):
        files[f"{folder}/__init__.py"] = ""
        folder += "/p"
    files[f"{folder}/m.py"] = "from p.p import x\ny: str = 1\n"
    project.write(files)
    with promises.attempt(PROMISE, "trees compared with mypy"):
        project.same(".")


def deep_folder(root: Path, length: int) -> str:
    """A folder below `root` so deep that the path of a file in it is about so long; relative to `root`."""
    return "/".join(["d" * 250] * ((length - len(str(root)) - 10) // 251))


def test_paths_as_long_as_the_system_allows(project: Project, promises: Promises) -> None:
    folder = deep_folder(project.folder, 4000)
    project.write({f"{folder}/m.py": "x: int = ''\n", "n.py": "y: int = ''\n"})
    with promises.attempt(PROMISE, "trees compared with mypy"):
        project.same(".")


def test_a_folder_deeper_than_any_path(project: Project, promises: Promises) -> None:
    project.write({"n.py": "y: int = ''\n"})
    here = os.open(project.folder, os.O_RDONLY)
    for _ in range(20):
        os.mkdir("d" * 250, dir_fd=here)
        below = os.open("d" * 250, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)
    with promises.attempt(PROMISE, "trees compared with mypy"):
        found = difference(project.cold_here("."), project.check(".").answer)
        assert not found, found


def test_a_file_of_fifty_megabytes(project: Project, promises: Promises) -> None:
    line = "# " + "x" * 997 + "\n"
    project.write({"big.py": "import os\n" + line * 50_000 + "x: int = ''\n", "n.py": "import big\nbig.x + ''\n"})
    with promises.attempt(PROMISE, "trees compared with mypy"):
        project.same(".")


def test_a_file_with_holes_beyond_all_memory(project: Project, promises: Promises) -> None:
    project.write({"n.py": "y: int = ''\n", "sparse.py": ""})
    os.truncate(project.folder / "sparse.py", 1 << 40)
    with promises.attempt(PROMISE, "trees that mypy cannot check"):
        answer = project.check(".").answer
        assert answer.status == 2
        assert "typewave: error: sparse.py" in answer.stderr
        assert "Traceback" not in answer.stderr
