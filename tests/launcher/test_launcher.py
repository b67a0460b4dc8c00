"""The launcher `tw`, in a repository of its own with stand-ins for the binary and for the tools of the set-up."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent.parent
BINARY = '#!/bin/sh\nprintf "%s\\n" "$PWD" "$TYPEWAVE_FALLBACK_PYTHON" "$@"\nexit 7\n'


def script(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)


class Launcher:
    """A folder that looks like a repository after its set-up; its path has spaces."""

    def __init__(self, root: Path) -> None:
        self.repository = root / "my repository"
        self.tools = root / "tools"
        self.log = root / "log"
        for folder in ("graph", "scheduler", "runner", ".ci/requirements"):
            (self.repository / folder).mkdir(parents=True)
        requirements = (".ci/requirements/mypy.txt", ".ci/requirements/node.txt")
        for name in ("tw", "CMakeLists.txt", "CMakePresets.json", *requirements):
            shutil.copy2(REPOSITORY / name, self.repository / name)
        (self.repository / "graph" / "digest.cc").touch()
        script(self.repository / "build" / "typewave", BINARY)
        for environment, name in zip(("venv", "venv-node"), requirements):
            script(self.repository / "build" / environment / "bin" / "python", "#!/bin/sh\n")
            shutil.copy2(REPOSITORY / name, self.repository / "build" / environment / "requirements.txt")
        script(self.tools / "cmake", f'#!/bin/sh\necho cmake >>"{self.log}"\n')
        script(self.tools / "dpkg-query", "#!/bin/sh\necho install ok installed\n")
        (self.repository / "build" / ".tw-stamp").write_text(f"{self.repository}\n", encoding="utf-8")

    def run(self, *arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        path = f"{self.tools}{os.pathsep}{os.environ['PATH']}"
        return subprocess.run(
            [self.repository / "tw", *arguments],
            cwd=cwd or self.repository,
            env={"PATH": path},
            capture_output=True,
            text=True,
        )

    def set_up_again(self) -> bool:
        return self.log.exists()


@pytest.fixture
def launcher(tmp_path: Path) -> Launcher:
    return Launcher(tmp_path)


def test_check_runs_the_binary_in_the_folder(launcher: Launcher, tmp_path: Path) -> None:
    (tmp_path / "a project").mkdir()
    done = launcher.run("check", "a project", "-p", "two words", "*", cwd=tmp_path)
    fallback = launcher.repository / "build" / "venv" / "bin" / "python"
    expected = [str(tmp_path / "a project"), str(fallback), "check", "-p", "two words", "*"]
    assert (done.stdout.splitlines(), done.stderr, done.returncode) == (expected, "", 7)
    assert not launcher.set_up_again()


def test_the_target_is_the_folder_when_none_is_given(launcher: Launcher) -> None:
    assert launcher.run("check", ".").stdout.splitlines()[2:] == ["check", "."]


@pytest.mark.parametrize("name", ["-", "--help"])
def test_a_folder_may_look_like_an_option(launcher: Launcher, tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    assert launcher.run("check", name, cwd=tmp_path).stdout.splitlines()[0] == str(tmp_path / name)


@pytest.mark.parametrize("arguments", [[], ["check"], ["chekc"], ["check", "absent"]])
def test_a_wrong_call_ends_with_2(launcher: Launcher, arguments: list[str]) -> None:
    done = launcher.run(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr != ""


def test_an_edited_or_new_source_is_built(launcher: Launcher) -> None:
    later = time.time() + 5
    os.utime(launcher.repository / "graph" / "digest.cc", (later, later))
    assert launcher.run("check", ".").returncode == 7
    assert launcher.set_up_again()


def test_a_moved_repository_is_set_up_again(launcher: Launcher, tmp_path: Path) -> None:
    launcher.repository.rename(tmp_path / "moved")
    launcher.repository = tmp_path / "moved"
    assert launcher.run("check", ".").returncode == 7
    assert launcher.set_up_again()


def test_without_root_missing_packages_are_named(launcher: Launcher) -> None:
    (launcher.repository / "build" / ".tw-stamp").unlink()
    script(launcher.tools / "dpkg-query", '#!/bin/sh\n[ "$4" = cmake ] || echo install ok installed\n')
    script(launcher.tools / "id", "#!/bin/sh\necho 1000\n")
    script(launcher.tools / "sudo", "#!/bin/sh\nexit 1\n")
    done = launcher.run("check", ".")
    assert done.returncode == 2
    assert "apt-get install --no-install-recommends cmake \n" in done.stderr


def test_a_later_call_costs_little(launcher: Launcher) -> None:
    """The promise is 50 ms; the fastest of some calls is measured, as the machine may be busy."""

    def seconds() -> float:
        start = time.perf_counter()
        launcher.run("check", ".")
        return time.perf_counter() - start

    assert min(seconds() for _ in range(10)) < 0.05
