"""mypy that answers the first process and stops the second."""

from __future__ import annotations

from support.project import Project, own_lines

PLUGIN = """\
from pathlib import Path
from mypy.plugin import Plugin

if Path("answered").exists():
    raise RuntimeError("not again")
Path("answered").touch()


def plugin(version):
    return Plugin
"""


def test_what_mypy_said_is_shown(project: Project) -> None:
    project.write({"mypy.ini": "[mypy]\nplugins = plugin.py\n", "plugin.py": PLUGIN, "a.py": "x: int = 1\n"})
    checked = project.check("a.py")
    assert checked.answer.status == 2
    assert any(line.startswith("typewave: note: mypy reports: ") for line in own_lines(checked.answer.stderr))
    assert "Error importing plugin" in checked.answer.stderr
    assert '"did"' not in checked.answer.stderr
