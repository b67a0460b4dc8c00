"""The store's limit: held at every moment, by dropping what was used least recently, and never at the answer's cost."""

from __future__ import annotations

import os
import random
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from support.project import Project, own_lines
from support.promises import Promises

PROMISE = "the store's limit: never more than 110 %"


def bytes_below(folder: Path) -> int:
    total = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.lstat(os.path.join(parent, name)).st_size
            except FileNotFoundError:
                continue
    return total


class Watch:
    """Looks at a folder's size all the time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.peak = 0
        self.looks = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look)

    def _look(self) -> None:
        while not self._stop.wait(0.001):
            self.peak = max(self.peak, bytes_below(self.folder))
            self.looks += 1

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()


def module(chosen: random.Random, functions: int) -> str:
    """A module whose interface hardly compresses."""
    lines = [f"def f{chosen.getrandbits(200):x}(a: int) -> str: return str(a)" for _ in range(functions)]
    return "\n".join(lines) + "\nwrong: int = ''\n"


def fill(project: Project, seed: int, rounds: int, functions: int, limit: int) -> int:
    """Checks one new module after the other; how many bytes that wrote at least."""
    chosen = random.Random(seed)
    written = 0
    for number in range(rounds):
        project.write({"a.py": module(chosen, functions)})
        checked = project.check(f"--store-limit={limit}", ".")
        assert checked.answer.status == 1
        assert checked.answer.stdout.startswith(f"a.py:{functions + 1}: error: "), number
        assert own_lines(checked.answer.stderr) == []
        written += functions * 25  # the random halves of the names
    return written


def write_from_four(project: Project, rounds: int, functions: int, limit: int) -> int:
    others = [
        Project(project.binary, project.python, project.root / str(number), store_folder=project.store)
        for number in range(3)
    ]
    with ThreadPoolExecutor(4) as pool:
        parts = [
            pool.submit(fill, each, seed, rounds, functions, limit) for seed, each in enumerate([project, *others])
        ]
        return sum(part.result() for part in parts)


def hold_limit(project: Project, promises: Promises, *, rounds: int, functions: int, limit: int, times: float) -> None:
    with promises.attempt(PROMISE, "runs_of_four_writers"), Watch(project.store) as watch:
        written = write_from_four(project, rounds, functions, limit)
    promises.count(PROMISE, looks=watch.looks)
    assert written >= times * limit
    assert limit / 2 < watch.peak <= limit * 1.1
    assert project.call("store", "verify", f"--store={project.store}").status == 0


def test_four_processes_hold_the_limit(project: Project, promises: Promises) -> None:
    hold_limit(project, promises, rounds=3, functions=3000, limit=700_000, times=1)


@pytest.mark.slow
def test_four_processes_write_ten_times_the_limit(project: Project, promises: Promises) -> None:
    hold_limit(project, promises, rounds=36, functions=3000, limit=1_000_000, times=10)


def test_a_limit_that_is_too_small_costs_one_warning(shop: Project) -> None:
    first = shop.check("--store-limit=10K", ".")
    assert first.answer.status == 1
    assert len(own_lines(first.answer.stderr)) == 1
    assert "--store-limit" in first.answer.stderr
    assert bytes_below(shop.store) <= 11_000
    assert shop.check(".").answer.stdout == first.answer.stdout


def test_the_limit_can_be_set_for_a_project(shop: Project) -> None:
    shop.write({"pyproject.toml": '[tool.typewave]\nstore-limit = "10K"\n'})
    assert "its limit of 10.0 kB" in shop.check(".").answer.stderr
    assert bytes_below(shop.store) <= 11_000
    shop.write({"tool.py": "import shop.order\n\nshop.order.total([])\n"})  # or the last answer would be repeated
    enough = shop.check("--store-limit=5G", ".")
    assert own_lines(enough.answer.stderr) == []
    assert bytes_below(shop.store) > 11_000


def test_what_a_project_used_last_stays(project: Project) -> None:
    """The oldest project's results go first, unless it was checked again in between."""
    files = {name: module(random.Random(name), 1500) for name in ("one", "two", "three")}
    projects = {}
    for name, text in files.items():
        projects[name] = Project(project.binary, project.python, project.root / name, store_folder=project.store)
        projects[name].write({f"{name}.py": text})
        projects[name].check(".")
    # From another folder, so that it is not only the last answer that is repeated.
    projects["one"].write({"more.py": "import one\n"})
    projects["one"].check(".")
    size = bytes_below(project.store)
    answer = project.call("store", "gc", f"--store={project.store}", f"--store-limit={int(size * 0.97)}")
    assert answer.status == 0, answer.stderr
    checked = {}
    for name in ("one", "three", "two"):
        projects[name].write({"again.py": f"import {name}\n"})
        checked[name] = projects[name].check(".").summary["checked_modules"]
    assert "one" not in checked["one"]
    assert "three" not in checked["three"]
    assert "two" in checked["two"]
