"""Real packages to compare on: pinned wheels from PyPI, unpacked below build/corpora, never part of the repository."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

CORPORA = Path(__file__).resolve().parent.parent.parent / "build" / "corpora"


@dataclass(frozen=True)
class Package:
    """One pinned wheel."""

    requirement: str
    sha256: str
    slow: bool  # only under `./tw test --slow`


PACKAGES = {
    "rich": Package("rich==15.0.0", "33bd4ef74232fb73fe9279a257718407f169c09b78a87ad3d296f548e27de0bb", False),
    "httpx": Package("httpx==0.28.1", "d909fcccc110f8c7faf814ca82a9a4d816bc5a6dbfea25d6591d6985b8ba59ad", False),
    "sphinx": Package("sphinx==9.2.0", "4c3ec13b612712c0d3ce4cbdd9e3eb91e68577e07a8e31f32f21cf178453578c", True),
    "prefect": Package("prefect==3.9.1", "0c662e26e971b617993eed1f3d02fb8bc3c2dd47bee521b495f6e4dfeb38ae74", True),
    "ha": Package("homeassistant==2026.11.0", "7ca5fbde9dea879ac7723949fc84347aac5182e6309c357b2e4973fd391b00f7", True),
}


def download(package: Package, target: Path) -> Path:
    """The package's wheel; pip verifies its digest."""
    pinned = target / "requirements.txt"
    pinned.write_text(f"{package.requirement} --hash=sha256:{package.sha256}\n", encoding="utf-8")
    options = ["--no-deps", "--only-binary=:all:", "--python-version=3.14.2", "--require-hashes"]
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, *options, f"--dest={target}", f"--requirement={pinned}"], check=True)
    return next(target.glob("*.whl"))


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
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(unpacked)
        (unpacked / ".sha256").write_text(package.sha256, encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        unpacked.rename(folder)
    return folder


def main() -> None:
    slow = "--slow" in sys.argv
    for name, package in PACKAGES.items():
        if slow or not package.slow:
            fetch(name)


if __name__ == "__main__":
    main()
