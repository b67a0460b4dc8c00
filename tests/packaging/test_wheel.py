"""The installable package: what is in the wheel, and that it works in a clean environment."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from support.answers import difference
from support.oracle import run
from support.wheels import REPOSITORY, WheelEnvironment, tool

SHOP = REPOSITORY / "testdata" / "shop"
LOADER = re.compile(r"^\s+(?P<name>\S+) (=> (?P<path>\S+) )?\(0x", re.MULTILINE)
# The C library, which has to be the machine's own.
SYSTEM = {"linux-vdso.so.1", "libc.so.6", "libm.so.6"}
LICENCES = {
    "libcrypto": "openssl",
    "libgcc_s": "gcc-runtime",
    "libpcre2-8": "pcre2",
    "libstdc++": "gcc-runtime",
    "libtbb": "onetbb",
    "libtinfo": "ncurses",
    "libtomlplusplus": "tomlplusplus",
    "libutf8proc": "utf8proc",
    "libzstd": "zstd",
    # These are compiled in.
    "Boost": "boost",
    "CLI11": "cli11",
    "nlohmann_json": "nlohmann-json",
    # These are in the page.
    "d3": "d3",
}


def version() -> str:
    declared = re.search(r"project\(typewave VERSION ([0-9.]+)", (REPOSITORY / "CMakeLists.txt").read_text("utf-8"))
    assert declared
    return declared[1]


def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if not name.endswith("/")}


def loaded_libraries(program: Path) -> dict[str, str]:
    """Which files the loader takes for a program, with nothing to help it."""
    printed = subprocess.run(["ldd", program], env={"PATH": "/usr/bin:/bin"}, capture_output=True, text=True).stdout
    assert "not found" not in printed, printed
    return {found["name"]: found["path"] or "" for found in LOADER.finditer(printed)}


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return shutil.copytree(SHOP, tmp_path / "shop", ignore=shutil.ignore_patterns(".*_cache"))


@pytest.fixture
def environment(tmp_path: Path, wheel: Path) -> WheelEnvironment:
    """An environment with nothing but the wheel, to be changed."""
    made = WheelEnvironment.create(tmp_path)
    made.pip("install", "--no-index", str(wheel))
    return made


def test_one_wheel_for_all_pythons_of_a_platform(wheel: Path, portable_wheel: Path) -> None:
    assert re.fullmatch(rf"typewave-{version()}-py3-none-linux_\w+\.whl", wheel.name)
    assert re.fullmatch(rf"typewave-{version()}-py3-none-manylinux_2_\d+_\w+\.whl", portable_wheel.name)
    assert names(portable_wheel) == names(wheel)


def test_wheel_holds_binary_module_libraries_and_licences(wheel: Path) -> None:
    stem = f"typewave-{version()}"
    libraries, licences, others = set(), set(), set()
    for name in names(wheel):
        if name.startswith(f"{stem}.data/data/libexec/typewave/"):
            libraries.add(Path(name).name.split(".so")[0])
        elif "/licenses/" in name and name.endswith(".txt"):
            licences.add(Path(name).stem)
        else:
            others.add(name)
    assert others == {
        "typewave/__init__.py",
        "typewave/__main__.py",
        "typewave/py.typed",
        f"{stem}.data/data/libexec/typewave.txt",
        f"{stem}.data/scripts/typewave",
        f"{stem}.dist-info/METADATA",
        f"{stem}.dist-info/RECORD",
        f"{stem}.dist-info/WHEEL",
        f"{stem}.dist-info/licenses/LICENSE",
    }
    assert "libtbb" in libraries
    assert libraries <= set(LICENCES), "a bundled library needs its licence in runner/package/licenses"
    assert licences == set(LICENCES.values())


def test_every_library_comes_from_the_wheel_but_the_c_library(installed: WheelEnvironment) -> None:
    found = loaded_libraries(installed.typewave)
    own = {name for name in found if name not in SYSTEM and "ld-linux" not in name}
    assert "libtbb.so.12" in own
    folder = (installed.folder / "libexec" / "typewave").resolve()
    assert {name: Path(found[name]).resolve().parent for name in own} == dict.fromkeys(own, folder)


def test_it_runs_where_only_the_c_library_is(installed: WheelEnvironment, tmp_path: Path) -> None:
    system = [Path(path or name) for name, path in loaded_libraries(installed.typewave).items() if "/" in path or name]
    root = tmp_path / "root"
    for library in system:
        if library.is_absolute() and installed.folder not in library.parents:
            target = root / library.relative_to("/")
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(library, target)
    (root / "tool").mkdir()
    shutil.copytree(installed.folder / "bin", root / "tool" / "bin", symlinks=True)
    shutil.copytree(installed.folder / "libexec", root / "tool" / "libexec")
    # There is no /proc to ask where the program lies.
    variables = {"LD_ORIGIN_PATH": "/tool/bin", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}
    done = run(["chroot", str(root), "/tool/bin/typewave", "--version"], tmp_path, variables)
    if "cannot change root directory" in done.stderr:
        pytest.skip("only root may change the root directory")
    assert (done.status, done.stderr) == (0, ""), done
    assert done.stdout.startswith(f"typewave {version()}\n")


def test_it_checks_with_the_mypy_beside_it(installed: WheelEnvironment, shop: Path) -> None:
    found = installed.run(installed.typewave, "check", ".", folder=shop)
    cold = installed.run(
        installed.folder / "bin" / "mypy", "--no-incremental", "--cache-dir=/dev/null", ".", folder=shop
    )
    assert cold.status == 1
    assert not difference(cold, found)
    assert found.stdout.splitlines()[-1].startswith("Found 7 errors")


def test_versions(installed: WheelEnvironment, tmp_path: Path) -> None:
    said = installed.run(installed.typewave, "--version", folder=tmp_path)
    assert said.stdout == f"typewave {version()}\nmypy 2.4.1 ({installed.python})\n"
    assert installed.run(installed.python, "-m", "typewave", "--version", folder=tmp_path) == said


def test_python_m_typewave_is_the_same_program(installed: WheelEnvironment, shop: Path) -> None:
    by_name = installed.run(installed.typewave, "check", "src", folder=shop)
    assert by_name.status == 1
    # The Python that was named counts, whatever is active.
    active = {"VIRTUAL_ENV": str(REPOSITORY / "build" / "venv")}
    assert installed.run(installed.python, "-m", "typewave", "check", "src", folder=shop, variables=active) == by_name
    said = installed.run(installed.python, "-m", "typewave", "--version", folder=shop, variables=active)
    assert str(installed.python) in said.stdout


def test_the_active_environment_comes_first(installed: WheelEnvironment, tmp_path: Path, checker_python: Path) -> None:
    active = {"VIRTUAL_ENV": str(checker_python.parent.parent)}
    said = installed.run(installed.typewave, "--version", folder=tmp_path, variables=active)
    assert said.stdout.splitlines()[1] == f"mypy 2.4.1 ({checker_python})"


def test_without_mypy_it_says_what_to_do(environment: WheelEnvironment, shop: Path) -> None:
    said = environment.run(environment.typewave, "check", ".", folder=shop)
    assert said.status == 2
    assert f"{environment.python} (the environment typewave is installed in): it has no mypy" in said.stderr
    assert "python3 -m pip install 'mypy~=2.4.0'" in said.stderr


def test_uninstalling_leaves_nothing(environment: WheelEnvironment, wheel: Path) -> None:
    environment.pip("install", "--no-index", "--force-reinstall", str(wheel))
    assert environment.typewave.exists()
    environment.pip("uninstall", "--yes", "typewave")
    untouched = WheelEnvironment.create(environment.root / "untouched")
    assert environment.files() == untouched.files()


@pytest.mark.parametrize("option", ["--target", "--prefix"])
def test_other_places_to_install_to(wheel: Path, tmp_path: Path, option: str) -> None:
    place = tmp_path / "place"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--ignore-installed"]
    tool(*pip, option, place, wheel)
    packages = next(place.rglob("typewave/__main__.py")).parent.parent
    variables = {"PATH": "/nonexistent", "PYTHONPATH": str(packages), "HOME": str(tmp_path)}
    said = run([sys.executable, "-m", "typewave", "--version"], tmp_path, variables)
    assert (said.status, said.stderr) == (0, "")
    assert said.stdout.startswith(f"typewave {version()}\n")


def test_a_missing_binary_is_said(environment: WheelEnvironment, tmp_path: Path) -> None:
    environment.typewave.unlink()
    said = environment.run(environment.python, "-m", "typewave", folder=tmp_path)
    assert said.status == 1
    assert said.stderr.startswith("typewave: error: no typewave in ")
    assert "Traceback" not in said.stderr
