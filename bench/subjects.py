"""The trees that are measured on: pinned packages from PyPI and generated ones, each with the places edits go to."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bench.generated import LARGEST_CYCLE, LEAF, LIBRARY, write_graph
from support.corpora import fetch

WORK = Path(__file__).resolve().parent.parent / "build" / "bench"
SEED = 20261122


@dataclass(frozen=True)
class Place:
    """A function into whose body edits go; without one, they are comments."""

    path: str
    function: str = ""


@dataclass(frozen=True)
class Subject:
    """A tree and where it is edited."""

    name: str
    package: str
    write: Callable[[Path], None]  # puts the package into a folder
    leaf: str  # a module that nothing imports
    library: Place  # in a module that most of the tree imports
    in_cycle: tuple[Place, ...]  # in the largest cycle
    config: str

    def put(self, folder: Path) -> None:
        """The tree as it came, with its configuration."""
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        self.write(folder)
        (folder / ".git").mkdir()  # mypy looks for its configuration up to the root of a repository
        (folder / "mypy.ini").write_text(self.config, encoding="utf-8")
        (folder / "pyproject.toml").touch()  # configurations inside of the packages extend it


def copy_package(corpus: str, package: str, folder: Path) -> None:
    shutil.copytree(fetch(corpus) / package, folder / package)


STRICT_ENOUGH = """\
disallow_untyped_defs = True
disallow_incomplete_defs = True
check_untyped_defs = True
warn_unused_ignores = True
warn_redundant_casts = True
warn_return_any = True
warn_unreachable = True
no_implicit_optional = True
"""


def generated(name: str, modules: int) -> Subject:
    return Subject(
        name,
        "generated",
        partial(write_graph, package="generated", modules=modules, seed=SEED),
        LEAF,
        Place(LIBRARY, "first"),
        (Place(LARGEST_CYCLE, "first"),),
        "[mypy]\n" + STRICT_ENOUGH,
    )


SUBJECTS = {
    subject.name: subject
    for subject in (
        Subject(
            "homeassistant",
            "homeassistant",
            partial(copy_package, "ha", "homeassistant"),
            "homeassistant/components/hue/light.py",
            Place("homeassistant/util/dt.py", "parse_datetime"),
            (
                Place("homeassistant/core.py", "split_entity_id"),
                Place("homeassistant/const.py"),
                Place("homeassistant/config_entries.py", "support_entry_unload"),
            ),
            "[mypy]\npython_version = 3.14\nignore_missing_imports = True\n" + STRICT_ENOUGH,
        ),
        Subject(
            "sphinx",
            "sphinx",
            partial(copy_package, "sphinx", "sphinx"),
            "sphinx/__main__.py",
            Place("sphinx/locale/__init__.py", "get_translation"),
            (Place("sphinx/application.py", "_init_i18n"),),
            "[mypy]\npython_version = 3.14\nignore_missing_imports = True\n" + STRICT_ENOUGH,
        ),
        generated("generated-100", 100),
        generated("generated-1k", 1_000),
        generated("generated-10k", 10_000),
        generated("generated-100k", 100_000),
    )
}
