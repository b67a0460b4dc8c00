"""Virtual environments of a test of its own: the pinned mypy, and what real pip installs from tiny wheels."""

from __future__ import annotations

import base64
import hashlib
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from support.oracle import fingerprint


@dataclass(frozen=True)
class Environment:
    """An environment that sees the pinned mypy through a path file, so that nothing has to be downloaded for it."""

    root: Path

    @classmethod
    def create(cls, root: Path, checker_python: Path) -> Environment:
        subprocess.run([str(checker_python), "-m", "venv", "--without-pip", str(root)], check=True)
        made = cls(root)
        mypy = next(checker_python.parent.parent.glob("lib/*/site-packages"))
        (made.site / "the_mypy.pth").write_text(f"{mypy}\n", encoding="utf-8")
        script = root / "bin" / "mypy"
        script.write_text(f"#!{made.python}\nimport sys\nfrom mypy.__main__ import console_entry\nconsole_entry()\n")
        script.chmod(0o755)
        made.seal()
        return made

    @property
    def python(self) -> Path:
        return self.root / "bin" / "python"

    @property
    def site(self) -> Path:
        return next(self.root.glob("lib/*/site-packages"))

    def seal(self) -> None:
        """What the remembered answers of mypy are told apart by."""
        for stale in self.root.rglob("__pycache__"):
            for file in stale.iterdir():
                file.unlink()
        (self.root / "requirements.txt").write_text(fingerprint(self.site), encoding="utf-8")

    def pip(self, *arguments: str) -> None:
        command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "--python", str(self.python)]
        subprocess.run([*command, *arguments], check=True)
        self.seal()

    def install(self, name: str, version: str, files: Mapping[str, str]) -> None:
        """Installs a wheel of these files, in place of any other version."""
        wheel = make_wheel(self.root / "wheels", name, version, files)
        self.pip("install", "--no-deps", "--no-index", "--no-compile", "--force-reinstall", str(wheel))

    def remove(self, name: str) -> None:
        self.pip("uninstall", "--yes", name)


def make_wheel(folder: Path, name: str, version: str, files: Mapping[str, str]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    stem = f"{name.replace('-', '_')}-{version}"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    tag = "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    contents = {**files, f"{stem}.dist-info/METADATA": metadata, f"{stem}.dist-info/WHEEL": tag}
    record = "".join(f"{path},sha256={_hash(text)},{len(text)}\n" for path, text in contents.items())
    wheel = folder / f"{stem}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, text in {**contents, f"{stem}.dist-info/RECORD": record}.items():
            archive.writestr(path, text)
    return wheel


def _hash(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")
