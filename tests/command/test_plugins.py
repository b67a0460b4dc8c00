"""Plugins that fail: at import, and in a hook, in either phase of a check; and workers that die."""

from __future__ import annotations

import pytest

from support.project import SHOP, Project, own_lines

# What `{act}` does happens when mypy looks at a call of trap.spring.
PLUGIN = """\
import os, signal, sys, time
from pathlib import Path
from mypy.plugin import Plugin


class Trap(Plugin):
    def get_function_hook(self, fullname):
        if fullname == "trap.spring":
            {act}
        return None


def plugin(version):
    return Trap
"""
ONCE = (
    "if not os.path.exists('{marker}'):\n"
    "                Path('{marker}').write_text(str(os.getpid()))\n                {act}"
)
DEEP = "def spring() -> int:\n    return 1\n\n\ndef run() -> None:\n    spring()\n"  # met in the implementation phase
TOP = "def spring() -> int:\n    return 1\n\n\nvalue = spring()\n"  # met in the interface phase
NEEDS_TRAP = "import trap\n\nwrong: str = trap.spring.__name__ + 1\n"


def set_trap(project: Project, act: str, trap: str = DEEP, **more: str) -> None:
    project.write(SHOP)
    project.write({"trap.py": trap, "mypy.ini": "[mypy]\nplugins = plugin.py\n", "plugin.py": PLUGIN.format(act=act)})
    project.write(more)


TARGETS = ("shop", "tool.py", "trap.py")


@pytest.mark.parametrize("text", ["raise RuntimeError('bad plugin')\n", "x = (\n", "x = 1\n", "import gone\n"])
def test_plugin_that_fails_at_import(shop: Project, text: str) -> None:
    shop.write({"mypy.ini": "[mypy]\nplugins = plugin.py\n", "plugin.py": text})
    expected = shop.cold("tool.py")
    for _ in range(2):
        checked = shop.check("tool.py")
        assert checked.answer.status == expected.status
        assert checked.answer.stdout == expected.stdout
        assert last_line(checked.answer.stderr) == last_line(expected.stderr)


def last_line(text: str) -> str:
    return text.splitlines()[-1] if text else ""


@pytest.mark.parametrize("trap", [DEEP, TOP], ids=["implementation", "interface"])
@pytest.mark.parametrize("act", ["raise RuntimeError('sprung')", "sys.exit(5)"])
def test_hook_that_raises(project: Project, act: str, trap: str) -> None:
    set_trap(project, act, trap)
    project.write({"needs_trap.py": NEEDS_TRAP})
    for _ in range(2):
        checked = project.check(*TARGETS, "needs_trap.py")
        assert checked.answer.status == 2
        assert "tool.py:3: error: " in checked.answer.stdout
        assert "shop/customer.py:5: error: " in checked.answer.stdout
        first = own_lines(checked.answer.stderr)[0]
        assert first.startswith("typewave: error: checking trap failed: ")
        assert ("RuntimeError: sprung" in first) == ("sprung" in act)
        assert f"{project.python} -m mypy --no-incremental --show-traceback shop tool.py" in checked.answer.stderr
        assert "trap" not in checked.summary["checked_modules"]
        assert "Found " not in checked.answer.stdout  # a summary would speak of the whole
        assert checked.summary["failed"] >= 1
    assert checked.summary["checked_modules"] == []
    mypy = project.cold(*TARGETS)
    assert mypy.status in (1, 2, 5), mypy


def test_hook_that_is_mended(project: Project) -> None:
    set_trap(project, "raise RuntimeError('sprung')")
    assert project.check(*TARGETS).answer.status == 2
    set_trap(project, "pass")
    project.same(*TARGETS)


def test_worker_that_dies_once(project: Project) -> None:
    marker = project.root / "died"
    set_trap(project, ONCE.format(marker=marker, act="os.kill(os.getpid(), signal.SIGKILL)"))
    checked = project.same(*TARGETS)
    assert marker.exists()
    assert checked.summary["failed"] == 0
    assert project.same(*TARGETS).summary["checked"] == 0


@pytest.mark.parametrize("act", ["os.kill(os.getpid(), signal.SIGKILL)", "os._exit(0)"])
def test_worker_that_dies_each_time(project: Project, act: str) -> None:
    set_trap(project, act)
    for _ in range(2):
        checked = project.check("-j2", *TARGETS)
        assert checked.answer.status == 2
        assert "tool.py:3: error: " in checked.answer.stdout
        lines = own_lines(checked.answer.stderr)
        assert lines[0].startswith("typewave: error: checking trap failed: ")
        assert "Traceback" not in checked.answer.stderr
        assert checked.summary["failed"] == 1
        assert "trap" not in checked.summary["checked_modules"]
    assert checked.summary["checked_modules"] == []


EDIT = "Path({path!r}).write_text({text!r})"


@pytest.mark.parametrize("edited", ["shop/price.py", "later.py", "trap.py"])
def test_source_that_changes_during_the_run(project: Project, edited: str) -> None:
    later = "import trap\n\nx: int = 1\n"
    texts = {
        "shop/price.py": "def price(name: bytes) -> int:\n    return len(name)\n",
        "later.py": "import trap\n\nx: int = 'late'\n",
        "trap.py": DEEP + "    wrong: int = ''\n",
    }
    edit = EDIT.format(path=str(project.folder / edited), text=texts[edited])
    set_trap(project, ONCE.format(marker=project.root / "edited", act=edit))
    project.write({"later.py": later})
    targets = (*TARGETS, "later.py")
    (project.root / "edited").touch()
    before = project.cold(*targets)
    (project.root / "edited").unlink()
    checked = project.check("-j1", *targets)
    assert (project.root / "edited").exists()
    after = project.cold(*targets)
    assert before.stdout != after.stdout
    assert sorted(checked.answer.stdout.splitlines()) in [
        sorted(answer.stdout.splitlines()) for answer in (before, after)
    ]
    project.same(*targets)
    assert project.same(*targets).summary["checked"] == 0
