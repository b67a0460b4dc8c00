"""Sources and settings that change during a run: nothing is kept under a key it does not belong to.

A run is stopped at the moment a file is opened for the n-th time, by typewave, the probe or a worker; then the tree
changes and the run goes on. Its own answer has to be that of the tree as it is then. Afterwards the store it leaves is
put to use on the tree as it is, as it was, and as it is again.
"""

from __future__ import annotations

import itertools
import shutil
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from support.answers import difference
from support.project import Project
from support.promises import Promises
from trouble.interposing import Interposed, build_interposer

CHANGING = "sources that change during a run"
PLUGIN = """
from mypy.plugin import Plugin

class Own(Plugin):
    def get_function_hook(self, fullname):
        return made if fullname.endswith(".make") else None

def made(context):
    return context.api.named_generic_type("builtins.NAME", [])

def plugin(version):
    return Own
"""
BEFORE = {
    "mypy.ini": "[mypy]\n",
    "base.py": "import low\n\nvalue: int = low.value\n",
    "low.py": "value = 1\n",
    "plain.py": "x: int = ''\n",
    "user.py": "import base\n\ntext: str = base.value\n\n\ndef f(x):\n    return x\n",
    "package/__init__.py": "",
    "package/part.py": "def g() -> int:\n    return 1\n",
    "last.py": "from package import part\nimport user\n\nnumber: str = part.g()\n",
}

Change = Callable[[Path], object]


def write(files: dict[str, str]) -> Change:
    def change(folder: Path) -> None:
        for name, text in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")

    return change


def remove(name: str) -> Change:
    return lambda folder: (folder / name).unlink()


def make_folder(name: str) -> Change:
    def change(folder: Path) -> None:
        (folder / name).unlink()
        (folder / name).mkdir()

    return change


def replaced_by_renaming(name: str, text: str) -> Change:
    """As editors write: the old file lives on where it is open."""

    def change(folder: Path) -> None:
        (folder / "unfinished").write_text(text, encoding="utf-8")
        (folder / "unfinished").rename(folder / name)

    return change


def all_of(*changes: Change) -> Change:
    def change(folder: Path) -> None:
        for one in changes:
            one(folder)

    return change


# What changes when which file is opened.
@dataclass(frozen=True)
class Moment:
    file: str
    change: Change
    more: tuple[str, ...] = ()  # files of the tree besides BEFORE
    plugin: bool = False


BRANCH = all_of(
    write(
        {
            "mypy.ini": "[mypy]\ncheck_untyped_defs = True\ndisallow_untyped_defs = True\n",
            "low.py": "value = ''\n",
            "plain.py": "x: int = 1\n",
            "new.py": "y: int = ''\n",
        }
    ),
    remove("package/part.py"),
)
MOMENTS = {
    "edited": Moment("low.py", write({"low.py": "value = ''\n"})),
    "edited by renaming": Moment("low.py", replaced_by_renaming("low.py", "value = ''\n")),
    "same size": Moment("plain.py", write({"plain.py": "x: int = 42\n"})),
    "another file edited": Moment("user.py", write({"low.py": "value = ''\n"})),
    "deleted": Moment("package/part.py", remove("package/part.py")),
    "replaced by a folder": Moment("plain.py", make_folder("plain.py")),
    "syntax error": Moment("low.py", write({"low.py": "value = (\n"})),
    "branch switched": Moment("user.py", BRANCH),
    "branch switched late": Moment("last.py", BRANCH),
    "new module shadows": Moment("last.py", write({"low/__init__.py": "value = ''\n"})),
    "stub appears": Moment("last.py", write({"low.pyi": "value: str\n"})),
    "missing module appears": Moment("needs.py", write({"gone.py": "y = ''\n"}), more=("needs.py",)),
    "configuration": Moment("mypy.ini", write({"mypy.ini": "[mypy]\ndisallow_untyped_defs = True\n"})),
    "configuration removed": Moment("mypy.ini", remove("mypy.ini"), more=("setup.cfg",)),
    "configuration while a source is read": Moment(
        "last.py", write({"mypy.ini": "[mypy]\ndisallow_untyped_defs = True\n"})
    ),
    "plugin": Moment("hook.py", write({"hook.py": PLUGIN.replace("NAME", "str")}), plugin=True),
    "plugin while a source is read": Moment("made.py", write({"hook.py": PLUGIN.replace("NAME", "str")}), plugin=True),
}
MORE = {
    "needs.py": "import gone\n\nx: int = gone.y\n",
    "setup.cfg": "[mypy]\ndisallow_untyped_defs = True\n",
}
PLUGIN_FILES = {
    "mypy.ini": "[mypy]\nplugins = hook.py\n",
    "hook.py": PLUGIN.replace("NAME", "int"),
    "made.py": "def make() -> object: ...\n\n\nx: str = make()\n",
}
# How often each file may be opened at most; a moment that does not come counts as nothing.
LAST_OPENING = 6


@pytest.fixture(scope="module")
def interposer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_interposer(tmp_path_factory.mktemp("interposer"))


def tree_of(moment: Moment) -> dict[str, str]:
    files = PLUGIN_FILES if moment.plugin else BEFORE
    return {**files, **{name: MORE[name] for name in moment.more}}


def put_back(project: Project, files: dict[str, str]) -> None:
    """The tree as it was, without a trace of what came since."""
    for path in sorted(project.folder.iterdir()):
        if path.name in (".git", ".typewave_cache"):
            continue
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    project.write(files)


def check_at(project: Project, interposer: Path, moment: Moment, opening: int, promises: Promises) -> bool:
    """Whether the moment came."""
    files = tree_of(moment)
    put_back(project, files)
    shutil.rmtree(project.store, ignore_errors=True)
    shutil.rmtree(project.folder / ".typewave_cache", ignore_errors=True)
    time.sleep(0.05)  # what is a tick old may be trusted
    interposed = Interposed(project, interposer)
    checked, came = interposed.changing(
        project.folder / moment.file, opening, lambda: moment.change(project.folder), "."
    )
    if not came:
        return False
    with promises.attempt(CHANGING, "changes"):
        assert "Traceback" not in checked.answer.stderr
        now = project.cold(".")
        assert not difference(now, checked.answer), difference(now, checked.answer)
        project.same(".")
        put_back(project, files)
        project.same(".")
        moment.change(project.folder)
        project.same(".")
    return True


QUICK = [
    ("edited", 1),
    ("edited", 2),
    ("same size", 2),
    ("deleted", 2),
    ("replaced by a folder", 2),
    ("branch switched", 2),
    ("stub appears", 2),
    ("configuration", 2),
    ("configuration while a source is read", 2),
    ("plugin", 2),
    ("plugin while a source is read", 2),
]


@pytest.mark.parametrize(("name", "opening"), QUICK)
def test_changed_at_a_moment(project: Project, interposer: Path, name: str, opening: int, promises: Promises) -> None:
    assert check_at(project, interposer, MOMENTS[name], opening, promises), "the file is not opened so often"


@pytest.mark.slow
@pytest.mark.parametrize("name", MOMENTS)
def test_changed_at_every_moment(project: Project, interposer: Path, name: str, promises: Promises) -> None:
    came = [check_at(project, interposer, MOMENTS[name], opening, promises) for opening in range(1, LAST_OPENING + 1)]
    assert came[0]


def test_changes_without_end(project: Project, promises: Promises) -> None:
    """A file that is written all the time: whatever the run says, and it may give up, what it keeps is right."""
    contents = ["x: int = ''\n", "x: int = 1.5\n", "x = 1\n"]
    project.write({"a.py": contents[0], "b.py": "import a\n\ny: str = a.x\n"})
    over = threading.Event()

    def write_on() -> None:
        # Never the same twice: what is as it was when it was read need not be noticed.
        for number, text in enumerate(itertools.cycle(contents)):
            if over.wait(0.01):
                return
            write({"a.py": f"{text}n{number} = 0\n"})(project.folder)

    writer = threading.Thread(target=write_on)
    writer.start()
    try:
        answer = project.check(".").answer
    finally:
        over.set()
        writer.join()
    assert "Traceback" not in answer.stderr
    assert "changed" in answer.stderr
    for text in contents:
        project.write({"a.py": text})
        with promises.attempt(CHANGING, "changes"):
            project.same(".")
