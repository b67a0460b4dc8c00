"""Which Python is asked for its mypy, and how often."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from support.oracle import Answer
from support.project import SHOP_ERRORS, Project, one_trouble
from support.traced_program import traced_program


def starts(log: Path) -> int:
    return len(log.read_text(encoding="utf-8").splitlines()) if log.exists() else 0


def bare_environment(path: Path, *, started: bool = False) -> Path:
    """A virtual environment without mypy; if `started`, one that this cannot be seen of from outside."""
    base = sys.base_prefix + "/bin/python3"
    subprocess.run([base, "-m", "venv", "--without-pip", str(path)], check=True)
    if started:
        site = next(path.glob("lib/*/site-packages"))
        (site / "more.pth").write_text(f"{path}\n", encoding="utf-8")
    return path / "bin" / "python"


def check(project: Project, *arguments: str, path: str = "/nonexistent", **variables: str) -> Answer:
    """A check that is not told which interpreter to use."""
    project.variables = {"PATH": path, **variables}
    return project.call("check", f"--store={project.store}", *arguments, ".")


def assert_checked(answer: Answer) -> None:
    assert f"Found {SHOP_ERRORS} errors" in answer.stdout, answer
    assert (answer.status, answer.stderr) == (1, "")


def test_named_interpreter_is_missing(shop: Project) -> None:
    answer = check(shop, "--python", "/nonexistent/python")
    assert "--python /nonexistent/python: no such executable" in one_trouble(answer)
    assert "typewave: hint: " in answer.stderr


@pytest.mark.parametrize("started", [False, True])
def test_named_interpreter_without_mypy(shop: Project, started: bool) -> None:
    python = bare_environment(shop.root / "bare", started=started)
    answer = check(shop, f"--python={python}")
    one_trouble(answer)
    assert f"{python} (--python): it has no mypy" in answer.stderr
    assert "pip install" in answer.stderr


def test_named_interpreter_is_no_python(shop: Project) -> None:
    answer = check(shop, "--python=/bin/true")
    one_trouble(answer)
    assert "/bin/true (--python): it could not be asked" in answer.stderr


@pytest.mark.parametrize("content", ["touch ../ran\n", "#!/nonexistent/shell\n"])
def test_named_interpreter_is_no_program(shop: Project, content: str) -> None:
    """Nor is it given to a shell."""
    python = shop.root / "python"
    python.write_text(content, encoding="utf-8")
    python.chmod(0o755)
    answer = check(shop, f"--python={python}")
    one_trouble(answer)
    assert "cannot be started" in answer.stderr
    assert not (shop.root / "ran").exists()


def test_nothing_to_try(shop: Project) -> None:
    answer = check(shop)
    assert "no interpreter with mypy" in one_trouble(answer)
    assert "no Python interpreter was found" in answer.stderr
    assert "pip install" in answer.stderr


def test_interpreter_of_the_configuration(shop: Project) -> None:
    shop.write({"pyproject.toml": f'[tool.typewave]\npython = "{shop.python}"\n'})
    assert_checked(check(shop))


def test_missing_interpreter_of_the_configuration(shop: Project) -> None:
    shop.write({"pyproject.toml": '[tool.typewave]\npython = "gone/bin/python"\n'})
    assert "pyproject.toml" in one_trouble(check(shop))


@pytest.mark.parametrize("value", ["3", "[]", '""'])
def test_configured_interpreter_of_a_wrong_form(shop: Project, value: str) -> None:
    shop.write({"pyproject.toml": f"[tool.typewave]\npython = {value}\n"})
    assert "pyproject.toml" in one_trouble(check(shop))


def test_active_environment(shop: Project) -> None:
    assert_checked(check(shop, VIRTUAL_ENV=str(shop.python.parent.parent)))


def test_environment_of_the_project(shop: Project) -> None:
    (shop.folder / ".venv").symlink_to(shop.python.parent.parent)
    assert_checked(check(shop))


def test_interpreter_of_the_mypy_on_path(shop: Project) -> None:
    tools = shop.root / "tools"
    tools.mkdir()
    (tools / "mypy").write_text(f"#!{shop.python}\n", encoding="utf-8")
    (tools / "mypy").chmod(0o755)
    assert_checked(check(shop, path=str(tools)))


def test_last_resort(shop: Project) -> None:
    assert_checked(check(shop, TYPEWAVE_FALLBACK_PYTHON=str(shop.python)))


@pytest.mark.parametrize("started", [False, True])
def test_environment_without_mypy_is_passed_over(shop: Project, started: bool) -> None:
    bare = bare_environment(shop.root / "bare", started=started)
    fallback = str(shop.python)
    assert_checked(check(shop, VIRTUAL_ENV=str(bare.parent.parent), TYPEWAVE_FALLBACK_PYTHON=fallback))


@pytest.mark.parametrize("text", ["raise RuntimeError('half installed')\n", "import nothing_like_it\n", "x = 1\n"])
def test_broken_mypy_is_passed_over(shop: Project, text: str) -> None:
    bare = bare_environment(shop.root / "bare")
    broken = next(bare.parent.parent.glob("lib/*/site-packages")) / "mypy" / "__init__.py"
    broken.parent.mkdir()
    broken.write_text(text, encoding="utf-8")
    fallback = str(shop.python)
    assert_checked(check(shop, VIRTUAL_ENV=str(bare.parent.parent), TYPEWAVE_FALLBACK_PYTHON=fallback))


def test_no_python_starts_when_nothing_changed(shop: Project) -> None:
    log = shop.root / "starts"
    shop.python = traced_program(shop.root / "bin" / "python", log, shop.python)
    first = shop.check(".").answer
    before = starts(log)
    assert before > 0
    assert shop.check(".").answer == first
    (shop.folder / "notes.txt").write_text("not a source\n", encoding="utf-8")
    assert shop.check(".").answer == first
    assert starts(log) == before

    copy = Project(shop.binary, shop.python, shop.root / "elsewhere")
    shutil.rmtree(copy.folder)
    shutil.copytree(shop.folder, copy.folder, ignore=shutil.ignore_patterns(".typewave_cache"))
    shutil.copytree(shop.store, copy.store)
    assert copy.check(".").answer == first
    assert starts(log) == before


def test_a_script_may_lead_to_another_interpreter(shop: Project) -> None:
    """As version managers have one for each program: it is asked anew in every run."""
    log, script = shop.root / "starts", shop.root / "shims" / "python"
    python = traced_program(shop.root / "bin" / "python", log, shop.python)
    script.parent.mkdir()
    script.write_text(f'#!/bin/sh\nexec "${{CHOSEN:-{python}}}" "$@"\n', encoding="utf-8")
    script.chmod(0o755)
    shop.python = script
    first = shop.check(".").answer
    before = starts(log)
    assert shop.check(".").answer == first
    assert starts(log) > before
    bare = bare_environment(shop.root / "bare")
    shop.variables["CHOSEN"] = str(bare)
    assert "it has no mypy" in shop.check(".").answer.stderr
