"""What of a repository is executed: what it names as interpreter or plugin, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.project import Project, one_trouble

# Modules that Python's own start or the worker would load, were they found in the checked folder.
SHADOWS = ("argparse", "enum", "io", "json", "mypy", "re", "sitecustomize", "string", "struct", "typewave_worker")


class Trap:
    """A file that the repository's code writes when it is executed."""

    def __init__(self, project: Project) -> None:
        self.mark = project.root / "executed"
        line = f"open({str(self.mark)!r}, 'a').write(__file__)\n"
        project.write({f"{name}.py": line + "x: int = ''\n" for name in SHADOWS})
        project.write(
            {"rules.py": line + "from mypy.plugin import Plugin\n\n\ndef plugin(version):\n    return Plugin\n"}
        )
        project.write({"mypy.ini": "[mypy]\nplugins = rules.py\n"})
        script = project.folder / ".venv" / "bin" / "python"
        script.parent.mkdir(parents=True)
        script.write_text(f"#!/bin/sh\necho $0 >>'{self.mark}'\nexit 1\n", encoding="utf-8")
        script.chmod(0o755)

    def caught(self) -> str:
        return self.mark.read_text(encoding="utf-8") if self.mark.exists() else ""


def test_nothing_is_executed_when_interpreter_and_configuration_are_given(project: Project, tmp_path: Path) -> None:
    trap = Trap(project)
    own = tmp_path / "own.ini"
    own.write_text("[mypy]\n", encoding="utf-8")
    assert "Incompatible types in assignment" in project.same(f"--config-file={own}", ".").answer.stdout
    assert project.check("--no-store", "-v", f"--config-file={own}", ".").answer.status == 1
    assert trap.caught() == ""


@pytest.mark.parametrize(
    ("own", "executed"),
    [(["--python={python}"], "rules.py"), (["--config-file={nothing}"], ".venv/bin/python")],
    ids=["plugins of its configuration", "the interpreter of its environment"],
)
def test_what_is_executed_otherwise(project: Project, own: list[str], executed: str) -> None:
    trap = Trap(project)
    nothing = project.root / "nothing.ini"
    nothing.write_text("[mypy]\n", encoding="utf-8")
    project.variables["PATH"] = "/nonexistent"
    given = [option.format(python=project.python, nothing=nothing) for option in own]
    answer = project.call("check", f"--store={project.store}", *given, "string.py")
    assert trap.caught().strip().endswith(executed)
    if executed.startswith(".venv"):
        one_trouble(answer)
