"""The plugins people use, pinned, from PyPI: cold mypy's answer after every edit, and what is checked again."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from support.answers import difference
from support.corpora import CORPORA
from support.environments import Environment
from support.oracle import REPOSITORY
from support.project import Project

PYDANTIC = ("pydantic==2.14.3", "pydantic-core==2.50.4", "annotated-types==0.8.0", "typing-inspection==0.4.5")
OLDER_PYDANTIC = ("pydantic==2.12.5", "pydantic-core==2.41.5", "annotated-types==0.7.0", "typing-inspection==0.4.2")
NUMPY = ("numpy==2.4.6",)
DJANGO = (
    "Django==5.2.19",
    "django-stubs==6.1.2",
    "django-stubs-ext==6.1.2",
    "asgiref==3.13.0",
    "sqlparse==0.6.1",
    "types-PyYAML==6.0.12.20261113",
)


def put(environment: Environment, packages: Iterable[str]) -> None:
    """Installs pinned wheels, downloaded once."""
    wheels = CORPORA / "wheels"
    wheels.mkdir(parents=True, exist_ok=True)
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    pinned = list(packages)
    offline = ["--no-deps", "--no-index", f"--find-links={wheels}", "--only-binary=:all:"]
    found = subprocess.run([*pip, "download", *offline, f"--dest={wheels}", *pinned], capture_output=True)
    if found.returncode != 0:
        subprocess.run([*pip, "download", "--no-deps", "--only-binary=:all:", f"--dest={wheels}", *pinned], check=True)
    environment.pip("install", *offline, "--no-compile", *pinned)


@pytest.fixture
def project(tmp_path: Path, typewave: Path, checker_python: Path) -> Iterator[Project]:
    yield Project(typewave.resolve(), checker_python, tmp_path)


@pytest.fixture
def environment(tmp_path: Path, checker_python: Path) -> Environment:
    return Environment.create(tmp_path / "environment", checker_python)


def checked_modules(project: Project, *arguments: str, own_options: tuple[str, ...] = ()) -> set[str]:
    """What a check checked; its answer was cold mypy's, and nothing was checked when it was asked again."""
    arguments = arguments or (".",)
    checked = project.check(*own_options, *arguments)
    found = difference(project.cold(*arguments), checked.answer)
    assert not found, found
    assert "mypy itself runs" not in checked.answer.stderr, checked.answer.stderr
    assert project.check(*arguments).summary["checked_modules"] == []
    return set(checked.summary["checked_modules"])


def own(modules: set[str], project: Project) -> set[str]:
    names = {path.relative_to(project.folder).with_suffix("") for path in project.folder.rglob("*.py")}
    dotted = {".".join(part for part in name.parts if part != "__init__") for name in names}
    return modules & dotted


MODELS = """\
from pydantic import BaseModel, Field


class Item(BaseModel):
    name: str
    price: int = 0
    tags: list[str] = Field(default_factory=list)


class Special(Item):
    rate: float
"""
SHOP = {
    "mypy.ini": "[mypy]\nplugins = pydantic.mypy\n",
    "models.py": MODELS,
    "shop.py": "from models import Item, Special\n\nItem(name=1)\nSpecial(name='a', rate='b')\nreveal_type(Special)\n",
    "till.py": "from shop import Item\n\n\ndef pay(item: Item) -> str:\n    return item.price\n",
    "plain.py": "x: int = ''\n",
}


def test_pydantic(project: Project, environment: Environment) -> None:
    put(environment, PYDANTIC)
    project.python = environment.python
    project.write(SHOP)
    everything = {"models", "shop", "till", "plain"}
    assert own(checked_modules(project), project) == everything
    project.write({"till.py": SHOP["till.py"] + "\n\npay(Item())\n"})
    assert checked_modules(project) == {"till"}
    project.write({"models.py": MODELS.replace("price: int = 0", "price: str")})
    assert checked_modules(project) == {"models", "shop", "till"}
    project.write({"models.py": MODELS + "# A remark on a type.\n"})
    assert checked_modules(project) == {"models"}
    project.write({"models.py": "# The plugin notes on which lines fields stand, and never asks for it.\n" + MODELS})
    assert checked_modules(project) == {"models"}
    project.write({"mypy.ini": SHOP["mypy.ini"] + "\n[pydantic-mypy]\ninit_typed = True\ninit_forbid_extra = True\n"})
    assert own(checked_modules(project), project) == everything
    # A plugin edited in place, as people do to find out something.
    plugin = environment.site / "pydantic" / "mypy.py"
    plugin.write_text(plugin.read_text(encoding="utf-8") + "\n# edited\n", encoding="utf-8")
    environment.seal()
    assert own(checked_modules(project), project) == everything


@pytest.mark.slow
def test_pydantic_upgrade(project: Project, environment: Environment) -> None:
    put(environment, OLDER_PYDANTIC)
    project.python = environment.python
    project.write(SHOP)
    checked_modules(project)
    put(environment, PYDANTIC)
    assert own(checked_modules(project), project) == {"models", "shop", "till", "plain"}


GRID = """\
import numpy as np
from numpy import ctypeslib


def grid(n: int) -> np.ndarray[tuple[int], np.dtype[np.longlong]]:
    return np.zeros(n, np.longlong)


reveal_type(np.longdouble(1) + 1)
reveal_type(np.float128)
reveal_type(np.float96)
reveal_type(ctypeslib.c_intp)
"""


@pytest.mark.slow
def test_numpy(project: Project, environment: Environment) -> None:
    put(environment, NUMPY)
    project.python = environment.python
    project.variables = {"PYTHONWARNINGS": "ignore"}  # the plugin is deprecated, and says who loads it
    project.write(
        {
            "mypy.ini": "[mypy]\nplugins = numpy.typing.mypy_plugin\n",
            "grid.py": GRID,
            "uses.py": "from grid import grid\n\nreveal_type(grid(1) + 1)\ngrid('')\n",
            "plain.py": "x: int = ''\n",
        }
    )
    assert {"grid", "uses", "plain"} <= checked_modules(project)
    project.write({"plain.py": "x: int = b''\n"})
    assert checked_modules(project) == {"plain"}
    project.write({"mypy.ini": "[mypy]\nplugins = numpy.typing.mypy_plugin, second.py\n"})
    project.write({"second.py": "from mypy.plugin import Plugin\n\n\ndef plugin(version):\n    return Plugin\n"})
    assert {"grid", "uses", "plain"} <= checked_modules(project)


@pytest.mark.slow
@pytest.mark.parametrize("jobs", [1, 2])
def test_django(project: Project, environment: Environment, jobs: int) -> None:
    put(environment, DJANGO)
    project.python = environment.python
    shutil.copytree(REPOSITORY / "testdata" / "django_shop", project.folder, dirs_exist_ok=True)
    folder = project.folder

    def edit(name: str, old: str, new: str) -> None:
        text = (folder / name).read_text(encoding="utf-8")
        assert text.count(old) == 1
        (folder / name).write_text(text.replace(old, new), encoding="utf-8")

    whole = own(checked_modules(project, own_options=(f"-j{jobs}",)), project)
    assert {"plain", "catalog.models", "orders.services", "audit.report"} <= whole
    # What the plugin did not import when it started Django is as precise as without it.
    edit("catalog/views.py", "nothing=1", "nowhere=1")
    assert checked_modules(project) == {"catalog.views"}
    edit("plain.py", "int", "bytes")
    assert checked_modules(project) == {"plain"}
    # A model, a manager, the settings: the plugin knows others by them, so everything is checked.
    for name, old, new in (
        ("orders/models.py", 'related_name="orders"', 'related_name="bought"'),
        ("catalog/models.py", "models.IntegerField(default=0)", "models.CharField(max_length=9)"),
        ("catalog/managers.py", "def cheap", "def dear"),
        ("audit/models.py", 'related_name="entries"', 'related_name="notes"'),
        ("site_config/settings.py", "PAGE_SIZE = 20", 'PAGE_SIZE = "20"'),
        ("site_config/settings.py", "AutoField", "BigAutoField"),
        ("mypy.ini", "site_config.settings\n", "site_config.settings\nstrict_settings = false\n"),
    ):
        edit(name, old, new)
        assert own(checked_modules(project), project) == whole
    # A variable that the settings ask for.
    project.variables["SHOP_DEBUG"] = "1"
    assert own(checked_modules(project), project) == whole
    del project.variables["SHOP_DEBUG"]
    assert checked_modules(project) == set()
    # A part of the project first, then the rest of it with what was kept.
    project.store.rename(project.store.with_name("old"))
    checked_modules(project, "catalog/stamps.py", own_options=(f"-j{jobs}",))
    checked_modules(project, ".", own_options=(f"-j{jobs}",))
