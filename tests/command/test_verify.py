"""`typewave check --verify`: the answer beside that of a cold mypy run."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import struct
import subprocess
import termios
from dataclasses import replace
from pathlib import Path

import pytest

from support.oracle import run
from support.project import SHOP, Project, files_below, one_trouble, own_lines

SAME = "typewave: note: verified: cold mypy gives the same answer"
NOTHING = "typewave: note: nothing to verify: the answer is mypy's own"

# A plugin that answers by whether a file is there, which no key can know of.
MOODY = {
    "mypy.ini": "[mypy]\nplugins = moody.py\n",
    "moody.py": """\
import os
from mypy.plugin import Plugin


MOOD = {False: "int", True: "str"}


class Moody(Plugin):
    def get_function_hook(self, fullname):
        if fullname == "source.value":
            return lambda context: context.api.named_generic_type("builtins." + MOOD[os.path.exists("cloud")], [])
        return None


def plugin(version):
    return Moody
""",
    "source.py": "def value() -> object:\n    return 1\n",
    "user.py": "import json, latin\nimport source\n\nnumber: int = source.value()\nwrong: bytes = ''\n",
    "other.py": "class Elsewhere: ...\n",
}
LATIN = b"# encoding: latin-1\nname = '\xe9'\n"
DIFFERENCE = """\
--- mypy
+++ typewave
@@ -1,4 +1,3 @@
-user.py:4: error: Incompatible types in assignment (expression has type "str", variable has type "int")  [assignment]
 user.py:5: error: Incompatible types in assignment (expression has type "str", variable has type "bytes")  [assignment]
-Found 2 errors in 1 file (checked 5 source files)
+Found 1 error in 1 file (checked 5 source files)
 exit status 1
"""


@pytest.fixture(scope="module")
def known(typewave: Path, checker_python: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project that was checked before; no test changes it."""
    project = Project(typewave.resolve(), checker_python, tmp_path_factory.mktemp("known"))
    project.write(SHOP)
    assert project.check("--verify", ".").answer.stderr.splitlines() == [SAME]
    return project


@pytest.fixture(scope="module")
def moody(typewave: Path, checker_python: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project whose answer is not what it was, and nothing that typewave can see has changed."""
    project = Project(typewave.resolve(), checker_python, tmp_path_factory.mktemp("moody"))
    project.write(MOODY)
    (project.folder / "latin.py").write_bytes(LATIN)
    assert project.check("--verify", ".").answer.stderr.splitlines() == [SAME]
    project.write({"cloud": ""})
    return project


def no_trace_of_a_cache(project: Project) -> bool:
    return not any(".mypy_cache" in name for name in files_below(project.root))


@pytest.mark.parametrize(
    "words", [[], ["--pretty", "--show-error-end"], ["-O", "json"], ["-n", "2", "--cache-dir=kept", "--incremental"]]
)
def test_same_answer(known: Project, words: list[str]) -> None:
    verified = known.check("--verify", *words, ".")
    assert verified.answer.stderr.splitlines() == [SAME]
    assert verified.summary["verified"] is True
    plain = known.check(*words, ".")
    assert (verified.answer.stdout, verified.answer.status) == (plain.answer.stdout, 1)
    assert "verified" not in plain.summary
    assert no_trace_of_a_cache(known)
    assert not (known.folder / "kept").exists()


def test_several_processes_of_mypy(shop: Project) -> None:
    shop.write({"mypy.ini": "[mypy]\nnum_workers = 2\nbogus = 1\n"})
    shop.variables = {"MYPY_NUM_WORKERS": "2"}
    checked = shop.check("--verify", ".")
    assert checked.answer.stderr.splitlines() == ["mypy.ini: [mypy]: Unrecognized option: bogus = 1", SAME]
    shop.write({"tool.py": "def (\n"})
    blocked = shop.check("--verify", ".").answer
    assert blocked.status == 2
    assert "tool.py:1: error: " in blocked.stdout
    assert blocked.stderr.splitlines() == [NOTHING, "mypy.ini: [mypy]: Unrecognized option: bogus = 1"]
    assert no_trace_of_a_cache(shop)


def test_colours(known: Project) -> None:
    coloured = replace(known, variables={"MYPY_FORCE_COLOR": "1", "TERM": "xterm-256color"})
    for words in ([], ["--color=never"], ["--color=always"]):
        answer = coloured.check("--verify", *words, ".").answer
        assert ("\x1b[" in answer.stdout) == (words != ["--color=never"])
        assert answer.stderr.splitlines() == [SAME]


def on_terminal(project: Project, columns: int, *arguments: str) -> str:
    """What typewave writes to a terminal of so many columns."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    command = [str(project.binary), "check", *project.own_arguments(), *arguments]
    child = subprocess.Popen(
        command,
        cwd=project.folder,
        env={**project.environment(), "TERM": "xterm-256color"},
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    text = b""
    while True:
        try:
            part = os.read(ours, 4096)
        except OSError:  # the other end is closed
            break
        text += part
    os.close(ours)
    child.wait(timeout=60)
    return text.decode()


def test_on_a_terminal(known: Project) -> None:
    text = on_terminal(known, 50, "--verify", "--pretty", ".")
    assert "\x1b[" in text
    assert SAME in text


def test_difference(moody: Project) -> None:
    checked = moody.check("--verify", ".")
    given = moody.check(".").answer.stdout
    assert checked.answer.stdout == given + DIFFERENCE
    assert checked.answer.status == 2
    assert "differs from that of cold mypy" in one_trouble(checked.answer)
    assert own_lines(checked.answer.stderr)[-1].startswith("typewave: hint: --verify-bundle FILE")
    assert (checked.summary["verified"], checked.summary["exit"]) == (False, 2)


def test_bundle(moody: Project, tmp_path: Path) -> None:
    path = tmp_path / "bundle.json"
    checked = moody.check(f"--verify-bundle={path}", ".")
    assert checked.answer.status == 2
    assert own_lines(checked.answer.stderr)[-1] == (
        f"typewave: note: wrote {path}, with source text of the files involved"
    )
    bundle = json.loads(path.read_text(encoding="utf-8"))
    assert bundle["format"] == 1
    assert bundle["mypy"]["version"] == "2.4.1"
    assert (bundle["python"], bundle["directory"]) == (str(moody.python), str(moody.folder))
    assert (bundle["arguments"], bundle["configuration"]) == (["."], "mypy.ini")
    assert bundle["difference"] == DIFFERENCE
    assert [bundle["answers"][one]["exit"] for one in ("mypy", "typewave")] == [1, 1]
    assert isinstance(bundle["repeated"], bool)  # depends on how long ago the sources were written
    own = {name: one for one in bundle["components"] for name in one["modules"] if len(one["modules"]) == 1}
    assert (own["user"]["state"], own["user"]["reason"]) == ("reused", "unchanged")
    assert len(own["user"]["key"]) == 64
    assert [len(digest) for digest in own["user"]["interfaces"]] == [64]
    involved = ("mypy.ini", "moody.py", "source.py", "user.py")
    files = {os.path.relpath(moody.folder / name, moody.folder): text for name, text in bundle["files"].items()}
    assert files == {"latin.py": {"hex": LATIN.hex()}, **{name: MOODY[name] for name in involved}}

    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    for name, text in files.items():
        (elsewhere / name).write_bytes(LATIN if name == "latin.py" else text.encode())
    (elsewhere / "cloud").touch()  # what nobody could know of
    mypy = [str(moody.python.parent / "mypy"), "--cache-dir=/dev/null", *bundle["arguments"]]
    answer = run(mypy, elsewhere, moody.environment())
    assert answer.stdout.splitlines()[:2] == bundle["answers"]["mypy"]["stdout"].splitlines()[:2]


def test_bundle_only_of_a_difference(known: Project, tmp_path: Path) -> None:
    path = tmp_path / "bundle.json"
    answer = known.check("--verify-bundle", str(path), ".").answer
    assert answer.stderr.splitlines() == [SAME]
    assert not path.exists()


def test_bundle_that_cannot_be_written(moody: Project) -> None:
    answer = moody.check("--verify-bundle=/nonexistent/bundle.json", ".").answer
    assert answer.status == 2
    assert answer.stdout.endswith(DIFFERENCE)
    assert "cannot write /nonexistent/bundle.json" in answer.stderr


@pytest.mark.parametrize(
    ("words", "files", "status"),
    [
        (["-v", "tool.py"], {}, 1),
        (["--no-such-option"], {}, 2),
        (["gone.py"], {}, 2),
        (["."], {"tool.py": "x = (\n"}, 2),
    ],
)
def test_nothing_to_verify(shop: Project, words: list[str], files: dict[str, str], status: int) -> None:
    shop.write(files)
    checked = shop.check("--verify", *words)
    assert checked.answer.status == status
    assert NOTHING in own_lines(checked.answer.stderr)
    assert checked.summary["verified"] is None


@pytest.mark.parametrize("word", ["--verify", "--verify-bundle=bundle.json"])
def test_no_dry_run(shop: Project, word: str) -> None:
    checked = shop.check(word, "--dry-run", ".")
    assert "--dry-run" in one_trouble(checked.answer)
    assert checked.answer.stdout == ""
    assert checked.summary["exit"] == 2


def test_reference_that_dies(known: Project, tmp_path: Path) -> None:
    wrapper = tmp_path / "python"
    killer = 'case "$*" in *--no-incremental*) kill -9 $$;; esac'
    wrapper.write_text(f'#!/bin/sh\n{killer}\nexec "{known.python}" "$@"\n', encoding="utf-8")
    wrapper.chmod(0o755)
    checked = known.check(f"--python={wrapper}", "--verify", ".")
    assert "mypy was killed by signal 9" in one_trouble(checked.answer)
    assert checked.answer.stdout == known.check(".").answer.stdout
    assert checked.summary["verified"] is None


def test_crash_of_mypy(project: Project) -> None:
    raising = MOODY["moody.py"].replace('os.path.exists("cloud")', "1 // 0")
    project.write({**MOODY, "moody.py": raising})
    checked = project.check("--verify", ".")
    assert checked.answer.status == 2
    errors = [line for line in own_lines(checked.answer.stderr) if line.startswith("typewave: error: ")]
    assert errors[0].startswith("typewave: error: checking user failed: ")
    assert checked.answer.stderr.count("INTERNAL ERROR") == 1
