"""Several configurations in one repository: --per-project and --matrix."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from support.oracle import Answer, cold_mypy
from support.project import Project, one_trouble

# Two services with configurations of their own, a library below one of them, and the root's own.
SERVICES = {
    "pyproject.toml": '[tool.typewave]\nprojects = ["services/a", "services/b"]\n\n[tool.mypy]\n',
    "services/a/mypy.ini": "[mypy]\ndisallow_untyped_defs = True\nfiles = app\n",
    "services/a/app/__init__.py": "",
    "services/a/app/main.py": "def run():\n    return 1\n",
    "services/a/extra.py": "x: int = ''\n",
    "services/b/pyproject.toml": "[tool.mypy]\nwarn_unused_configs = true\n",
    "services/b/app/__init__.py": "",
    "services/b/app/main.py": "def run():\n    return 1\n\n\ny: str = 1\n",
    "tool.py": "def free():\n    return 1\n\n\nz: str = 1\n",
}


@pytest.fixture
def services(project: Project) -> Project:
    project.write(SERVICES)
    return project


def alone(project: Project, folder: str, *arguments: str) -> Answer:
    """What mypy says when it is called in that folder."""
    return cold_mypy(project.python, project.folder / folder, list(arguments), project.environment())


def seen_from_above(answer: Answer, folder: str) -> list[str]:
    return [
        f"{folder}: {line}" if line.startswith(("Found ", "Success: ")) else f"{folder}/{line}".removeprefix("./")
        for line in answer.stdout.splitlines()
    ]


def test_all_projects(services: Project) -> None:
    checked = services.check("--per-project")
    a, b = alone(services, "services/a"), alone(services, "services/b", ".")
    assert (a.status, b.status) == (1, 1)
    assert checked.answer.stdout.splitlines() == [
        *seen_from_above(a, "services/a"),
        *seen_from_above(b, "services/b"),
        "Checked 2 projects: 2 with errors",
    ]
    assert checked.answer.status == 1
    assert "services/a/app/main.py:1: error: Function is missing a return type annotation" in checked.answer.stdout
    assert "extra.py" not in checked.answer.stdout  # `files` of the configuration counts
    runs = {run["name"]: run["summary"] for run in checked.summary["runs"]}
    assert runs.keys() == {"services/a", "services/b"}
    assert checked.summary["exit"] == 1

    again = services.check("--per-project")
    assert again.answer.stdout == checked.answer.stdout
    assert all(run["summary"]["checked"] == 0 for run in again.summary["runs"])


def test_targets_find_their_projects(services: Project) -> None:
    answer = services.check("--per-project", "tool.py", "services/a/extra.py", "services/b/app").answer
    assert answer.stdout.splitlines() == [
        *seen_from_above(alone(services, ".", "tool.py"), "."),
        *seen_from_above(alone(services, "services/a", "extra.py"), "services/a"),
        *seen_from_above(alone(services, "services/b", "app"), "services/b"),
        "Checked 3 projects: 3 with errors",
    ]


def test_nearest_configuration_without_a_list(services: Project) -> None:
    services.write({"pyproject.toml": "[tool.mypy]\n"})
    answer = services.check("--per-project", "services/a/app", "services/b/app", "tool.py").answer
    assert answer.stdout.splitlines() == [
        *seen_from_above(alone(services, ".", "tool.py"), "."),
        *seen_from_above(alone(services, "services/a", "app"), "services/a"),
        *seen_from_above(alone(services, "services/b", "app"), "services/b"),
        "Checked 3 projects: 3 with errors",
    ]


def test_a_target_above_listed_projects(services: Project) -> None:
    stdout = services.check("--per-project", "services").answer.stdout
    assert stdout == services.check("--per-project").answer.stdout


def test_options_go_to_every_project(services: Project) -> None:
    answer = services.check("--per-project", "--strict", "--show-column-numbers", "services").answer
    assert answer.stdout.splitlines() == [
        *seen_from_above(alone(services, "services/a", "--strict", "--show-column-numbers"), "services/a"),
        *seen_from_above(alone(services, "services/b", "--strict", "--show-column-numbers", "."), "services/b"),
        "Checked 2 projects: 2 with errors",
    ]


def test_json(services: Project) -> None:
    answer = services.check("--per-project", "--output=json").answer
    files = [json.loads(line)["file"] for line in answer.stdout.splitlines()]
    assert files == ["services/a/app/main.py", "services/b/app/main.py"]


def test_json_of_clean_projects(services: Project) -> None:
    services.write({"services/a/app/main.py": "x = 1\n"})
    (line,) = services.check("--per-project", "--output=json").answer.stdout.splitlines()
    assert json.loads(line)["file"] == "services/b/app/main.py"
    # Where nothing at all is found, it is what mypy prints.
    services.write({"services/b/app/main.py": "x = 1\n"})
    answer = services.check("--per-project", "--output=json").answer
    assert (answer.status, answer.stdout) == (0, alone(services, "services/a", "--output=json").stdout)


def test_what_a_change_reaches_in_each_project(services: Project) -> None:
    services.check("--per-project")
    (services.folder / "services/b/app/main.py").write_text("y: str = 2\n", encoding="utf-8")
    (services.folder / "list").write_text("services/b/app/main.py\n", encoding="utf-8")
    answer = services.check("--per-project", "--changed-files=list").answer
    assert answer.stdout.splitlines() == [
        "services/a: Success: no issues found in 0 source files",
        "services/b/app/main.py:1: error: Incompatible types in assignment "
        '(expression has type "int", variable has type "str")  [assignment]',
        "services/b: Found 1 error in 1 file (checked 1 source file)",
        "Checked 2 projects: 1 with errors",
    ]
    own = ["check", f"--python={services.python}", f"--store={services.store}", "--per-project", "--changed-files=-"]
    piped = subprocess.run(
        [services.binary, *own],
        cwd=services.folder,
        env=services.environment(),
        input=b"services/b/app/main.py\n",
        stdout=subprocess.PIPE,
    )
    assert piped.stdout.decode() == answer.stdout


def test_one_baseline_for_all(services: Project) -> None:
    services.check("--per-project", "--baseline=known.json", "--update-baseline")
    known = json.loads((services.folder / "known.json").read_text(encoding="utf-8"))
    assert "services/a/app/main.py" in str(known)
    assert "services/b/app/main.py" in str(known)
    assert services.check("--per-project", "--baseline=known.json").answer.status == 0


def test_plans_of_all_projects(services: Project) -> None:
    stdout = services.check("--per-project", "--dry-run").answer.stdout
    assert [line for line in stdout.splitlines() if line.startswith("==")] == ["== services/a", "== services/b"]
    assert "Checked" not in stdout


def test_the_worst_status_wins(services: Project) -> None:
    services.write({"services/a/app/main.py": "x: int = (\n", "services/b/app/main.py": ""})
    answer = services.check("--per-project").answer
    assert answer.status == 2
    assert answer.stdout.splitlines()[:2] == seen_from_above(alone(services, "services/a"), "services/a")
    assert "services/b: Success: no issues found" in answer.stdout


def test_projects_share_the_store(project: Project) -> None:
    """The same library with the same name and options, in two projects."""
    project.write(
        {f"{name}/{file}": text for name in "ab" for file, text in (("mypy.ini", "[mypy]\n"), ("m.py", "x = 1\n"))}
    )
    checked = project.check("--per-project", "a/m.py", "b/m.py")
    first, second = (run["summary"]["checked"] for run in checked.summary["runs"])
    assert first > 0
    assert second == 0


@pytest.mark.parametrize(
    ("config", "words", "message"),
    [
        ('[tool.typewave]\nprojects = "services"\n', [], "not a list of strings"),
        ('[tool.typewave]\nprojects = ["nowhere"]\n', [], "nowhere, which is no folder"),
        ("", [], "wants targets, or a list of projects"),
        ("", ["-m", "app"], "not with -m"),
        ("", ["--trace=t.json", "tool.py"], "--trace does not go with"),
        ("", ["--matrix", "platform=linux", "--baseline=b", "--update-baseline"], "--update-baseline does not go with"),
    ],
)
def test_what_cannot_be(services: Project, config: str, words: list[str], message: str) -> None:
    services.write({"pyproject.toml": config})
    own = [f"--python={services.python}", f"--store={services.store}"]
    assert message in one_trouble(services.call("check", *own, "--per-project", *words))


VERSIONED = (
    "import sys\n\nif sys.version_info >= (3, 12):\n    x: int = ''\nif sys.platform == 'win32':\n    y: int = ''\n"
)


@pytest.mark.parametrize(
    "words",
    [
        ["--matrix", "python-version=3.11,3.12", "platform=linux,win32"],
        ["--matrix", "--python-version=3.11", "--python-version", "3.12", "--platform=linux,win32"],
    ],
)
def test_matrix(project: Project, words: list[str]) -> None:
    project.write({"m.py": VERSIONED})
    checked = project.check(*words, "m.py")
    expected: list[str] = []
    for version in ("3.11", "3.12"):
        for platform in ("linux", "win32"):
            expected.append(f"== python-version={version} platform={platform}")
            expected += project.cold(
                f"--python-version={version}", f"--platform={platform}", "m.py"
            ).stdout.splitlines()
    assert checked.answer.stdout.splitlines() == [*expected, "Checked 4 configurations: 3 with errors"]
    assert checked.answer.status == 1
    assert [run["name"] for run in checked.summary["runs"]] == [line[3:] for line in expected if line.startswith("==")]
    again = project.check(*words, "m.py")
    assert again.answer.stdout == checked.answer.stdout
    assert all(run["summary"]["checked"] == 0 for run in again.summary["runs"])


def test_matrix_of_projects(services: Project) -> None:
    answer = services.check("--matrix", "platform=linux,win32", "--per-project").answer
    assert answer.stdout.count("services/a/app/main.py:1: error: ") == 2
    assert answer.stdout.count("\nChecked 2 projects: 2 with errors\n") == 2
    assert answer.stdout.endswith("Checked 2 configurations: 2 with errors\n")


def test_matrix_without_values(shop: Project) -> None:
    answer = shop.call("check", f"--python={shop.python}", f"--store={shop.store}", "--matrix", ".")
    assert "wants values" in one_trouble(answer)


def test_folders_below_stay_clean(services: Project) -> None:
    """Only the state folders appear."""
    before = set(services.folder.rglob("*"))
    services.check("--per-project")
    new = {path.relative_to(services.folder) for path in set(services.folder.rglob("*")) - before}
    assert all(".typewave_cache" in path.parts for path in new), new
    assert Path("services/a/.typewave_cache") in new
