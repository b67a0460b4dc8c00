"""`typewave store`: what it says, what it removes, what it leaves alone."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from support.oracle import Answer, run
from support.project import Project, own_lines


def store(project: Project, *arguments: str) -> Answer:
    return project.call("store", *arguments, f"--store={project.store}")


def status(project: Project, *arguments: str) -> dict[str, Any]:
    answer = store(project, "status", "--json", *arguments)
    assert answer.status == 0, answer.stderr
    loaded: dict[str, Any] = json.loads(answer.stdout)
    return loaded


def flip(path: Path, place: int) -> None:
    content = bytearray(path.read_bytes())
    content[place] ^= 0x10
    path.write_bytes(content)


def test_status(shop: Project) -> None:
    components = shop.check(".").summary["components"]
    shop.check(".")
    shop.write({"tool.py": "x: int = 1\n"})
    shop.check(".")
    found = status(shop)
    assert found["kinds"]["results"] == components + 1
    assert found["entries"] == sum(found["kinds"].values())
    assert 0 < found["bytes"] < found["limit"] == 5_000_000_000
    assert found["runs"] == 3
    assert found["checked"] == components + 1
    assert found["reused"] == 2 * components - 1
    assert found["hit_rate"] == pytest.approx((2 * components - 1) / (3 * components))
    assert 0 < found["oldest"] <= found["newest"]
    (project,) = found["projects"]
    assert project["name"] == "project"
    assert (project["runs"], project["checked"]) == (3, components + 1)
    assert 0 < project["entries"] <= found["entries"]
    assert project["first_run"] <= project["last_run"]


def test_status_in_words(shop: Project) -> None:
    shop.check(".")
    lines = store(shop, "status", "--store-limit=20M").stdout.splitlines()
    names = [line.split()[0] for line in lines]
    assert names == ["store", "size", "entries", "hit", "age", "project"]
    assert lines[0].split()[1] == str(shop.store)
    assert " of 20.0 MB" in lines[1]
    assert "project (" in lines[5]


def test_status_by_project(shop: Project) -> None:
    shop.check(".")
    other = Project(shop.binary, shop.python, shop.root / "second", store_folder=shop.store)
    other.write({"alone.py": "x: int = 1\n"})
    other.check(".")
    first, second = status(shop)["projects"]
    assert first["last_run"] >= second["last_run"]
    assert first["entries"] < second["entries"]
    assert first["id"] != second["id"]


def test_status_without_a_store(project: Project) -> None:
    assert status(project)["entries"] == 0
    assert not project.store.exists()
    for action in ("gc", "verify", "clear"):
        answer = store(project, action)
        assert answer == Answer(0, f"nothing is stored in {project.store}\n", "")
    assert not project.store.exists()


def test_path(project: Project) -> None:
    assert project.call("store", "path", "--store=x/y").stdout == "x/y\n"
    assert project.call("store", "path").stdout == f"{project.home}/.cache/typewave\n"
    project.variables["XDG_CACHE_HOME"] = "/caches"
    assert project.call("store", "path").stdout == "/caches/typewave\n"
    project.variables |= {"XDG_CACHE_HOME": "", "HOME": ""}
    answer = project.call("store", "path")
    assert answer.status == 2
    assert "neither XDG_CACHE_HOME nor HOME is set" in answer.stderr


def test_clear(shop: Project) -> None:
    first = shop.check(".")
    (shop.store / "mine.txt").write_text("mine\n", encoding="utf-8")
    assert store(shop, "clear").status == 0
    assert shop.packs() == []
    assert status(shop)["entries"] == 0
    assert (shop.store / "mine.txt").exists()
    again = shop.check(".")
    assert again.answer == first.answer
    assert again.summary["checked"] == first.summary["checked"]


def test_gc_keeps_what_fits(shop: Project) -> None:
    first = shop.check(".")
    before = status(shop)["entries"]
    answer = store(shop, "gc")
    assert answer.stdout.startswith(f"removed 0 of {before} entries; ")
    shutil.rmtree(shop.folder / ".typewave_cache")
    shop.write({"new.py": ""})
    again = shop.check(".")
    assert again.summary["checked_modules"] == ["new"]
    assert again.answer.status == first.answer.status


def test_gc_to_nothing(shop: Project) -> None:
    first = shop.check(".")
    assert store(shop, "gc", "--store-limit=1").status == 0
    assert status(shop)["entries"] == 0
    shop.write({"new.py": ""})
    again = shop.check(".")
    assert again.answer.stdout.splitlines()[:-1] == first.answer.stdout.splitlines()[:-1]
    assert own_lines(again.answer.stderr) == []


def test_verify_finds_and_heals(shop: Project) -> None:
    first = shop.check(".")
    sound = store(shop, "verify")
    assert sound.status == 0
    assert sound.stdout.endswith(": all sound\n")
    largest = max(shop.packs(), key=lambda path: path.stat().st_size)
    flip(largest, largest.stat().st_size // 3)
    broken = store(shop, "verify")
    assert broken.status == 1
    assert str(largest) in broken.stdout
    assert "--heal" in broken.stderr
    assert store(shop, "verify") == broken
    assert store(shop, "verify", "--heal").status == 0
    assert store(shop, "verify").status == 0
    shop.write({"new.py": ""})
    again = shop.check(".")
    assert own_lines(again.answer.stderr) == []
    assert again.answer.stdout.splitlines()[:-1] == first.answer.stdout.splitlines()[:-1]


@pytest.mark.parametrize("place", [0, 9, -1, -30])
def test_verify_of_a_broken_pack(shop: Project, place: int) -> None:
    shop.check(".")
    pack = shop.packs()[-1]
    flip(pack, place)
    answer = store(shop, "verify")
    assert answer.status == 1
    assert store(shop, "verify", "--heal").status == 0
    assert store(shop, "verify").status == 0


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["frob"],
        ["status", "gc"],
        ["gc", "--json"],
        ["status", "--heal"],
        ["gc", "--store-limit=5X"],
        ["gc", "--store-limit="],
        ["gc", "--store-limit=0"],
        ["gc", "--frob"],
    ],
)
def test_usage(project: Project, arguments: list[str]) -> None:
    answer = project.call("store", *arguments)
    assert answer.status == 2
    assert answer.stdout == ""
    error, hint = answer.stderr.splitlines()
    assert error.startswith("typewave: error: ")
    assert hint.startswith("typewave: hint: ")


def test_a_limit_of_the_project_that_is_none(shop: Project) -> None:
    shop.write({"pyproject.toml": '[tool.typewave]\nstore-limit = "much"\n'})
    answer = shop.check(".").answer
    assert sorted(answer.stdout.splitlines()) == sorted(shop.cold(".").stdout.splitlines())
    assert "tool.typewave.store-limit is not a size" in answer.stderr


@pytest.mark.parametrize("action", ["status", "gc", "clear", "verify"])
def test_store_that_is_a_file(project: Project, action: str) -> None:
    project.store.write_text("mine\n", encoding="utf-8")
    answer = store(project, action)
    assert answer.status == 2
    assert str(project.store) in answer.stderr
    assert project.store.read_text(encoding="utf-8") == "mine\n"


def test_what_a_project_is_called_reaches_no_terminal(project: Project) -> None:
    odd = Project(project.binary, project.python, project.root / "odd", store_folder=project.store)
    folder = odd.root / "a\x1b[31m\n"
    folder.mkdir()
    (folder / "a.py").write_text("", encoding="utf-8")
    command = [str(odd.binary), "check", f"--python={odd.python}", f"--store={odd.store}", "."]
    assert run(command, folder, odd.environment()).status == 0
    text = store(project, "status").stdout
    assert "\x1b" not in text
    assert "a?[31m?" in text
