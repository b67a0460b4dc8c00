"""What `typewave check --changed-since` stands on besides the repository: packages, stubs elsewhere."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from support.history import Reported, commit, git, new_repository, take_apart
from support.project import Project


def report(project: Project, *arguments: str) -> Reported:
    return take_apart(project.check(*(arguments or ("--changed-since", "main")), "."))


def own_environment(project: Project) -> tuple[Path, tuple[str, ...]]:
    """An environment that a test may change: its site-packages, and the arguments that name it."""
    environment = project.root / "environment"
    subprocess.run([str(project.python), "-m", "venv", "--without-pip", str(environment)], check=True, timeout=120)
    (installed,) = environment.glob("lib/python3*/site-packages")
    return installed, ("--python-executable", str(environment / "bin" / "python"))


def test_packages_that_were_installed_meanwhile(project: Project) -> None:
    project.write({"user.py": "import local\n", "mypy.ini": "[mypy]\n"})
    site = project.root / "site"
    package = site / "local"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("value = 1\n", encoding="utf-8")
    (package / "py.typed").touch()
    project.variables = {"MYPYPATH": ""}
    new_repository(project)
    installed, words = own_environment(project)
    (installed / "local.pth").write_text(f"{site}\n", encoding="utf-8")
    assert project.check(*words, ".").answer.status == 0
    assert report(project, "--changed-since=main", *words).everything is None
    (package / "__init__.py").write_text("value = ''\n", encoding="utf-8")
    for _ in range(2):  # as long as nothing else was checked whole
        assert report(project, "--changed-since=main", *words).everything == "what is installed changed (local)"
    project.check(*words, ".")
    assert report(project, "--changed-since=main", *words).everything is None
    (installed / "other-1.0.dist-info").mkdir()
    assert (
        report(project, "--changed-since=main", *words).everything == "what is installed changed (other-1.0.dist-info)"
    )


USES_OUTSIDE = {"user.py": "import outside\n\nnumber: int = outside.value()\n", "mypy.ini": "[mypy]\n"}
STR_FOR_INT = (
    'error: Incompatible types in assignment (expression has type "str", variable has type "int")  [assignment]'
)


def write_outside(folder: Path, kind: str, name: str = "outside.pyi") -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(f"def value() -> {kind}: ...\n", encoding="utf-8")


@pytest.mark.parametrize("by_variable", [True, False])
def test_stubs_outside_of_the_repository(project: Project, by_variable: bool) -> None:
    stubs = project.root / "stubs"
    write_outside(stubs, "int")
    project.write(USES_OUTSIDE)
    if by_variable:
        project.variables = {"MYPYPATH": str(stubs)}
    else:
        project.write({"mypy.ini": f"[mypy]\nmypy_path = {stubs}\n"})
    new_repository(project)
    assert project.check(".").answer.status == 0
    assert report(project).everything is None
    write_outside(stubs, "str")
    reported = report(project)
    assert reported.everything == "outside changed, which lies outside of the repository"
    assert reported.lines == [f"user.py:3: {STR_FOR_INT}"]
    project.check(".")
    assert report(project).everything is None
    # Stubs that hide a module of the repository, and others that vanish.
    project.write({"local.py": "x = 1\n", "other.py": "import local\n"})
    commit(project, "more")
    project.check(".")
    assert report(project).everything is None
    write_outside(stubs, "int", "local.pyi")
    assert report(project).everything == f"{stubs} changed, which lies outside of the repository"
    (stubs / "local.pyi").unlink()
    assert report(project).everything is None
    (stubs / "outside.pyi").unlink()
    assert 'Cannot find implementation or library stub for module named "outside"' in report(project).lines[0]


def test_a_repository_around_the_project(project: Project) -> None:
    """What git knows of is no surroundings, though it lies outside of the working directory."""
    shared = project.root / "shared"
    write_outside(shared, "int")
    project.write(USES_OUTSIDE)
    project.variables = {"MYPYPATH": str(shared)}
    (project.folder / ".git").rmdir()
    git(project.root, "init", "--quiet", "--initial-branch=main")
    git(project.root, "add", "project", "shared")
    git(project.root, "commit", "--quiet", "--message=first")
    project.check(".")
    write_outside(shared, "str")
    write_outside(shared, "str", "beside.pyi")
    reported = report(project)
    assert reported.everything is None
    assert reported.lines == [f"user.py:3: {STR_FOR_INT}"]


@pytest.mark.parametrize("ignored", [True, False])
def test_a_package_that_was_copied_in(project: Project, ignored: bool) -> None:
    """Without the notes of an installer."""
    installed, words = own_environment(project)
    project.write({**USES_OUTSIDE, "mypy.ini": f"[mypy]\nignore_missing_imports = {ignored}\n"})
    new_repository(project)
    project.check(*words, ".")
    assert report(project, "--changed-since=main", *words).everything is None
    package = installed / "outside"
    write_outside(package, "str", "__init__.pyi")
    (package / "py.typed").touch()
    reported = report(project, "--changed-since=main", *words)
    assert reported.everything == "what is installed changed (outside)"
    assert reported.lines == [f"user.py:3: {STR_FOR_INT}"]
    # A submodule that was an attribute before.
    write_outside(package, "int", "__init__.pyi")
    project.write({"part.py": "from outside import value\n"})
    commit(project, "part")
    project.check(*words, ".")
    assert report(project, "--changed-since=main", *words).everything is None
    write_outside(package, "int", "value.pyi")
    assert report(project, "--changed-since=main", *words).everything == f"what is installed changed ({package})"
    shutil.rmtree(package)
    assert report(project, "--changed-since=main", *words).everything == "what is installed changed (outside)"


def test_sources_that_an_environment_points_to(project: Project) -> None:
    """An editable installation of the repository is the repository."""
    installed, words = own_environment(project)
    source = project.folder / "src"
    (installed / "editable.pth").write_text(f"{source}\n", encoding="utf-8")
    write_outside(source, "int", "outside.py")
    project.write(USES_OUTSIDE)
    new_repository(project)
    project.check(*words, ".")
    write_outside(source, "str", "outside.py")
    write_outside(source, "str", "beside.py")
    reported = report(project, "--changed-since=main", *words)
    assert reported.everything is None
    assert reported.files == {"src/beside.py", "src/outside.py", "user.py"}
