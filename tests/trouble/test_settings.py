"""Settings that are no files, and what the shell hands over as a pipe: nobody waits for ever, nothing is read twice."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable

import pytest

from support.answers import difference
from support.project import Project, own_lines
from support.promises import Promises

PROMISE = "planted files"


def same_here(project: Project, *arguments: str) -> None:
    """As Project.same, for trees whose files cannot all be read."""
    found = difference(project.cold_here(*arguments), project.check(*arguments).answer)
    assert not found, found


@pytest.mark.parametrize("name", ["mypy.ini", "pyproject.toml", "setup.cfg"])
def test_settings_that_cannot_be_read_as_a_file(shop: Project, promises: Promises, name: str) -> None:
    place = shop.folder / name

    def sparse() -> None:
        place.touch()
        os.truncate(place, 1 << 31)

    kinds: dict[str, Callable[[], object]] = {
        "is a pipe": lambda: os.mkfifo(place),
        "is a device": lambda: place.symlink_to("/dev/zero"),
        "is larger than 100 MB": sparse,
        "mypy cannot read its settings in": lambda: place.write_bytes(b"[mypy]\n\xff\xfe"),
    }
    for words, make in kinds.items():
        make()
        with promises.attempt(PROMISE):
            answer = shop.check(".").answer
            assert answer.status == 2
            error, hint = own_lines(answer.stderr)
            assert error.startswith("typewave: error: ") and name in error and words in error
            assert hint.startswith("typewave: hint: ")
        place.unlink()


def test_folders_named_like_settings(shop: Project, promises: Promises) -> None:
    (shop.folder / "mypy.ini").mkdir()
    (shop.folder / "setup.cfg").mkdir()
    with promises.attempt(PROMISE):
        same_here(shop, ".")
    (shop.folder / "mypy.ini").rmdir()
    (shop.folder / "pyproject.toml").mkdir()
    with promises.attempt(PROMISE):
        answer = shop.check(".").answer
        assert answer.status == 2  # where mypy has only a traceback to show
        assert "cannot read its settings in pyproject.toml: Is a directory" in answer.stderr


def test_pipes_that_mypy_does_not_come_to_do_no_harm(shop: Project, promises: Promises) -> None:
    shop.write({"mypy.ini": "[mypy]\nstrict = True\n"})
    os.mkfifo(shop.folder / "setup.cfg")
    with promises.attempt(PROMISE):
        same_here(shop, ".")


def test_what_the_shell_hands_over_as_a_pipe_is_read_as_often_as_needed(shop: Project, promises: Promises) -> None:
    """Settings and sources as <(command): mypy in one process reads each once, typewave's several do not."""
    settings = "[mypy]\nignore_errors = {}\n"
    wholes = {
        "--config-file <(printf '%s' \"$TEXT\") .": (settings.format(True), settings.format(False)),
        "<(printf '%s' \"$TEXT\")": ("x: int = ''\n", "x: int = 1\n"),
    }
    for line, texts in wholes.items():
        for text in texts:
            answers = []
            for program in (
                f'"{shop.binary}" check --python="{shop.python}" --store ../store',
                f'"{shop.python}" -m mypy',
            ):
                done = subprocess.run(
                    ["bash", "-c", f"{program} --cache-dir=/dev/null {line}"],
                    cwd=shop.folder,
                    env={**shop.environment(), "TEXT": text},
                    capture_output=True,
                    text=True,
                    timeout=120,
                )
                answers.append((done.returncode, sorted(done.stdout.splitlines())))
            with promises.attempt(PROMISE):
                assert answers[0] == answers[1], line


def test_pipes_as_settings_of_an_environment_do_not_block(shop: Project, promises: Promises) -> None:
    scripts = shop.folder / ".venv" / "bin"
    scripts.mkdir(parents=True)
    (scripts / "python").symlink_to(sys.executable)
    os.mkfifo(shop.folder / ".venv" / "pyvenv.cfg")
    with promises.attempt(PROMISE):
        same_here(shop, ".")
