"""Real sources to compare on: pinned wheels from PyPI, unpacked below build/corpora, never part of the repository."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

CORPORA = Path(__file__).resolve().parent.parent.parent / "build" / "corpora"
LIBRARY_PACKAGES = ("libpython3.11-stdlib", "libpython3.11-testsuite")  # Debian's, with CPython's Lib and its tests
LIBRARY_STAMP = "Debian's " + " and ".join(LIBRARY_PACKAGES)


@dataclass(frozen=True)
class Package:
    """One pinned wheel."""

    requirement: str
    sha256: str
    slow: bool = True  # only under `./tw test --slow`
    platform: str = ""  # of a wheel that is not for all
    python: str = "3.14.2"
    on_demand: bool = False  # so large that only the test that needs it fetches it


PACKAGES = {
    "rich": Package("rich==15.0.0", "33bd4ef74232fb73fe9279a257718407f169c09b78a87ad3d296f548e27de0bb", slow=False),
    "httpx": Package("httpx==0.28.1", "d909fcccc110f8c7faf814ca82a9a4d816bc5a6dbfea25d6591d6985b8ba59ad", slow=False),
    "sphinx": Package("sphinx==9.2.0", "4c3ec13b612712c0d3ce4cbdd9e3eb91e68577e07a8e31f32f21cf178453578c"),
    "prefect": Package("prefect==3.9.1", "0c662e26e971b617993eed1f3d02fb8bc3c2dd47bee521b495f6e4dfeb38ae74"),
    "ha": Package("homeassistant==2026.11.0", "7ca5fbde9dea879ac7723949fc84347aac5182e6309c357b2e4973fd391b00f7"),
    "sympy": Package("sympy==1.14.0", "e091cc3e99d2141a0ba2847328f5479b05d94a6635cb96148ccb3f34671bd8f5"),
    "attrs": Package("attrs==26.1.0", "c647aa4a12dfbad9333ca4e71fe62ddc36f4e63b2d260a37a8b83d2f043ac309"),
    "click": Package("click==8.5.1", "8bb5376d2006950386f8c6427613334a2acadc5f559cb80e638d00b4df957e37"),
    "jinja2": Package("jinja2==3.1.6", "85ece4451f492d0c13c5dd7c13a64681a86afae63a5f347908daf103ce6d2f67"),
    "starlette": Package("starlette==1.10.0", "478c0ab3b4ced6e82719849c118fa406f0278a3499c1a898cd15cd31bdc38ce4"),
    "werkzeug": Package("werkzeug==3.1.9", "6392e50c78460ba618e5b21f08a71f59c99ce99cdc6cf6e3dd7e6ccca8754fab"),
    # The smallest of its wheels; the Python files are the same in all.
    "torch": Package(
        "torch==2.15.0",
        "fbefd73b521d3c75c5a1d7c77056b2c6339b81468d14d4e33c55f525418a5855",
        platform="macosx_14_0_arm64",
        python="3.13",
        on_demand=True,
    ),
}


def download(package: Package, target: Path) -> Path:
    """The package's wheel; pip verifies its digest."""
    pinned = target / "requirements.txt"
    pinned.write_text(f"{package.requirement} --hash=sha256:{package.sha256}\n", encoding="utf-8")
    options = ["--no-deps", "--only-binary=:all:", f"--python-version={package.python}", "--require-hashes"]
    if package.platform:
        options.append(f"--platform={package.platform}")
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, *options, f"--dest={target}", f"--requirement={pinned}"], check=True)
    return next(target.glob("*.whl"))


def unpack(wheel: Path, target: Path, package: Package) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        if package.platform:  # full of libraries
            names = [name for name in names if name.endswith((".py", ".pyi"))]
        archive.extractall(target, names)


def fetch(name: str) -> Path:
    """The folder a package is unpacked in, downloaded if it is not there yet."""
    package = PACKAGES[name]
    folder = CORPORA / name
    stamp = folder / ".sha256"
    if stamp.exists() and stamp.read_text(encoding="utf-8") == package.sha256:
        return folder
    CORPORA.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CORPORA) as scratch:
        wheel = download(package, Path(scratch))
        unpacked = Path(scratch) / name
        unpack(wheel, unpacked, package)
        (unpacked / ".sha256").write_text(package.sha256, encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        unpacked.rename(folder)
    return folder


def fetch_library() -> Path:
    """CPython's Lib with its tests, from Debian's packages (in whatever version apt offers)."""
    folder = CORPORA / "library"
    if (folder / ".stamp").exists():
        return folder
    CORPORA.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CORPORA) as scratch:
        subprocess.run(["apt-get", "download", "--quiet=2", *LIBRARY_PACKAGES], cwd=scratch, check=True)
        unpacked = Path(scratch) / "library"
        for package in sorted(Path(scratch).glob("*.deb")):
            subprocess.run(["dpkg-deb", "--extract", package, unpacked], check=True)
        (unpacked / ".stamp").write_text(LIBRARY_STAMP, encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        unpacked.rename(folder)
    return folder


def main() -> None:
    slow = "--slow" in sys.argv
    for name, package in PACKAGES.items():
        if (slow and not package.on_demand) or not package.slow:
            fetch(name)


if __name__ == "__main__":
    main()
