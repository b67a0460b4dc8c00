"""The programs that are measured, each with the state it keeps between runs."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.mypy_log import checked_modules
from bench.process_tree import Usage, measure
from support.oracle import environment, run


@dataclass(frozen=True)
class Run:
    """One run of a tool."""

    usage: Usage
    modules_checked: int | None = None
    summary: Any = None  # typewave's


class Tool:
    """A checker; `state` is a folder of its own."""

    name = ""
    comparable = False  # says what mypy says

    def __init__(self, state: Path, package: str) -> None:
        self.state = state
        self.package = package
        (state / "home").mkdir(parents=True, exist_ok=True)

    @property
    def variables(self) -> dict[str, str]:
        return environment(self.state / "home", {})

    def check(self, tree: Path) -> Run:
        raise NotImplementedError

    def forget(self, tree: Path) -> None:
        """Puts it back to where it has never seen the tree."""

    def is_cold(self) -> bool:
        """Whether it has not seen any tree."""
        return True

    def elsewhere(self, state: Path) -> Tool:
        """The same with a copy of what it keeps, as on another machine."""
        raise NotImplementedError

    def count_checked(self, tree: Path) -> int | None:
        """Checks; says how many modules were checked again, if it can be made to tell."""
        return self.check(tree).modules_checked

    def stop(self) -> None:
        """Ends what still runs."""


class Typewave(Tool):
    name = "typewave"
    comparable = True

    def __init__(self, state: Path, package: str, binary: Path, python: Path) -> None:
        super().__init__(state, package)
        self.binary = binary
        self.python = python

    @property
    def store(self) -> Path:
        return self.state / "store"

    def call(self, tree: Path, command: str, *options: str) -> Run:
        report = self.state / "summary.json"
        report.unlink(missing_ok=True)
        where = [f"--python={self.python}", f"--store={self.store}"]
        if command == "check":
            where.append(f"--summary-json={report}")
        usage = measure([str(self.binary), command, *where, *options, self.package], tree, self.variables)
        summary = json.loads(report.read_text(encoding="utf-8")) if report.exists() else None
        return Run(usage, len(summary["checked_modules"]) if summary else None, summary)

    def check(self, tree: Path) -> Run:
        return self.call(tree, "check")

    def forget(self, tree: Path) -> None:
        shutil.rmtree(self.store, ignore_errors=True)
        self.forget_folder(tree)

    def forget_folder(self, tree: Path) -> None:
        shutil.rmtree(tree / ".typewave_cache", ignore_errors=True)

    def is_cold(self) -> bool:
        return not self.store.exists()

    def elsewhere(self, state: Path) -> Typewave:
        """The store is meant to be shared, so it is not copied."""
        other = Typewave(state, self.package, self.binary, self.python)
        other.store.symlink_to(self.store)
        return other


class Mypy(Tool):
    comparable = True

    def __init__(self, state: Path, package: str, program: Path, workers: int = 0) -> None:
        super().__init__(state, package)
        self.name = f"mypy -n {workers}" if workers else "mypy"
        self.program = program
        self.workers = workers

    @property
    def cache(self) -> Path:
        return self.state / "cache"

    def command(self, *options: str) -> list[str]:
        workers = [f"-n{self.workers}"] if self.workers else []
        return [str(self.program), f"--cache-dir={self.cache}", *workers, *options, self.package]

    def check(self, tree: Path) -> Run:
        return Run(measure(self.command(), tree, self.variables))

    def forget(self, tree: Path) -> None:
        shutil.rmtree(self.cache, ignore_errors=True)

    def is_cold(self) -> bool:
        return not self.cache.exists()

    def elsewhere(self, state: Path) -> Mypy:
        other = Mypy(state, self.package, self.program, self.workers)
        shutil.copytree(self.cache, other.cache)
        return other

    def count_checked(self, tree: Path) -> int | None:
        log = measure(self.command("-v"), tree, self.variables).answer.stderr
        return len(checked_modules(log)) if not self.workers else None


class Dmypy(Tool):
    name = "dmypy"
    comparable = True

    def __init__(self, state: Path, package: str, program: Path) -> None:
        super().__init__(state, package)
        self.program = program

    def command(self, *words: str) -> list[str]:
        return [str(self.program), f"--status-file={self.state / 'status.json'}", *words]

    def daemon(self) -> int | None:
        try:
            process = json.loads((self.state / "status.json").read_text(encoding="utf-8"))["pid"]
        except (OSError, ValueError, KeyError):
            return None
        return int(process)

    def check(self, tree: Path) -> Run:
        return Run(measure(self.command("run", "--", self.package), tree, self.variables, self.daemon()))

    def forget(self, tree: Path) -> None:
        self.stop()

    def is_cold(self) -> bool:
        return self.daemon() is None

    def stop(self) -> None:
        if self.daemon() is not None:
            run(self.command("kill"), self.state, self.variables)


class Other(Tool):
    """A program that keeps nothing, with a fixed command line; an exit status above `highest` is trouble."""

    def __init__(self, state: Path, package: str, name: str, command: list[str], highest: int) -> None:
        super().__init__(state, package)
        self.name = name
        self.command = command
        self.highest = highest

    def check(self, tree: Path) -> Run:
        usage = measure([*self.command, self.package], tree, self.variables)
        if not 0 <= usage.answer.status <= self.highest:
            raise RuntimeError(f"{self.name}: {usage.answer.stderr[-1000:]}")
        return Run(usage)


class Grimp(Other):
    """The library, called as its documentation shows."""

    def __init__(self, state: Path, package: str, python: Path) -> None:
        program = "import sys, grimp; grimp.build_graph(sys.argv[1], cache_dir=None)"
        super().__init__(state, package, "grimp", [str(python), "-c", program], 0)
