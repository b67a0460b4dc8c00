"""The module graph, its components and orders against mypy's own, on generated trees and real packages.

Environment: TYPEWAVE_BUILD, where graph_dump is built; TYPEWAVE_MYPY_PYTHON, the interpreter of the mypy to
compare with; TYPEWAVE_CORPORA, a directory of unpacked packages (each in one of its own name) to compare on,
among them Home Assistant as `ha`, which is compared when TYPEWAVE_SLOW is set.
"""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import mypy
import pytest

from programs import program

PYTHON = os.environ.get("TYPEWAVE_MYPY_PYTHON", sys.executable)
CORPORA = Path(os.environ.get("TYPEWAVE_CORPORA", "no-corpora"))
SEEDS = int(os.environ.get("TYPEWAVE_GRAPH_SEEDS", "60"))

Json = dict[str, Any]


class Refused(Exception):
    """mypy does not accept the arguments; nothing is loaded."""


def environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MYPY", "PYTHON"))}
    return kept | {"PYTHONHASHSEED": "0"}


def mypys(folder: Path, arguments: list[str]) -> tuple[Json, Json]:
    """The request for graph_dump, and mypy's own graph."""
    script = str(Path(__file__).with_name("mypy_graph.py"))
    command = [PYTHON, script, *arguments]
    done = subprocess.run(command, cwd=folder, env=environment(), capture_output=True, text=True)
    if done.returncode == 2 and "Traceback" not in done.stderr:
        raise Refused(done.stderr)
    assert done.returncode == 0, done.stdout + done.stderr
    both = json.loads(done.stdout)
    return both["request"], both["graph"]


def ours(folder: Path, request: Json, repeat: int = 0) -> Json:
    command = [str(program("graph_dump")), *([str(repeat)] if repeat else [])]
    text = json.dumps(request)
    done = subprocess.run(command, cwd=folder, input=text, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    result: Json = json.loads(done.stdout)
    return result


def expected_reports(modules: list[Json], ignored_lines: dict[str, list[int]]) -> dict[str, list[Json]]:
    """Our reports as mypy shows them: not on ignored lines, an ancestor once a run."""
    ancestors: set[str] = set()
    shown: dict[str, list[Json]] = {}
    for module in modules:
        if module["name"] not in ignored_lines:
            continue
        for report in module["reports"]:
            line = report["line"]
            if report["kind"] == "ancestor":
                line = -1
                if report["target"] in ancestors:
                    continue
                ancestors.add(report["target"])
            if line in ignored_lines[module["name"]]:
                continue
            shown.setdefault(module["path"], []).append(
                {"kind": report["kind"], "target": report["target"], "line": line}
            )
    return shown


def differences(theirs: Json, found: Json) -> list[str]:
    if "blocker" in theirs or "blocker" in found:
        if ("blocker" in theirs) == ("blocker" in found):
            return []
        return [f"blocker: {theirs.get('blocker')} / {found.get('blocker')}"]
    result = []
    names = [module["name"] for module in theirs["modules"]]
    found_names = [module["name"] for module in found["modules"]]
    if names != found_names:
        first = next((i for i, pair in enumerate(zip(names, found_names, strict=False)) if pair[0] != pair[1]), -1)
        result.append(f"modules: {len(names)} / {len(found_names)}, first difference at {first}")
    by_name = {module["name"]: module for module in found["modules"]}
    fields = ("path", "order", "ignore_all", "dependencies", "suppressed", "ancestors", "imported_from")
    for module in theirs["modules"]:
        other = by_name.get(module["name"], module)  # a missing one is in the list of names above
        for field in fields:
            if module[field] != other[field]:
                result.append(f"{module['name']}.{field}: {module[field]} / {other[field]}")
    if theirs["missing"] != found["missing"]:
        result.append(f"missing: {set(theirs['missing'].items()) ^ set(found['missing'].items())}")
    ignored_lines = {m["name"]: m["ignored_lines"] for m in theirs["modules"] if not m["silent"]}
    reports = {m["path"]: m["reports"] for m in theirs["modules"] if not m["silent"] and m["reports"]}
    if reports != (shown := expected_reports(found["modules"], ignored_lines)):
        result.append(f"reports: {reports} / {shown}")
    order = [component["modules"] for component in theirs["components"]]
    found_order = [component["modules"] for component in found["components"]]
    if order != found_order:
        first = next((i for i, pair in enumerate(zip(order, found_order, strict=False)) if pair[0] != pair[1]), -1)
        result.append(f"components: {len(order)} / {len(found_order)}, first difference at {first}")
    return result


def compare(folder: Path, arguments: list[str], repeat: int = 0) -> tuple[Json, Json]:
    request, theirs = mypys(folder, arguments)
    found = ours(folder, request, repeat)
    unequal = differences(theirs, found)
    assert not unequal, f"{len(unequal)} differences in {folder}:\n" + "\n".join(unequal[:20])
    return theirs, found


# --- Generated trees ---


PARTS = ("a", "b", "c", "d")
EXTERNAL = (
    "os",
    "typing",
    "collections.abc",
    "gone",
    "gone.deep",
    "typed",
    "typed.sub",
    "untyped",
    "yaml",
    "half.x",
)


class Tree:
    """A small project with packages, stubs, namespace packages, cycles and missing modules."""

    def __init__(self, root: Path, seed: int) -> None:
        self.root = root
        self.random = random.Random(seed)
        self.modules = self.make_modules()
        for module in self.modules:
            self.write_module(module)
        self.write_installed()

    def make_modules(self) -> list[str]:
        modules = set()
        for _ in range(self.random.randint(3, 14)):
            modules.add(".".join(self.random.choices(PARTS, k=self.random.randint(1, 3))))
        return sorted(modules)

    def write_module(self, module: str) -> None:
        folder = self.root.joinpath(*module.split("."))
        chance = self.random.random()
        if chance < 0.4:
            paths = [folder / "__init__.py"]
        elif chance < 0.5:
            paths = [folder / "__init__.pyi"]
        elif chance < 0.6:
            paths = [folder.with_suffix(".pyi"), folder.with_suffix(".py")]
        elif chance < 0.65:
            folder.mkdir(parents=True, exist_ok=True)
            paths = []
        else:
            paths = [folder.with_suffix(".py")]
        # Most parents are packages, some are namespace packages.
        if self.random.random() < 0.8:
            for parent in folder.relative_to(self.root).parents:
                if str(parent) != ".":
                    init = self.root / parent / "__init__.py"
                    init.parent.mkdir(parents=True, exist_ok=True)
                    if not init.exists():
                        init.write_text(self.source())
        for path in paths:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(self.source())

    def statement(self) -> str:
        any_name = self.random.choice(self.modules if self.random.random() < 0.75 else EXTERNAL)
        chance = self.random.random()
        if chance < 0.35:
            return f"import {any_name}"
        if chance < 0.7:
            names = ", ".join(self.random.choices((*PARTS, "x"), k=self.random.randint(1, 3)))
            return f"from {any_name} import {names}"
        if chance < 0.75:
            return f"from {any_name} import *"
        dots = "." * (1 if self.random.random() < 0.8 else 2)
        tail = self.random.choice(("", *PARTS, "a.b"))
        return f"from {dots}{tail} import {self.random.choice((*PARTS, 'x'))}"

    def source(self) -> str:
        lines = []
        if self.random.random() < 0.1:
            lines.append("# mypy: ignore-errors")
        if self.random.random() < 0.1:
            lines.append("def __getattr__(name: str): ...")
        for _ in range(self.random.randint(0, 4)):
            chance = self.random.random()
            if chance < 0.15:
                lines += ["def f(x):", f"    {self.top_statement()}", "    return x"]
            elif chance < 0.3:
                lines += ["import typing", "if typing.TYPE_CHECKING:", f"    {self.top_statement()}"]
            elif chance < 0.35:
                lines += ["if FLAG:", f"    {self.top_statement()}"]
            else:
                lines.append(self.top_statement())
        return "".join(line + "\n" for line in lines)

    def top_statement(self) -> str:
        statement = self.statement()
        # Relative imports that leave the tree block the whole run: most trees should do without.
        if statement.startswith("from .") and self.random.random() < 0.6:
            return f"import {self.random.choice(self.modules)}"
        return statement

    def write_installed(self) -> None:
        """A package directory beside the project, as MYPYPATH sees it and as an installed one."""
        site = self.root.parent / "stubs"
        (site / "typed").mkdir(parents=True)
        (site / "typed" / "__init__.pyi").write_text("from typed.sub import x\n")
        (site / "typed" / "sub.pyi").write_text("import os\nimport gone.other\n")
        (site / "half").mkdir()
        (site / "half" / "__init__.pyi").write_text("import a\ndef __getattr__(name: str): ...\n")

    def config(self) -> str:
        lines = ["[mypy]", f"mypy_path = {self.root.parent / 'stubs'}"]
        follow = ("normal", "silent", "skip", "error")
        if self.random.random() < 0.4:
            lines.append(f"follow_imports = {self.random.choice(follow)}")
        if self.random.random() < 0.3:
            lines.append("follow_imports_for_stubs = True")
        if self.random.random() < 0.3:
            lines.append("ignore_missing_imports = True")
        if self.random.random() < 0.2:
            lines.append("namespace_packages = False")
        if self.random.random() < 0.2:
            lines.append("no_silence_site_packages = True")
        if self.random.random() < 0.3:
            lines.append("always_false = FLAG")
        patterns = {
            self.random.choice((*self.modules, "gone", "gone.*", "a.*", "*.b", "typed.*", "os", "half"))
            for _ in range(self.random.randint(0, 4))
        }
        for pattern in sorted(patterns):
            setting = self.random.choice(
                [f"follow_imports = {mode}" for mode in follow]
                + [
                    "ignore_missing_imports = True",
                    "ignore_errors = True",
                    "always_true = FLAG",
                    "follow_imports_for_stubs = True",
                ]
            )
            lines += [f"[mypy-{pattern}]", setting]
        return "".join(line + "\n" for line in lines)

    def arguments(self) -> list[str]:
        tops = sorted(path.name for path in self.root.iterdir() if path.name != "__pycache__")
        self.random.shuffle(tops)
        chance = self.random.random()
        if chance < 0.4:
            return ["."]
        if chance < 0.9 or not self.modules:
            chosen = tops[: self.random.randint(1, len(tops))]
            # A stub beside its module would be the same module twice.
            return [name for name in chosen if not (name.endswith(".py") and name + "i" in chosen)]
        return ["-m", self.random.choice(self.modules)]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    root.mkdir()
    return root


@pytest.mark.parametrize("seed", range(SEEDS))
def test_generated_tree(project: Path, seed: int) -> None:
    tree = Tree(project, seed)
    config = project.parent / "mypy.ini"
    config.write_text(tree.config())
    arguments = ["--config-file", str(config), *tree.arguments()]
    try:
        compare(project, arguments)
    except Refused as reason:
        pytest.skip(str(reason))


# --- What one file can do ---


def write(project: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def test_a_named_directory_is_an_empty_module(project: Path) -> None:
    write(project, {"a.py": "import b\n", "b.py/c.py": ""})
    theirs, _ = compare(project, ["a.py"])
    assert "blocker" not in theirs


def test_text_on_the_command_line(project: Path) -> None:
    write(project, {"a.py": "import gone\n"})
    theirs, _ = compare(project, ["-c", "import a\nfrom b import c"])
    assert [module["name"] for module in theirs["modules"]][:2] == ["__main__", "a"]


def test_a_pipe_does_not_hang(project: Path) -> None:
    write(project, {"a.py": ""})
    request, _ = mypys(project, ["a.py"])
    os.mkfifo(project / "pipe.py")
    request["sources"][0]["path"] = "pipe.py"
    assert "Not a regular file" in ours(project, request)["blocker"]


@pytest.mark.parametrize(
    "files",
    [
        {"a.py": "from . import b\n"},
        {"a.py": "from .. import b\n"},
        {"types.py": "", "a.py": ""},
        {"a.py": "def f(:\n"},
        {"p/__init__.py": "", "p/m.py": "import m\n", "a.py": "import p.m\n"},
    ],
)
def test_what_blocks_mypy_blocks_us(project: Path, files: dict[str, str]) -> None:
    write(project, files)
    arguments = ["a.py"]
    if "p/m.py" in files:
        arguments = ["--config-file", "mypy.ini", "a.py"]
        write(project, {"mypy.ini": "[mypy]\nmypy_path = p\n"})
    theirs, _ = compare(project, arguments)
    assert "blocker" in theirs


def processed_by_mypy(folder: Path, arguments: list[str]) -> list[set[str]]:
    """The components in the order a real run queues them, from its log."""
    command = [PYTHON, "-m", "mypy", "-v", "--cache-dir", os.devnull, *arguments]
    done = subprocess.run(command, cwd=folder, env=environment(), capture_output=True, text=True)
    pattern = re.compile(r"^LOG:  Scheduling SCC (?:singleton|of size \d+) \(([^)]*)\) as ", re.MULTILINE)
    return [set(names.split()) for names in pattern.findall(done.stderr)]


@pytest.mark.parametrize("seed", (3, 8, 21))
def test_real_processing_order(project: Path, seed: int) -> None:
    Tree(project, seed)
    (project.parent / "mypy.ini").write_text("[mypy]\n")
    arguments = ["--config-file", str(project.parent / "mypy.ini"), "."]
    _, found = compare(project, arguments)
    if "blocker" in found:
        pytest.skip("mypy refuses this tree")
    assert processed_by_mypy(project, arguments) == [set(c["modules"]) for c in found["components"]]


# --- Real packages ---


def tally(name: str, theirs: Json, found: Json) -> str:
    edges = sum(len(module["dependencies"]) for module in theirs["modules"])
    suppressed = sum(len(module["suppressed"]) for module in theirs["modules"])
    return (
        f"{name}: {len(theirs['modules'])} modules, {edges} edges, {suppressed} suppressed, "
        f"{len(theirs['components'])} components; ms: mypy loads in {theirs['load_ms']:.0f}, "
        f"scan {found['scan_ms']:.0f}, first load {found['first_load_ms']:.1f}, "
        f"load {found['load_ms']:.1f}, condense {found['condense_ms']:.2f}"
    )


PACKAGES = ("rich", "httpx", "sphinx", "prefect", "sympy", "click", "jinja2", "starlette", "werkzeug")


@pytest.mark.parametrize("name", PACKAGES)
def test_package(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    folder = CORPORA / name
    if not folder.is_dir():
        pytest.skip("no corpora")
    theirs, found = compare(folder, ["--config-file", os.devnull, name], repeat=5)
    with capsys.disabled():
        print("\n" + tally(name, theirs, found))


def typeshed_modules() -> list[str]:
    """Every module of the library's stubs, also those that no Python version has all of."""
    folder = Path(mypy.__file__).parent / "typeshed" / "stdlib"
    paths = sorted(path.relative_to(folder).with_suffix("") for path in folder.rglob("*.pyi"))
    return [".".join(path.parts).removesuffix(".__init__") for path in paths]


@pytest.mark.parametrize(
    ("version", "platform"),
    [
        ("3.14", "linux"),
        pytest.param("3.10", "win32", marks=pytest.mark.slow),
        pytest.param("3.12", "darwin", marks=pytest.mark.slow),
    ],
)
def test_typeshed(project: Path, version: str, platform: str, capsys: pytest.CaptureFixture[str]) -> None:
    modules = typeshed_modules()
    write(project, {"everything.py": "".join(f"import {name}\n" for name in modules)})
    theirs, found = compare(project, ["--python-version", version, "--platform", platform, "everything.py"], repeat=2)
    loaded = {module["name"] for module in theirs["modules"]}
    assert len(loaded & set(modules)) > 500
    with capsys.disabled():
        print("\n" + tally(f"typeshed {version} {platform}", theirs, found))


@pytest.mark.slow
def test_home_assistant(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = CORPORA / "ha"
    if not folder.is_dir() or not os.environ.get("TYPEWAVE_SLOW"):
        pytest.skip("slow, or no corpora")
    config = tmp_path / "mypy.ini"
    config.write_text("[mypy]\npython_version = 3.14\nignore_missing_imports = True\n")
    theirs, found = compare(folder, ["--config-file", str(config), "homeassistant"], repeat=5)
    with capsys.disabled():
        print("\n" + tally("Home Assistant", theirs, found))
