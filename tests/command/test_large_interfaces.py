"""Interfaces larger than a socket holds, travelling both ways at once."""

from __future__ import annotations

from support.answers import difference
from support.project import Project

NAMES = 6000
MODULES = 40


def test_large_interfaces_both_ways(project: Project) -> None:
    """The worker answers with one interface while the next request's interfaces are on their way to it."""
    project.write({"big.py": "".join(f"name_{n}: int\n" for n in range(NAMES))})
    for n in range(MODULES):
        project.write({f"all_{n}.py": "from big import *\n"})
        project.write({f"use_{n}.py": f"from all_{n} import *\n\nvalue: str = name_{n}\n"})
    checked = project.check(".", "--jobs", "1")
    assert not difference(project.cold("."), checked.answer)
    assert checked.answer.stdout.count("error:") == MODULES
