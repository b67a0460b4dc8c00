"""Sources and settings that mypy has words for: the answer is mypy's, word for word."""

from __future__ import annotations

import pytest

from support.project import SHOP, UNPRIVILEGED, Project


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"a.py": ""}, []),
        ({"a.py": ""}, ["gone.py"]),
        ({"a.py": ""}, ["gone"]),
        ({"a.py": ""}, ["-m", "gone"]),
        ({"a.py": ""}, ["-p", "gone"]),
        ({"empty/notes.txt": ""}, ["empty"]),
        ({"empty/notes.txt": ""}, ["."]),
        ({"a.py": "x = (\n", **SHOP}, ["."]),
        ({"a.py": "def f() -> int:\n  return ''\n return 3\n"}, ["a.py"]),
        ({"a.py": "x = '\0'\n"}, ["a.py"]),
        ({"one/a.py": "", "two/a.py": ""}, ["one", "two"]),
        ({"a.py": "", "a.pyi": ""}, ["a.py", "a.pyi"]),
        ({"a-b.py": "x: int = ''\n"}, ["a-b.py"]),
        ({"a-b/__init__.py": "", "a-b/c.py": ""}, ["."]),
        ({"a.py": "", "mypy.ini": "[mypy]\nstrict = maybe\n"}, ["."]),
        ({"a.py": "", "mypy.ini": "[mypy\n"}, ["."]),
        ({"a.py": "", "mypy.ini": "[mypy]\nno_such = 1\n[mypy-b.*]\nignore_errors = True\n"}, ["."]),
        ({"a.py": "", "pyproject.toml": "[tool.mypy\n"}, ["."]),
        ({"a.py": ""}, ["--config-file=gone.ini", "."]),
        ({"a.py": ""}, ["--no-such-option", "."]),
        ({"a.py": ""}, ["--python-version=9", "."]),
        ({"a.py": ""}, ["--enable-error-code=no-such", "."]),
        ({"a.py": ""}, ["--exclude=(", "."]),
        ({"a.py": "# mypy: no-such-option\nx: int = ''\n"}, ["a.py"]),
        ({"a.py": ""}, ["-m", "a", "a.py"]),
        ({"a.py": ""}, ["-c", "x: int = ''", "a.py"]),
    ],
    ids=lambda value: " ".join(value),
)
def test_mypys_words(project: Project, files: dict[str, str], words: list[str]) -> None:
    project.write(files)
    project.same(*words)


def test_undecodable_file(shop: Project) -> None:
    (shop.folder / "latin.py").write_bytes(b"x = '\xe9'\n")
    assert shop.same(".").answer.status == 2
    before = shop.packs()
    assert shop.same(".").answer.status == 2
    assert shop.packs() == before


def test_undecodable_file_that_is_imported(shop: Project) -> None:
    (shop.folder / "latin.py").write_bytes(b"# coding: no-such\nx = '\xe9'\n")
    shop.write({"tool.py": "import latin\n"})
    assert shop.same("tool.py").answer.status == 2


def test_unreadable_file(shop: Project) -> None:
    shop.prefix = UNPRIVILEGED
    (shop.folder / "secret.py").write_text("x = 1\n", encoding="utf-8")
    (shop.folder / "secret.py").chmod(0)
    expected = shop.cold_here("secret.py", "tool.py")
    checked = shop.check("secret.py", "tool.py")
    assert (checked.answer.status, checked.answer.stdout) == (expected.status, expected.stdout)
    assert "secret" in checked.answer.stdout + checked.answer.stderr


def test_unreadable_folder(shop: Project) -> None:
    shop.prefix = UNPRIVILEGED
    shop.write({"hidden/a.py": "x: int = ''\n"})
    (shop.folder / "hidden").chmod(0)
    try:
        expected = shop.cold_here(".")
        checked = shop.check(".")
    finally:
        (shop.folder / "hidden").chmod(0o755)
    # mypy itself ends with a traceback here.
    assert checked.answer.status == expected.status == 2
    assert checked.answer.stdout + checked.answer.stderr


def test_syntax_error_keeps_nothing_and_costs_nothing_later(shop: Project) -> None:
    shop.same(".")
    before = shop.packs()
    shop.write({"shop/price.py": "def price(\n"})
    assert shop.same(".").answer.status == 2
    assert shop.packs() == before
    shop.write(SHOP)
    assert shop.same(".").summary["checked"] == 0


def test_blocking_error_that_only_analysis_finds(shop: Project) -> None:
    shop.write({"odd.py": "from __future__ import annotations\n\n\nasync def f() -> None:\n    x = yield from g()\n"})
    shop.same(".")
    shop.same(".")


def test_names_that_mean_two_things(project: Project) -> None:
    """Stored types call both classes `pkg.part.Inner`: only fresh trees can tell them apart, so mypy itself answers."""
    project.write(
        {
            "pkg/__init__.py": "class part:\n    class Inner:\n        x: int = 0\n\n    inner: Inner\n",
            "pkg/part.py": "class Inner:\n    x: str = ''\n\n\ninner = Inner()\n",
            "a.py": "import pkg\n\nreveal_type(pkg.part().inner.x)\n",
            "b.py": "from pkg.part import inner\n\nreveal_type(inner.x)\n",
            "c.py": "import a, b\nimport pkg\nfrom b import inner\n\nreveal_type((pkg.part().inner.x, inner.x))\n",
        }
    )
    project.same(".")
    project.same(".")
