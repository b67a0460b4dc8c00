"""A project whose plugin does harm while one of its modules is checked."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from pathlib import Path

from support.processes import is_running
from support.project import SHOP, Project

# What `{act}` does happens when mypy looks at one of the `{calls}`; at import of the plugin, `{load}`.
PLUGIN = """\
import os, signal, subprocess, sys, time
from pathlib import Path
from mypy.plugin import Plugin

{load}


class Trap(Plugin):
    def get_function_hook(self, fullname):
        if {calls}:
            {act}
        return None


def plugin(version):
    return Trap
"""
TRAP = "def spring() -> int:\n    return 1\n\n\ndef run() -> None:\n    spring()\n"
TARGETS = ("shop", "tool.py", "trap.py")


def set_trap(project: Project, act: str, load: str = "", calls: str = 'fullname == "trap.spring"') -> None:
    project.write(SHOP)
    project.write({"trap.py": TRAP, "mypy.ini": "[mypy]\nplugins = plugin.py\n"})
    project.write({"plugin.py": PLUGIN.format(act=act, load=load, calls=calls)})


def once(marker: str, act: str) -> str:
    """The act, but only the first time; a file of this name beside the project then holds the worker's number."""
    return (
        f"if not os.path.exists('../{marker}'):\n"
        f"                Path('../{marker}.new').write_text(str(os.getpid()))\n"
        f"                os.rename('../{marker}.new', '../{marker}')\n                {act}"
    )


def running_in(folder: Path, name: str = "") -> list[int]:
    """The processes that run there, of this name if one is given: whatever typewave starts inherits its folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            here = os.path.samefile(entry / "cwd", folder)
            words = (entry / "comm").read_text(encoding="utf-8").strip()
        except OSError:
            continue
        if here and name in ("", words) and is_running(int(entry.name)):
            found.append(int(entry.name))
    return found


def end_all(folder: Path) -> None:
    """For the end of a test, also of one that failed."""
    for pid in running_in(folder):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
